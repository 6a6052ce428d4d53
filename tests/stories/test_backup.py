"""Scenario B8: a backup that was made under load, restored, with Stripe's events told again, ends where the original did.

The full numbers (about 1,500 events, a thousand a second) run with BILLFOLD_TEST_FULL=1.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.jobs.queue import waiting_count
from tests.conftest import PostgresAdministrator
from tests.stories.crashes import half_applied
from tests.stories.deliveries import deliver_side_by_side
from tests.stories.running_server import RunningServer, Team, server_environment, wait_until
from tests.stories.shop import Shop

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
FRIENDS: Final = 125 if FULL else 10
PER_SECOND: Final = 1_000 if FULL else 150
SQLITE: Final = "sqlite:///"


@pytest.fixture
def restore(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], str]:
    """Give a backup a database of its own, and return where that is."""

    def put_back(backup: Path) -> str:
        if backup.suffix == ".db":
            return f"{SQLITE}{shutil.copyfile(backup, tmp_path / 'restored.db')}"
        administrator: PostgresAdministrator = request.getfixturevalue("postgres_administrator")
        url = administrator.create(f"billfold_{os.getpid()}_restored", with_tables=False)
        subprocess.run(["pg_restore", "--no-owner", "--dbname", url, backup], check=True, timeout=60)
        return url

    return put_back


def back_up(url: str, folder: Path) -> Path:
    """Make a backup as the guides say, while the server writes."""
    if not url.startswith(SQLITE):
        made = folder / "backup.dump"
        subprocess.run(["pg_dump", "--format", "custom", "--file", made, url], check=True, timeout=60)
        return made
    made = folder / "backup.db"
    with closing(sqlite3.connect(url.removeprefix(SQLITE))) as original, closing(sqlite3.connect(made)) as copy:
        original.backup(copy)
    return made


def wait_until_idle(server: RunningServer) -> None:
    """Wait until no job waits or runs, and everything that happened stands in the feed."""

    def is_idle() -> bool:
        jobs_left = server.read(lambda db: db.read(waiting_count))
        unfed = server.rows(sa.select(events.c.name).where(events.c.waiting_since.is_not(None)).limit(1))
        return not jobs_left and not unfed

    wait_until(is_idle, server)


@pytest.mark.timeout(1_800 if FULL else 300)
def test_b8_a_backup_made_under_load_catches_up_by_stripes_events(
    init: Callable[[str], Team],
    server: RunningServer,
    shop_of: Callable[[RunningServer, Team], Shop],
    restore: Callable[[Path], str],
    tmp_path: Path,
) -> None:
    if not server.database_url.startswith(SQLITE) and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    team = init("Acme")
    server.start()
    shop = shop_of(server, team)
    # Nothing comes by itself: this test is Stripe's hand.
    shop.control("delivery", {"drop": 1.0})
    shop.open()
    friends = [f"friend{number}" for number in range(FRIENDS)]
    for friend in friends:
        shop.bring(friend)
    told = shop.events()
    made: list[Path] = []
    backup = threading.Thread(target=lambda: made.append(back_up(server.database_url, tmp_path)))
    answered = 0

    def begin_half_way(_status: int) -> None:
        nonlocal answered
        answered += 1
        if answered == len(told) // 2:
            backup.start()

    acknowledged = asyncio.run(deliver_side_by_side(shop, told, per_second=PER_SECOND, on_answer=begin_half_way))
    backup.join(120)
    assert acknowledged == {event["id"] for event in told}
    shop.wait_for_credits(*friends)
    wait_until_idle(server)
    expected = shop.final_state()
    server.kill()

    restored = RunningServer(server_environment(restore(made[0])), tmp_path / "restored.log")
    try:
        # The same address, which stands in links that are kept.
        restored.port, restored.base_url = server.port, server.base_url
        assert half_applied(restored) == []
        # The worker died with the original.
        restored.let_leases_run_out()
        restored.start()
        again = shop_of(restored, team)
        again.code = shop.code
        assert asyncio.run(deliver_side_by_side(again, told)) == acknowledged
        again.wait_for_credits(*friends)
        wait_until_idle(restored)
        assert again.final_state() == expected
        assert half_applied(restored) == []
    finally:
        restored.kill()
