"""From a stored Stripe event to a converted referral with both rewards in the ledger, on one worker.

Friends subscribe through checkout in the simulator, which here sends nothing by itself: its events are listed through its API,
signed and posted to the door, so that all of them wait in the store. Then one worker starts, and the clock runs from the
first event it finishes to the last reward. A burst about one object merges into one job, as it does in life.

Then the same at a steady rate through the door, with the queue's length looked at every second.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from bench import load
from bench.bulk import Bulk, open_bulk
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, Server, billfold, install
from bench.report import Options, Report
from bench.stripe_events import signed

_CALLERS: Final = 8
_FRIENDS: Final = 500
_STEADY_PER_SECOND: Final = 200
_STEADY_FRIENDS: Final = 300
_LIMIT_SECONDS: Final = 120.0

_UNFINISHED: Final = "SELECT count(*) FROM stripe_events WHERE finished_at IS NULL"
_REWARDS: Final = "SELECT count(*) FROM rewards"
_CONVERTED: Final = "SELECT count(*) FROM referrals WHERE status = 'converted'"
_SETTLED: Final = "SELECT count(*) FROM rewards WHERE status = 'settled'"
# What recurs is no part of the queue that events make.
_WAITING: Final = 'SELECT count(*) FROM jobs WHERE "key" IS NULL OR "key" <> name'


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        _measure(f"sqlite:///{options.directory / 'billfold.db'}", "SQLite", options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_conversions"), "PostgreSQL", options, report)


def _measure(url: str, name: str, options: Options, report: Report) -> None:
    friends, steady = options.count(_FRIENDS), options.count(_STEADY_FRIENDS)
    report.head(f"Conversions on {name}, one worker: {friends} friends subscribe")
    made = install(url, options.directory)
    with made.serve("--no-worker") as server:
        bring_friends(made, friends)
        events = simulated_events(made)
        load.run(server.port, _deliveries(made, events)).expect(200)
    _forget_deliveries(url)
    _drain(made, events, friends, report)
    with made.serve("--no-worker") as server:
        bring_friends(made, steady, first=friends)
        later = simulated_events(made)[len(events) :]
    _forget_deliveries(url)
    _keep_up(made, later, report)


def bring_friends(made: Installation, number: int, first: int = 0) -> None:
    """Have friends apply a code and complete a checkout; the simulator drops the webhooks that it would send."""
    path = made.project_path
    made.call("POST", f"/simulator/{made.team_id}/delivery", {"drop": 1})
    made.call(
        "PUT",
        f"{path}/referrals/config",
        {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"},
    )
    product = made.call("POST", f"{path}/products", {"name": f"Pro {first}"})["product"]
    price = made.call("POST", f"{path}/products/{product['id']}/prices", {"unitAmount": 2900, "interval": "month"})
    referrer = _customer(made, f"referrer-{first}")
    code = made.call("POST", f"{path}/referrals/codes", {"customerId": referrer})["code"]["code"]

    def subscribe(friend: int) -> None:
        customer = _customer(made, f"friend-{friend}")
        made.call("POST", f"{path}/referrals/apply", {"code": code, "refereeCustomerId": customer})
        wanted = {
            "customerId": customer,
            "priceId": price["price"]["id"],
            "successUrl": "https://app.example.com/welcome",
            "cancelUrl": "https://app.example.com/pricing",
        }
        session = made.call("POST", f"{path}/checkout", wanted)["sessionId"]
        made.call("POST", f"/simulator/{made.team_id}/checkout/{session}/complete", {"outcome": "paid"})

    with ThreadPoolExecutor(_CALLERS) as callers:
        for _ in callers.map(subscribe, range(first, first + number)):
            pass


def simulated_events(made: Installation) -> list[bytes]:
    """Return the bodies of all events of the simulated account, oldest first, as Stripe's API lists them."""
    newest_first: list[Any] = []
    after = ""
    while True:
        page = made.call("GET", f"/simulator/stripe/v1/events?limit=100{after}", bearer=made.simulator_secret_key)
        newest_first += page["data"]
        if not page["has_more"]:
            return [json.dumps(event, indent=2).encode() for event in reversed(newest_first)]
        after = f"&starting_after={page['data'][-1]['id']}"


