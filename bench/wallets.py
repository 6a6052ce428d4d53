"""`POST …/wallets/{id}/spend` against a FastAPI route that returns a constant of the same shape, and 20 at one wallet.

A spend looks a key up, draws from a wallet's grants, and is answered after the commit that holds it. Everybody has a wallet with
three grants; no two requests share a key. Sixteen connections, a closed loop; each round measures both, the other server held
still. Then twenty connections spend from one wallet, and what is left is compared with what was answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Final

from bench import load
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, Server, baseline, install, running
from bench.report import Options, Report

CONNECTIONS: Final = 16
_SPENDERS: Final = 20
_CUSTOMERS: Final = 64
_UNIT: Final = "ai_credits"
_PLENTY: Final = 1_000_000_000


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        url = f"sqlite:///{options.directory / 'billfold.db'}"
        _measure(url, "SQLite, synchronous=FULL", options, report, hammered_target=300)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_wallets"), "PostgreSQL", options, report)


def _measure(url: str, name: str, options: Options, report: Report, hammered_target: float | None = None) -> None:
    requests = options.count(3_000)
    report.head(f"Wallets on {name}: {requests:,} requests a round, {CONNECTIONS} connections")
    made = install(url, options.directory)
    with made.serve() as billfold, baseline("constant", options.directory) as constant:
        people = _fill(made)
        spends = _spends(made, people)
        again = next(spends)
        rates: dict[str, list[float]] = {}
        microseconds: dict[str, list[float]] = {}

        def take(label: str, server: Server, make: Callable[[], bytes]) -> None:
            prepared = [make() for _ in range(requests)]
            with running([billfold, constant], server):
                before = server.processor_seconds()
                outcome = load.run(server.port, prepared, connections=CONNECTIONS).expect(200)
                used = server.processor_seconds() - before
            rates.setdefault(label, []).append(outcome.per_second)
            microseconds.setdefault(label, []).append(used / requests * 1e6)

        for _ in range(options.rounds(5) + 1):
            take("POST spend, constant", constant, lambda: again)
            take("POST spend, Billfold", billfold, lambda: next(spends))
        for label, values in rates.items():
            del values[0], microseconds[label][0]  # the round that warms up
            report.figure(label, values, "requests/s")
            report.figure(f"{label}: processor time", microseconds[label], "µs/request")
        report.ratio(
            "POST spend: Billfold / constant",
            rates["POST spend, Billfold"],
            rates["POST spend, constant"],
            at_least=0.3,
        )
        _hammer(made, billfold, options, report, hammered_target)


def _hammer(made: Installation, server: Server, options: Options, report: Report, target: float | None) -> None:
    """Have twenty spend from one wallet at once, and see that each credit went once."""
    victim = _customer(made, "victim")
    rates = []
    spent = 0
    for number in range(options.rounds(3)):
        requests = options.count(1_000)
        prepared = [_spend(made, victim, 1, f"hammer-{number}-{each}") for each in range(requests)]
        rates.append(load.run(server.port, prepared, connections=_SPENDERS).expect(200).per_second)
        spent += requests
    left = made.call("GET", f"{made.project_path}/wallets/{victim}")["wallets"][0]["balance"]
    if left != _PLENTY - spent:
        raise SystemExit(f"{spent} were spent of {_PLENTY}, and {left} are left: an update was lost")
    report.judge(f"{_SPENDERS} at one wallet, no update lost", rates, "spends/s", at_least=target)


def _fill(made: Installation) -> list[str]:
    with ThreadPoolExecutor(8) as callers:
        return list(callers.map(lambda number: _customer(made, f"person-{number}"), range(_CUSTOMERS)))


def _customer(made: Installation, name: str) -> str:
    """Make a customer whose wallet holds plenty, in three grants."""
    wanted = {"email": f"{name}@example.com", "name": name}
    customer = str(made.call("POST", f"{made.project_path}/customers", wanted)["customer"]["id"])
    for number, amount in enumerate((1, 2, _PLENTY - 3)):
        grant = {"unit": _UNIT, "amount": amount, "key": f"{name}-{number}"}
        made.call("POST", f"{made.project_path}/wallets/{customer}/grant", grant)
    return customer


def _spends(made: Installation, people: list[str]) -> Iterator[bytes]:
    """Yield spends of one customer after the other, in no order."""
    for number in count():
        yield _spend(made, people[number * 37 % len(people)], 3, f"spend-{number}")


def _spend(made: Installation, customer: str, amount: int, key: str) -> bytes:
    body = {"unit": _UNIT, "amount": amount, "key": key}
    return load.post(f"{made.project_path}/wallets/{customer}/spend", json.dumps(body).encode(), made.headers)
