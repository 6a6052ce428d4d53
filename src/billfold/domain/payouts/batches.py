"""Batches: payouts that are prepared, approved and sent together.

A batch is prepared in short units, a stretch of owners each, so that ten thousand of them hold up nobody; its cursor says how
far it is, so that it goes on after a crash where it stopped. What it prepared is reserved: a second batch finds it gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.referrals.programs import Program, programs
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import get_team, teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.jobs.queue import enqueue

PREPARING: Final = "preparing"
PREPARED: Final = "prepared"
APPROVED: Final = "approved"
SENT: Final = "sent"
PREPARE_JOB: Final = "payouts.prepare"
SEND_BATCH_JOB: Final = "payouts.send_batch"
MOST_CHOSEN: Final = 100

payout_batches = sa.Table(
    "payout_batches",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), nullable=False),
    # The program's name, by which its terms are found again.
    sa.Column("program_key", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    # Only these customers, NULL for all of the program; and only this currency, NULL for all.
    sa.Column("customer_ids", Json),
    sa.Column("currency", sa.Text),
    # Behind which account the preparation goes on.
    sa.Column("cursor_owner", sa.Text, nullable=False),
    sa.Column("cursor_unit", sa.Text, nullable=False),
    sa.Column("payouts", sa.BigInteger, nullable=False),
    sa.Column("left_out", sa.BigInteger, nullable=False),
    # Behind which payout the sending goes on.
    sa.Column("cursor_payout", sa.Text, nullable=False),
    sa.Column("prepared_by", sa.Text, nullable=False),
    sa.Column("approved_by", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("approved_at", Moment),
    sa.Column("sent_at", Moment),
    sa.CheckConstraint("status IN ('preparing', 'prepared', 'approved', 'sent')", name="status"),
    sa.Index("ix_payout_batches_created", "project_id", "created_at", "id"),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch; `payouts` counts what it made, `left_out` accounts that did not stand at zero and were not paid."""

    id: str
    team_id: str
    project_id: str
    program_id: str
    program_key: str
    status: str
    customer_ids: list[str] | None
    currency: str | None
    cursor_owner: str
    cursor_unit: str
    payouts: int
    left_out: int
    cursor_payout: str
    prepared_by: str
    approved_by: str | None
    created_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None


