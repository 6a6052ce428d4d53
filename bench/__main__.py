"""`python -m bench [NAME …]`: run the benchmarks, each with its baselines, and print figures and ratios."""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.report import Options, Report, describe_machine

NAMES: Final = (
    "database",
    "start",
    "webhooks",
    "api",
    "conversions",
    "wallets",
    "growth",
    "sign-ups",
    "clicks",
    "console",
    "feed",
    "deliveries",
    "payouts",
)


def main() -> int:
    """Run what the command line names; the exit status is 1 if a target was missed and --strict was given."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and requests: a check that all of it works")
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="only this one (default: both)")
    parser.add_argument(
        "--part",
        action="append",
        metavar="PART",
        help="only this part of clicks: rates, latency or explain; repeatable",
    )
    parser.add_argument("--postgres-url", help="a server to use instead of a private cluster; databases are made on it")
    parser.add_argument("--directory", type=Path, help="where databases and logs go (default: a temporary directory)")
    parser.add_argument("--strict", action="store_true", help="exit with status 1 if a target is missed")
    given = parser.parse_args()
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    report = Report()
    print(describe_machine())
    for name in given.names or NAMES:
        # Each has a directory of its own: a database left by one would change what the next measures.
        directory = Path(tempfile.mkdtemp(prefix=f"billfold-bench-{name}-", dir=given.directory))
        directory.chmod(0o755)
        databases = (given.database,) if given.database else ("sqlite", "postgres")
        options = Options(given.quick, databases, given.postgres_url, directory, tuple(given.part or ()))
        try:
            importlib.import_module(f"bench.{name.replace('-', '_')}").run(options, report)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    report.close()
    return 1 if given.strict and report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
