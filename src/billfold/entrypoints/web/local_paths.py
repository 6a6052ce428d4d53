"""Where to go on after signing in: a path of ours, or the default; never another site (SCENARIOS F6's list of tricks)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

HOME: Final = "/console"
_LONGEST: Final = 1_000


def local_path(text: str | None, default: str = HOME) -> str:
    r"""Return `text` if it is a path (with a query) of this server, else `default`.

    Browsers read `//host` and `/\host` as another site, and drop line breaks and tabs before they read anything.
    """
    if not text or len(text) > _LONGEST or not text.startswith("/") or text[1:2] in {"/", "\\"}:
        return default
    if "\\" in text or not text.isascii() or not text.isprintable() or " " in text:
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else text