_in_project = payout_batches.c.project_id == sa.bindparam("of_project")
_one = sa.and_(_in_project, payout_batches.c.id == sa.bindparam("batch_id"))
_at = sa.bindparam("at", type_=Moment())
_ADD: Final = command(insert_row(payout_batches))
_GET: Final = query(sa.select(*payout_batches.c).where(_one), Batch)
_LOCK: Final = query(sa.select(*payout_batches.c).where(_one).with_for_update(), Batch)
_LIST: Final = query(
    sa.select(*payout_batches.c)
    .where(_in_project)
    .order_by(payout_batches.c.created_at.desc(), payout_batches.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    Batch,
)
_MOVE_ON: Final = command(
    sa.update(payout_batches)
    .where(_one)
    .values(
        cursor_owner=sa.bindparam("owner"),
        cursor_unit=sa.bindparam("unit"),
        payouts=payout_batches.c.payouts + sa.bindparam("made", type_=sa.BigInteger()),
        left_out=payout_batches.c.left_out + sa.bindparam("left", type_=sa.BigInteger()),
        status=sa.bindparam("new_status"),
    )
)
_APPROVE: Final = query(
    sa.update(payout_batches)
    .where(_one, payout_batches.c.status == PREPARED)
    .values(status=APPROVED, approved_by=sa.bindparam("by"), approved_at=_at)
    .returning(*payout_batches.c),
    Batch,
)
_SEND: Final = query(
    sa.update(payout_batches)
    .where(_one, payout_batches.c.status == APPROVED)
    .values(status=SENT, sent_at=_at)
    .returning(*payout_batches.c),
    Batch,
)
_SET_CURSOR: Final = command(sa.update(payout_batches).where(_one).values(cursor_payout=sa.bindparam("payout")))


async def add_batch(
    tx: Writing,
    *,
    team_id: str,
    program: Program,
    by: str,
    now: datetime,
    customer_ids: Sequence[str] | None = None,
    currency: str | None = None,
) -> Batch:
    """Begin a batch of a program, for everybody or for at most a hundred chosen customers; a job prepares it.

    `by` is who asks, as the audit log names him.
    """
    if customer_ids is not None and not 0 < len(customer_ids) <= MOST_CHOSEN:
        raise Invalid(f"Choose 1 to {MOST_CHOSEN} customers, or none for all.")
    batch = Batch(
        id=new_id("pob_"),
        team_id=team_id,
        project_id=program.project_id,
        program_id=program.id,
        program_key=program.key,
        status=PREPARING,
        customer_ids=None if customer_ids is None else list(dict.fromkeys(customer_ids)),
        currency=currency,
        cursor_owner="",
        cursor_unit="",
        payouts=0,
        left_out=0,
        cursor_payout="",
        prepared_by=by,
        approved_by=None,
        created_at=(await get_team(tx, team_id)).time_at(now),
        approved_at=None,
        sent_at=None,
    )
    await tx.run(_ADD, **values_of(batch))
    await _enqueue(tx, PREPARE_JOB, batch, now=now)
    return batch


async def approve(tx: Writing, project_id: str, batch_id: str, *, by: str, at: datetime) -> Batch:
    """Say that what a batch prepared may be sent; a second time changes nothing. Raises `Conflict` while it is prepared."""
    approved = await tx.first(_APPROVE, of_project=project_id, batch_id=batch_id, by=by, at=at)
    if approved is not None:
        return approved
    batch = await get_batch(tx, project_id, batch_id)
    if batch.status == PREPARING:
        raise Conflict("This batch is still being prepared. Look at it again in a moment.")
    return batch


async def send(tx: Writing, project_id: str, batch_id: str, *, at: datetime, now: datetime) -> Batch:
    """Have an approved batch sent, payout by payout, by jobs; a second time changes nothing.

    Raises `Conflict` before it is approved.
    """
    sent = await tx.first(_SEND, of_project=project_id, batch_id=batch_id, at=at)
    if sent is not None:
        await _enqueue(tx, SEND_BATCH_JOB, sent, now=now)
        return sent
    batch = await get_batch(tx, project_id, batch_id)
    if batch.status != SENT:
        raise Conflict("Approve this batch before it is sent.")
    return batch


async def move_on(tx: Writing, batch: Batch, *, owner: str, unit: str, made: int, left: int, is_last: bool) -> None:
    """Write down how far the preparation is."""
    await tx.run(
        _MOVE_ON,
        of_project=batch.project_id,
        batch_id=batch.id,
        owner=owner,
        unit=unit,
        made=made,
        left=left,
        new_status=PREPARED if is_last else PREPARING,
    )


async def set_sending_cursor(tx: Writing, batch: Batch, payout_id: str) -> None:
    """Write down how far the sending is."""
    await tx.run(_SET_CURSOR, of_project=batch.project_id, batch_id=batch.id, payout=payout_id)


async def get_batch(tx: Reading, project_id: str, batch_id: str) -> Batch:
    """Return a batch or raise `NotFound`."""
    found = await tx.first(_GET, of_project=project_id, batch_id=batch_id)
    return _required(found)


async def lock_batch(tx: Writing, project_id: str, batch_id: str) -> Batch:
    """Return a batch and hold it until the unit ends, or raise `NotFound`."""
    found = await tx.first(_LOCK, of_project=project_id, batch_id=batch_id)
    return _required(found)


async def list_batches(tx: Reading, project_id: str, page: Page) -> list[Batch]:
    """Return a page of a project's batches, newest first."""
    return await tx.all(_LIST, of_project=project_id, limit=page.limit, offset=page.offset)


def _required(batch: Batch | None) -> Batch:
    if batch is None:
        raise NotFound("Batch not found.")
    return batch


async def _enqueue(tx: Writing, job: str, batch: Batch, *, now: datetime) -> None:
    payload = {"team_id": batch.team_id, "project_id": batch.project_id, "batch_id": batch.id}
    await enqueue(tx, job, payload, now=now, key=batch.id, team_id=batch.team_id)
