"""Which Stripe customer stands behind a new customer: an existing one with the same address, or a new one (contract G8).

Two projects of a team may share one Stripe account and one e-mail address. So a Stripe customer is taken over only if no
project has claimed it, or this one has, and it is stamped with the project at once: invoices and cards never show up in
the other project, and its events find their way here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

import structlog

from billfold.base.errors import BillfoldError, Conflict
from billfold.domain.billing import customers
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.freshness import asked_after
from billfold.domain.billing.metadata import PROJECT_STAMP, Metadata, replaced, stamped
from billfold.domain.billing.sync import IMPORT_JOB, import_customer
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeCustomer

_log = structlog.get_logger(__name__)
_LIVE: Final = frozenset({"active", "trialing", "past_due", "unpaid", "paused"})

# The import happens at once; the job that repeats it is for when that failed.
_IMPORT_AGAIN: Final = timedelta(seconds=20)

Result = TypeVar("Result")
P = ParamSpec("P")


class Write(Protocol):
    """How a unit is written: `db.write`, or an entrypoint's version of it that records the answer in the same unit."""

    async def __call__(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run the unit; return after it is durable."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """What a caller wants: `email` and `metadata` are already checked."""

    team_id: str
    project_id: str
    email: str
    name: str | None
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """What a caller wants changed; None leaves a field as it is, `name=""` clears it."""

    email: str | None = None
    name: str | None = None
    metadata: Metadata | None = None


async def create_customer(
    db: Database,
    stripe: StripeGateway,
    request: CustomerRequest,
    *,
    idempotency_key: str,
    write: Write,
    at: datetime,
    now: datetime,
) -> Customer:
    """Create a customer in Stripe and here, or link to the Stripe customer that has the address already.

    Raises `Conflict` if the project has the address. Of two requests for it at once the unique index lets one through, and
    the other's fresh Stripe customer is deleted again. After linking, that customer's subscriptions and invoices are
    imported (contract G9).
    """
    await db.read(_refuse_duplicate, request.project_id, request.email)
    found = await _linkable(db, stripe, request)
    if found is None:
        behind = await stripe.create_customer(
            email=request.email,
            name=request.name,
            metadata=stamped(request.metadata, {PROJECT_STAMP: request.project_id}),
            idempotency_key=idempotency_key,
        )
    else:
        behind = await stripe.update_customer(
            found.id,
            name=request.name,
            metadata=stamped(request.metadata, {PROJECT_STAMP: request.project_id}),
        )
    row = customers.new_customer(
        team_id=request.team_id,
        project_id=request.project_id,
        email=request.email,
        name=request.name or behind.name or None,
        stripe_customer_id=behind.id,
        metadata=request.metadata,
        at=at,
        now=now,
    )
    try:
        customer = await write(customers.add_customer if found is None else _add_linked, row)
    except Conflict:
        # The request that won may have found and linked our fresh Stripe customer: then it is no orphan.
        if found is None and not await db.read(_is_taken, request.team_id, behind.id):
            await _delete_orphan(stripe, behind.id)
        raise
    if found is not None:
        await _import(db, stripe, customer, now=now)
    return customer


async def update_customer(
    db: Database,
    stripe: StripeGateway,
    *,
    project_id: str,
    customer_id: str,
    change: CustomerChange,
    at: datetime,
    now: datetime,
) -> Customer:
    """Change a customer in Stripe, then here; `metadata` replaces ours and leaves other people's keys (contract G10)."""
    old = await db.read(_changeable, project_id, customer_id, change.email)
    await stripe.update_customer(
        old.stripe_customer_id,
        email=change.email,
        name=change.name,
        metadata=None if change.metadata is None else replaced(old.metadata, change.metadata),
    )
    return await db.write(_change, project_id, customer_id, change, at=at, now=now)


async def _linkable(db: Database, stripe: StripeGateway, request: CustomerRequest) -> StripeCustomer | None:
    """Return the Stripe customer to link to, or None.

    Stripe compares addresses by the letter, so the lower-case form is asked for too. Of several: one of this project's,
    then one with a live subscription, then the oldest.
    """
    candidates: dict[str, StripeCustomer] = {}
    for email in dict.fromkeys((request.email, customers.normalised_email(request.email))):
        candidates.update((found.id, found) for found in await stripe.find_customers(email))
    free = [
        found
        for found in candidates.values()
        if not found.deleted
        and found.metadata.get(PROJECT_STAMP, "") in {"", request.project_id}
        and not await db.read(_is_taken, request.team_id, found.id)
    ]
    free.sort(key=lambda found: (found.created, found.id))
    own = [found for found in free if found.metadata.get(PROJECT_STAMP)]
    return await _with_live_subscription(stripe, own or free)


async def _with_live_subscription(stripe: StripeGateway, found: Sequence[StripeCustomer]) -> StripeCustomer | None:
    if len(found) > 1:
        for candidate in found:
            if any(subscription.status in _LIVE for subscription in await stripe.list_subscriptions(candidate.id)):
                return candidate
    return found[0] if found else None


async def _add_linked(tx: Writing, row: Customer) -> Customer:
    """Add the row and leave the import as a job too: a crash or an outage right after the commit must not lose it."""
    customer = await customers.add_customer(tx, row)
    payload = {"team_id": row.team_id, "project_id": row.project_id, "customer_id": row.id}
    wall_clock = row.fetched_at
    await enqueue(
        tx, IMPORT_JOB, payload, now=wall_clock, run_at=wall_clock + _IMPORT_AGAIN, key=row.id, team_id=row.team_id
    )
    return customer


async def _import(db: Database, stripe: StripeGateway, customer: Customer, *, now: datetime) -> None:
    """Fetch what the linked Stripe customer already has, so that the answer is true; if that fails, the job does it."""
    try:
        await import_customer(
            db, stripe, team_id=customer.team_id, project_id=customer.project_id, customer_id=customer.id, now=now
        )
    except BillfoldError as error:
        _log.warning("customer.import_interrupted", customer_id=customer.id, reason=error.message)


async def _delete_orphan(stripe: StripeGateway, stripe_customer_id: str) -> None:
    try:
        await stripe.delete_customer(stripe_customer_id)
    except BillfoldError as error:
        _log.warning("customer.orphan_kept", stripe_customer_id=stripe_customer_id, reason=error.message)


async def _refuse_duplicate(tx: Reading, project_id: str, email: str) -> None:
    if await customers.find_by_email(tx, project_id, email) is not None:
        raise Conflict(customers.duplicate_email(email))


async def _is_taken(tx: Reading, team_id: str, stripe_customer_id: str) -> bool:
    return bool(await customers.find_by_stripe_id(tx, team_id, stripe_customer_id))


async def _changeable(tx: Reading, project_id: str, customer_id: str, email: str | None) -> Customer:
    customer = await customers.get(tx, project_id, customer_id)
    if email is not None:
        holder = await customers.find_by_email(tx, project_id, email)
        if holder is not None and holder.id != customer_id:
            raise Conflict(customers.duplicate_email(email))
    return customer


async def _change(
    tx: Any, project_id: str, customer_id: str, change: CustomerChange, *, at: datetime, now: datetime
) -> Customer:
    old = await customers.lock(tx, project_id, customer_id)
    email = old.email if change.email is None else change.email
    return await customers.change_customer(
        tx,
        replace(
            old,
            email=email,
            email_normalised=customers.normalised_email(email),
            name=old.name if change.name is None else change.name or None,
            metadata=old.metadata if change.metadata is None else change.metadata,
            fetched_at=asked_after(now, old.fetched_at),
            updated_at=at,
        ),
    )
