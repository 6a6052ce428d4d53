"""A seeded random life of an account: whatever is asked for in whatever order, the books agree and every shape is Stripe's."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import stripe

from billfold.infrastructure.stripe_simulator.errors import StripeError
from tests.stripe_simulator.conftest import TEAM, World
from tests.stripe_simulator.stripe_types import problems
from tests.stripe_simulator.test_honesty import all_documents


class Life:
    """Does one random thing after another."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.prices: list[dict[str, Any]] = []

    async def live(self, steps: int) -> None:
        for amount, interval in ((1000, "month"), (333, "week"), (9900, "year"), (0, "month"), (4999, "month")):
            self.prices.append(await self.world.price(amount, interval))
        await self.world.raw("post", "coupons", id="THIRD", percent_off=33.33, duration="forever")
        await self.world.raw("post", "coupons", id="OFF", amount_off=500, currency="usd", duration="once")
        acts: list[Callable[[], Awaitable[Any]]] = [
            self.buy, self.buy, self.wait, self.wait, self.wait, self.credit, self.change, self.stop, self.give_back,
            self.dispute, self.pay, self.leave, self.put_right,
        ]  # fmt: skip
        for _ in range(steps):
            try:
                await self.chance.choice(acts)()
            except (stripe.InvalidRequestError, stripe.CardError, StripeError, IndexError):
                # Refused for a reason; a failure of the simulator's own would be an APIError.
                continue

    async def some(self, path: str, **values: Any) -> dict[str, Any]:
        found: list[dict[str, Any]] = (await self.world.raw("get", path, limit=100, **values))["data"]
        return self.chance.choice(found)

    async def buy(self) -> None:
        customer = await self.world.raw("post", "customers", email=f"c{self.chance.random()}@example.com")
        if self.chance.random() < 0.3:
            customer = await self.some("customers")
        more: dict[str, Any] = {}
        if self.chance.random() < 0.3:
            more["subscription_data"] = {"trial_period_days": self.chance.randint(1, 40)}
        if self.chance.random() < 0.4:
            more["discounts"] = [{"coupon": self.chance.choice(["THIRD", "OFF"])}]
        session = await self.world.checkout(self.chance.choice(self.prices), customer["id"], **more)
        bank = self.chance.choice(["pays", "pays", "fails_later", "refuses"])
        await self.world.simulator.complete_checkout(TEAM, session["id"], bank=bank)

    async def wait(self) -> None:
        await self.world.advance(days=self.chance.choice([1, 3, 7, 31, 60]))

    async def credit(self) -> None:
        customer = await self.some("customers")
        amount = self.chance.randint(-3000, 1000)
        await self.world.raw("post", f"customers/{customer['id']}/balance_transactions", amount=amount, currency="usd")

    async def change(self) -> None:
        sub = await self.some("subscriptions")
        item = {"id": sub["items"]["data"][0]["id"], "quantity": self.chance.randint(0, 5)}
        if self.chance.random() < 0.5:
            item["price"] = self.chance.choice(self.prices)["id"]
        behavior = self.chance.choice(["create_prorations", "none", "always_invoice"])
        await self.world.raw("post", f"subscriptions/{sub['id']}", items=[item], proration_behavior=behavior)

    async def stop(self) -> None:
        sub = await self.some("subscriptions")
        if self.chance.random() < 0.3:
            await self.world.raw("delete", f"subscriptions/{sub['id']}")
        else:
            at_end = self.chance.random() < 0.6
            await self.world.raw("post", f"subscriptions/{sub['id']}", cancel_at_period_end=at_end)

    async def give_back(self) -> None:
        charge = await self.some("charges")
        await self.world.raw("post", "refunds", charge=charge["id"], amount=self.chance.randint(1, 1000))

    async def dispute(self) -> None:
        charge = await self.some("charges")
        dispute = await self.world.simulator.open_dispute(TEAM, charge=charge["id"], subscription=None)
        if self.chance.random() < 0.5:
            await self.world.simulator.close_dispute(TEAM, dispute["id"], won=self.chance.random() < 0.5)

    async def pay(self) -> None:
        invoice = await self.some("invoices", status="open")
        act = self.chance.choice(["pay", "pay", "void", "mark_uncollectible"])
        values = {"payment_method": "pm_card_visa"} if act == "pay" else {}
        await self.world.raw("post", f"invoices/{invoice['id']}/{act}", **values)

    async def leave(self) -> None:
        if self.chance.random() < 0.2:
            customer = await self.some("customers")
            await self.world.raw("delete", f"customers/{customer['id']}")

    async def put_right(self) -> None:
        sub = await self.some("subscriptions", status="past_due")
        await self.world.raw("post", f"subscriptions/{sub['id']}", default_payment_method="pm_card_visa")


@pytest.mark.parametrize("seed", range(3))
async def test_the_books_agree_after_a_random_life(world: World, seed: int) -> None:
    await Life(world, seed).live(60)
    await world.advance(days=120)
    documents = await all_documents(world)
    assert {found for each in documents for found in problems(each)} == set()
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in documents:
        by_kind.setdefault(each["object"], []).append(each)
    _balances_are_sums(by_kind)
    _charges_are_refunded_by_their_refunds(by_kind)
    _invoices_add_up(by_kind)
    now = await world.at()
    for sub in by_kind["subscription"]:
        assert (sub["ended_at"] is not None) == (sub["status"] in {"canceled", "incomplete_expired"})
        if sub["status"] in {"active", "trialing", "past_due"}:
            assert sub["items"]["data"][0]["current_period_end"] > now


def _balances_are_sums(found: dict[str, list[dict[str, Any]]]) -> None:
    for customer in found["customer"]:
        if not customer.get("deleted"):
            changes = [
                each for each in found.get("customer_balance_transaction", []) if each["customer"] == customer["id"]
            ]
            assert customer["balance"] == sum(each["amount"] for each in changes)


def _charges_are_refunded_by_their_refunds(found: dict[str, list[dict[str, Any]]]) -> None:
    for charge in found["charge"]:
        given = [each["amount"] for each in found.get("refund", []) if each["charge"] == charge["id"]]
        assert charge["amount_refunded"] == sum(given) <= charge["amount"]
        assert charge["refunded"] == (charge["amount_refunded"] == charge["amount"] and charge["paid"])


def _invoices_add_up(found: dict[str, list[dict[str, Any]]]) -> None:
    intents = {each["id"]: each for each in found["payment_intent"]}
    for invoice in found["invoice"]:
        off = sum(each["amount"] for each in invoice["total_discount_amounts"])
        assert invoice["subtotal"] == sum(line["amount"] for line in invoice["lines"]["data"])
        assert invoice["total"] == invoice["subtotal"] - off
        assert invoice["amount_paid"] + invoice["amount_remaining"] == invoice["amount_due"]
        payments = [each for each in found["invoice_payment"] if each["invoice"] == invoice["id"]]
        paid = [
            intents[each["payment"]["payment_intent"]]["amount_received"]
            for each in payments
            if each["status"] == "paid"
        ]
        assert invoice["amount_paid"] == sum(paid)
        assert (invoice["status"] == "paid") == (invoice["amount_remaining"] == 0 and invoice["status"] != "void")
