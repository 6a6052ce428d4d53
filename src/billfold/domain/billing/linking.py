"""Which Stripe customer stands behind a new customer: an existing one with the same address, or a new one (contract G8).

Two projects of a team may share one Stripe account and one e-mail address. So a Stripe customer is taken over only if no
project has claimed it, or this one has, and it is stamped with the project at once: invoices and cards never show up in
the other project, and its events find their way here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from billfold.base.errors import BillfoldError, Conflict, Invalid, Unavailable
from billfold.domain.billing import customers
from billfold.domain.billing.customer_claims import claim
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.freshness import asked_after
from billfold.domain.billing.metadata import PROJECT_STAMP, Metadata, replaced, stamped
from billfold.domain.billing.sync import IMPORT_JOB, import_customer
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Reading, Write, Writing
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeCustomer

_log = structlog.get_logger(__name__)
_LIVE: Final = frozenset({"active", "trialing", "past_due", "unpaid", "paused"})

# The import happens at once; the job that repeats it is for when that failed.
_IMPORT_AGAIN: Final = timedelta(seconds=20)


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
    stamps = stamped(request.metadata, {PROJECT_STAMP: request.project_id})
    try:
        found = await _linkable(db, stripe, request, now)
        if found is None:
            behind = await stripe.create_customer(
                email=request.email, name=request.name, metadata=stamps, idempotency_key=idempotency_key
            )
        else:
            behind = await stripe.update_customer(found.id, name=request.name, metadata=stamps)
    except Invalid:
        # Of several at once: what this one found may have been another's, who lost too and has deleted it again.
        await db.read(_refuse_duplicate, request.project_id, request.email)
        raise
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
        customer = await write(customers.add_customer if found is None else add_linked, row)
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
    stripe: StripeGateway | None,
    *,
    project_id: str,
    customer_id: str,
    change: CustomerChange,
    write: Write | None = None,
    at: datetime,
    now: datetime,
) -> Customer:
    """Change a customer in Stripe, then here; `metadata` replaces ours and leaves other people's keys (contract G10).

    `write` is how the unit is written if not by `db.write`. Without `stripe` only a customer whom Stripe does not know can be
    changed; `Unavailable` for others.
    """
    old = await db.read(_changeable, project_id, customer_id, change.email)
    if old.stripe_customer_id:
        if stripe is None:
            raise Unavailable("Stripe is not connected, and keeps this customer too.")
        await stripe.update_customer(
            old.stripe_customer_id,
            email=change.email,
            name=change.name,
            metadata=None if change.metadata is None else replaced(old.metadata, change.metadata),
        )
    return await (write or db.write)(_change, project_id, customer_id, change, at=at, now=now)


async def ensure_stripe_customer(
    db: Database, stripe: StripeGateway, *, project_id: str, customer_id: str, now: datetime
) -> str:
    """Return the id of the Stripe customer behind a live customer; one that was made from a token gets it here.

    Everything that calls Stripe for a customer asks this first. An existing Stripe customer is taken over only for an
    address that is proved: otherwise whoever types in somebody's address would see his invoices. Raises `NotFound` if there
    is no such customer.
    """
    customer = await db.read(customers.get, project_id, customer_id)
    if customer.stripe_customer_id:
        return customer.stripe_customer_id
    request = CustomerRequest(
        team_id=customer.team_id,
        project_id=project_id,
        email=customer.email,
        name=customer.name,
        metadata=customer.metadata,
    )
    metadata = stamped(customer.metadata, {PROJECT_STAMP: project_id})
    found = await _linkable(db, stripe, request, now) if customer.holds_address else None
    if found is None:
        # The same key in every try and every process: several first needs at once make one Stripe customer.
        behind = await stripe.create_customer(
            email=customer.email, name=customer.name, metadata=metadata, idempotency_key=f"customer-{customer.id}"
        )
    else:
        behind = await stripe.update_customer(found.id, name=customer.name, metadata=metadata)
    standing = await db.write(_stand_behind, customer, behind.id, is_linked=found is not None, now=now)
    if standing != behind.id:
        if found is None and not await db.read(_is_taken, customer.team_id, behind.id):
            await _delete_orphan(stripe, behind.id)
    elif found is not None:
        await _import(db, stripe, customer, now=now)
    return standing


async def _stand_behind(tx: Any, customer: Customer, stripe_customer_id: str, *, is_linked: bool, now: datetime) -> str:
    at = (await get_team(tx, customer.team_id)).time_at(now)
    standing = await customers.set_stripe_customer(
        tx,
        project_id=customer.project_id,
        customer_id=customer.id,
        stripe_customer_id=stripe_customer_id,
        at=at,
        now=now,
    )
    if is_linked and standing == stripe_customer_id:
        await _leave_import(tx, customer, now)
    return standing


async def _linkable(
    db: Database, stripe: StripeGateway, request: CustomerRequest, now: datetime
) -> StripeCustomer | None:
    """Return the Stripe customer to link to, or None; it is claimed for the project, so that no other one takes it too.

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
    candidates_left = own or free
    while (chosen := await _with_live_subscription(stripe, candidates_left)) is not None:
        ids = {"team_id": request.team_id, "project_id": request.project_id, "stripe_customer_id": chosen.id}
        if await db.write(claim, **ids, now=now):
            return chosen
        # Another project took it a moment ago.
        candidates_left = [each for each in candidates_left if each is not chosen]
    return None


async def _with_live_subscription(stripe: StripeGateway, found: Sequence[StripeCustomer]) -> StripeCustomer | None:
    if len(found) > 1:
        for candidate in found:
            if any(subscription.status in _LIVE for subscription in await stripe.list_subscriptions(candidate.id)):
                return candidate
    return found[0] if found else None


async def add_linked(tx: Writing, row: Customer) -> Customer:
    """Add the row and leave the import as a job too: a crash or an outage right after the commit must not lose it."""
    customer = await customers.add_customer(tx, row)
    await _leave_import(tx, customer, row.fetched_at)
    return customer


async def _leave_import(tx: Writing, customer: Customer, now: datetime) -> None:
    payload = {"team_id": customer.team_id, "project_id": customer.project_id, "customer_id": customer.id}
    await enqueue(
        tx, IMPORT_JOB, payload, now=now, run_at=now + _IMPORT_AGAIN, key=customer.id, team_id=customer.team_id
    )


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
        old,
        replace(
            old,
            email=email,
            # An address that nobody proved is not held because a name was changed.
            email_normalised=old.email_normalised if change.email is None else customers.normalised_email(email),
            name=old.name if change.name is None else change.name or None,
            metadata=old.metadata if change.metadata is None else change.metadata,
            fetched_at=asked_after(now, old.fetched_at),
            updated_at=at,
        ),
        now=now,
    )
