"""Participants: the customers who take part in a program as those who bring others."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.ids import new_id
from billfold.domain.billing.customers import customers
from billfold.domain.referrals.programs import programs
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, metadata
from billfold.infrastructure.db.types import Moment

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

_ADD: Final = command(
    insert(participants)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in participants.c})
    .on_conflict_do_nothing(index_elements=["program_id", "customer_id"])
)


async def join(tx: Writing, *, project_id: str, program_id: str, customer_id: str, at: datetime) -> None:
    """Make a customer a participant of a program; doing it again changes nothing."""
    await tx.run(
        _ADD, id=new_id("part_"), project_id=project_id, program_id=program_id, customer_id=customer_id, created_at=at
    )
