"""What a partner sees of those whom he brought: enough to recognise them, too little to write to them (contract A29)."""

from __future__ import annotations

from typing import Final

_HIDDEN: Final = "***"


def masked_email(email: str) -> str:
    """Return an address with all but the first character of its name and of its domain hidden: `j***@e***.com`."""
    local, at, domain = email.rpartition("@")
    if not at or not local:
        return _HIDDEN
    name, _, ending = domain.rpartition(".")
    hidden = f"{name[:1]}{_HIDDEN}.{ending}" if name else _HIDDEN
    return f"{local[:1]}{_HIDDEN}@{hidden}"
