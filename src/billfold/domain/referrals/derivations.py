"""How one rule came to an amount for one payment, step by step: pure, and exact until the one rounding at the end.

`rules.py` turns derivations into what should be earned; `domain/analytics/explain.py` shows them. A payment that earns nothing
has a derivation too, with the reason why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final, Literal

from billfold.base.clock import months_after
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.referrals.participants import OwnRate, Pause, rate_for
from billfold.domain.referrals.terms import Fixed, ProductRate, Rule, Share, Tier

RateSource = Literal["partner", "product", "tier", "rule"]
Outcome = Literal[
    "earned",
    # Nothing of it was money: a trial, a full coupon, a balance that paid it all, nothing but tax.
    "nothing_paid",
    # All of it went back.
    "taken_back",
    # The partner was suspended when it was paid.
    "paused",
    # Later than `payments_max` or `months_max` of the rule.
    "too_many_payments",
    "too_late",
    # A fixed amount in another currency.
    "other_currency",
    # The share is zero, or what it comes to rounds to nothing.
    "rate_is_zero",
]


@dataclass(frozen=True, slots=True)
class Payment:
    """A paid invoice: `base_cents` is what of it counts (see `payment_base`), in minor units of `currency`.

    `gross_cents` is what counted of it before anything was taken back. `products` says how the invoice's lines, net of
    discounts and without tax, were spread over products of ours (None: of no product that we know); empty means not known.
    The five amounts behind it are the invoice's own, for the explanation.
    """

    id: str
    currency: str
    base_cents: int
    paid_at: datetime
    gross_cents: int = -1
    products: tuple[tuple[str | None, int], ...] = ()
    amount_paid: int = 0
    taken_back: int = 0
    total: int = 0
    total_excluding_tax: int = 0

    @property
    def gross(self) -> int:
        """What counted before anything was taken back."""
        return self.base_cents if self.gross_cents < 0 else self.gross_cents


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What besides the payments and the terms decides what a referral earns.

    `referred_at` is when the referral was made, `brought_before` is for each payment's id what its earner had brought before it
    in its currency (only asked for where a rule has tiers).
    """

    referred_at: datetime
    pauses: tuple[Pause, ...] = ()
    rates: tuple[OwnRate, ...] = ()
    brought_before: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of the base at one rate. `product_id` None is everything without a rate of its own."""

    product_id: str | None
    base_cents: int
    gross_cents: int
    amount: Fixed | Share
    source: RateSource
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a rule gives for a payment: `exact` rounded half up is `amount`, whole minor units of `unit`.

    `number` says which payment of the referee it is, from 1; 0 for one that was no money. `own_rate`, `tier` and
    `brought_before` are set where they decided.
    """

    rule_number: int
    rule: Rule
    payment: Payment
    number: int
    outcome: Outcome
    unit: str
    exact: Fraction
    amount: int
    portions: tuple[Portion, ...] = ()
    own_rate: OwnRate | None = None
    tier: Tier | None = None
    brought_before: int | None = None


@dataclass(frozen=True, slots=True)
class _General:
    """The rate for what has no rate of its product."""

    amount: Fixed | Share
    source: RateSource
    own_rate: OwnRate | None = None
    tier: Tier | None = None
    brought_before: int | None = None


_NOTHING: Final = Fraction(0)


def payment_base(*, amount_paid: int, total: int, total_excluding_tax: int, amount_refunded: int) -> int:
    """Return the part of an invoice on which shares are computed: what was paid and not given back, without its tax.

    All in minor units. Tax leaves in proportion, rounded half up; the result is never negative.
    """
    kept = max(amount_paid - max(amount_refunded, 0), 0)
    if total <= 0 or kept == 0:
        return 0
    untaxed = min(max(total_excluding_tax, 0), total)
    return (2 * kept * untaxed + total) // (2 * total)


def in_time_order(payments: Sequence[Payment]) -> list[Payment]:
    """Return payments by the time of payment and then by id, never by arrival: "the first three" are the same for everybody."""
    return sorted({each.id: each for each in payments}.values(), key=lambda each: (each.paid_at, each.id))


def derive(
    rule_number: int,
    rule: Rule,
    payment: Payment,
    *,
    number: int,
    first_paid_at: datetime,
    circumstances: Circumstances | None = None,
) -> Derivation:
    """Return what a payment rule gives for a payment.

    `number` is the payment's place among those that were money, from 1; `first_paid_at` is when the first of them was made.
    """
    outcome = _why_not(rule, payment, number, first_paid_at, circumstances)
    general = _general_rate(rule, payment, circumstances)
    unit = _unit(general.amount, rule, payment)
    portions = _portions(rule, payment, general)
    exact = _NOTHING if outcome is not None else sum((each.exact for each in portions), _NOTHING)
    amount = half_up(exact)
    if outcome is None and amount == 0:
        is_foreign = any(_is_of_other_currency(each.amount, payment) for each in portions)
        outcome = "other_currency" if is_foreign else "rate_is_zero"
    return Derivation(
        rule_number=rule_number,
        rule=rule,
        payment=payment,
        number=number,
        outcome=outcome or "earned",
        unit=unit,
        exact=exact,
        amount=amount,
        portions=portions,
        own_rate=general.own_rate,
        tier=general.tier,
        brought_before=general.brought_before,
    )


