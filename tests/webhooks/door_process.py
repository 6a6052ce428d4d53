"""The door in a process of its own, so that it can be killed: `python -m tests.webhooks.door_process DATABASE_URL PORT`."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import Any, cast

import uvicorn

from billfold.base.clock import SystemClock
from billfold.entrypoints.stripe_webhook import create_stripe_webhook
from billfold.infrastructure.db.opening import open_database
from tests.webhooks.fake_stripe import FakeConnections, FakeStripe


async def serve(database_url: str, port: int) -> None:
    db = open_database(database_url)
    await db.start()
    services = SimpleNamespace(db=db, clock=SystemClock(), stripe=FakeConnections(FakeStripe()))
    config = uvicorn.Config(
        cast("Any", create_stripe_webhook(cast("Any", services))),
        host="127.0.0.1",
        port=port,
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="error",
    )
    await uvicorn.Server(config).serve()
    await db.stop()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
