"""Issue 5, Show 2: `kill -9` in the middle of deliveries loses none, and what comes twice has the same id and verifies.

`BILLFOLD_TEST_FULL=1` sends 1,000.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from standardwebhooks import Webhook

from billfold.base.clock import MovableClock
from billfold.base.fail_points import VARIABLE
from tests.conftest import open_database
from tests.house.sources import ROOT
from tests.outgoing.world import World

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
_EVENTS: Final = 1_000 if FULL else 120
_KILLS: Final = 2
# A lease is over, and what is signed then is not yet too far ahead for a receiver, which allows five minutes.
_LEASE_SECONDS: Final = 61


async def _send(url: str, seconds_ahead: int, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.outgoing.killed_dispatcher", url, str(seconds_ahead),
        cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip


async def test_a_killed_dispatcher_loses_nothing_and_repeats_under_the_same_id(database_url: str) -> None:
    received: list[tuple[str, bytes]] = []
    enough = asyncio.Event()
    enough_at = 0
    wrong: list[str] = []

    async def handler(request: Any) -> web.Response:
        body = await request.read()
        try:
            verifier.verify(body, dict(request.headers))
        except Exception as error:  # noqa: BLE001 - told by the assertion below, not to the sender
            wrong.append(repr(error))
        received.append((request.headers["webhook-id"], body))
        if len(received) >= enough_at:
            enough.set()
        return web.Response(status=204)

    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        database = open_database(database_url)
        await database.start()
        world = await World(database).start()
        world.clock = MovableClock(datetime.now(UTC))
        _, secret = await world.endpoint(f"http://127.0.0.1:{runner.addresses[0][1]}/hooks")
        verifier = Webhook(secret)
        for start in range(0, _EVENTS, 40):
            await world.happen(*(f"pc_{number % 30}" for number in range(start, start + 40)))
        await database.stop()
        for kill in range(1, _KILLS + 1):
            enough.clear()
            enough_at = len(received) + _EVENTS // (2 * _KILLS)
            process = await _send(database_url, _LEASE_SECONDS * (kill - 1))
            await enough.wait()
            process.send_signal(signal.SIGKILL)
            assert await process.wait() == -signal.SIGKILL
        # Once more around a commit: what was answered and not yet written down.
        process = await _send(database_url, _LEASE_SECONDS * _KILLS, **{VARIABLE: "before-commit:kill:4"})
        assert await process.wait() in {-signal.SIGKILL, 0}
        process = await _send(database_url, _LEASE_SECONDS * (_KILLS + 1))
        assert await process.wait() == 0
    finally:
        await runner.cleanup()
    assert not wrong
    counted = Counter(event_id for event_id, _ in received)
    assert len(counted) == _EVENTS
    assert len(set(received)) == _EVENTS, "a repeat is the same letter for letter"
    await database.start()
    (endpoint,) = await world.endpoints()
    assert {each.status for each in await world.deliveries(endpoint)} == {"delivered"}
    await database.stop()
