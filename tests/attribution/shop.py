"""A shop with a price, whose customers pay at the simulated Stripe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from billfold.domain.analytics.referral_list import referral_of
from tests.attribution.partnership import Partnership


@dataclass(slots=True)
class Shop:
    """Every step that a customer takes."""

    partnership: Partnership
    price: str = ""

    async def call(self, method: str, path: str, body: object = None) -> Any:
        app = self.partnership.app
        answer = await app.client.request(method, app.path + path, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def open(self, cents: int = 2900) -> None:
        product = (await self.call("POST", "/products", {"name": "Pro"}))["product"]["id"]
        price = {"unitAmount": cents, "interval": "month", "type": "recurring"}
        self.price = (await self.call("POST", f"/products/{product}/prices", price))["price"]["id"]

    async def checkout(self, customer: str, **passed: object) -> str:
        urls = {"successUrl": "https://example.com/ok", "cancelUrl": "https://example.com/no"}
        body = {"customerId": customer, "priceId": self.price, **urls, **passed}
        return str((await self.call("POST", "/checkout", body))["sessionId"])

    async def pay(self, session: str) -> None:
        """Pay a checkout and let everything happen that follows from it."""
        app = self.partnership.app
        simulator = app.application.installation.simulator
        await simulator.complete_checkout(app.team.team_id, session, bank="pays")
        await app.drain()

    async def buy(self, customer: str, **passed: object) -> None:
        await self.pay(await self.checkout(customer, **passed))

    async def wait(self, by: timedelta) -> None:
        """Let time pass, for everybody."""
        self.partnership.app.clock.advance(by)
        await self.partnership.app.drain()

    async def code_of(self, customer: str) -> tuple[str | None, str | None]:
        """Return by which code a customer was brought, and the referral's status."""
        found = await self.partnership.app.services.db.read(referral_of, self.partnership.project_id, customer)
        return (None, None) if found is None else (found.code, found.status)

    async def stripe(self, path: str, fields: dict[str, str]) -> Any:
        """Post a form to the simulated Stripe, as the team's own code would."""
        app = self.partnership.app
        answer = await app.anonymous.post(
            f"/simulator/stripe/v1/{path}",
            data=fields,
            headers={"Authorization": f"Bearer {app.team.simulator_secret_key}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()
