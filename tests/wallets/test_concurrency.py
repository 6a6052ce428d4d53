"""Twenty at one wallet: no lost update, no credit twice, on both databases; and through the door that batches."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from billfold.base.errors import Conflict
from billfold.domain.wallets.spends import InsufficientFunds, Spend, SpendResult, spend_many
from billfold.infrastructure.db.batch import Batcher
from tests.wallets.world import World

SPENDERS = 20
ROUNDS = 15


async def test_twenty_spenders_of_one_wallet_lose_no_update(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 100)
    for _ in range(40):
        await world.grant(jane, 5)
    await world.set_allowance(10)
    door: Batcher[Any, SpendResult] = Batcher(world.db, spend_many)

    async def spender() -> list[SpendResult]:
        return [await door.add(world.request(jane, 2)) for _ in range(ROUNDS)]

    results = [each for found in await asyncio.gather(*(spender() for _ in range(SPENDERS))) for each in found]
    spends = [each for each in results if isinstance(each, Spend)]
    assert sum(spend.amount for spend in spends) == 310
    assert sum(spend.from_allowance for spend in spends) == 10
    assert all(isinstance(each, Spend | InsufficientFunds) for each in results)
    # Each saw a balance of its own: nobody decided on what another had changed.
    balances = [spend.balance_after for spend in spends if spend.from_allowance < spend.amount]
    assert len(set(balances)) == len(balances)
    ledger = await world.ledger(jane)
    assert (ledger.available, ledger.settled) == (0, 300)


async def test_units_side_by_side_take_turns_at_a_wallet(world: World) -> None:
    jane, joe = await world.customer(), await world.customer()
    for each in (jane, joe):
        await world.grant(each, 50)

    async def spend_both(number: int) -> list[SpendResult]:
        pair = [jane, joe] if number % 2 else [joe, jane]
        return await world.spend_all([world.request(each, 3) for each in pair])

    results = [each for found in await asyncio.gather(*(spend_both(n) for n in range(20))) for each in found]
    assert sum(isinstance(each, Spend) for each in results) == 32
    assert [(await world.ledger(each)).available for each in (jane, joe)] == [2, 2]


async def test_twenty_equal_spends_at_once_are_one(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 100)
    results = await asyncio.gather(*(world.spend(jane, 5, key="a") for _ in range(20)))
    assert len(set(results)) == 1
    assert (await world.ledger(jane)).settled == 5


async def test_one_key_for_two_customers_at_once_is_one_spend(world: World) -> None:
    people = [await world.customer() for _ in range(8)]
    for each in people:
        await world.grant(each, 5)
    door: Batcher[Any, SpendResult] = Batcher(world.db, spend_many)
    results = await asyncio.gather(
        *(door.add(world.request(each, 5, key="a")) for each in people), return_exceptions=True
    )
    assert sum(isinstance(each, Spend) for each in results) == 1
    assert all(isinstance(each, Spend | Conflict) for each in results)
    assert sum([(await world.ledger(each)).settled for each in people]) == 5


@pytest.mark.parametrize("amount", [None, 1])
async def test_spends_grants_take_backs_and_expiries_at_once_add_up(world: World, amount: int | None) -> None:
    jane = await world.customer()
    await world.grant(jane, 30, key="a")
    door: Batcher[Any, SpendResult] = Batcher(world.db, spend_many)
    outcomes = await asyncio.gather(
        *(door.add(world.request(jane, 2)) for _ in range(20)),
        *(world.grant(jane, 1) for _ in range(10)),
        *(world.take_back("a", amount) for _ in range(5)),
        *(world.close_expired() for _ in range(3)),
        return_exceptions=True,
    )
    spent = sum(each.amount for each in outcomes if isinstance(each, Spend))
    taken = sum(each for each in outcomes[30:35] if isinstance(each, int))
    assert not [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, Conflict)]
    ledger = await world.ledger(jane)
    assert (ledger.settled, ledger.available) == (spent, 40 - spent - taken)
