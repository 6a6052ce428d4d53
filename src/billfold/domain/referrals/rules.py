"""What should have been earned: pure functions of a program's terms and the facts (DESIGN sections 3 and 4).

The facts are a set: in which order they came, and how often, makes no difference. `rewards.py` compares the result with
the ledger and posts the difference, so a refund takes back what a payment earned, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from billfold.base.money import share_half_up
from billfold.domain.referrals.terms import Fixed, Rule, SettlesAs, Terms

CONVERSION: Final = "conversion"
PAYMENT: Final = "payment"


@dataclass(frozen=True, slots=True)
class Payment:
    """A paid invoice: `base_cents` is what of it counts (see `payment_base`), in minor units of `currency`."""

    id: str
    currency: str
    base_cents: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one converted referral; `payments` are those of the referee since the claim.

    `referee_id` is None as long as the referee is only an e-mail address: then nobody is there to earn as one.
    """

    referral_id: str
    referrer_id: str
    referee_id: str | None
    converted_at: datetime
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True)
class Earning:
    """What one rule gives for one fact: `amount` whole minor units of `unit`, to be held until `release_at`."""

    key: str
    rule: int
    source_id: str
    earner_id: str
    unit: str
    amount: int
    settles_as: SettlesAs
    release_at: datetime


def payment_base(*, amount_paid: int, total: int, total_excluding_tax: int, amount_refunded: int) -> int:
    """Return the part of an invoice on which shares are computed: what was paid and not given back, without its tax.

    All in minor units. Tax leaves in proportion, rounded half up; the result is never negative.
    """
    kept = max(amount_paid - max(amount_refunded, 0), 0)
    if total <= 0 or kept == 0:
        return 0
    untaxed = min(max(total_excluding_tax, 0), total)
    return (2 * kept * untaxed + total) // (2 * total)


def earnings(terms: Terms, facts: Facts) -> list[Earning]:
    """Return what each rule should have earned by now, ordered by earner so that units lock accounts in one order."""
    earned: list[Earning] = []
    for number, rule in enumerate(terms.rules):
        if rule.earner == "referee" and facts.referee_id is None:
            continue
        if rule.earned_on == CONVERSION:
            earned.append(_earning(facts, number, rule, None))
            continue
        counted = _in_time_order(facts.payments)
        if rule.payments_max is not None:
            counted = counted[: rule.payments_max]
        earned.extend(_earning(facts, number, rule, payment) for payment in counted)
    return sorted(earned, key=lambda each: (each.earner_id, each.unit, each.key))


def differences(should: Iterable[Earning], ledger: Mapping[str, int]) -> dict[str, int]:
    """Return for each reward key what must be posted: positive to earn, negative to reverse, none where it agrees.

    `ledger` says what is earned less reversed by key. A key that should not be there any more is reversed whole.
    """
    wanted = {earning.key: earning.amount for earning in should}
    changes = {key: amount - ledger.get(key, 0) for key, amount in wanted.items()}
    changes.update({key: -amount for key, amount in ledger.items() if key not in wanted})
    return {key: change for key, change in changes.items() if change}


def _in_time_order(payments: Iterable[Payment]) -> list[Payment]:
    # By the time of payment and then by id, never by arrival: "the first three payments" are the same three for everybody.
    return sorted({each.id: each for each in payments}.values(), key=lambda each: (each.paid_at, each.id))


def _earning(facts: Facts, number: int, rule: Rule, payment: Payment | None) -> Earning:
    if isinstance(rule.amount, Fixed):
        amount, unit = rule.amount.value, rule.amount.unit
    elif payment is not None:
        amount, unit = share_half_up(payment.base_cents, rule.amount.basis_points), payment.currency
    else:
        raise ValueError("a share needs a payment to be a share of")
    # A conversion happens once for a referral, so the referral's own id says which one it was.
    source_id, earned_at = (facts.referral_id, facts.converted_at) if payment is None else (payment.id, payment.paid_at)
    return Earning(
        key=f"{facts.referral_id}:{number}:{source_id}",
        rule=number,
        source_id=source_id,
        # `earnings` leaves out a referee who is nobody yet.
        earner_id=facts.referrer_id if rule.earner == "referrer" else facts.referee_id or "",
        unit=unit,
        amount=amount,
        settles_as=rule.settles_as,
        release_at=earned_at + timedelta(days=rule.hold_days),
    )
