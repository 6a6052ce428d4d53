"""Whoever follows the feed sees each committed event exactly once and all see one order, whatever the writers do.

Issue 5, "Show" 5: 20,000 events by `just scenarios`, fewer otherwise.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.events import events
from tests.conftest import ON_POSTGRES
from tests.feed.conftest import World

_EVENTS: Final = 20_000 if os.environ.get("BILLFOLD_TEST_FULL") == "1" else 800
_WRITERS: Final = 8
_READERS: Final = 4


_PUBLISHED: Final = query(sa.select(events.c.payload).order_by(events.c.sequence), row_tuple)


class Undone(Exception):
    """The writer changed its mind."""


async def test_readers_see_each_committed_event_once_and_in_one_order(world: World) -> None:
    written: list[int] = []
    ended = asyncio.Event()
    sequencers = [world.sequencer() for _ in range(2)]
    running = [asyncio.create_task(each.run()) for each in sequencers]
    readers = [asyncio.create_task(_follow(world, seed, ended)) for seed in range(_READERS)]
    try:
        writers = [_write(world, number, written) for number in range(_WRITERS)]
        await asyncio.gather(*writers)
        for each in sequencers:
            await each.stop()
        while await world.sequencer().drain():
            pass
        ended.set()
        seen = await asyncio.gather(*readers)
    finally:
        ended.set()
        await asyncio.gather(*running, *readers, return_exceptions=True)
    assert sorted(seen[0]) == sorted(written)
    assert all(each == seen[0] for each in seen)
    if ON_POSTGRES:
        # Or it has proved nothing: some were committed after others with a higher id.
        assert seen[0] != [row["data"]["number"] for row in await world.db.read(_published)]


async def _published(tx: Reading) -> list[Any]:
    return [payload for (payload,) in await tx.all(_PUBLISHED)]


def _pause(chance: random.Random) -> float:
    """A moment, now and then longer than the sequencer gathers: then later ids are told first."""
    return 0.2 if chance.random() < 0.02 else chance.random() / 200


async def _write(world: World, writer: int, written: list[int]) -> None:
    """Write a writer's part in units of a few events, of which some are rolled back and some take their time."""
    chance = random.Random(writer)
    numbers = iter(range(writer, _EVENTS, _WRITERS))
    while batch := [number for _, number in zip(range(chance.randint(1, 5)), numbers, strict=False)]:
        undone = chance.random() < 0.2
        try:
            await world.db.write(_unit, world, batch, pause=_pause(chance), undone=undone)
        except Undone:
            continue
        written += batch


async def _unit(tx: Writing, world: World, batch: Sequence[int], *, pause: float, undone: bool) -> None:
    await world.publish_in(tx, *batch)
    if ON_POSTGRES:
        # Others begin later and commit before: ids and commits are in different orders.
        await asyncio.sleep(pause)
    if undone:
        raise Undone


async def _follow(world: World, seed: int, ended: asyncio.Event) -> list[int]:
    """Read in pages of any size until the writers have ended and nothing is left."""
    chance = random.Random(seed)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        is_last = ended.is_set()
        page = await world.read(cursor, limit=chance.randint(1, 100))
        seen += [int(str(event.data["number"])) for event in page.events]
        cursor = page.cursor
        if is_last and not page.has_more:
            return seen
        await asyncio.sleep(0.002)
