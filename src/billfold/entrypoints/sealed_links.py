"""Links that are their own record: what they stand for is sealed in their address, and only this installation can read it.

Nothing is kept of one, so it is not used up by being opened: whoever acts on it looks whether what it says still holds.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from billfold.base.crypto import SealBroken, Sealer

_LONGEST: Final = 4_000


def link_handle(sealer: Sealer, project_id: str, text: str, *, field: str) -> str:
    """Return the end of an address that stands for a text.

    Letters, digits, `-`, `_` and one dot: mail programs that make links of plain text keep it whole.
    """
    sealed = sealer.seal(text, owner=project_id, field=field)
    return f"{project_id}.{urlsafe_b64encode(sealed.encode()).decode().rstrip('=')}"


def open_handle(sealer: Sealer, handle: str, *, field: str) -> tuple[str, str] | None:
    """Return the project's id and the text of such an address, None if it is not one of ours."""
    project_id, _, encoded = handle.partition(".")
    if len(handle) > _LONGEST or not encoded.isascii():
        return None
    try:
        # Those of older mails were not encoded.
        sealed = encoded if ":" in encoded else urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        return project_id, sealer.open(sealed, owner=project_id, field=field)
    except (SealBroken, ValueError):
        return None
