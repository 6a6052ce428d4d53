"""Lists as parameters for PostgreSQL: a whole list goes over as one text, as PostgreSQL writes arrays itself.

asyncpg asks of every element of an array twice whether it is a list, through Python's abstract classes: a third of a microsecond
for each value of each row, as much as all else that a row costs us. One text for a column costs a tenth of it.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect

_encode: Final = msgspec.json.Encoder().encode


class _ArrayText(sa.TypeDecorator[Any]):
    """A list in PostgreSQL's own notation: `{"one",null,2}`."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, item: sa.types.TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what writes a list; its items go through what a single value of the column goes through."""
        process = self.item.dialect_impl(dialect).bind_processor(dialect)
        if process is None:
            return array_text
        return lambda items: array_text([process(each) for each in items])


def array_text(items: Any) -> str:
    """Return a list of texts, whole numbers, booleans and None as PostgreSQL reads arrays."""
    written = _encode(items)
    # JSON says the same, brackets aside, as long as nothing is escaped.
    if b"\\" in written:
        return "{" + ",".join(map(_element, items)) + "}"
    return f"{{{written[1:-1].decode()}}}"


def _element(value: Any) -> str:
    if value.__class__ is str:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return _encode(value).decode()


def listed_parameter(name: str, item: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """Return the parameter `name` that takes a list of values of a column's type. Bytes have no such text and go as an array."""
    array: Any = sa.ARRAY(item)
    kind = item.impl if isinstance(item, sa.TypeDecorator) else item
    if isinstance(kind, sa.LargeBinary):
        return sa.bindparam(name, type_=array)
    return sa.cast(sa.bindparam(name, type_=_ArrayText(item)), array)
