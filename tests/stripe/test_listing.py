"""The account's whole lists: every kind, page by page, with the very JSON, whatever one object among them looks like."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest

from billfold.infrastructure.stripe.client import connect
from billfold.infrastructure.stripe.port import StripeUnavailable
from billfold.infrastructure.stripe.values import StripePayment, StripeProduct
from tests.stripe import payloads


class Listing:
    """An application that answers each path with what it was given."""

    def __init__(self, **bodies: str) -> None:
        self.bodies = bodies
        self.asked: list[str] = []

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        del receive
        path = scope["path"].rpartition("/")[2]
        self.asked.append(path)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.bodies[path].encode()})


def page(*objects: Any, more: bool = False) -> str:
    return json.dumps({"object": "list", "data": list(objects), "has_more": more, "url": "/v1/x"}, indent=2)


async def list_page(kind: str, **bodies: str) -> Any:
    return await connect("sk_test_1", transport=Listing(**bodies)).list_page(kind)


async def test_each_object_comes_with_its_json_and_the_next_page_begins_behind_the_last() -> None:
    found = await list_page("product", products=page(payloads.PRODUCT, {**payloads.PRODUCT, "id": "prod_2"}, more=True))
    assert (found.more, found.last_id, [each.id for each in found.objects]) == (
        True,
        "prod_2",
        [payloads.PRODUCT["id"], "prod_2"],
    )
    assert isinstance(found.objects[0].value, StripeProduct)
    assert json.loads(found.objects[0].body) == payloads.PRODUCT


async def test_an_object_of_a_strange_shape_hides_no_other() -> None:
    found = await list_page("price", prices=page({"id": "price_odd"}, payloads.PRICE))
    odd, good = found.objects
    assert (odd.value, json.loads(odd.body)) == (None, {"id": "price_odd"})
    assert odd.problem
    assert good.problem is None
    assert good.value is not None


async def test_what_has_no_id_is_left_out() -> None:
    found = await list_page("customer", customers=page({}, {"id": 1}, {"id": ""}, {"id": "x\0"}, payloads.CUSTOMER))
    assert [each.id for each in found.objects] == [payloads.CUSTOMER["id"]]


async def test_half_a_surrogate_pair_in_one_object_stops_nothing() -> None:
    body = page(payloads.PRODUCT).replace('"Pro"', '"\\ud800"')
    found = await list_page("product", products=body)
    assert found.objects[0].value is not None


async def test_a_page_that_says_more_and_is_empty_ends_the_list() -> None:
    found = await list_page("customer", customers=page(more=True))
    assert (found.more, found.last_id, list(found.objects)) == (False, None, [])


@pytest.mark.parametrize("body", ["[]", '{"data": {}}', '{"data": [1]}', "null"])
async def test_what_is_no_list_is_an_error(body: str) -> None:
    with pytest.raises(StripeUnavailable):
        await list_page("customer", customers=body)


async def test_a_charge_is_the_payment_of_its_intent_only_if_it_is_the_latest() -> None:
    intent = {**payloads.PAYMENT_INTENT, "id": "pi_1", "latest_charge": "ch_2"}
    paid = {**payloads.CHARGE, "id": "ch_2", "payment_intent": intent}
    refused = {**payloads.CHARGE, "id": "ch_1", "status": "failed", "payment_intent": intent}
    alone = {**payloads.CHARGE, "id": "ch_3", "payment_intent": None}
    found = await list_page("charge", charges=page(paid, refused, alone))
    first, second, third = [each.value for each in found.objects]
    assert isinstance(first, StripePayment)
    assert (first.intent_id, first.charge_id) == ("pi_1", "ch_2")
    assert (second, found.objects[1].problem) == (None, None)
    assert isinstance(third, StripePayment)
    assert (third.intent_id, third.charge_id) == (None, "ch_3")


async def test_the_disputes_of_a_disputed_charge_are_asked_for() -> None:
    disputed = {**payloads.CHARGE, "id": "ch_1", "disputed": True, "payment_intent": None}
    app = Listing(
        charges=page(disputed, {**disputed, "id": "ch_2", "disputed": False}), disputes=page(payloads.DISPUTE)
    )
    found = await connect("sk_test_1", transport=app).list_page("charge")
    assert app.asked == ["charges", "disputes"]
    (first, _) = [each.value for each in found.objects]
    assert isinstance(first, StripePayment)
    assert first.amount_disputed == payloads.DISPUTE["amount"]


async def test_an_unknown_kind_is_a_mistake_of_ours() -> None:
    with pytest.raises(LookupError):
        await list_page("coupon")
