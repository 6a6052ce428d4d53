"""What several owners earn at once, posted in two statements: a conversion's rewards, which no ledger has seen before.

The same transfers and the same guards as `earn` and `release` in `transfers.py`, without a round trip for each; and `award`
(cost to settled, in one line) for what its owner has at once, because it lies in a wallet of this very database.
Balances are written last and in the order of their owners: whoever earns from many conversions at once is held for the
shortest time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.dialects.postgresql import Insert

from billfold.base.errors import Conflict, Invalid
from billfold.base.money import LARGEST_BALANCE
from billfold.domain.ledger.transfers import Posting, ledger_balances, ledger_transfers
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import ListedWrite, insert_listed, values_of

_CHANGED: Final = ("cost", "held", "available", "settled")


@dataclass(frozen=True, slots=True)
class Earned:
    """An earning, and its release if it need not be held; both of one owner, unit and amount.

    `is_settled` says that its owner has it with this very unit: then it is one transfer, an award.
    """

    earn: Posting
    release: Posting | None = None
    is_settled: bool = False

    @property
    def account(self) -> str:
        """The account in which it ends."""
        if self.is_settled:
            return "settled"
        return "held" if self.release is None else "available"


# Gives back the keys that are new.
ADD_TRANSFERS: Final = insert_listed(
    ledger_transfers,
    [column.name for column in ledger_transfers.c if column.name != "sequence"],
    lambda new: new.on_conflict_do_nothing(index_elements=["project_id", "key"]).returning(ledger_transfers.c.key),
    str,
)


def _added_to_balances(new: Insert) -> Any:
    kept, added = ledger_balances.c, new.excluded
    upsert = new.on_conflict_do_update(
        index_elements=["project_id", "program_id", "owner_id", "unit"],
        set_={name: kept[name] + added[name] for name in _CHANGED},
        # As in `transfers.py`: SQLite would turn an overflowing sum into a float without a word.
        where=(kept.cost >= -LARGEST_BALANCE - added.cost)
        & (kept.held <= LARGEST_BALANCE - added.held)
        & (kept.available <= LARGEST_BALANCE - added.available)
        & (kept.settled <= LARGEST_BALANCE - added.settled),
    )
    return upsert.returning(kept.owner_id)


_ADD_TO_BALANCES: Final = insert_listed(
    ledger_balances, [column.name for column in ledger_balances.c], _added_to_balances, str
)


async def earn_together(tx: Writing, earned: Sequence[Earned]) -> None:
    """Post what several owners earned; every key must be new, or the whole unit is refused with `Conflict`."""
    if not earned:
        return
    transfers, balances = earned_writes(earned)
    await add_transfers(tx, transfers)
    if len(await tx.insert_many(_ADD_TO_BALANCES, balances.rows)) != len(balances.rows):
        raise Conflict("A balance cannot grow any further.")


def earned_writes(earned: Sequence[Earned]) -> tuple[list[dict[str, Any]], ListedWrite]:
    """Return the transfers for `ADD_TRANSFERS` and the write of the balances, for a unit that writes more together.

    A write that changes fewer rows than it has means that a key is posted already, or that a balance cannot grow.
    """
    return [row for each in earned for row in _rows_of(each)], ListedWrite(_ADD_TO_BALANCES, _additions(earned))


async def add_transfers(tx: Writing, transfers: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to the ledger without moving a balance; every key must be new, or the whole unit is refused."""
    if len(await tx.insert_many(ADD_TRANSFERS, transfers)) != len(transfers):
        raise Conflict("One of these transfers is already posted.")


def _rows_of(earned: Earned) -> list[dict[str, Any]]:
    if earned.is_settled:
        return [{**values_of(earned.earn), "kind": "award", "debit": "cost", "credit": "settled"}]
    rows = [{**values_of(earned.earn), "kind": "earn", "debit": "cost", "credit": "held"}]
    if earned.release is not None:
        rows.append({**values_of(earned.release), "kind": "release", "debit": "held", "credit": "available"})
    return rows


def _additions(earned: Sequence[Earned]) -> list[dict[str, Any]]:
    added: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for each in earned:
        posting = each.earn
        owner = (posting.project_id, posting.program_id, posting.owner_id, posting.unit)
        sums = added.setdefault(owner, dict.fromkeys(_CHANGED, 0))
        sums["cost"] -= posting.amount
        sums[each.account] += posting.amount
        if not 0 < posting.amount <= LARGEST_BALANCE or -sums["cost"] > LARGEST_BALANCE:
            raise Invalid("A transfer needs a positive amount of at most 2**63 - 1 minor units.")
    names = ("project_id", "program_id", "owner_id", "unit")
    return [{**dict(zip(names, owner, strict=True)), **sums, "in_transit": 0} for owner, sums in sorted(added.items())]
