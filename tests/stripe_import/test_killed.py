"""An import whose process is killed goes on where it was: complete, nothing twice, and in little memory (issue 4, section 6.4).

`BILLFOLD_TEST_FULL=1` imports 20,000 customers with a subscription, an invoice and a charge each.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Final

import pytest
import sqlalchemy as sa

from billfold.base import fail_points
from billfold.domain.billing import customers, imports, invoices, payments, subscriptions
from billfold.domain.billing.imports import Progress, stripe_imports
from billfold.domain.billing.raw_objects import KINDS, stripe_raw_objects
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import command, query, row_tuple
from tests.app_fixtures import RunningBillfold
from tests.house.sources import ROOT
from tests.stripe_import.accounts import multiply, one_subscriber

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
CUSTOMERS: Final = 20_000 if FULL else 330
# Before which commit of the process it is killed: two for each page, hold and store.
KILLS: Final = (("before-commit", 240), ("after-commit", 701)) if FULL else (("before-commit", 12), ("after-commit", 9))
_MOST_MEGABYTES: Final = 300

_LET_GO: Final = command(sa.update(stripe_imports).values(held_until=None))
_COPIES: Final = query(
    sa.select(stripe_raw_objects.c.type, sa.func.count()).group_by(stripe_raw_objects.c.type), row_tuple
)
_ROWS: Final = {
    table.name: query(sa.select(sa.func.count()).select_from(table), int)
    for table in (customers.customers, subscriptions.subscriptions, invoices.invoices, payments.payments)
}


def run_import(database_url: str, *, fail_point: str = "") -> tuple[int, float]:
    """Run the import in a process of its own; return its exit status and its largest memory in millions of bytes."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.stripe_import.import_process", database_url],
        cwd=ROOT,
        env={**os.environ, fail_points.VARIABLE: fail_point},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    # The process tells its own peak: what the system tells of a child counts the parent's memory at the fork too.
    kibibytes = int(process.stdout.split()[-1]) if process.returncode == 0 else 0
    return process.returncode, kibibytes * 1024 / 1e6


@pytest.mark.timeout(900)
async def test_an_import_killed_half_way_is_complete_after_a_restart_and_nothing_is_double(
    billfold_app: RunningBillfold, database_url: str
) -> None:
    app, db = billfold_app, billfold_app.services.db
    await app.application.installation.simulator.configure(app.team.team_id, "delivery", {"drop": 1})
    # The process has a clock of its own: what it meets was made an hour ago.
    app.clock.advance(-timedelta(hours=1))
    await one_subscriber(app, project_id=app.team.project_id)
    await multiply(db, app.team.team_id, CUSTOMERS - 1)

    async def look(tx: Reading) -> tuple[Progress | None, dict[str, int]]:
        return await imports.find_progress(tx, app.team.team_id), dict(await tx.all(_COPIES))

    read = 0
    for point, commits in KILLS:
        status, _ = run_import(database_url, fail_point=f"{point}:kill:{commits}")
        assert status == -9
        progress, copies = await db.read(look)
        assert progress is not None
        assert progress.run.status == "running"
        # Each page is there with the cursor behind it, or not at all.
        assert {line.kind: line.read for line in progress.lines if line.read} == copies
        assert read < sum(copies.values()) < 4 * CUSTOMERS
        read = sum(copies.values())
        # The minute passes for which the dead one holds the run.
        await db.write(lambda tx: tx.run(_LET_GO))
    status, megabytes = run_import(database_url)
    assert status == 0
    progress, copies = await db.read(look)
    assert progress is not None
    assert progress.run.status == "finished"
    expected = {kind: 1 if kind in {"product", "price"} else CUSTOMERS for kind in KINDS}
    assert copies == expected
    assert {line.kind: line.read for line in progress.lines} == expected

    async def count(tx: Reading) -> dict[str, int]:
        return {name: await tx.one(statement) for name, statement in _ROWS.items()}

    assert await db.read(count) == dict.fromkeys(_ROWS, CUSTOMERS)
    assert megabytes < _MOST_MEGABYTES
    if FULL:
        sys.stderr.write(f"\n{CUSTOMERS} customers: at most {megabytes:.0f} MB\n")
