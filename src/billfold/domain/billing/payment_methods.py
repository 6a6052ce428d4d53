"""Ways to pay: a checkout that only saves a card, and what makes that card the one that is charged (contract G16).

Stripe's setup-mode checkout (`card_setups.py`) saves a card and charges nobody with it. When it is finished, its setup intent is
fetched, routed by the metadata that we put on it, and noted here: one row for each customer, the card that was made last. A
job then makes this card the default of the Stripe customer and of the customer's live subscriptions in this project. Doing it
again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import customers
from billfold.domain.billing.metadata import CUSTOMER_STAMP, PROJECT_STAMP
from billfold.domain.billing.portal_subscriptions import live_of_customer
from billfold.domain.billing.routing import Route
from billfold.domain.billing.subscriptions import FINAL, Subscription
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected
from billfold.infrastructure.stripe.values import StripePaymentMethod, StripeSetupIntent

MAKE_DEFAULT_JOB: Final = "payment_methods.make_default"

payment_method_changes = sa.Table(
    "payment_method_changes",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("stripe_payment_method_id", sa.Text, nullable=False),
    # Stripe's time at which the card was typed in: the newest card wins, in whatever order the events come.
    sa.Column("method_created", Moment, nullable=False),
    # The wall clock when Stripe knew it as the default everywhere; NULL: the job is under way.
    sa.Column("applied_at", Moment),
)


@dataclass(frozen=True, slots=True)
class PaymentMethodChange:
    """The newest card that a customer saved, with the Stripe customer who has it."""

    project_id: str
    customer_id: str
    team_id: str
    stripe_payment_method_id: str
    stripe_customer_id: str


_new = insert(payment_method_changes).values(
    {
        each.name: sa.bindparam(each.name, type_=each.type)
        for each in payment_method_changes.c
        if each.name != "applied_at"
    }
)
_NOTE: Final = query(
    _new.on_conflict_do_update(
        index_elements=["project_id", "customer_id"],
        set_={
            "stripe_payment_method_id": _new.excluded.stripe_payment_method_id,
            "method_created": _new.excluded.method_created,
            "applied_at": None,
        },
        where=sa.and_(
            payment_method_changes.c.method_created <= _new.excluded.method_created,
            payment_method_changes.c.stripe_payment_method_id != _new.excluded.stripe_payment_method_id,
        ),
    ).returning(payment_method_changes.c.customer_id),
    str,
)
_mine = sa.and_(
    payment_method_changes.c.project_id == sa.bindparam("project_id"),
    payment_method_changes.c.customer_id == sa.bindparam("customer_id"),
)
_FIND: Final = query(
    sa.select(
        payment_method_changes.c.project_id,
        payment_method_changes.c.customer_id,
        payment_method_changes.c.team_id,
        payment_method_changes.c.stripe_payment_method_id,
        customers.c.stripe_customer_id,
    )
    .join(customers, customers.c.id == payment_method_changes.c.customer_id)
    .where(_mine, payment_method_changes.c.applied_at.is_(None), customers.c.deleted_at.is_(None)),
    PaymentMethodChange,
)
_APPLIED: Final = command(
    sa.update(payment_method_changes)
    .where(
        _mine,
        payment_method_changes.c.stripe_payment_method_id == sa.bindparam("method_id"),
    )
    .values(applied_at=sa.bindparam("now", type_=Moment()))
)


async def current_payment_method(
    db: Database, stripe: StripeGateway, *, project_id: str, customer_id: str
) -> StripePaymentMethod | None:
    """Ask Stripe what the customer's next invoice in this project is charged to."""
    customer = await db.read(customer_rows.get, project_id, customer_id)
    if not customer.stripe_customer_id:
        # Made from a token, and never yet asked to pay anything.
        return None
    live = await db.read(live_of_customer, project_id, customer_id)
    subscription_id = live[0].stripe_subscription_id if live else None
    return await stripe.get_default_payment_method(customer.stripe_customer_id, subscription_id=subscription_id)


async def note_saved(tx: Writing, value: StripeSetupIntent, way: Route, *, team_id: str, now: datetime) -> None:
    """Note the card of a setup that we opened, and leave the job that makes it the default.

    One that carries no stamp of ours, or that of another customer, was not opened by the portal: nothing happens.
    """
    method, project_id, customer_id = value.method, way.project_id, way.customer_id
    if method is None or value.status != "succeeded" or customer_id is None:
        return
    if value.metadata.get(PROJECT_STAMP) != project_id or value.metadata.get(CUSTOMER_STAMP) != customer_id:
        return
    noted = await tx.first(
        _NOTE,
        project_id=project_id,
        customer_id=customer_id,
        team_id=team_id,
        stripe_payment_method_id=method.id,
        method_created=method.created,
    )
    if noted is not None:
        # One job for each customer: two of his cards are never made the default at once.
        payload = {"team_id": team_id, "project_id": project_id, "customer_id": customer_id}
        await enqueue(tx, MAKE_DEFAULT_JOB, payload, now=now, key=customer_id, team_id=team_id)


async def find_change(
    tx: Reading, project_id: str, customer_id: str
) -> tuple[PaymentMethodChange, list[Subscription]] | None:
    """Return the card that must still be made the default and the subscriptions that it is for; None if there is none."""
    change = await tx.first(_FIND, project_id=project_id, customer_id=customer_id)
    if change is None:
        return None
    return change, await live_of_customer(tx, project_id, customer_id)


async def make_default(stripe: StripeGateway, change: PaymentMethodChange, live: list[Subscription]) -> None:
    """Tell Stripe that a card is the default of its customer and of these subscriptions; one that ended meanwhile needs none."""
    method_id = change.stripe_payment_method_id
    await stripe.set_default_payment_method(change.stripe_customer_id, method_id)
    for each in live:
        try:
            await stripe.set_subscription_payment_method(each.stripe_subscription_id, method_id)
        except StripeRejected:
            found = await stripe.get_subscription(each.stripe_subscription_id)
            if found is not None and found.status not in FINAL:
                raise


async def mark_applied(tx: Writing, change: PaymentMethodChange, now: datetime) -> None:
    """Note that Stripe knows a card as the default; a newer one that was saved meanwhile stays to be done."""
    await tx.run(
        _APPLIED,
        project_id=change.project_id,
        customer_id=change.customer_id,
        method_id=change.stripe_payment_method_id,
        now=now,
    )
