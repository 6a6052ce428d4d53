"""A year of two products on one Stripe account, lived week by week.

Everything goes the way it goes in production: customers, codes, claims and checkouts through the billing API with an API
key, payments and time through the simulator, and what Stripe would say through signed webhooks, the stored events and the
worker. Only the clock is quicker. The same seed gives the same year.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from billfold.cli.demo.partnership import Partnership
from billfold.cli.demo.people import Person, people

WEEKS: Final = 52
_PRODUCTS: Final[Mapping[str, tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...]]] = {
    "Fieldnote": (
        ("Solo", "For one person", ({"unitAmount": 1900, "interval": "month", "nickname": "Solo, monthly"},)),
        (
            "Team",
            "For up to ten people",
            (
                {"unitAmount": 4900, "interval": "month", "nickname": "Team, monthly"},
                {"unitAmount": 49000, "interval": "year", "nickname": "Team, yearly"},
            ),
        ),
    ),
    "Sunlist": (("Sunlist Pro", "Every list, everywhere", ({"unitAmount": 900, "interval": "month"},)),),
}


@dataclass(slots=True)
class Product:
    """One project of the demo, and what has happened in it so far."""

    name: str
    path: str
    price_ids: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    subscribed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Counts:
    """What the year brought, for the summary."""

    customers: int = 0
    referrals: int = 0
    checkouts: int = 0
    brought: int = 0


class Year:
    """The year: `weeks` yields after each of its weeks, so that a progress bar can follow."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        drain: Callable[[], Awaitable[int]],
        *,
        team_id: str,
        project_ids: Mapping[str, str],
        customers: int,
        seed: int,
        partnership: Partnership,
    ) -> None:
        self._client = client
        self._drain = drain
        self._chance = random.Random(seed)  # noqa: S311 - a believable year, the same each time
        self._people: Iterator[Person] = people(self._chance)
        self._simulator = f"/simulator/{team_id}"
        self._customers = customers
        self._partnership = partnership
        self.counts = Counts()
        self.products = [
            Product(name=name, path=f"/api/billstack/teams/{team_id}/projects/{project_id}")
            for name, project_id in project_ids.items()
        ]

    async def begin(self, now: datetime) -> None:
        """Set the account's clock a year back and fill the catalog."""
        start = (now - timedelta(weeks=WEEKS)).replace(microsecond=0)
        await self._post(f"{self._simulator}/clock", {"to": start.astimezone(UTC).isoformat()})
        for product in self.products:
            await self._put(
                f"{product.path}/referrals/config",
                {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"},
            )
            for name, description, prices in _PRODUCTS[product.name]:
                made = await self._post(f"{product.path}/products", {"name": name, "description": description})
                for price in prices:
                    path = f"{product.path}/products/{made['product']['id']}/prices"
                    product.price_ids.append((await self._post(path, {**price, "currency": "usd"}))["price"]["id"])
        await self._drain()

    async def live_week(self, number: int) -> None:
        """Live one week: newcomers, claims, payments, second thoughts, then seven days of renewals."""
        # Growth: as many newcomers in all as wanted, more of them late than early.
        until_now = self._customers * (number + 1) * (number + 2) // ((WEEKS + 1) * (WEEKS + 2)) + (number + 1) // 5
        for _ in range(min(until_now, self._customers) - self.counts.customers):
            await self._welcome()
        product = self.products[0]
        await self._partnership.live_week(number, product.price_ids, self._new_partner_customer)
        await self._drain()
        if self._chance.random() < 0.35:  # noqa: PLR2004 - about eighteen a year
            await self._second_thoughts()
        await self._post(f"{self._simulator}/clock", {"advance_days": 7})
        await self._drain()

    async def end(self) -> None:
        """Leave a referral in each state that needs a look, and bring the clock to the present.

        One friend has claimed a code and not paid yet; another has paid, but the credit of who brought him cannot be given,
        because that customer was deleted meanwhile.
        """
        product = self.products[0]
        await self._claim(product, await self._new_customer(product), self._chance.choice(product.codes))
        referrer = await self._new_customer(product)
        friend = await self._new_customer(product)
        code = (await self._post(f"{product.path}/referrals/codes", {"customerId": referrer}))["code"]["code"]
        await self._claim(product, friend, code)
        await self._send("DELETE", f"{product.path}/customers/{referrer}", None)
        await self._pay(await self._open_checkout(product, friend), "paid")
        await self._post(f"{self._simulator}/clock", {"to": datetime.now(UTC).isoformat()})
        await self._drain()

    async def _welcome(self) -> None:
        product = self.products[0] if self._chance.random() < 0.7 else self.products[1]  # noqa: PLR2004 - the older product sells more
        customer = await self._new_customer(product)
        if product.codes and self._chance.random() < 0.45:  # noqa: PLR2004 - word of mouth
            await self._claim(product, customer, self._chance.choice(product.codes))
        if self._chance.random() < 0.8:  # noqa: PLR2004 - most buy, some only look
            await self._check_out(product, customer)
        if self._chance.random() < 0.5:  # noqa: PLR2004 - half of them ask for a code
            code = await self._post(f"{product.path}/referrals/codes", {"customerId": customer})
            product.codes.append(code["code"]["code"])

    async def _new_customer(self, product: Product) -> str:
        person = next(self._people)
        body = {"email": person.email, "name": person.name, "metadata": {"source": self._chance.choice(("web", "app"))}}
        self.counts.customers += 1
        customer_id: str = (await self._post(f"{product.path}/customers", body))["customer"]["id"]
        return customer_id

    async def _new_partner_customer(self, more: Mapping[str, Any]) -> str:
        # Not among those whom `customers` asks for: the partners bring the same few, however large the year is.
        person = next(self._people)
        body = {"email": person.email, "name": person.name, **more}
        self.counts.brought += 1
        made = await self._post(f"{self.products[0].path}/customers", body)
        customer_id: str = made["customer"]["id"]
        return customer_id

    async def _claim(self, product: Product, customer: str, code: str) -> None:
        body = {"code": code, "refereeCustomerId": customer}
        await self._post(f"{product.path}/referrals/apply", body)
        self.counts.referrals += 1

    async def _check_out(self, product: Product, customer: str) -> None:
        session = await self._open_checkout(product, customer)
        if self._chance.random() < 0.07:  # noqa: PLR2004 - refused cards
            await self._pay(session, "declined")
            return
        renewals = "declined" if self._chance.random() < 0.12 else "paid"  # noqa: PLR2004 - cards that run out
        await self._pay(session, "paid", renewals)
        product.subscribed.append(customer)

    async def _open_checkout(self, product: Product, customer: str) -> str:
        body: dict[str, Any] = {
            "customerId": customer,
            "priceId": self._chance.choice(product.price_ids),
            "successUrl": "https://app.example.com/welcome?session={CHECKOUT_SESSION_ID}",
            "cancelUrl": "https://app.example.com/prices",
        }
        if self._chance.random() < 0.2:  # noqa: PLR2004 - a fifth try it first
            body["trialDays"] = 14
        self.counts.checkouts += 1
        session_id: str = (await self._post(f"{product.path}/checkout", body))["sessionId"]
        return session_id

    async def _pay(self, session: str, outcome: str, renewals: str = "paid") -> None:
        body = {"outcome": outcome, "renewals": renewals}
        await self._post(f"{self._simulator}/checkout/{session}/complete", body)

    async def _second_thoughts(self) -> None:
        product = self._chance.choice([each for each in self.products if each.subscribed] or self.products[:1])
        if not product.subscribed:
            return
        customer = self._chance.choice(product.subscribed)
        found = await self._get(f"{product.path}/subscriptions?customerId={customer}")
        if not found["subscriptions"]:
            return
        subscription = found["subscriptions"][0]
        path = f"{product.path}/subscriptions/{subscription['id']}"
        what = self._chance.random()
        if what < 0.5:  # noqa: PLR2004 - half leave at the end of what they paid for
            await self._send("PATCH", path, {"cancelAtPeriodEnd": True})
        elif what < 0.7:  # noqa: PLR2004 - some at once
            await self._send("DELETE", path, None)
        elif subscription["status"] == "active":
            stripe_id = subscription["stripeSubscriptionId"]
            kind = "refunds" if what < 0.9 else "disputes"  # noqa: PLR2004 - a refund is commoner than a dispute
            await self._client.post(f"{self._simulator}/{kind}", json={"subscriptionId": stripe_id})

    async def _get(self, path: str) -> dict[str, Any]:
        return await self._send("GET", path, None)

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._send("POST", path, body)

    async def _put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._send("PUT", path, body)

    async def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        answer = await self._client.request(method, path, json=body)
        if answer.is_error:
            raise RuntimeError(f"the demo's {method} {path} was answered {answer.status_code}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found
