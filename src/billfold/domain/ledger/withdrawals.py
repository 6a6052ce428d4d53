"""What many owners' payouts take out of their available earnings, posted in two statements: a batch has thousands of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from billfold.base.errors import Invalid
from billfold.base.money import LARGEST_BALANCE
from billfold.domain.ledger.earnings import add_transfers, transfer_row
from billfold.domain.ledger.transfers import Posting, ledger_balances
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import listed

_b: Final = ledger_balances.c


class OwnerUnit(NamedTuple):
    """An owner's accounts in one unit, within one program."""

    owner_id: str
    unit: str


def _taken(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    amount = given["taken"]
    return (
        sa.update(ledger_balances)
        .where(
            _b.project_id == given["in_project"],
            _b.program_id == given["in_program"],
            _b.owner_id == given["of_owner"],
            _b.unit == given["in_unit"],
            _b.available >= amount,
            _b.in_transit <= LARGEST_BALANCE - amount,
        )
        .values(available=_b.available - amount, in_transit=_b.in_transit + amount)
        .returning(_b.owner_id, _b.unit)
    )


_TAKE: Final = listed(
    {
        "in_project": sa.Text(),
        "in_program": sa.Text(),
        "of_owner": sa.Text(),
        "in_unit": sa.Text(),
        "taken": sa.BigInteger(),
    },
    _taken,
    OwnerUnit,
)


async def withdraw_together(tx: Writing, postings: Sequence[Posting]) -> set[OwnerUnit]:
    """Put available earnings of many owners on their way, and return of whom: an account that holds too little is left alone.

    One posting for each owner and unit, each with a key that is new.
    """
    if any(not 0 < each.amount <= LARGEST_BALANCE for each in postings):
        raise Invalid("A transfer needs a positive amount of at most 2**63 - 1 minor units.")
    if not postings:
        return set()
    # In one order everywhere, so that units about the same people take turns.
    in_order = sorted(postings, key=lambda each: (each.owner_id, each.unit))
    rows = [
        {
            "in_project": each.project_id,
            "in_program": each.program_id,
            "of_owner": each.owner_id,
            "in_unit": each.unit,
            "taken": each.amount,
        }
        for each in in_order
    ]
    taken = set(await tx.all_listed(_TAKE, rows))
    await add_transfers(
        tx,
        [
            transfer_row(each, "withdraw", "available", "in_transit")
            for each in in_order
            if OwnerUnit(each.owner_id, each.unit) in taken
        ],
    )
    return taken
