"""Comparing our rows with Stripe: a sample of them one by one, or everything by Stripe's own lists (DESIGN section 5).

What an event under way would explain in a moment is looked at twice, so a report holds what really differs. Nothing is
changed: an import, or Stripe's next event, brings a row up to date.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias

from billfold.base.clock import Clock
from billfold.base.errors import BillfoldError, NotFound, Unavailable
from billfold.base.log import redact
from billfold.domain.billing import comparisons, customers
from billfold.domain.billing.comparisons import COMPARE_JOB, MOST_KEPT, Comparison
from billfold.domain.billing.differences import Difference, OurRow, compare, missing_here, missing_in_stripe
from billfold.domain.billing.products import Product
from billfold.domain.billing.routing import Unrouted, stamped_project
from billfold.domain.billing.stored_objects import COMPARED, find_rows, lines_of, rows_behind, stripe_id_of
from billfold.domain.billing.stripe_objects import StripeObject, fetch
from billfold.domain.billing.sync import Gateways
from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.jobs.queue import RETRY_SECONDS, JobLost
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler
from billfold.infrastructure.stripe.pacing import Pace, Paces
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import (
    StripeCheckoutSession,
    StripeListedValue,
    StripePayment,
    StripePrice,
    StripeProduct,
    StripeSetupIntent,
)

# Is told how many objects of each kind were compared so far.
Told: TypeAlias = Callable[[Mapping[str, int]], Awaitable[None]]

_ROWS_AT_ONCE: Final = 200
# Stripe's ids are letters and digits behind a prefix; a sample begins behind a random one of them.
_ID_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Report:
    compared: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    count: int = 0

    def add(self, found: list[Difference]) -> None:
        self.count += len(found)
        self.differences += found[: max(0, MOST_KEPT - len(self.differences))]


@dataclass(frozen=True, slots=True)
class _Kind:
    """The work on one kind of object."""

    name: str
    report: _Report
    on_progress: Told
    seen: set[str] = field(default_factory=set)

    def count(self, stripe_id: str) -> None:
        self.seen.add(stripe_id)
        self.report.compared[self.name] = self.report.compared.get(self.name, 0) + 1

    async def show(self) -> None:
        await self.on_progress(self.report.compared)


@dataclass(frozen=True, slots=True)
class _Account:
    """The two sides of a comparison."""

    db: Database
    gateway: StripeGateway
    pace: Pace
    team_id: str


class Reconciliation:
    """Compares, for every team. One object for the whole process."""

    def __init__(self, db: Database, gateways: Gateways, clock: Clock, paces: Paces) -> None:
        self._db = db
        self._gateways = gateways
        self._clock = clock
        self._paces = paces

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The handler of the job that compares, for the worker."""
        return {COMPARE_JOB: StepHandler(self._job)}

    async def start(self, team_id: str, *, sample: int | None) -> Comparison:
        """Have the worker compare; raises `Invalid` if Stripe is not connected, `Conflict` while one is under way."""
        await self._gateways.gateway(team_id)
        return await self._db.write(comparisons.start, team_id=team_id, sample=sample, now=self._clock.now())

    async def compare(self, team_id: str, *, sample: int | None, on_progress: Told | None = None) -> Comparison:
        """Compare `sample` rows of each kind, None for all, and keep the report; raises what Stripe says if it stays away.

        `on_progress` is told after each step how many objects of each kind were compared.
        """
        gateway = await self._gateways.gateway(team_id)
        account = _Account(self._db, gateway, self._paces.of(team_id), team_id)
        started_at = self._clock.now()
        report = _Report()
        for name in COMPARED:
            kind = _Kind(name, report, on_progress or _tell_nobody)
            if sample is None:
                await _compare_list(account, kind)
            await _compare_rows(account, kind, sample)
        return await self._db.write(
            comparisons.finish,
            team_id=team_id,
            sample=sample,
            compared=report.compared,
            differences=report.differences,
            count=report.count,
            started_at=started_at,
            now=self._clock.now(),
        )

    async def _job(self, run: Run) -> None:
        team_id: str = run.payload["team_id"]
        begun = await run.db.read(comparisons.find, team_id)
        if begun is None or begun.status != "running":
            return

        async def note(compared: Mapping[str, int]) -> None:
            await self._db.write(comparisons.note_progress, begun, compared)

        try:
            await self.compare(team_id, sample=begun.sample, on_progress=note)
        except JobLost:
            raise
        except Exception as error:
            passes = isinstance(error, Unavailable) or not isinstance(error, BillfoldError)
            if passes and run.job.attempts <= len(RETRY_SECONDS):
                raise
            # Refused, or tried for half a day: a report that went on "running" would keep every later one out.
            reason = error.message if isinstance(error, BillfoldError) else redact(f"{type(error).__name__}: {error}")
            await run.finish(comparisons.fail, begun, reason, self._clock.now())


