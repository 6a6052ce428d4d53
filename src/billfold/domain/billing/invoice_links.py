"""Which links of an invoice are shown to a customer: those that Stripe serves, or the simulator in its place (contract G15)."""

from __future__ import annotations

from urllib.parse import urlsplit


def shown_link(link: str | None, public_url: str) -> str | None:
    """Return an invoice's link if it may be shown: https at Stripe, or the simulator of this server at `public_url`.

    What Stripe told is stored as it came, so anybody who can answer in its place could have written any address there.
    """
    if link is None:
        return None
    if link.startswith(f"{public_url}/simulator/"):
        return link
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    host = parts.netloc
    return link if parts.scheme == "https" and (host == "stripe.com" or host.endswith(".stripe.com")) else None
