"""Reviews: what made a referral look like somebody bringing himself, for a person to judge (contract A28).

A signal that proves it (the same mailbox, the same card) makes the referral void at once, and its review is there to undo that.
One that does not (the same organisation) only asks to be looked at. A signal that a person released never counts again for that
referral.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.referrals.referrals import referrals
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import insert_row, metadata, query
from billfold.infrastructure.db.types import Json, Moment

Signal = Literal["same_mailbox", "same_card", "same_organisation"]
OPEN: Final = "open"
RELEASED: Final = "released"
CONFIRMED: Final = "confirmed"
STATUSES: Final = (OPEN, RELEASED, CONFIRMED)
# What proves that somebody brought himself; everything else is for a person to judge.
PROVES: Final = frozenset({"same_mailbox", "same_card"})

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, nullable=False),
    sa.Column("referral_id", sa.Text, sa.ForeignKey(referrals.c.id), nullable=False),
    sa.Column("signal", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    # What was seen, as a person may be shown it: no address and no number in full.
    sa.Column("evidence", Json, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("decided_at", Moment),
    sa.Column("decided_by", sa.Text),
    sa.Column("note", sa.Text),
    sa.CheckConstraint("status IN ('open', 'released', 'confirmed')", name="status"),
    sa.UniqueConstraint("referral_id", "signal"),
    sa.Index("ix_reviews_queue", "project_id", "status", "opened_at", "id"),
)


@dataclass(frozen=True, slots=True)
class Review:
    """One signal about a referral and what a person made of it; moments are the team's time."""

    id: str
    project_id: str
    program_id: str
    referral_id: str
    signal: Signal
    status: str
    evidence: Mapping[str, Any]
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    note: str | None


_in_project = reviews.c.project_id == sa.bindparam("project_id")
_ADD: Final = query(
    insert_row(reviews).on_conflict_do_nothing(index_elements=["referral_id", "signal"]).returning(reviews.c.id), str
)
_GET: Final = query(sa.select(*reviews.c).where(_in_project, reviews.c.id == sa.bindparam("review_id")), Review)
_LOCK: Final = query(
    sa.select(*reviews.c).where(_in_project, reviews.c.id == sa.bindparam("review_id")).with_for_update(), Review
)
_OF_REFERRAL: Final = query(
    sa.select(*reviews.c)
    .where(_in_project, reviews.c.referral_id == sa.bindparam("referral_id"))
    .order_by(reviews.c.opened_at, reviews.c.id),
    Review,
)
_LIST: Final = query(
    sa.select(*reviews.c)
    .where(_in_project, reviews.c.status == sa.bindparam("wanted_status"))
    .order_by(reviews.c.opened_at.desc(), reviews.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    Review,
)
_COUNT: Final = query(
    sa.select(sa.func.count())
    .select_from(reviews)
    .where(_in_project, reviews.c.status == sa.bindparam("wanted_status")),
    int,
)
_DECIDE: Final = query(
    sa.update(reviews)
    .where(reviews.c.project_id == sa.bindparam("of_project"), reviews.c.id == sa.bindparam("review_id"))
    .values(
        status=sa.bindparam("new_status"),
        decided_at=sa.bindparam("at", type_=Moment()),
        decided_by=sa.bindparam("by_whom"),
        note=sa.bindparam("new_note"),
    )
    .returning(*reviews.c),
    Review,
)


async def open_review(
    tx: Writing,
    *,
    project_id: str,
    program_id: str,
    referral_id: str,
    signal: Signal,
    evidence: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Put a signal into the queue; False if it was seen before, whatever became of it."""
    added = await tx.first(
        _ADD,
        id=new_id("rev_"),
        project_id=project_id,
        program_id=program_id,
        referral_id=referral_id,
        signal=signal,
        status=OPEN,
        evidence=evidence,
        opened_at=at,
        decided_at=None,
        decided_by=None,
        note=None,
    )
    return added is not None


async def decide(tx: Writing, review: Review, status: str, *, by: str, note: str | None, at: datetime) -> Review:
    """Write down what a person decided, or that it is open again; what follows from it is in `verdicts.py`."""
    is_open = status == OPEN
    return await tx.one(
        _DECIDE,
        of_project=review.project_id,
        review_id=review.id,
        new_status=status,
        at=None if is_open else at,
        by_whom=None if is_open else by,
        new_note=None if is_open else note,
    )


async def get(tx: Reading, project_id: str, review_id: str) -> Review:
    """Return a review or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, review_id=review_id)
    if found is None:
        raise NotFound("Review not found.")
    return found


async def lock(tx: Writing, project_id: str, review_id: str) -> Review:
    """Return a review and hold it; it must be there."""
    return await tx.one(_LOCK, project_id=project_id, review_id=review_id)


async def reviews_of(tx: Reading, project_id: str, referral_id: str) -> list[Review]:
    """Return what was seen about a referral, oldest first."""
    return await tx.all(_OF_REFERRAL, project_id=project_id, referral_id=referral_id)


async def list_reviews(tx: Reading, project_id: str, status: str, page: Page) -> list[Review]:
    """Return a page of the queue, newest first."""
    return await tx.all(_LIST, project_id=project_id, wanted_status=status, limit=page.limit, offset=page.offset)


async def count_reviews(tx: Reading, project_id: str, status: str) -> int:
    """Return how many there are."""
    return await tx.one(_COUNT, project_id=project_id, wanted_status=status)
