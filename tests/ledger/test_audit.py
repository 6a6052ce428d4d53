"""The audit names what was changed by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from billfold.domain.ledger import transfers
from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.transfers import Posting, ledger_balances
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import command

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)


async def earned(db: Database, project_id: str, owner_id: str, amount: int) -> None:
    key = f"{owner_id}:{amount}"
    await db.write(transfers.earn, Posting(key, project_id, "prog_1", owner_id, "usd", amount, "rw_1", "ref_1", AT))


async def by_hand(db: Database, statement: Any) -> None:
    async def unit(tx: Any) -> None:
        await tx.run(command(statement))

    await db.write(unit)


async def test_an_empty_ledger_adds_up(db: Database, project_id: str) -> None:
    assert project_id
    assert await db.snapshot(audit) == []


async def test_a_balance_edited_by_hand_is_named_with_both_figures(db: Database, project_id: str) -> None:
    await earned(db, project_id, "pc_1", 1000)
    await earned(db, project_id, "pc_2", 500)
    await by_hand(
        db, sa.update(ledger_balances).where(ledger_balances.c.owner_id == "pc_2").values(held=400, available=100)
    )
    findings = await db.snapshot(audit)
    assert [(each.owner_id, each.kind, each.balance, each.transfers_say) for each in findings] == [
        ("pc_2", "held", 400, 500),
        ("pc_2", "available", 100, 0),
    ]
    assert "account held of pc_2" in str(findings[0])


async def test_balances_that_were_deleted_by_hand_are_named(db: Database, project_id: str) -> None:
    await earned(db, project_id, "pc_1", 1000)
    await by_hand(db, sa.delete(ledger_balances))
    findings = await db.snapshot(audit)
    assert [(each.kind, each.balance, each.transfers_say) for each in findings] == [
        ("cost", 0, -1000),
        ("held", 0, 1000),
    ]


async def test_a_balance_without_any_transfer_is_named(db: Database, project_id: str) -> None:
    row = {"cost": -7, "held": 7, "available": 0, "in_transit": 0, "settled": 0}
    owner = {"project_id": project_id, "program_id": "prog_1", "owner_id": "pc_9", "unit": "usd"}
    await by_hand(db, sa.insert(ledger_balances).values(**owner, **row))
    assert {(each.kind, each.balance) for each in await db.snapshot(audit)} == {("cost", -7), ("held", 7)}
