"""The sync: after an event, fetch the object it is about and store it (DESIGN section 5, "An event is a hint").

One job for each object, however many events about it wait: it looks which events those are, asks Stripe once, and in one
unit stores the answer with a copy of it, settles the events and ends. An event that arrives meanwhile is not among them; its
arrival moved the job's revision, so the job runs once more.

When Stripe does not answer, the job waits and tries again; the events stay *received*. Any other error marks them *failed*
with its reason, where people see it, and the job tries again all the same: most such errors pass when something is mended.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from billfold.base.errors import BillfoldError, Conflict, NotFound, Unavailable
from billfold.base.log import redact
from billfold.domain.billing import customers, invoices, payment_methods, raw_objects, subscriptions
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.erased_customers import TellsOfErased, erased_among, without_person
from billfold.domain.billing.freshness import AskAgain, asked_after
from billfold.domain.billing.metadata import PROJECT_STAMP
from billfold.domain.billing.news import is_news
from billfold.domain.billing.routing import CustomerNeeded, ProductNeeded, Unrouted
from billfold.domain.billing.stripe_events import SYNC_JOB, drop_bodies, fail_events, settle_events, unfinished_events
from billfold.domain.billing.stripe_objects import (
    Answer,
    archive_missing,
    fetch,
    known_project,
    store_answer,
    with_customer_stamp,
)
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs.queue import JobLost
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeInvoice, StripeSubscription

IMPORT_JOB: Final = "customers.import"
# The import brings in what is unknown; a row that is there already is kept up to date by its own events.
_STORED_A_MOMENT_AGO: Final = contextlib.suppress(AskAgain)
_GONE: Final = "Stripe has no such object (any more)."


class Gateways(Protocol):
    """Whoever has the Stripe account of each team."""

    async def gateway(self, team_id: str) -> StripeGateway:
        """Return a team's account; `Invalid` if it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """How much of a linked Stripe customer came into the project."""

    subscriptions: int
    invoices: int


@dataclass(frozen=True, slots=True)
class _When:
    fetched_at: datetime
    at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class _Subject:
    team_id: str
    type: str
    id: str


def sync_handlers(gateways: Gateways) -> Mapping[str, Handler]:
    """Return the handlers of the jobs that ask Stripe and store what it says, for the worker."""

    async def sync(run: Run) -> None:
        await _sync(run, gateways)

    async def import_linked(run: Run) -> None:
        gateway = await gateways.gateway(run.payload["team_id"])
        # A customer who was deleted meanwhile needs nothing any more.
        with contextlib.suppress(NotFound):
            await import_customer(run.db, gateway, **run.payload, now=run.clock.now())

    async def make_default(run: Run) -> None:
        payload = run.payload
        due = await run.db.read(payment_methods.find_change, payload["project_id"], payload["customer_id"])
        if due is None:
            return
        gateway = await gateways.gateway(payload["team_id"])
        await payment_methods.make_default(gateway, *due)
        await run.finish(payment_methods.mark_applied, due[0], run.clock.now())

    return {
        SYNC_JOB: StepHandler(sync),
        IMPORT_JOB: StepHandler(import_linked),
        payment_methods.MAKE_DEFAULT_JOB: StepHandler(make_default),
    }


async def import_customer(
    db: Database,
    stripe: StripeGateway,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    now: datetime,
) -> Imported:
    """Bring all subscriptions and invoices of a linked Stripe customer into the project (contract G9).

    What another project of the team owns or is stamped for stays out. What is older than the customer here is no news:
    nothing is published for it. Doing it twice changes nothing. Raises `NotFound` for an unknown customer,
    `StripeUnavailable` if Stripe is down.
    """
    customer = await db.read(customers.get, project_id, customer_id)
    if customer.team_id != team_id:
        raise NotFound("Customer not found.")
    team = await db.read(get_team, team_id)
    found = await stripe.list_subscriptions(customer.stripe_customer_id)
    billed = await stripe.list_invoices(customer.stripe_customer_id)
    return await db.write(_import_all, customer, found, billed, _When(fetched_at=now, at=team.time_at(now), now=now))


async def _sync(run: Run, gateways: Gateways) -> None:
    payload = run.payload
    subject = _Subject(payload["team_id"], payload["subject_type"], payload["subject_id"])
    sequences, ahead = await run.db.read(unfinished_events, team_id=subject.team_id, subject_id=subject.id)
    if not sequences:
        return
    try:
        gateway = await gateways.gateway(subject.team_id)
        fetched_at = run.clock.now()
        while not run.finished:
            try:
                await _ask_and_store(run, gateway, subject, sequences, ahead=ahead, fetched_at=fetched_at)
            except AskAgain as stored:
                # By two workers at once, or the clock went back: what Stripe says from now on is newer in any case.
                fetched_at = asked_after(run.clock.now(), stored.fetched_at)
    except (Unavailable, Conflict, JobLost):
        # Passes by itself: the next try finds the same events.
        raise
    except Exception as error:
        reason = error.message if isinstance(error, BillfoldError) else f"{type(error).__name__}: {error}"
        await run.db.write(_fail, subject, sequences, redact(reason))
        raise


