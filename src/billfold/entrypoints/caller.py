"""Who is asking, and may they: the checks before every call of an API, in one fixed order (contract G1).

A caller is an API key or a person who is signed in. If an `Authorization` header is sent, it is the only thing judged: a cookie
beside it is not looked at (G3).

1. 401: no key and no session, an unknown, revoked or expired one, all with the same words (G4).
2. 403: a cookie's write that a page of another site sent (SCENARIOS F5).
3. 403: a key of another team, or one limited to another project (G2); a person who is not in the team (G7).
4. 403: a key without the needed scope (G5), a member whose role does not reach (G7).
5. 404: a project that the team does not have (G2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from billfold.base.crypto import token_hash
from billfold.base.errors import BillfoldError, Forbidden, NotFound
from billfold.domain.tenancy.api_keys import KeyCaller, find_caller
from billfold.domain.tenancy.audit_log import Actor
from billfold.domain.tenancy.members import MemberCaller, Role, find_member
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.domain.tenancy.team_time import InTeamTime
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import require_own_origin
from billfold.entrypoints.web.session_cookie import read_session

_SCHEME: Final = "bearer"
_READING: Final = frozenset({"GET", "HEAD"})
_NOT_A_MEMBER: Final = "You are not a member of this team."
# The scope of what only a key without a list of scopes may do, and of the members an admin or owner.
FULL_ACCESS: Final = "*"


class Unauthorized(BillfoldError):
    """Nobody that we know: surfaces answer 401."""


@dataclass(frozen=True, slots=True)
class Access(InTeamTime):
    """A caller's checked power over one project of one team: a key (`key_id`) or a person (`user_id`, `role`).

    `name` is the key's name or the person's address, `address` where the request came from.
    """

    team_id: str
    project_id: str
    key_id: str | None
    clock_offset_us: int
    user_id: str | None = None
    role: str | None = None
    name: str = ""
    address: str | None = None

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names him."""
        if self.user_id is not None:
            return Actor("member", self.user_id, self.address, self.name)
        return Actor("key", self.key_id, self.address, self.name)


