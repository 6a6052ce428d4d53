"""The dispatcher: sends what is due, beside the worker of the jobs, in as many processes as there are.

Look → call → write: lanes are claimed in one unit, sent side by side outside of any, and how they ended is written down in
batches. Being killed between two of these loses nothing: the lane's lease ends and it is sent again, under the same id.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog

from billfold.base.clock import Clock
from billfold.base.crypto import SealBroken, Sealer
from billfold.base.errors import Unavailable
from billfold.domain.webhooks import lanes
from billfold.domain.webhooks.attempts import LONGEST_ANSWER, NewAttempt
from billfold.domain.webhooks.claims import Claim, claim
from billfold.domain.webhooks.endpoints import DELIVERIES
from billfold.domain.webhooks.lanes import DueEndpoint, due_endpoints
from billfold.domain.webhooks.outcomes import Outcome, Tell, record
from billfold.domain.webhooks.paces import Paces
from billfold.domain.webhooks.signing import signed_headers
from billfold.domain.webhooks.signing_secrets import open_secrets
from billfold.infrastructure.db.batch import Batcher
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.pressure import DOORS, Pressure
from billfold.infrastructure.jobs.rounds import Rounds
from billfold.infrastructure.outbound_answers import Limits, OutboundError, Response

_log = structlog.get_logger(__name__)

# Fifteen seconds from the look-up of the name to the last byte that is read; of the answer 16 KiB.
LIMITS: Final = Limits(total_seconds=15, largest_answer=16 * 1024, cuts_answer=True)
_STOP_SECONDS: Final = 5
_MOST_CLAIMED: Final = 128


class Post(Protocol):
    """What carries a request out, and back what was answered: `Outbound.fetch`."""

    async def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits
    ) -> Response:
        """Send one request; raises an `OutboundError`."""
        ...


@dataclass(frozen=True, slots=True)
class _Try:
    """A claim with the endpoint as it was when it was claimed."""

    endpoint: DueEndpoint
    claim: Claim

    @property
    def key(self) -> str:
        """What tells it from another try, also of the same delivery after its lease."""
        return f"{self.claim.lane.lease_token}:{self.claim.delivery_id}"


class Dispatcher:
    """Delivers until it is stopped; any number share one database on PostgreSQL."""

    def __init__(
        self,
        db: Database,
        post: Post,
        sealer: Sealer,
        clock: Clock,
        tell: Tell,
        *,
        places: int = 256,
        pressure: Pressure = DOORS,
    ) -> None:
        self._db = db
        self._post = post
        self._sealer = sealer
        self._clock = clock
        self._tell = tell
        self._paces = Paces(places)
        self._results: Batcher[Outcome, None] = Batcher(db, self._record)
        self._running: dict[asyncio.Task[None], _Try] = {}
        self._has_ended = asyncio.Event()
        self._has_ended.set()
        # What waits for another delivery to end waits long enough.
        self._rounds = Rounds(db, DELIVERIES, self._round, gather_seconds=0, pressure=pressure)

    async def run(self) -> None:
        """Deliver until `stop` is called, then let what is under way end."""
        self._has_ended.clear()
        try:
            await self._rounds.run()
        finally:
            await self._let_end()
            self._has_ended.set()

    async def stop(self) -> None:
        """Begin no more tries and let those under way end; what does not end soon is sent again, by whoever comes."""
        await self._rounds.stop()
        await self._has_ended.wait()

    async def drain(self) -> int:
        """Send what is due, and what becomes due by that, until nothing is; returns how many tries: for tests and commands."""
        tries = 0
        while started := await self._begin_due():
            tries += started
            await asyncio.gather(*self._running)
        return tries

    async def _round(self) -> bool:
        return await self._begin_due() > 0

    async def _begin_due(self) -> int:
        """Claim what is due and has a place, and begin to send it; returns how many tries began."""
        if self._paces.is_full:
            return 0
        now, moment = self._clock.now(), time.monotonic_ns()
        due = {each.id: each for each in await self._db.read(due_endpoints) if each.due_at <= now}
        shares = self._paces.shares([(each.id, each.failing_since is not None) for each in due.values()], moment)
        if not shares:
            return 0
        claims = await self._db.write(_claim, _first(shares, _MOST_CLAIMED), now)
        for each in claims:
            trying = _Try(due[each.lane.endpoint_id], each)
            self._paces.begin(
                trying.endpoint.id,
                trying.key,
                time.monotonic_ns(),
                is_failing=trying.endpoint.failing_since is not None,
            )
            task = asyncio.create_task(self._deliver(trying))
            self._running[task] = trying
            task.add_done_callback(self._forget)
        return len(claims)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        # Its place is free, and its lane may have more.
        self._rounds.wake()

    async def _deliver(self, trying: _Try) -> None:
        started = time.monotonic_ns()
        is_taken: bool | None = None
        took_ns = 0
        try:
            outcome = await self._try(trying, started)
            took_ns, is_taken = time.monotonic_ns() - started, outcome.is_taken
            await self._results.add(outcome)
        except Unavailable as error:
            # It is sent again when the lease is over.
            _log.warning("delivery.not_recorded", delivery=trying.claim.delivery_id, reason=error.message)
        except Exception:  # noqa: BLE001 - a try nobody waits for: what it raised is told here or nowhere
            _log.exception("delivery.failed", delivery=trying.claim.delivery_id)
        finally:
            self._paces.end(trying.endpoint.id, trying.key, is_taken=is_taken, took_ns=took_ns)

    async def _try(self, trying: _Try, started: int) -> Outcome:
        endpoint, claimed, now = trying.endpoint, trying.claim, self._clock.now()
        if endpoint.project_deleted_at is not None:
            return _ended(claimed, now, started, error="Its project was deleted.", is_hopeless=True)
        if claimed.body is None:
            return _ended(claimed, now, started, error="Its event is no longer kept.", is_hopeless=True)
        try:
            secrets = open_secrets(self._sealer, endpoint, now)
        except SealBroken:
            return _ended(
                claimed, now, started, error="Its secret does not open with this BILLFOLD_SECRET_KEY: rotate it."
            )
        headers = signed_headers(
            event_id=claimed.event_id, event_type=claimed.type, body=claimed.body, secrets=secrets, now=now
        )
        try:
            answer = await self._post("POST", endpoint.url, headers, claimed.body.encode(), LIMITS)
        except OutboundError as error:
            return _ended(claimed, now, started, error=str(error))
        return _ended(claimed, now, started, answer=answer)

    async def _record(self, tx: Writing, outcomes: Sequence[Outcome]) -> Sequence[None]:
        await record(tx, self._tell, outcomes, now=self._clock.now())
        return [None] * len(outcomes)

    async def _let_end(self) -> None:
        if not self._running:
            return
        trying = dict(self._running)
        _, late = await asyncio.wait(trying, timeout=_STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if late:
            try:
                await self._db.write(_let_go, [trying[task].claim.lane for task in late], self._clock.now())
            except Unavailable:
                _log.warning("dispatcher.not_let_go", lanes=len(late))


def _ended(
    claimed: Claim,
    now: datetime,
    started: int,
    *,
    answer: Response | None = None,
    error: str | None = None,
    is_hopeless: bool = False,
) -> Outcome:
    status = None if answer is None else answer.status
    # Only 2xx: what redirects has not taken it, and is not followed.
    is_taken = status is not None and 200 <= status < 300  # noqa: PLR2004 - HTTP's numbers
    attempt = NewAttempt(
        project_id=claimed.lane.project_id,
        delivery_id=claimed.delivery_id,
        tried_at=now,
        status=status,
        latency_ms=(time.monotonic_ns() - started) // 1_000_000,
        answer=None if answer is None else _readable(answer.body),
        error=error if status is None or is_taken else f"The answer was {status}.",
    )
    return Outcome(claimed, attempt, is_taken=is_taken, is_hopeless=is_hopeless)


def _readable(body: bytes) -> str | None:
    """Return the first KiB of an answer as text that a database takes."""
    return body[:LONGEST_ANSWER].decode("utf-8", "replace").replace("\0", "\ufffd") or None


def _first(shares: Sequence[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """Cut the shares so that one unit claims at most so many lanes; the next round claims the rest."""
    cut: list[tuple[str, int]] = []
    for endpoint_id, share in shares:
        if most <= 0:
            break
        cut.append((endpoint_id, min(share, most)))
        most -= share
    return cut


async def _claim(tx: Writing, wanted: Sequence[tuple[str, int]], now: datetime) -> list[Claim]:
    return await claim(tx, wanted, now=now)


async def _let_go(tx: Writing, held: Sequence[lanes.Lane], now: datetime) -> None:
    await lanes.let_go(tx, held, now=now)
