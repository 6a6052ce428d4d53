"""Followed links: the redirect and `POST /v1/affiliate/track` against a bare server; `explain` among a million clicks.

Each click is answered after the commit that holds it. Throughput is a closed loop over 16 connections; each round measures every
server once, the others held still. Latency is an open loop at 500 clicks a second. Then a million clicks are stored, and what one
customer's explanation takes is measured one request after the other.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from typing import Final

import asyncpg

from bench import load
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, Server, baseline, install, running
from bench.report import Options, Report

CONNECTIONS: Final = 16
_STEADY_PER_SECOND: Final = 500
_CODES: Final = 16
_MILLION: Final = 1_000_000
_LANDING: Final = "https://www.example.com/start"
_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
# Clicks of a month, twenty characters behind the prefix as ids have them; `slot` is a half-hour.
_COLUMNS: Final = "id, project_id, program_id, code_id, visitor_id, slot, source, url, created_at"
_FILL_SQLITE: Final = f"""
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
INSERT INTO clicks ({_COLUMNS})
SELECT printf('clk_%020d', i), ?, ?, ?, printf('vis_%020d', i), 900000 + i % 1440, 'link', ?, 1700000000000000 + i FROM n
"""  # noqa: S608 - our own names
_FILL_POSTGRES: Final = f"""
INSERT INTO clicks ({_COLUMNS})
SELECT 'clk_' || lpad(i::text, 20, '0'), $2, $3, $4, 'vis_' || lpad(i::text, 20, '0'), 900000 + i % 1440, 'link', $5,
       1700000000000000 + i
