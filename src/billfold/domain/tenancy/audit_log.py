"""Who did what in a team, when and from where.

A row is written in the unit of its effect, so there is no effect without it and no row about what did not happen, and the
database itself refuses to change one, or to remove one that is younger than 400 days. The names of the actor and of the
subject are kept as they were: a key that is revoked, a person who left and a customer who was deleted still read as somebody.

No foreign keys: the log outlives what it tells of, and on PostgreSQL their checks would have every write of a team lock
the same row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.log import redact
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import ListedWrite, command, insert_listed, metadata, query
from billfold.infrastructure.db.types import Json, Moment

# What a row holds at most: the log is read by people, and whoever may write a name must not fill the disk with it.
_MOST_DETAILS: Final = 20
_LONGEST_TEXT: Final = 200
_MOST_ITEMS: Final = 20
# A year and the month in which somebody looks at it: what an auditor asks for.
SHORTEST_KEPT_DAYS: Final = 400

audit_log = sa.Table(
    "audit_log",
    metadata,
    # In the order in which they were written: a page ends at a sequence number, and new rows do not move it.
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("team_id", sa.Text, nullable=False),
    # NULL: it concerns the team.
    sa.Column("project_id", sa.Text),
    sa.Column("actor_kind", sa.Text, nullable=False),
    # The id of a user, a key or a customer; NULL for the system.
    sa.Column("actor_id", sa.Text),
    # The person's address or the key's name at the time; for a customer the code by which a partner is known.
    sa.Column("actor_name", sa.Text, nullable=False),
    # The network address that the request came from; NULL where there was no request.
    sa.Column("address", sa.Text),
    # What was done, in the past tense: `api_key.created`.
    sa.Column("action", sa.Text, nullable=False),
    # The id of what it was done to.
    sa.Column("subject", sa.Text),
    sa.Column("details", Json, nullable=False),
    # The wall clock's.
    sa.Column("recorded_at", Moment, nullable=False),
    sa.CheckConstraint("actor_kind IN ('member', 'key', 'customer', 'system')", name="actor_kind"),
    sa.Index("ix_audit_log_team_id", "team_id", "sequence"),
    # What no key did: the few rows between the millions that keys write, at no cost for those.
    sa.Index(
        "ix_audit_log_people",
        "team_id",
        "sequence",
        sqlite_where=sa.text("actor_kind <> 'key'"),
        postgresql_where=sa.text("actor_kind <> 'key'"),
    ),
    sa.Index(
        "ix_audit_log_subject",
        "team_id",
        "subject",
        "sequence",
        sqlite_where=sa.text("actor_kind <> 'key'"),
        postgresql_where=sa.text("actor_kind <> 'key'"),
    ),
)
forbid_changes(audit_log, kept_days=SHORTEST_KEPT_DAYS, moment="recorded_at")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a signed-in person (`id` is the user's), an API key, a customer of a project, or Billfold itself."""

    kind: Literal["member", "key", "customer", "system"]
    id: str | None
    address: str | None = None
    # The person's e-mail address or the key's name, kept as it is now. Of a customer nothing that tells of him: the log cannot
    # forget, and he may ask to be forgotten.
    name: str = ""


SYSTEM: Final = Actor("system", None, None, "Billfold")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written down, as `record` takes it; for verbs that write it together with their own rows."""

    team_id: str
    project_id: str | None
    actor: Actor
    action: str
    subject: str | None
    now: datetime
    details: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that was done; `recorded_at` is the wall clock's."""

    sequence: int
    team_id: str
    project_id: str | None
    actor_kind: str
    actor_id: str | None
    actor_name: str
    address: str | None
    action: str
    subject: str | None
    details: dict[str, Any]
    recorded_at: datetime


