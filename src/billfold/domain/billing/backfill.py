"""The import of a team's Stripe account, page by page: look → ask Stripe → store a page and move the cursor in one unit.

Every object is kept as a copy; those that belong to a project, by our own rows or by their metadata (contract G20), are stored
there under the same rules as after an event. Whoever dies in between leaves a run that goes on behind the last stored page.
`imports.py` holds how far it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Final

from billfold.base.clock import Clock
from billfold.base.errors import BillfoldError, Conflict, Unavailable
from billfold.base.ids import new_token
from billfold.domain.billing import imports, raw_objects
from billfold.domain.billing.adoption import adopt_stamped
from billfold.domain.billing.freshness import AskAgain, asked_after
from billfold.domain.billing.imports import IMPORT_JOB, Import, Line, Overtaken, Progress
from billfold.domain.billing.raw_objects import RawObject, packed
from billfold.domain.billing.routing import CustomerNeeded, ProductNeeded, Unrouted
from billfold.domain.billing.stripe_objects import Answer, store_answer, with_customer_stamp
from billfold.domain.billing.sync import Gateways
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.jobs.queue import RETRY_SECONDS, Job
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler
from billfold.infrastructure.stripe.pacing import Pace, Paces
from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected
from billfold.infrastructure.stripe.values import (
    StripeCustomer,
    StripeListed,
    StripeListedValue,
    StripePage,
    StripePrice,
    StripeProduct,
    StripeSubscription,
)

# So many pages in one go of the job, which must end soon after the worker is told to stop.
_PAGES_A_JOB: Final = 10
# Another process stores events about the same objects; to meet it on the same page more often is no chance any more.
_TRIES_A_PAGE: Final = 5


class Outcome(Enum):
    """How a go at a run ended."""

    FINISHED = "finished"
    MORE = "more"
    # Nothing runs, or somebody else holds it.
    NOT_MINE = "not mine"


@dataclass(frozen=True, slots=True)
class PageStored:
    """What came of one page: how many objects it had, how many are in a project, how many could not be read."""

    read: int
    assigned: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class _Source:
    """Where pages of one kind come from."""

    gateway: StripeGateway
    pace: Pace
    team_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Which page of which run is being stored."""

    run: Import
    line: Line


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A page ready to be stored: for each object what it says, None if nothing, and its copy."""

    page: StripePage
    answers: tuple[Answer | None, ...]
    copies: tuple[RawObject, ...]


class _Missing(Exception):
    """What has to be fetched besides before the objects of a page can be placed."""

    def __init__(self, customers: Sequence[str], products: Sequence[str]) -> None:
        super().__init__()
        self.customers = customers
        self.products = products


class Backfill:
    """Works on the runs of every team. One object for the whole process."""

    def __init__(self, db: Database, gateways: Gateways, clock: Clock, paces: Paces) -> None:
        self._db = db
        self._gateways = gateways
        self._clock = clock
        self._paces = paces

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The handler of the job that goes on with a run, for the worker."""
        return {IMPORT_JOB: StepHandler(self._job)}

    async def start(self, team_id: str, *, kinds: Sequence[str], created_since: datetime | None) -> str:
        """Begin a run, or go on with one that ended early, and return who holds it; see `imports.start`.

        Raises `Invalid` if Stripe is not connected.
        """
        await self._gateways.gateway(team_id)
        holder = new_token(8)
        await self._db.write(
            imports.start,
            team_id=team_id,
            kinds=kinds,
            created_since=created_since,
            holder=holder,
            now=self._clock.now(),
        )
        return holder

    async def go_on(
        self,
        team_id: str,
        holder: str,
        *,
        pages: int | None = None,
        until: datetime | None = None,
        on_page: Callable[[Progress], None] | None = None,
    ) -> Outcome:
        """Work on a run for so many pages, or until a moment of the wall clock, or to its end.

        Raises what Stripe says if it stays away or refuses; what was stored until then stays.
        """
        gateway = await self._gateways.gateway(team_id)
        pace = self._paces.of(team_id)
        done = 0
        while True:
            progress = await self._db.write(imports.hold, team_id, holder, now=self._clock.now())
            if progress is None:
                return Outcome.NOT_MINE
            if on_page is not None:
                on_page(progress)
            line = progress.next_line
            if line is None:
                await self._db.write(imports.end, team_id, "finished", now=self._clock.now())
                return Outcome.FINISHED
            if (pages is not None and done >= pages) or (until is not None and self._clock.now() >= until):
                return Outcome.MORE
            await self._step(gateway, pace, progress.run, line)
            done += 1

    async def go_on_or_give_up(self, team_id: str, holder: str, *, until: datetime | None = None) -> Outcome:
        """As `go_on`, for whoever answers a person: what passes is left to the worker, what does not ends the run."""
        try:
            outcome = await self.go_on(team_id, holder, until=until)
        except Unavailable as error:
            await self._db.write(imports.note_error, team_id, error.message)
            outcome = Outcome.MORE
        except BillfoldError as error:
            await self._db.write(imports.end, team_id, "failed", error=error.message, now=self._clock.now())
            raise
        if outcome is Outcome.MORE:
            await self._db.write(imports.let_go, team_id, holder, now=self._clock.now())
        return outcome

    async def bring_in(self, team_id: str, kind: str, of: str) -> PageStored:
        """Import all objects of one kind that hang on a customer, or the prices of a product, outside any run."""
        gateway = await self._gateways.gateway(team_id)
        source = _Source(gateway, self._paces.of(team_id), team_id, kind)
        after: str | None = None
        total = PageStored(0, 0, 0)
        while True:
            page, stored = await self._page(source, partial(gateway.list_page, kind, after=after, of=of), None)
            total = PageStored(
                total.read + stored.read, total.assigned + stored.assigned, total.unreadable + stored.unreadable
            )
            if not page.more:
                return total
            after = page.last_id

    async def _job(self, run: Run) -> None:
        team_id: str = run.payload["team_id"]
        try:
            outcome = await self.go_on(team_id, run.job.id, pages=_PAGES_A_JOB)
        except Unavailable as error:
            if run.job.attempts > len(RETRY_SECONDS):
                await run.finish(_give_up, team_id, error.message, self._clock.now())
                return
            await self._db.write(imports.note_error, team_id, error.message)
            raise
        except BillfoldError as error:
            # Refused: a person has to look, and then starts it again; it goes on where it is.
            await run.finish(_give_up, team_id, error.message, self._clock.now())
            return
        await run.finish(_leave_rest, team_id, run.job, outcome, self._clock.now())

    async def _step(self, gateway: StripeGateway, pace: Pace, run: Import, line: Line) -> None:
        ask = partial(gateway.list_page, line.kind, after=line.cursor, created_since=run.created_since)
        try:
            await self._page(_Source(gateway, pace, run.team_id, line.kind), ask, _Place(run, line))
        except StripeRejected:
            if line.cursor is None:
                raise
            # The object to go on behind has left Stripe's list: this kind begins again.
            await self._db.write(imports.restart_line, run, line, now=self._clock.now())
        except Overtaken:
            # Somebody else stored it, or a person stopped the run: the next look at it tells.
            return

    async def _page(
        self, source: _Source, ask: Callable[[], Awaitable[StripePage]], place: _Place | None
    ) -> tuple[StripePage, PageStored]:
        """Fetch a page and store it, and once more where somebody stores the same objects at the same moment."""
        team = await self._db.read(get_team, source.team_id)
        fetched_at = self._clock.now()
        for attempt in range(1, _TRIES_A_PAGE + 1):
            page = await source.pace.call(ask)
            prepared = _prepare(source, page, fetched_at=fetched_at, at=team.time_at(self._clock.now()))
            try:
                return page, await self._store(source, prepared, place)
            except Conflict as conflict:
                if attempt == _TRIES_A_PAGE:
                    raise
                now = self._clock.now()
                fetched_at = asked_after(now, conflict.fetched_at) if isinstance(conflict, AskAgain) else now
        raise AssertionError("the last try returned or raised")

    async def _store(self, source: _Source, prepared: _Prepared, place: _Place | None) -> PageStored:
        products: dict[str, StripeProduct | None] = await self._db.read(
            _unassigned_products, source.team_id, prepared.answers
        )
        customers: dict[str, StripeCustomer | None] = {}
        while True:
            # Rarely more than twice round: each round fetches all that the one before lacked.
            known = replace(prepared, answers=tuple(_completed(each, customers, products) for each in prepared.answers))
            try:
                return await self._db.write(_store_page, known, place, self._clock.now())
            except _Missing as missing:
                for product_id in missing.products:
                    products[product_id] = await source.pace.call(partial(source.gateway.get_product, product_id))
                for customer_id in missing.customers:
                    customers[customer_id] = await source.pace.call(partial(source.gateway.get_customer, customer_id))


