"""Participants: the customers who take part in a program as those who bring others; their pauses and their own rates.

A pause and a rate of one's own are facts with a time, never a switch that is looked at when a payment happens to be heard of:
what a payment earns follows from when it was made (contract A12, A25).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.clock import next_second
from billfold.base.errors import Invalid
from billfold.base.ids import new_id
from billfold.domain.billing.customers import customers
from billfold.domain.referrals.programs import programs
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

Applies = Literal["new_referrals", "from_date"]
LARGEST_RATE: Final = 10_000
MOST_RATES: Final = 1_000

participants = sa.Table(
    "participants",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("program_id", "customer_id"),
    sa.Index("ix_participants_customer_id", "customer_id"),
    sa.Index("ix_participants_created", "project_id", "created_at", "id"),
)

participant_pauses = sa.Table(
    "participant_pauses",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text, nullable=False),
    # The team's time; NULL: it goes on.
    sa.Column("paused_at", Moment, nullable=False),
    sa.Column("resumed_at", Moment),
    sa.Index("ix_participant_pauses_customer", "program_id", "customer_id", "paused_at"),
    # Nobody is paused twice at once.
    sa.Index(
        "uq_participant_pauses_open",
        "program_id",
        "customer_id",
        unique=True,
        sqlite_where=sa.text("resumed_at IS NULL"),
        postgresql_where=sa.text("resumed_at IS NULL"),
    ),
)

participant_rates = sa.Table(
    "participant_rates",
    metadata,
    sa.Column("program_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    # NULL: the program's own rates again.
    sa.Column("basis_points", sa.BigInteger),
    # new_referrals · from_date
    sa.Column("applies", sa.Text, nullable=False),
    sa.Column("from_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)
forbid_changes(participant_rates)


@dataclass(frozen=True, slots=True)
class Pause:
    """From when until when a participant earns nothing on payments; `resumed_at` None means that it goes on."""

    paused_at: datetime
    resumed_at: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Tell whether a payment was made in it; Stripe's times are whole seconds, so is the end."""
        return self.paused_at <= moment and (self.resumed_at is None or moment < self.resumed_at.replace(microsecond=0))


@dataclass(frozen=True, slots=True)
class OwnRate:
    """A participant's own share, None for the program's again; for referrals made, or payments, from `from_at` on."""

    version: int
    basis_points: int | None
    applies: Applies
    from_at: datetime


_of_one: Final[Mapping[str, sa.BindParameter[str]]] = {
    "project_id": sa.bindparam("project_id"),
    "program_id": sa.bindparam("program_id"),
    "customer_id": sa.bindparam("customer_id"),
}
_ADD: Final = command(
    insert(participants)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in participants.c})
    .on_conflict_do_nothing(index_elements=["program_id", "customer_id"])
)
_LOCK: Final = query(
    sa.select(participants.c.id)
    .where(*(participants.c[name] == given for name, given in _of_one.items()))
    .with_for_update(),
    str,
)
_PAUSE: Final = query(
    insert_row(participant_pauses).on_conflict_do_nothing().returning(participant_pauses.c.id),
    str,
)
_RESUME: Final = query(
    sa.update(participant_pauses)
    .where(
        participant_pauses.c.project_id == sa.bindparam("of_project"),
        participant_pauses.c.program_id == sa.bindparam("of_program"),
        participant_pauses.c.customer_id == sa.bindparam("of_customer"),
        participant_pauses.c.resumed_at.is_(None),
    )
    .values(resumed_at=sa.bindparam("at", type_=Moment()))
    .returning(participant_pauses.c.id),
    str,
)
_PAUSES: Final = query(
    sa.select(participant_pauses.c.paused_at, participant_pauses.c.resumed_at)
    .where(*(participant_pauses.c[name] == given for name, given in _of_one.items()))
    .order_by(participant_pauses.c.paused_at),
    Pause,
)
_ADD_RATE: Final = command(insert_row(participant_rates))
_RATES: Final = query(
    sa.select(
        participant_rates.c.version,
        participant_rates.c.basis_points,
        participant_rates.c.applies,
        participant_rates.c.from_at,
    )
    .where(*(participant_rates.c[name] == given for name, given in _of_one.items()))
    .order_by(participant_rates.c.version),
    OwnRate,
)


