"""The routes through the real client and the simulator: what our fake of Stripe might have got wrong shows here."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from billfold.domain.billing import linking
from billfold.infrastructure.stripe.port import StripeGateway, StripeUnavailable
from tests.app_fixtures import RunningBillfold


async def send(app: RunningBillfold, method: str, path: str, body: object = None, **options: Any) -> Any:
    answer = await app.client.request(method, app.path + path, json=body, **options)
    assert answer.is_success, answer.text
    return answer.json()


async def stripe_of(app: RunningBillfold) -> StripeGateway:
    return await app.services.stripe.gateway(app.team.team_id)


async def control(app: RunningBillfold, path: str, body: object) -> Any:
    answer = await app.client.post(f"/simulator/{app.team.team_id}{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def sell(app: RunningBillfold, email: str = "jane@example.com", **options: Any) -> tuple[str, str]:
    """Make a customer who pays a monthly price, and return the ids of customer and price."""
    customer = (await send(app, "POST", "/customers", {"email": email}))["customer"]["id"]
    product = (await send(app, "POST", "/products", {"name": "Pro"}))["product"]["id"]
    price = (await send(app, "POST", f"/products/{product}/prices", {"unitAmount": 1000, "interval": "month"}))["price"]
    body = {
        "customerId": customer,
        "priceId": price["id"],
        "successUrl": "https://app.example.com/done?session={CHECKOUT_SESSION_ID}",
        "cancelUrl": "https://app.example.com/",
        **options,
    }
    session = await send(app, "POST", "/checkout", body)
    assert session["url"].startswith("http")
    await control(app, f"/checkout/{session['sessionId']}/complete", {"outcome": "paid"})
    await app.drain()
    return customer, price["id"]


async def test_a_checkout_becomes_a_subscription_that_is_canceled_and_resumed(billfold_app: RunningBillfold) -> None:
    customer, price = await sell(billfold_app, quantity=2, metadata={"source": "web"})
    (row,) = (await send(billfold_app, "GET", f"/subscriptions?customerId={customer}"))["subscriptions"]
    assert (row["status"], row["priceId"], row["quantity"]) == ("active", price, 2)
    assert row["metadata"] == {"source": "web"}
    path = f"/subscriptions/{row['id']}"
    for value in (True, False):
        changed = (await send(billfold_app, "PATCH", path, {"cancelAtPeriodEnd": value}))["subscription"]
        assert changed["cancelAtPeriodEnd"] is value
        await billfold_app.drain()
        assert (await send(billfold_app, "GET", path))["subscription"]["cancelAtPeriodEnd"] is value
    assert (await send(billfold_app, "DELETE", path))["subscription"]["status"] == "canceled"
    await billfold_app.drain()
    assert (await send(billfold_app, "GET", path))["subscription"]["status"] == "canceled"
    answer = await billfold_app.client.patch(billfold_app.path + path, json={"cancelAtPeriodEnd": False})
    assert answer.status_code == 409


async def test_a_trial_is_listed_as_active(billfold_app: RunningBillfold) -> None:
    customer, _ = await sell(billfold_app, trialDays=14)
    (row,) = (await send(billfold_app, "GET", f"/subscriptions?customerId={customer}"))["subscriptions"]
    assert row["status"] == "trialing"


async def test_a_customer_in_stripe_holds_what_ours_holds(billfold_app: RunningBillfold) -> None:
    body = {"email": "Jane@example.com", "name": "Jane", "metadata": {"plan": "pro", "old": True, "seats": 3}}
    customer = (await send(billfold_app, "POST", "/customers", body))["customer"]
    stripe = await stripe_of(billfold_app)
    stamp = {"project_id": billfold_app.team.project_id}
    behind = await stripe.get_customer(customer["stripeCustomerId"])
    assert behind is not None
    assert (behind.email, behind.name) == ("Jane@example.com", "Jane")
    assert behind.metadata == {"plan": "pro", "old": "true", "seats": "3", **stamp}
    change = {"name": None, "email": "j@example.com", "metadata": {"plan": "max"}}
    changed = (await send(billfold_app, "PATCH", f"/customers/{customer['id']}", change))["customer"]
    behind = await stripe.get_customer(customer["stripeCustomerId"])
    assert behind is not None
    assert (behind.email, behind.name, behind.metadata) == ("j@example.com", None, {"plan": "max", **stamp})
    await billfold_app.drain()
    assert (await send(billfold_app, "GET", f"/customers/{customer['id']}"))["customer"] == changed


async def test_the_catalog_in_stripe_follows_ours(billfold_app: RunningBillfold) -> None:
    body = {"name": "Pro", "description": "All", "metadata": {"tier": 1}}
    product = (await send(billfold_app, "POST", "/products", body))["product"]
    price = (
        await send(
            billfold_app,
            "POST",
            f"/products/{product['id']}/prices",
            {"unitAmount": 500, "currency": "jpy", "interval": "year", "nickname": "Yearly"},
        )
    )["price"]
    await send(billfold_app, "PATCH", f"/products/{product['id']}", {"description": None, "metadata": {}})
    await send(billfold_app, "PATCH", f"/prices/{price['id']}", {"nickname": None, "isActive": False})
    await send(billfold_app, "DELETE", f"/products/{product['id']}")
    stripe = await stripe_of(billfold_app)
    stamp = {"project_id": billfold_app.team.project_id}
    in_stripe = await stripe.get_product(product["stripeProductId"])
    assert in_stripe is not None
    assert (in_stripe.description, in_stripe.active, in_stripe.metadata) == (None, False, stamp)
    its_price = await stripe.get_price(price["stripePriceId"])
    assert its_price is not None
    assert (its_price.unit_amount, its_price.currency, its_price.interval) == (500, "jpy", "year")
    assert (its_price.nickname, its_price.active, its_price.metadata) == (None, False, stamp)
    await billfold_app.drain()
    shown = (await send(billfold_app, "GET", f"/products/{product['id']}"))["product"]
    assert (shown["isActive"], shown["description"], shown["metadata"]) == (False, None, {})


async def test_a_subscriber_of_before_is_imported_when_linked_g9(billfold_app: RunningBillfold) -> None:
    customer, _ = await sell(billfold_app)
    before = (await send(billfold_app, "GET", f"/customers/{customer}"))["customer"]
    await send(billfold_app, "DELETE", f"/customers/{customer}")
    again = (await send(billfold_app, "POST", "/customers", {"email": "JANE@example.com"}))["customer"]
    assert again["stripeCustomerId"] == before["stripeCustomerId"]
    (row,) = (await send(billfold_app, "GET", f"/subscriptions?customerId={again['id']}"))["subscriptions"]
    assert row["status"] == "active"


async def test_an_import_that_an_outage_interrupts_is_done_by_a_job_g9(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, _ = await sell(billfold_app)
    await send(billfold_app, "DELETE", f"/customers/{customer}")

    async def stripe_is_down(*_: object, **__: object) -> None:
        raise StripeUnavailable("Stripe does not answer at the moment. Try again.")

    with monkeypatch.context() as patch:
        patch.setattr(linking, "import_customer", stripe_is_down)
        again = (await send(billfold_app, "POST", "/customers", {"email": "jane@example.com"}))["customer"]["id"]
    assert (await send(billfold_app, "GET", f"/subscriptions?customerId={again}"))["subscriptions"] == []
    billfold_app.clock.advance(timedelta(minutes=1))
    await billfold_app.drain()
    (row,) = (await send(billfold_app, "GET", f"/subscriptions?customerId={again}"))["subscriptions"]
    assert row["status"] == "active"


async def test_ten_requests_with_one_key_make_one_stripe_customer_c9(billfold_app: RunningBillfold) -> None:
    url, body = billfold_app.path + "/customers", {"email": "jane@example.com"}
    answers = await asyncio.gather(
        *(billfold_app.client.post(url, json=body, headers={"Idempotency-Key": "k"}) for _ in range(10))
    )
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert len(await (await stripe_of(billfold_app)).find_customers("jane@example.com")) == 1


async def test_the_document_says_where_it_is_mounted(billfold_app: RunningBillfold) -> None:
    answer = await billfold_app.anonymous.get("/api/billstack/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["servers"] == [{"url": "/api/billstack"}]
