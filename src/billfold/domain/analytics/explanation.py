"""What an explanation says: values, and the pure functions that bring facts, rules and ledger together.

Everything is worked out anew from what is stored, by the functions that decide and pay: `attribution_rules.judge` and
`rules.payment_earnings`. Nothing is copied from what was decided, so where the two disagree it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billfold.domain.billing.customers import Customer
from billfold.domain.billing.invoices import Invoice
from billfold.domain.ledger.transfers import Transfer
from billfold.domain.referrals.attribution import EXPIRED
from billfold.domain.referrals.attribution_rules import MANUAL, WON, Decision, Timeline
from billfold.domain.referrals.derivations import Derivation
from billfold.domain.referrals.referrals import PENDING, Referral
from billfold.domain.referrals.rewards import Reward
from billfold.domain.referrals.terms import Terms
from billfold.domain.referrals.touches import StoredTouch
from billfold.domain.referrals.voids import Void

EARNED: Final = "earned"
# Why a payment earned nothing, besides the outcomes of its derivation and of the touches.
NOTHING_PAID: Final = "nothing_paid"
NO_ATTRIBUTION: Final = "no_attribution"
BEFORE_CLAIM: Final = "before_the_claim"
NOT_PAID_YET: Final = "not_paid"
PENDING_REFERRAL: Final = "referral_pending"
NO_PAYMENT_RULE: Final = "program_does_not_reward_payments"
NO_INVOICE: Final = "payment_without_invoice"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One kind of the declared order: who came by it, `won`, or `lost` with the reason."""

    place: int
    kind: str
    codes: tuple[str, ...]
    outcome: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ProgramDecision:
    """How one program's rules went: its touches with what became of each, kind by kind, by which terms."""

    program_id: str
    program_key: str
    terms_id: str
    terms_version: int
    terms: Terms
    rules: list[RuleOutcome]
    touches: list[tuple[StoredTouch, str]]
    # The app itself claimed the customer, so the rules were not asked.
    claimed_by_app: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the arithmetic: `amount` in minor units, `running` the sum so far where it is a sum."""

    code: str
    amount: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PayoutPart:
    """What a payout took of a reward."""

    payout_id: str
    amount: int
    status: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one rule gave one person for a payment, with the reward, the ledger and the payouts behind it.

    `agrees` tells whether the recomputation, the reward and the ledger say the same amount.
    """

    referral_id: str
    earner_id: str
    derivation: Derivation
    terms_version: int
    steps: list[Step]
    reward: Reward | None
    void: Void | None
    transfers: list[Transfer]
    payouts: list[PayoutPart]
    agrees: bool


