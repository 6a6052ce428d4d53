"""Scenarios D1 and D5 for earnings that are posted together."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from billfold.base.errors import Conflict, Invalid
from billfold.base.money import LARGEST_BALANCE
from billfold.domain.ledger import transfers
from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.earnings import Earned, earn_together
from billfold.domain.ledger.statement import Balances, balances
from billfold.domain.ledger.transfers import Posting
from billfold.infrastructure.db.database import Database

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)


def posting(project_id: str, key: str, owner: str, amount: int) -> Posting:
    return Posting(key, project_id, "prog_1", owner, "usd", amount, f"rw_{key}", "ref_1", AT)


def earned(project_id: str, key: str, owner: str, amount: int, *, held: bool = False) -> Earned:
    release = None if held else posting(project_id, f"{key}:r", owner, amount)
    return Earned(posting(project_id, key, owner, amount), release)


async def balances_of(db: Database, project_id: str, owner: str) -> Balances:
    return await db.read(balances, project_id=project_id, program_id="prog_1", owner_id=owner, unit="usd")


async def test_several_owners_earn_at_once_held_and_available(db: Database, project_id: str) -> None:
    together = [
        earned(project_id, "a", "pc_2", 1000),
        earned(project_id, "b", "pc_1", 500, held=True),
        earned(project_id, "c", "pc_2", 1, held=True),
    ]
    await db.write(earn_together, together)
    assert await balances_of(db, project_id, "pc_2") == Balances(-1001, 1, 1000, 0, 0)
    assert await balances_of(db, project_id, "pc_1") == Balances(-500, 500, 0, 0, 0)
    await db.write(earn_together, [earned(project_id, "d", "pc_1", 7)])
    assert await balances_of(db, project_id, "pc_1") == Balances(-507, 500, 7, 0, 0)
    assert await db.snapshot(audit) == []


async def test_a_key_that_was_posted_refuses_all_of_them(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", "pc_1", 10))
    with pytest.raises(Conflict):
        await db.write(earn_together, [earned(project_id, "a", "pc_1", 10), earned(project_id, "b", "pc_2", 10)])
    assert await balances_of(db, project_id, "pc_1") == Balances(-10, 10, 0, 0, 0)
    assert await balances_of(db, project_id, "pc_2") == Balances(0, 0, 0, 0, 0)


async def test_d5_a_balance_that_would_overflow_refuses_all_of_them(db: Database, project_id: str) -> None:
    await db.write(earn_together, [earned(project_id, "a", "pc_1", LARGEST_BALANCE)])
    with pytest.raises(Conflict):
        await db.write(earn_together, [earned(project_id, "b", "pc_1", 1), earned(project_id, "c", "pc_2", 1)])
    with pytest.raises(Invalid):
        await db.write(
            earn_together,
            [earned(project_id, "d", "pc_3", LARGEST_BALANCE), earned(project_id, "e", "pc_3", 1)],
        )
    assert await balances_of(db, project_id, "pc_2") == Balances(0, 0, 0, 0, 0)
    assert await db.snapshot(audit) == []


@pytest.mark.parametrize("amount", [0, -5, 2**63])
async def test_d5_an_amount_that_is_no_positive_eight_byte_number_is_refused(
    db: Database, project_id: str, amount: int
) -> None:
    with pytest.raises(Invalid):
        await db.write(earn_together, [earned(project_id, "a", "pc_1", amount)])


async def test_d1_many_units_about_the_same_owners_all_get_through(db: Database, project_id: str) -> None:
    def pair(number: int) -> list[Earned]:
        owners = ("pc_1", "pc_2") if number % 2 else ("pc_2", "pc_1")
        return [earned(project_id, f"{number}:{owner}", owner, 10) for owner in owners]

    await asyncio.gather(*(db.write(earn_together, pair(number)) for number in range(30)))
    for owner in ("pc_1", "pc_2"):
        assert await balances_of(db, project_id, owner) == Balances(-300, 0, 300, 0, 0)
    assert await db.snapshot(audit) == []
