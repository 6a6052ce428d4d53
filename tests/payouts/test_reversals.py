"""What comes back of a payout, whole or in part, by whomever, is due again to the cent, and once."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from billfold.base.errors import Conflict
from billfold.domain.ledger.audit import audit
from billfold.domain.payouts import outcomes, payouts, rails, sending
from billfold.domain.payouts.audit import audit_payouts
from billfold.domain.payouts.methods import PayPal
from billfold.domain.payouts.part_reversals import spread_back
from billfold.domain.payouts.payouts import Payout
from billfold.domain.payouts.statement import statement_of
from billfold.domain.referrals.write_offs import write_off
from billfold.infrastructure.jobs.queue import enqueue
from billfold.subscribers.payouts import ACCOUNTS_JOB
from tests.payouts.making import KEY
from tests.payouts.world import PayoutWorld


async def pay(world: PayoutWorld, *cents: int) -> tuple[str, list[str], Payout]:
    partner = await world.connected()
    earned = [await world.earn(partner, each) for each in cents or (9000,)]
    await world.send(await world.batch())
    return partner, sorted(earned), await world.the_payout()


async def take_back(world: PayoutWorld, payout: Payout) -> None:
    await sending.reverse_payout(
        world.db,
        rails.standard_rails(world.simulated),
        team_id=world.team.id,
        project_id=world.project.id,
        payout_id=payout.id,
        reason="sent to the wrong person",
        now=world.now(),
    )


async def reverse_in_dashboard(world: PayoutWorld, payout: Payout, amount: int | None = None) -> None:
    part = {} if amount is None else {"amount": str(amount)}
    path = f"transfers/{payout.reference}/reversals"
    await world.simulated.client._requests.post(path, part, f"{payout.id}-{world.now()}-{amount}")  # type: ignore[attr-defined]


async def hear(world: PayoutWorld, times: int = 2) -> None:
    for _ in range(times):
        world.clock.advance(timedelta(hours=7))
        await world.db.write(enqueue, ACCOUNTS_JOB, {}, now=world.clock.now())
        await world.work()


async def check(world: PayoutWorld, partner: str, *, available: int, settled: int) -> None:
    """Check that balances, statement and audits say the same."""
    balances = await world.balances(partner, key=KEY)
    assert (balances.available, balances.in_transit, balances.settled) == (available, 0, settled)
    statement = await world.db.snapshot(
        statement_of,
        project_id=world.project.id,
        program_id=world.program.id,
        owner_id=partner,
        unit="usd",
        month=f"{world.now():%Y-%m}",
    )
    assert statement.closing.total == available
    assert await world.db.snapshot(audit) == []
    assert await world.db.snapshot(audit_payouts) == []


async def test_a_transfer_is_taken_back_whole_and_its_rewards_are_open_again(world: PayoutWorld) -> None:
    partner, _, payout = await pay(world)
    await take_back(world, payout)
    with pytest.raises(Conflict):
        await take_back(world, payout)
    (transfer,) = await world.transfers()
    assert transfer["amount_reversed"] == 9000
    assert (await world.the_payout()).status == "cancelled"
    await check(world, partner, available=9000, settled=0)


async def test_a_transfer_that_was_reversed_in_stripes_dashboard_is_due_again_once(world: PayoutWorld) -> None:
    partner, _, payout = await pay(world)
    await reverse_in_dashboard(world, payout)
    await hear(world)
    cancelled = await world.the_payout()
    assert (cancelled.status, cancelled.failure) == ("cancelled", f"{payout.reference} was reversed at Stripe")
    await check(world, partner, available=9000, settled=0)


async def test_what_was_reversed_in_part_is_due_again_and_the_rest_stays_paid(world: PayoutWorld) -> None:
    partner, (first, last), payout = await pay(world, 6000, 3000)
    taken = {each.reward_id: each.amount for each in await world.db.read(payouts.lines_of, world.project.id, payout.id)}
    await reverse_in_dashboard(world, payout, 1000)
    await hear(world)
    kept = await world.the_payout()
    assert (kept.status, kept.amount, kept.amount_reversed) == ("settled", 9000, 1000)
    steps = await world.db.read(payouts.steps_of, world.project.id, payout.id)
    assert [each.status for each in steps] == ["sent", "settled", "settled"]
    assert steps[-1].detail == "10.00 USD of it came back: reversed at Stripe"
    assert ((await world.reward(first)).status, (await world.reward(last)).status) == ("settled", "available")
    assert (await world.reward(last)).paid_amount == taken[last] - 1000
    await check(world, partner, available=1000, settled=8000)
    # A second part reaches over to the next commission; what came back is paid by the next batch.
    await reverse_in_dashboard(world, payout, 6500)
    await hear(world)
    await check(world, partner, available=7500, settled=1500)
    await world.send(await world.batch())
    await check(world, partner, available=0, settled=9000)
    assert {(await world.reward(each)).status for each in (first, last)} == {"settled"}
    # The rest of the first transfer comes back too: it is cancelled, and only what was left of it is due again.
    await reverse_in_dashboard(world, payout)
    await hear(world)
    assert {each.id: each.status for each in await world.payouts()}[payout.id] == "cancelled"
    await check(world, partner, available=1500, settled=7500)
    assert "available" in {(await world.reward(each)).status for each in (first, last)}


async def test_the_latest_of_several_reversals_is_heard_of_first_and_counts_once(world: PayoutWorld) -> None:
    partner, _, payout = await pay(world)
    given: dict[str, Any] = {"project_id": world.project.id, "payout_id": payout.id, "reference": "tr_1"}
    for reversed_to in (3000, 1000, 3000, 3500):
        await world.db.write(outcomes.note_part_reversal, **given, reversed_to=reversed_to, now=world.now())
    await check(world, partner, available=3500, settled=5500)


async def test_what_is_left_after_a_part_can_be_taken_back_here(world: PayoutWorld) -> None:
    partner, _, payout = await pay(world)
    await reverse_in_dashboard(world, payout, 1000)
    await take_back(world, payout)
    await hear(world)
    assert (await world.the_payout()).status == "cancelled"
    await check(world, partner, available=9000, settled=0)


async def test_what_was_wholly_reversed_in_the_dashboard_can_be_taken_back_here(world: PayoutWorld) -> None:
    partner, _, payout = await pay(world)
    await reverse_in_dashboard(world, payout)
    await take_back(world, payout)
    assert (await world.the_payout()).status == "cancelled"
    await check(world, partner, available=9000, settled=0)


async def test_a_part_that_came_back_and_a_refund_are_netted(world: PayoutWorld) -> None:
    partner, (reward,), payout = await pay(world)
    await reverse_in_dashboard(world, payout, 2000)
    await world.take_back(reward, 4500)
    await hear(world)
    await check(world, partner, available=-2500, settled=7000)
    assert (await world.reward(reward)).status == "settled"
    await world.earn(partner, 9000)
    await world.send(await world.batch())
    await check(world, partner, available=0, settled=13500)


async def test_a_payment_that_the_bank_returns_after_it_was_marked_is_due_again_once(world: PayoutWorld) -> None:
    partner = await world.partner()
    reward = await world.earn(partner, 9000)
    await world.send(await world.batch())
    payout = await world.the_payout()
    mine: dict[str, Any] = {"project_id": world.project.id, "payout_id": payout.id, "now": world.now()}
    await world.db.write(outcomes.mark_paid, **mine, reference="bank 1")
    failed = await world.db.write(outcomes.fail, **mine, reason="The account is closed.")
    assert (failed.status, failed.failure) == ("failed", "The account is closed.")
    with pytest.raises(Conflict):
        await world.db.write(outcomes.fail, **mine, reason="The account is closed.")
    assert (await world.reward(reward)).status == "available"
    await check(world, partner, available=9000, settled=0)


async def test_what_comes_back_is_heard_of_also_after_the_partner_chose_another_way(world: PayoutWorld) -> None:
    partner, _, payout = await pay(world)
    await world.set_method(partner, PayPal("wren@example.com"))
    await reverse_in_dashboard(world, payout, 1000)
    await hear(world)
    await check(world, partner, available=1000, settled=8000)


async def test_parts_the_whole_and_a_refund_at_once_end_to_the_cent(world: PayoutWorld) -> None:
    partner, (reward,), payout = await pay(world)
    given: dict[str, Any] = {"project_id": world.project.id, "payout_id": payout.id, "reference": "tr_1"}
    await asyncio.gather(
        *(
            world.db.write(outcomes.note_part_reversal, **given, reversed_to=each, now=world.now())
            for each in (2500, 5000, 9000, 5000)
        ),
        world.take_back(reward, 4000),
    )
    assert (await world.the_payout()).status == "cancelled"
    await check(world, partner, available=5000, settled=0)


async def test_of_three_write_offs_at_once_one_forgives(world: PayoutWorld) -> None:
    partner, (reward,), _ = await pay(world)
    await world.take_back(reward, 9000)
    given = {"project_id": world.project.id, "program_id": world.program.id, "owner_id": partner, "unit": "usd"}
    ends = await asyncio.gather(
        *(world.db.write(write_off, **given, amount=None, reason="Let go.", at=world.now()) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, Conflict) for each in ends) == [False, True, True]
    await check(world, partner, available=0, settled=9000)
    # What was forgiven nets what went down, so the next batch has nothing to keep back.
    await world.earn(partner, 7000)
    await world.send(await world.batch())
    await check(world, partner, available=0, settled=16000)


def test_parts_add_up_and_none_is_more_than_what_was_taken() -> None:
    chance = random.Random(1)
    for _ in range(200):
        lines = {f"rw_{number}": chance.choice([-1, 1, 1]) * chance.randint(1, 99) for number in range(5)}
        whole = sum(lines.values())
        before: dict[str, int] = {}
        while whole - sum(before.values()) > 0:
            amount = chance.randint(1, whole - sum(before.values()))
            parts = spread_back(lines, before, amount)
            assert sum(each.amount for each in parts) == amount
            for each in parts:
                before[each.reward_id] = before.get(each.reward_id, 0) + each.amount
                assert 0 < before[each.reward_id] <= lines[each.reward_id]
