"""The billing application over HTTP, with a Stripe account in memory and a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from billfold.base.clock import MovableClock
from billfold.base.crypto import Sealer
from billfold.base.errors import Invalid
from billfold.base.settings import Settings
from billfold.domain.billing import subscriptions
from billfold.domain.billing.subscriptions import Subscription
from billfold.domain.tenancy.api_keys import create_api_key
from billfold.domain.tenancy.projects import create_project
from billfold.domain.tenancy.teams import create_team
from billfold.entrypoints.api.billing.app import create_billing_app
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.stripe.port import StripeGateway
from tests.billing.conftest import House
from tests.billing.fake_stripe import FakeStripe
from tests.billing.stripe_values import START, stripe_price, stripe_subscription


@dataclass
class FakeConnections:
    """Each team's account; a team without one is not connected."""

    accounts: dict[str, FakeStripe] = field(default_factory=dict)

    async def gateway(self, team_id: str) -> StripeGateway:
        if team_id not in self.accounts:
            raise Invalid("Stripe is not connected: connect an account first.")
        return self.accounts[team_id].gateway


@dataclass
class Api:
    """A caller of one project; `house` holds the ids of a team with two projects, `foreign` those of another team."""

    app: FastAPI
    services: Services
    clock: MovableClock
    connections: FakeConnections
    client: httpx.AsyncClient
    house: House
    foreign: House
    key: str

    @property
    def stripe(self) -> FakeStripe:
        return self.connections.accounts[self.house.team_id]

    def path(self, path: str, house: House | None = None) -> str:
        at = house or self.house
        return f"/teams/{at.team_id}/projects/{at.project_id}{path}"

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return await self.client.request(method, self.path(path), headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: object, **options: Any) -> httpx.Response:
        return await self.call("POST", path, json=body, **options)

    async def patch(self, path: str, body: object, **options: Any) -> httpx.Response:
        return await self.call("PATCH", path, json=body, **options)

    async def delete(self, path: str) -> httpx.Response:
        return await self.call("DELETE", path)

    async def make_key(self, house: House | None = None, *, scopes: Sequence[str] = (), **changes: Any) -> str:
        fields: dict[str, Any] = {
            "team_id": (house or self.house).team_id,
            "project_id": None,
            "name": "server",
            "scopes": scopes,
            "expires_at": None,
            "now": START,
            **changes,
        }
        _, raw_key = await self.services.db.write(lambda tx: create_api_key(tx, **fields))
        return raw_key

    async def make_customer(self, email: str = "jane@example.com", **fields: Any) -> dict[str, Any]:
        answer = await self.post("/customers", {"email": email, **fields})
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.json()["customer"])

    async def make_price(self, **fields: Any) -> dict[str, Any]:
        product = (await self.post("/products", {"name": "Pro"})).json()["product"]
        body = {"unitAmount": 1000, "interval": "month", **fields}
        answer = await self.post(f"/products/{product['id']}/prices", body)
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.json()["price"])

    async def make_subscription(self, customer: dict[str, Any], **changes: Any) -> Subscription:
        value = stripe_subscription(
            changes.pop("stripe_id", "sub_1"),
            customer_id=customer["stripeCustomerId"],
            prices=changes.pop("prices", (stripe_price(),)),
            **changes,
        )
        self.stripe.subscriptions[value.id] = value
        self.clock.advance(timedelta(seconds=1))
        now = self.clock.now()
        return await self.services.db.write(
            subscriptions.store,
            team_id=self.house.team_id,
            project_id=self.house.project_id,
            customer_id=customer["id"],
            value=value,
            fetched_at=now,
            at=now,
            now=now,
        )


async def _build_house(tx: Writing, now: datetime) -> House:
    team = await create_team(tx, name="Example", now=now)
    first = await create_project(tx, team_id=team.id, name="First", now=now)
    second = await create_project(tx, team_id=team.id, name="Second", now=now)
    return House(team_id=team.id, project_id=first.id, other_project_id=second.id)


@pytest.fixture
async def api(db: Database) -> AsyncIterator[Api]:
    """A caller with a full-access key."""
    clock = MovableClock(START)
    house, foreign = [await db.write(_build_house, START) for _ in range(2)]
    connections = FakeConnections({house.team_id: FakeStripe(), foreign.team_id: FakeStripe()})
    services = Services(
        db=db, clock=clock, settings=Settings(), sealer=Sealer(bytes(32)), stripe=cast("Any", connections)
    )
    app = create_billing_app(services)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://billfold.example.com") as client:
        made = Api(app, services, clock, connections, client, house, foreign, key="")
        made.key = await made.make_key()
        yield made
    await services.key_use.finish()
