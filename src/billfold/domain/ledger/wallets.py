"""What moves in wallets: customers' credits in units of the project's own, as transfers in the one ledger.

A wallet's accounts are those of every owner, under a program of its own, `WALLET`: nothing that a program pays out and
nothing that a wallet holds can be taken for the other.

    credit      cost      ───────────────────▶ available      (a grant: by a reward or by the project)
    spend       settled   ◀─────────────────── available
    expiry      cost      ◀─────────────────── available
    take_back   cost      ◀─────────────────── available

All come as lists, many owners and many keys in two statements, with the same guards as in `transfers.py`; `available` of a
wallet never goes below zero and never above `LARGEST_WALLET`. A key that is already posted refuses the whole unit: the
tables of grants and spends, written before, say what is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert

from billfold.base.errors import Conflict, Invalid
from billfold.base.money import LARGEST_BALANCE
from billfold.domain.ledger.earnings import ADD_TRANSFERS, OWNER, add_transfers, transfer_row
from billfold.domain.ledger.transfers import BalanceTooLow, Posting, ledger_balances
from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite, Row
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import ListedStatement, ListedWrite, listed

WALLET: Final = "wallet"
# Every reader of JSON keeps whole numbers up to here exactly.
LARGEST_WALLET: Final = 2**53 - 1

_b: Final = ledger_balances.c
_TOO_MUCH: Final = f"A wallet cannot hold more than {LARGEST_WALLET} of one unit."
_Owner = tuple[str, str, str, str]


def _added(new: Insert) -> Any:
    added = new.excluded
    return new.on_conflict_do_update(
        index_elements=list(OWNER),
        set_={"cost": _b.cost + added.cost, "available": _b.available + added.available},
        # As in `transfers.py`: SQLite would turn an overflowing sum into a float without a word.
        where=sa.and_(
            _b.cost >= -LARGEST_BALANCE - added.cost,
            _b.available <= LARGEST_WALLET - added.available,
        ),
    )


# In the order of the owners: two units that write the same wallets wait for each other instead of locking each other out.
_ADD: Final = BulkInsert(
    ledger_balances,
    [*OWNER, "cost", "available"],
    key=OWNER,
    finish=_added,
    constants={"held": 0, "in_transit": 0, "settled": 0},
)


def _out_of_available(credit: str) -> ListedStatement[int]:
    def move(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
        return (
            sa.update(ledger_balances)
            .where(
                _b.project_id == given["in_project"],
                _b.program_id == WALLET,
                _b.owner_id == given["of_owner"],
                _b.unit == given["in_unit"],
                _b.available >= given["amount"],
                _b[credit] <= LARGEST_BALANCE - given["amount"],
            )
            .values({"available": _b.available - given["amount"], credit: _b[credit] + given["amount"]})
            .returning(_b.available)
        )

    given: dict[str, sa.types.TypeEngine[Any]] = {
        "in_project": sa.Text(),
        "of_owner": sa.Text(),
        "in_unit": sa.Text(),
        "amount": sa.BigInteger(),
    }
    return listed(given, move, int)


_TAKE: Final = _out_of_available("cost")
_SPEND: Final = _out_of_available("settled")


def wallet_posting(posting: Posting) -> Posting:
    """Return a posting after checking that it is one of a wallet; raises `Invalid` for an amount that none can hold."""
    if posting.program_id != WALLET or not 0 < posting.amount <= LARGEST_WALLET:
        raise Invalid(f"A wallet's transfer needs a whole amount from 1 to {LARGEST_WALLET}.")
    return posting


async def credit_together(tx: Writing, postings: Sequence[Posting]) -> None:
    """Put credits into wallets, opening those that are new; raises `Conflict` if one would hold too much."""
    if not postings:
        return
    transfers, balances = credit_writes(postings)
    await add_transfers(tx, transfers)
    if not all(await tx.insert_bulk(*balances)):
        raise Conflict(_TOO_MUCH)


def credit_writes(postings: Sequence[Posting]) -> tuple[list[Row], BulkWrite]:
    """Return the transfers for `ADD_TRANSFERS` and the write of the wallets, for a unit that writes more together.

    A write that changes fewer rows than it has means that a wallet would hold too much.
    """
    sums = _sums(postings)
    if any(amount > LARGEST_WALLET for _, amount in sums):
        raise Conflict(_TOO_MUCH)
    rows = [(*owner, -amount, amount) for owner, amount in sums]
    return [_row(posting, "credit", "cost", "available") for posting in postings], BulkWrite(_ADD, rows)


def spend_writes(postings: Sequence[Posting]) -> tuple[BulkWrite, ListedWrite]:
    """Return what settles credits of wallets, to be written together with the spends that it is for.

    A write that changes fewer rows than it has means that a wallet does not hold what was to be spent.
    """
    transfers = [_row(posting, "spend", "available", "settled") for posting in postings]
    return BulkWrite(ADD_TRANSFERS, transfers), ListedWrite(_SPEND, _moves(postings))


async def take_together(tx: Writing, kind: Literal["expiry", "take_back"], postings: Sequence[Posting]) -> None:
    """Give credits back to the project, because they expired or were not deserved; raises `BalanceTooLow`."""
    if not postings:
        return
    await add_transfers(tx, [_row(posting, kind, "available", "cost") for posting in postings])
    moves = _moves(postings)
    if len(await tx.all_listed(_TAKE, moves)) != len(moves):
        raise BalanceTooLow("A wallet does not hold what was to be taken from it.")


def _moves(postings: Sequence[Posting]) -> list[dict[str, Any]]:
    return [
        {"in_project": project_id, "of_owner": owner_id, "in_unit": unit, "amount": amount}
        for (project_id, _, owner_id, unit), amount in _sums(postings)
    ]


def _row(posting: Posting, kind: str, debit: str, credit: str) -> Row:
    return transfer_row(wallet_posting(posting), kind, debit, credit)


def _sums(postings: Sequence[Posting]) -> list[tuple[_Owner, int]]:
    sums: dict[_Owner, int] = {}
    for posting in postings:
        owner = (posting.project_id, posting.program_id, posting.owner_id, posting.unit)
        sums[owner] = sums.get(owner, 0) + posting.amount
    if any(amount > LARGEST_BALANCE for amount in sums.values()):
        raise Conflict(_TOO_MUCH)
    return sorted(sums.items())
