"""Idempotency keys: a request that is sent again gets the first answer, and its effect happens once (SCENARIOS C9).

The claim, the effect and the answer are one unit, so a key is either recorded with its effect or not at all; a request
that fails records nothing. Keys belong to a project and are kept for 24 hours of the wall clock, as Stripe keeps its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Moment

KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.Text, nullable=False),
    sa.Column("status", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("ix_idempotency_keys_created_at", "created_at"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A caller's key with the hash of the request (method, path, query and body) that it stands for."""

    project_id: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status and a JSON body."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Recorded:
    request_hash: str
    status: int
    body: bytes


_mine = sa.and_(
    idempotency_keys.c.project_id == sa.bindparam("project_id"), idempotency_keys.c.key == sa.bindparam("key")
)
_new = insert(idempotency_keys).values(
    project_id=sa.bindparam("project_id"),
    key=sa.bindparam("key"),
    request_hash=sa.bindparam("request_hash"),
    status=0,
    body=b"",
    created_at=sa.bindparam("created_at", type_=Moment()),
)
# An outlived key is taken over; a living one makes the second unit wait for the first one's commit on PostgreSQL.
_CLAIM: Final = query(
    _new.on_conflict_do_update(
        index_elements=["project_id", "key"],
        set_={"request_hash": _new.excluded.request_hash, "created_at": _new.excluded.created_at},
        where=idempotency_keys.c.created_at <= sa.bindparam("outlived_at", type_=Moment()),
    ).returning(idempotency_keys.c.key),
    str,
)
_FIND: Final = query(
    sa.select(idempotency_keys.c.request_hash, idempotency_keys.c.status, idempotency_keys.c.body).where(
        _mine, idempotency_keys.c.created_at > sa.bindparam("outlived_at", type_=Moment())
    ),
    _Recorded,
)
_RECORD: Final = command(
    sa.update(idempotency_keys).where(_mine).values(status=sa.bindparam("answered"), body=sa.bindparam("answer_body"))
)
_FORGET: Final = command(
    sa.delete(idempotency_keys).where(idempotency_keys.c.created_at <= sa.bindparam("outlived_at", type_=Moment()))
)


async def recorded_answer(tx: Reading, claim: Claim, *, now: datetime) -> Answer | None:
    """Return the answer that this request was given before, None if it is new; `Conflict` if the key was for another."""
    found = await tx.first(_FIND, project_id=claim.project_id, key=claim.key, outlived_at=now - KEPT)
    if found is None:
        return None
    if found.request_hash != claim.request_hash:
        raise Conflict("This Idempotency-Key was used for another request: use a new key for a new request.")
    return Answer(found.status, found.body)


async def claim_key(tx: Writing, claim: Claim, *, now: datetime) -> Answer | None:
    """Claim the key for this unit and return None, or return the answer that was recorded under it.

    Raises `Conflict` if the key stands for another request.
    """
    claimed = await tx.first(
        _CLAIM,
        project_id=claim.project_id,
        key=claim.key,
        request_hash=claim.request_hash,
        created_at=now,
        outlived_at=now - KEPT,
    )
    return None if claimed else await recorded_answer(tx, claim, now=now)


async def record_answer(tx: Writing, claim: Claim, answer: Answer) -> None:
    """Keep the answer under the key that this unit claimed."""
    await tx.run(_RECORD, project_id=claim.project_id, key=claim.key, answered=answer.status, answer_body=answer.body)


async def forget_outlived_keys(tx: Writing, *, now: datetime) -> int:
    """Delete the keys that are older than 24 hours; for a recurring job."""
    return await tx.run(_FORGET, outlived_at=now - KEPT)
