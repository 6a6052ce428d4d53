"""Grants: credits put into a wallet, by a reward or by the project, each with what remains of it.

The key makes a grant happen once for ever: the unique index is asked by the insert itself, in the unit of its transfers. The
sum of what remains of a wallet's grants is its `available` in the ledger (`audit.py` compares them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid
from billfold.base.ids import new_id
from billfold.domain.billing import customers
from billfold.domain.ledger.transfers import Posting
from billfold.domain.ledger.wallets import LARGEST_WALLET, WALLET, credit_together, credit_writes, take_together
from billfold.domain.tenancy.audit_log import Entry, entries_write
from billfold.domain.tenancy.projects import projects
from billfold.domain.wallets.rules import checked_unit
from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite, Row
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import (
    ListedWrite,
    listed,
    metadata,
    query,
    row_of,
    row_tuple,
    values_of,
)
from billfold.infrastructure.db.types import Moment

Source = Literal["reward", "grant", "allowance"]
LONGEST_KEY: Final = 200
# How many expired grants one unit closes.
_EXPIRED_AT_ONCE: Final = 200

wallet_grants = sa.Table(
    "wallet_grants",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, nullable=False),
    # No foreign keys: whoever grants has the customer's row before him, and a lock on it for each grant would make a
    # referrer's conversions wait for each other.
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("remaining", sa.BigInteger, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("amount > 0 AND remaining >= 0 AND remaining <= amount", name="amounts"),
    sa.CheckConstraint("source IN ('reward', 'grant', 'allowance')", name="source"),
    sa.UniqueConstraint("project_id", "key"),
    sa.Index(
        "ix_wallet_grants_open",
        "project_id",
        "customer_id",
        "unit",
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    ),
    sa.Index(
        "ix_wallet_grants_expiring",
        "project_id",
        "expires_at",
        sqlite_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
    ),
)


@dataclass(frozen=True, slots=True)
class Grant:
    """Credits to be put into a wallet.

    `amount` is whole units, `key` makes it happen once in the project, `source_id` is the reward or whatever else brought
    it about, `expires_at` and `at` are the team's time. The caller knows that the customer is the project's.
    """

    project_id: str
    customer_id: str
    unit: str
    amount: int
    key: str
    source: Source
    source_id: str
    expires_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredGrant:
    """A grant as it is kept; `remaining` is what was neither spent nor taken back nor given up to its expiry."""

    id: str
    project_id: str
    customer_id: str
    unit: str
    key: str
    source: str
    source_id: str
    amount: int
    remaining: int
    expires_at: datetime | None
    created_at: datetime


_g: Final = wallet_grants.c
# Written out for the partial indexes: a database uses them only for a query that says the same.
OPEN: Final = sa.text("wallet_grants.remaining > 0")
_by_key = sa.and_(_g.project_id == sa.bindparam("project_id"), _g.key == sa.bindparam("key"))
_ADD: Final = BulkInsert(
    wallet_grants,
    [column.name for column in _g],
    key=["id"],
    finish=lambda new: new.on_conflict_do_nothing(index_elements=["project_id", "key"]),
)
_BY_KEY: Final = query(sa.select(*_g).where(_by_key), StoredGrant)
_LOCK: Final = query(sa.select(*_g).where(_by_key).with_for_update(), StoredGrant)
_DUE: Final = query(
    sa.select(*_g)
    .join_from(projects, wallet_grants, _g.project_id == projects.c.id)
    .where(
        projects.c.team_id == sa.bindparam("team_id"),
        OPEN,
        _g.expires_at.is_not(None),
        _g.expires_at <= sa.bindparam("at", type_=Moment()),
    )
    .limit(_EXPIRED_AT_ONCE),
    StoredGrant,
)


def _changed(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    return (
        sa.update(wallet_grants)
        .where(
            _g.id == given["grant_id"],
            _g.project_id == given["in_project"],
            # Whoever read another number decided on another wallet.
            _g.remaining == given["before"],
        )
        .values(remaining=given["after"])
        .returning(_g.id, _g.remaining)
    )


_SET_REMAINING: Final = listed(
    {"grant_id": sa.Text(), "in_project": sa.Text(), "before": sa.BigInteger(), "after": sa.BigInteger()},
    _changed,
    row_tuple,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What remains of a grant, before and after."""

    grant_id: str
    in_project: str
    before: int
    after: int


async def add_grants(tx: Writing, grants: Sequence[Grant]) -> list[bool]:
    """Put credits into wallets; for each grant tell whether it is new: False for a key that the project has used before.

    Raises `Invalid` for an amount or a unit that no wallet holds, `Conflict` if a wallet would hold more than 2**53 - 1.
    """
    if not grants:
        return []
    rows = [_stored(grant) for grant in grants]
    added = await tx.insert_bulk(_ADD, [row_of(row) for row in rows])
    await credit_together(tx, [_credit(row) for row, is_new in zip(rows, added, strict=True) if is_new])
    return added


