"""Payouts and batches as this surface shows them: dollars and cents (contract sections 3.11 and 6, A4, A27)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from billfold.domain.partners.partners import find_by_customer
from billfold.domain.payouts.batches import Batch
from billfold.domain.payouts.outcomes import WIRE_STATUS
from billfold.domain.payouts.payouts import Line, ListedPayout, Step
from billfold.domain.payouts.preparation import Candidate
from billfold.domain.payouts.rules import REASONS
from billfold.domain.payouts.statement import Statement
from billfold.entrypoints.api.affiliate.amounts import dollars
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp, moment
from billfold.infrastructure.db.database import Reading

INNER_STATUS: Mapping[str, str] = {word: status for status, word in WIRE_STATUS.items()}


class PayoutBody(Body):
    """A payout; `method` is how the partner is paid, `destination` is masked, `fee` is what it costs the app.

    `amountReversed` is what Stripe took back of a part of a paid one: the partner got `amount` less that.
    """

    id: str
    affiliate_id: str | None
    customer_id: str
    email: str
    batch_id: str
    amount: Decimal
    amount_cents: int
    amount_reversed: Decimal
    amount_reversed_cents: int
    currency: str
    fee: Decimal
    fee_cents: int
    status: str
    method: str
    destination: str
    reference: str | None
    failure_reason: str | None
    created_at: Timestamp | None
    paid_at: Timestamp | None


class PayoutLineBody(Body):
    """What a payout takes of a commission; below zero what it keeps back because the commission went down after it was paid."""

    commission_id: str
    referral_id: str
    payment_id: str
    amount: Decimal
    amount_cents: int
    earned_at: Timestamp | None


class PayoutStepBody(Body):
    """A step of a payout's way."""

    status: str
    detail: str | None
    at: Timestamp | None


class CandidateBody(Body):
    """Somebody to whom something is owed: `reason` says why he is left out, null if he is paid; `openRefunds` is at most 0."""

    affiliate_id: str | None
    customer_id: str
    email: str
    amount: Decimal
    amount_cents: int
    currency: str
    available_balance: Decimal
    available_balance_cents: int
    open_refunds: Decimal
    open_refunds_cents: int
    commissions: int
    fee: Decimal
    fee_cents: int
    method: str | None
    destination: str | None
    reason: str | None
    explanation: str | None


class BatchBody(Body):
    """A batch: preparing, prepared, approved, sent. `payouts` counts what it made, `leftOut` whom it did not pay."""

    id: str
    status: str
    payouts: int
    left_out: int
    prepared_by: str
    approved_by: str | None
    created_at: Timestamp | None
    approved_at: Timestamp | None
    sent_at: Timestamp | None


class StatementLineBody(Body):
    """A movement: `effect` is what it does to what is owed, 0 for one that only moves it."""

    type: str
    amount: Decimal
    amount_cents: int
    effect: Decimal
    effect_cents: int
    balance: Decimal
    balance_cents: int
    subject: str
    source: str
    at: Timestamp | None


class StatementBody(Body):
    """A month of a partner in one currency, from balance to balance."""

    affiliate_id: str | None
    month: str
    currency: str
    opening_balance: Decimal
    opening_balance_cents: int
    lines: list[StatementLineBody]
    closing_balance: Decimal
    closing_balance_cents: int
    is_cut: bool


async def partner_ids(tx: Reading, project_id: str, customer_ids: list[str]) -> dict[str, str]:
    """Return the partners that customers are, by customer; a page of a list at most."""
    found = {}
    for each in dict.fromkeys(customer_ids):
        partner = await find_by_customer(tx, project_id, each)
        if partner is not None:
            found[each] = partner.id
    return found


def payout_body(listed: ListedPayout, partners: Mapping[str, str]) -> PayoutBody:
    """Return a payout as it is shown; `partners` is by customer."""
    payout = listed.payout
    return PayoutBody(
        id=payout.id,
        affiliate_id=partners.get(payout.customer_id),
        customer_id=payout.customer_id,
        email=listed.email,
        batch_id=payout.batch_id,
        amount=dollars(payout.amount, payout.currency),
        amount_cents=payout.amount,
        amount_reversed=dollars(payout.amount_reversed, payout.currency),
        amount_reversed_cents=payout.amount_reversed,
        currency=payout.currency,
        fee=dollars(payout.fee_amount, payout.currency),
        fee_cents=payout.fee_amount,
        status=WIRE_STATUS[payout.status],
        method=listed.method_kind,
        destination=listed.shown,
        reference=payout.reference,
        failure_reason=payout.failure,
        created_at=moment(payout.created_at),
        paid_at=moment(payout.settled_at),
    )


def line_body(line: Line, currency: str) -> PayoutLineBody:
    """Return a line as it is shown."""
    return PayoutLineBody(
        commission_id=line.reward_id,
        referral_id=line.referral_id,
        payment_id=line.source_id,
        amount=dollars(line.amount, currency),
        amount_cents=line.amount,
        earned_at=moment(line.earned_at),
    )


def step_body(step: Step) -> PayoutStepBody:
    """Return a step as it is shown."""
    return PayoutStepBody(WIRE_STATUS[step.status], step.detail, moment(step.at))


def candidate_body(candidate: Candidate, partners: Mapping[str, str]) -> CandidateBody:
    """Return a candidate as it is shown; `partners` is by customer."""
    due, person = candidate.due, candidate.person
    return CandidateBody(
        affiliate_id=partners.get(due.customer_id),
        customer_id=due.customer_id,
        email=person.email,
        amount=dollars(due.amount, due.unit),
        amount_cents=due.amount,
        currency=due.unit,
        available_balance=dollars(due.available, due.unit),
        available_balance_cents=due.available,
        open_refunds=dollars(due.refunds, due.unit),
        open_refunds_cents=due.refunds,
        commissions=due.lines,
        fee=dollars(candidate.fee_amount, due.unit),
        fee_cents=candidate.fee_amount,
        method=person.method_kind,
        destination=person.method_shown,
        reason=candidate.reason,
        explanation=None if candidate.reason is None else REASONS[candidate.reason],
    )


def batch_body(batch: Batch) -> BatchBody:
    """Return a batch as it is shown."""
    return BatchBody(
        id=batch.id,
        status=batch.status,
        payouts=batch.payouts,
        left_out=batch.left_out,
        prepared_by=batch.prepared_by,
        approved_by=batch.approved_by,
        created_at=moment(batch.created_at),
        approved_at=moment(batch.approved_at),
        sent_at=moment(batch.sent_at),
    )


def statement_body(statement: Statement, affiliate_id: str | None) -> StatementBody:
    """Return a statement as it is shown."""
    unit = statement.unit
    return StatementBody(
        affiliate_id=affiliate_id,
        month=statement.month,
        currency=unit,
        opening_balance=dollars(statement.opening.total, unit),
        opening_balance_cents=statement.opening.total,
        lines=[
            StatementLineBody(
                type=each.transfer.kind,
                amount=dollars(each.transfer.amount, unit),
                amount_cents=each.transfer.amount,
                effect=dollars(each.effect, unit),
                effect_cents=each.effect,
                balance=dollars(each.balance, unit),
                balance_cents=each.balance,
                subject=each.transfer.reason_id,
                source=each.transfer.source_id,
                at=moment(each.transfer.at),
            )
            for each in statement.lines
        ],
        closing_balance=dollars(statement.closing.total, unit),
        closing_balance_cents=statement.closing.total,
        is_cut=statement.is_cut,
    )
