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
from billfold.domain.ledger.earnings import add_transfers
from billfold.domain.ledger.transfers import BalanceTooLow, Posting, ledger_balances
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import insert_listed, listed, values_of

WALLET: Final = "wallet"
# Every reader of JSON keeps whole numbers up to here exactly.
LARGEST_WALLET: Final = 2**53 - 1

_b: Final = ledger_balances.c
_OWNER: Final = ("project_id", "program_id", "owner_id", "unit")
_KEPT: Final = ("cost", "available", "settled")
_Owner = tuple[str, str, str, str]


def _added(new: Insert) -> Any:
    added = new.excluded
    upsert = new.on_conflict_do_update(
        index_elements=list(_OWNER),
        set_={name: _b[name] + added[name] for name in _KEPT},
        # As in `transfers.py`: SQLite would turn an overflowing sum into a float without a word.
        where=sa.and_(
            _b.cost >= -LARGEST_BALANCE - added.cost,
            _b.settled <= LARGEST_BALANCE - added.settled,
            _b.available + added.available >= 0,
            _b.available <= LARGEST_WALLET - added.available,
        ),
    )
    return upsert.returning(_b.available)


# In the order of the owners: two units that write the same wallets wait for each other instead of locking each other out.
_ADD: Final = insert_listed(ledger_balances, [column.name for column in ledger_balances.c], _added, int)


def _taken(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    return (
        sa.update(ledger_balances)
        .where(
            _b.project_id == given["in_project"],
            _b.program_id == WALLET,
            _b.owner_id == given["of_owner"],
            _b.unit == given["in_unit"],
            _b.available >= given["amount"],
        )
        .values(available=_b.available - given["amount"], cost=_b.cost + given["amount"])
        .returning(_b.available)
    )


_TAKE: Final = listed(
    {"in_project": sa.Text(), "of_owner": sa.Text(), "in_unit": sa.Text(), "amount": sa.BigInteger()}, _taken, int
)


def wallet_posting(posting: Posting) -> Posting:
    """Return a posting after checking that it is one of a wallet; raises `Invalid` for an amount that none can hold."""
    if posting.program_id != WALLET or not 0 < posting.amount <= LARGEST_WALLET:
        raise Invalid(f"A wallet's transfer needs a whole amount from 1 to {LARGEST_WALLET}.")
    return posting


async def credit_together(tx: Writing, postings: Sequence[Posting]) -> None:
    """Put credits into wallets, opening those that are new; raises `Conflict` if one would hold too much."""
    await _post(tx, "credit", "cost", "available", postings)


async def spend_together(tx: Writing, postings: Sequence[Posting]) -> None:
    """Settle credits of wallets; raises `BalanceTooLow`."""
    await _post(tx, "spend", "available", "settled", postings)


async def take_together(tx: Writing, kind: Literal["expiry", "take_back"], postings: Sequence[Posting]) -> None:
    """Give credits back to the project, because they expired or were not deserved; raises `BalanceTooLow`."""
    if not postings:
        return
    await add_transfers(tx, [_row(posting, kind, "available", "cost") for posting in postings])
    rows = [
        {"in_project": project_id, "of_owner": owner_id, "in_unit": unit, "amount": amount}
        for (project_id, _, owner_id, unit), amount in _sums(postings)
    ]
    if len(await tx.all_listed(_TAKE, rows)) != len(rows):
        raise BalanceTooLow("A wallet does not hold what was to be taken from it.")


async def _post(tx: Writing, kind: str, debit: str, credit: str, postings: Sequence[Posting]) -> None:
    if not postings:
        return
    nothing = dict.fromkeys(("cost", "held", "available", "in_transit", "settled"), 0)
    rows = [
        {**dict(zip(_OWNER, owner, strict=True)), **nothing, debit: -amount, credit: amount}
        for owner, amount in _sums(postings)
    ]
    await add_transfers(tx, [_row(posting, kind, debit, credit) for posting in postings])
    held = await tx.insert_many(_ADD, rows)
    if len(held) == len(rows) and min(held) >= 0 and max(held) <= LARGEST_WALLET:
        return
    if debit == "available":
        raise BalanceTooLow("A wallet does not hold what was to be spent.")
    raise Conflict(f"A wallet cannot hold more than {LARGEST_WALLET} of one unit.")


def _row(posting: Posting, kind: str, debit: str, credit: str) -> dict[str, Any]:
    return {**values_of(wallet_posting(posting)), "kind": kind, "debit": debit, "credit": credit}


def _sums(postings: Sequence[Posting]) -> list[tuple[_Owner, int]]:
    sums: dict[_Owner, int] = {}
    for posting in postings:
        owner = (posting.project_id, posting.program_id, posting.owner_id, posting.unit)
        sums[owner] = sums.get(owner, 0) + posting.amount
    if any(amount > LARGEST_BALANCE for amount in sums.values()):
        raise Conflict(f"A wallet cannot hold more than {LARGEST_WALLET} of one unit.")
    return sorted(sums.items())
