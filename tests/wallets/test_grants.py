"""Credits put into wallets, taken back and expired."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from billfold.base.errors import Conflict, Invalid
from billfold.domain.ledger.wallets import LARGEST_WALLET
from billfold.domain.wallets import grants
from billfold.domain.wallets.spends import Spend
from tests.wallets.world import World

DAY = timedelta(days=1)


async def test_a_grant_happens_once_for_its_key(world: World) -> None:
    jane = await world.customer()
    assert await world.grant(jane, 5, key="a") is True
    assert await world.grant(jane, 7, key="a") is False
    assert (await world.holding(jane)).balance == 5
    assert [(line.kind, line.debit, line.credit, line.amount) for line in await world.lines(jane)] == [
        ("credit", "cost", "available", 5)
    ]


async def test_many_grants_of_many_owners_are_told_apart_in_one_unit(world: World) -> None:
    jane, joe = await world.customer(), await world.customer()
    await world.grant(jane, 1, key="old")
    wanted = [
        world.grant_of(joe, 2, key="a"),
        world.grant_of(jane, 3, key="b"),
        world.grant_of(jane, 9, key="old"),
        world.grant_of(jane, 4, key="b"),
        world.grant_of(joe, 5, key="c", unit="gb"),
    ]
    assert await world.db.write(grants.add_grants, wanted) == [True, True, False, False, True]
    assert await world.db.write(grants.add_grants, []) == []
    assert [(await world.holding(each)).balance for each in (jane, joe)] == [4, 2]
    assert (await world.holding(joe, "gb")).balance == 5


async def test_twenty_equal_grants_at_once_are_one(world: World) -> None:
    jane = await world.customer()
    outcomes = await asyncio.gather(*(world.grant(jane, 5, key="a") for _ in range(20)))
    assert sum(outcomes) == 1
    assert (await world.ledger(jane)).available == 5


@pytest.mark.parametrize("amount", [0, -1, LARGEST_WALLET + 1])
async def test_an_amount_that_no_wallet_holds_is_refused(world: World, amount: int) -> None:
    with pytest.raises(Invalid):
        await world.grant(await world.customer(), amount)


async def test_a_currency_is_no_unit_of_a_grant(world: World) -> None:
    with pytest.raises(Invalid, match="unit must be"):
        await world.grant(await world.customer(), 5, unit="usd")


async def test_a_wallet_holds_no_more_than_json_can_say(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, LARGEST_WALLET)
    with pytest.raises(Conflict, match="cannot hold more"):
        await world.grant(jane, 1)
    assert (await world.holding(jane)).balance == LARGEST_WALLET
    joe = await world.customer()
    with pytest.raises(Conflict, match="cannot hold more"):
        await world.db.write(
            grants.add_grants, [world.grant_of(joe, LARGEST_WALLET), world.grant_of(joe, LARGEST_WALLET)]
        )
    assert await world.lines(joe) == []


async def test_what_is_unspent_of_a_grant_is_taken_back_and_never_more(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5, key="a")
    await world.grant(jane, 5, key="b")
    assert isinstance(await world.spend(jane, 3), Spend)
    assert await world.take_back("a", 1) == 1
    assert await world.take_back("a", 1) == 1
    assert await world.take_back("a", 1) == 0
    assert await world.take_back("b") == 5
    assert await world.take_back("b") == 0
    assert await world.take_back("unknown") == 0
    ledger = await world.ledger(jane)
    assert (ledger.cost, ledger.available, ledger.settled) == (-3, 0, 3)


async def test_a_take_back_of_less_than_nothing_takes_nothing(world: World) -> None:
    await world.grant(await world.customer(), 5, key="a")
    assert await world.take_back("a", -2) == 0


async def test_what_expired_is_neither_shown_nor_spent_before_any_job_ran(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5, lasts=DAY)
    await world.grant(jane, 2)
    holding = await world.holding(jane)
    assert (holding.balance, holding.expiring, holding.expires_at) == (7, 5, world.clock.now() + DAY)
    world.clock.advance(DAY)
    holding = await world.holding(jane)
    assert (holding.balance, holding.expiring, holding.expires_at) == (2, 0, None)
    assert not isinstance(await world.spend(jane, 3), Spend)
    assert isinstance(await world.spend(jane, 2), Spend)


async def test_the_expiry_is_posted_once(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5, lasts=DAY)
    await world.spend(jane, 1)
    assert await world.close_expired() == 0
    world.clock.advance(DAY)
    assert await world.close_expired() == 1
    assert await world.close_expired() == 0
    assert [(line.kind, line.amount) for line in await world.lines(jane)] == [
        ("expiry", 4),
        ("spend", 1),
        ("credit", 5),
    ]
    assert (await world.ledger(jane)).available == 0


async def test_an_expiry_that_a_take_back_came_before_posts_nothing(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5, key="a", lasts=DAY)
    world.clock.advance(DAY)
    expired = await world.db.read(grants.find_expired, team_id=world.team_id, at=world.clock.now())
    await world.take_back("a", 2)
    assert await world.db.write(grants.close_expired, expired, at=world.clock.now()) == 0
    assert (await world.ledger(jane)).available == 3
