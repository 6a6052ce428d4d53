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
from typing import Final, TypeVar

from billfold.base.clock import Clock
from billfold.base.errors import BillfoldError, Conflict, Unavailable
from billfold.base.ids import new_token
from billfold.base.log import redact
from billfold.domain.billing import imports
from billfold.domain.billing.freshness import AskAgain, asked_after
from billfold.domain.billing.import_pages import (
    Missing,
    PageStored,
    Place,
    Prepared,
    completed,
    prepare,
    store_page,
    unassigned_products,
)
from billfold.domain.billing.imports import IMPORT_JOB, Import, Line, Overtaken, Progress
from billfold.domain.billing.sync import Gateways
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs.queue import RETRY_SECONDS, Job, JobLost
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler
from billfold.infrastructure.stripe.pacing import Pace, Paces
from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected
from billfold.infrastructure.stripe.values import (
    StripeCustomer,
    StripePage,
    StripeProduct,
)

Answered = TypeVar("Answered")

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
class _Source:
    """Where pages of one kind come from."""

    gateway: StripeGateway
    pace: Pace
    team_id: str
    kind: str
    # How often Stripe is asked before its silence counts; None is the pace's own patience.
    tries: int | None = None

    async def ask(self, question: Callable[[], Awaitable[Answered]]) -> Answered:
        """Ask Stripe at the team's pace."""
        return await self.pace.call(question, tries=self.tries)


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
        tries: int | None = None,
    ) -> Outcome:
        """Work on a run for so many pages, or until a moment of the wall clock, or to its end.

        Raises what Stripe says if it stays away or refuses; what was stored until then stays. `tries` bounds how often Stripe
        is asked before its silence counts.
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
            await self._step(_Source(gateway, pace, team_id, line.kind, tries), progress.run, line)
            done += 1

    async def go_on_or_give_up(self, team_id: str, holder: str, *, until: datetime | None = None) -> Outcome:
        """As `go_on`, for whoever answers a person: what passes is left to the worker, what does not ends the run."""
        try:
            outcome = await self.go_on(team_id, holder, until=until, tries=1)
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
        except (JobLost, Overtaken):
            raise
        except Exception as error:
            reason = error.message if isinstance(error, BillfoldError) else redact(f"{type(error).__name__}: {error}")
            passes = isinstance(error, Unavailable) or not isinstance(error, BillfoldError)
            if passes and run.job.attempts <= len(RETRY_SECONDS):
                await self._db.write(imports.note_error, team_id, reason)
                raise
            # Refused, or tried for half a day: a person has to look and then starts it again; it goes on where it is.
            await run.finish(_give_up, team_id, reason, self._clock.now())
            return
        await run.finish(_leave_rest, team_id, run.job, outcome, self._clock.now())

    async def _step(self, source: _Source, run: Import, line: Line) -> None:
        ask = partial(source.gateway.list_page, line.kind, after=line.cursor, created_since=run.created_since)
        try:
            await self._page(source, ask, Place(run, line))
        except StripeRejected:
            if line.cursor is None:
                raise
            # The object to go on behind has left Stripe's list: this kind begins again.
            await self._db.write(imports.restart_line, run, line, now=self._clock.now())
        except Overtaken:
            # Somebody else stored it, or a person stopped the run: the next look at it tells.
            return

    async def _page(
        self, source: _Source, ask: Callable[[], Awaitable[StripePage]], place: Place | None
    ) -> tuple[StripePage, PageStored]:
        """Fetch a page and store it, and once more where somebody stores the same objects at the same moment."""
        team = await self._db.read(get_team, source.team_id)
        fetched_at = self._clock.now()
        for attempt in range(1, _TRIES_A_PAGE + 1):
            page = await source.ask(ask)
            prepared = prepare(
                page,
                team_id=source.team_id,
                kind=source.kind,
                fetched_at=fetched_at,
                at=team.time_at(self._clock.now()),
            )
            try:
                return page, await self._store(source, prepared, place)
            except Conflict as conflict:
                if attempt == _TRIES_A_PAGE:
                    raise
                now = self._clock.now()
                fetched_at = asked_after(now, conflict.fetched_at) if isinstance(conflict, AskAgain) else now
        raise AssertionError("the last try returned or raised")

    async def _store(self, source: _Source, prepared: Prepared, place: Place | None) -> PageStored:
        products: dict[str, StripeProduct | None] = await self._db.read(
            unassigned_products, source.team_id, prepared.answers
        )
        customers: dict[str, StripeCustomer | None] = {}
        while True:
            # Rarely more than twice round: each round fetches all that the one before lacked.
            known = replace(prepared, answers=tuple(completed(each, customers, products) for each in prepared.answers))
            try:
                return await self._db.write(store_page, known, place, self._clock.now())
            except Missing as missing:
                for product_id in missing.products:
                    products[product_id] = await source.ask(partial(source.gateway.get_product, product_id))
                for customer_id in missing.customers:
                    customers[customer_id] = await source.ask(partial(source.gateway.get_customer, customer_id))


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
