"""What the customers who were brought have paid: the facts that payment rules earn on, read from billing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.invoices import invoice_payments, invoices
from billfold.domain.billing.payments import payments
from billfold.domain.billing.products import products
from billfold.domain.referrals.derivations import Payment, payment_base
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, query, row_tuple


@dataclass(frozen=True, slots=True)
class _PaidInvoice:
    id: str
    customer_id: str
    team_id: str
    currency: str
    amount_paid: int
    total: int
    total_excluding_tax: int
    amount_credited: int
    product_amounts: list[tuple[str | None, int]] | None
    paid_at: datetime
    amount_refunded: int


# A refund and a lost or open dispute both took the money back; `payment_base` never goes below zero.
_taken_back = sa.func.sum(payments.c.amount_refunded + payments.c.amount_disputed)
_PAID: Final = query(
    sa.select(
        invoices.c.id,
        invoices.c.customer_id,
        invoices.c.team_id,
        invoices.c.currency,
        invoices.c.amount_paid,
        invoices.c.total,
        invoices.c.total_excluding_tax,
        invoices.c.amount_credited,
        invoices.c.product_amounts,
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
        any_of(invoices.c.customer_id, "customer_ids"),
        invoices.c.status == "paid",
    )
    .group_by(invoices.c.id),
    _PaidInvoice,
)
_OUR_PRODUCTS: Final = query(
    sa.select(products.c.stripe_product_id, products.c.id).where(
        products.c.team_id == sa.bindparam("team_id"), any_of(products.c.stripe_product_id, "stripe_product_ids")
    ),
    row_tuple,
)


async def payments_since(tx: Reading, *, project_id: str, customer_id: str, since: datetime) -> tuple[Payment, ...]:
    """Return what a customer paid since a moment, each invoice with the part of it that counts; also those of nothing."""
    every = await payments_of(tx, project_id=project_id, customer_ids=[customer_id])
    # Stripe's times are whole seconds: a payment in the second of the claim came after it.
    begin = since.replace(microsecond=0)
    return tuple(each for each in every.get(customer_id, ()) if each.paid_at >= begin)


async def payments_of(tx: Reading, *, project_id: str, customer_ids: Sequence[str]) -> dict[str, list[Payment]]:
    """Return what some customers paid, by customer, in no order."""
    paid = await tx.all(_PAID, project_id=project_id, customer_ids=list(customer_ids))
    ours = await _our_products(tx, paid)
    found: dict[str, list[Payment]] = {}
    for invoice in paid:
        found.setdefault(invoice.customer_id, []).append(_payment(invoice, ours))
    return found


async def _our_products(tx: Reading, paid: Sequence[_PaidInvoice]) -> Mapping[str, str]:
    # An invoice of one product needs no spreading unless that product has a rate of its own, so every one is looked up.
    wanted = {product_id for each in paid for product_id, _ in each.product_amounts or () if product_id is not None}
    if not wanted:
        return {}
    return dict(await tx.all(_OUR_PRODUCTS, team_id=paid[0].team_id, stripe_product_ids=sorted(wanted)))


def _payment(invoice: _PaidInvoice, ours: Mapping[str, str]) -> Payment:
    # PostgreSQL sums whole numbers to a decimal.
    taken_back = int(invoice.amount_refunded) + invoice.amount_credited
    amounts = {
        "amount_paid": invoice.amount_paid,
        "total": invoice.total,
        "total_excluding_tax": invoice.total_excluding_tax,
    }
    return Payment(
        id=invoice.id,
        currency=invoice.currency,
        base_cents=payment_base(**amounts, amount_refunded=taken_back),
        paid_at=invoice.paid_at,
        gross_cents=payment_base(**amounts, amount_refunded=0),
        products=tuple(
            (None if product_id is None else ours.get(product_id), amount)
            for product_id, amount in invoice.product_amounts or ()
        ),
        **amounts,
        taken_back=taken_back,
    )
