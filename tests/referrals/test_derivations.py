"""How a rule comes to an amount for a payment: bases, rates, limits, and that it all adds up (D2, D8, E1)."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.clock import months_after, next_second
from billfold.domain.referrals.derivations import (
    Circumstances,
    Derivation,
    Payment,
    derive,
    half_up,
    payment_base,
    spread,
)
from billfold.domain.referrals.participants import OwnRate, Pause
from billfold.domain.referrals.terms import Fixed, ProductRate, Rule, Share, Tier

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)


def rule(amount: Fixed | Share, **more: Any) -> Rule:
    return Rule("referrer", "payment", amount, "payout", **more)


def paid(base: int, gross: int | None = None, *, currency: str = "usd", days: int = 0, **more: Any) -> Payment:
    moment = AT + timedelta(days=days)
    return Payment("inv_1", currency, base, moment, gross_cents=base if gross is None else gross, **more)


def derived(given_rule: Rule, payment: Payment, *, number: int = 1, **circumstances: Any) -> Derivation:
    around = Circumstances(referred_at=AT, **circumstances)
    return derive(0, given_rule, payment, number=number, first_paid_at=AT, circumstances=around)


def test_twenty_percent_of_29_dollars_is_5_80_with_every_step() -> None:
    found = derived(rule(Share(2000)), paid(2900))
    assert (found.outcome, found.amount, found.unit, found.exact) == ("earned", 580, "usd", Fraction(580))
    (portion,) = found.portions
    assert (portion.base_cents, portion.source, portion.amount) == (2900, "rule", Share(2000))


@pytest.mark.parametrize(
    ("payment", "outcome", "amount"),
    [
        # D8: a trial, a coupon of 100 %, an invoice that the balance paid whole.
        (paid(0, 0), "nothing_paid", 0),
        # All of it was given back.
        (paid(0, 2900), "taken_back", 0),
        (paid(1, 2900), "rate_is_zero", 0),
        (paid(3, 2900), "earned", 1),
    ],
)
def test_d8_what_was_no_money_earns_nothing_and_says_why(payment: Payment, outcome: str, amount: int) -> None:
    found = derived(rule(Share(2000)), payment)
    assert (found.outcome, found.amount) == (outcome, amount)


@pytest.mark.parametrize(
    ("amount_paid", "total", "untaxed", "taken_back", "base"),
    [
        # An upgrade in mid-cycle: the new price less what was left of the old one.
        (3_571, 3_571, 3_571, 0, 3_571),
        # A downgrade whose credit is greater than the new price.
        (0, -1_200, -1_200, 0, 0),
        # Half paid from the balance, a fifth of it tax.
        (1_450, 2_900, 2_417, 0, 1_209),
        # More credited and refunded than was paid.
        (2_900, 2_900, 2_900, 9_999, 0),
    ],
)
def test_d8_the_base_is_money_that_stayed_without_tax(
    amount_paid: int, total: int, untaxed: int, taken_back: int, base: int
) -> None:
    found = payment_base(amount_paid=amount_paid, total=total, total_excluding_tax=untaxed, amount_refunded=taken_back)
    assert found == base


def test_a_product_has_its_own_rate_and_a_proration_counts_against_its_product() -> None:
    rates = (ProductRate("prod_a", Share(5000)), ProductRate("prod_b", Share(0)))
    lines: tuple[tuple[str | None, int], ...] = (("prod_a", 3000), ("prod_a", -1000), ("prod_b", 1000), (None, 1000))
    found = derived(rule(Share(1000), product_rates=rates), paid(4000, products=lines))
    expected: dict[str | None, tuple[int, Fraction | int]] = {
        "prod_a": (2000, 1000),
        "prod_b": (1000, 0),
        None: (1000, 100),
    }
    assert {each.product_id: (each.base_cents, each.exact) for each in found.portions} == expected
    assert found.amount == 1100
    # A line that only gives back weighs nothing; what was paid is spread over the others.
    given_back = derived(
        rule(Share(1000), product_rates=rates), paid(900, products=(("prod_b", -100), ("prod_a", 1000)))
    )
    assert [(each.product_id, each.base_cents) for each in given_back.portions] == [("prod_a", 900)]


def test_a_fixed_amount_goes_back_with_the_payment_and_is_of_one_currency() -> None:
    flat = rule(Fixed(500, "usd"))
    assert [derived(flat, paid(base, 3000)).amount for base in (3000, 1500, 1, 0)] == [500, 250, 0, 0]
    foreign = derived(flat, paid(3000, currency="eur"))
    assert (foreign.outcome, foreign.amount, foreign.unit) == ("other_currency", 0, "eur")


def test_only_so_many_payments_and_months_earn() -> None:
    three = rule(Share(1000), payments_max=3)
    assert [derived(three, paid(100), number=number).outcome for number in (1, 3, 4)] == [
        "earned",
        "earned",
        "too_many_payments",
    ]
    year = rule(Share(1000), months_max=12)
    outcomes = [derived(year, paid(100, days=days)).outcome for days in (0, 364, 365)]
    assert outcomes == ["earned", "earned", "too_late"]


def test_the_most_particular_rate_counts() -> None:
    given_rule = rule(
        Share(1000), product_rates=(ProductRate("prod_a", Share(3000)),), tiers=(Tier(500, "usd", Share(2000)),)
    )
    payment = paid(1000, products=(("prod_a", 500), (None, 500)))
    plain = derived(given_rule, payment)
    tiered = derived(given_rule, payment, brought_before={"inv_1": 500})
    own = derived(given_rule, payment, brought_before={"inv_1": 500}, rates=(OwnRate(1, 4000, "from_date", AT),))
    assert [each.amount for each in (plain, tiered, own)] == [150 + 50, 150 + 100, 400]
    assert (tiered.brought_before, tiered.tier) == (500, Tier(500, "usd", Share(2000)))
    assert own.own_rate is not None


def test_a_pause_covers_whole_seconds() -> None:
    pause = Pause(AT, AT + timedelta(seconds=10, milliseconds=900))
    covered = [pause.covers(AT + timedelta(seconds=second)) for second in (-1, 0, 9, 10)]
    assert covered == [False, True, True, False]
    assert next_second(AT + timedelta(milliseconds=1)) == AT + timedelta(seconds=1)


@given(base=st.integers(0, 10**12), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_a_base_is_spread_without_losing_or_making_a_cent(base: int, weights: list[int]) -> None:
    parts = spread(base, weights)
    assert sum(parts) == base
    assert all(part >= 0 for part in parts)
    if sum(weights):
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(base * weight, sum(weights))) < 1


@given(
    base=st.integers(0, 10**10),
    more=st.integers(0, 10**10),
    share=st.integers(0, 10_000),
    other=st.integers(0, 10_000),
    cut=st.integers(0, 100),
)
def test_a_commission_is_never_negative_nor_more_than_its_base(
    base: int, more: int, share: int, other: int, cut: int
) -> None:
    given_rule = rule(Share(share), product_rates=(ProductRate("prod_a", Share(other)),))
    found = derived(given_rule, paid(base, base + more, products=(("prod_a", cut), (None, 100 - cut))))
    assert 0 <= found.amount <= base
    assert abs(found.amount - found.exact) <= Fraction(1, 2) or found.outcome != "earned"
    assert found.amount == half_up(found.exact)


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
)
def test_e1_thirty_days_and_months_are_counted_in_utc_wherever_the_team_is(zone: str) -> None:
    day = datetime(2026, 1, 1, 1, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    while day.year < 2030:
        # Whatever the clocks of a place do in between, thirty days are thirty times 24 hours.
        assert (day + timedelta(days=30)) - day == timedelta(seconds=30 * 86_400)
        for months in (1, 12):
            later = months_after(day, months)
            number = day.year * 12 + day.month - 1 + months
            year, month = number // 12, number % 12 + 1
            assert (later.year, later.month, later.day) == (year, month, min(day.day, monthrange(year, month)[1]))
            assert (later.hour, later.minute, later.second) == (day.hour, day.minute, day.second)
        day += timedelta(days=1)
    assert months_after(datetime(2026, 1, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_after(datetime(2028, 1, 31, tzinfo=UTC), 1) == datetime(2028, 2, 29, tzinfo=UTC)
    assert months_after(datetime(9999, 12, 1, tzinfo=UTC), 1).year == 9999
