"""Two small calls of the billing API against FastAPI routes that return a constant of the same shape.

`GET …/customers/{id}` looks a key and a customer up; `POST …/referrals/apply` checks and writes, durably. No call to Stripe in
either. Sixteen connections, a closed loop; each round measures every route once, the other server held still.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from bench import load, population
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, Server, baseline, install, running
from bench.report import Options, Report

CONNECTIONS: Final = 16
_CUSTOMERS: Final = 30_000
_REFERRALS: Final = 1_500


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        _measure(f"sqlite:///{options.directory / 'billfold.db'}", "SQLite, synchronous=FULL", options, report, 0.4)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_api"), "PostgreSQL", options, report, 0.25)


def _measure(url: str, name: str, options: Options, report: Report, apply_target: float) -> None:
    requests = options.count(4_000)
    report.head(f"Billing API on {name}: {requests:,} requests a round, {CONNECTIONS} connections")
    made = install(url, options.directory)
    people = population.populate(made, customers=_CUSTOMERS, referrals=_REFERRALS)
    gets, applies = get_requests(made, people), apply_requests(made, people)
    with made.serve() as billfold, baseline("constant", options.directory) as constant:
        both = [billfold, constant]
        # The constant route takes the same request again and again; Billfold needs somebody new each time.
        again = next(applies)
        rates: dict[str, list[float]] = {}
        afterwards: list[float] = []
        microseconds: dict[str, list[float]] = {}

        def take(label: str, server: Server, make: Callable[[], bytes], number: int) -> None:
            prepared = [make() for _ in range(number)]
            with running(both, server):
                before = server.processor_seconds()
                outcome = load.run(server.port, prepared, connections=CONNECTIONS).expect(200, 201)
                used = server.processor_seconds() - before
                if label == "POST apply, Billfold":
                    # What the feed tells of the referrals, which rests while so many come.
                    afterwards.append(server.settle() / number * 1e6)
            rates.setdefault(label, []).append(outcome.per_second)
            microseconds.setdefault(label, []).append(used / number * 1e6)

        for _ in range(options.rounds(5) + 1):
            take("GET customer, constant", constant, lambda: next(gets), requests)
            take("GET customer, Billfold", billfold, lambda: next(gets), requests)
            take("POST apply, constant", constant, lambda: again, requests)
            take("POST apply, Billfold", billfold, lambda: next(applies), requests // 2)
    for label, values in rates.items():
        del values[0], microseconds[label][0]  # the round that warms up
        report.figure(label, values, "requests/s")
        report.figure(f"{label}: processor time", microseconds[label], "µs/request")
    report.figure("afterwards, for the feed: processor time", afterwards[1:], "µs/request")
    report.ratio(
        "GET customer: Billfold / constant",
        rates["GET customer, Billfold"],
        rates["GET customer, constant"],
        at_least=0.5,
    )
    report.ratio(
        "POST apply: Billfold / constant",
        rates["POST apply, Billfold"],
        rates["POST apply, constant"],
        at_least=apply_target,
    )


def get_requests(made: Installation, people: population.Population) -> Iterator[bytes]:
    """Yield requests for one customer after the other, in no order."""
    for number in count():
        person = number * 7_919 % people.customers
        yield load.get(f"{made.project_path}/customers/{population.customer_id(person)}", made.headers)


def apply_requests(made: Installation, people: population.Population) -> Iterator[bytes]:
    """Yield requests that each refer somebody new; ends when everybody was referred."""
    for person in range(people.first_free, people.customers):
        body = {
            "code": population.code(person * 7_919 % people.codes),
            "refereeCustomerId": population.customer_id(person),
        }
        yield load.post(f"{made.project_path}/referrals/apply", json.dumps(body).encode(), made.headers)
