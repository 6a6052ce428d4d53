"""Becoming a user: the first person makes the first team; who may come later is a setting (contract G36).

That nobody is there yet is not only looked at: the first user takes the one row that `first_users` can hold, so of two who come
together one is let in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict, Forbidden
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.members import MOST_TEAMS, Role, add_member, teams_of_user
from billfold.domain.tenancy.names import checked_name
from billfold.domain.tenancy.one_time_tokens import Purpose, use_token
from billfold.domain.tenancy.teams import Team, create_team, teams
from billfold.domain.tenancy.users import User, create_user, users
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import metadata, query

first_users = sa.Table(
    "first_users",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.Text, sa.ForeignKey(users.c.id), nullable=False),
    sa.CheckConstraint("number = 1", name="number"),
)

_ANYBODY: Final = query(sa.select(users.c.id).limit(1), str)
_ANY_TEAM: Final = query(sa.select(teams.c.id).where(teams.c.deleted_at.is_(None)).limit(1), str)
_CLAIM: Final = query(
    insert(first_users)
    .values(number=1, user_id=sa.bindparam("user_id"))
    .on_conflict_do_nothing(index_elements=["number"])
    .returning(first_users.c.user_id),
    str,
)


async def is_new_installation(tx: Reading) -> bool:
    """Tell whether there is no user yet."""
    return await tx.first(_ANYBODY) is None


async def register_first(
    tx: Writing, *, email: str, password_hash: str, team_name: str, address: str, now: datetime
) -> User:
    """Create the first user as owner of the first team, or raise `Forbidden` if somebody was faster."""
    refusal = Forbidden("Somebody has signed up here already: ask a member of the team for an invitation.")
    if not await is_new_installation(tx):
        raise refusal
    user = await register(tx, email=email, password_hash=password_hash, team_name=team_name, address=address, now=now)
    if await tx.first(_CLAIM, user_id=user.id) is None:
        raise refusal
    return user


async def register_proved(
    tx: Writing, token: str, *, password_hash: str, team_name: str, address: str, now: datetime
) -> User:
    """Create a user with the address that a mailed link proves; raises as `register`, `Invalid` for a used link."""
    used = await use_token(tx, token, Purpose.SIGN_UP, now=now)
    return await register(
        tx, email=used.email, password_hash=password_hash, team_name=team_name, address=address, now=now
    )


async def register(tx: Writing, *, email: str, password_hash: str, team_name: str, address: str, now: datetime) -> User:
    """Create a user with a team of his own.

    `DuplicateRow`, a `Conflict`, if the address is taken; `Invalid` for an address or a name that is none.
    """
    user = await create_user(tx, email=email, password_hash=password_hash, now=now)
    await found_team(tx, Actor("member", user.id, address, user.email), user_id=user.id, name=team_name, now=now)
    return user


async def may_found_team(tx: Reading, user_id: str, *, is_open: bool) -> bool:
    """Tell whether a person who is here may have one more team; `is_open` says that anybody may sign up.

    Whoever is in a team may. Who is in none was taken out of one, and comes back by invitation as a stranger would: unless no
    team is left whose members could invite him.
    """
    return is_open or bool(await teams_of_user(tx, user_id)) or await tx.first(_ANY_TEAM) is None


async def found_another_team(
    tx: Writing, actor: Actor, *, user_id: str, name: str, is_open: bool, now: datetime
) -> Team:
    """Create a team for a person who has been here, as `found_team`; `Forbidden` if `may_found_team` says no."""
    if not await may_found_team(tx, user_id, is_open=is_open):
        raise Forbidden("You are in no team: ask an admin or owner of one for an invitation.")
    return await found_team(tx, actor, user_id=user_id, name=name, now=now)


async def found_team(tx: Writing, actor: Actor, *, user_id: str, name: str, now: datetime) -> Team:
    """Create a team whose owner is this person, and write it down.

    Raises `Conflict` if he is in as many teams as one can be in, `Invalid` for a name that is none.
    """
    if len(await teams_of_user(tx, user_id)) >= MOST_TEAMS:
        raise Conflict(f"A person can be in {MOST_TEAMS} teams at most.")
    team = await create_team(tx, name=checked_name(name), now=now)
    await add_member(tx, team_id=team.id, user_id=user_id, role=Role.OWNER, now=now)
    await record(
        tx,
        team_id=team.id,
        project_id=None,
        actor=actor,
        action="team.created",
        subject=team.id,
        details={"name": team.name},
        now=now,
    )
    return team
