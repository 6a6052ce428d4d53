"""A batch is sent by Stripe or by hand, and whatever fails on the way, each payout is paid once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from billfold.base import fail_points
from billfold.base.errors import Conflict
from billfold.domain.payouts import outcomes, payouts, rails, sending
from billfold.domain.payouts.payouts import Payout
from billfold.infrastructure.jobs.queue import RETRY_SECONDS
from tests.payouts.making import KEY
from tests.payouts.world import PayoutWorld


async def pay(world: PayoutWorld, cents: int = 9000) -> str:
    partner = await world.connected()
    await world.earn(partner, cents)
    await world.send(await world.batch())
    return partner


async def wait_for_retries(world: PayoutWorld, times: int = 6) -> None:
    for seconds in RETRY_SECONDS[:times]:
        world.clock.advance(timedelta(seconds=2 * seconds + 2))
        await world.work()


async def test_a_transfer_settles_the_payout_its_rewards_and_the_ledger(world: PayoutWorld) -> None:
    partner = await world.connected()
    reward = await world.earn(partner, 9000)
    await world.send(await world.batch())
    payout = await world.the_payout()
    (transfer,) = await world.transfers()
    assert (payout.status, payout.reference) == ("settled", transfer["id"])
    assert (transfer["amount"], transfer["currency"], transfer["transfer_group"]) == (9000, "usd", payout.id)
    assert (await world.reward(reward)).settlement_id == payout.id
    balances = await world.balances(partner, key=KEY)
    assert (balances.available, balances.in_transit, balances.settled) == (0, 0, 9000)
    steps = await world.db.read(payouts.steps_of, world.project.id, payout.id)
    assert [each.status for each in steps] == ["sent", "settled"]


@pytest.mark.parametrize("kind", ["timeout", "429", "500"])
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_stripe_falters_at_each_call_and_there_is_one_transfer(world: PayoutWorld, kind: str, times: int) -> None:
    partner = await world.connected()
    await world.earn(partner, 9000)
    batch = await world.batch()
    await world.faults(**{kind: times})
    await world.send(batch)
    await wait_for_retries(world)
    assert [each["amount"] for each in await world.transfers()] == [9000]
    assert (await world.the_payout()).status == "settled"


@pytest.mark.parametrize("kind", ["timeout", "500"])
async def test_stripe_falters_between_the_look_and_the_transfer(
    world: PayoutWorld, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look succeeds, the transfer's own answer is lost: the next try finds what the first one made."""
    real = rails.StripeTransfers._find
    lost: list[str] = []

    async def find(self: Any, order: rails.Order) -> str | None:
        found = await real(self, order)
        if not lost:
            lost.append(order.payout_id)
            await world.faults(**{kind: 1})
        return found

    monkeypatch.setattr(rails.StripeTransfers, "_find", find)
    await pay(world)
    assert (await world.the_payout()).status == "sent"
    await wait_for_retries(world)
    assert len(await world.transfers()) == 1
    assert (await world.the_payout()).status == "settled"