def half_up(exact: Fraction) -> int:
    """Return a sum that is not negative rounded half up to the minor unit: the only rounding of a commission."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def spread(base_cents: int, weights: Sequence[int]) -> list[int]:
    """Return a base spread over weights in whole minor units that add up to it: the largest remainders are rounded up."""
    whole = sum(weights)
    if whole <= 0:
        return [base_cents, *[0] * (len(weights) - 1)]
    parts = [base_cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(base_cents * weights[place] % whole), place))
    for place in by_remainder[: base_cents - sum(parts)]:
        parts[place] += 1
    return parts


def _why_not(
    rule: Rule, payment: Payment, number: int, first_paid_at: datetime, circumstances: Circumstances | None
) -> Outcome | None:
    if payment.gross == 0:
        return "nothing_paid"
    if rule.payments_max is not None and number > rule.payments_max:
        return "too_many_payments"
    if rule.months_max is not None and payment.paid_at >= months_after(first_paid_at, rule.months_max):
        return "too_late"
    pauses = () if circumstances is None or rule.earner != "referrer" else circumstances.pauses
    if any(each.covers(payment.paid_at) for each in pauses):
        return "paused"
    return "taken_back" if payment.base_cents == 0 else None


def _general_rate(rule: Rule, payment: Payment, circumstances: Circumstances | None) -> _General:
    if circumstances is None or rule.earner != "referrer":
        return _General(rule.amount, "rule")
    own = rate_for(circumstances.rates, referred_at=circumstances.referred_at, paid_at=payment.paid_at)
    if own is not None and own.basis_points is not None:
        return _General(Share(own.basis_points), "partner", own_rate=own)
    if not rule.tiers:
        return _General(rule.amount, "rule")
    brought = circumstances.brought_before.get(payment.id, 0)
    reached = [each for each in rule.tiers if each.unit == payment.currency and each.at_least <= brought]
    if not reached:
        return _General(rule.amount, "rule", brought_before=brought)
    tier = max(reached, key=lambda each: each.at_least)
    return _General(tier.amount, "tier", tier=tier, brought_before=brought)


def _portions(rule: Rule, payment: Payment, general: _General) -> tuple[Portion, ...]:
    rates: dict[str, ProductRate] = {}
    # A rate of the partner's own goes before every rate of the program.
    if general.source != "partner":
        rates = {each.product_id: each for each in rule.product_rates}
    weights: dict[str | None, int] = {}
    for product_id, weight in payment.products:
        own = product_id if product_id in rates else None
        weights[own] = weights.get(own, 0) + weight
    # A line that gives back (a proration) counts against its product; nothing counts for less than nothing.
    kinds = [kind for kind, sum_of_lines in weights.items() if sum_of_lines > 0] or [None]
    shares = [max(weights.get(kind, 0), 0) for kind in kinds]
    kept, gross = spread(payment.base_cents, shares), spread(payment.gross, shares)
    made = []
    for kind, base_cents, gross_cents in zip(kinds, kept, gross, strict=True):
        rate = None if kind is None else rates[kind]
        amount = general.amount if rate is None else rate.amount
        source: RateSource = general.source if rate is None else "product"
        exact = _worth(amount, payment, base_cents, gross_cents)
        made.append(Portion(kind, base_cents, gross_cents, amount, source, exact))
    return tuple(made)


def _worth(amount: Fixed | Share, payment: Payment, base_cents: int, gross_cents: int) -> Fraction:
    if isinstance(amount, Share):
        return Fraction(base_cents * amount.basis_points, 10_000)
    if gross_cents == 0 or _is_of_other_currency(amount, payment):
        return _NOTHING
    # A fixed amount goes back in proportion to what went back of the payment.
    return Fraction(amount.value * base_cents, gross_cents)


def _is_of_other_currency(amount: Fixed | Share, payment: Payment) -> bool:
    return isinstance(amount, Fixed) and amount.unit in CURRENCIES and amount.unit != payment.currency


def _unit(amount: Fixed | Share, rule: Rule, payment: Payment) -> str:
    # What settles as wallet is in a unit of the product itself; money is in the currency that was paid.
    if rule.settles_as == "wallet" and isinstance(amount, Fixed):
        return amount.unit
    return payment.currency
