"""SCENARIOS G6: an endpoint is switched off after failing for long and often, people are told, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from billfold.domain.tenancy.audit_log import audit_rows
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.mail.mailbox import mails_of_team
from tests.outgoing.world import World, in_order_per_object

_PUBLISHED = query(sa.select(events.c.name), str)


async def _published(tx: Reading) -> list[str]:
    return await tx.all(_PUBLISHED)


async def test_it_is_switched_off_after_five_days_and_twenty_events_and_people_are_told(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: 500
    for number in range(19):
        await world.happen(f"pc_{number}")
        await world.pass_time(timedelta(hours=6))
    assert (await world.now_is(endpoint)).is_enabled
    # The fifth day ends, and then comes the twentieth event.
    await world.pass_time(timedelta(hours=7))
    assert (await world.now_is(endpoint)).is_enabled
    await world.happen("pc_19")
    await world.drain()
    off = await world.now_is(endpoint)
    assert (off.is_enabled, off.off_reason, off.failed_events) == (False, "failing", 20)
    letters = await world.db.read(mails_of_team, world.team.id)
    assert sorted(each.recipient for each in letters) == ["admin@example.com", "owner@example.com"]
    assert {each.subject for each in letters} == {"A webhook was switched off"}
    assert await world.db.read(_published) == ["webhook.disabled"]
    assert [each.action for each in await world.db.read(audit_rows, world.team.id)] == ["webhook.disabled"]
    # What waits is kept, new events wait behind it, and all goes out in order.
    before = len(world.receivers.received)
    await world.happen("pc_1", "pc_1")
    await world.pass_time(timedelta(days=1))
    assert len(world.receivers.received) == before
    world.receivers.answer = lambda _: 200
    on = await world.switch(endpoint, on=True)
    assert (on.off_reason, on.failing_since, on.failed_events) == (None, None, 0)
    await world.pass_time(timedelta(hours=24))
    statuses = [each.status for each in await world.deliveries(endpoint)]
    # The oldest had used all its tries before; every other one arrived.
    assert statuses.count("waiting") == 0
    assert statuses[-12:] == ["delivered"] * 12
    assert in_order_per_object(world.receivers.taken)


async def test_days_without_enough_events_do_not_switch_it_off(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: 500
    await world.happen(*(f"pc_{number}" for number in range(19)))
    await world.pass_time(timedelta(days=9))
    assert (await world.now_is(endpoint)).is_enabled


async def test_many_events_in_less_than_five_days_do_not_switch_it_off(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: None
    await world.happen(*(f"pc_{number}" for number in range(60)))
    await world.pass_time(timedelta(days=2))
    assert (await world.now_is(endpoint)).is_enabled


async def test_one_success_in_between_begins_the_count_anew(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: 500
    await world.happen(*(f"pc_{number}" for number in range(25)))
    await world.pass_time(timedelta(days=2))
    world.receivers.answer = lambda asked: 200 if asked.event_id == "evt_000001" else 500
    await world.pass_time(timedelta(days=1))
    assert (await world.now_is(endpoint)).failed_events == 0
    world.receivers.answer = lambda _: 500
    await world.happen("pc_1")
    await world.pass_time(timedelta(days=4))
    assert (await world.now_is(endpoint)).is_enabled


async def test_gone_is_believed_when_it_is_said_for_the_third_time(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda _: 410
    await world.happen("pc_1", "pc_2")
    await world.pass_time(timedelta(minutes=1))
    assert (await world.now_is(endpoint)).is_enabled
    await world.pass_time(timedelta(minutes=10))
    off = await world.now_is(endpoint)
    assert (off.is_enabled, off.off_reason) == (False, "gone")
    assert len(await world.db.read(mails_of_team, world.team.id)) == 2
    world.receivers.answer = lambda _: 200
    await world.switch(endpoint, on=True)
    await world.pass_time(timedelta(hours=1))
    assert {each.status for each in await world.deliveries(endpoint)} == {"delivered"}


async def test_gone_for_one_object_alone_is_a_failure_of_that_one(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.receivers.answer = lambda asked: 410 if asked.event_id == "evt_000001" else 200
    await world.happen("pc_1")
    for number in range(2, 8):
        await world.pass_time(timedelta(seconds=30 if number < 4 else 600))
        await world.happen(f"pc_{number}")
        await world.drain()
    assert (await world.now_is(endpoint)).is_enabled
