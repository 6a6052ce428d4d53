"""What is drawn first, and whether it suffices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.errors import Invalid
from billfold.domain.wallets.rules import (
    Funds,
    OpenGrant,
    allowance_left,
    balance,
    checked_unit,
    draw,
    month_of,
    start_of_next_month,
)

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
NOTHING = Funds(monthly_allowance=0, allowance_month=0, allowance_used=0, grants=())

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone
amounts = st.integers(1, 50)
open_grants = st.lists(st.builds(OpenGrant, st.uuids().map(str), amounts, st.none() | moments), max_size=8).map(tuple)
funds_of_chance = st.builds(
    Funds,
    monthly_allowance=st.integers(0, 20),
    allowance_month=st.sampled_from([0, month_of(AT) - 1, month_of(AT), month_of(AT) + 1]),
    allowance_used=st.integers(0, 25),
    grants=open_grants,
    beyond=st.just(0),
)


def grants(*remaining: int) -> tuple[OpenGrant, ...]:
    return tuple(OpenGrant(f"wg_{number}", amount, None) for number, amount in enumerate(remaining))


@given(funds_of_chance, amounts, moments)
def test_a_spend_takes_exactly_its_amount_or_nothing(funds: Funds, amount: int, at: datetime) -> None:
    free, bonus = allowance_left(funds, at), balance(funds, at)
    drawn = draw(funds, amount, at)
    assert (drawn is None) == (amount > free + bonus)
    if drawn is not None:
        after = drawn.funds
        assert drawn.from_allowance == min(amount, free)
        assert allowance_left(after, at) == free - drawn.from_allowance
        assert balance(after, at) == bonus - (amount - drawn.from_allowance)
        assert all(grant.remaining > 0 for grant in after.grants)
        # What has expired is left for the job that posts it.
        assert [each for each in after.grants if each.is_expired(at)] == [
            each for each in funds.grants if each.is_expired(at)
        ]


@given(funds_of_chance, st.lists(st.tuples(amounts, moments), max_size=12))
def test_no_clock_gives_a_second_allowance_in_a_month(funds: Funds, spends: list[tuple[int, datetime]]) -> None:
    funds = replace(funds, allowance_month=0, allowance_used=0)
    used: dict[int, int] = {}
    for amount, at in spends:
        drawn = draw(funds, amount, at)
        if drawn is not None:
            funds = drawn.funds
            used[funds.allowance_month] = used.get(funds.allowance_month, 0) + drawn.from_allowance
    assert all(amount <= funds.monthly_allowance for amount in used.values())


def test_the_allowance_is_drawn_before_bonus_credits() -> None:
    drawn = draw(replace(NOTHING, monthly_allowance=5, grants=grants(10)), 7, AT)
    assert drawn is not None
    assert (drawn.from_allowance, drawn.funds.grants[0].remaining) == (5, 8)


def test_grants_are_drawn_in_their_order_and_what_is_empty_is_gone() -> None:
    drawn = draw(replace(NOTHING, grants=grants(3, 4, 5)), 6, AT)
    assert drawn is not None
    assert [(grant.id, grant.remaining) for grant in drawn.funds.grants] == [("wg_1", 1), ("wg_2", 5)]


def test_a_grant_is_worth_nothing_from_the_moment_of_its_expiry() -> None:
    funds = replace(NOTHING, grants=(OpenGrant("wg_1", 5, AT),))
    assert balance(funds, AT - timedelta(microseconds=1)) == 5
    assert balance(funds, AT) == 0
    assert draw(funds, 1, AT) is None


def test_grants_that_are_only_counted_are_part_of_the_balance() -> None:
    funds = replace(NOTHING, grants=grants(3), beyond=100)
    drawn = draw(funds, 3, AT)
    assert drawn is not None
    assert balance(drawn.funds, AT) == 100
    with pytest.raises(ValueError, match="not listed"):
        draw(funds, 4, AT)


def test_a_new_month_brings_the_whole_allowance_again_and_nothing_of_the_old_one() -> None:
    funds = replace(NOTHING, monthly_allowance=5)
    drawn = draw(funds, 2, AT)
    assert drawn is not None
    assert allowance_left(drawn.funds, AT) == 3
    april = datetime(2026, 4, 1, tzinfo=UTC)
    assert start_of_next_month(AT) == april
    assert allowance_left(drawn.funds, april - timedelta(microseconds=1)) == 3
    assert allowance_left(drawn.funds, april) == 5


def test_the_month_is_that_of_utc() -> None:
    in_tokyo = datetime.fromisoformat("2026-04-01T08:59:59+09:00")
    assert month_of(in_tokyo) == month_of(AT)


def test_the_last_month_there_is_renews_nothing() -> None:
    assert start_of_next_month(datetime(9999, 12, 31, tzinfo=UTC)) is None
    assert start_of_next_month(datetime(9999, 11, 30, tzinfo=UTC)) == datetime(9999, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("unit", ["ai_credits", "a", "gb2", "x" * 32])
def test_a_unit_has_a_plain_name(unit: str) -> None:
    assert checked_unit(unit) == unit


@pytest.mark.parametrize("unit", ["", "usd", "eur", "AI", "2gb", "_x", "x" * 33, "ai-credits", "ai_credits\n", "é"])
def test_a_currency_or_another_name_is_no_unit(unit: str) -> None:
    with pytest.raises(Invalid, match="unit must be"):
        checked_unit(unit)
