"""`…/checkout`: contract section 3.5, G13; SCENARIOS D5."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.billing.conftest import Api

URLS = {"successUrl": "https://app.example.com/done?s={CHECKOUT_SESSION_ID}", "cancelUrl": "http://localhost:3000/"}


async def parties(api: Api, **price: Any) -> dict[str, Any]:
    customer = await api.make_customer()
    return {"customerId": customer["id"], "priceId": (await api.make_price(**price))["id"], **URLS}


async def test_a_session_is_opened_with_what_routes_its_events_back(api: Api) -> None:
    body = await parties(api)
    answer = await api.post("/checkout", {**body, "quantity": 3, "trialDays": 14, "metadata": {"source": "web"}})
    assert answer.status_code == 201
    assert answer.json() == {"sessionId": "cs_1", "url": "https://checkout.example.com/pay"}
    sent = api.stripe.sessions["cs_1"]
    assert sent["metadata"] == {
        "source": "web",
        "project_id": api.house.project_id,
        "billstack_customer_id": body["customerId"],
        "billstack_price_id": body["priceId"],
    }
    assert (sent["customer_id"], sent["price_id"], sent["quantity"]) == ("cus_1", "price_1", 3)
    assert (sent["success_url"], sent["mode"], sent["trial_days"]) == (URLS["successUrl"], "subscription", 14)


async def test_a_single_payment_needs_a_one_time_price(api: Api) -> None:
    body = await parties(api, interval=None)
    assert (await api.post("/checkout", body)).status_code == 400
    assert (await api.post("/checkout", {**body, "mode": "payment", "trialDays": 1})).status_code == 400
    assert (await api.post("/checkout", {**body, "mode": "payment"})).status_code == 201


async def test_a_recurring_price_needs_a_subscription(api: Api) -> None:
    body = await parties(api)
    assert (await api.post("/checkout", {**body, "mode": "payment"})).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 0}, {"quantity": -1}, {"quantity": 1.5}, {"quantity": "1"}, {"quantity": True}, {"quantity": 10**6},
        {"quantity": None}, {"quantity": 2**63}, {"quantity": 999_999}, {"trialDays": 0}, {"trialDays": 731}, {"trialDays": "7"},
        {"successUrl": "/done"}, {"successUrl": "javascript:alert(1)"}, {"successUrl": "ftp://example.com"}, {"cancelUrl": ""},
        {"cancelUrl": "https://"}, {"cancelUrl": "https://a b"}, {"cancelUrl": "https://example.com/\n"}, {"cancelUrl": None},
        {"mode": "setup"}, {"mode": None}, {"metadata": {"project_id": "x"}}, {"customerId": None}, {"priceId": 1},
    ],
)  # fmt: skip
async def test_what_cannot_be_sold_is_400_before_stripe_is_asked_g13(api: Api, change: dict[str, Any]) -> None:
    body = await parties(api)
    answer = await api.post("/checkout", {**body, **change})
    assert answer.status_code == 400
    assert next(iter(change)) in answer.json()["error"]
    assert not api.stripe.sessions


@pytest.mark.parametrize("field", ["customerId", "priceId", "successUrl", "cancelUrl"])
async def test_a_missing_field_is_named(api: Api, field: str) -> None:
    body = await parties(api)
    del body[field]
    answer = await api.post("/checkout", body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"{field} is required: ")


async def test_an_archived_price_or_product_is_not_sold(api: Api) -> None:
    body = await parties(api)
    price = (await api.get(f"/prices/{body['priceId']}")).json()["price"]
    await api.delete(f"/products/{price['productId']}")
    assert (await api.post("/checkout", body)).status_code == 400
    await api.patch(f"/products/{price['productId']}", {"isActive": True})
    await api.patch(f"/prices/{price['id']}", {"isActive": False})
    assert (await api.post("/checkout", body)).status_code == 400


async def test_strangers_are_404(api: Api) -> None:
    body = await parties(api)
    for change in ({"customerId": "pc_none"}, {"priceId": "pri_none"}, {"customerId": "cus_1"}, {"priceId": "price_1"}):
        assert (await api.post("/checkout", {**body, **change})).status_code == 404
    await api.delete(f"/customers/{body['customerId']}")
    assert (await api.post("/checkout", body)).status_code == 404
