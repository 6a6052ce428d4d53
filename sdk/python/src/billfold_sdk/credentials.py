"""The headers by which a client says who it is."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


def billing_credentials(base_url: str, *, api_key: str | None, session: str | None) -> Mapping[str, str]:
    """Return the headers of an API key or of a member's session; raises `ValueError` unless it is one of them."""
    if (api_key is None) == (session is None):
        raise ValueError("Give either api_key or session.")
    if api_key is not None:
        return {"Authorization": f"Bearer {api_key}"}
    address = urlsplit(base_url)
    # Browsers keep a `__Host-` cookie only with https; a server on the loopback calls it without.
    name = "__Host-billfold_session" if address.scheme == "https" else "billfold_session"
    # What changes something by a cookie must say that it comes from the server's own origin.
    return {"Cookie": f"{name}={session}", "Origin": f"{address.scheme}://{address.netloc}"}
