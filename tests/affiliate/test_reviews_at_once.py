"""C7: an approval and a rejection of one application at once. BILLFOLD_TEST_FULL=1 tries it 200 times."""

from __future__ import annotations

import asyncio
import os
from typing import Final

import sqlalchemy as sa

from billfold.domain.partners.partners import partners
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.events import events
from tests.affiliate.conftest import Affiliates

ROUNDS: Final = 200 if os.environ.get("BILLFOLD_TEST_FULL") == "1" else 8
_PARTNERS: Final = query(sa.select(sa.func.count()).select_from(partners), int)
_DECIDED: Final = query(
    sa.select(sa.func.count())
    .select_from(events)
    .where(sa.or_(events.c.name == "partner_application_approved", events.c.name == "partner_application_rejected")),
    int,
)


async def counts(affiliates: Affiliates) -> tuple[int, int]:
    """Return how many partners there are, and how many decisions were published."""

    async def read(tx: Reading) -> tuple[int, int]:
        return await tx.one(_PARTNERS), await tx.one(_DECIDED)

    return await affiliates.app.services.db.read(read)


async def test_c7_of_an_approval_and_a_rejection_at_once_one_wins(affiliates: Affiliates) -> None:
    approved = 0
    for number in range(ROUNDS):
        application_id = await affiliates.apply(f"c7-{number}@example.com")
        pair = [{"action": "approve"}, {"action": "reject", "rejectionReason": "No"}]
        outcomes = await asyncio.gather(
            *(affiliates.review(application_id, each, expect=None) for each in pair[:: 1 if number % 2 else -1])
        )
        assert sorted(outcome.get("statusCode", 201) for outcome in outcomes) == [201, 409]
        (winner,) = [outcome for outcome in outcomes if "statusCode" not in outcome]
        approved += "affiliate" in winner
        assert await counts(affiliates) == (approved, number + 1)


async def test_c7_two_approvals_at_once_make_one_partner(affiliates: Affiliates) -> None:
    for number in range(ROUNDS):
        application_id = await affiliates.apply(f"twice-{number}@example.com")
        outcomes = await asyncio.gather(
            *(affiliates.review(application_id, {"action": "approve"}, expect=None) for _ in range(3))
        )
        assert sorted(outcome.get("statusCode", 201) for outcome in outcomes) == [201, 409, 409]
        assert await counts(affiliates) == (number + 1, number + 1)


async def test_the_same_address_at_once_is_one_application_a7(affiliates: Affiliates) -> None:
    addresses = ["same@example.com", "SAME@example.com"] * 4
    applying = [affiliates.key("POST", "/v1/affiliate/apply", {"email": each, "name": "Same"}) for each in addresses]
    outcomes = await asyncio.gather(*applying)
    assert sorted(outcome.get("statusCode", 201) for outcome in outcomes) == [201] + [409] * 7
