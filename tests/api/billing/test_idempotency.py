"""`Idempotency-Key`: SCENARIOS C9."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from billfold.domain.tenancy.idempotency_keys import forget_outlived_keys
from tests.api.billing.conftest import Api
from tests.billing.conftest import House

BODY = {"email": "jane@example.com"}


async def send(api: Api, key: str, body: object = BODY, path: str = "/customers") -> httpx.Response:
    return await api.post(path, body, headers={"Idempotency-Key": key})


async def test_ten_in_a_row_are_one_c9(api: Api) -> None:
    first, *others = [await send(api, "k") for _ in range(10)]
    assert first.status_code == 201
    assert {(answer.status_code, answer.content) for answer in others} == {(201, first.content)}
    assert {answer.headers["idempotent-replayed"] for answer in others} == {"true"}
    assert len((await api.get("/customers")).json()["customers"]) == 1


async def test_ten_at_once_are_one_c9(api: Api) -> None:
    answers = await asyncio.gather(*(send(api, "k") for _ in range(10)))
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert answers[0].status_code == 201
    assert len(api.stripe.customers) == 1


async def test_ten_checkouts_at_once_are_one_session_c9(api: Api) -> None:
    customer, price = await api.make_customer(), await api.make_price()
    urls = {"successUrl": "https://example.com/", "cancelUrl": "https://example.com/"}
    body = {"customerId": customer["id"], "priceId": price["id"], **urls}
    answers = await asyncio.gather(*(send(api, "k", body, "/checkout") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len(api.stripe.sessions) == 1


async def test_every_post_that_asks_stripe_is_done_once_c9(api: Api) -> None:
    products = [(await send(api, "a", {"name": "Pro"}, "/products")).json()["product"]["id"] for _ in range(2)]
    assert len(set(products)) == 1
    path = f"/products/{products[0]}/prices"
    prices = [(await send(api, "b", {"unitAmount": 1}, path)).json()["price"]["id"] for _ in range(2)]
    assert len(set(prices)) == 1


async def test_another_request_under_the_key_is_409_c9(api: Api) -> None:
    await send(api, "k")
    for answer in (
        await send(api, "k", {"email": "john@example.com"}),
        await send(api, "k", {"name": "Pro"}, "/products"),
    ):
        assert answer.status_code == 409
        assert "Idempotency-Key" in answer.json()["error"]
    assert len((await api.get("/customers")).json()["customers"]) == 1


async def test_another_key_is_another_request_c9(api: Api) -> None:
    await send(api, "k")
    assert (await send(api, "l")).status_code == 409


async def test_keys_of_two_projects_do_not_meet_c9(api: Api) -> None:
    first = await send(api, "k")
    other = House(api.house.team_id, api.house.other_project_id, api.house.project_id)
    headers = {"Authorization": f"Bearer {api.key}", "Idempotency-Key": "k"}
    second = await api.client.post(api.path("/customers", other), json=BODY, headers=headers)
    assert second.status_code == 201
    assert first.json()["customer"]["id"] != second.json()["customer"]["id"]


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 201), ("k" * 256, 400), ("", 400)])
async def test_a_key_has_1_to_255_characters_c9(api: Api, key: str, status: int) -> None:
    assert (await send(api, key)).status_code == status


async def test_a_key_is_kept_for_24_hours_c9(api: Api) -> None:
    first = await send(api, "k")
    api.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    assert (await send(api, "k")).content == first.content
    assert await api.services.db.write(forget_outlived_keys, now=api.clock.now()) == 0
    api.clock.advance(timedelta(seconds=1))
    assert (await send(api, "k")).status_code == 409
    assert (await send(api, "k", {"email": "john@example.com"})).status_code == 201
    assert await api.services.db.write(forget_outlived_keys, now=api.clock.now()) == 0
    api.clock.advance(timedelta(hours=24))
    assert await api.services.db.write(forget_outlived_keys, now=api.clock.now()) == 1


async def test_errors_are_not_recorded_c9(api: Api) -> None:
    api.stripe.is_down = True
    assert (await send(api, "k")).status_code == 503
    api.stripe.is_down = False
    assert (await send(api, "k")).status_code == 201


async def test_a_try_that_died_after_stripe_answered_gets_the_same_stripe_customer_c9(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = api.services.db.write

    async def die(*args: Any, **kwargs: Any) -> Any:
        del args, kwargs
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(api.services.db, "write", die)
        assert (await send(api, "k")).status_code == 500
    assert api.services.db.write == write
    assert (await send(api, "k")).status_code == 201
    assert len(api.stripe.customers) == 1
