"""Which answer is the newer one: by the moment it was asked for, unless the clocks cannot be right."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.errors import Conflict
from billfold.domain.billing.freshness import (
    LONGEST_ROUND,
    AskAgain,
    asked_after,
    impossible_after,
    is_older,
    not_older,
)
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.db.types import Moment
from tests.billing.stripe_values import START

SECOND = timedelta(seconds=1)
_known, _offered = sa.bindparam("known", type_=Moment()), sa.bindparam("offered", type_=Moment())
REPLACES = query(sa.select(sa.case((not_older(_known, _offered), 1), else_=0).label("replaces")), int)

moments = st.timedeltas(timedelta(days=-3653), timedelta(days=3653)).map(lambda apart: START + apart)
near = st.timedeltas(-2 * LONGEST_ROUND, 2 * LONGEST_ROUND).map(lambda apart: START + apart)


def test_what_was_asked_for_earlier_is_older() -> None:
    assert is_older(START - SECOND, START, now=START)
    assert not is_older(START, START, now=START)
    assert not is_older(START + SECOND, START, now=START + SECOND)


def test_what_lies_in_the_far_future_never_wins_e2() -> None:
    assert not is_older(START - SECOND, START + timedelta(hours=1), now=START)


def test_the_near_future_may_be_another_workers_present_so_stripe_is_asked_again() -> None:
    with pytest.raises(AskAgain) as raised:
        is_older(START - SECOND, START + SECOND, now=START)
    assert raised.value.fetched_at == START + SECOND
    assert isinstance(raised.value, Conflict)


@given(now=moments | near, known=moments | near)
def test_an_answer_that_was_asked_for_after_the_row_was_seen_is_never_older_e2(now: object, known: object) -> None:
    assert not is_older(asked_after(now, known), known, now)  # type: ignore[arg-type]


@given(now=near, known=near)
def test_no_row_stays_ahead_of_a_clock_that_was_set_back(now: object, known: object) -> None:
    assert asked_after(now, known) <= impossible_after(now)  # type: ignore[arg-type]


@pytest.mark.parametrize("apart", [-SECOND, timedelta(), SECOND, LONGEST_ROUND, LONGEST_ROUND + SECOND])
async def test_the_database_replaces_exactly_what_is_surely_not_newer(db: Database, apart: timedelta) -> None:
    known, offered = START + apart, START
    try:
        wanted = not is_older(offered, known, START)
    except AskAgain:
        wanted = False
    replaces = await db.read(
        lambda tx: tx.one(REPLACES, known=known, offered=offered, impossible_after=impossible_after(START))
    )
    assert bool(replaces) is wanted