_WRITTEN: Final = tuple(column for column in audit_log.c if column.name != "sequence")
_ADD: Final = command(
    insert(audit_log).values({column.name: sa.bindparam(column.name, type_=column.type) for column in _WRITTEN})
)
_ADD_MANY: Final = insert_listed(
    audit_log,
    [column.name for column in _WRITTEN],
    lambda new: new.returning(audit_log.c.sequence),
    int,
)
_page = (
    sa.select(*audit_log.c)
    .where(audit_log.c.team_id == sa.bindparam("team_id"), audit_log.c.sequence < sa.bindparam("before"))
    .order_by(audit_log.c.sequence.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)
_PAGE: Final = query(_page, AuditRow)
# As the index has it: a parameter would not be seen to be the same.
_PAGE_OF_PEOPLE: Final = query(_page.where(sa.text("audit_log.actor_kind <> 'key'")), AuditRow)
_oldest = (
    sa.select(audit_log.c.sequence, audit_log.c.recorded_at)
    .order_by(audit_log.c.sequence)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .subquery("oldest")
)
# By the number and not by an index of the moments, which each write of a key would pay for: the first rows are the oldest.
_PRUNE: Final = command(
    sa.delete(audit_log).where(
        audit_log.c.sequence.in_(
            sa.select(_oldest.c.sequence).where(_oldest.c.recorded_at <= sa.bindparam("before", type_=Moment()))
        )
    )
)
_ABOUT: Final = query(
    sa.select(*audit_log.c)
    .where(
        audit_log.c.team_id == sa.bindparam("team_id"),
        audit_log.c.subject == sa.bindparam("subject"),
        # As the index has it.
        sa.text("actor_kind <> 'key'"),
    )
    .order_by(audit_log.c.sequence.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    AuditRow,
)
# Behind every row there can be: the start of the first page.
_NEWEST: Final = 2**63 - 1


async def record(
    tx: Writing,
    *,
    team_id: str,
    project_id: str | None,
    actor: Actor,
    action: str,
    subject: str | None,
    details: Mapping[str, object] | None = None,
    now: datetime,
) -> None:
    """Write down what is done in this unit; `now` is the wall clock's moment, `project_id` None for a matter of the team.

    `action` names what happened, as in `api_key.created`; `subject` is the id of what it happened to. `details` are a few names
    and values for people: texts are cut at 200 characters, what looks like a key of Stripe's or ours is blotted out, and at most
    20 are kept.
    """
    await tx.run(_ADD, **_row(Entry(team_id, project_id, actor, action, subject, now, details)))


def entries_write(entries: Sequence[Entry]) -> ListedWrite:
    """Return the rows of many entries for `tx.write_together`: where a round trip of its own would cost too much."""
    return ListedWrite(_ADD_MANY, [_row(entry) for entry in entries])


async def audit_rows(
    tx: Reading, team_id: str, *, before: int | None = None, limit: int = 50, by_keys: bool = True
) -> list[AuditRow]:
    """Return what was done in a team, newest first, from the row before `before` (a sequence number) on.

    Without `by_keys` what no API key did: what people did, and Billfold itself.
    """
    return await tx.all(
        _PAGE if by_keys else _PAGE_OF_PEOPLE,
        team_id=team_id,
        before=_NEWEST if before is None else before,
        limit=limit,
    )


async def audit_rows_about(tx: Reading, team_id: str, subject: str, *, limit: int = 50) -> list[AuditRow]:
    """Return what people, and Billfold itself, did to one thing, newest first."""
    return await tx.all(_ABOUT, team_id=team_id, subject=subject, limit=limit)


async def forget_old_rows(tx: Writing, *, before: datetime, limit: int = 5_000) -> int:
    """Remove the oldest rows that were written before a moment, at most `limit`, and return how many; for a recurring job.

    The database refuses a moment that is not 400 days ago.
    """
    return await tx.run(_PRUNE, before=before, limit=limit)


def _row(entry: Entry) -> dict[str, Any]:
    actor = entry.actor
    return {
        "team_id": entry.team_id,
        "project_id": entry.project_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": _short(actor.name),
        "address": None if actor.address is None else _short(actor.address),
        "action": entry.action,
        "subject": None if entry.subject is None else entry.subject[:_LONGEST_TEXT],
        "details": _bounded(entry.details) if entry.details else {},
        "recorded_at": entry.now,
    }


def _bounded(details: Mapping[str, object]) -> dict[str, Any]:
    return {_short(name): _plain(value) for name, value in list(details.items())[:_MOST_DETAILS]}


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [
            _plain(each) if isinstance(each, str | int | None) else _short(str(each))
            for each in list(value)[:_MOST_ITEMS]
        ]
    return _short(str(value))


# The same few names and addresses come with every request of a busy key.
@lru_cache(maxsize=1_000)
def _short(text: str) -> str:
    """Return a text without secrets and of a length that a line can show."""
    redacted = redact(text).replace("\0", "")
    return redacted if len(redacted) <= _LONGEST_TEXT else redacted[: _LONGEST_TEXT - 1] + "…"
