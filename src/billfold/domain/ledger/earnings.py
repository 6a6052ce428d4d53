"""What several owners earn at once, posted in two statements: a conversion's rewards, which no ledger has seen before.

The same transfers and the same guards as `earn` and `release` in `transfers.py`, without a round trip for each; and `award`
(cost to settled, in one line) for what its owner has at once, because it lies in a wallet of this very database.
Balances are written last and in the order of their owners: whoever earns from many conversions at once is held for the
shortest time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.dialects.postgresql import Insert

from billfold.base.errors import Conflict, Invalid
from billfold.base.money import LARGEST_BALANCE
from billfold.domain.ledger.transfers import Posting, ledger_balances, ledger_transfers
from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite, Row
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import row_of

OWNER: Final = ("project_id", "program_id", "owner_id", "unit")
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


_POSTED: Final = tuple(field.name for field in dataclasses.fields(Posting))
# A row is a posting's values and then these three: see `transfer_row`.
ADD_TRANSFERS: Final = BulkInsert(
    ledger_transfers,
    [*_POSTED, "kind", "debit", "credit"],
    key=["project_id", "key"],
    finish=lambda new: new.on_conflict_do_nothing(index_elements=["project_id", "key"]),
)


def _added_to_balances(new: Insert) -> Any:
    kept, added = ledger_balances.c, new.excluded
    return new.on_conflict_do_update(
        index_elements=list(OWNER),
        set_={name: kept[name] + added[name] for name in _CHANGED},
        # As in `transfers.py`: SQLite would turn an overflowing sum into a float without a word.
        where=(kept.cost >= -LARGEST_BALANCE - added.cost)
        & (kept.held <= LARGEST_BALANCE - added.held)
        & (kept.available <= LARGEST_BALANCE - added.available)
        & (kept.settled <= LARGEST_BALANCE - added.settled),
    )


_ADD_TO_BALANCES: Final = BulkInsert(
    ledger_balances, [*OWNER, *_CHANGED], key=OWNER, finish=_added_to_balances, constants={"in_transit": 0}
)


async def earn_together(tx: Writing, earned: Sequence[Earned]) -> None:
    """Post what several owners earned; every key must be new, or the whole unit is refused with `Conflict`."""
    if not earned:
        return
    transfers, balances = earned_writes(earned)
    await add_transfers(tx, transfers)
    if not all(await tx.insert_bulk(*balances)):
        raise Conflict("A balance cannot grow any further.")


def earned_writes(earned: Sequence[Earned]) -> tuple[list[Row], BulkWrite]:
    """Return the transfers for `ADD_TRANSFERS` and the write of the balances, for a unit that writes more together.

    A write that changes fewer rows than it has means that a key is posted already, or that a balance cannot grow.
    """
    return [row for each in earned for row in _rows_of(each)], BulkWrite(_ADD_TO_BALANCES, _additions(earned))


async def add_transfers(tx: Writing, transfers: Sequence[Row]) -> None:
    """Add rows to the ledger without moving a balance; every key must be new, or the whole unit is refused."""
    if not all(await tx.insert_bulk(ADD_TRANSFERS, transfers)):
        raise Conflict("One of these transfers is already posted.")


def transfer_row(posting: Posting, kind: str, debit: str, credit: str) -> Row:
    """Return a row for `ADD_TRANSFERS`."""
    return (*row_of(posting), kind, debit, credit)


def _rows_of(earned: Earned) -> list[Row]:
    if earned.is_settled:
        return [transfer_row(earned.earn, "award", "cost", "settled")]
    rows = [transfer_row(earned.earn, "earn", "cost", "held")]
    if earned.release is not None:
        rows.append(transfer_row(earned.release, "release", "held", "available"))
    return rows


def _additions(earned: Sequence[Earned]) -> list[Row]:
    added: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for each in earned:
        posting = each.earn
        owner = (posting.project_id, posting.program_id, posting.owner_id, posting.unit)
        sums = added.setdefault(owner, dict.fromkeys(_CHANGED, 0))
        sums["cost"] -= posting.amount
        sums[each.account] += posting.amount
        if not 0 < posting.amount <= LARGEST_BALANCE or -sums["cost"] > LARGEST_BALANCE:
            raise Invalid("A transfer needs a positive amount of at most 2**63 - 1 minor units.")
    return [(*owner, *sums.values()) for owner, sums in sorted(added.items())]
