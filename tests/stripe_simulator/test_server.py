"""Stripe's HTTP manners: keys, idempotency, pages, errors, failures on demand."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import stripe

from billfold.infrastructure.stripe.transport import InMemoryClient
from billfold.infrastructure.stripe_simulator.server import AnswerLost
from tests.stripe_simulator.conftest import TEAM, World, create_for


async def send(
    world: World, method: str, path: str, body: bytes = b"", query: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Send raw bytes; returns status, headers and decoded body."""
    named = {"authorization": f"Bearer {world.account.secret_key}", **headers}
    out: list[Any] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop()

    async def collect(message: Any) -> None:
        out.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": f"/simulator/stripe{path}",
        "root_path": "/simulator/stripe",
        "query_string": query,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()],
    }
    await world.simulator.asgi(scope, receive, collect)
    answered = {name.decode(): value.decode() for name, value in out[0]["headers"]}
    return out[0]["status"], answered, msgspec.json.decode(out[1]["body"])


async def test_a_key_is_taken_as_bearer_or_basic_and_a_wrong_one_is_refused(world: World) -> None:
    status, headers, account = await send(world, "GET", "/v1/account")
    assert (status, account["id"]) == (200, world.account.account_id)
    assert headers["request-id"].startswith("req_")
    assert headers["stripe-version"] == stripe.api_version
    basic = base64.b64encode(f"{world.account.secret_key}:".encode()).decode()
    assert (await send(world, "GET", "/v1/account", authorization=f"Basic {basic}"))[0] == 200
    for wrong in ("Bearer sk_test_wrong", "Basic !!", "", "Digest x"):
        status, _, body = await send(world, "GET", "/v1/account", authorization=wrong)
        assert (status, body["error"]["type"]) == (401, "invalid_request_error")
        assert "sk_test_wrong" not in body["error"]["message"]


async def test_one_account_does_not_see_another(world: World) -> None:
    customer = await world.raw("post", "customers", email="wren@example.com")
    other = await world.db.write(create_for(world.simulator, "team_2"))
    client = stripe.StripeClient(other.secret_key, http_client=InMemoryClient(world.simulator.asgi))
    assert (await client.v1.customers.list_async()).data == []
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await client.v1.customers.retrieve_async(customer["id"])
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


async def test_the_official_library_reads_and_writes(world: World) -> None:
    customer = await world.client.v1.customers.create_async({"email": "wren@example.com", "metadata": {"a": "b"}})
    found = await world.client.v1.customers.list_async(
        {"email": "wren@example.com", "created": {"gte": customer.created}}
    )
    assert [each.id for each in found.data] == [customer.id]
    assert found.data[0].metadata is not None
    assert found.data[0].metadata["a"] == "b"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/customers", b"colour=red", "parameter_unknown"),
        ("/v1/customers", b"address[street]=x", "parameter_unknown"),
        ("/v1/prices", b"currency=usd&unit_amount=ten&product=prod_1", "parameter_invalid_integer"),
        ("/v1/prices", b"unit_amount=10&product=prod_1", "parameter_missing"),
        ("/v1/customers", b"email=nobody", "email_invalid"),
        ("/v1/prices", b"currency=usd&unit_amount=999999999999&product=prod_1", "amount_too_large"),
        ("/v1/customers", b"expand[]=colour&email=a%40example.com", None),
        ("/v1/customers", b"a" * 50, None),
        ("/v1/customers", b"name=%ff", None),
        ("/v1/customers", b"name[a]=1&name=2", None),
        ("/v1/customers", b"metadata[" + b"k" * 41 + b"]=1", None),
        ("/v1/customers", b"metadata[a]=" + b"v" * 501, None),
        ("/v1/customers", b"&".join(b"metadata[k%d]=1" % each for each in range(51)), None),
    ],
)
async def test_a_request_that_cannot_be_right_is_a_400(world: World, path: str, body: bytes, code: str | None) -> None:
    status, _, answer = await send(world, "POST", path, body)
    assert status == 400
    assert answer["error"].get("code") == code
    assert (await world.raw("get", "customers"))["data"] == []


