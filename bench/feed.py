"""The feed: how many events a second come into it, and how many a second a reader gets out of it over HTTP.

Coming in: customers are changed, so each event is looked up and drawn as the API shows it. Coming out: one reader follows the
whole feed page by page over one connection, then four read pages of it side by side.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from typing import Final

from bench import load
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, install
from bench.report import Options, Report
from billfold.app import create_app
from billfold.base.settings import load_settings
from billfold.domain.billing.customers import add_customer, new_customer
from billfold.domain.billing.events import CustomerUpdated
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish

_EVENTS: Final = 10_000
_CUSTOMERS: Final = 100
_PAGE: Final = 500


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        _measure(f"sqlite:///{options.directory / 'billfold.db'}", "SQLite, synchronous=FULL", options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_feed"), "PostgreSQL", options, report)


def _measure(url: str, name: str, options: Options, report: Report) -> None:
    events = options.count(_EVENTS)
    report.head(f"The feed on {name}: {events:,} events")
    made = install(url, options.directory)
    came_in = asyncio.run(_fill(made, url, events, options.rounds(3)))
    report.judge("events put into the feed, each looked up", came_in, "events/s", at_least=1_000)
    with made.serve():
        alone, side_by_side = [], []
        path = f"{made.project_path}/events"
        for _ in range(options.rounds(5)):
            began = time.perf_counter()
            pages = _follow(made, path)
            alone.append(sum(count for _, count in pages) / (time.perf_counter() - began))
            requests = [load.get(f"{path}?limit={_PAGE}{cursor}", made.headers) for cursor, _ in pages]
            outcome = load.run(made.port, requests, connections=4).expect(200)
            side_by_side.append(outcome.per_second * sum(count for _, count in pages) / len(pages))
        report.judge("one reader, page after page", alone, "events/s", at_least=2_000)
        report.judge("four readers", side_by_side, "events/s", at_least=2_000)


async def _fill(made: Installation, url: str, events: int, rounds: int) -> list[float]:
    """Publish changes of customers, put them into the feed, and return how many a second that was."""
    settings = load_settings(database_url=url, secret_key=made.environment["BILLFOLD_SECRET_KEY"])
    application = create_app(settings, run_worker=False)
    await application.start()
    try:
        services, sequencer = application.installation.services, application.installation.sequencer
        team_id, project_id = made.team_id, made.project_id

        async def people(tx: Writing) -> list[str]:
            now = services.clock.now()
            rows = [
                new_customer(
                    team_id=team_id, project_id=project_id, email=f"feed-{number}@example.com", name=f"Reader {number}",
                    stripe_customer_id="", metadata={"plan": "team"}, at=now, now=now,
                )
                for number in range(_CUSTOMERS)
            ]  # fmt: skip
            return [(await add_customer(tx, row)).id for row in rows]

        customers = await services.db.write(people)

        async def change(tx: Writing, first: int) -> None:
            now = services.clock.now()
            for number in range(first, first + 500):
                event = CustomerUpdated(team_id, project_id, customers[number % _CUSTOMERS])
                await publish(tx, event, happened_at=now, now=now)

        await sequencer.drain()
        rates = []
        for _ in range(rounds):
            for first in range(0, events, 500):
                await services.db.write(change, first)
            began = time.perf_counter()
            taken = await sequencer.drain()
            rates.append(taken / (time.perf_counter() - began))
        return rates
    finally:
        await application.stop()


def _follow(made: Installation, path: str) -> list[tuple[str, int]]:
    """Read the feed to its end; return the query of each page and how many events it had."""
    pages: list[tuple[str, int]] = []
    cursor = ""
    connection = http.client.HTTPConnection("127.0.0.1", made.port, timeout=30)
    while True:
        connection.request("GET", f"{path}?limit={_PAGE}{cursor}", headers=made.headers)
        page = json.loads(connection.getresponse().read())
        pages.append((cursor, len(page["events"])))
        if not page["hasMore"]:
            connection.close()
            return pages
        cursor = f"&after={page['cursor']}"