@dataclass(frozen=True, slots=True)
class PaymentExplanation:
    """A payment and why it earned what it did: `outcome` is `earned` or the reason why not. Amounts are minor units."""

    id: str
    number: str | None
    currency: str
    paid_at: datetime | None
    created_at: datetime
    amount_paid: int
    outcome: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one customer; `payment_id` and `reward_id` are what was asked for, None for the whole."""

    customer: Customer
    timeline: Timeline
    locked_at: datetime | None
    decisions: list[ProgramDecision]
    referrals: list[Referral]
    referral_voids: dict[str, Void]
    payments: list[PaymentExplanation]
    people: dict[str, str]
    payment_id: str | None = None
    reward_id: str | None = None

    @property
    def shown(self) -> list[PaymentExplanation]:
        """The payments that were asked for."""
        return [each for each in self.payments if self.payment_id in {None, each.id}]


def rule_outcomes(terms: Terms, decision: Decision, seen: Sequence[StoredTouch]) -> list[RuleOutcome]:
    """Return how each kind of the declared order went; what a person said is there only if somebody did."""
    kinds = [*([MANUAL] if any(each.kind == MANUAL for each in seen) else []), *terms.attribution.precedence]
    found = []
    for place, kind in enumerate(kinds, start=1):
        of_kind = [each for each in seen if each.kind == kind]
        reasons = [decision.reason(each) for each in of_kind]
        won = WON in reasons
        codes = tuple(dict.fromkeys(each.code for each in of_kind))
        reason = None if won else (reasons[-1] if reasons else "nothing_seen")
        found.append(RuleOutcome(place, kind, codes, "won" if won else "lost", reason))
    return found


def why_nobody(decisions: Sequence[ProgramDecision]) -> str:
    """Return why a customer without a referral belongs to nobody: the reason of the strongest kind that was seen."""
    for each in decisions:
        for rule in each.rules:
            if rule.reason not in {None, "nothing_seen"}:
                return str(rule.reason)
        for _, reason in each.touches:
            return reason
    return NO_ATTRIBUTION


def steps_of(invoice: Invoice, derivation: Derivation) -> list[Step]:
    """Return the arithmetic from the invoice to the commission, line by line, each an amount in minor units.

    `subtotal`, `discounts`, `tax` and `other_ways` add up to `paid`; with `tax_paid` to `counts`; the `rate` lines to
    `commission` before anything was taken back, and with `taken_back_commission` to `commission`.
    """
    payment = derivation.payment
    untaxed, total = payment.total_excluding_tax, payment.total
    steps = [
        Step("subtotal", invoice.subtotal),
        Step("discounts", untaxed - invoice.subtotal),
        Step("tax", total - untaxed),
        Step("other_ways", payment.amount_paid - total),
        Step("paid", payment.amount_paid),
        Step("tax_paid", payment.gross - payment.amount_paid),
        Step("counts", payment.gross),
    ]
    if payment.taken_back:
        steps += [
            Step("taken_back", -payment.taken_back),
            Step("counts_now", payment.base_cents),
        ]
    for portion in derivation.portions:
        # Exact to the fraction of a cent; only the sum is rounded, half up.
        steps.append(Step("rate", portion.base_cents, _rate_text(portion.amount, portion.source)))
    exact = derivation.exact
    detail = "" if exact.denominator == 1 else f"{exact.numerator}/{exact.denominator}"
    steps.append(Step("commission", derivation.amount, detail))
    optional = {"discounts", "tax", "other_ways", "tax_paid"}
    return [each for each in steps if each.amount or each.code not in optional]


def _rate_text(amount: object, source: str) -> str:
    basis_points = getattr(amount, "basis_points", None)
    if basis_points is not None:
        whole, rest = divmod(basis_points, 100)
        return f"{whole}{f'.{rest:02d}'.rstrip('0') if rest else ''} % {source}"
    return f"{getattr(amount, 'value', 0)} {getattr(amount, 'unit', '')} {source}"


def outcome_of(
    invoice: Invoice,
    lines: Sequence[Line],
    claim: Referral | None,
    of_referrals: Mapping[str, Void],
    decisions: Sequence[ProgramDecision],
) -> str:
    """Return what an invoice came to: `earned`, or why it earned nothing. `claim` is the customer's referral."""
    if invoice.status != "paid" or invoice.paid_at is None:
        return NOT_PAID_YET
    void = None if claim is None else of_referrals.get(claim.id)
    if lines:
        return _outcome_of_lines(lines, void)
    if invoice.amount_paid <= 0:
        return NOTHING_PAID
    return why_nobody(decisions) if claim is None else _outcome_of_claim(invoice.paid_at, claim, void, decisions)


def _outcome_of_lines(lines: Sequence[Line], void: Void | None) -> str:
    if void is not None:
        return void.reason
    if any(line.void is None and line.derivation.amount > 0 for line in lines):
        return EARNED
    first = lines[0]
    return first.derivation.outcome if first.void is None else first.void.reason


def _outcome_of_claim(
    paid_at: datetime, claim: Referral, void: Void | None, decisions: Sequence[ProgramDecision]
) -> str:
    if void is not None:
        return void.reason
    if claim.status == PENDING:
        return PENDING_REFERRAL
    if claim.status == EXPIRED:
        return why_nobody(decisions)
    # Stripe's times are whole seconds.
    return BEFORE_CLAIM if paid_at < claim.created_at.replace(microsecond=0) else NO_PAYMENT_RULE
