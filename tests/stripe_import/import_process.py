"""An import that a test kills: `python -m tests.stripe_import.import_process URL` does what `billfold import stripe` does.

Without the command's look at the migrations: a test's database is made without them. Its last line is the largest memory that it
had, in kibibytes.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from billfold.base.settings import load_settings
from billfold.cli.importing import only_team, work
from billfold.domain.billing.imports import Progress
from billfold.domain.billing.raw_objects import KINDS
from billfold.wiring import assemble
from tests.app_fixtures import SECRET_KEY


async def main(url: str) -> int:
    """Import everything of the only team."""
    installation = assemble(load_settings(database_url=url, secret_key=SECRET_KEY, log_level="error"))
    await installation.services.db.start()
    progress: Progress = await work(
        installation, await only_team(installation, None), KINDS, asyncio.Event(), lambda _: None
    )
    await installation.close()
    status = Path("/proc/self/status").read_text()  # noqa: ASYNC240 - everything is done
    sys.stdout.write(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")) + "\n")
    return 0 if progress.run.status == "finished" else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
