"""Reading of JSON bodies: SCENARIOS G1; contract G34."""

from __future__ import annotations

import pytest

from tests.api.billing.conftest import Api
from tests.api.billing.malformed_json import GOOD, corpus

JSON = {"Content-Type": "application/json"}
CORPUS = list(corpus())


def test_the_corpus_has_more_than_a_hundred_bodies_g1() -> None:
    assert len(set(CORPUS)) > 100


async def test_every_malformed_body_is_400_on_every_route_that_takes_one_g1(api: Api) -> None:
    customer = await api.make_customer()
    price = await api.make_price()
    row = await api.make_subscription(customer)
    calls = len(api.stripe.calls)
    doors = [
        ("POST", "/customers"),
        ("PATCH", f"/customers/{customer['id']}"),
        ("POST", "/products"),
        ("PATCH", f"/products/{price['productId']}"),
        ("POST", f"/products/{price['productId']}/prices"),
        ("PATCH", f"/prices/{price['id']}"),
        ("POST", "/checkout"),
        ("PATCH", f"/subscriptions/{row.id}"),
        ("PUT", "/referrals/config"),
        ("POST", "/referrals/codes"),
        ("POST", "/referrals/apply"),
        ("POST", f"/wallets/{customer['id']}/spend"),
        ("POST", f"/wallets/{customer['id']}/grant"),
        ("PUT", "/wallet-settings"),
    ]
    for number, body in enumerate(CORPUS):
        # Every body at the first door, and each at one of the others in turn: what reads is the same function.
        for method, path in {doors[0], doors[number % len(doors)]}:
            answer = await api.call(method, path, content=body, headers=JSON)
            assert answer.status_code == 400, (method, path, body[:80], answer.text)
            assert list(answer.json()) == ["error"]
    assert len(api.stripe.calls) == calls
    assert len((await api.get("/customers")).json()["customers"]) == 1


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"]
)
async def test_another_content_type_is_400_and_says_which_one_to_send(api: Api, content_type: str) -> None:
    answer = await api.call("POST", "/customers", content=GOOD, headers={"Content-Type": content_type})
    assert answer.status_code == 400
    assert "application/json" in answer.json()["error"]


@pytest.mark.parametrize(
    "headers", [{}, JSON, {"Content-Type": "application/json; charset=utf-8"}, {"Content-Type": "Application/JSON"}]
)
async def test_json_without_a_content_type_is_accepted(api: Api, headers: dict[str, str]) -> None:
    assert (await api.call("POST", "/customers", content=GOOD, headers=headers)).status_code == 201


async def test_unknown_fields_are_ignored(api: Api) -> None:
    assert (await api.post("/customers", {"email": "jane@example.com", "plan": {"deep": [1]}})).status_code == 201


async def test_a_pair_of_surrogates_is_one_character(api: Api) -> None:
    body = b'{"email": "jane@example.com", "name": "\\ud83d\\ude00"}'
    answer = await api.call("POST", "/customers", content=body, headers=JSON)
    assert answer.json()["customer"]["name"] == "\U0001f600"


async def test_unknown_addresses_and_methods_are_answered_in_the_envelope_g34(api: Api) -> None:
    unknown = await api.client.get("/nowhere")
    assert (unknown.status_code, list(unknown.json())) == (404, ["error"])
    assert (await api.get("/customers/")).status_code == 404
    wrong = await api.call("PUT", "/customers")
    assert (wrong.status_code, list(wrong.json())) == (405, ["error"])
    assert wrong.headers["allow"] == "GET, POST"
