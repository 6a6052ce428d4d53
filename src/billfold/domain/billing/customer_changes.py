"""What of a customer is news: that there is one, and what the API shows of one differently."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from billfold.domain.billing.events import CustomerCreated, CustomerDeleted, CustomerUpdated
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish

if TYPE_CHECKING:
    from billfold.domain.billing.customers import Customer


async def publish_created(tx: Writing, customer: Customer) -> None:
    """Publish that there is a new customer."""
    event = CustomerCreated(customer.team_id, customer.project_id, customer.id)
    # The wall clock of its making: Stripe was asked then, or nobody.
    await publish(tx, event, happened_at=customer.created_at, now=customer.fetched_at)


async def publish_update(tx: Writing, old: Customer, fresh: Customer, *, at: datetime, now: datetime) -> None:
    """Publish that a customer changed, if the API shows it."""
    if _shown(old) != _shown(fresh):
        event = CustomerUpdated(fresh.team_id, fresh.project_id, fresh.id)
        await publish(tx, event, happened_at=at, now=now)


async def publish_deleted(
    tx: Writing, *, team_id: str, project_id: str, customer_id: str, at: datetime, now: datetime
) -> None:
    """Publish that a customer is gone."""
    await publish(tx, CustomerDeleted(team_id, project_id, customer_id), happened_at=at, now=now)


def _shown(customer: Customer) -> tuple[object, ...]:
    return customer.email, customer.name, customer.stripe_customer_id, customer.metadata
