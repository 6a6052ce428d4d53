"""Scenario B3: the database goes away under load and comes back; the server says so, lives on, and never lies."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.command_line import CommandLine
from tests.conftest import ON_POSTGRES
from tests.postgres_cluster import PostgresCluster
from tests.stories.conftest import create_team
from tests.stories.crashes import half_applied, stored_events
from tests.stories.deliveries import deliver_side_by_side
from tests.stories.running_server import PATIENCE_SECONDS, RunningServer, Team, server_environment
from tests.stories.shop import Shop

# Longer than the five seconds for which SQLite itself waits for a lock.
OUTAGE_SECONDS: Final = 3.0 if ON_POSTGRES else 6.5
BACK_WITHIN_SECONDS: Final = 5.0
LANES: Final = 4


@pytest.fixture
def outage(tmp_path: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The address of a database of this test's own, and how to take it away for the length of a block."""
    if not ON_POSTGRES:
        path = tmp_path / "billfold.db"
        yield f"sqlite:///{path}", lambda: locked_file(path)
        return
    cluster = PostgresCluster(loses_nothing=True)
    cluster.start()
    try:
        yield cluster.url, lambda: stopped_cluster(cluster)
    finally:
        cluster.remove()


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def stopped_cluster(cluster: PostgresCluster) -> Iterator[None]:
    cluster.stop(crash=True)
    try:
        yield
    finally:
        cluster.start()


@pytest.mark.timeout(240)
def test_b3_while_the_database_is_away_nothing_is_acknowledged_and_then_it_goes_on(
    outage: tuple[str, Callable[[], Any]],
    shop_of: Callable[[RunningServer, Team], Shop],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, away = outage
    team = create_team(CommandLine(url, monkeypatch, capsys), "Acme")
    server = RunningServer(server_environment(url), tmp_path / "server.log")
    try:
        server.start()
        shop = shop_of(server, team)
        shop.control("delivery", {"drop": 1.0})
        shop.open()
        shop.bring("friend")
        events = shop.events()
        load = Load(shop, events[-1])
        asyncio.run(load.run(away))
        assert server.is_alive(), server.text()
        assert load.statuses["before"].keys() == {200}
        # What was under way when the database went may have been stored; what came later was refused, or waited: SQLite
        # itself waits five seconds for a lock.
        assert load.statuses["during"].keys() <= {200, 503}, load.statuses
        assert load.statuses["during"][503] or not ON_POSTGRES, load.statuses
        assert load.statuses["during"][200] <= LANES * LANES
        assert load.seconds_until_success <= BACK_WITHIN_SECONDS, load.statuses
        assert load.acknowledged <= set(stored_events(server, team.id))
        # Jobs that were being done when the database went are anybody's when their lease has run out.
        server.let_leases_run_out()
        # After the outage the loop runs as ever, also for what was refused.
        shop.deliver(events)
        shop.wait_for_credits("friend")
        assert half_applied(server) == []
    finally:
        server.kill()


class Load:
    """A stream of events before, during and after the outage, and how each phase was answered."""

    def __init__(self, shop: Shop, template: dict[str, Any]) -> None:
        self.shop = shop
        self.template = template
        self.acknowledged: set[str] = set()
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.seconds_until_success = 0.0
        self._phase = "before"
        self._number = 0
        self._stopped = False
        self._succeeded = asyncio.Event()

    async def run(self, away: Callable[[], Any]) -> None:
        """Deliver over many connections while the database goes and comes back."""
        lanes = [asyncio.create_task(self._deliver()) for _ in range(LANES)]
        await asyncio.wait_for(self._succeeded.wait(), PATIENCE_SECONDS)
        block = away()
        self._phase = "going"
        await asyncio.to_thread(block.__enter__)
        self._phase = "during"
        await asyncio.sleep(OUTAGE_SECONDS)
        self._phase = "coming"
        await asyncio.to_thread(block.__exit__, None, None, None)
        self._phase = "after"
        returned_at = time.monotonic()
        self._succeeded.clear()
        await asyncio.wait_for(self._succeeded.wait(), PATIENCE_SECONDS)
        self.seconds_until_success = time.monotonic() - returned_at
        self._stopped = True
        await asyncio.gather(*lanes)

    async def _deliver(self) -> None:
        while not self._stopped:
            self._number += 1
            batch = [{**self.template, "id": f"evt_load{self._number:06}x{index}"} for index in range(8)]

            def note(status: int) -> None:
                self.statuses[self._phase][status] += 1
                if status == 200:
                    self._succeeded.set()

            self.acknowledged |= await deliver_side_by_side(self.shop, batch, lanes=LANES, on_answer=note)
            await asyncio.sleep(0.02)
