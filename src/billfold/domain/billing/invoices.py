"""Invoices: what Stripe billed to a project's customers, as Stripe last told it.

Amounts are whole minor units of the invoice's currency and may be negative where Stripe's are (a credited downgrade).
The link from a payment to its invoice is kept in a table of its own, because a payment's object does not name it any more
(Stripe's API version 2025-03-31 dropped `invoice` from payment intents and charges).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.ids import new_id
from billfold.domain.billing.customers import customers
from billfold.domain.billing.events import InvoiceCorrected, InvoicePaid
from billfold.domain.billing.freshness import is_older
from billfold.domain.billing.stripe_events import reopen_events
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.jobs.events import publish
from billfold.infrastructure.stripe.values import StripeInvoice

invoices = sa.Table(
    "invoices",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("stripe_invoice_id", sa.Text, nullable=False),
    sa.Column("stripe_subscription_id", sa.Text),
    sa.Column("number", sa.Text),
    # draft · open · paid · void · uncollectible
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("billing_reason", sa.Text),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("subtotal", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("total_excluding_tax", sa.BigInteger, nullable=False),
    sa.Column("amount_due", sa.BigInteger, nullable=False),
    sa.Column("amount_paid", sa.BigInteger, nullable=False),
    sa.Column("amount_remaining", sa.BigInteger, nullable=False),
    sa.Column("hosted_invoice_url", sa.Text),
    sa.Column("invoice_pdf", sa.Text),
    sa.Column("period_start", Moment, nullable=False),
    sa.Column("period_end", Moment, nullable=False),
    sa.Column("paid_at", Moment),
    # What credit notes gave back after it was paid, other than by refunds.
    sa.Column("amount_credited", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    # What its lines come to for each of Stripe's products, less discounts and tax: [[product id or null, amount], …].
    sa.Column("product_amounts", Json),
    # The wall clock when Stripe told what this row holds: an older answer never overwrites a newer one.
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("team_id", "stripe_invoice_id"),
    sa.Index("ix_invoices_customer_created", "project_id", "customer_id", "created_at", "id"),
)

invoice_payments = sa.Table(
    "invoice_payments",
    metadata,
    sa.Column("team_id", sa.Text, primary_key=True),
    sa.Column("stripe_payment_intent_id", sa.Text, primary_key=True),
    # None: the payment was seen first and waits for its invoice.
    sa.Column("invoice_id", sa.Text, sa.ForeignKey(invoices.c.id)),
    sa.Index("ix_invoice_payments_invoice_id", "invoice_id"),
)


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice of a customer; amounts are whole minor units of `currency`."""

    id: str
    team_id: str
    project_id: str
    customer_id: str
    stripe_invoice_id: str
    stripe_subscription_id: str | None
    number: str | None
    status: str
    billing_reason: str | None
    currency: str
    subtotal: int
    total: int
    total_excluding_tax: int
    amount_due: int
    amount_paid: int
    amount_remaining: int
    hosted_invoice_url: str | None
    invoice_pdf: str | None
    period_start: datetime
    period_end: datetime
    paid_at: datetime | None
    amount_credited: int
    product_amounts: list[tuple[str | None, int]] | None
    fetched_at: datetime
    created_at: datetime
    updated_at: datetime