def _customer(made: Installation, name: str) -> str:
    wanted = {"email": f"{name}@example.com", "name": name}
    return str(made.call("POST", f"{made.project_path}/customers", wanted)["customer"]["id"])


def _deliveries(made: Installation, events: list[bytes]) -> list[bytes]:
    return [signed(made.webhook_path, event, made.webhook_secret) for event in events]


def _forget_deliveries(url: str) -> None:
    """Take out the simulator's own attempts to deliver: they are its work, not Billfold's."""
    bulk = open_bulk(url)
    bulk.execute("DELETE FROM jobs WHERE name LIKE 'simulator%'")
    bulk.close()


def _drain(made: Installation, events: list[bytes], friends: int, report: Report) -> None:
    watch = open_bulk(made.database_url)
    stored = watch.count(_UNFINISHED)
    with _worker(made):
        start = _wait(watch, _UNFINISHED, lambda left: left < stored)
        _wait(watch, _REWARDS, lambda count: count >= 2 * friends)
        _wait(watch, _UNFINISHED, lambda left: left == 0)
        converted = time.perf_counter()
        _wait(watch, _SETTLED, lambda count: count >= 2 * friends)
        settled = time.perf_counter()
    assert watch.count(_CONVERTED) == friends, f"{watch.count(_CONVERTED)} of {friends} referrals converted"
    assert watch.count(_REWARDS) == 2 * friends
    watch.close()
    report.note(f"{len(events)} events, {stored} of them about something that is to be fetched, {friends} conversions")
    seconds = converted - start
    report.judge("events stored to rewards in the ledger", [stored / seconds], "events/s", at_least=500)
    report.figure("conversions", [friends / seconds], "conversions/s")
    report.figure("both credits on the Stripe balances after", [settled - start], "s")


def _keep_up(made: Installation, events: list[bytes], report: Report) -> None:
    watch = open_bulk(made.database_url)
    per_second = _STEADY_PER_SECOND
    lengths: list[int] = []
    with _worker(made) as server, ThreadPoolExecutor(1) as sender:
        door = server if server.port == made.port else None
        with contextlib.ExitStack() as stack:
            if door is None:
                door = stack.enter_context(made.serve("--no-worker"))
            requests = _deliveries(made, events)
            done = sender.submit(load.run, door.port, requests, per_second=per_second)
            while not done.done():
                time.sleep(1)
                lengths.append(watch.count(_WAITING))
            done.result().expect(200)
    watch.close()
    # The first second fills the pipe, the last may be cut short.
    steady = [float(length) for length in lengths[1:-1] or lengths]
    report.note(f"{per_second} events/s for {len(events) / per_second:.0f} s: {lengths} jobs waiting or running")
    half = max(1, len(steady) // 2)
    grown = max(steady[half:] or steady) - max(steady[:half])
    report.judge(f"growth of the queue at {per_second} events/s", [grown], "jobs", at_most=per_second / 10)


@contextlib.contextmanager
def _worker(made: Installation) -> Iterator[Server]:
    """Run one worker: on SQLite inside the server, because it is for one process."""
    if made.database_url.startswith("sqlite"):
        with made.serve() as server:
            yield server
        return
    command = billfold("worker")
    worker = Server(command, 0, made.directory / "worker.log", {**made.environment})
    try:
        yield worker
    finally:
        worker.stop()


def _wait(watch: Bulk, sql: str, reached: Callable[[int], bool]) -> float:
    """Look until a count is reached, and return when that was."""
    until = time.perf_counter() + _LIMIT_SECONDS
    while time.perf_counter() < until:
        if reached(watch.count(sql)):
            return time.perf_counter()
        time.sleep(0.01)
    raise SystemExit(f"The worker did not get there in {_LIMIT_SECONDS:.0f} s: {watch.count(sql)} from {sql}")