@dataclass(frozen=True, slots=True)
class TeamAccess(InTeamTime):
    """A signed-in person's checked power over one team; `name` is his e-mail address."""

    team_id: str
    user_id: str
    role: Role
    name: str
    session: SessionCaller
    clock_offset_us: int
    address: str | None
    # What is done is a matter of the team, unless the audit log is told otherwise.
    project_id: None = None

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names him."""
        return Actor("member", self.user_id, self.address, self.name)


def needed_role(scope: str) -> Role:
    """Return the least role that does what a key needs this scope for (contract G7)."""
    if scope == FULL_ACCESS:
        return Role.ADMIN
    return Role.VIEWER if scope.endswith(":read") else Role.MEMBER


async def project_access(
    services: Services,
    authorization: str | None,
    team_id: str,
    project_id: str,
    scope: str,
    *,
    address: str | None = None,
) -> Access:
    """Check an `Authorization` header for one project and one scope.

    Raises `Unauthorized`, `Forbidden` or `NotFound`, in that order.
    """
    caller = await _key_caller(services, authorization, project_id)
    if caller.team_id != team_id:
        raise Forbidden("This API key belongs to another team.")
    if caller.project_id is not None and caller.project_id != project_id:
        raise Forbidden("This API key is limited to another project.")
    if caller.scopes and scope not in caller.scopes:
        if scope == FULL_ACCESS:
            raise Forbidden("This needs an API key with full access: one without a list of scopes.")
        raise Forbidden(f"This API key lacks the scope {scope}.")
    if caller.found_project_id is None:
        raise NotFound("Project not found.")
    return access_of_key(caller, project_id, address)


def access_of_key(caller: KeyCaller, project_id: str, address: str | None) -> Access:
    """Return the power of a key that was checked, over this project."""
    return Access(
        team_id=caller.team_id,
        project_id=project_id,
        key_id=caller.key_id,
        clock_offset_us=caller.clock_offset_us,
        name=caller.name,
        address=address,
    )


async def full_access(services: Services, authorization: str | None, team_id: str) -> KeyCaller:
    """Check that an `Authorization` header holds a full-access key of this team: no project limit, no list of scopes."""
    caller = await _key_caller(services, authorization, None)
    if caller.team_id != team_id:
        raise Forbidden("This API key belongs to another team.")
    if caller.project_id is not None or caller.scopes:
        raise Forbidden("This needs an API key with full access: not limited to a project and without scopes.")
    return caller


async def read_person(services: Services, request: Request) -> SessionCaller:
    """Return who is signed in.

    Raises `Unauthorized` without a session, `Forbidden` for a write that did not come from our own pages: a browser sends the
    cookie along with whatever any page has it do.
    """
    session = await read_session(services, request)
    if session is None:
        raise Unauthorized("Sign in, or send an API key as 'Authorization: Bearer bs_…'.")
    if request.method not in _READING:
        require_own_origin(services.settings, request.headers)
    return session


async def member_access(services: Services, request: Request, team_id: str, project_id: str, scope: str) -> Access:
    """Check a session's cookie for one project and the role that stands for a scope.

    Raises `Unauthorized`, `Forbidden` (for who is no member of the team, whether it exists or not, too) or `NotFound`.
    """
    session = await read_person(services, request)
    member = await _member(services, team_id, session.user_id, project_id)
    check_role(member, needed_role(scope))
    if member.found_project_id is None:
        raise NotFound("Project not found.")
    return access_of_member(member, session, team_id, project_id, client_address(request, services.settings))


def access_of_member(
    member: MemberCaller, session: SessionCaller, team_id: str, project_id: str, address: str | None
) -> Access:
    """Return the power of a person who was checked, over this project of his team."""
    return Access(
        team_id=team_id,
        project_id=project_id,
        key_id=None,
        clock_offset_us=member.clock_offset_us,
        user_id=session.user_id,
        role=member.role,
        name=session.email,
        address=address,
    )


async def team_access(services: Services, request: Request, team_id: str, role: Role) -> TeamAccess:
    """Check a session's cookie for a team and the least role; an API key is refused, good or bad (contract G3).

    Raises `Unauthorized`, or `Forbidden` for who is no member of the team, whether it exists or not, or is too little in it.
    """
    refuse_key(request)
    session = await read_person(services, request)
    member = await _member(services, team_id, session.user_id, None)
    check_role(member, role)
    return TeamAccess(
        team_id=team_id,
        user_id=session.user_id,
        role=Role(member.role),
        name=session.email,
        session=session,
        clock_offset_us=member.clock_offset_us,
        address=client_address(request, services.settings),
    )


def refuse_key(request: Request) -> None:
    """Raise `Unauthorized` if an `Authorization` header was sent where only a session counts."""
    if "authorization" in request.headers:
        raise Unauthorized("This address takes a signed-in person, not an API key: leave the Authorization header out.")


async def _member(services: Services, team_id: str, user_id: str, project_id: str | None) -> MemberCaller:
    if not (team_id.isascii() and team_id.isprintable()):
        raise Forbidden(_NOT_A_MEMBER)
    member = await services.db.read(find_member, team_id, user_id, _searchable(project_id))
    if member is None:
        raise Forbidden(_NOT_A_MEMBER)
    return member


def check_role(member: MemberCaller, needed: Role) -> None:
    """Raise `Forbidden` for a member whose role is less than what is needed."""
    if not Role(member.role).includes(needed):
        raise Forbidden(f"This takes the role {needed.value}; yours in this team is {member.role}.")


def _searchable(project_id: str | None) -> str | None:
    """Return None for what is no id of ours: a database may refuse such a text instead of not finding it."""
    return project_id if project_id is not None and project_id.isascii() and project_id.isprintable() else None


async def _key_caller(services: Services, authorization: str | None, project_id: str | None) -> KeyCaller:
    if authorization is None:
        raise Unauthorized("Missing API key. Send it as 'Authorization: Bearer bs_…'.")
    scheme, _, raw_key = authorization.partition(" ")
    if scheme.lower() != _SCHEME:
        raise Unauthorized("Send the API key as 'Authorization: Bearer bs_…'.")
    now = services.clock.now()
    project_id = _searchable(project_id)
    # Whatever was sent is hashed and looked up: a refusal by its form alone would answer sooner than one by its value.
    key_hash = token_hash(raw_key.strip())
    caller = services.known_keys.find(key_hash, project_id)
    if caller is None:
        caller = await services.db.read(find_caller, key_hash, project_id)
        if caller is not None and caller.is_valid(now):
            services.known_keys.keep(key_hash, project_id, caller)
    if caller is None or not caller.is_valid(now):
        raise Unauthorized("Invalid API key.")
    services.key_use.note(caller, now)
    return caller
