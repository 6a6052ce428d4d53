"""How often something may be tried: counted in the database, so that every server process counts the same.

A key holds one moment, `free_at`: when nothing of its allowance will be used any more. Each try moves it by `window / limit`,
and a try that would move it more than a window ahead is refused (the generic cell rate algorithm). So `limit` tries
may come at once, and after that one more every `window / limit`. One statement decides, so tries that come together cannot
pass together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.crypto import token_hash
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Moment

_MICROSECOND: Final = timedelta(microseconds=1)

attempts = sa.Table(
    "attempts",
    metadata,
    # A hash: what was typed into a field for addresses may be a password.
    sa.Column("key_hash", sa.Text, primary_key=True),
    sa.Column("free_at", Moment, nullable=False),
    sa.Index("ix_attempts_free_at", "free_at"),
)

_new = insert(attempts).values(key_hash=sa.bindparam("key_hash"), free_at=sa.bindparam("first_free_at", type_=Moment()))
_TAKE: Final = query(
    _new.on_conflict_do_update(
        index_elements=["key_hash"],
        set_={
            "free_at": sa.case(
                (
                    attempts.c.free_at > sa.bindparam("now", type_=Moment()),
                    sa.type_coerce(attempts.c.free_at, sa.BigInteger) + sa.bindparam("step_us", type_=sa.BigInteger()),
                ),
                else_=sa.type_coerce(_new.excluded.free_at, sa.BigInteger),
            )
        },
        where=attempts.c.free_at <= sa.bindparam("latest", type_=Moment()),
    ).returning(attempts.c.key_hash),
    str,
)
_FREE_AT: Final = query(
    sa.select(attempts.c.free_at).where(attempts.c.key_hash == sa.bindparam("wanted_hash")), datetime
)
_FORGIVE: Final = command(sa.delete(attempts).where(attempts.c.key_hash == sa.bindparam("wanted_hash")))
_FORGET: Final = command(sa.delete(attempts).where(attempts.c.free_at <= sa.bindparam("now", type_=Moment())))


def attempt_key(purpose: str, *values: str) -> str:
    """Return the key of an allowance: what is tried, and by whom or on whose account."""
    return "\x1f".join((purpose, *values))


async def take(tx: Writing, key: str, limit: int, window: timedelta, now: datetime) -> int:
    """Take one of `limit` tries in a window of the wall clock: 0, or how many seconds to wait before one is free."""
    step = window // limit
    latest = now + window - step
    taken = await tx.first(
        _TAKE, key_hash=token_hash(key), first_free_at=now + step, now=now, step_us=step // _MICROSECOND, latest=latest
    )
    if taken is not None:
        return 0
    free_at = await tx.first(_FREE_AT, wanted_hash=token_hash(key))
    return 1 if free_at is None else max(1, -((latest - free_at) // timedelta(seconds=1)))


async def forgive(tx: Writing, key: str) -> None:
    """Give a key its whole allowance back."""
    await tx.run(_FORGIVE, wanted_hash=token_hash(key))


async def forget_free_attempts(tx: Writing, *, now: datetime) -> int:
    """Delete the keys that have their whole allowance; for a recurring job."""
    return await tx.run(_FORGET, now=now)
