"""What should have been earned: pure functions of a program's terms and the facts (DESIGN sections 3 and 4).

The facts are a set: in which order they came, and how often, makes no difference. `rewards.py` compares the result with
the ledger and posts the difference, so a refund takes back what a payment earned, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from billfold.domain.referrals.derivations import Circumstances, Derivation, Payment, derive, in_time_order
from billfold.domain.referrals.terms import Fixed, Rule, SettlesAs, Terms

CONVERSION: Final = "conversion"
PAYMENT: Final = "payment"
# The version by which a payment earns: its id, None where nobody asks for it, and what it says.
TermsOf: TypeAlias = Callable[[Payment], tuple[str | None, Terms]]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one converted referral; `payments` are those of the referee since the claim.

    `referee_id` is None as long as the referee is only an e-mail address: then nobody is there to earn as one.
    `circumstances` None means that nothing but the terms decides.
    """

    referral_id: str
    referrer_id: str
    referee_id: str | None
    converted_at: datetime
    payments: tuple[Payment, ...] = ()
    circumstances: Circumstances | None = None


@dataclass(frozen=True, slots=True)
class Earning:
    """What one rule gives for one fact: `amount` whole minor units of `unit`, to be held until `release_at`.

    Of a payment: `terms_id` is the version by which it earns, where the caller named it, and `derivation` how it came to it.
    """

    key: str
    rule: int
    source_id: str
    earner_id: str
    unit: str
    amount: int
    settles_as: SettlesAs
    release_at: datetime
    terms_id: str | None = None
    derivation: Derivation | None = None


def earnings(terms: Terms, facts: Facts) -> list[Earning]:
    """Return what each rule should have earned by now, ordered by earner so that units lock accounts in one order."""
    earned = [
        _conversion(facts, number, rule)
        for number, rule in enumerate(terms.rules)
        if rule.earned_on == CONVERSION and not (rule.earner == "referee" and facts.referee_id is None)
    ]
    by_payment = [each for each in payment_earnings(lambda _: (None, terms), facts) if not _is_out_of_range(each)]
    return sorted([*earned, *by_payment], key=_by_earner)


def payment_earnings(terms_of: TermsOf, facts: Facts) -> list[Earning]:
    """Return what each payment rule gives for each payment, also where that is nothing; `derivation` says why.

    `terms_of` returns the version by which a payment earns. The order is that of `earnings`.
    """
    ordered = in_time_order(facts.payments)
    money = [payment for payment in ordered if payment.gross > 0]
    places = {payment.id: place for place, payment in enumerate(money, start=1)}
    earned: list[Earning] = []
    for payment in ordered:
        terms_id, terms = terms_of(payment)
        for number, rule in enumerate(terms.rules):
            if rule.earned_on != PAYMENT or (rule.earner == "referee" and facts.referee_id is None):
                continue
            derivation = derive(
                number,
                rule,
                payment,
                number=places.get(payment.id, 0),
                first_paid_at=money[0].paid_at if money else payment.paid_at,
                circumstances=facts.circumstances,
            )
            earned.append(_payment(facts, derivation, terms_id))
    return sorted(earned, key=_by_earner)


def differences(should: Iterable[Earning], ledger: Mapping[str, int]) -> dict[str, int]:
    """Return for each reward key what must be posted: positive to earn, negative to reverse, none where it agrees.

    `ledger` says what is earned less reversed by key. A key that should not be there any more is reversed whole.
    """
    wanted = {earning.key: earning.amount for earning in should}
    changes = {key: amount - ledger.get(key, 0) for key, amount in wanted.items()}
    changes.update({key: -amount for key, amount in ledger.items() if key not in wanted})
    return {key: change for key, change in changes.items() if change}


def _is_out_of_range(earning: Earning) -> bool:
    return earning.derivation is not None and earning.derivation.outcome in {"too_many_payments", "too_late"}


def _by_earner(earning: Earning) -> tuple[str, str, str]:
    return earning.earner_id, earning.unit, earning.key


def _conversion(facts: Facts, number: int, rule: Rule) -> Earning:
    if not isinstance(rule.amount, Fixed):
        raise ValueError("a share needs a payment to be a share of")  # noqa: TRY004 - a rule like this is refused, not typed
    # A conversion happens once for a referral, so the referral's own id says which one it was.
    return Earning(
        key=f"{facts.referral_id}:{number}:{facts.referral_id}",
        rule=number,
        source_id=facts.referral_id,
        earner_id=_earner(facts, rule),
        unit=rule.amount.unit,
        amount=rule.amount.value,
        settles_as=rule.settles_as,
        release_at=facts.converted_at + timedelta(days=rule.hold_days),
    )


def _payment(facts: Facts, derivation: Derivation, terms_id: str | None) -> Earning:
    rule, payment = derivation.rule, derivation.payment
    return Earning(
        key=f"{facts.referral_id}:{derivation.rule_number}:{payment.id}",
        rule=derivation.rule_number,
        source_id=payment.id,
        earner_id=_earner(facts, rule),
        unit=derivation.unit,
        amount=derivation.amount,
        settles_as=rule.settles_as,
        # From the payment, not from when we heard of it (contract A25).
        release_at=payment.paid_at + timedelta(days=rule.hold_days),
        terms_id=terms_id,
        derivation=derivation,
    )


def _earner(facts: Facts, rule: Rule) -> str:
    # The callers leave out a referee who is nobody yet.
    return facts.referrer_id if rule.earner == "referrer" else facts.referee_id or ""
