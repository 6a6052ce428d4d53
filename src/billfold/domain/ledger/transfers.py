"""Transfers: each debits one account and credits another by a positive whole amount in one unit.

An account is (program, owner, kind, unit); both accounts of a transfer belong to the same program, owner and unit, and
differ only in their kind. So a transfer names them once, units cannot mix, and the five cached balances of an owner stand
in one row of `ledger_balances`: one guarded UPDATE moves both sides, no other unit can see or deadlock with half of it,
and a CHECK refuses any row whose five balances do not add up to zero.

    earn        cost      ───────▶ held
    release                        held ──────▶ available
    reverse     cost      ◀─────── held, else available (may go below zero: the next earnings net it)
    grant       settled   ◀─────── available      (pushed to the Stripe customer balance, or spent)
    withdraw                       available ─▶ in_transit
    paid        settled   ◀─────── in_transit
    returned                       in_transit ─▶ available
    award       cost      ───────▶ settled        (earned and in a wallet at once: `earnings.py`)
    recall      settled   ───────▶ available      (what a wallet had not spent yet)

The caller chooses each transfer's key. The row is inserted first: if its key is already there, nothing moves, so every verb
may be called any number of times. A balance is credits less debits; `cost` is therefore negative, the expense of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict, Invalid
from billfold.base.money import LARGEST_BALANCE
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import Query, metadata, query
from billfold.infrastructure.db.types import Moment

KINDS: Final = ("cost", "held", "available", "in_transit", "settled")

ledger_transfers = sa.Table(
    "ledger_transfers",
    metadata,
    # The order of the ledger; a clock may jump, a sequence does not (SCENARIOS E2).
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("key", sa.Text, nullable=False),
    # The balances that it moves have the foreign key: a check for each transfer would lock the project's row each time.
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("program_id", sa.Text, nullable=False),
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("debit", sa.Text, nullable=False),
    sa.Column("credit", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    # What it is for (a reward, a payout) and what brought it about (a referral, an invoice).
    sa.Column("reason_id", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.CheckConstraint("amount > 0", name="amount_positive"),
    sa.CheckConstraint("debit <> credit", name="two_accounts"),
    sa.CheckConstraint("debit IN ('cost', 'held', 'available', 'in_transit', 'settled')", name="debit_kind"),
    sa.CheckConstraint("credit IN ('cost', 'held', 'available', 'in_transit', 'settled')", name="credit_kind"),
    sa.UniqueConstraint("project_id", "key"),
    sa.Index("ix_ledger_transfers_owner", "program_id", "owner_id", "unit", "sequence"),
    sa.Index("ix_ledger_transfers_reason_id", "reason_id"),
)
forbid_changes(ledger_transfers)

ledger_balances = sa.Table(
    "ledger_balances",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("program_id", sa.Text, primary_key=True),
    sa.Column("owner_id", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("cost", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False),
    sa.Column("available", sa.BigInteger, nullable=False),
    sa.Column("in_transit", sa.BigInteger, nullable=False),
    sa.Column("settled", sa.BigInteger, nullable=False),
    sa.CheckConstraint("cost + held + available + in_transit + settled = 0", name="balanced"),
    sa.CheckConstraint("held >= 0 AND in_transit >= 0 AND settled >= 0 AND cost <= 0", name="signs"),
)


class BalanceTooLow(Conflict):
    """An account does not hold what a transfer would take from it."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One row of the ledger; `amount` is in whole minor units of `unit`."""

    sequence: int
    key: str
    project_id: str
    program_id: str
    owner_id: str
    unit: str
    kind: str
    debit: str
    credit: str
    amount: int
    reason_id: str
    source_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Posting:
    """What the caller says of a transfer; the verb adds its kind and its two accounts.

    `key` makes it happen once, `amount` is positive minor units, `reason_id` is the reward or payout that it is for,
    `source_id` the referral or invoice that brought it about, `at` the team's time.
    """

    key: str
    project_id: str
    program_id: str
    owner_id: str
    unit: str
    amount: int
    reason_id: str
    source_id: str
    at: datetime


_WRITTEN: Final = [column for column in ledger_transfers.c if column.name != "sequence"]
_ADD: Final = query(
    insert(ledger_transfers)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in _WRITTEN})
    .on_conflict_do_nothing(index_elements=["project_id", "key"])
    .returning(ledger_transfers.c.sequence),
    int,
)
_BY_KEY: Final = query(
    sa.select(*ledger_transfers.c).where(
        ledger_transfers.c.project_id == sa.bindparam("project_id"), ledger_transfers.c.key == sa.bindparam("key")
    ),
    Transfer,
)

_amount: Final = sa.bindparam("amount", type_=sa.BigInteger())
_owned: Final = sa.and_(
    ledger_balances.c.project_id == sa.bindparam("the_project_id"),
    ledger_balances.c.program_id == sa.bindparam("program_id"),
    ledger_balances.c.owner_id == sa.bindparam("owner_id"),
    ledger_balances.c.unit == sa.bindparam("unit"),
)


def _room(debit: str, credit: str) -> sa.ColumnElement[bool]:
    # SQLite turns an integer that overflows into a float without a word, so the room is checked before the sum is made.
    return sa.and_(
        ledger_balances.c[debit] >= _amount - LARGEST_BALANCE, ledger_balances.c[credit] <= LARGEST_BALANCE - _amount
    )


def _moved(debit: str, credit: str) -> dict[str, Any]:
    return {debit: ledger_balances.c[debit] - _amount, credit: ledger_balances.c[credit] + _amount}


