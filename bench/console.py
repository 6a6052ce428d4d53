"""What each page of the console takes: on the demo's year, and with a hundred thousand customers who all subscribe.

One connection, one request after the other; a page's time is the median of what its answers took, with the loopback's share.
The overview's first look at a hundred thousand is told by itself, and the first one after a restart: its sums are kept.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sqlite3
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench import load, population
from bench.bulk import open_bulk
from bench.postgres import create_database, free_port, postgres_server
from bench.processes import REPOSITORY, Installation, Server, billfold, install
from bench.report import Options, Report
from billfold.domain.tenancy.sessions import create_session
from billfold.domain.tenancy.users import find_user
from billfold.infrastructure.db.opening import open_database

_COOKIE: Final = "billfold_session"
_LOOKS: Final = 21
_DEMO_TARGET: Final = 50.0
_LARGE_TARGET: Final = 100.0
_CUSTOMERS: Final = 100_000
_PATIENCE_SECONDS: Final = 60
_CUSTOMERS_QUICK: Final = 10_000
_PROJECT_PAGES: Final = (
    "",
    "/customers",
    "/customers?page=200",
    "/customers?q=person.0",
    "/customers?q=template",
    "/customers?status=active",
    "/customers?status=past_due",
    "/customers/{customer}",
    "/subscriptions",
    "/subscriptions?status=active&page=200",
    "/catalog",
    "/referrals",
    "/referrals?status=converted&page=200",
    "/referrals/{referral}",
    "/codes",
    "/codes?page=200",
    "/program",
    "/ledger",
    "/stripe-events",
    "/jobs",
    "/settings",
    "/wallets",
    "/sign-up-bonus",
    "/links",
    "/explain",
    "/applications",
    "/partners",
    "/commissions",
    "/commission-terms",
    "/fraud-queue",
    "/payouts",
    "/payouts/batches",
    "/deals",
    "/partner-assets",
    "/partner-program",
    "/webhooks",
    "/events",
    "/rewards",
)
# Of a project whose partner program has begun, as the demo's has.
_PROGRAM_PAGES: Final = ("/payouts/preview", "/payouts/settings")
_TEAM_PAGES: Final = (
    "/api-keys",
    "/stripe",
    "/stripe/reconciliation",
    "/stripe/unassigned",
    "/members",
    "/mail",
    "/audit-log",
)


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for; the demo is SQLite's alone."""
    if "sqlite" in options.databases:
        _measure_demo(options, report)
        _measure_large("SQLite", f"sqlite:///{options.directory / 'large.db'}", options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure_large("PostgreSQL", create_database(server, "billfold_bench_console"), options, report)


def _measure_demo(options: Options, report: Report) -> None:
    report.head("Console on the demo's year (SQLite)")
    path = options.directory / "demo.db"
    port = free_port()
    environment = {
        "BILLFOLD_DATABASE_URL": f"sqlite:///{path}",
        "BILLFOLD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BILLFOLD_SECRET_KEY": secrets.token_hex(32),
        "BILLFOLD_LOG_LEVEL": "error",
    }
    made = subprocess.run(
        billfold("demo", "--database", str(path), "--no-serve", "--port", str(port)),
        check=True,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **environment},
    ).stdout
    team, project = (
        _found(rf"{name}\s+({prefix}_\w+)", made) for name, prefix in (("Team", "team"), ("Project", "proj"))
    )
    ids = _ids(path, project)
    token = asyncio.run(_sign_in(environment["BILLFOLD_DATABASE_URL"]))
    command = billfold("serve", "--port", str(port))
    with Server(command, port, options.directory / "demo.log", environment) as server:
        _measure(server, f"/console/{team}/{project}", token, ids, report=report, target=_DEMO_TARGET)


