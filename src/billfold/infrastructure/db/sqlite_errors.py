"""What SQLite's errors mean to the business."""

from __future__ import annotations

from typing import Final

from billfold.base.errors import BillfoldError, Conflict, Invalid, Unavailable
from billfold.infrastructure.db.database import DuplicateRow

_UNREACHABLE: Final = frozenset(
    {
        "SQLITE_BUSY",
        "SQLITE_LOCKED",
        "SQLITE_READONLY",
        "SQLITE_READONLY_DBMOVED",
        "SQLITE_FULL",
        "SQLITE_CANTOPEN",
        "SQLITE_PROTOCOL",
    }
)


def mapped(error: BaseException) -> BaseException:
    """Return what the business calls a driver's error, with its cause; what it does not know stays as it is."""
    known = _known(error)
    if known is None:
        return error
    known.__cause__ = error
    return known


def _known(error: BaseException) -> BillfoldError | None:
    name = getattr(error, "sqlite_errorname", "")
    if name in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}:
        return DuplicateRow(str(error).removeprefix("UNIQUE constraint failed: "))
    if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
        return Conflict("This refers to something that was just removed.")
    if name in _UNREACHABLE or name.startswith("SQLITE_IOERR") or isinstance(error, OSError):
        return Unavailable(
            f"The database cannot be written at the moment ({name or 'disk full'}). Nothing was changed."
        )
    if isinstance(error, OverflowError):
        return Invalid("A number is too large.")
    if isinstance(error, UnicodeEncodeError):
        return Invalid("A text is not valid Unicode.")
    return None
