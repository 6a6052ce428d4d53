"""Events and their signed webhooks, in good weather and in bad."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billfold.infrastructure.jobs import queue
from tests.stripe_simulator.conftest import TEAM, World


async def test_events_are_delivered_signed_and_in_order(world: World) -> None:
    sub = await world.subscribe()
    await world.worker.drain()
    listed = await world.raw("get", "events", limit=100)
    assert [event["id"] for event in listed["data"]] == [event["id"] for event in reversed(world.received)]
    assert listed["data"][0]["pending_webhooks"] == 0
    completed = await world.raw("get", "events", type="checkout.session.completed")
    assert completed["data"][0]["data"]["object"]["subscription"] == sub["id"]
    assert completed["data"][0]["request"] == {"id": None, "idempotency_key": None}
    made = await world.raw("get", "events", types=["customer.created", "product.created"], created={"gte": 0})
    assert [event["type"] for event in made["data"]] == ["product.created", "customer.created"]
    assert made["data"][0]["request"]["id"].startswith("req_")


async def test_an_event_shows_its_object_as_it_was_then(world: World) -> None:
    customer = await world.raw("post", "customers", name="Before")
    await world.raw("post", f"customers/{customer['id']}", name="After")
    await world.worker.drain()
    assert [event["data"]["object"]["name"] for event in world.received] == ["Before", "After"]
    assert world.received[1]["data"]["previous_attributes"] == {"name": "Before"}


async def test_a_refused_webhook_is_sent_again(world: World) -> None:
    world.webhook_status = 500
    await world.raw("post", "customers", name="Wren")
    await world.worker.drain()
    assert (await world.raw("get", "events", delivery_success=False))["data"] != []
    world.webhook_status = 200
    world.clock.advance(timedelta(seconds=2))
    await world.worker.drain()
    assert world.types == ["customer.created"]
    assert (await world.raw("get", "events", delivery_success=False))["data"] == []


async def test_duplicates_and_shuffling_come_as_asked_for_and_repeat_with_their_seed(world: World) -> None:
    await world.simulator.configure(TEAM, "delivery", {"duplicate": 2, "shuffle": True, "seed": 7})
    for number in range(6):
        await world.raw("post", "customers", name=str(number))
    await world.worker.drain()
    names = [event["data"]["object"]["name"] for event in world.received]
    assert sorted(names) == sorted("012345" * 3)
    assert names != sorted(names)


@pytest.mark.parametrize(("drop", "arrived"), [(1, 0), (0, 5)])
async def test_dropped_events_stay_in_the_list(world: World, drop: float, arrived: int) -> None:
    await world.simulator.configure(TEAM, "delivery", {"drop": drop})
    for number in range(5):
        await world.raw("post", "customers", name=str(number))
    await world.worker.drain()
    assert len(world.received) == arrived
    assert len((await world.raw("get", "events"))["data"]) == 5


async def test_a_delay_holds_webhooks_back(world: World) -> None:
    await world.simulator.configure(TEAM, "delivery", {"delay_ms": 1_000})
    await world.raw("post", "customers", name="Wren")
    assert await world.worker.drain() == 0
    world.clock.advance(timedelta(seconds=2))
    assert await world.worker.drain() == 1


async def test_what_a_refused_request_did_leaves_no_event(world: World) -> None:
    price = await world.price()
    await world.worker.drain()
    before = len(world.received)
    customer = await world.raw("post", "customers", name="Wren")
    values = {
        "customer": customer["id"],
        "items": [{"price": price["id"]}],
        "default_payment_method": "pm_card_chargeDeclined",
    }
    with pytest.raises(Exception, match="declined"):
        await world.raw("post", "subscriptions", payment_behavior="error_if_incomplete", **values)
    await world.worker.drain()
    assert world.types[before:] == ["customer.created"]
    assert (await world.raw("get", "subscriptions", status="all"))["data"] == []


async def test_time_that_passes_by_itself_renews_too(world: World) -> None:
    sub = await world.subscribe()
    world.clock.advance(timedelta(days=40))

    async def tick(tx: object) -> None:
        await queue.enqueue(tx, "simulator.tick", {}, now=world.clock.now())  # type: ignore[arg-type]

    await world.db.write(tick)
    await world.worker.drain()
    assert len((await world.raw("get", "invoices", subscription=sub["id"]))["data"]) == 2
    assert (await world.offset()) == timedelta(0)
