"""Credits on the Stripe balance: exactly one each, whatever fails (DESIGN section 10, step 5; contract G29)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from billfold.base.ids import derived_id
from billfold.domain.billing import customers
from billfold.domain.billing.credits import push_credit
from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.statement import Balances
from billfold.domain.referrals.rewards import Reward, owed_rewards, rewards_of_referrals
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.jobs import queue
from tests.referrals.world import World


@pytest.fixture
async def world(db: Database) -> World:
    return await World(db).start()


async def converted(world: World) -> tuple[str, str, str]:
    owner, friend = await world.customer(), await world.customer()
    code = await world.code(owner)
    await world.apply(code, friend)
    await world.subscribe(friend)
    return owner, friend, code


async def reward_of(world: World, code: str, earner: str) -> Reward:
    ids = [each.id for each in await world.referrals_of(code)]
    found = await world.db.read(rewards_of_referrals, world.project.id, ids)
    return next(each for each in found if each.earner_id == earner)


async def test_a_refused_credit_is_shown_and_tried_again_and_the_referral_is_converted_all_the_same(
    world: World,
) -> None:
    owner, friend, code = await converted(world)
    world.stripe.refuse.add("cus_1")
    await world.work()
    failed = await reward_of(world, code, owner)
    assert (failed.status, failed.failure) == ("failed", "You cannot combine currencies on a single customer.")
    assert [each.status for each in await world.referrals_of(code)] == ["converted"]
    assert (await reward_of(world, code, friend)).status == "settled"
    assert await world.balances(owner) == Balances(-1000, 0, 1000, 0, 0)
    world.stripe.refuse.clear()
    world.clock.advance(timedelta(minutes=1))
    await world.work()
    settled = await reward_of(world, code, owner)
    assert (settled.status, settled.failure) == ("settled", None)
    assert settled.settlement_id is not None
    assert await world.balances(owner) == Balances(-1000, 0, 0, 0, 1000)
    assert await world.db.snapshot(audit) == []


async def test_a_call_that_took_effect_without_an_answer_is_not_made_twice(world: World) -> None:
    await converted(world)
    world.stripe.fail_after_effect = 2
    await world.work()
    assert len(world.stripe.made) == 2
    world.clock.advance(timedelta(minutes=1))
    await world.work()
    # Found on the balance, so it was not even sent again.
    assert world.stripe.calls == 2
    assert len(world.stripe.made) == 2


async def test_a_restored_backup_does_not_credit_again_what_stripe_has(world: World) -> None:
    owner, _, code = await converted(world)
    await world.work()
    reward = await reward_of(world, code, owner)
    # The same conversion has the same reward id in any copy of the database, and Stripe's keys are forgotten by now.
    assert reward.id == derived_id("rw_", world.project.id, reward.key, near=reward.source_id)
    world.stripe.keys.clear()
    again = await push_credit(
        cast("Any", world.stripe),
        stripe_customer_id="cus_1",
        amount_cents=reward.amount,
        currency=reward.unit,
        description="again",
        reason_id=reward.id,
        first_tried=world.clock.now(),
        now=world.clock.now(),
    )
    assert again == reward.settlement_id
    assert len(world.stripe.made) == 2


async def test_after_a_day_the_balance_is_searched_before_anything_is_sent(world: World) -> None:
    owner, _, code = await converted(world)
    world.stripe.fail_after_effect = 2
    await world.work()
    # Stripe forgets idempotency keys after a day: only the search keeps the credit single now.
    world.stripe.keys.clear()
    world.clock.advance(timedelta(hours=25))
    await world.work()
    assert world.stripe.calls == 2
    assert len(world.stripe.made) == 2
    assert (await reward_of(world, code, owner)).status == "settled"


async def test_the_search_finds_a_credit_behind_many_later_ones(world: World) -> None:
    owner, _, code = await converted(world)
    world.stripe.fail_after_effect = 2
    await world.work()
    world.stripe.keys.clear()
    for number in range(250):
        await world.stripe.create_balance_transaction(
            "cus_1", amount=-1, currency="usd", description="later", metadata={}, idempotency_key=f"later-{number}"
        )
    world.clock.advance(timedelta(hours=25))
    await world.work()
    assert [each.amount for each in world.stripe.made if each.customer_id == "cus_1"] == [-1000, *[-1] * 250]
    assert (await reward_of(world, code, owner)).status == "settled"


async def test_a_deleted_earner_shows_as_failed(world: World) -> None:
    owner, _, code = await converted(world)
    await world.db.write(
        customers.delete_customer,
        project_id=world.project.id,
        customer_id=owner,
        at=world.clock.now(),
        now=world.clock.now(),
    )
    await world.work()
    failed = await reward_of(world, code, owner)
    assert (failed.status, failed.failure) == ("failed", "The customer was deleted.")
    assert len(world.stripe.made) == 1
    # Trying again cannot help: it is told by `billfold doctor`, and no job waits for ever.
    (owed,) = await world.db.read(owed_rewards)
    assert (owed.project_id, owed.failure, owed.rewards) == (world.project.id, "The customer was deleted.", 1)
    assert await world.db.read(queue.waiting_count) == 0


async def test_a_credit_that_is_refused_for_good_ends_among_the_stuck_jobs(world: World) -> None:
    await converted(world)
    world.stripe.refuse.add("cus_1")
    for _ in range(len(queue.RETRY_SECONDS) + 1):
        await world.work()
        world.clock.advance(timedelta(hours=2))
    (stuck,) = await world.db.read(queue.stuck)
    assert stuck.name == "rewards.settle"
    assert "cannot combine currencies" in (stuck.last_error or "")