async def test_bodies_and_addresses_are_bounded(world: World) -> None:
    assert (await send(world, "POST", "/v1/customers", b"name=" + b"x" * 1_048_576))[0] == 413
    assert (await send(world, "POST", "/v1/customers", b"{}", content_type="application/json"))[0] == 400
    assert (await send(world, "GET", "/v1/unicorns"))[0] == 404
    assert (await send(world, "GET", "/v1/customers", query=b"limit=101"))[0] == 400
    assert (await send(world, "GET", "/v1/customers", query=b"limit=0"))[0] == 400
    assert (await send(world, "GET", "/v1/account", stripe_version="yesterday"))[0] == 400
    deep = b"expand[]=a.b.c.d.e"
    assert (await send(world, "GET", "/v1/customers", query=deep))[0] == 400


async def test_nul_and_four_byte_characters_come_back_as_sent(world: World) -> None:
    name = "a\x00b 👩\u200d🚀 \u202e"
    made = await world.raw("post", "customers", name=name)
    assert (await world.raw("get", f"customers/{made['id']}"))["name"] == name


async def test_an_idempotency_key_gives_the_same_answer_once(world: World) -> None:
    first = await send(world, "POST", "/v1/customers", b"email=a%40example.com", idempotency_key="k1")
    again = await send(world, "POST", "/v1/customers", b"email=a%40example.com", idempotency_key="k1")
    assert again[2] == first[2]
    assert ("idempotent-replayed" in first[1], again[1]["idempotent-replayed"]) == (False, "true")
    other = await send(world, "POST", "/v1/customers", b"email=b%40example.com", idempotency_key="k1")
    assert (other[0], other[2]["error"]["type"]) == (400, "idempotency_error")
    assert len((await world.raw("get", "customers"))["data"]) == 1
    world.clock.advance(timedelta(hours=24, seconds=1))
    later = await send(world, "POST", "/v1/customers", b"email=b%40example.com", idempotency_key="k1")
    assert later[0] == 200
    assert (await send(world, "POST", "/v1/customers", idempotency_key="k" * 256))[0] == 400


async def test_a_refused_request_keeps_no_idempotency_key(world: World) -> None:
    wrong = await send(world, "POST", "/v1/customers", b"colour=red", idempotency_key="k1")
    right = await send(world, "POST", "/v1/customers", b"name=Red", idempotency_key="k1")
    assert (wrong[0], right[0]) == (400, 200)


async def test_twenty_equal_requests_at_once_make_one_object(world: World) -> None:
    answers = await asyncio.gather(
        *(send(world, "POST", "/v1/customers", b"name=One", idempotency_key="k1") for _ in range(20))
    )
    assert {each[2]["id"] for each in answers} == {(await world.raw("get", "customers"))["data"][0]["id"]}


async def test_a_list_is_paged_in_both_directions(world: World) -> None:
    ids = [(await world.raw("post", "customers", name=str(number)))["id"] for number in range(5)]
    newest = list(reversed(ids))
    page = await world.raw("get", "customers", limit=2)
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (newest[:2], True)
    page = await world.raw("get", "customers", limit=3, starting_after=newest[1])
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (newest[2:], False)
    page = await world.raw("get", "customers", limit=2, ending_before=newest[3])
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (newest[1:3], True)
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("get", "customers", starting_after="cus_none")
    assert (await world.raw("get", "customers", created={"lt": 1}))["data"] == []


async def test_a_lost_answer_took_effect_and_the_same_key_finds_it(world: World) -> None:
    await world.simulator.configure(TEAM, "faults", {"timeout": 1})
    with pytest.raises(AnswerLost):
        await send(world, "POST", "/v1/customers", b"name=Once", idempotency_key="k1")
    again = await send(world, "POST", "/v1/customers", b"name=Once", idempotency_key="k1")
    assert again[1]["idempotent-replayed"] == "true"
    assert len((await world.raw("get", "customers"))["data"]) == 1


async def test_failures_come_as_often_as_asked_for_and_change_nothing(world: World) -> None:
    await world.simulator.configure(TEAM, "faults", {"429": 2, "500": 1})
    statuses = [(await send(world, "POST", "/v1/customers", b"name=A"))[0] for _ in range(4)]
    assert statuses == [429, 429, 500, 200]
    await world.simulator.configure(TEAM, "faults", {"429": 1})
    assert (await send(world, "GET", "/v1/customers"))[0] == 429
    assert len((await world.raw("get", "customers"))["data"]) == 1
