"""Stripe's webhook door: signed events acknowledged durably, against a bare server and against a naive handler.

- `bare`: the same server reading the same bodies and answering a constant.
- `naive` (PostgreSQL): FastAPI, `construct_event`, one SQLAlchemy transaction for each event.

Throughput is a closed loop over 16 connections; each round measures every server once, the others held still. Latency is an
open loop at a fixed rate, counted from the moment each event was due. Every event is new and signed just before its round.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from bench.baselines import SECRET
from bench.load import run as send
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, Server, baseline, install, running
from bench.report import Options, Report
from bench.silent_stripe import SilentStripe
from bench.stripe_events import deliveries

CONNECTIONS: Final = 16
_STEADY_PER_SECOND: Final = 1_000
_OUTAGE_PER_SECOND: Final = 500


@dataclass(frozen=True, slots=True)
class Door:
    """Where signed events are sent."""

    server: Server
    path: str
    secret: str


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        _measure(
            f"sqlite:///{options.directory / 'billfold.db'}", "SQLite, synchronous=FULL", options, report, target=0.2
        )
        _outage(f"sqlite:///{options.directory / 'outage.db'}", "SQLite", options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            naive_url = create_database(server, "billfold_bench_naive")
            url = create_database(server, "billfold_bench_webhooks")
            _measure(url, "PostgreSQL", options, report, target=0.12, naive_url=naive_url)
            _outage(create_database(server, "billfold_bench_outage"), "PostgreSQL", options, report)


def _measure(
    url: str, name: str, options: Options, report: Report, *, target: float, naive_url: str | None = None
) -> None:
    events = options.count(8_000)
    report.head(f"Stripe webhook on {name}: {events:,} signed events a round, {CONNECTIONS} connections")
    made = install(url, options.directory)
    with ExitStack() as stack:
        door = stack.enter_context(made.serve())
        doors = {
            "bare": Door(stack.enter_context(baseline("bare", options.directory)), "/webhook", SECRET),
            "door": Door(door, made.webhook_path, made.webhook_secret),
        }
        if naive_url is not None:
            server = stack.enter_context(baseline("naive", options.directory, {"BENCH_DATABASE_URL": naive_url}))
            doors["naive"] = Door(server, "/webhook", SECRET)
        taken = measure_throughput(doors, events, options.rounds(5))
        names = {"bare": "bare server, constant answer", "door": "Billfold", "naive": "naive, a transaction an event"}
        for each in doors:
            report.figure(names[each], taken[each].per_second, "events/s")
            report.figure(f"{names[each]}: processor time", taken[each].microseconds, "µs/event")
        report.ratio("Billfold / bare server", taken["door"].per_second, taken["bare"].per_second, at_least=target)
        if naive_url is not None:
            report.ratio("Billfold / naive", taken["door"].per_second, taken["naive"].per_second, at_least=3.0)
    with made.serve() as door, baseline("bare", options.directory) as bare:
        seconds = 3 if options.quick else 10
        both = [door, bare]
        with running(both, bare):
            measure_latency("bare server", Door(bare, "/webhook", SECRET), _STEADY_PER_SECOND, seconds, report)
        with running(both, door):
            billfold = Door(door, made.webhook_path, made.webhook_secret)
            measure_latency("Billfold", billfold, _STEADY_PER_SECOND, seconds, report, target_ms=5.0)


def _outage(url: str, name: str, options: Options, report: Report) -> None:
    """Scenario A15: Stripe accepts connections and says nothing, so every job of the worker hangs; the door must not care."""
    report.head(f"Stripe webhook on {name} while Stripe does not answer (A15)")
    with SilentStripe() as stripe:
        made = _install_against(stripe, url, options)
        stripe.fall_silent()
        with made.serve() as server:
            seconds = 5 if options.quick else 60
            door = Door(server, made.webhook_path, made.webhook_secret)
            measure_latency("Billfold", door, _OUTAGE_PER_SECOND, seconds, report, target_ms=10.0)


def _install_against(stripe: SilentStripe, url: str, options: Options) -> Installation:
    environment: Mapping[str, str] = {"BILLFOLD_STRIPE_API_BASE": stripe.url}
    key, secret = "sk_test_benchmark0000000000", "whsec_benchmark0000000000000000"
    return install(
        url, options.directory, "--stripe-secret-key", key, "--webhook-secret", secret, environment=environment
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What each round gave: events a second, and the server's processor time for one, which a busy machine changes less."""

    per_second: list[float] = field(default_factory=list)
    microseconds: list[float] = field(default_factory=list)


def measure_throughput(doors: Mapping[str, Door], events: int, rounds: int) -> dict[str, Taken]:
    """Measure every door in each round, the others held still."""
    servers = [door.server for door in doors.values()]
    taken = {name: Taken() for name in doors}
    for number in range(rounds + 1):
        for name, door in doors.items():
            requests = deliveries(door.path, door.secret, events if number else events // 4)
            with running(servers, door.server):
                before = door.server.processor_seconds()
                outcome = send(door.server.port, requests, connections=CONNECTIONS).expect(200)
                used = door.server.processor_seconds() - before
            if number:  # the first round warms up: connections to the database, compiled statements
                taken[name].per_second.append(outcome.per_second)
                taken[name].microseconds.append(used / events * 1e6)
    return taken


def measure_latency(
    name: str, door: Door, per_second: int, seconds: int, report: Report, *, target_ms: float | None = None
) -> None:
    """Print latencies at a fixed rate; the target is the 99th percentile's."""
    send(door.server.port, deliveries(door.path, door.secret, 500), connections=CONNECTIONS).expect(200)
    requests = deliveries(door.path, door.secret, per_second * seconds)
    outcome = send(door.server.port, requests, connections=CONNECTIONS, per_second=per_second).expect(200)
    title = f"{name}, {per_second:,}/s for {seconds} s"
    report.figure(f"{title}: p50", [outcome.median_ms], "ms")
    report.judge(f"{title}: p99", [outcome.percentile_ms(99)], "ms", at_most=target_ms)
    report.figure(f"{title}: slowest", [max(outcome.latencies_ms)], "ms")
