"""Accepting an invitation, with the audit log: for the API and for the page that the link opens."""

from __future__ import annotations

from datetime import datetime

from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.invitations import accept_invitation
from billfold.domain.tenancy.members import Member
from billfold.infrastructure.db.database import Writing


async def join_team(tx: Writing, *, token: str, user_id: str, email: str, address: str | None, now: datetime) -> Member:
    """Take a person into the team that a link offers and write it down; raises as `accept_invitation` does.

    `email` is the person's own address, which the invitation must have been sent to.
    """
    member = await accept_invitation(tx, token=token, user_id=user_id, email=email, now=now)
    await record(
        tx,
        team_id=member.team_id,
        project_id=None,
        actor=Actor("member", user_id, address, email),
        action="member.joined",
        subject=user_id,
        details={"role": member.role},
        now=now,
    )
    return member
