"""The door is killed under load: what was acknowledged is there, and after redelivery nothing is missing or double (B1, B2)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.base import fail_points
from billfold.domain.billing.stripe_events import SYNC_JOB, stripe_events
from billfold.domain.tenancy.teams import create_team
from billfold.entrypoints.stripe_webhook import PREFIX
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.queue import jobs
from billfold.infrastructure.stripe.signature import sign
from tests.conftest import open_database
from tests.webhooks.fake_stripe import SECRET, about, event_body

REPOSITORY: Final = Path(__file__).parents[2]
FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
CONNECTIONS: Final = 16

STORED = query(sa.select(stripe_events.c.stripe_event_id, stripe_events.c.subject_id), row_tuple)
WAITING = query(sa.select(jobs.c.key).where(jobs.c.name == SYNC_JOB), str)


@contextmanager
def running_door(database_url: str, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.webhooks.door_process", database_url, str(port)],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
    )
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(10)


async def post_all(port: int, team_id: str, bodies: list[bytes]) -> tuple[set[int], list[int]]:
    """Post every body over 16 connections; return which were acknowledged, and every status. A dead server ends it."""
    await wait_until_it_listens(port)
    waiting = list(enumerate(bodies))
    acknowledged: set[int] = set()
    statuses: list[int] = []

    async def caller() -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                while waiting:
                    index, body = waiting.pop()
                    signature = sign(body, SECRET, datetime.now(UTC))
                    head = (
                        f"POST {PREFIX}{team_id} HTTP/1.1\r\nhost: localhost\r\nstripe-signature: {signature}\r\n"
                        f"content-length: {len(body)}\r\n\r\n"
                    )
                    writer.write(head.encode() + body)
                    answer = await reader.readuntil(b"\r\n\r\n")
                    status = int(answer.split(b" ", 2)[1])
                    length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                    await reader.readexactly(length)
                    statuses.append(status)
                    if status == 200:
                        acknowledged.add(index)
            finally:
                writer.close()

    await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
    return acknowledged, statuses


async def wait_until_it_listens(port: int) -> None:
    for _ in range(400):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("the door did not start")


async def look(database_url: str) -> tuple[list[Any], set[str]]:
    db = open_database(database_url)
    await db.start()
    stored = await db.read(lambda tx: tx.all(STORED))
    waiting = set(await db.read(lambda tx: tx.all(WAITING)))
    await db.stop()
    return stored, waiting


async def make_team(database_url: str) -> str:
    db: Database = open_database(database_url)
    await db.start()
    team = await db.write(lambda tx: create_team(tx, name="Example", now=datetime.now(UTC)))
    await db.stop()
    return team.id


def some_bodies(number: int) -> list[bytes]:
    return [
        event_body("invoice.paid", {**about("invoice", f"in_{index}"), "padding": "x" * 3_000}, event_id=f"evt_{index}")
        for index in range(number)
    ]


async def check_nothing_acknowledged_is_missing(database_url: str, team_id: str, acknowledged: set[int]) -> None:
    stored, waiting = await look(database_url)
    ids = [event_id for event_id, _ in stored]
    assert len(ids) == len(set(ids))
    assert {f"evt_{index}" for index in acknowledged} <= set(ids)
    # Not half: each stored event has its job.
    assert {f"{team_id}:{subject}" for _, subject in stored} <= waiting


SETTINGS: Final = (
    "after-event-insert:kill:20",
    "after-commit:kill:20",
    "before-commit:disk-full:20",
    "after-verify:kill:300",
    "before-commit:kill:20",
    "after-event-insert:raise:20",
)


@pytest.mark.parametrize("setting", SETTINGS if FULL else SETTINGS[:3])
async def test_a_door_that_fails_anywhere_loses_and_doubles_nothing_b2(database_url: str, setting: str) -> None:
    team_id = await make_team(database_url)
    bodies = some_bodies(500)
    with running_door(database_url, **{fail_points.VARIABLE: setting}) as (process, port):
        acknowledged, statuses = await post_all(port, team_id, bodies)
        if ":kill:" in setting:
            assert process.wait(10) == -signal.SIGKILL
            assert len(acknowledged) < len(bodies)
        else:
            # A batch whose unit raised was stored item by item; a full disk is told to everybody in it.
            assert set(statuses) <= {200, 500, 503}
    await check_nothing_acknowledged_is_missing(database_url, team_id, acknowledged)
    with running_door(database_url) as (_, port):
        missing = [body for index, body in enumerate(bodies) if index not in acknowledged]
        again, _ = await post_all(port, team_id, missing * 3)
        assert len(again) == len(missing) * 3
    await check_nothing_acknowledged_is_missing(database_url, team_id, set(range(len(bodies))))


async def test_a_door_killed_at_random_moments_loses_and_doubles_nothing_b1(database_url: str) -> None:
    team_id = await make_team(database_url)
    bodies = some_bodies(1_500)
    acknowledged: set[int] = set()
    chance = random.Random(1)
    for _ in range(50 if FULL else 2):
        left = [index for index in range(len(bodies)) if index not in acknowledged] or list(range(len(bodies)))
        with running_door(database_url) as (process, port):
            await wait_until_it_listens(port)
            posting = asyncio.create_task(post_all(port, team_id, [bodies[index] for index in left]))
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            process.kill()
            took, _ = await posting
            acknowledged |= {left[index] for index in took}
        await check_nothing_acknowledged_is_missing(database_url, team_id, acknowledged)
    with running_door(database_url) as (_, port):
        took, _ = await post_all(port, team_id, bodies)
        assert len(took) == len(bodies)
    await check_nothing_acknowledged_is_missing(database_url, team_id, set(range(len(bodies))))
    assert len((await look(database_url))[0]) == len(bodies)
