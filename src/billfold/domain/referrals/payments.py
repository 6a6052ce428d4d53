"""What the customers who were brought have paid: the facts that payment rules earn on, read from billing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.invoices import invoice_payments, invoices
from billfold.domain.billing.payments import payments
from billfold.domain.referrals.derivations import Payment, payment_base
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.db.types import Moment


@dataclass(frozen=True, slots=True)
class _PaidInvoice:
    id: str
    currency: str
    amount_paid: int
    total: int
    total_excluding_tax: int
    paid_at: datetime
    amount_refunded: int


# A refund and a lost or open dispute both took the money back; `payment_base` never goes below zero.
_taken_back = sa.func.sum(payments.c.amount_refunded + payments.c.amount_disputed)
_PAID: Final = query(
    sa.select(
        invoices.c.id,
        invoices.c.currency,
        invoices.c.amount_paid,
        invoices.c.total,
        invoices.c.total_excluding_tax,
        invoices.c.paid_at,
        sa.func.coalesce(_taken_back, 0).label("amount_refunded"),
    )
    .outerjoin(invoice_payments, invoice_payments.c.invoice_id == invoices.c.id)
    .outerjoin(
        payments,
        sa.and_(
            payments.c.team_id == invoice_payments.c.team_id,
            payments.c.stripe_payment_id == invoice_payments.c.stripe_payment_intent_id,
        ),
    )
    .where(
        invoices.c.project_id == sa.bindparam("project_id"),
        invoices.c.customer_id == sa.bindparam("customer_id"),
        invoices.c.status == "paid",
        invoices.c.amount_paid > 0,
        invoices.c.paid_at >= sa.bindparam("since", type_=Moment()),
    )
    .group_by(invoices.c.id),
    _PaidInvoice,
)


async def payments_since(tx: Reading, *, project_id: str, customer_id: str, since: datetime) -> tuple[Payment, ...]:
    """Return what a customer paid since a moment, each invoice with the part of it that counts."""
    paid = await tx.all(
        # Stripe's times are whole seconds: a payment in the second of the claim came after it.
        _PAID,
        project_id=project_id,
        customer_id=customer_id,
        since=since.replace(microsecond=0),
    )
    return tuple(
        Payment(
            id=invoice.id,
            currency=invoice.currency,
            base_cents=payment_base(
                amount_paid=invoice.amount_paid,
                total=invoice.total,
                total_excluding_tax=invoice.total_excluding_tax,
                # PostgreSQL sums whole numbers to a decimal.
                amount_refunded=int(invoice.amount_refunded),
            ),
            paid_at=invoice.paid_at,
        )
        for invoice in paid
    )
