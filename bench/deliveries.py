"""Webhooks sent to receivers on this machine: how many a second, and how soon after the commit beside bad receivers.

The server runs in this process as it always does (worker, sequencer, dispatcher), the receivers in another. First 4,000 events of
as many objects wait for one receiver and everything is sent. Then a hundred events a second are published, one after the other to
twenty projects with an endpoint each, of which five hang and five fail; what the other ten get is timed from the commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from bench.postgres import create_database, free_port, postgres_server
from bench.processes import Server
from bench.report import Options, Report
from billfold.app import Application, create_app
from billfold.base.settings import load_settings
from billfold.domain.tenancy import projects, teams
from billfold.domain.webhooks.endpoints import Endpoint, create_endpoint
from billfold.domain.webhooks.events import WebhookDisabled
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.migrating import migrate
from billfold.infrastructure.jobs.events import publish

_EVENTS: Final = 4_000
_PER_SECOND: Final = 100
_ENDPOINTS: Final = 20
_BAD: Final = 5
# Where the objects of the second measurement begin.
_LATER: Final = 10_000_000
_PATIENCE_SECONDS: Final = 120.0


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        url = f"sqlite:///{options.directory / 'billfold.db'}"
        asyncio.run(_measure(url, "SQLite, synchronous=FULL", options, report))
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            asyncio.run(_measure(create_database(server, "billfold_bench_deliveries"), "PostgreSQL", options, report))


@dataclass(frozen=True, slots=True)
class _House:
    """The server in this process, and where the receivers are."""

    application: Application
    receivers: int

    async def make(self, path: str) -> Endpoint:
        """Make a team and a project with one endpoint."""
        services = self.application.installation.services

        async def unit(tx: Writing) -> Endpoint:
            now = services.clock.now()
            team = await teams.create_team(tx, name="Bench", now=now)
            project = await projects.create_project(tx, team_id=team.id, name="Bench", now=now)
            endpoint, _ = await create_endpoint(
                tx,
                services.sealer,
                team_id=team.id,
                project_id=project.id,
                url=f"http://127.0.0.1:{self.receivers}/{path}",
                types=["*"],
                description=None,
                now=now,
            )
            return endpoint

        return await services.db.write(unit)

    async def publish(self, endpoint: Endpoint, numbers: range) -> int:
        """Publish an event about each of these objects in one unit; returns the monotonic time after the commit."""
        services = self.application.installation.services

        async def unit(tx: Writing) -> None:
            now = services.clock.now()
            for number in numbers:
                event = WebhookDisabled(
                    team_id=endpoint.team_id,
                    project_id=endpoint.project_id,
                    object_id=f"we_{number:08}",
                    data={"webhook": {"id": f"we_{number:08}", "description": "x" * 400}},
                )
                await publish(tx, event, happened_at=now, now=now)

        await services.db.write(unit)
        return time.monotonic_ns()

    async def arrived(self, count: int) -> dict[str, int]:
        """Wait until so many different events came to the receivers that take; returns when each came first.

        Gives up after two minutes, with what came.
        """
        found: dict[str, int] = {}
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(found) < count and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            for object_id, moment in json.loads(await asyncio.to_thread(self._ask)):
                found.setdefault(object_id, moment)
        return found

    def _ask(self) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.receivers}/arrived") as answer:
            body: bytes = answer.read()
            return body


@contextlib.asynccontextmanager
async def _house(url: str, receivers: int) -> AsyncIterator[_House]:
    await migrate(url)
    settings = load_settings(database_url=url, secret_key="01" * 32, outbound_private=True, simulator=False)
    application = create_app(settings, run_worker=False)
    await application.start()
    try:
        yield _House(application, receivers)
    finally:
        await application.stop()


async def _measure(url: str, name: str, options: Options, report: Report) -> None:
    port = free_port()
    command = [sys.executable, "-m", "bench.receivers", str(port)]
    with Server(command, port, options.directory / f"receivers-{port}.log"):
        async with _house(url, port) as house:
            report.head(f"Webhooks sent, {name}")
            installation = house.application.installation
            endpoint = await house.make("take")
            sending = asyncio.create_task(installation.dispatcher.run())
            await _throughput(house, endpoint, options, report)
            feeding = asyncio.create_task(installation.sequencer.run())
            await _beside_bad_ones(house, options, report)
            await asyncio.gather(installation.dispatcher.stop(), installation.sequencer.stop())
            await asyncio.gather(sending, feeding)


async def _throughput(house: _House, endpoint: Endpoint, options: Options, report: Report) -> None:
    count, first = options.count(_EVENTS), 0
    rates = []
    for _ in range(options.rounds(5)):
        for start in range(first, first + count, 500):
            await house.publish(endpoint, range(start, min(start + 500, first + count)))
        first += count
        begun = time.monotonic_ns()
        await house.application.installation.sequencer.drain()
        arrived = await house.arrived(count)
        assert len(arrived) == count, (len(arrived), count)
        rates.append(count / ((max(arrived.values()) - begun) / 1e9))
    report.judge("Fed, fanned out, sent and answered", rates, "deliveries/s", at_least=500)


async def _beside_bad_ones(house: _House, options: Options, report: Report) -> None:
    paths = ["hang"] * _BAD + ["fail"] * _BAD + ["take"] * (_ENDPOINTS - 2 * _BAD)
    made = [await house.make(path) for path in paths]
    seconds = 10 if options.quick else 60
    committed: dict[str, int] = {}

    async def one(number: int) -> None:
        moment = await house.publish(made[number % _ENDPOINTS], range(_LATER + number, _LATER + number + 1))
        if paths[number % _ENDPOINTS] == "take":
            committed[f"we_{_LATER + number:08}"] = moment

    begun, writes = time.perf_counter(), []
    for number in range(seconds * _PER_SECOND):
        await asyncio.sleep(max(0.0, begun + number / _PER_SECOND - time.perf_counter()))
        writes.append(asyncio.create_task(one(number)))
    await asyncio.gather(*writes)
    arrived = await house.arrived(len(committed))
    waits = sorted((arrived[each] - moment) / 1e6 for each, moment in committed.items() if each in arrived)
    report.note(
        f"{len(committed):,} events to the ten good receivers in {seconds} s, {len(committed) - len(waits)} lost"
    )
    report.figure("Committed to received, median", [waits[len(waits) // 2]], "ms")
    slowest = [waits[len(waits) * 99 // 100]]
    report.judge("Committed to received, slowest hundredth", slowest, "ms", at_most=1_000)
