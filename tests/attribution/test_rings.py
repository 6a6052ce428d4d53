"""Scenario C4 by touches: nobody is brought by whom he brought, directly or through others."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from billfold.base.errors import Invalid
from billfold.domain.analytics.explain import explain
from billfold.domain.referrals import attribution
from billfold.domain.referrals.touches import Touch
from tests.attribution.partnership import Partnership
from tests.attribution.shop import Shop


async def partners(partnership: Partnership, names: str) -> list[str]:
    return [await partnership.partner(f"RING{name}") for name in names]


async def follow(partnership: Partnership, customer_id: str, code: str) -> None:
    """Have a customer who is there already type a code; the checkout's own way to the same touch."""
    app, at = partnership.app, partnership.at()
    seen = Touch(partnership.project_id, customer_id, "checkout_code", at, code=code, key=f"checkout {code}")
    await app.services.db.write(
        attribution.attribute,
        team_id=app.team.team_id,
        project_id=partnership.project_id,
        customer_id=customer_id,
        seen=[seen],
        at=at,
        now=at,
    )


@pytest.mark.parametrize("names", ["AB", "ABCDE"])
async def test_c4_whoever_brought_somebody_through_others_is_not_brought_by_them(shop: Shop, names: str) -> None:
    ring = await partners(shop.partnership, names)
    for sponsor, friend in pairwise(range(len(names))):
        await follow(shop.partnership, ring[friend], f"RING{names[sponsor]}")
        assert await shop.code_of(ring[friend]) == (f"RING{names[sponsor]}", "pending")
    await follow(shop.partnership, ring[0], f"RING{names[-1]}")
    assert await shop.code_of(ring[0]) == (None, None)
    # His payment earns nothing, and the explanation says why.
    await shop.buy(ring[0])
    assert await shop.code_of(ring[0]) == (None, None)
    partnership = shop.partnership
    told = await partnership.app.services.db.read(
        explain, partnership.project_id, customer_id=ring[0], at=partnership.at()
    )
    assert [payment.outcome for payment in told.payments] == ["ring"]
    assert [reason for decision in told.decisions for _, reason in decision.touches] == ["ring"]


async def test_c4_a_ring_is_not_closed_by_hand_either(shop: Shop) -> None:
    partnership = shop.partnership
    app, at = partnership.app, partnership.at()
    first, second = await partners(partnership, "AB")
    await follow(partnership, second, "RINGA")
    with pytest.raises(Invalid, match="ring"):
        await app.services.db.write(
            attribution.attribute_by_hand,
            team_id=app.team.team_id,
            project_id=partnership.project_id,
            customer_id=first,
            code="RINGB",
            reason="They said so",
            author="Somebody",
            at=at,
            now=at,
        )


async def test_c4_a_pending_referral_is_not_pointed_into_a_ring(shop: Shop) -> None:
    partnership = shop.partnership
    first, second, third = await partners(partnership, "ABC")
    await follow(partnership, first, "JANE20")
    await follow(partnership, second, "RINGA")
    await follow(partnership, third, "RINGB")
    await follow(partnership, first, "RINGC")
    assert await shop.code_of(first) == ("JANE20", "pending")


async def test_c4_a_ring_that_all_close_at_once_stays_open(shop: Shop) -> None:
    ring = await partners(shop.partnership, "ABCDE")
    await asyncio.gather(
        *(follow(shop.partnership, each, f"RING{name}") for each, name in zip(ring, "EABCD", strict=True))
    )
    brought = [await shop.code_of(each) for each in ring]
    assert sum(code is not None for code, _ in brought) == len(ring) - 1
