"""Issue 5, part 1, and SCENARIOS G6: what is sent, when again, in which order, and what becomes of it."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from itertools import pairwise

import pytest

from billfold.domain.tenancy.projects import mark_project_deleted
from billfold.domain.webhooks.retries import GIVEN_UP_AFTER, JITTER_SHARE, MOST_TRIES, RETRY_SECONDS
from billfold.infrastructure.db.pressure import Pressure
from billfold.infrastructure.jobs import rounds
from tests.outgoing.world import World, in_order_per_object


async def test_an_event_goes_once_to_each_endpoint_that_wants_it(world: World) -> None:
    await world.endpoint("https://all.example.com/")
    await world.endpoint("https://payments.example.com/", ["payment.succeeded"])
    (event,) = await world.happen("pc_1")
    assert await world.drain() == 1
    (got,) = world.receivers.taken
    assert got.url == "https://all.example.com/"
    assert got.event == {
        "id": event.id,
        "type": "customer.updated",
        "event": "customer.updated",
        "timestamp": "2026-03-30T12:00:00Z",
        "test": False,
        "data": {"customer": {"id": "pc_1"}, "number": 1},
    }
    assert got.headers["x-stackbe-event"] == "customer.updated"
    assert got.headers["x-stackbe-delivery"] == got.headers["webhook-id"] == event.id


async def test_what_fails_is_tried_by_the_table_under_one_id_with_a_fresh_signature(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: 500
    await world.happen("pc_1")
    await world.pass_time(timedelta(hours=90))
    tries = world.receivers.received
    assert len(tries) == MOST_TRIES
    assert len({each.id for each in tries}) == len({each.body for each in tries}) == 1
    assert len({each.headers["webhook-signature"] for each in tries}) == MOST_TRIES
    for (before, after), seconds in zip(pairwise(tries), RETRY_SECONDS, strict=True):
        pause = (after.at - before.at) / timedelta(seconds=1)
        assert seconds <= pause <= seconds * (1 + 1 / JITTER_SHARE)
        assert after.headers["webhook-timestamp"] == str(int(after.at.timestamp()))
    assert tries[-1].at - tries[0].at >= GIVEN_UP_AFTER
    (delivery,) = await world.deliveries(endpoint)
    assert (delivery.status, delivery.attempts, delivery.last_status) == ("failed", MOST_TRIES, 500)
    attempts = await world.attempts(delivery)
    assert [each.status for each in attempts] == [500] * MOST_TRIES
    assert attempts[0].answer == "ok"


@pytest.mark.parametrize("failures", range(1, 9))
async def test_eight_failures_and_then_success_with_a_restart_between_tries(world: World, failures: int) -> None:
    """SCENARIOS G6."""
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: 503 if len(world.receivers.received) < failures else 204
    await world.happen("pc_1")
    for _ in range(failures + 1):
        world.dispatcher = world.new_dispatcher()
        await world.pass_time(timedelta(hours=12))
    (delivery,) = await world.deliveries(endpoint)
    assert (delivery.status, delivery.attempts, delivery.next_try_at) == ("delivered", failures + 1, None)
    assert len({each.id for each in world.receivers.received}) == 1
    assert (await world.now_is(endpoint)).failing_since is None


@pytest.mark.parametrize("status", [301, 302, 307, 308, 304, 400, 404, 429, 500, 199, 0])
async def test_only_2xx_is_success(world: World, status: int) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: status or None
    await world.happen("pc_1")
    assert await world.drain() == 1
    (delivery,) = await world.deliveries(endpoint)
    assert (delivery.status, delivery.last_status) == ("waiting", status or None)
    assert delivery.last_error
    assert delivery.next_try_at is not None


async def test_a_failing_event_holds_back_only_the_later_ones_of_its_object_at_that_endpoint(world: World) -> None:
    await world.endpoint("https://one.example.com/")
    await world.endpoint("https://two.example.com/")
    poison = {"on": True}
    first, *_ = await world.happen("pc_1", "pc_1", "pc_2", "pc_1")
    world.receivers.answer = lambda asked: (
        500 if poison["on"] and "one" in asked.url and asked.event_id == first.id else 200
    )
    await world.drain()
    assert [each.event["data"]["number"] for each in world.receivers.taken if "one" in each.url] == [3]
    assert [each.event["data"]["number"] for each in world.receivers.taken if "two" in each.url] != []
    assert len([each for each in world.receivers.taken if "two" in each.url]) == 4
    poison["on"] = False
    await world.pass_time(timedelta(seconds=10))
    assert [each.event["data"]["number"] for each in world.receivers.taken if "one" in each.url] == [3, 1, 2, 4]
    assert in_order_per_object(world.receivers.taken)


async def test_after_the_last_try_the_next_event_of_the_object_has_its_turn(world: World) -> None:
    endpoint, _ = await world.endpoint()
    first, _ = await world.happen("pc_1", "pc_1")
    world.receivers.answer = lambda asked: 500 if asked.event_id == first.id else 200
    await world.pass_time(timedelta(hours=90))
    assert [each.status for each in await world.deliveries(endpoint)] == ["failed", "delivered"]


async def test_a_receiver_that_was_down_for_seventy_hours_gets_everything_once_and_in_order(world: World) -> None:
    """Issue 5, Show 1."""
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: None
    objects = [f"pc_{number}" for number in range(5)]
    generator = random.Random(70)
    for _ in range(7):
        await world.happen(*generator.choices(objects, k=6))
        await world.pass_time(timedelta(hours=10))
    assert not world.receivers.taken
    world.receivers.answer = lambda _: 200
    await world.pass_time(timedelta(hours=14))
    taken = world.receivers.taken
    assert [each.id for each in sorted(taken, key=lambda got: got.id)] == [
        f"evt_{number:06}" for number in range(1, 43)
    ]
    assert in_order_per_object(taken)
    assert {each.status for each in await world.deliveries(endpoint)} == {"delivered"}
    assert (await world.now_is(endpoint)).is_enabled


async def test_a_receiver_that_comes_back_gets_all_that_waits_soon_and_not_at_the_next_try(world: World) -> None:
    await world.endpoint()
    world.receivers.answer = lambda _: None
    await world.happen("pc_1", "pc_2", "pc_3")
    await world.pass_time(timedelta(hours=30))
    world.receivers.answer = lambda _: 200
    await world.happen("pc_9")
    await world.drain()
    assert len(world.receivers.taken) == 4


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_receiver_that_fails_three_times_in_ten_ends_with_the_full_set(world: World, seed: int) -> None:
    """Issue 5, Show 1."""
    endpoint, _ = await world.endpoint()
    generator = random.Random(seed)
    world.receivers.answer = lambda _: 200 if generator.random() >= 0.3 else generator.choice([500, 302, None])
    for _ in range(10):
        await world.happen(*(f"pc_{generator.randrange(12)}" for _ in range(20)))
        await world.pass_time(timedelta(minutes=10))
    await world.pass_time(timedelta(hours=80))
    assert {each.id for each in world.receivers.taken} == {f"evt_{number:06}" for number in range(1, 201)}
    assert len(world.receivers.taken) == 200
    assert in_order_per_object(world.receivers.received)
    assert {each.status for each in await world.deliveries(endpoint)} == {"delivered"}


async def test_an_endpoint_that_is_off_collects_and_gets_it_in_order_when_it_is_on(world: World) -> None:
    endpoint, _ = await world.endpoint()
    await world.switch(endpoint, on=False)
    await world.happen("pc_1", "pc_1", "pc_2")
    assert await world.drain() == 0
    await world.switch(endpoint, on=True)
    assert await world.drain() == 3
    assert in_order_per_object(world.receivers.taken)


async def test_an_answer_is_kept_to_its_first_kilobyte_and_without_what_no_database_takes(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.body = b"\0\xff" + b"a" * 5_000
    await world.happen("pc_1")
    await world.drain()
    (delivery,) = await world.deliveries(endpoint)
    (attempt,) = await world.attempts(delivery)
    assert attempt.answer == "\ufffd\ufffd" + "a" * 1_022


async def test_what_waits_in_a_deleted_project_is_given_up_unsent_and_says_why(world: World) -> None:
    endpoint, _ = await world.endpoint()
    off, _ = await world.endpoint("https://off.example.com/")
    await world.switch(off, on=False)
    world.receivers.answer = lambda _: 500
    await world.happen("pc_1")
    await world.happen("pc_1")
    assert await world.drain() == 1
    await world.db.write(
        mark_project_deleted, team_id=world.team.id, project_id=world.project.id, now=world.clock.now()
    )
    await world.pass_time(timedelta(hours=1))
    assert len(world.receivers.received) == 1
    for each in (endpoint, off):
        deliveries = await world.deliveries(each)
        assert [(one.status, one.last_error) for one in deliveries] == [("failed", "Its project was deleted.")] * 2


class Busy(Pressure):
    """Doors that are always busy; `asked` is set once somebody stepped aside because of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    def is_high(self) -> bool:
        self.asked.set()
        return True


async def test_the_dispatcher_rests_between_rounds_while_the_doors_are_busy_and_still_sends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests = 0

    async def rest() -> None:
        nonlocal rests
        rests += 1
        await asyncio.sleep(0)

    monkeypatch.setattr(rounds, "_rest", rest)
    busy = Busy()
    sending = world.new_dispatcher(pressure=busy)
    await world.endpoint()
    await world.happen("pc_1")
    running = asyncio.create_task(sending.run())
    await busy.asked.wait()
    await sending.stop()
    await running
    assert rests
    assert len(world.receivers.taken) == 1
