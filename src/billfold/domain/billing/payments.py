"""Payments: money that moved from a project's customers, with how much of it went back.

One row for each payment intent, or for a charge without one. Amounts are whole minor units of the payment's currency.
Refunds and disputes are not added up from events: Stripe's own sum on the object is what counts, so a refund that failed or
a dispute that was won simply changes the sum back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.domain.billing.customers import customers
from billfold.domain.billing.events import CardShared, PaymentRefunded, PaymentSettled
from billfold.domain.billing.freshness import is_older
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.events import Event, publish
from billfold.infrastructure.stripe.values import StripePayment

SUCCEEDED: Final = "succeeded"

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    # None for somebody who paid without being a customer of the project.
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id)),
    # The payment intent's id, or the charge's where there is no intent.
    sa.Column("stripe_payment_id", sa.Text, nullable=False),
    sa.Column("stripe_charge_id", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("amount_received", sa.BigInteger, nullable=False),
    sa.Column("amount_refunded", sa.BigInteger, nullable=False),
    sa.Column("disputed", sa.Boolean, nullable=False),
    # What disputes took back and have not given back.
    sa.Column("amount_disputed", sa.BigInteger, nullable=False),
    sa.Column("failure_message", sa.Text),
    # Stripe's own name for the card or bank account: the same for every use of it in this Stripe account.
    sa.Column("card_fingerprint", sa.Text),
    # The wall clock when Stripe told what this row holds: an older answer never overwrites a newer one.
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("team_id", "stripe_payment_id"),
    sa.Index("ix_payments_customer_created", "project_id", "customer_id", "created_at", "id"),
    sa.Index(
        "ix_payments_card",
        "project_id",
        "card_fingerprint",
        "customer_id",
        sqlite_where=sa.text("card_fingerprint IS NOT NULL"),
        postgresql_where=sa.text("card_fingerprint IS NOT NULL"),
    ),
)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment in a project; amounts are whole minor units of `currency`."""

    id: str
    team_id: str
    project_id: str
    customer_id: str | None
    stripe_payment_id: str
    stripe_charge_id: str | None
    status: str
    currency: str
    amount: int
    amount_received: int
    amount_refunded: int
    disputed: bool
    amount_disputed: int
    failure_message: str | None
    card_fingerprint: str | None
    fetched_at: datetime
    created_at: datetime
    updated_at: datetime


_stripes = sa.and_(
    payments.c.team_id == sa.bindparam("team_id"), payments.c.stripe_payment_id == sa.bindparam("stripe_payment_id")
)
_ADD: Final = query(
    insert_row(payments)
    .on_conflict_do_nothing(index_elements=["team_id", "stripe_payment_id"])
    .returning(payments.c.id),
    str,
)
_BY_STRIPE_ID: Final = query(sa.select(*payments.c).where(_stripes), Payment)
_LOCK: Final = query(sa.select(*payments.c).where(_stripes).with_for_update(), Payment)
_GET: Final = query(
    sa.select(*payments.c).where(
        payments.c.project_id == sa.bindparam("project_id"), payments.c.id == sa.bindparam("payment_id")
    ),
    Payment,
)
_OTHERS_WITH_CARD: Final = query(
    sa.select(payments.c.customer_id)
    .where(
        payments.c.project_id == sa.bindparam("project_id"),
        payments.c.card_fingerprint == sa.bindparam("fingerprint"),
        payments.c.customer_id != sa.bindparam("customer_id"),
    )
    .limit(1),
    str,
)
_UPDATED: Final = (
    "customer_id", "stripe_charge_id", "status", "currency", "amount", "amount_received", "amount_refunded", "disputed",
    "amount_disputed", "failure_message", "card_fingerprint", "fetched_at", "updated_at",
)  # fmt: skip
_UPDATE: Final = command(
    sa.update(payments)
    .where(payments.c.id == sa.bindparam("payment_id"), payments.c.project_id == sa.bindparam("of_project_id"))
    .values({name: sa.bindparam(name, type_=payments.c[name].type) for name in _UPDATED})
)