def grant_writes(grants: Sequence[Grant]) -> tuple[BulkWrite, list[Row], BulkWrite]:
    """Return the writes of grants whose keys are surely new, for a unit that writes more together.

    The grants, the transfers for `ADD_TRANSFERS`, and the wallets. One that changes fewer rows than it has means that a key
    was used before or that a wallet would hold too much; the unit is then to be refused.
    """
    rows = [_stored(grant) for grant in grants]
    transfers, wallets = credit_writes([_credit(row) for row in rows])
    return BulkWrite(_ADD, [row_of(row) for row in rows]), transfers, wallets


async def add_grant(tx: Writing, grant: Grant, *, entry: Entry | None = None) -> StoredGrant:
    """Put credits into the wallet of a live customer, once; the same grant again is answered with the first one.

    `entry` is what the audit log is told of a new one; its subject will be the grant.
    Raises `NotFound` without such a customer, `Conflict` for a key that was used for another grant, `Invalid` for an expiry
    that is not ahead.
    """
    (is_new,) = await add_grants(tx, [grant])
    if is_new:
        await customers.get(tx, grant.project_id, grant.customer_id)
        if grant.expires_at is not None and grant.expires_at <= grant.at:
            raise Invalid("expiresAt must be in the future.")
    stored = await find_grant(tx, grant.project_id, grant.key)
    if stored is None or _contents(stored) != _contents(grant):
        raise Conflict(f"The key {grant.key} was used for another grant: send another key, or the same grant.")
    if is_new and entry is not None:
        await tx.write_together([entries_write([replace(entry, subject=stored.id)])])
    return stored


async def find_grant(tx: Reading, project_id: str, key: str) -> StoredGrant | None:
    """Return the grant of a key."""
    return await tx.first(_BY_KEY, project_id=project_id, key=key)


async def take_back(tx: Writing, *, project_id: str, key: str, amount: int | None, at: datetime) -> int:
    """Take back what is unspent of a grant, or at most `amount` of it, and return how much that was.

    Never more than remains, so a wallet never goes below zero; nothing for an unknown key.
    """
    grant = await tx.first(_LOCK, project_id=project_id, key=key)
    if grant is None:
        return 0
    taken = grant.remaining if amount is None else min(max(amount, 0), grant.remaining)
    if not taken:
        return 0
    change = Change(grant.id, project_id, grant.remaining, grant.remaining - taken)
    await tx.all_listed(_SET_REMAINING, [values_of(change)])
    # What remains only shrinks, so this key comes once, however often a grant is taken from.
    posting_key = f"wallet:take_back:{grant.id}:{grant.remaining}"
    posting = _posting(grant, key=posting_key, amount=taken, source_id=grant.source_id, at=at)
    await take_together(tx, "take_back", [posting])
    return taken


async def find_expired(tx: Reading, *, team_id: str, at: datetime) -> list[StoredGrant]:
    """Return up to 200 grants of a team that expired with something left and are not closed yet."""
    return await tx.all(_DUE, team_id=team_id, at=at)


async def close_expired(tx: Writing, expired: Sequence[StoredGrant], *, at: datetime) -> int:
    """Post the expiry of grants that `find_expired` found, and return how many; one that was changed since is left.

    A wallet does not need this to be right: nobody can spend or see what has expired. It keeps the ledger true.
    """
    changes = [Change(grant.id, grant.project_id, grant.remaining, 0) for grant in expired]
    closed = {grant_id for grant_id, _ in await tx.all_listed(_SET_REMAINING, [values_of(each) for each in changes])}
    postings = [
        _posting(grant, key=f"wallet:expiry:{grant.id}", amount=grant.remaining, source_id=grant.source_id, at=at)
        for grant in expired
        if grant.id in closed
    ]
    await take_together(tx, "expiry", postings)
    return len(closed)


def remaining_writes(changes: Sequence[Change]) -> ListedWrite:
    """Return what writes down what remains of grants; it changes fewer rows if one is not as the caller read it."""
    return ListedWrite(_SET_REMAINING, [values_of(each) for each in changes])


def _stored(grant: Grant) -> StoredGrant:
    if not 0 < grant.amount <= LARGEST_WALLET:
        raise Invalid(f"A grant's amount must be a whole number from 1 to {LARGEST_WALLET}.")
    return StoredGrant(
        id=new_id("wg_"),
        project_id=grant.project_id,
        customer_id=grant.customer_id,
        unit=checked_unit(grant.unit),
        key=grant.key,
        source=grant.source,
        source_id=grant.source_id,
        amount=grant.amount,
        remaining=grant.amount,
        expires_at=grant.expires_at,
        created_at=grant.at,
    )


def _contents(grant: Grant | StoredGrant) -> tuple[object, ...]:
    return (grant.customer_id, grant.unit, grant.amount, grant.source, grant.source_id, grant.expires_at)


def _credit(row: StoredGrant) -> Posting:
    return _posting(row, key=f"wallet:credit:{row.id}", amount=row.amount, source_id=row.source_id, at=row.created_at)


def _posting(grant: StoredGrant, *, key: str, amount: int, source_id: str, at: datetime) -> Posting:
    # Its reason is the grant and not the reward: what a reward earned is kept under the reward's own program.
    return Posting(
        key=key,
        project_id=grant.project_id,
        program_id=WALLET,
        owner_id=grant.customer_id,
        unit=grant.unit,
        amount=amount,
        reason_id=grant.id,
        source_id=source_id,
        at=at,
    )