def _move(debit: str, credit: str, *, guarded: bool) -> Query[int]:
    conditions = [_owned, _room(debit, credit)]
    if guarded:
        conditions.append(ledger_balances.c[debit] >= _amount)
    changed = sa.update(ledger_balances).where(*conditions).values(_moved(debit, credit))
    return query(changed.returning(ledger_balances.c[credit]), int)


def _open_and_earn() -> Query[int]:
    opened: dict[str, Any] = {name: sa.bindparam(name) for name in ("program_id", "owner_id", "unit")}
    new = insert(ledger_balances).values(
        project_id=sa.bindparam("the_project_id"),
        **opened,
        cost=-_amount,
        held=_amount,
        available=0,
        in_transit=0,
        settled=0,
    )
    upsert = new.on_conflict_do_update(
        index_elements=["project_id", "program_id", "owner_id", "unit"],
        set_=_moved("cost", "held"),
        where=_room("cost", "held"),
    )
    return query(upsert.returning(ledger_balances.c.held), int)


@dataclass(frozen=True, slots=True)
class _Verb:
    kind: str
    debit: str
    credit: str
    move: Query[int]


def _verb(kind: str, debit: str, credit: str, *, guarded: bool = True) -> _Verb:
    return _Verb(kind, debit, credit, _move(debit, credit, guarded=guarded))


_EARN: Final = _Verb("earn", "cost", "held", _open_and_earn())
_RELEASE: Final = _verb("release", "held", "available")
_REVERSE_HELD: Final = _verb("reverse", "held", "cost")
_REVERSE_AVAILABLE: Final = _verb("reverse", "available", "cost", guarded=False)
_GRANT: Final = _verb("grant", "available", "settled")
_GRANT_SENT: Final = _verb("grant", "available", "settled", guarded=False)
_WITHDRAW: Final = _verb("withdraw", "available", "in_transit")
_PAID: Final = _verb("paid", "in_transit", "settled")
_RETURNED: Final = _verb("returned", "in_transit", "available")
_RECALL: Final = _verb("recall", "settled", "available")


async def earn(tx: Writing, posting: Posting) -> bool:
    """Owe the owner something that is still held back; opens the owner's accounts. Returns False if it was posted before."""
    return await _post(tx, _EARN, posting)


async def release(tx: Writing, posting: Posting) -> bool:
    """Make held earnings available; raises `BalanceTooLow`. Returns False if it was posted before."""
    return await _post(tx, _RELEASE, posting)


async def reverse(tx: Writing, posting: Posting, *, held: bool) -> bool:
    """Take earnings back: from `held` while they are held, else from `available`, which may go below zero.

    Returns False if it was posted before.
    """
    return await _post(tx, _REVERSE_HELD if held else _REVERSE_AVAILABLE, posting)


async def grant(tx: Writing, posting: Posting, *, already_sent: bool = False) -> bool:
    """Settle available earnings at once; raises `BalanceTooLow`. Returns False if it was posted before.

    `already_sent` says that the money has left (Stripe has the credit): the ledger then records the fact even if a
    reversal came in between, and `available` goes below zero.
    """
    return await _post(tx, _GRANT_SENT if already_sent else _GRANT, posting)


async def withdraw(tx: Writing, posting: Posting) -> bool:
    """Put available earnings on their way to a payout; raises `BalanceTooLow`. Returns False if it was posted before."""
    return await _post(tx, _WITHDRAW, posting)


async def paid(tx: Writing, posting: Posting) -> bool:
    """Settle what was on its way. Returns False if it was posted before."""
    return await _post(tx, _PAID, posting)


async def returned(tx: Writing, posting: Posting) -> bool:
    """Bring back what was on its way and did not arrive. Returns False if it was posted before."""
    return await _post(tx, _RETURNED, posting)


async def recall(tx: Writing, posting: Posting) -> bool:
    """Bring back what was settled and taken from the owner again. Returns False if it was posted before."""
    return await _post(tx, _RECALL, posting)


async def _post(tx: Writing, verb: _Verb, posting: Posting) -> bool:
    if not 0 < posting.amount <= LARGEST_BALANCE:
        raise Invalid("A transfer needs a positive amount of at most 2**63 - 1 minor units.")
    owner = {"program_id": posting.program_id, "owner_id": posting.owner_id, "unit": posting.unit}
    added = await tx.first(
        _ADD,
        key=posting.key,
        project_id=posting.project_id,
        **owner,
        kind=verb.kind,
        debit=verb.debit,
        credit=verb.credit,
        amount=posting.amount,
        reason_id=posting.reason_id,
        source_id=posting.source_id,
        at=posting.at,
    )
    if added is None:
        await _require_same(tx, verb, posting)
        return False
    if await tx.first(verb.move, the_project_id=posting.project_id, **owner, amount=posting.amount) is None:
        # Raising takes the transfer row back with the rest of the unit.
        raise BalanceTooLow(f"The account {verb.debit} cannot give {posting.amount} {posting.unit}.")
    return True


async def _require_same(tx: Writing, verb: _Verb, posting: Posting) -> None:
    """Tell a repeated transfer from another one under the same key, which would be a defect that moves no money."""
    there = await tx.first(_BY_KEY, project_id=posting.project_id, key=posting.key)
    wanted = (posting.program_id, posting.owner_id, posting.unit, verb.kind, posting.amount)
    if there is None or (there.program_id, there.owner_id, there.unit, there.kind, there.amount) != wanted:
        raise Conflict(f"The transfer {posting.key} is already posted with other contents.")