async def _compare_list(account: _Account, kind: _Kind) -> None:
    """Compare what Stripe lists with our rows, and find what it lists and we lack."""
    after: str | None = None
    while True:
        page = await account.pace.call(partial(account.gateway.list_page, kind.name, after=after))
        values = {_id_of(each.value): each.value for each in page.objects if each.value is not None}
        rows = await account.db.read(find_rows, account.team_id, kind.name, list(values))
        for stripe_id, value in values.items():
            row = rows.get(stripe_id)
            if row is None:
                if await account.db.read(_belongs_here, account.team_id, value):
                    kind.report.add(await _confirmed_missing(account, kind.name, stripe_id))
                continue
            kind.count(stripe_id)
            if compare(row, value, await account.db.read(lines_of, row)):
                kind.report.add(await _compare_again(account, kind.name, stripe_id))
        await kind.show()
        if not page.more:
            return
        after = page.last_id


async def _compare_rows(account: _Account, kind: _Kind, sample: int | None) -> None:
    """Compare our rows with what Stripe says of each, those that were seen already left out; a sample begins anywhere."""
    after = "" if sample is None else await _anywhere(account, kind.name)
    left = sample
    is_round = after == ""
    while left is None or left > 0:
        limit = _ROWS_AT_ONCE if left is None else min(left, _ROWS_AT_ONCE)
        rows = await account.db.read(rows_behind, account.team_id, kind.name, after, limit)
        for row in rows:
            after = stripe_id_of(kind.name, row)
            if after not in kind.seen:
                kind.count(after)
                kind.report.add(await _compare_again(account, kind.name, after))
        await kind.show()
        left = None if left is None else left - len(rows)
        if len(rows) < limit:
            if is_round:
                return
            # Behind the last one comes the first one.
            after, is_round = "", True


async def _compare_again(account: _Account, kind: str, stripe_id: str) -> list[Difference]:
    """Ask Stripe for one object and compare it; what differs is asked for twice, because its event may be under way."""
    for last in (False, True):
        found = await account.pace.call(partial(fetch, account.gateway, _subject_type(kind, stripe_id), stripe_id))
        row = (await account.db.read(find_rows, account.team_id, kind, [stripe_id])).get(stripe_id)
        if row is None:
            return []
        differences = await _differences(account, kind, stripe_id, row, None if found is None else found[0])
        if last or not differences:
            return differences
    raise AssertionError("the second look returned")


async def _differences(
    account: _Account, kind: str, stripe_id: str, row: OurRow, value: StripeObject | None
) -> list[Difference]:
    if value is None or isinstance(value, StripeCheckoutSession | StripeSetupIntent):
        # What is archived here is how we keep a product that was deleted in Stripe.
        is_archived = isinstance(row, Product) and not row.is_active
        return [] if is_archived else [missing_in_stripe(kind, stripe_id)]
    return compare(row, value, await account.db.read(lines_of, row))


async def _confirmed_missing(account: _Account, kind: str, stripe_id: str) -> list[Difference]:
    """Look once more for a row that the list has and we lacked: its event may have come meanwhile."""
    rows = await account.db.read(find_rows, account.team_id, kind, [stripe_id])
    return [] if rows else [missing_here(kind, stripe_id)]


async def _belongs_here(tx: Reading, team_id: str, value: StripeListedValue) -> bool:
    """Tell whether an object of Stripe's ought to have a row: by its stamp, or by a customer of exactly one project."""
    if isinstance(value, StripePrice):
        # A price without its product here is nobody's; with it, an event or an import brings it.
        return bool(await find_rows(tx, team_id, "product", [value.product_id]))
    try:
        stamp = await stamped_project(tx, team_id, value.metadata)
    except (Unrouted, NotFound):
        return False
    if isinstance(value, StripeProduct):
        return stamp is not None and not value.deleted
    customer_id: str | None = getattr(value, "customer_id", None)
    holders = [] if customer_id is None else await customers.find_by_stripe_id(tx, team_id, customer_id)
    return len(holders) == 1 and stamp in {None, holders[0].project_id}


async def _anywhere(account: _Account, kind: str) -> str:
    """Return a text to begin a sample behind: the prefix of the ids and three random characters."""
    first = await account.db.read(rows_behind, account.team_id, kind, "", 1)
    if not first:
        return ""
    prefix = stripe_id_of(kind, first[0]).rpartition("_")[0]
    return prefix + "_" + "".join(secrets.choice(_ID_DIGITS) for _ in range(3))


def _id_of(value: StripeListedValue) -> str:
    if isinstance(value, StripePayment):
        return value.intent_id or value.charge_id or ""
    return value.id


def _subject_type(kind: str, stripe_id: str) -> str:
    return "payment_intent" if kind == "charge" and stripe_id.startswith("pi_") else kind


async def _tell_nobody(compared: Mapping[str, int]) -> None:
    del compared
