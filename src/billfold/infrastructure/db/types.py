"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def _as_microseconds(value: datetime | None) -> int | None:
    return None if value is None else (value - _EPOCH) // _MICROSECOND


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC, stored as whole microseconds since 1970.

    An integer sorts, compares and round-trips alike on both databases; a text or a native timestamp does not.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware moment into microseconds."""
        del dialect
        return _as_microseconds(value)

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return the bare function: every row has moments, and SQLAlchemy's wrapper costs as much as the work."""
        del dialect
        return _as_microseconds

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Turn microseconds into an aware moment in UTC."""
        del dialect
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Json(sa.TypeDecorator[Any]):
    """A small JSON value stored as text: read whole, never searched inside."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Encode; a NUL character becomes an escape, so PostgreSQL accepts it."""
        del dialect
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        """Decode to plain dicts, lists and scalars."""
        del dialect
        return None if value is None else msgspec.json.decode(value)
