"""What becomes of a commission when Stripe says something else of its payment than before (D6, A25)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.domain.billing.invoices import find_by_stripe_id
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, query, row_tuple
from billfold.infrastructure.jobs.events import events
from tests.referrals.partners import Partners, of_share
from tests.referrals.world import World

_TOLD: Final = query(
    sa.select(events.c.payload)
    .where(events.c.name == "commission_voided", events.c.project_id == sa.bindparam("project_id"))
    .order_by(events.c.sequence),
    row_tuple,
)
_TAKE: Final = command(
    sa.update(rewards).where(rewards.c.id == sa.bindparam("reward_id")).values(paid_amount=rewards.c.amount)
)


@pytest.fixture
async def partners(world: World) -> Partners:
    return await Partners(world).open(of_share(2000))


async def told(partners: Partners) -> list[Any]:
    """Return what was told of void commissions: amount and reason."""
    project_id = partners.world.project.id
    found = await partners.world.db.read(lambda tx: tx.all(_TOLD, project_id=project_id))
    data = [payload["data"]["commission"] for (payload,) in found]
    return [(each["amountCents"], each["reason"]) for each in data]


async def test_d6_an_invoice_that_becomes_void_takes_its_commission_back_and_says_so(partners: Partners) -> None:
    friend = await partners.bring()
    number = await partners.pays(friend, 2900)
    assert await partners.amounts() == [580]
    await partners.bill(friend, number, 2900, status="void", paid_at=None)
    await partners.world.work()
    assert await partners.amounts() == [0]
    assert (await partners.balances()).cost == 0
    assert await told(partners) == [(580, "refunded")]


async def test_what_a_payout_took_is_not_told_as_void(partners: Partners) -> None:
    friend = await partners.bring()
    number = await partners.pays(friend, 2900)
    (reward,) = await partners.rewards()

    async def take(tx: Writing) -> None:
        await tx.run(_TAKE, reward_id=reward.id)

    await partners.world.db.write(take)
    await partners.charge(friend, number, refunded=2900)
    assert await partners.amounts() == [0]
    assert await told(partners) == []


async def test_a25_an_invoice_without_a_time_of_payment_keeps_the_one_that_it_was_heard_at(partners: Partners) -> None:
    world, friend = partners.world, await partners.bring()
    number = await partners.pays(friend, 2900, paid_at=None)
    before = await world.db.read(find_by_stripe_id, world.team.id, f"in_{number}")
    await partners.edit(of_share(5000))
    world.clock.advance(timedelta(days=3))
    # Asked for again, it is the same payment, by the terms of its day.
    await partners.bill(friend, number, 2900, paid_at=None)
    await partners.charge(friend, number, refunded=1450)
    after = await world.db.read(find_by_stripe_id, world.team.id, f"in_{number}")
    assert before is not None
    assert after is not None
    assert after.paid_at == before.paid_at
    assert await partners.amounts() == [290]


async def test_d6_a_refunded_payment_that_is_its_invoices_only_later_is_taken_back(partners: Partners) -> None:
    friend = await partners.bring()
    number = await partners.pays(friend, 2900, payment_intent_ids=())
    await partners.charge(friend, number, refunded=1450)
    assert await partners.amounts() == [580]
    await partners.bill(friend, number, 2900)
    await partners.world.work()
    assert await partners.amounts() == [290]
