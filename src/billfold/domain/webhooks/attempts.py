"""Attempts: each try of a delivery, with what the receiver answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import ListedWrite, insert_listed, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

# What is kept of an answer, in characters of text.
LONGEST_ANSWER: Final = 1_024
MOST_SHOWN: Final = 100

webhook_attempts = sa.Table(
    "webhook_attempts",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    # No foreign key: rows are only ever added, hundreds a second, and removed with their delivery.
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("delivery_id", sa.Text, nullable=False),
    sa.Column("tried_at", Moment, nullable=False),
    # NULL: there was no answer, and `error` says why.
    sa.Column("status", sa.BigInteger),
    sa.Column("latency_ms", sa.BigInteger, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("error", sa.Text),
    sa.Index("ix_webhook_attempts_delivery", "delivery_id", "sequence"),
)


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A try that ended: an HTTP status, or an error instead; `answer` is the first 1,024 characters of the body."""

    project_id: str
    delivery_id: str
    tried_at: datetime
    status: int | None
    latency_ms: int
    answer: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try as it is listed."""

    sequence: int
    tried_at: datetime
    status: int | None
    latency_ms: int
    answer: str | None
    error: str | None


_ADD: Final = insert_listed(
    webhook_attempts,
    ["project_id", "delivery_id", "tried_at", "status", "latency_ms", "answer", "error"],
    lambda new: new.returning(webhook_attempts.c.sequence),
    int,
)
_OF_DELIVERY: Final = query(
    sa.select(
        webhook_attempts.c.sequence,
        webhook_attempts.c.tried_at,
        webhook_attempts.c.status,
        webhook_attempts.c.latency_ms,
        webhook_attempts.c.answer,
        webhook_attempts.c.error,
    )
    .where(
        webhook_attempts.c.delivery_id == sa.bindparam("of_delivery"),
        webhook_attempts.c.project_id == sa.bindparam("of_project"),
    )
    .order_by(webhook_attempts.c.sequence.desc())
    .limit(MOST_SHOWN),
    Attempt,
)


def attempt_writes(attempts: Sequence[NewAttempt]) -> ListedWrite:
    """Return the write of many tries."""
    return ListedWrite(_ADD, [values_of(each) for each in attempts])


async def attempts_of_delivery(tx: Reading, project_id: str, delivery_id: str) -> list[Attempt]:
    """Return the latest hundred tries of a delivery, newest first."""
    return await tx.all(_OF_DELIVERY, of_project=project_id, of_delivery=delivery_id)
