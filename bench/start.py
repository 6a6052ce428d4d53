"""How long `billfold serve` takes to its first answer, and how much memory it holds when it has nothing to do."""

from __future__ import annotations

import time
from typing import Final

from bench.postgres import create_database, postgres_server
from bench.processes import install
from bench.report import Options, Report

_IDLE_SECONDS: Final = 3.0


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        _measure(f"sqlite:///{options.directory / 'billfold.db'}", "SQLite", options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_start"), "PostgreSQL", options, report)


def _measure(url: str, name: str, options: Options, report: Report) -> None:
    report.head(f"Start of `billfold serve` on {name}, database already made")
    made = install(url, options.directory)
    seconds: list[float] = []
    processor: list[float] = []
    megabytes: list[float] = []
    with made.serve() as server:
        # `billfold init` has compiled much of it already; what only the server needs is compiled now, once.
        report.figure("the first start, some modules not yet compiled", [server.answered_after], "s")
    for _ in range(options.rounds(5)):
        server = made.serve()
        try:
            seconds.append(server.wait())
            processor.append(server.processor_seconds())
            time.sleep(_IDLE_SECONDS)
            megabytes.append(server.resident_megabytes())
        finally:
            server.stop()
    report.judge("process start to first answer", seconds, "s", at_most=2.0)
    report.figure("of which processor time", processor, "s")
    report.judge(f"resident memory after {_IDLE_SECONDS:.0f} idle seconds", megabytes, "MB", at_most=150.0)
