"""Why a payment earned what it did, or nothing: read from what is stored, worked out anew (issue 6, section 2).

`explain` answers for a customer, a payment or a reward. It reads a bounded number of rows by indexes, however many clicks there
are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.domain.analytics.customer_list import names_of
from billfold.domain.analytics.explanation import (
    NO_INVOICE,
    Explanation,
    Line,
    PaymentExplanation,
    ProgramDecision,
    outcome_of,
    rule_outcomes,
    steps_of,
)
from billfold.domain.analytics.reward_books import RewardBooks, books_of
from billfold.domain.billing import customers
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.invoices import Invoice, invoice_payments, invoices, invoices_of_customer
from billfold.domain.billing.payments import payments
from billfold.domain.ledger.transfers import Transfer
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals import terms as terms_rows
from billfold.domain.referrals import voids
from billfold.domain.referrals.attribution import Facts, attribution_locks, facts_of, is_own_claim
from billfold.domain.referrals.attribution_rules import judge
from billfold.domain.referrals.payment_rewards import earnings_of, versions_of
from billfold.domain.referrals.payment_rewards import facts_of as payment_facts
from billfold.domain.referrals.payments import payments_since
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.referrals import Referral, referrals
from billfold.domain.referrals.rules import Earning
from billfold.domain.referrals.terms import TermsVersion
from billfold.domain.referrals.terms_dates import timeline
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query

# As many as a page can show; `payment` and `reward` find older ones, too.
_MOST_PAYMENTS: Final = 100


@dataclass(frozen=True, slots=True)
class _Subject:
    customer_id: str | None
    invoice_id: str | None


@dataclass(frozen=True, slots=True)
class _Loose:
    """A payment that paid no invoice."""

    id: str
    currency: str
    amount_received: int
    created_at: datetime


_OF_INVOICE: Final = query(
    sa.select(invoices.c.customer_id, invoices.c.id.label("invoice_id")).where(
        invoices.c.project_id == sa.bindparam("project_id"), invoices.c.id == sa.bindparam("subject_id")
    ),
    _Subject,
)
_OF_PAYMENT: Final = query(
    sa.select(
        payments.c.customer_id, sa.func.coalesce(invoice_payments.c.invoice_id, payments.c.id).label("invoice_id")
    )
    .outerjoin(
        invoice_payments,
        sa.and_(
            invoice_payments.c.team_id == payments.c.team_id,
            invoice_payments.c.stripe_payment_intent_id == payments.c.stripe_payment_id,
        ),
    )
    .where(payments.c.project_id == sa.bindparam("project_id"), payments.c.id == sa.bindparam("subject_id")),
    _Subject,
)
_OF_REWARD: Final = query(
    sa.select(referrals.c.referee_id.label("customer_id"), reward_rows.rewards.c.source_id.label("invoice_id"))
    .join_from(reward_rows.rewards, referrals, referrals.c.id == reward_rows.rewards.c.referral_id)
    .where(
        reward_rows.rewards.c.project_id == sa.bindparam("project_id"),
        reward_rows.rewards.c.id == sa.bindparam("subject_id"),
    ),
    _Subject,
)
_INVOICE: Final = query(
    sa.select(*invoices.c).where(
        invoices.c.project_id == sa.bindparam("project_id"), invoices.c.id == sa.bindparam("invoice_id")
    ),
    Invoice,
)
_LOOSE: Final = query(
    sa.select(payments.c.id, payments.c.currency, payments.c.amount_received, payments.c.created_at)
    .outerjoin(
        invoice_payments,
        sa.and_(
            invoice_payments.c.team_id == payments.c.team_id,
            invoice_payments.c.stripe_payment_intent_id == payments.c.stripe_payment_id,
        ),
    )
    .where(
        payments.c.project_id == sa.bindparam("project_id"),
        payments.c.customer_id == sa.bindparam("customer_id"),
        payments.c.amount_received > 0,
        invoice_payments.c.invoice_id.is_(None),
    )
    .order_by(payments.c.created_at.desc(), payments.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    _Loose,
)
_LOCKED_AT: Final = query(
    sa.select(attribution_locks.c.paid_at).where(
        attribution_locks.c.project_id == sa.bindparam("project_id"),
        attribution_locks.c.customer_id == sa.bindparam("customer_id"),
    ),
    datetime,
)


async def explain(
    tx: Reading,
    project_id: str,
    *,
    customer_id: str | None = None,
    payment_id: str | None = None,
    reward_id: str | None = None,
    at: datetime,
) -> Explanation:
    """Explain a customer, or of a customer one payment (an invoice's or a payment's id) or one reward; raises `NotFound`."""
    asked = _Subject(customer_id, None)
    if reward_id is not None:
        asked = await _find(tx, project_id, reward_id, [_OF_REWARD], "Reward not found.")
    elif payment_id is not None:
        asked = await _find(tx, project_id, payment_id, [_OF_INVOICE, _OF_PAYMENT], "Payment not found.")
    if asked.customer_id is None:
        raise NotFound("This is about nobody who is a customer of the project.")
    customer = await customers.get(tx, project_id, asked.customer_id)
    facts = await facts_of(tx, project_id, customer.id, signed_up_at=customer.created_at, at=at)
    decisions = [await _decision(tx, facts, program.id) for program in facts.programs if _concerns(facts, program)]
    billed = await _billed(tx, project_id, customer.id, asked.invoice_id)
    explained = await _payments(tx, customer, facts, decisions, billed)
    people = {customer.id, *(each.referrer_id for each in facts.referrals)}
    people |= {touch.referrer_id for touch in facts.touches if touch.referrer_id is not None}
    of_referrals = await voids.voids_of(tx, project_id, [each.id for each in facts.referrals])
    locked_at: datetime | None = await tx.first(_LOCKED_AT, project_id=project_id, customer_id=customer.id)
    return Explanation(
        customer=customer,
        timeline=facts.timeline,
        locked_at=locked_at,
        decisions=decisions,
        referrals=facts.referrals,
        referral_voids=of_referrals,
        payments=explained,
        people=await names_of(tx, project_id, sorted(people)),
        payment_id=asked.invoice_id,
        reward_id=reward_id,
    )


async def _find(tx: Reading, project_id: str, subject_id: str, statements: Sequence[object], message: str) -> _Subject:
    for statement in statements:
        found: _Subject | None = await tx.first(statement, project_id=project_id, subject_id=subject_id)  # type: ignore[arg-type]
        if found is not None:
            return found
    raise NotFound(message)


def _concerns(facts: Facts, program: Program) -> bool:
    # A program that waits for payments is asked about each of them, also where nothing was seen.
    if program.content.converts_on == "payment" or any(each.program_id == program.id for each in facts.referrals):
        return True
    return any(touch.program_id == program.id for touch in facts.touches)


async def _decision(tx: Reading, facts: Facts, program_id: str) -> ProgramDecision:
    program = next(each for each in facts.programs if each.id == program_id)
    claim = next((each for each in facts.referrals if each.program_id == program_id), None)
    terms_id = program.terms_id if claim is None else claim.terms_id
    version = await terms_rows.get_version(tx, program.project_id, terms_id)
    # What is about no program of the project (an unknown code, its own coupons) is shown with each.
    seen = [touch for touch in facts.touches if touch.program_id in {program_id, None}]
    decision = judge(seen, version.content, facts.timeline)
    return ProgramDecision(
        program_id=program_id,
        program_key=program.key,
        terms_id=version.id,
        terms_version=version.version,
        terms=version.content,
        rules=rule_outcomes(version.content, decision, seen),
        touches=[(touch, decision.reason(touch)) for touch in seen],
        claimed_by_app=claim is not None and is_own_claim(claim, seen),
    )


async def _billed(tx: Reading, project_id: str, customer_id: str, invoice_id: str | None) -> list[Invoice]:
    found = await invoices_of_customer(tx, project_id, customer_id, limit=_MOST_PAYMENTS)
    if invoice_id is not None and all(each.id != invoice_id for each in found):
        old = await tx.first(_INVOICE, project_id=project_id, invoice_id=invoice_id)
        found += [] if old is None else [old]
    return found


async def _payments(
    tx: Reading,
    customer: Customer,
    facts: Facts,
    decisions: Sequence[ProgramDecision],
    billed: Sequence[Invoice],
) -> list[PaymentExplanation]:
    by_invoice: dict[str, list[Line]] = defaultdict(list)
    known = {each.id: each for each in billed}
    for referral in facts.referrals:
        if referral.converted_at is None:
            continue
        for line in await _lines(tx, referral, known):
            by_invoice[line.derivation.payment.id].append(line)
    of_referrals = await voids.voids_of(tx, customer.project_id, [each.id for each in facts.referrals])
    found = []
    for invoice in billed:
        lines = by_invoice.get(invoice.id, [])
        outcome = outcome_of(invoice, lines, next(iter(facts.referrals), None), of_referrals, decisions)
        found.append(
            PaymentExplanation(
                id=invoice.id,
                number=invoice.number,
                currency=invoice.currency,
                paid_at=invoice.paid_at,
                created_at=invoice.created_at,
                amount_paid=invoice.amount_paid,
                outcome=outcome,
                lines=lines,
            )
        )
    loose = await tx.all(_LOOSE, project_id=customer.project_id, customer_id=customer.id, limit=_MOST_PAYMENTS)
    found += [
        PaymentExplanation(
            each.id, None, each.currency, each.created_at, each.created_at, each.amount_received, NO_INVOICE, []
        )
        for each in loose
    ]
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)


async def _lines(tx: Reading, referral: Referral, known: Mapping[str, Invoice]) -> list[Line]:
    line = await timeline(tx, referral.project_id, referral.program_id)
    if referral.referee_id is None or not await line.may_earn_on_payments(referral.terms_id):
        return []
    paid = await payments_since(
        tx, project_id=referral.project_id, customer_id=referral.referee_id, since=referral.created_at
    )
    versions = await versions_of(line, referral, paid)
    earned = earnings_of(versions, await payment_facts(tx, referral, paid, versions))
    books = await books_of(tx, referral)
    return [_line(referral, each, versions, books, known) for each in earned if each.source_id in known]


def _line(
    referral: Referral,
    earning: Earning,
    versions: Mapping[str, TermsVersion],
    books: RewardBooks,
    known: Mapping[str, Invoice],
) -> Line:
    derivation = earning.derivation
    if derivation is None:
        raise ValueError("what a payment earns has a derivation")
    reward = books.rewards.get(earning.key)
    void = None if reward is None else books.voids.get(reward.id)
    transfers = [] if reward is None else books.transfers.get(reward.id, [])
    posted = sum(_signed(each) for each in transfers)
    wanted = 0 if void is not None else earning.amount
    return Line(
        referral_id=referral.id,
        earner_id=earning.earner_id,
        derivation=derivation,
        terms_version=versions[earning.source_id].version,
        steps=steps_of(known[earning.source_id], derivation),
        reward=reward,
        void=void,
        transfers=transfers,
        payouts=[] if reward is None else books.payouts.get(reward.id, []),
        agrees=posted == wanted == (0 if reward is None else reward.amount),
    )


def _signed(transfer: Transfer) -> int:
    if transfer.kind in {"earn", "award"}:
        return transfer.amount
    return -transfer.amount if transfer.kind == "reverse" else 0
