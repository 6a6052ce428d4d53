"""What should have been earned: examples, and properties over any order of facts (scenario D2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.domain.referrals import presets
from billfold.domain.referrals.derivations import Payment, payment_base
from billfold.domain.referrals.rules import Earning, Facts, differences, earnings
from billfold.domain.referrals.terms import Fixed, Rule, Share, Terms

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
FACTS = Facts("ref_1", "pc_a", "pc_b", AT)


def paid(number: int, base_cents: int, currency: str = "usd") -> Payment:
    return Payment(f"inv_{number}", currency, base_cents, AT + timedelta(days=30 * number))


def with_payments(*payments: Payment) -> Facts:
    return Facts("ref_1", "pc_a", "pc_b", AT, payments)


def test_both_sides_of_a_customer_referral_earn_their_amount_once() -> None:
    terms = presets.customer_referrals(referrer_cents=1000, referee_cents=500, currency="usd")
    assert [(each.earner_id, each.amount, each.unit, each.settles_as) for each in earnings(terms, FACTS)] == [
        ("pc_a", 1000, "usd", "stripe_balance"),
        ("pc_b", 500, "usd", "stripe_balance"),
    ]


def test_a_partner_earns_a_share_of_each_payment_and_waits_thirty_days_for_it() -> None:
    terms = presets.partner_program()
    first, second = earnings(terms, with_payments(paid(1, 4999), paid(2, 2500, "eur")))
    assert (first.amount, first.unit, first.release_at) == (500, "eur", AT + timedelta(days=90))
    assert (second.amount, second.unit, second.release_at) == (1000, "usd", AT + timedelta(days=60))


def test_a_sign_up_bonus_earns_units_of_the_product() -> None:
    (bonus,) = earnings(presets.sign_up_bonus(), FACTS)
    assert (bonus.earner_id, bonus.amount, bonus.unit, bonus.settles_as) == ("pc_a", 5, "ai_credits", "wallet")


def test_only_the_first_payments_in_time_count_whatever_order_they_came_in() -> None:
    rule = Rule("referrer", "payment", Share(1000), "payout", payments_max=2)
    terms = Terms(converts_on="subscription", rules=(rule,))
    late_first = with_payments(paid(3, 1000), paid(1, 1000), paid(2, 1000))
    assert sorted(each.source_id for each in earnings(terms, late_first)) == ["inv_1", "inv_2"]


def test_a_share_of_a_conversion_cannot_be_written_down() -> None:
    with pytest.raises(ValueError, match="share needs a payment"):
        Rule("referrer", "conversion", Share(100), "payout")


@pytest.mark.parametrize(
    ("amount_paid", "total", "untaxed", "refunded", "base"),
    [
        (1190, 1190, 1000, 0, 1000),
        (1190, 1190, 1000, 595, 500),
        (1190, 1190, 1000, 1190, 0),
        (1190, 1190, 1000, 5000, 0),
        # Half of it was paid from credit: the share is on the money.
        (595, 1190, 1000, 0, 500),
        # A trial, a full coupon, a credited downgrade.
        (0, 0, 0, 0, 0),
        (0, -500, -500, 0, 0),
        # Zero-decimal currencies are whole numbers like any other.
        (110, 110, 100, 0, 100),
    ],
)
def test_the_base_is_what_was_paid_and_kept_without_tax(
    amount_paid: int, total: int, untaxed: int, refunded: int, base: int
) -> None:
    assert (
        payment_base(amount_paid=amount_paid, total=total, total_excluding_tax=untaxed, amount_refunded=refunded)
        == base
    )


@given(
    total=st.integers(0, 10**8),
    paid_part=st.integers(0, 100),
    tax_part=st.integers(0, 100),
    refunded=st.integers(0, 10**8),
)
def test_the_base_is_never_negative_nor_more_than_what_was_paid(
    total: int, paid_part: int, tax_part: int, refunded: int
) -> None:
    amount_paid = total * paid_part // 100
    untaxed = total - total * tax_part // 100
    base = payment_base(amount_paid=amount_paid, total=total, total_excluding_tax=untaxed, amount_refunded=refunded)
    kept = max(amount_paid - refunded, 0)
    assert 0 <= base <= kept
    if total:
        assert abs(base - Fraction(kept * untaxed, total)) <= Fraction(1, 2)


@given(amount=st.integers(1, 10**9), basis_points=st.integers(1, 10_000))
def test_d2_a_share_is_off_by_half_a_minor_unit_at_most(amount: int, basis_points: int) -> None:
    terms = Terms(converts_on="payment", rules=(Rule("referrer", "payment", Share(basis_points), "payout"),))
    (earning,) = earnings(terms, with_payments(paid(1, amount)))
    assert abs(earning.amount - Fraction(amount * basis_points, 10_000)) <= Fraction(1, 2)


def post(ledger: dict[str, int], should: list[Earning]) -> None:
    for key, change in differences(should, ledger).items():
        ledger[key] = ledger.get(key, 0) + change


@given(
    amounts=st.lists(st.integers(1, 100_000), min_size=1, max_size=5),
    refunds=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 50_000)), max_size=8),
    payments_max=st.none() | st.integers(1, 4),
    order=st.randoms(use_true_random=False),
)
def test_any_order_and_repetition_of_facts_ends_in_the_same_ledger(
    amounts: list[int],
    refunds: list[tuple[int, int]],
    payments_max: int | None,
    order: object,
) -> None:
    rules = (
        Rule("referrer", "payment", Share(2000), "payout", hold_days=30, payments_max=payments_max),
        Rule("referee", "conversion", Fixed(500, "usd"), "stripe_balance"),
    )
    terms = Terms(converts_on="payment", rules=rules)
    refunded = dict.fromkeys(range(len(amounts)), 0)
    for which, amount in refunds:
        if which in refunded:
            refunded[which] = min(refunded[which] + amount, amounts[which])
    final = {n: paid(n, amount - refunded[n]) for n, amount in enumerate(amounts)}
    # Each payment is seen as it was first and as it is in the end, in any order and twice; what is fetched is the latest.
    seen: dict[int, Payment] = {}
    ledger: dict[str, int] = {}
    sightings = [n for n in final for _ in range(2)]
    order.shuffle(sightings)  # type: ignore[attr-defined]
    known_once: set[int] = set()
    for n in sightings:
        seen[n] = final[n] if n in known_once else paid(n, amounts[n])
        known_once.add(n)
        post(ledger, earnings(terms, with_payments(*seen.values())))
    wanted = {each.key: each.amount for each in earnings(terms, with_payments(*final.values()))}
    assert {key: amount for key, amount in ledger.items() if amount} == {k: v for k, v in wanted.items() if v}
    assert differences(earnings(terms, with_payments(*final.values())), ledger) == {}


@given(amount=st.integers(1, 100_000), parts=st.lists(st.integers(1, 60_000), min_size=1, max_size=6))
def test_d2_partial_refunds_add_up_to_the_cent(amount: int, parts: list[int]) -> None:
    terms = presets.partner_program()
    ledger: dict[str, int] = {}
    left = amount
    post(ledger, earnings(terms, with_payments(paid(1, left))))
    for part in parts:
        left = max(left - part, 0)
        post(ledger, earnings(terms, with_payments(paid(1, left))))
    (fresh,) = earnings(terms, with_payments(paid(1, left)))
    assert ledger.get(fresh.key, 0) == fresh.amount
    post(ledger, earnings(terms, with_payments(paid(1, 0))))
    assert not any(ledger.values())