FROM generate_series(0, $1::bigint - 1) AS i
"""  # noqa: S608 - our own names


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        url = f"sqlite:///{options.directory / 'billfold.db'}"
        _measure(url, "SQLite, synchronous=FULL", options, report, target=0.25)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_clicks"), "PostgreSQL", options, report, target=0.12)


def _measure(url: str, name: str, options: Options, report: Report, *, target: float) -> None:
    requests = options.count(8_000)
    report.head(f"Clicks on {name}: {requests:,} a round, {CONNECTIONS} connections")
    made = install(url, options.directory)
    # No limit stands in the way of a measurement.
    unlimited = {"BILLFOLD_KEY_TRACK_REQUESTS_PER_MINUTE": "0"}
    with made.serve(environment=unlimited) as billfold, baseline("bare", options.directory) as bare:
        codes = _prepare(made)
        follow = [load.get(f"/r/{made.project_id}/{code}", {"user-agent": _AGENT}) for code in codes]
        tell = [_track(made, code) for code in codes]
        if options.wants("rates"):
            _rates(billfold, bare, (follow, tell), options, report, target=target)
        with running([billfold, bare], billfold):
            if options.wants("latency"):
                for label, kinds, status in (("redirect", follow, 302), ("track", tell, 201)):
                    _latency(label, billfold, (kinds, status), options, report)
            if options.wants("explain"):
                _explain(made, billfold, options, report)


def _rates(
    billfold: Server,
    bare: Server,
    prepared: tuple[list[bytes], list[bytes]],
    options: Options,
    report: Report,
    *,
    target: float,
) -> None:
    follow, tell = prepared
    requests = options.count(8_000)
    rates: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    doors: list[tuple[str, Server, list[bytes], int]] = [
        ("bare server, GET", bare, follow, 200),
        ("redirect", billfold, follow, 302),
        ("bare server, POST", bare, tell, 200),
        ("track", billfold, tell, 201),
    ]
    for number in range(options.rounds(5) + 1):
        for label, server, kinds, status in doors:
            wanted = [kinds[each % len(kinds)] for each in range(requests if number else requests // 4)]
            with running([billfold, bare], server):
                before = server.processor_seconds()
                outcome = load.run(server.port, wanted, connections=CONNECTIONS).expect(status)
                used = server.processor_seconds() - before
            if number:  # the first round warms up
                rates.setdefault(label, []).append(outcome.per_second)
                spent.setdefault(label, []).append(used / requests * 1e6)
    for label, values in rates.items():
        report.figure(label, values, "clicks/s")
        report.figure(f"{label}: processor time", spent[label], "µs/click")
    report.ratio("redirect / bare server", rates["redirect"], rates["bare server, GET"], at_least=target)
    report.ratio("track / bare server", rates["track"], rates["bare server, POST"], at_least=target)


def _latency(label: str, server: Server, requests: tuple[list[bytes], int], options: Options, report: Report) -> None:
    kinds, status = requests
    seconds = 3 if options.quick else 60
    prepared = [kinds[each % len(kinds)] for each in range(_STEADY_PER_SECOND * seconds)]
    outcome = load.run(server.port, prepared, connections=CONNECTIONS, per_second=_STEADY_PER_SECOND).expect(status)
    title = f"{label}, {_STEADY_PER_SECOND}/s for {seconds} s"
    report.figure(f"{title}: p50", [outcome.median_ms], "ms")
    report.judge(f"{title}: p99", [outcome.percentile_ms(99)], "ms", at_most=10.0)
    report.figure(f"{title}: slowest", [max(outcome.latencies_ms)], "ms")


def _explain(made: Installation, server: Server, options: Options, report: Report) -> None:
    clicks = _MILLION // 4 if options.quick else _MILLION
    friend = _sell(made)
    _fill(made, clicks)
    request = load.get(f"{made.project_path}/referrals/explain?customer={friend}", made.headers)
    outcome = load.run(server.port, [request] * options.count(400), connections=1).expect(200)
    title = f"explain among {clicks:,} clicks"
    report.judge(f"{title}: p50", [outcome.median_ms], "ms", at_most=20.0)
    report.figure(f"{title}: p99", [outcome.percentile_ms(99)], "ms")


def _prepare(made: Installation) -> list[str]:
    """Set up a program, a landing address and people with codes; return the codes."""
    config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}
    made.call("PUT", f"{made.project_path}/referrals/config", config)
    made.call("PUT", f"{made.project_path}/links", {"landingUrl": _LANDING})
    codes = []
    for number in range(_CODES):
        customer = made.call("POST", f"{made.project_path}/customers", {"email": f"partner-{number}@example.com"})
        body = {"customerId": customer["customer"]["id"]}
        codes.append(str(made.call("POST", f"{made.project_path}/referrals/codes", body)["code"]["code"]))
    return codes


def _track(made: Installation, code: str) -> bytes:
    body = {"code": code, "url": f"{_LANDING}?ref={code}", "userAgent": _AGENT}
    return load.post("/v1/affiliate/track", json.dumps(body).encode(), {"x-api-key": made.api_key})


def _sell(made: Installation) -> str:
    """Have a customer come by a link and pay; return his id."""
    path = made.project_path
    code = made.call("GET", f"{path}/referrals/codes")["codes"][0]["code"]
    wanted = {"email": "friend@example.com", "referralCode": code}
    friend = str(made.call("POST", f"{path}/customers", wanted)["customer"]["id"])
    product = made.call("POST", f"{path}/products", {"name": "Pro"})["product"]["id"]
    price = {"unitAmount": 2900, "interval": "month", "type": "recurring"}
    price_id = made.call("POST", f"{path}/products/{product}/prices", price)["price"]["id"]
    urls = {"successUrl": "https://example.com/ok", "cancelUrl": "https://example.com/no"}
    session = made.call("POST", f"{path}/checkout", {"customerId": friend, "priceId": price_id, **urls})["sessionId"]
    made.call("POST", f"/simulator/{made.team_id}/checkout/{session}/complete", {"outcome": "paid"})
    return friend


def _fill(made: Installation, clicks: int) -> None:
    values = (clicks, made.project_id, "prog_bench", "code_bench", _LANDING)
    _by_driver(made.database_url)(values)


def _by_driver(url: str) -> Callable[[tuple[object, ...]], None]:
    if url.startswith("sqlite"):

        def fill_sqlite(values: tuple[object, ...]) -> None:
            connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)
            with connection:
                connection.execute(_FILL_SQLITE, values)
            connection.close()

        return fill_sqlite

    async def fill(values: tuple[object, ...]) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(_FILL_POSTGRES, *values)
        await connection.execute("ANALYZE clicks")
        await connection.close()

    return lambda values: asyncio.run(fill(values))
