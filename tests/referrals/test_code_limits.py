"""Codes that may make so many referrals and no more (SCENARIOS C3)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from billfold.base.errors import Invalid, NotFound
from billfold.domain.referrals import code_limits
from billfold.domain.referrals.code_limits import MOST_USES
from billfold.domain.referrals.referrals import Referral
from tests.referrals.world import World


async def limit(world: World, code: str, max_uses: int | None) -> None:
    await world.db.write(code_limits.set_limit, world.project.id, code, max_uses=max_uses, at=world.clock.now())


async def friends(world: World, count: int) -> list[str]:
    return [await world.customer() for _ in range(count)]


async def claim_at_once(world: World, code: str, who: list[str]) -> tuple[int, list[str]]:
    """Return how many made a referral, and what the others were told."""
    outcomes: list[Any] = await asyncio.gather(*(world.apply(code, each) for each in who), return_exceptions=True)
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Referral)]
    assert all(isinstance(each, Invalid) for each in refused), refused
    return len(outcomes) - len(refused), [str(each) for each in refused]


async def test_c3_of_fifty_at_once_a_code_for_ten_brings_exactly_ten(world: World) -> None:
    code = await world.code(await world.customer())
    await limit(world, code, 10)
    made, told = await claim_at_once(world, code, await friends(world, 50))
    assert made == 10
    assert set(told) == {"This referral code has been used as often as it may be."}
    assert len(await world.referrals_of(code)) == 10


async def test_c3_a_limit_that_comes_while_fifty_claim_counts_what_was_made(world: World) -> None:
    code, who = await world.code(await world.customer()), await friends(world, 50)
    (made, _), _ = await asyncio.gather(claim_at_once(world, code, who), limit(world, code, 10))
    assert len(await world.referrals_of(code)) == made >= 10
    again, _ = await claim_at_once(world, code, [await world.customer()])
    assert again == 0


async def test_what_was_made_before_the_limit_counts_and_a_higher_one_opens_it_again(world: World) -> None:
    code = await world.code(await world.customer())
    assert (await claim_at_once(world, code, await friends(world, 3)))[0] == 3
    await limit(world, code, 2)
    assert (await claim_at_once(world, code, await friends(world, 1)))[0] == 0
    await limit(world, code, 4)
    assert (await claim_at_once(world, code, await friends(world, 3)))[0] == 1
    await limit(world, code, None)
    assert (await claim_at_once(world, code, await friends(world, 3)))[0] == 3


async def test_a_claim_that_is_refused_for_another_reason_uses_nothing(world: World) -> None:
    owner = await world.customer()
    code = await world.code(owner)
    await limit(world, code, 1)
    assert (await claim_at_once(world, code, [owner]))[0] == 0
    assert (await claim_at_once(world, code, await friends(world, 1)))[0] == 1


@pytest.mark.parametrize("wrong", [0, -1, MOST_USES + 1])
async def test_a_limit_is_a_number_that_can_be_reached(world: World, wrong: int) -> None:
    code = await world.code(await world.customer())
    with pytest.raises(Invalid, match="maxUses must be a whole number from 1"):
        await limit(world, code, wrong)


async def test_an_unknown_code_has_no_limit(world: World) -> None:
    with pytest.raises(NotFound):
        await limit(world, "NOBODY", 3)