async def _ask_and_store(
    run: Run,
    gateway: StripeGateway,
    subject: _Subject,
    sequences: Sequence[int],
    *,
    ahead: timedelta,
    fetched_at: datetime,
) -> None:
    found = await fetch(gateway, subject.type, subject.id)
    now = run.clock.now()
    at = now + ahead
    if found is None:
        await run.finish(_settle_missing, subject, sequences, _When(fetched_at, at, now))
        return
    value, stamps = found
    answer = Answer(team_id=subject.team_id, value=value, fetched_at=fetched_at, at=at, stamps=stamps)
    while not run.finished:
        # Rarely more than once round: each one fetches something that was not asked for before.
        try:
            await run.finish(_store, answer, sequences, now)
        except CustomerNeeded as needed:
            customer = await gateway.get_customer(needed.stripe_customer_id)
            answer = with_customer_stamp(answer, customer)
        except ProductNeeded as needed:
            product = await gateway.get_product(needed.stripe_product_id)
            answer = replace(answer, products={**answer.products, needed.stripe_product_id: product})
        except TellsOfErased:
            answer = replace(answer, value=without_person(answer.value), is_of_erased=True)


async def _store(tx: Writing, answer: Answer, sequences: Sequence[int], now: datetime) -> None:
    project_id: str | None = None
    ignored: str | None = None
    try:
        project_id = await store_answer(tx, answer, now=now)
    except Unrouted as unrouted:
        # Raised before any fact is written.
        ignored = str(unrouted)
    copy = raw_objects.copy_of(answer.team_id, answer.value, project_id=project_id, fetched_at=answer.fetched_at)
    if answer.is_of_erased:
        await drop_bodies(tx, sequences, team_id=answer.team_id)
    elif copy is not None:
        await raw_objects.keep(tx, [copy])
    elif await erased_among(tx, answer.team_id, [raw_objects.stripe_customer_of(answer.value)]):
        raise TellsOfErased
    await settle_events(tx, sequences, team_id=answer.team_id, project_id=project_id, ignored=ignored, now=now)


async def _settle_missing(tx: Writing, subject: _Subject, sequences: Sequence[int], when: _When) -> None:
    project_id = await archive_missing(
        tx, subject.team_id, subject.type, subject.id, fetched_at=when.fetched_at, at=when.at, now=when.now
    )
    await raw_objects.forget(tx, subject.team_id, subject.id)
    ignored = _GONE if project_id is None else None
    await settle_events(tx, sequences, team_id=subject.team_id, project_id=project_id, ignored=ignored, now=when.now)


async def _fail(tx: Writing, subject: _Subject, sequences: Sequence[int], reason: str) -> None:
    project_id = await known_project(tx, subject.team_id, subject.type, subject.id)
    await fail_events(tx, sequences, team_id=subject.team_id, project_id=project_id, reason=reason)


async def _import_all(
    tx: Writing, customer: Customer, found: Sequence[StripeSubscription], billed: Sequence[StripeInvoice], when: _When
) -> Imported:
    came = [each.id for each in found if await _import_subscription(tx, customer, each, when)]
    bills = [each.id for each in billed if await _import_invoice(tx, customer, each, when)]
    copies = [customer.stripe_customer_id, *came, *bills]
    await raw_objects.assign(tx, customer.team_id, customer.project_id, copies)
    return Imported(subscriptions=len(came), invoices=len(bills))


async def _import_subscription(tx: Writing, customer: Customer, value: StripeSubscription, when: _When) -> bool:
    known = await subscriptions.find_by_stripe_id(tx, customer.team_id, value.id)
    if known is None and _is_elsewhere(customer, value.metadata):
        return False
    if known is not None and known.project_id != customer.project_id:
        return False
    with _STORED_A_MOMENT_AGO:
        await subscriptions.store(
            tx,
            team_id=customer.team_id,
            project_id=customer.project_id,
            customer_id=customer.id,
            value=value,
            fetched_at=when.fetched_at,
            at=when.at,
            now=when.now,
            announce=known is not None or is_news(customer, value.created),
        )
    return True


async def _import_invoice(tx: Writing, customer: Customer, value: StripeInvoice, when: _When) -> bool:
    known: invoices.Invoice | subscriptions.Subscription | None
    known = await invoices.find_by_stripe_id(tx, customer.team_id, value.id)
    if known is None and value.subscription_id is not None:
        known = await subscriptions.find_by_stripe_id(tx, customer.team_id, value.subscription_id)
    if known is None and _is_elsewhere(customer, {**value.subscription_metadata, **value.metadata}):
        return False
    if known is not None and known.project_id != customer.project_id:
        return False
    with _STORED_A_MOMENT_AGO:
        await invoices.store(
            tx,
            team_id=customer.team_id,
            project_id=customer.project_id,
            customer_id=customer.id,
            value=value,
            fetched_at=when.fetched_at,
            at=when.at,
            now=when.now,
            announce=is_news(customer, value.paid_at or value.created),
        )
    return True


def _is_elsewhere(customer: Customer, metadata: Mapping[str, str]) -> bool:
    return metadata.get(PROJECT_STAMP, customer.project_id) != customer.project_id
