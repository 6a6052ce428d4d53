"""A dispatcher that a test kills: `python -m tests.outgoing.killed_dispatcher URL SECONDS` sends what is due in that database.

`SECONDS` is how far its clock is ahead, which lets the leases of the killed one before it run out.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from billfold.base.clock import MovableClock
from billfold.base.crypto import Sealer
from billfold.domain.webhooks.dispatcher import Dispatcher
from billfold.domain.webhooks.endpoints import Endpoint
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.opening import open_database
from billfold.infrastructure.outbound import Outbound


async def _tell(tx: Writing, endpoint: Endpoint, now: datetime) -> None:
    del tx, endpoint, now


async def main(url: str, seconds_ahead: int) -> None:
    """Send until nothing is due."""
    database = open_database(url)
    await database.start()
    outbound = Outbound(allow_private=True, keeps_connections=True)
    clock = MovableClock(datetime.now(UTC) + timedelta(seconds=seconds_ahead))
    await Dispatcher(database, outbound.fetch, Sealer(b"\1" * 32), clock, _tell).drain()
    await outbound.close()
    await database.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