async def test_after_a_day_the_transfer_is_found_and_not_made_again(
    world: PayoutWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stripe forgets a key after 24 hours: whoever sent it again then would pay twice."""
    died: list[str] = []

    def die_after_send(name: str) -> None:
        if name == "after-send" and not died:
            died.append(name)
            raise fail_points.FailPointReached(name)

    monkeypatch.setattr(rails, "reach", die_after_send)
    await pay(world)
    assert (await world.the_payout()).status == "sent"
    world.clock.advance(timedelta(days=3))
    await world.work()
    assert len(await world.transfers()) == 1
    assert (await world.the_payout()).status == "settled"


async def test_what_stripe_refuses_fails_and_is_available_again(world: PayoutWorld) -> None:
    partner = await world.connected()
    reward = await world.earn(partner, 9000)
    await world.send(await world.batch())
    first = await world.the_payout()
    assert first.status == "settled"
    await world.onboard(partner)
    await world.earn(partner, 7000)
    batch = await world.batch()
    await world.close_account()
    await world.send(batch)
    failed = next(each for each in await world.payouts() if each.batch_id == batch.id)
    assert failed.status == "failed"
    assert "capabilities" in (failed.failure or "")
    assert (await world.balances(partner, key=KEY)).available == 7000
    assert (await world.reward(reward)).status == "settled"
    # The next batch takes it up again, as a payout of its own.
    assert (await world.batch()).payouts == 1


async def test_two_workers_at_one_payout_make_one_transfer(world: PayoutWorld) -> None:
    partner = await world.connected()
    await world.earn(partner, 9000)
    batch = await world.batch()
    payout = await world.the_payout()
    stripe_rails = rails.standard_rails(world.simulated)

    async def send() -> None:
        unit = await sending.send_payout(
            world.db,
            stripe_rails,
            team_id=world.team.id,
            project_id=world.project.id,
            payout_id=payout.id,
            now=world.now(),
        )
        if unit is not None:
            await world.db.write(unit)

    await asyncio.gather(send(), send(), send())
    assert len(await world.transfers()) == 1
    assert (await world.the_payout()).status == "settled"
    assert batch.payouts == 1


async def by_hand(world: PayoutWorld) -> Payout:
    await world.earn(await world.partner(), 9000)
    await world.send(await world.batch())
    return await world.the_payout()


async def test_a_payout_by_hand_waits_for_its_reference_and_takes_it_once(world: PayoutWorld) -> None:
    payout = await by_hand(world)
    assert payout.status == "sent"
    mark: dict[str, Any] = {"project_id": world.project.id, "payout_id": payout.id, "now": world.now()}
    for _ in range(2):
        paid = await world.db.write(outcomes.mark_paid, **mark, reference="bank 1")
        assert (paid.status, paid.reference) == ("settled", "bank 1")
    with pytest.raises(Conflict):
        await world.db.write(outcomes.mark_paid, **mark, reference="bank 2")
    with pytest.raises(Conflict):
        await world.db.write(outcomes.cancel, **{**mark, "reason": "no"})


@pytest.mark.parametrize("verb", [outcomes.cancel, outcomes.fail])
async def test_a_payout_by_hand_that_did_not_arrive_is_available_again(world: PayoutWorld, verb: Any) -> None:
    payout = await by_hand(world)
    await world.db.write(
        verb, project_id=world.project.id, payout_id=payout.id, reason="the account is closed", now=world.now()
    )
    assert (await world.balances(payout.customer_id, key=KEY)).available == 9000
    assert (await world.batch()).payouts == 1


async def test_a_transfer_that_may_be_on_its_way_is_not_cancelled(world: PayoutWorld) -> None:
    partner = await world.connected()
    await world.earn(partner, 9000)
    batch = await world.batch()
    await world.faults(**{"500": 5})
    await world.send(batch)
    payout = await world.the_payout()
    assert payout.status == "sent"
    with pytest.raises(Conflict):
        await world.db.write(
            outcomes.cancel, project_id=world.project.id, payout_id=payout.id, reason="", now=world.now()
        )
    await wait_for_retries(world)
    assert (await world.the_payout()).status == "settled"


async def test_without_a_stripe_account_nothing_was_sent_and_the_payout_can_be_cancelled(
    world: PayoutWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = await world.connected()
    await world.earn(partner, 9000)

    async def disconnected(team_id: str) -> Any:
        raise Conflict(f"Stripe is not connected to {team_id}.")

    monkeypatch.setattr(world.simulated, "gateway", disconnected)
    await world.send(await world.batch())
    payout = await world.the_payout()
    assert payout.status == "intent"
    cancelled = await world.db.write(
        outcomes.cancel, project_id=world.project.id, payout_id=payout.id, reason="", now=world.now()
    )
    assert cancelled.status == "cancelled"
    monkeypatch.undo()
    await wait_for_retries(world)
    assert await world.transfers() == []
