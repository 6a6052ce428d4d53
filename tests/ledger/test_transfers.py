"""Scenarios D1 and D5: the ledger's verbs, their guards and their triggers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid
from billfold.base.money import LARGEST_BALANCE
from billfold.base.paging import Page
from billfold.domain.ledger import transfers
from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.statement import Balances, balances, earned_for, statement
from billfold.domain.ledger.transfers import BalanceTooLow, Posting, ledger_balances, ledger_transfers
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import command

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)


def posting(project_id: str, key: str, amount: int, **other: Any) -> Posting:
    base = Posting(
        key=key,
        project_id=project_id,
        program_id="prog_1",
        owner_id="pc_1",
        unit="usd",
        amount=amount,
        reason_id="rw_1",
        source_id="ref_1",
        at=AT,
    )
    return replace(base, **other)


async def balances_of(db: Database, project_id: str, owner_id: str = "pc_1", unit: str = "usd") -> Balances:
    return await db.read(balances, project_id=project_id, program_id="prog_1", owner_id=owner_id, unit=unit)


async def test_a_credit_goes_from_cost_to_held_to_available_to_settled(db: Database, project_id: str) -> None:
    assert await db.write(transfers.earn, posting(project_id, "a", 1000))
    assert await balances_of(db, project_id) == Balances(-1000, 1000, 0, 0, 0)
    assert await db.write(transfers.release, posting(project_id, "b", 1000))
    assert await balances_of(db, project_id) == Balances(-1000, 0, 1000, 0, 0)
    assert await db.write(transfers.grant, posting(project_id, "c", 1000))
    assert await balances_of(db, project_id) == Balances(-1000, 0, 0, 0, 1000)
    listed = await db.read(
        statement, project_id=project_id, program_id="prog_1", owner_id="pc_1", unit="usd", page=Page()
    )
    assert [(each.kind, each.debit, each.credit, each.amount) for each in listed] == [
        ("grant", "available", "settled", 1000),
        ("release", "held", "available", 1000),
        ("earn", "cost", "held", 1000),
    ]
    assert await db.snapshot(audit) == []


async def test_a_payout_passes_through_in_transit_and_may_come_back(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))
    await db.write(transfers.release, posting(project_id, "b", 1000))
    await db.write(transfers.withdraw, posting(project_id, "c", 600))
    assert await balances_of(db, project_id) == Balances(-1000, 0, 400, 600, 0)
    await db.write(transfers.returned, posting(project_id, "d", 600))
    await db.write(transfers.withdraw, posting(project_id, "e", 1000))
    await db.write(transfers.paid, posting(project_id, "f", 1000))
    assert await balances_of(db, project_id) == Balances(-1000, 0, 0, 0, 1000)
    assert await db.snapshot(audit) == []


async def test_the_same_key_moves_money_once(db: Database, project_id: str) -> None:
    assert await db.write(transfers.earn, posting(project_id, "a", 1000))
    assert not await db.write(transfers.earn, posting(project_id, "a", 1000))
    assert await balances_of(db, project_id) == Balances(-1000, 1000, 0, 0, 0)


async def test_the_same_key_with_another_amount_is_refused(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))
    with pytest.raises(Conflict, match="other contents"):
        await db.write(transfers.earn, posting(project_id, "a", 999))
    assert await balances_of(db, project_id) == Balances(-1000, 1000, 0, 0, 0)


async def test_what_is_not_there_cannot_be_taken_and_leaves_no_transfer(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))
    for verb in (transfers.grant, transfers.withdraw, transfers.paid, transfers.returned):
        with pytest.raises(BalanceTooLow):
            await db.write(verb, posting(project_id, "b", 1))
    with pytest.raises(BalanceTooLow):
        await db.write(transfers.release, posting(project_id, "b", 1001))
    assert await balances_of(db, project_id) == Balances(-1000, 1000, 0, 0, 0)
    assert await db.read(earned_for, project_id=project_id, reason_id="rw_1") == (1000, 1)


async def test_a_reversal_takes_from_held_and_later_from_available_even_below_zero(
    db: Database, project_id: str
) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))
    await db.write(transfers.reverse, posting(project_id, "b", 300), held=True)
    assert await balances_of(db, project_id) == Balances(-700, 700, 0, 0, 0)
    with pytest.raises(BalanceTooLow):
        await db.write(transfers.reverse, posting(project_id, "c", 701), held=True)
    await db.write(transfers.release, posting(project_id, "d", 700))
    await db.write(transfers.grant, posting(project_id, "e", 700))
    await db.write(transfers.reverse, posting(project_id, "f", 500), held=False)
    assert await balances_of(db, project_id) == Balances(-200, 0, -500, 0, 700)
    assert await db.read(earned_for, project_id=project_id, reason_id="rw_1") == (200, 5)
    assert await db.snapshot(audit) == []


async def test_money_that_has_left_is_recorded_even_if_a_reversal_came_first(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))
    await db.write(transfers.release, posting(project_id, "b", 1000))
    await db.write(transfers.reverse, posting(project_id, "c", 400), held=False)
    with pytest.raises(BalanceTooLow):
        await db.write(transfers.grant, posting(project_id, "d", 1000))
    await db.write(transfers.grant, posting(project_id, "d", 1000), already_sent=True)
    assert await balances_of(db, project_id) == Balances(-600, 0, -400, 0, 1000)


async def test_units_never_mix(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))
    await db.write(transfers.earn, posting(project_id, "b", 5, unit="ai_credits"))
    with pytest.raises(BalanceTooLow):
        await db.write(transfers.release, posting(project_id, "c", 6, unit="ai_credits"))
    assert await balances_of(db, project_id, unit="ai_credits") == Balances(-5, 5, 0, 0, 0)
    assert await balances_of(db, project_id) == Balances(-1000, 1000, 0, 0, 0)


@pytest.mark.parametrize("amount", [0, -1, 2**63, 10**30])
async def test_d5_an_amount_that_is_no_positive_eight_byte_number_is_refused(
    db: Database, project_id: str, amount: int
) -> None:
    with pytest.raises(Invalid):
        await db.write(transfers.earn, posting(project_id, "a", amount))


async def test_d5_a_sum_that_would_overflow_is_refused_and_nothing_wraps(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", LARGEST_BALANCE))
    with pytest.raises(Conflict):
        await db.write(transfers.earn, posting(project_id, "b", 1))
    assert await balances_of(db, project_id) == Balances(-LARGEST_BALANCE, LARGEST_BALANCE, 0, 0, 0)
    assert await db.snapshot(audit) == []


@pytest.mark.parametrize(
    "change", [sa.update(ledger_transfers).values(amount=1), sa.delete(ledger_transfers)], ids=["update", "delete"]
)
async def test_d1_the_database_refuses_to_change_a_transfer(db: Database, project_id: str, change: Any) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))

    async def unit(tx: Any) -> None:
        await tx.run(command(change))

    with pytest.raises(Exception, match="never changed"):
        await db.write(unit)
    assert await db.snapshot(audit) == []


async def test_the_database_refuses_balances_that_do_not_add_up(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))

    async def unit(tx: Any) -> None:
        await tx.run(command(sa.update(ledger_balances).values(available=1)))

    with pytest.raises(Exception, match="balanced"):
        await db.write(unit)


async def test_d1_concurrent_units_on_the_same_accounts_neither_deadlock_nor_double(
    db: Database, project_id: str
) -> None:
    async def both(tx: Any, first: str, second: str, number: int) -> None:
        for owner in sorted((first, second)):
            await transfers.earn(tx, posting(project_id, f"{number}:{owner}", 10, owner_id=owner))
            await transfers.release(tx, posting(project_id, f"{number}:{owner}:r", 10, owner_id=owner))

    # Each number comes four times, from both sides: twenty keys an owner, forty units at once.
    units = [(("pc_1", "pc_2") if repeat % 2 else ("pc_2", "pc_1"), n) for n in range(10) for repeat in range(4)]
    await asyncio.gather(*(db.write(both, *owners, number) for owners, number in units))
    for owner in ("pc_1", "pc_2"):
        assert await balances_of(db, project_id, owner) == Balances(-100, 0, 100, 0, 0)
    assert await db.snapshot(audit) == []


async def test_d1_only_one_of_two_withdrawals_at_once_gets_the_money(db: Database, project_id: str) -> None:
    await db.write(transfers.earn, posting(project_id, "a", 1000))
    await db.write(transfers.release, posting(project_id, "b", 1000))
    outcomes = await asyncio.gather(
        *(db.write(transfers.withdraw, posting(project_id, f"w{n}", 700)) for n in range(8)), return_exceptions=True
    )
    assert sum(outcome is True for outcome in outcomes) == 1
    assert sum(isinstance(outcome, BalanceTooLow) for outcome in outcomes) == 7
    assert await balances_of(db, project_id) == Balances(-1000, 0, 300, 700, 0)
