"""A simulated account on an empty database, called with the official `stripe` library in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import stripe

from billfold.base.clock import MovableClock
from billfold.base.crypto import Sealer
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.stripe.signature import verify
from billfold.infrastructure.stripe.transport import InMemoryClient
from billfold.infrastructure.stripe_simulator import SimulatedAccount, Simulator, create_simulator
from billfold.infrastructure.stripe_simulator.clock import Step

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
TEAM = "team_1"


class TickingClock(MovableClock):
    """Stands almost still: two moments are never the same, so jobs have an order."""

    def now(self) -> datetime:
        self.advance(timedelta(microseconds=100))
        return super().now()


@dataclass
class World:
    """One team's account, the library's client for it, and every webhook that arrived."""

    db: Database
    clock: MovableClock
    simulator: Simulator
    account: SimulatedAccount
    client: stripe.StripeClient
    worker: Worker
    received: list[dict[str, Any]] = field(default_factory=list)
    webhook_status: int = 200

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.received]

    async def receive(self, team_id: str, headers: Mapping[str, str], body: bytes) -> int:
        assert team_id == TEAM
        verify(body, headers["stripe-signature"], [self.account.webhook_secret], self.clock.now())
        if self.webhook_status == 200:
            self.received.append(msgspec.json.decode(body))
        return self.webhook_status

    async def advance(self, *, days: float = 0, to: datetime | None = None) -> list[str]:
        target = to or self.clock.now() + await self.offset() + timedelta(days=days)
        types: list[str] = []
        for _ in range(10_000):
            step: Step = await self.db.write(self.simulator.advance, TEAM, target, self.clock.now())
            types += step.event_types
            if step.finished:
                return types
        raise AssertionError("the clock does not arrive")

    async def offset(self) -> timedelta:
        return await self.db.read(self.simulator.read_clock, TEAM)

    async def at(self) -> int:
        return int((self.clock.now() + await self.offset()).timestamp())

    async def raw(self, method: str, path: str, **params: Any) -> dict[str, Any]:
        answer = await self.client.raw_request_async(method, f"/v1/{path}", **params)
        assert isinstance(answer.data, dict)
        return answer.data

    async def price(self, amount: int = 1000, interval: str | None = "month", **more: Any) -> dict[str, Any]:
        product = await self.raw("post", "products", name="Plan")
        recurring = {} if interval is None else {"recurring": {"interval": interval}}
        return await self.raw(
            "post", "prices", product=product["id"], unit_amount=amount, currency="usd", **recurring, **more
        )

    async def checkout(self, price: dict[str, Any], customer: str | None = None, **more: Any) -> dict[str, Any]:
        values = {"mode": "subscription", "line_items": [{"price": price["id"], "quantity": 1}], **more}
        if customer is not None:
            values["customer"] = customer
        return await self.raw(
            "post", "checkout/sessions", success_url="https://app.example.com/?s={CHECKOUT_SESSION_ID}", **values
        )

    async def subscribe(self, amount: int = 1000, bank: str = "pays", **more: Any) -> dict[str, Any]:
        """Subscribe a new customer through checkout and return the subscription."""
        customer = await self.raw("post", "customers", email="wren@example.com")
        session = await self.checkout(await self.price(amount), customer["id"], **more)
        done = await self.simulator.complete_checkout(TEAM, session["id"], bank=bank)
        return await self.raw("get", f"subscriptions/{done['subscription']}")


@pytest.fixture
async def world(db: Database) -> World:
    clock = TickingClock(START)
    sealer = Sealer(b"k" * 32)
    holder: list[World] = []

    async def send(team_id: str, headers: Mapping[str, str], body: bytes) -> int:
        return await holder[0].receive(team_id, headers, body)

    simulator = create_simulator(db, clock, sealer, send, public_url="http://127.0.0.1:8000")
    account = await db.write(create_for(simulator))
    client = stripe.StripeClient(account.secret_key, http_client=InMemoryClient(simulator.asgi))
    holder.append(World(db, clock, simulator, account, client, Worker(db, simulator.handlers, clock, concurrency=1)))
    return holder[0]


def create_for(simulator: Simulator, team: str = TEAM) -> Any:
    async def unit(tx: Any) -> SimulatedAccount:
        return await simulator.create_account(tx, team_id=team, name="Fieldnote")

    return unit