async def join(tx: Writing, *, project_id: str, program_id: str, customer_id: str, at: datetime) -> None:
    """Make a customer a participant of a program; doing it again changes nothing."""
    await tx.run(
        _ADD, id=new_id("part_"), project_id=project_id, program_id=program_id, customer_id=customer_id, created_at=at
    )


async def lock(tx: Writing, *, project_id: str, program_id: str, customer_id: str) -> None:
    """Hold a participant: whoever changes what all of his payments depend on takes turns. Nobody there holds nothing."""
    await tx.first(_LOCK, project_id=project_id, program_id=program_id, customer_id=customer_id)


async def pause(tx: Writing, *, project_id: str, program_id: str, customer_id: str, at: datetime) -> bool:
    """Have a participant earn nothing on what is paid from now on (contract A12); what is earned goes on as it was.

    Returns False if he was paused already.
    """
    added = await tx.first(
        _PAUSE,
        id=new_id("pause_"),
        project_id=project_id,
        program_id=program_id,
        customer_id=customer_id,
        paused_at=at,
        resumed_at=None,
    )
    return added is not None


async def resume(tx: Writing, *, project_id: str, program_id: str, customer_id: str, at: datetime) -> bool:
    """Have a paused participant earn on what is paid from now on. Returns False if he was not paused."""
    ended = await tx.first(_RESUME, of_project=project_id, of_program=program_id, of_customer=customer_id, at=at)
    return ended is not None


async def set_rate(
    tx: Writing,
    *,
    project_id: str,
    program_id: str,
    customer_id: str,
    basis_points: int | None,
    applies: Applies,
    from_at: datetime | None,
    at: datetime,
) -> None:
    """Give a participant a share of his own instead of the program's rates; None gives him the program's again.

    It is for referrals made from now on, or for payments from `from_at` on (None is now). What is earned is never touched: a date
    in the past raises `Invalid`, as does a share that is not from 0 to 10,000 basis points.
    """
    if basis_points is not None and not 0 <= basis_points <= LARGEST_RATE:
        raise Invalid(f"A share is a whole number of basis points from 0 to {LARGEST_RATE}.")
    await join(tx, project_id=project_id, program_id=program_id, customer_id=customer_id, at=at)
    # Two changes at once take turns here, so that each gets a number of its own.
    await lock(tx, project_id=project_id, program_id=program_id, customer_id=customer_id)
    known = await rates_of(tx, project_id=project_id, program_id=program_id, customer_id=customer_id)
    if len(known) >= MOST_RATES:
        raise Invalid(f"The rate of a participant can be changed {MOST_RATES} times.")
    await tx.run(
        _ADD_RATE,
        project_id=project_id,
        program_id=program_id,
        customer_id=customer_id,
        version=len(known) + 1,
        basis_points=basis_points,
        applies=applies,
        from_at=at if applies == "new_referrals" else first_moment(from_at, at=at),
        created_at=at,
    )


async def pauses_of(tx: Reading, *, project_id: str, program_id: str, customer_id: str) -> list[Pause]:
    """Return when a participant earned nothing, oldest first."""
    return await tx.all(_PAUSES, project_id=project_id, program_id=program_id, customer_id=customer_id)


async def rates_of(tx: Reading, *, project_id: str, program_id: str, customer_id: str) -> list[OwnRate]:
    """Return a participant's own rates, oldest first."""
    return await tx.all(_RATES, project_id=project_id, program_id=program_id, customer_id=customer_id)


def rate_for(rates: Sequence[OwnRate], *, referred_at: datetime, paid_at: datetime) -> OwnRate | None:
    """Return the participant's own rate for a payment, None where the program's own rates count."""
    for rate in reversed(rates):
        if rate.from_at <= (referred_at if rate.applies == "new_referrals" else paid_at):
            return rate if rate.basis_points is not None else None
    return None


def first_moment(from_at: datetime | None, *, at: datetime) -> datetime:
    """Return from which payment on a change counts that is made now; raises `Invalid` for a date in the past.

    Stripe's times are whole seconds, so a payment of the very second may have earned already: the next one is the first.
    """
    if from_at is not None and from_at < at.replace(microsecond=0):
        raise Invalid("The date lies in the past: what was earned is never changed. Choose now or a later date.")
    return max(from_at or at, next_second(at))
