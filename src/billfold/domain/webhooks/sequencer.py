"""The sequencer: has the outbox put into the feeds, in rounds of short units, in whichever process gets to it first.

`sequencing.py` says what a unit does. Here is what happens when one fails: it is done again event by event, and the one that
cannot be told is parked, so that one defect stops no feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from billfold.base.clock import Clock
from billfold.base.errors import Unavailable
from billfold.domain.webhooks.sequencing import (
    SEQUENCE_AGAIN_JOB,
    FanOut,
    Happened,
    Renderer,
    Round,
    find_waiting,
    make_sequencer,
    park,
    sequence,
    sequence_parked,
)
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.jobs.events import PUBLISHED
from billfold.infrastructure.jobs.rounds import Rounds
from billfold.infrastructure.jobs.worker import Handler, UnitHandler

_log = structlog.get_logger(__name__)

# On SQLite a unit keeps the event loop; this many take a few milliseconds.
_AT_ONCE: Final = 64


class Sequencer:
    """Feeds what was published; any number of processes may run one, and one at a time does the work."""

    def __init__(self, db: Database, clock: Clock, renderers: Mapping[str, Renderer], fan_out: FanOut) -> None:
        self._db = db
        self._clock = clock
        self._renderers = renderers
        self._fan_out = fan_out
        self._is_made = False
        self._rounds = Rounds(db, PUBLISHED, self._round)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The handler of the job that tries a parked event again."""
        again = partial(sequence_parked, renderers=self._renderers, fan_out=self._fan_out)
        return {SEQUENCE_AGAIN_JOB: UnitHandler(again)}

    async def run(self) -> None:
        """Feed until `stop` is called."""
        await self._rounds.run()

    async def stop(self) -> None:
        """End after the unit under way."""
        await self._rounds.stop()

    async def drain(self) -> int:
        """Feed until nothing waits, and return how many events of the house were taken; for tests and commands."""
        taken = 0
        while (done := await self._feed()) is not None and done > 0:
            taken += done
        return taken

    async def _round(self) -> bool:
        # Nobody waits before the writer for an empty outbox, nor for one that another process is at.
        if not await self._db.read(_any_waiting):
            return False
        return await self._feed() == _AT_ONCE

    async def _feed(self) -> int | None:
        if not self._is_made:
            await self._db.write(make_sequencer)
            self._is_made = True
        try:
            return await self._one_unit(_AT_ONCE)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - whatever cannot be told must not stop what can
            _log.exception("feed.unit_failed")
            return await self._one_by_one()

    async def _one_unit(self, limit: int) -> int | None:
        done = await self._db.write(self._sequence, limit, self._clock.now())
        return None if done is None else done.taken

    async def _one_by_one(self) -> int | None:
        taken = 0
        for _ in range(_AT_ONCE):
            waiting = await self._db.read(find_waiting, limit=1)
            if not waiting:
                break
            try:
                done = await self._one_unit(1)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                if await self._db.write(_park, waiting[0], self._clock.now()):
                    _log.error(
                        "feed.event_parked", sequence=waiting[0].sequence, name=waiting[0].name, reason=repr(error)
                    )
                done = 1
            if done is None:
                return None
            taken += done
        return taken

    async def _sequence(self, tx: Writing, limit: int, now: datetime) -> Round | None:
        return await sequence(tx, self._renderers, self._fan_out, limit=limit, now=now)


async def _any_waiting(tx: Reading) -> bool:
    return bool(await find_waiting(tx, limit=1))


async def _park(tx: Any, happened: Happened, now: datetime) -> bool:
    return await park(tx, happened, now=now)
