"""The webhook's door and the sync behind it, with a made-up Stripe account."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from billfold.base.clock import MovableClock
from billfold.domain.billing.customers import Customer, add_customer, new_customer
from billfold.domain.billing.stripe_events import ReportedEvent, reported_events
from billfold.domain.billing.sweep import sweep_handlers
from billfold.domain.billing.sync import sync_handlers
from billfold.entrypoints.limits import AsgiApp
from billfold.entrypoints.stripe_webhook import PREFIX, create_stripe_webhook
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.stripe.signature import sign
from tests.billing.conftest import House, build_house
from tests.billing.stripe_values import START
from tests.webhooks.fake_stripe import SECRET, FakeConnections, FakeStripe


@dataclass
class Shop:
    """A team with two projects and a customer in the first, its door and its worker."""

    db: Database
    clock: MovableClock
    stripe: FakeStripe
    connections: FakeConnections
    door: AsgiApp
    worker: Worker
    house: House
    logged: list[str] = field(default_factory=list)

    @property
    def team_id(self) -> str:
        return self.house.team_id

    @property
    def project_id(self) -> str:
        return self.house.project_id

    async def post(self, body: bytes, *, signature: str | None = "", **scope: Any) -> int:
        """Post a body to the door, by default rightly signed; return the status."""
        status, _ = await self.post_and_read(body, signature=signature, **scope)
        return status

    async def post_and_read(self, body: bytes, *, signature: str | None = "", **scope: Any) -> tuple[int, bytes]:
        if signature == "":
            signature = sign(body, SECRET, self.clock.now())
        headers = [] if signature is None else [(b"stripe-signature", signature.encode())]
        headers.append((b"content-length", b"%d" % len(body)))
        return await call(self.door, PREFIX + self.team_id, [body], headers=headers, **scope)

    async def deliver(self, *bodies: bytes) -> None:
        """Post events and run every job that follows."""
        for body in bodies:
            assert await self.post(body) == 200
        await self.worker.drain()

    async def reported(self) -> list[ReportedEvent]:
        return await self.db.read(reported_events, self.team_id)

    async def add_customer(self, stripe_id: str, *, project_id: str | None = None) -> Customer:
        row = new_customer(
            team_id=self.team_id,
            project_id=project_id or self.project_id,
            email=f"{stripe_id}@example.com",
            name=None,
            stripe_customer_id=stripe_id,
            metadata={},
            at=START,
            now=START,
        )
        return await self.db.write(add_customer, row)

    async def another(self) -> Shop:
        """Return a shop of a new team in the same database, with the same customer."""
        shop = Shop(
            db=self.db,
            clock=self.clock,
            stripe=self.stripe,
            connections=self.connections,
            door=self.door,
            worker=self.worker,
            house=await self.db.write(build_house),
        )
        await shop.add_customer("cus_1")
        return shop


async def call(
    app: AsgiApp, path: str, chunks: list[bytes], *, headers: list[tuple[bytes, bytes]], method: str = "POST"
) -> tuple[int, bytes]:
    """Call an ASGI application once; the body arrives in these chunks."""
    left = list(chunks) or [b""]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not left:
            return {"type": "http.disconnect"}
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
    }
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture
async def shop(db: Database) -> Shop:
    clock = MovableClock(START)
    stripe = FakeStripe()
    connections = FakeConnections(stripe)
    services = cast("Any", SimpleNamespace(db=db, clock=clock, stripe=connections))
    built = Shop(
        db=db,
        clock=clock,
        stripe=stripe,
        connections=connections,
        door=create_stripe_webhook(services),
        worker=Worker(db, {**sync_handlers(connections), **sweep_handlers(connections)}, clock),
        house=await db.write(build_house),
    )
    await built.add_customer("cus_1")
    return built