def _measure_large(name: str, url: str, options: Options, report: Report) -> None:
    customers = _CUSTOMERS_QUICK if options.quick else _CUSTOMERS
    report.head(f"Console on {name} with {customers:,} customers, subscriptions and {customers // 3:,} referrals")
    started = time.perf_counter()
    directory = options.directory / name
    directory.mkdir()
    made = install(url, directory)
    people = population.populate(made, customers=customers, referrals=customers // 3)
    _subscribe(made, people)
    report.note(f"filled in {time.perf_counter() - started:.0f} s")
    token = asyncio.run(_sign_in(made.database_url))
    measure_served(made, f"/console/{made.team_id}/{made.project_id}", token, report)


def measure_served(made: Installation, home: str, token: str, report: Report) -> None:
    """Serve an installation that is filled, measure its pages, and its overview once more after a restart."""
    with made.serve() as server:
        listed = _get(server, f"{home}/referrals", token)
        ids = {
            "customer": population.customer_id(0),
            "referral": _found(r"/referrals/(ref_\w+)", listed),
        }
        _judge_first(server, home, token, report, "overview, the first look of all")
        _wait_for_figures(server, home, token, report)
        _measure(server, home, token, ids, report=report, target=_LARGE_TARGET)
    with made.serve() as server:
        # Any page first: what a process does once is no matter of the overview.
        _get(server, f"{home}/settings", token)
        _judge_first(server, home, token, report, "overview, the first look after a restart")


def _measure(server: Server, home: str, token: str, ids: dict[str, str], *, report: Report, target: float) -> None:
    team_home = home.rpartition("/")[0]
    pages = (*_PROJECT_PAGES, *(_PROGRAM_PAGES if target == _DEMO_TARGET else ()))
    for page in (*(home + each for each in pages), *(team_home + each for each in _TEAM_PAGES)):
        address = page.format(**ids)
        outcome = load.run(server.port, [_request(address, token)] * _LOOKS, connections=1).expect(200)
        name = page.removeprefix(home).removeprefix(team_home) or "overview"
        report.judge(f"{name}, {len(outcome.last_body):,} bytes", [outcome.median_ms], "ms", at_most=target)


def _judge_first(server: Server, home: str, token: str, report: Report, name: str) -> None:
    first = load.run(server.port, [_request(home, token)], connections=1).expect(200)
    says = "figures" if b"Needs attention" in first.last_body else "that they are being added up"
    report.judge(f"{name}: {says}", [first.median_ms], "ms", at_most=_LARGE_TARGET)


def _wait_for_figures(server: Server, home: str, token: str, report: Report) -> None:
    """Wait until the overview shows figures; they are kept in the database then."""
    started = time.perf_counter()
    while "Needs attention" not in _get(server, home, token):
        time.sleep(0.2)
        if time.perf_counter() - started > _PATIENCE_SECONDS:
            raise SystemExit("the figures of the overview were never ready")
    report.note(f"figures there {time.perf_counter() - started:.1f} s later")


def _subscribe(made: Installation, people: population.Population) -> None:
    """Have every customer subscribe, like one who did through the checkout."""
    path = made.project_path
    with made.serve():
        product = made.call("POST", f"{path}/products", {"name": "Solo"})["product"]["id"]
        price = made.call("POST", f"{path}/products/{product}/prices", {"unitAmount": 1900, "interval": "month"})[
            "price"
        ]
        buyer = made.call("POST", f"{path}/customers", {"email": "buyer@example.com", "name": "Buyer"})["customer"][
            "id"
        ]
        urls = {"successUrl": "https://app.example.com/", "cancelUrl": "https://app.example.com/"}
        checkout = made.call("POST", f"{path}/checkout", {"customerId": buyer, "priceId": price["id"], **urls})
        made.call("POST", f"/simulator/{made.team_id}/checkout/{checkout['sessionId']}/complete", {})
        found: list[Any] = []
        for _ in range(200):
            found = made.call("GET", f"{path}/subscriptions?customerId={buyer}")["subscriptions"]
            if found:
                break
            time.sleep(0.1)
    subscription_id = found[0]["id"]
    bulk = open_bulk(made.database_url)
    subscription = bulk.template("subscriptions", "id", subscription_id)
    item = bulk.template("subscription_items", "subscription_id", subscription_id)
    event = dict(bulk.template("stripe_events", "project_id", made.project_id))
    day = 86_400_000_000

    def subscribe(number: int) -> dict[str, Any]:
        # Begun over three years; one of eight has ended, one of fifty is past due.
        began = subscription["created_at"] - number % 1_000 * day
        is_over = number % 8 == 0
        status = "canceled" if is_over else "past_due" if number % 50 == 1 else "active"
        return {
            "id": f"ps_{number:020d}",
            "customer_id": population.customer_id(number),
            "stripe_subscription_id": f"sub_{number:020d}",
            "status": status,
            "created_at": began,
            "started_at": began,
            "canceled_at": began + 40 * day if is_over else None,
        }

    bulk.copy("subscriptions", subscription, subscribe, people.customers)
    bulk.copy(
        "subscription_items",
        item,
        lambda number: {"subscription_id": f"ps_{number:020d}", "stripe_item_id": f"si_{number:020d}"},
        people.customers,
    )
    first = int(event["sequence"]) + 1_000_000
    bulk.copy(
        "stripe_events",
        event,
        lambda number: {"sequence": first + number, "stripe_event_id": f"evt_{number:020d}", "body": None},
        people.customers,
    )
    bulk.close()


async def _sign_in(url: str) -> str:
    """Begin a session of the installation's owner and return its token."""
    db = open_database(url)
    await db.start()

    async def unit(tx: Any) -> str:
        user = await find_user(tx, "bench@example.com") or await find_user(tx, "owner@example.com")
        assert user is not None
        return await create_session(tx, user_id=user.id, address="bench", user_agent="bench", now=datetime.now(UTC))

    token = await db.write(unit)
    await db.stop()
    return token


def _request(path: str, token: str) -> bytes:
    return load.get(path, {"cookie": f"{_COOKIE}={token}"})


def _get(server: Server, path: str, token: str) -> str:
    return load.run(server.port, [_request(path, token)], connections=1).expect(200).last_body.decode()


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"nothing like {pattern} in an answer of {len(text)} characters")
    return found[1]


def _ids(path: Path, project_id: str) -> dict[str, str]:
    """Return the customer who brought the most friends, and one of them."""
    file = sqlite3.connect(path)
    customer = file.execute(
        "SELECT referrer_id FROM referrals WHERE project_id = ? GROUP BY 1 ORDER BY count(*) DESC", (project_id,)
    ).fetchone()[0]
    referral = file.execute("SELECT id FROM referrals WHERE referrer_id = ?", (customer,)).fetchone()[0]
    file.close()
    return {"customer": customer, "referral": referral}
