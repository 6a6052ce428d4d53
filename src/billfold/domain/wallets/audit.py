"""The audit of wallets: what remains of grants and what was spent, against the ledger, by the database, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.ledger.audit import LARGEST_REPORT
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.ledger.wallets import WALLET
from billfold.domain.wallets.grants import wallet_grants
from billfold.domain.wallets.spends import wallet_spends
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query


@dataclass(frozen=True, slots=True)
class WalletFinding:
    """A wallet that the ledger does not confirm; amounts in whole units of `unit`."""

    project_id: str
    customer_id: str
    unit: str
    available: int
    settled: int
    remaining: int
    spent: int

    def __str__(self) -> str:
        """Say it to a person."""
        return (
            f"wallet of {self.customer_id} (project {self.project_id}) holds {self.available} {self.unit} in the ledger and "
            f"{self.remaining} {self.unit} in its grants; spent are {self.settled} {self.unit} in the ledger and "
            f"{self.spent} {self.unit} in its spends"
        )


_g: Final = wallet_grants.c
_x: Final = wallet_spends.c
_b: Final = ledger_balances.c
_zero: Final[Any] = sa.literal_column("0", sa.BigInteger())


def _lines() -> sa.Subquery:
    """Put the three books of every wallet under each other, so that one missing anywhere is seen."""
    ledger = sa.select(
        _b.project_id,
        _b.owner_id.label("customer_id"),
        _b.unit,
        _b.available.label("available"),
        _b.settled.label("settled"),
        _zero.label("remaining"),
        _zero.label("spent"),
    ).where(_b.program_id == WALLET)
    grants = sa.select(_g.project_id, _g.customer_id, _g.unit, _zero, _zero, _g.remaining, _zero)
    spent = sa.select(_x.project_id, _x.customer_id, _x.unit, _zero, _zero, _zero, _x.amount - _x.from_allowance)
    return sa.union_all(ledger, grants, spent).subquery("lines")


_l: Final = _lines().c
_sums: Final = [sa.func.sum(_l[name]) for name in ("available", "settled", "remaining", "spent")]


def _finding(project_id: str, customer_id: str, unit: str, *sums: Any) -> WalletFinding:
    # PostgreSQL sums whole numbers to a decimal.
    return WalletFinding(project_id, customer_id, unit, *map(int, sums))


_AUDIT: Final = query(
    sa.select(_l.project_id, _l.customer_id, _l.unit, *_sums)
    .group_by(_l.project_id, _l.customer_id, _l.unit)
    .having(sa.or_(_sums[0] != _sums[2], _sums[1] != _sums[3], _sums[0] < 0))
    .limit(LARGEST_REPORT),
    _finding,
)


async def audit_wallets(tx: Reading) -> list[WalletFinding]:
    """Return wallets whose grants or spends the ledger does not confirm, at most 100; call it in a `db.snapshot`."""
    return await tx.all(_AUDIT)