def _prepare(source: _Source, page: StripePage, *, fetched_at: datetime, at: datetime) -> _Prepared:
    return _Prepared(
        page,
        tuple(
            None
            if each.value is None
            else Answer(source.team_id, each.value, fetched_at=fetched_at, at=at, is_import=True)
            for each in page.objects
        ),
        tuple(_copy(source, each, fetched_at) for each in page.objects),
    )


def _completed(
    answer: Answer | None,
    customers: Mapping[str, StripeCustomer | None],
    products: Mapping[str, StripeProduct | None],
) -> Answer | None:
    if answer is None:
        return None
    customer_id = _customer_of(answer.value) or ""
    if customer_id in customers:
        answer = with_customer_stamp(answer, customers[customer_id])
    return replace(answer, products=products) if products else answer


async def _store_page(tx: Writing, prepared: _Prepared, place: _Place | None, now: datetime) -> PageStored:
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
        raise _Missing(list(dict.fromkeys(customers)), list(dict.fromkeys(products)))
    await raw_objects.keep(tx, list(placed.values()))
    stored = PageStored(
        read=len(placed),
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


async def _store_one(tx: Writing, answer: Answer, now: datetime) -> str | None:
    try:
        return await store_answer(tx, answer, now=now)
    except Unrouted:
        # Raised before any fact is written.
        return await adopt_stamped(tx, answer, now=now) if isinstance(answer.value, StripeCustomer) else None


async def _unassigned_products(
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


def _customer_of(value: object) -> str | None:
    if isinstance(value, StripeCustomer):
        return value.id
    customer_id = getattr(value, "customer_id", None)
    return customer_id if isinstance(customer_id, str) else None


def _copy(source: _Source, listed: StripeListed, fetched_at: datetime) -> RawObject:
    value: StripeListedValue | None = listed.value
    return RawObject(
        team_id=source.team_id,
        stripe_id=listed.id,
        type=source.kind,
        project_id=None,
        stripe_customer_id=_customer_of(value),
        body=packed(listed.body),
        created=fetched_at if value is None else value.created,
        fetched_at=fetched_at,
    )


async def _give_up(tx: Writing, team_id: str, reason: str, now: datetime) -> None:
    await imports.end(tx, team_id, "failed", error=reason, now=now)


async def _leave_rest(tx: Writing, team_id: str, job: Job, outcome: Outcome, now: datetime) -> None:
    """Leave the next go in the unit that ends this one."""
    if outcome is Outcome.MORE:
        await imports.let_go(tx, team_id, job.id, now=now)
    elif outcome is Outcome.NOT_MINE:
        progress = await imports.find_progress(tx, team_id)
        if progress is not None and progress.run.status == imports.RUNNING:
            # Whoever holds it may die: then it is the worker's. A job of the same key would be this one, again at once.
            key = team_id if job.key != team_id else f"{team_id}:later"
            run_at = progress.run.held_until or now
            await imports.leave_job(tx, team_id, now=now, run_at=run_at, key=key)
