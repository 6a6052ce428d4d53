"""Lists that go to PostgreSQL as one text: what comes back is what went in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billfold.base.errors import Invalid
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.listed_parameters import array_text
from billfold.infrastructure.db.statements import listed, row_tuple

_ECHO = listed(
    {"number": sa.BigInteger(), "said": sa.Text(), "is_true": sa.Boolean()},
    lambda given: sa.select(given["number"].label("n"), given["said"].label("s"), given["is_true"].label("b")),
    row_tuple,
)
_ROW = st.tuples(
    st.integers(-(2**63), 2**63 - 1),
    st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.none() | st.booleans(),
)


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], "{}"),
        (["a", None, "null", ""], '{"a",null,"null",""}'),
        ([1, -2], "{1,-2}"),
        ([True, False], "{true,false}"),
        (['say "so"', "back\\slash", "two\nlines"], '{"say \\"so\\"","back\\\\slash","two\nlines"}'),
        (["{curly}", "a,b"], '{"{curly}","a,b"}'),
    ],
)
def test_a_list_is_written_as_postgresql_reads_arrays(items: list[object], text: str) -> None:
    assert array_text(items) == text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_ROW, min_size=1, max_size=5))
async def test_whatever_is_listed_comes_back(db: Database, rows: list[tuple[int, str | None, bool | None]]) -> None:
    given_rows: list[dict[str, object]] = [dict(zip(_ECHO.columns, row, strict=True)) for row in rows]
    assert await db.write(_echo, given_rows) == rows


@pytest.mark.parametrize("text", ["\0", "one\0two", 'with "\0" quotes'])
async def test_the_character_nul_is_refused_in_a_list_too(db: Database, text: str) -> None:
    with pytest.raises(Invalid):
        await db.write(_echo, [{"number": 1, "said": text, "is_true": None}] * 2)


async def _echo(tx: Writing, rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    found = await tx.all_listed(_ECHO, rows)
    return [(number, said, None if true is None else bool(true)) for number, said, true in found]
