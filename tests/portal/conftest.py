"""A customer with a plan at the simulator, and the link to his portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from tests.app_fixtures import BASE_URL, RunningBillfold

OWN: Final = {"Origin": BASE_URL}


@dataclass
class Portal:
    """Whose portal it is, and his link."""

    app: RunningBillfold
    customer: dict[str, Any]
    price_id: str
    token: str

    async def call(self, method: str, path: str, body: object = None, *, expect: int | None = None) -> Any:
        """Call the team's API with its key."""
        options: dict[str, Any] = {} if body is None else {"json": body}
        answer = await self.app.client.request(method, self.app.path + path, **options)
        assert expect is None or answer.status_code == expect, answer.text
        return answer.json()

    async def open(self, **more: Any) -> dict[str, Any]:
        """Open one more link for the customer."""
        made: dict[str, Any] = await self.call(
            "POST", "/portal", {"customerId": self.customer["id"], **more}, expect=201
        )
        return made

    async def subscribe(self, customer_id: str | None = None, **more: Any) -> None:
        """Have a customer buy the plan at the simulator."""
        urls = {"successUrl": "https://shop.example.com/", "cancelUrl": "https://shop.example.com/"}
        wanted = {"customerId": customer_id or self.customer["id"], "priceId": self.price_id, **urls, **more}
        made = await self.call("POST", "/checkout", wanted, expect=201)
        await self.app.client.post(
            f"/simulator/{self.app.team.team_id}/checkout/{made['sessionId']}/complete", json={"outcome": "paid"}
        )
        await self.app.drain()

    async def ask(self, method: str, path: str = "", *, token: str | None = None, **options: Any) -> httpx.Response:
        """Call the API behind the page."""
        return await self.app.anonymous.request(method, f"/api/portal/{token or self.token}{path}", **options)

    async def show(self, path: str = "", *, token: str | None = None) -> httpx.Response:
        """Look at the page, or at one below it."""
        return await self.app.anonymous.get(f"/portal/{token or self.token}{path}")

    async def press(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Send one of the page's forms as a browser does."""
        return await self.app.anonymous.post(f"/portal/{self.token}{path}", headers=OWN if headers is None else headers)

    async def subscription(self) -> dict[str, Any]:
        """Return the customer's newest subscription as the portal's API shows it."""
        found: dict[str, Any] = (await self.ask("GET", "/subscriptions")).json()["subscriptions"][0]
        return found

    async def card(self) -> Any:
        """Return what the next invoice is charged to."""
        return (await self.ask("GET", "/payment-method")).json()["paymentMethod"]


@pytest.fixture
async def portal(billfold_app: RunningBillfold) -> Portal:
    """A customer with a monthly plan of $29, paid once."""
    made = Portal(billfold_app, {}, "", "")
    new = {"email": "mara@example.com", "name": "Mara Example"}
    made.customer = (await made.call("POST", "/customers", new, expect=201))["customer"]
    product = (await made.call("POST", "/products", {"name": "Pro"}, expect=201))["product"]
    price = {"unitAmount": 2900, "interval": "month"}
    made.price_id = (await made.call("POST", f"/products/{product['id']}/prices", price, expect=201))["price"]["id"]
    await made.subscribe()
    made.token = (await made.open())["token"]
    return made
