"""What a change of a member means everywhere: it is written down, and the sessions that carried the old power end.

For the API and for the console. Who may decide about whom is for `domain/tenancy/members.py` to say (contract G7).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from billfold.domain.tenancy import members, sessions
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.members import ListedMember, Role
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.infrastructure.db.database import Writing


class Colleague(Protocol):
    """A signed-in member of a team who decides about members: a `TeamAccess` or a `Visit`."""

    @property
    def team_id(self) -> str:
        """The team."""
        ...

    @property
    def session(self) -> SessionCaller:
        """The session in which he asks."""
        ...

    @property
    def actor(self) -> Actor:
        """Who he is, as the log names him."""
        ...


async def change_role(
    tx: Writing, by: Colleague, *, user_id: str, role: Role, now: datetime
) -> tuple[ListedMember, str | None]:
    """Change a role, end the member's sessions and write it down; returns the caller's new token if it was his own role."""
    member, was = await members.change_role(tx, team_id=by.team_id, user_id=user_id, role=role, by=by.session.user_id)
    if was == member.role:
        return member, None
    details = {"email": member.email, "from": was, "to": member.role}
    await _record(tx, by, "member.role_changed", user_id, details=details, now=now)
    return member, await _end_sessions(tx, by.session, user_id, now=now)


async def remove(tx: Writing, by: Colleague, *, user_id: str, now: datetime) -> str | None:
    """Remove a member, end his sessions and write it down; returns the caller's new token if he left."""
    member = await members.remove_member(tx, team_id=by.team_id, user_id=user_id, by=by.session.user_id)
    action = "member.left" if user_id == by.session.user_id else "member.removed"
    details = {"email": member.email, "role": member.role}
    await _record(tx, by, action, user_id, details=details, now=now)
    return await _end_sessions(tx, by.session, user_id, now=now)


async def _end_sessions(tx: Writing, own: SessionCaller, user_id: str, *, now: datetime) -> str | None:
    """End every session of a person whose power changed; the caller's own goes on under a new token (SCENARIOS F4)."""
    if user_id != own.user_id:
        await sessions.revoke_sessions_of_user(tx, user_id)
        return None
    await sessions.revoke_sessions_of_user(tx, user_id, except_session_id=own.session_id)
    return await sessions.renew(tx, own.session_id, now=now)


async def _record(
    tx: Writing, by: Colleague, action: str, user_id: str, *, details: dict[str, str], now: datetime
) -> None:
    await record(
        tx,
        team_id=by.team_id,
        project_id=None,
        actor=by.actor,
        action=action,
        subject=user_id,
        details=details,
        now=now,
    )
