"""What a call costs in a project of a million customers, as a multiple of what it costs in one of a thousand.

Two databases are measured in turn, request for request alike, over one connection; the cost is the median time of an answer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import load, population
from bench.api import apply_requests
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, Server, install, running
from bench.report import Options, Report

_SMALL: Final = (1_000, 300)
_LARGE: Final = (1_000_000, 300_000)
_LARGE_QUICK: Final = (50_000, 15_000)
_TARGET: Final = 1.3
# Many short rounds: what else the machine does then falls on both projects alike.
_ROUNDS: Final = 40
# Every round refers new customers, and the small project has 600 of them.
_APPLIES: Final = 14
_LISTS: Final = 25


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        small, large = (f"sqlite:///{options.directory / name}.db" for name in ("small", "large"))
        _measure("SQLite", small, large, options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            small, large = (create_database(server, f"billfold_bench_{name}") for name in ("small", "large"))
            _measure("PostgreSQL", small, large, options, report)


class _Project:
    """A filled project and its server."""

    def __init__(self, url: str, directory: Path, size: tuple[int, int]) -> None:
        directory.mkdir()
        self.made: Installation = install(url, directory)
        self.people = population.populate(self.made, customers=size[0], referrals=size[1])
        self.applies: Iterator[bytes] = apply_requests(self.made, self.people)

    def requests(self, call: str) -> list[bytes]:
        if call == "POST apply":
            return [next(self.applies) for _ in range(_APPLIES)]
        path = "referrals/codes" if call == "GET codes?limit=50" else "customers"
        return [load.get(f"{self.made.project_path}/{path}?limit=50", self.made.headers)] * _LISTS


def _measure(name: str, small_url: str, large_url: str, options: Options, report: Report) -> None:
    size = _LARGE_QUICK if options.quick else _LARGE
    report.head(
        f"Growth on {name}: {size[0]:,} customers and {size[1]:,} referrals against {_SMALL[0]:,} and {_SMALL[1]:,}"
    )
    started = time.perf_counter()
    small = _Project(small_url, options.directory / f"{name}-small", _SMALL)
    large = _Project(large_url, options.directory / f"{name}-large", size)
    report.note(f"filled in {time.perf_counter() - started:.0f} s")
    with small.made.serve() as small_server, large.made.serve() as large_server:
        servers = [small_server, large_server]
        for call in ("POST apply", "GET codes?limit=50", "GET customers?limit=50"):
            costs: dict[Server, list[float]] = {server: [] for server in servers}
            for _ in range((10 if options.quick else _ROUNDS) + 1):
                for project, server in ((small, small_server), (large, large_server)):
                    with running(servers, server):
                        outcome = load.run(server.port, project.requests(call), connections=1).expect(200, 201)
                    costs[server].append(outcome.median_ms)
            for server, label in ((small_server, "small"), (large_server, "large")):
                del costs[server][0]  # the round that warms up
                report.figure(f"{call}, {label}", costs[server], "ms")
            report.ratio(f"{call}: large / small", costs[large_server], costs[small_server], at_most=_TARGET)
