"""Sign-ups with a code (contract B1 to B8): who converts, once, and what it gives."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from billfold.domain.billing import customers
from billfold.domain.referrals import codes, presets, sign_ups
from billfold.domain.referrals.sign_ups import SignUpClaim, SignUpResult, Stats
from billfold.domain.referrals.terms import Terms
from billfold.domain.wallets import wallets
from billfold.infrastructure.db.database import Database
from tests.referrals.world import World

KEY = "sign_up_bonus"
BONUS = presets.sign_up_bonus()
NOT_CONVERTED = SignUpResult(converted=False)


class SignUps:
    """What a project's registration does, in the words of the contract."""

    def __init__(self, world: World) -> None:
        self.world = world

    def claim(self, code: str, email: str) -> SignUpClaim:
        now = self.world.clock.now()
        return SignUpClaim(project_id=self.world.project.id, code=code, email=email, now=now, at=now)

    async def convert(self, code: str, email: str) -> SignUpResult:
        (result,) = await self.world.db.write(sign_ups.register, [self.claim(code, email)])
        return result

    async def link(self, customer_id: str) -> str:
        code = await self.world.db.write(
            sign_ups.link_code, project_id=self.world.project.id, customer_id=customer_id, at=self.world.clock.now()
        )
        return code.code

    async def stats(self, customer_id: str) -> Stats:
        return await self.world.db.read(
            sign_ups.referral_stats, project_id=self.world.project.id, customer_id=customer_id
        )

    async def credits(self, customer_id: str) -> int:
        balances = await self.world.balances(customer_id, unit="ai_credits", key="wallet")
        return balances.available

    async def prove(self, customer_id: str, email: str, **more: Any) -> None:
        await self.world.db.write(
            sign_ups.prove_email,
            team_id=self.world.team.id,
            project_id=self.world.project.id,
            customer_id=customer_id,
            email=email,
            now=self.world.clock.now(),
            **more,
        )


@pytest.fixture
async def signing(world: World) -> SignUps:
    await world.configure(BONUS, key=KEY)
    return SignUps(world)


async def test_convert(signing, world) -> None:
    owner = await world.customer()
    code = await signing.link(owner)
    assert await signing.link(owner) == code
    assert await signing.convert(f" {code.lower()} ", "New@Example.com ") == SignUpResult(True, owner)
    assert await signing.convert(code, "new@example.com") == NOT_CONVERTED
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
    friend = await world.customer("new@example.com")
    await signing.prove(friend, "new@example.com")
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)


async def test_twenty(signing, world) -> None:
    owner = await world.customer()
    code = await signing.link(owner)
    got = await asyncio.gather(*(signing.convert(code, "new@example.com") for _ in range(20)))
    assert sum(each.converted for each in got) == 1
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
