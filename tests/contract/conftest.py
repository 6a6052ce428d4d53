"""A Stripe account for tests of the port: the simulator's, and that of any compatible server that the environment names.

`BILLFOLD_TEST_STRIPE_API_BASE` (an address without `/v1`) and `BILLFOLD_TEST_STRIPE_KEY` (a test-mode secret key) add that
server; everything is made through the API, so each test brings its own customers and prices.
A server that is not on this machine also needs pytest's `--allow-hosts`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from billfold.base.clock import SystemClock
from billfold.base.crypto import Sealer
from billfold.base.ids import new_token
from billfold.domain.tenancy.teams import create_team
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.stripe.client import connect
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.requests import StripeRequests
from billfold.infrastructure.stripe.transport import AsgiApp, InMemoryClient, NetworkClient
from billfold.infrastructure.stripe.values import StripePrice, StripeSubscription
from billfold.infrastructure.stripe_simulator import create_simulator

API_BASE: Final = os.environ.get("BILLFOLD_TEST_STRIPE_API_BASE")
API_KEY: Final = os.environ.get("BILLFOLD_TEST_STRIPE_KEY", "")


@dataclass
class Account:
    """A test account: the gateway under test, and plain requests for what the port has no verb for."""

    gateway: StripeGateway
    requests: StripeRequests
    api_base: str | None
    transport: AsgiApp | None
    started: datetime

    async def customer(self, email: str | None = None) -> str:
        made = await self.gateway.create_customer(
            email=email or f"{new_token(8)}@example.com", name=None, metadata={}, idempotency_key=new_token()
        )
        return made.id

    async def price(self, *, interval: str | None = "month", unit_amount: int = 2900) -> StripePrice:
        product = await self.gateway.create_product(
            name="Pro", description=None, metadata={}, idempotency_key=new_token()
        )
        return await self.gateway.create_price(
            product_id=product.id,
            unit_amount=unit_amount,
            currency="usd",
            interval=interval,
            interval_count=1,
            nickname=None,
            metadata={},
            idempotency_key=new_token(),
        )

    async def subscription(self, customer_id: str, *, metadata: Mapping[str, str] | None = None) -> StripeSubscription:
        card = await self.requests.post("payment_methods/pm_card_visa/attach", {"customer": customer_id})
        price = await self.price()
        made = await self.requests.post(
            "subscriptions",
            {
                "customer": customer_id,
                "items": [{"price": price.id, "quantity": 2}],
                "default_payment_method": card["id"],
                "metadata": dict(metadata or {}),
            },
        )
        found = await self.gateway.get_subscription(made["id"])
        assert found is not None
        return found


@pytest.fixture(params=["simulator", *(["environment"] if API_BASE else [])])
async def account(request: pytest.FixtureRequest, db: Database) -> AsyncIterator[Account]:
    started = datetime.now(UTC) - timedelta(minutes=1)
    if request.param == "environment":
        gateway = connect(API_KEY, api_base=API_BASE)
        requests = StripeRequests(API_KEY, api_base=API_BASE, http=NetworkClient(), retries=2)
        made = Account(gateway, requests, API_BASE, None, started)
    else:

        async def send_webhook(team_id: str, headers: Mapping[str, str], body: bytes) -> int:
            del team_id, headers, body
            return 200

        simulator = create_simulator(
            db, SystemClock(), Sealer(b"k" * 32), send_webhook, public_url="http://127.0.0.1:8000"
        )
        team = await db.write(create_team, name="Acme", now=started)
        key = (await db.write(simulator.create_account, team_id=team.id)).secret_key
        requests = StripeRequests(key, api_base=None, http=InMemoryClient(simulator.asgi), retries=2)
        made = Account(connect(key, transport=simulator.asgi), requests, None, simulator.asgi, started)
    yield made
    await made.requests.close()
    await made.gateway.close()
