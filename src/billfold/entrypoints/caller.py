"""Who is asking, and may they: the checks before every call of an API, in one fixed order (contract G1).

1. 401: no key, an unknown, revoked or expired one, all with the same words (G4). A Bearer that is sent is the only thing
   judged: a cookie beside it is not looked at (G3).
2. 403: a key of another team, or one limited to another project (G2).
3. 403: a key without the needed scope (G5).
4. 404: a project that the team does not have (G2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from billfold.base.crypto import token_hash
from billfold.base.errors import BillfoldError, Forbidden, NotFound
from billfold.domain.tenancy.api_keys import KeyCaller, find_caller
from billfold.entrypoints.services import Services

_SCHEME: Final = "bearer"


class Unauthorized(BillfoldError):
    """Nobody that we know: surfaces answer 401."""


@dataclass(frozen=True, slots=True)
class Access:
    """A caller's checked power over one project of one team."""

    team_id: str
    project_id: str
    key_id: str
    clock_offset_us: int

    def time_at(self, now: datetime) -> datetime:
        """Return the team's time at a moment of the wall clock."""
        return now + timedelta(microseconds=self.clock_offset_us)


async def project_access(
    services: Services, authorization: str | None, team_id: str, project_id: str, scope: str
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
        raise Forbidden(f"This API key lacks the scope {scope}.")
    if caller.found_project_id is None:
        raise NotFound("Project not found.")
    return Access(
        team_id=caller.team_id,
        project_id=project_id,
        key_id=caller.key_id,
        clock_offset_us=caller.clock_offset_us,
    )


async def full_access(services: Services, authorization: str | None, team_id: str) -> KeyCaller:
    """Check that an `Authorization` header holds a full-access key of this team: no project limit, no list of scopes."""
    caller = await _key_caller(services, authorization, None)
    if caller.team_id != team_id:
        raise Forbidden("This API key belongs to another team.")
    if caller.project_id is not None or caller.scopes:
        raise Forbidden("This needs an API key with full access: not limited to a project and without scopes.")
    return caller


async def _key_caller(services: Services, authorization: str | None, project_id: str | None) -> KeyCaller:
    if authorization is None:
        raise Unauthorized("Missing API key. Send it as 'Authorization: Bearer bs_…'.")
    scheme, _, raw_key = authorization.partition(" ")
    if scheme.lower() != _SCHEME:
        raise Unauthorized("Send the API key as 'Authorization: Bearer bs_…'.")
    now = services.clock.now()
    if project_id is not None and not (project_id.isascii() and project_id.isprintable()):
        project_id = None  # No id of ours: a database may refuse such a text instead of not finding it.
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
