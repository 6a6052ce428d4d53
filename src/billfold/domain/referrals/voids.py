"""Voids: rewards and referrals that count for nothing, kept with the reason why (contract A24, A28).

A void row stays where it was, so that it can be explained and undone. `voids` says of each subject why, by whom, and of a
reward what it would be worth; a reward is void exactly while it has a row here. What it had earned goes back in the ledger,
also after it was paid out: then the earner's next earnings net it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.referrals.rewards import rewards
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import any_of, command, insert_row, metadata, query, row_tuple
from billfold.infrastructure.db.types import Moment

LONGEST_NOTE: Final = 1_000
SELF_REFERRAL: Final = "self_referral"
# Of a commission whose payment was given back whole before it was paid out (contract section 6): it has no row here.
REFUNDED: Final = "refunded"
REASONS: Final = (SELF_REFERRAL, "fraud", "mistake", "agreement", "other")

voids = sa.Table(
    "voids",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    # The id of a reward or of a referral.
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("referral_id", sa.Text, nullable=False),
    # One of `REASONS`.
    sa.Column("reason", sa.Text, nullable=False),
    # For the team only.
    sa.Column("note", sa.Text),
    # Who did it, as a person reads it.
    sa.Column("by", sa.Text, nullable=False),
    # Of a reward: what it would be worth, in minor units of its unit.
    sa.Column("amount", sa.BigInteger, nullable=False),
    # A reward that is void because its referral is.
    sa.Column("with_referral", sa.Boolean, nullable=False),
    sa.Column("voided_at", Moment, nullable=False),
    sa.Index("ix_voids_referral", "referral_id"),
)


@dataclass(frozen=True, slots=True)
class Void:
    """Why a reward or a referral counts for nothing; `amount` is what a reward would be worth."""

    project_id: str
    subject_id: str
    referral_id: str
    reason: str
    note: str | None
    by: str
    amount: int
    with_referral: bool
    voided_at: datetime


_of_project = voids.c.project_id == sa.bindparam("project_id")
_ADD: Final = query(
    insert_row(voids).on_conflict_do_nothing(index_elements=["project_id", "subject_id"]).returning(voids.c.subject_id),
    str,
)
_FIND: Final = query(sa.select(*voids.c).where(_of_project, voids.c.subject_id == sa.bindparam("subject_id")), Void)
_OF: Final = query(sa.select(*voids.c).where(_of_project, any_of(voids.c.subject_id, "subject_ids")), Void)
_SUMS: Final = query(
    sa.select(voids.c.referral_id, rewards.c.unit, sa.func.sum(voids.c.amount))
    .join_from(voids, rewards, sa.and_(rewards.c.project_id == voids.c.project_id, rewards.c.id == voids.c.subject_id))
    .where(only_checked(voids.c.project_id) == sa.bindparam("project_id"), any_of(voids.c.referral_id, "referral_ids"))
    .group_by(voids.c.referral_id, rewards.c.unit),
    row_tuple,
)
_REMOVE: Final = query(
    sa.delete(voids).where(_of_project, voids.c.subject_id == sa.bindparam("subject_id")).returning(voids.c.subject_id),
    str,
)
_REMOVE_WITH_REFERRAL: Final = command(
    sa.delete(voids).where(
        _of_project, voids.c.referral_id == sa.bindparam("referral_id"), voids.c.with_referral.is_(sa.true())
    )
)
_SET_AMOUNT: Final = command(
    sa.update(voids)
    .where(
        voids.c.project_id == sa.bindparam("of_project"),
        voids.c.subject_id == sa.bindparam("of_subject"),
    )
    .values(amount=sa.bindparam("new_amount"))
)


async def add(tx: Writing, void: Void) -> bool:
    """Write down that something is void; False if it was."""
    row = {column.name: getattr(void, column.name) for column in voids.c}
    return await tx.first(_ADD, **row) is not None


async def remove(tx: Writing, project_id: str, subject_id: str) -> bool:
    """Have something count again; False if it did."""
    return await tx.first(_REMOVE, project_id=project_id, subject_id=subject_id) is not None


async def remove_with_referral(tx: Writing, project_id: str, referral_id: str) -> None:
    """Have the rewards count again that were void because their referral was."""
    await tx.run(_REMOVE_WITH_REFERRAL, project_id=project_id, referral_id=referral_id)


async def set_amount(tx: Writing, void: Void, amount: int) -> None:
    """Write down what a void reward would be worth now."""
    await tx.run(_SET_AMOUNT, of_project=void.project_id, of_subject=void.subject_id, new_amount=amount)


async def find(tx: Reading, project_id: str, subject_id: str) -> Void | None:
    """Return why a reward or referral is void, None if it is not."""
    return await tx.first(_FIND, project_id=project_id, subject_id=subject_id)


async def voids_of(tx: Reading, project_id: str, subject_ids: Sequence[str]) -> dict[str, Void]:
    """Return what is void of some rewards and referrals, by their ids."""
    found = await tx.all(_OF, project_id=project_id, subject_ids=list(subject_ids)) if subject_ids else []
    return {each.subject_id: each for each in found}


async def voids_of_referrals(tx: Reading, project_id: str, referral_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return what the void rewards of some referrals would be worth, by referral and unit."""
    if not referral_ids:
        return {}
    found: dict[str, dict[str, int]] = {}
    for referral_id, unit, amount in await tx.all(_SUMS, project_id=project_id, referral_ids=list(referral_ids)):
        # PostgreSQL sums whole numbers to a decimal.
        found.setdefault(referral_id, {})[unit] = int(amount)
    return found
