"""What keeps the sending small, and what is brought forward; and one event's whole way, from the API to the receiver."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from billfold.domain.webhooks.attempts import webhook_attempts
from billfold.domain.webhooks.deliveries import webhook_deliveries
from billfold.domain.webhooks.endpoints import delete_endpoint, webhook_endpoints
from billfold.domain.webhooks.lanes import webhook_lanes
from billfold.domain.webhooks.upkeep import PRUNE_JOB
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.outbound import Response
from tests.app_fixtures import RunningBillfold
from tests.outgoing.world import KEPT_FOR, World

_COUNTS = tuple(
    query(sa.select(sa.func.count()).select_from(table), int)
    for table in (webhook_endpoints, webhook_deliveries, webhook_attempts, webhook_lanes)
)


async def _counts(tx: Reading) -> list[int]:
    return [await tx.one(each) for each in _COUNTS]


async def _prune(world: World) -> None:
    async def unit(tx: Writing) -> None:
        await enqueue(tx, PRUNE_JOB, {}, now=world.clock.now(), key=PRUNE_JOB)

    await world.db.write(unit)
    await world.worker.drain()


async def test_deliveries_and_their_tries_are_forgotten_with_their_events(world: World) -> None:
    await world.endpoint()
    await world.happen("pc_1", "pc_2")
    await world.drain()
    world.clock.advance(KEPT_FOR - timedelta(days=1))
    await world.happen("pc_3")
    await world.drain()
    await _prune(world)
    assert await world.db.read(_counts) == [1, 3, 3, 0]
    world.clock.advance(timedelta(days=2))
    await _prune(world)
    assert await world.db.read(_counts) == [1, 1, 1, 0]


async def test_what_waited_longer_than_events_are_kept_ends_without_being_sent(world: World) -> None:
    endpoint, _ = await world.endpoint()
    await world.switch(endpoint, on=False)
    await world.happen("pc_1")
    world.clock.advance(KEPT_FOR + timedelta(days=1))
    await world.happen("pc_1")
    await _prune(world)
    await world.switch(endpoint, on=True)
    await world.drain()
    assert [each.event["data"]["number"] for each in world.receivers.taken] == [2]
    assert await world.db.read(_counts) == [1, 1, 1, 0]


async def test_of_a_deleted_endpoint_nothing_is_sent_and_nothing_stays(world: World) -> None:
    endpoint, _ = await world.endpoint()
    await world.endpoint("https://stays.example.com/")
    world.receivers.answer = lambda asked: 200 if "stays" in asked.url else 500
    await world.happen("pc_1", "pc_2")
    await world.drain()
    await world.db.write(delete_endpoint, project_id=world.project.id, endpoint_id=endpoint.id, now=world.clock.now())
    before = len(world.receivers.received)
    await world.pass_time(timedelta(days=1))
    assert len(world.receivers.received) == before
    await _prune(world)
    assert await world.db.read(_counts) == [1, 2, 2, 0]
    await world.happen("pc_1")
    await world.drain()
    assert len(await world.db.read(_counts)) == 4
    assert len(world.receivers.received) == before + 1


async def test_a_poisoned_event_is_not_hammered_by_the_success_of_others(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda asked: 500 if asked.event_id == "evt_000001" else 200
    await world.happen("pc_poison")
    for number in range(30):
        await world.happen(f"pc_{number}")
        await world.pass_time(timedelta(minutes=10))
    (poison, *others) = await world.deliveries(endpoint)
    assert {each.status for each in others} == {"delivered"}
    assert poison.status == "waiting"
    # One extra try at most for each quiet stretch, and all twelve of the table still count from the start.
    assert poison.attempts <= 30 + 12


@pytest.mark.parametrize("places", [1, 2, 256])
async def test_few_places_are_enough(world: World, places: int) -> None:
    world.dispatcher = world.new_dispatcher(places=places)
    for number in range(3):
        await world.endpoint(f"https://{number}.example.com/")
    await world.happen(*(f"pc_{number % 4}" for number in range(8)))
    await world.drain()
    assert len(world.receivers.taken) == 24


async def test_a_customer_made_over_the_api_is_told_to_the_receiver_as_the_api_shows_him(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = billfold_app.application.installation
    got: list[tuple[str, bytes]] = []

    async def post(method: str, url: str, headers: dict[str, str], body: bytes, limits: Any) -> Response:
        del method, limits
        got.append((url, body))
        assert headers["webhook-id"].startswith("evt_")
        return Response(204, {}, b"")

    monkeypatch.setattr(installation.dispatcher, "_post", post)
    webhook = {"url": "https://app.example.com/webhooks", "types": ["customer.created"]}
    await billfold_app.client.post(f"{billfold_app.path}/webhooks", json=webhook)
    made = await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "jane@example.com"})
    customer = made.json()["customer"]
    await billfold_app.client.patch(f"{billfold_app.path}/customers/{customer['id']}", json={"name": "Jane"})
    await installation.sequencer.drain()
    await installation.dispatcher.drain()
    ((url, body),) = got
    assert url == webhook["url"]
    event = msgspec.json.decode(body)
    assert (event["type"], event["test"]) == ("customer.created", False)
    assert set(event["data"]["customer"]) == set(customer)
    assert event["data"]["customer"]["id"] == customer["id"]
