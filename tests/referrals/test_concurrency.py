"""Scenarios C1, C2, C4, C5 and C6: claims at once. BILLFOLD_TEST_FULL=1 runs them with the scenarios' own numbers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from typing import Any

import pytest

from billfold.base.errors import Conflict, Invalid
from billfold.domain.referrals import codes
from billfold.domain.referrals.referrals import Referral
from tests.referrals.world import World

FULL = os.environ.get("BILLFOLD_TEST_FULL") == "1"
ROUNDS = 200 if FULL else 15


def made(outcomes: Iterable[Any]) -> list[Referral]:
    for outcome in outcomes:
        assert isinstance(outcome, (Referral, Conflict)), outcome
    return [outcome for outcome in outcomes if isinstance(outcome, Referral)]


async def test_c1_fifty_identical_claims_make_one_referral(world: World) -> None:
    friend, code = await world.customer(), await world.code(await world.customer())
    outcomes = await asyncio.gather(*(world.apply(code, friend) for _ in range(50)), return_exceptions=True)
    assert len(made(outcomes)) == 1
    assert len(await world.referrals_of(code)) == 1


async def test_c2_of_ten_codes_at_once_one_wins(world: World) -> None:
    friend = await world.customer()
    owned = [await world.code(await world.customer()) for _ in range(10)]
    outcomes = await asyncio.gather(*(world.apply(code, friend) for code in owned), return_exceptions=True)
    assert len(made(outcomes)) == 1
    assert sum([len(await world.referrals_of(code)) for code in owned]) == 1


async def test_c4_two_customers_who_claim_each_other_at_once_make_one_referral(world: World) -> None:
    for _ in range(ROUNDS // 7):
        one, other = await world.customer(), await world.customer()
        first, second = await world.code(one), await world.code(other)
        outcomes = await asyncio.gather(world.apply(first, other), world.apply(second, one), return_exceptions=True)
        assert len(made(outcomes)) == 1


@pytest.mark.parametrize("size", [3, 5])
async def test_c4_a_ring_that_is_claimed_all_at_once_does_not_close(world: World, size: int) -> None:
    for _ in range(ROUNDS // 10):
        ring = [await world.customer() for _ in range(size)]
        codes_of_ring = [await world.code(each) for each in ring]
        claims = [world.apply(code, ring[(place + 1) % size]) for place, code in enumerate(codes_of_ring)]
        outcomes = await asyncio.gather(*claims, return_exceptions=True)
        assert len(made(outcomes)) == size - 1


async def test_c5_a_claim_beside_the_first_subscription_converts_or_is_refused(world: World) -> None:
    pairs = []
    for _ in range(ROUNDS):
        friend, owner = await world.customer(), await world.customer()
        pairs.append((friend, owner, await world.code(owner)))

    async def one_pair(number: int, friend: str, code: str) -> Any:
        steps = [world.apply(code, friend), world.subscribe(friend)]
        if number % 2:
            steps.reverse()
        outcomes = await asyncio.gather(*steps, return_exceptions=True)
        return outcomes[number % 2]

    claims = await asyncio.gather(*(one_pair(n, friend, code) for n, (friend, _, code) in enumerate(pairs)))
    await world.work()
    converted = len(made(claims))
    for (friend, owner, code), claim in zip(pairs, claims, strict=True):
        won = isinstance(claim, Referral)
        assert [each.status for each in await world.referrals_of(code)] == (["converted"] if won else [])
        assert (await world.balances(owner)).settled == (1000 if won else 0)
        assert (await world.balances(friend)).settled == (500 if won else 0)
    assert len(world.stripe.made) == 2 * converted


async def test_c6_no_claim_succeeds_after_the_deactivation_was_answered(world: World) -> None:
    code = await world.code(await world.customer())
    friends = [await world.customer() for _ in range(ROUNDS)]
    answered = asyncio.Event()
    late: list[str] = []

    async def claim(friend: str, wait: int) -> None:
        for _ in range(wait):
            await asyncio.sleep(0)
        began_after = answered.is_set()
        try:
            await world.apply(code, friend)
        except Invalid:
            return
        if began_after:
            late.append(friend)

    async def deactivate() -> None:
        for _ in range(ROUNDS // 2):
            await asyncio.sleep(0)
        await world.db.write(codes.deactivate, world.project.id, code, at=world.clock.now())
        answered.set()

    await asyncio.gather(deactivate(), *(claim(friend, 2 * n) for n, friend in enumerate(friends)))
    assert late == []
    before = len(await world.referrals_of(code))
    for friend in [await world.customer() for _ in range(5)]:
        await claim(friend, 0)
    assert len(await world.referrals_of(code)) == before