async def store(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    customer_id: str | None,
    value: StripePayment,
    fetched_at: datetime,
    at: datetime,
    now: datetime,
    announce: bool = True,
) -> Payment:
    """Take over what Stripe says of a payment, unless a newer answer is stored; return the row as it is now.

    A change of the refunded amount or of the dispute publishes `PaymentRefunded`, in either direction; a success or a failed
    attempt alone publishes `PaymentSettled`. Nothing is published if `announce` is False and the payment was unknown: an
    import of the past is no news.
    """
    fresh = Payment(
        id=new_id("pay_"),
        team_id=team_id,
        project_id=project_id,
        customer_id=customer_id,
        stripe_payment_id=stripe_payment_id_of(value),
        stripe_charge_id=value.charge_id,
        status=value.status,
        currency=value.currency,
        amount=value.amount,
        amount_received=value.amount_received,
        amount_refunded=value.amount_refunded,
        disputed=value.disputed,
        amount_disputed=value.amount_disputed,
        failure_message=value.failure_message,
        card_fingerprint=value.fingerprint,
        fetched_at=fetched_at,
        created_at=value.created,
        updated_at=at,
    )
    known: Payment | None = None
    if await tx.first(_ADD, **values_of(fresh)) is None:
        known = await tx.one(_LOCK, team_id=team_id, stripe_payment_id=fresh.stripe_payment_id)
        if is_older(fetched_at, known.fetched_at, now):
            return known
        changes = {name: getattr(fresh, name) for name in _UPDATED}
        changes["customer_id"] = known.customer_id or customer_id
        await tx.run(_UPDATE, payment_id=known.id, of_project_id=known.project_id, **changes)
        fresh = await tx.one(_BY_STRIPE_ID, team_id=team_id, stripe_payment_id=fresh.stripe_payment_id)
    if known is not None or announce:
        await _publish_changes(tx, known, fresh, at=at, now=now)
    if (known is None or known.card_fingerprint != fresh.card_fingerprint) and await _is_card_of_others(tx, fresh):
        shared = CardShared(
            team_id=team_id, project_id=project_id, customer_id=fresh.customer_id or "", payment_id=fresh.id
        )
        await publish(tx, shared, happened_at=at, now=now)
    return fresh


async def _publish_changes(tx: Writing, known: Payment | None, fresh: Payment, *, at: datetime, now: datetime) -> None:
    """Publish one event for all that changed, or none."""
    changes: list[str] = []
    if fresh.status == SUCCEEDED and (known is None or known.status != SUCCEEDED):
        changes.append("payment.succeeded")
    # Each attempt at a payment has a charge of its own; one that failed before there was a charge says so in its message.
    failure = (fresh.stripe_charge_id, fresh.failure_message)
    is_new_failure = known is None or failure != (known.stripe_charge_id, known.failure_message)
    if fresh.status != SUCCEEDED and fresh.failure_message is not None and is_new_failure:
        changes.append("payment.failed")
    taken_back = (0, 0, False) if known is None else _taken_back(known)
    if taken_back[0] != fresh.amount_refunded:
        changes.append("payment.refunded")
    if taken_back[1:] != (fresh.amount_disputed, fresh.disputed):
        changes.append("payment.disputed")
    if not changes:
        return
    event: Event
    if taken_back == _taken_back(fresh) or fresh.customer_id is None:
        event = PaymentSettled(fresh.team_id, fresh.project_id, fresh.customer_id, fresh.id, tuple(changes))
    else:
        event = PaymentRefunded(fresh.team_id, fresh.project_id, fresh.customer_id, fresh.id, tuple(changes))
    await publish(tx, event, happened_at=at, now=now)


def _taken_back(payment: Payment) -> tuple[int, int, bool]:
    return payment.amount_refunded, payment.amount_disputed, payment.disputed


def stripe_payment_id_of(value: StripePayment) -> str:
    """Return the id under which a payment is kept: the intent's, or the charge's where there is none."""
    return value.intent_id or value.charge_id or ""


async def get(tx: Reading, project_id: str, payment_id: str) -> Payment:
    """Return a payment of the project or raise `NotFound`."""
    payment = await tx.first(_GET, project_id=project_id, payment_id=payment_id)
    if payment is None:
        raise NotFound("Payment not found.")
    return payment


async def find_by_stripe_id(tx: Reading, team_id: str, stripe_payment_id: str) -> Payment | None:
    """Return the payment that stands for an intent or charge of the team's Stripe account."""
    return await tx.first(_BY_STRIPE_ID, team_id=team_id, stripe_payment_id=stripe_payment_id)


async def _is_card_of_others(tx: Reading, payment: Payment) -> bool:
    if payment.card_fingerprint is None or payment.customer_id is None:
        return False
    other = await tx.first(
        _OTHERS_WITH_CARD,
        project_id=payment.project_id,
        fingerprint=payment.card_fingerprint,
        customer_id=payment.customer_id,
    )
    return other is not None
