"""`…/products` and `…/prices`: contract section 3.2, G11, G12; SCENARIOS D5."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.billing.conftest import Api

PRODUCT = {
    "id", "name", "description", "isActive", "stripeProductId", "metadata", "projectId", "createdAt", "updatedAt",
}  # fmt: skip
PRICE = {
    "id", "productId", "unitAmount", "currency", "type", "interval", "intervalCount", "nickname", "isActive",
    "stripePriceId", "metadata", "projectId", "createdAt", "updatedAt",
}  # fmt: skip


async def make_product(api: Api, name: str = "Pro") -> str:
    return str((await api.post("/products", {"name": name})).json()["product"]["id"])


async def test_a_product_is_created_in_stripe_and_here(api: Api) -> None:
    answer = await api.post("/products", {"name": "Pro", "description": "All of it", "metadata": {"tier": 2}})
    assert answer.status_code == 201
    product = answer.json()["product"]
    assert set(product) == PRODUCT
    assert (product["isActive"], product["metadata"]) == (True, {"tier": 2})
    behind = api.stripe.products[product["stripeProductId"]]
    assert behind.metadata == {"tier": "2", "project_id": api.house.project_id}
    assert (await api.get(f"/products/{product['id']}")).json() == {"product": product}


async def test_an_archived_product_is_listed_only_when_asked_g12(api: Api) -> None:
    product_id = await make_product(api)
    answer = await api.delete(f"/products/{product_id}")
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert not api.stripe.products["prod_1"].active
    assert (await api.get("/products")).json() == {"products": []}
    (listed,) = (await api.get("/products?activeOnly=false")).json()["products"]
    assert listed["isActive"] is False
    assert (await api.get(f"/products/{product_id}")).status_code == 200


async def test_a_product_changes_in_stripe_and_here(api: Api) -> None:
    product_id = await make_product(api)
    api.clock.advance(timedelta(seconds=1))
    answer = await api.patch(f"/products/{product_id}", {"name": "Max", "description": "More", "isActive": False})
    product = answer.json()["product"]
    assert (product["name"], product["description"], product["isActive"]) == ("Max", "More", False)
    behind = api.stripe.products["prod_1"]
    assert (behind.name, behind.description, behind.active) == ("Max", "More", False)
    product = (await api.patch(f"/products/{product_id}", {"description": None, "isActive": True})).json()["product"]
    assert (product["description"], product["isActive"]) == (None, True)


@pytest.mark.parametrize("flag", ["1", "yes", "TRUE", "", "null"])
async def test_a_flag_is_true_or_false_and_nothing_else(api: Api, flag: str) -> None:
    answer = await api.get(f"/products?activeOnly={flag}")
    assert (answer.status_code, answer.json()) == (400, {"error": "activeOnly must be true or false."})


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": None}, {"name": "x" * 251}, {"name": 1}])
async def test_a_product_needs_a_name(api: Api, body: object) -> None:
    answer = await api.post("/products", body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("name ")


async def test_a_price_recurs_with_an_interval_and_is_paid_once_without(api: Api) -> None:
    product_id = await make_product(api)
    monthly = (await api.post(f"/products/{product_id}/prices", {"unitAmount": 1000, "interval": "month"})).json()[
        "price"
    ]
    once = (await api.post(f"/products/{product_id}/prices", {"unitAmount": 0, "currency": "eur"})).json()["price"]
    assert set(monthly) == PRICE
    assert [monthly[name] for name in ("type", "interval", "intervalCount", "currency")] == [
        "recurring",
        "month",
        1,
        "usd",
    ]
    assert [once[name] for name in ("type", "interval", "intervalCount", "currency")] == ["one_time", None, 1, "eur"]
    assert api.stripe.prices[monthly["stripePriceId"]].metadata == {"project_id": api.house.project_id}
    assert (await api.get(f"/prices/{once['id']}")).json() == {"price": once}
    listed = (await api.get(f"/products/{product_id}/prices")).json()["prices"]
    assert {row["id"] for row in listed} == {monthly["id"], once["id"]}


@pytest.mark.parametrize(
    "amount", ["-1", "1.5", '"100"', "true", "null", "NaN", "1e3", "9007199254740993", "1" + "0" * 30]
)
async def test_an_amount_is_a_whole_number_that_stripe_takes_d5(api: Api, amount: str) -> None:
    product_id = await make_product(api)
    answer = await api.call(
        "POST",
        f"/products/{product_id}/prices",
        content=f'{{"unitAmount": {amount}}}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 400
    assert not api.stripe.prices


@pytest.mark.parametrize(
    "fields",
    [
        {"currency": "xyz"},
        {"currency": "USD"},
        {"currency": None},
        {"type": "recurring"},
        {"type": "one_time", "interval": "month"},
        {"type": "tiered"},
        {"interval": "hour"},
        {"intervalCount": 2},
        {"interval": "month", "intervalCount": 0},
        {"interval": "month", "intervalCount": 37},
        {"interval": "year", "intervalCount": 4},
        {"interval": "month", "intervalCount": 1.5},
    ],
)
async def test_a_price_that_does_not_fit_together_is_400(api: Api, fields: dict[str, object]) -> None:
    product_id = await make_product(api)
    answer = await api.post(f"/products/{product_id}/prices", {"unitAmount": 100, **fields})
    assert answer.status_code == 400
    assert not api.stripe.prices


@pytest.mark.parametrize("name", ["unitAmount", "currency", "type", "interval", "intervalCount"])
async def test_amount_currency_and_interval_never_change_g11(api: Api, name: str) -> None:
    price = await api.make_price()
    answer = await api.patch(f"/prices/{price['id']}", {name: price[name], "nickname": "x"})
    assert answer.status_code == 400
    assert "cannot be changed" in answer.json()["error"]


async def test_a_price_is_archived_and_named(api: Api) -> None:
    price = await api.make_price()
    body = {"isActive": False, "nickname": "Old", "metadata": {"a": "b"}}
    changed = (await api.patch(f"/prices/{price['id']}", body)).json()["price"]
    assert {name: changed[name] for name in body} == body
    assert not api.stripe.prices[price["stripePriceId"]].active
    path = f"/products/{price['productId']}/prices"
    assert (await api.get(path)).json() == {"prices": []}
    assert len((await api.get(path + "?activeOnly=false")).json()["prices"]) == 1


async def test_prices_of_an_unknown_product_are_404(api: Api) -> None:
    for path in ("/products/pp_none/prices", "/products/prod_1/prices"):
        assert (await api.get(path)).status_code == 404
        assert (await api.post(path, {"unitAmount": 1})).status_code == 404