_stripes = sa.and_(
    invoices.c.team_id == sa.bindparam("team_id"), invoices.c.stripe_invoice_id == sa.bindparam("stripe_invoice_id")
)
_ADD: Final = query(
    insert_row(invoices)
    .on_conflict_do_nothing(index_elements=["team_id", "stripe_invoice_id"])
    .returning(invoices.c.id),
    str,
)
_BY_STRIPE_ID: Final = query(sa.select(*invoices.c).where(_stripes), Invoice)
_LOCK: Final = query(sa.select(*invoices.c).where(_stripes).with_for_update(), Invoice)
_BY_PAYMENT: Final = query(
    sa.select(*invoices.c)
    .join(invoice_payments, invoice_payments.c.invoice_id == invoices.c.id)
    .where(
        invoice_payments.c.team_id == sa.bindparam("team_id"),
        invoice_payments.c.stripe_payment_intent_id == sa.bindparam("intent_id"),
    ),
    Invoice,
)
_OF_CUSTOMER: Final = query(
    sa.select(*invoices.c)
    .where(
        invoices.c.project_id == sa.bindparam("project_id"),
        invoices.c.customer_id == sa.bindparam("customer_id"),
        invoices.c.status != "draft",
    )
    .order_by(invoices.c.created_at.desc(), invoices.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    Invoice,
)
_UPDATED: Final = (
    "stripe_subscription_id", "number", "status", "billing_reason", "currency", "subtotal", "total",
    "total_excluding_tax", "amount_due", "amount_paid", "amount_remaining", "hosted_invoice_url", "invoice_pdf",
    "period_start", "period_end", "paid_at", "amount_credited", "product_amounts", "fetched_at", "updated_at",
)  # fmt: skip
_UPDATE: Final = command(
    sa.update(invoices)
    .where(invoices.c.id == sa.bindparam("invoice_id"), invoices.c.project_id == sa.bindparam("of_project_id"))
    .values({name: sa.bindparam(name, type_=invoices.c[name].type) for name in _UPDATED})
)
_new_payment = insert_row(invoice_payments)
_ADD_PAYMENT: Final = command(
    _new_payment.on_conflict_do_update(
        index_elements=["team_id", "stripe_payment_intent_id"],
        set_={"invoice_id": _new_payment.excluded.invoice_id},
        where=invoice_payments.c.invoice_id.is_(None),
    )
)
_EXPECT_INVOICE: Final = command(_new_payment.on_conflict_do_nothing())


async def store(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    value: StripeInvoice,
    fetched_at: datetime,
    at: datetime,
    now: datetime,
    announce: bool = True,
) -> Invoice:
    """Take over what Stripe says of an invoice, unless a newer answer is stored; return the row as it is now.

    The first time that it is paid publishes `InvoicePaid`, unless `announce` is False: an import of the past is no news. A paid
    one that is credited, or that Stripe takes back, publishes `InvoiceCorrected`.
    """
    fresh = _row_of(value, team_id, project_id, customer_id, fetched_at=fetched_at, at=at)
    known: Invoice | None = None
    if await tx.first(_ADD, **values_of(fresh)) is None:
        known = await tx.one(_LOCK, team_id=team_id, stripe_invoice_id=value.id)
        if is_older(fetched_at, known.fetched_at, now):
            return known
        fresh = _row_of(value, team_id, known.project_id, known.customer_id, fetched_at=fetched_at, at=at, known=known)
        changes: dict[str, Any] = {name: getattr(fresh, name) for name in _UPDATED}
        await tx.run(_UPDATE, invoice_id=known.id, of_project_id=known.project_id, **changes)
    is_linked = False
    for intent_id in value.payment_intent_ids:
        if await tx.run(_ADD_PAYMENT, team_id=team_id, stripe_payment_intent_id=intent_id, invoice_id=fresh.id):
            is_linked = True
            # Its events may have come first, and only the invoice tells which project it is in.
            await reopen_events(tx, team_id=team_id, subject_id=intent_id, now=now)
    is_first = fresh.status == "paid" and (known is None or known.paid_at is None)
    if is_first and announce:
        event = InvoicePaid(
            team_id=team_id, project_id=fresh.project_id, customer_id=fresh.customer_id, invoice_id=fresh.id
        )
        await publish(tx, event, happened_at=at, now=now)
    elif known is not None and known.paid_at is not None and (is_linked or _was_corrected(known, fresh)):
        # Of a payment that is its only now, a part may have been given back before.
        corrected = InvoiceCorrected(
            team_id=team_id, project_id=fresh.project_id, customer_id=fresh.customer_id, invoice_id=fresh.id
        )
        await publish(tx, corrected, happened_at=at, now=now)
    return fresh


async def find_by_stripe_id(tx: Reading, team_id: str, stripe_invoice_id: str) -> Invoice | None:
    """Return the invoice that stands for one of the team's Stripe account."""
    return await tx.first(_BY_STRIPE_ID, team_id=team_id, stripe_invoice_id=stripe_invoice_id)


async def find_by_payment(tx: Reading, team_id: str, stripe_payment_intent_id: str) -> Invoice | None:
    """Return the invoice that a payment intent paid, or None if it paid none or we have not seen it yet."""
    return await tx.first(_BY_PAYMENT, team_id=team_id, intent_id=stripe_payment_intent_id)


async def expect_invoice(tx: Writing, team_id: str, stripe_payment_intent_id: str) -> Invoice | None:
    """Return the invoice that a payment intent paid, or note that its payment waits for one.

    The note and the invoice's own link are the same row, so of two jobs at once one sees the other: either the payment
    finds its invoice here, or the invoice finds the note and has the payment's events looked at again.
    """
    await tx.run(_EXPECT_INVOICE, team_id=team_id, stripe_payment_intent_id=stripe_payment_intent_id, invoice_id=None)
    return await find_by_payment(tx, team_id, stripe_payment_intent_id)


async def invoices_of_customer(tx: Reading, project_id: str, customer_id: str, *, limit: int = 100) -> list[Invoice]:
    """Return a customer's invoices without drafts, newest first."""
    return await tx.all(_OF_CUSTOMER, project_id=project_id, customer_id=customer_id, limit=limit)


def _row_of(
    value: StripeInvoice,
    team_id: str,
    project_id: str,
    customer_id: str,
    *,
    fetched_at: datetime,
    at: datetime,
    known: Invoice | None = None,
) -> Invoice:
    credited = value.amount_credited
    if credited is None:
        credited = 0 if known is None else known.amount_credited
    return Invoice(
        id=new_id("inv_") if known is None else known.id,
        team_id=team_id,
        project_id=project_id,
        customer_id=customer_id,
        stripe_invoice_id=value.id,
        stripe_subscription_id=value.subscription_id,
        number=value.number,
        status=value.status,
        billing_reason=value.billing_reason,
        currency=value.currency,
        subtotal=value.subtotal,
        total=value.total,
        total_excluding_tax=value.total_excluding_tax,
        amount_due=value.amount_due,
        amount_paid=value.amount_paid,
        amount_remaining=value.amount_remaining,
        hosted_invoice_url=value.hosted_invoice_url,
        invoice_pdf=value.invoice_pdf,
        period_start=value.period_start,
        period_end=value.period_end,
        paid_at=_paid_at(value, known, at),
        amount_credited=credited,
        product_amounts=_product_amounts(value),
        fetched_at=fetched_at,
        created_at=value.created,
        updated_at=at,
    )


def _paid_at(value: StripeInvoice, known: Invoice | None, at: datetime) -> datetime | None:
    """Return when an invoice was paid: Stripe leaves the time out where it was marked as paid by hand."""
    if value.status != "paid":
        return None
    # Commissions go by this moment (their terms, rate, tier, and number), so asking again does not move it.
    heard = None if known is None else known.paid_at
    return value.paid_at or heard or at


def _was_corrected(known: Invoice, fresh: Invoice) -> bool:
    """Tell whether what was paid and kept of an invoice that was paid before is another amount now."""
    names = ("status", "amount_credited", "amount_paid", "total", "total_excluding_tax")
    return any(getattr(known, name) != getattr(fresh, name) for name in names)


def _product_amounts(value: StripeInvoice) -> list[tuple[str | None, int]]:
    amounts: dict[str | None, int] = {}
    for line in value.lines:
        amounts[line.product_id] = amounts.get(line.product_id, 0) + line.amount
    return list(amounts.items())
