"""One page of an import: what its objects say, where they belong, and its storing as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from billfold.domain.billing import imports, raw_objects
from billfold.domain.billing.adoption import adopt_stamped
from billfold.domain.billing.erased_customers import erased_among
from billfold.domain.billing.imports import Import, Line
from billfold.domain.billing.raw_objects import RawObject, packed, stripe_customer_of
from billfold.domain.billing.routing import CustomerNeeded, ProductNeeded, Unrouted
from billfold.domain.billing.stripe_objects import Answer, store_answer, with_customer_stamp
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.stripe.values import (
    StripeCustomer,
    StripeListed,
    StripeListedValue,
    StripePage,
    StripePrice,
    StripeProduct,
    StripeSubscription,
)


@dataclass(frozen=True, slots=True)
class PageStored:
    """What came of one page: how many objects it had, how many are in a project, how many could not be read."""

    read: int
    assigned: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of which run is being stored."""

    run: Import
    line: Line


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready to be stored: for each object what it says, None if nothing, and its copy."""

    page: StripePage
    answers: tuple[Answer | None, ...]
    copies: tuple[RawObject, ...]


class Missing(Exception):
    """What has to be fetched besides before the objects of a page can be placed."""

    def __init__(self, customers: Sequence[str], products: Sequence[str]) -> None:
        super().__init__()
        self.customers = customers
        self.products = products


def prepare(page: StripePage, *, team_id: str, kind: str, fetched_at: datetime, at: datetime) -> Prepared:
    """Make a page ready to be stored; `fetched_at` is the wall clock from before Stripe was asked, `at` the team's time."""
    return Prepared(
        page,
        tuple(
            None if each.value is None else Answer(team_id, each.value, fetched_at=fetched_at, at=at, is_import=True)
            for each in page.objects
        ),
        tuple(_copy(team_id, kind, each, fetched_at) for each in page.objects),
    )


def completed(
    answer: Answer | None,
    customers: Mapping[str, StripeCustomer | None],
    products: Mapping[str, StripeProduct | None],
) -> Answer | None:
    """Return an answer with what had to be fetched besides to place it."""
    if answer is None:
        return None
    customer_id = stripe_customer_of(answer.value) or ""
    if customer_id in customers:
        answer = with_customer_stamp(answer, customers[customer_id])
    return replace(answer, products=products) if products else answer


async def store_page(tx: Writing, prepared: Prepared, place: Place | None, now: datetime) -> PageStored:
    """Store a page with its copies, and move the run's cursor if it belongs to one.

    Raises `Missing` with all that must be fetched before it can be placed, `Overtaken` if the run has moved on meanwhile.
    """
    prepared = await _without_erased(tx, prepared)
    customers: list[str] = []
    products: list[str] = []
    placed: dict[str, RawObject] = {}
    for answer, copy in zip(prepared.answers, prepared.copies, strict=True):
        project_id: str | None = None
        if answer is not None:
            try:
                project_id = await _store_one(tx, answer, now)
            except CustomerNeeded as needed:
                customers.append(needed.stripe_customer_id)
            except ProductNeeded as needed:
                products.append(needed.stripe_product_id)
        placed[copy.stripe_id] = replace(copy, project_id=project_id)
    if customers or products:
        # Takes the page back: it is stored whole, once all is there.
        raise Missing(list(dict.fromkeys(customers)), list(dict.fromkeys(products)))
    await raw_objects.keep(tx, list(placed.values()))
    stored = PageStored(
        read=len(prepared.page.objects),
        assigned=sum(copy.project_id is not None for copy in placed.values()),
        unreadable=sum(each.problem is not None for each in prepared.page.objects),
    )
    if place is not None:
        await imports.move(
            tx,
            place.run,
            place.line,
            cursor=prepared.page.last_id or place.line.cursor,
            read=stored.read,
            assigned=stored.assigned,
            unreadable=stored.unreadable,
            is_last=not prepared.page.more,
            now=now,
        )
    return stored


async def _without_erased(tx: Writing, prepared: Prepared) -> Prepared:
    """Leave out who was erased, with all that hangs on him: an import brings nobody back."""
    team_id = next((copy.team_id for copy in prepared.copies), "")
    erased = await erased_among(tx, team_id, [copy.stripe_customer_id for copy in prepared.copies])
    if not erased:
        return prepared
    told = zip(prepared.answers, prepared.copies, strict=True)
    kept = [(answer, copy) for answer, copy in told if copy.stripe_customer_id not in erased]
    return replace(prepared, answers=tuple(each for each, _ in kept), copies=tuple(each for _, each in kept))


async def _store_one(tx: Writing, answer: Answer, now: datetime) -> str | None:
    try:
        return await store_answer(tx, answer, now=now)
    except Unrouted:
        # Raised before any fact is written.
        return await adopt_stamped(tx, answer, now=now) if isinstance(answer.value, StripeCustomer) else None


async def unassigned_products(
    tx: Reading, team_id: str, answers: Sequence[Answer | None]
) -> dict[str, StripeProduct | None]:
    """Return which products of the page's prices are known to be in no project: nobody need ask Stripe for those.

    None stands for them, as for a product that Stripe does not have.
    """
    wanted = {price.product_id for answer in answers if answer is not None for price in _prices_of(answer.value)}
    return dict.fromkeys(await raw_objects.known_unassigned(tx, team_id, sorted(wanted)))


def _prices_of(value: object) -> list[StripePrice]:
    if isinstance(value, StripePrice):
        return [value]
    return [item.price for item in value.items] if isinstance(value, StripeSubscription) else []


def _copy(team_id: str, kind: str, listed: StripeListed, fetched_at: datetime) -> RawObject:
    value: StripeListedValue | None = listed.value
    return RawObject(
        team_id=team_id,
        stripe_id=listed.id,
        type=kind,
        project_id=None,
        stripe_customer_id=stripe_customer_of(value),
        body=packed(listed.body),
        created=fetched_at if value is None else value.created,
        fetched_at=fetched_at,
    )
