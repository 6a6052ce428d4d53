"""The one dependency of every route: who is asking, for which project or team, with which scope or role (contract G1 to G7).

It runs before anything of the request is read, so that a stranger learns nothing from a 400 or a 404. Each chained
dependency would cost about a seventh of a small request; this one is all there is.
"""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import Request

from billfold.base.errors import NotFound
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.entrypoints.caller import (
    Access,
    TeamAccess,
    member_access,
    project_access,
    read_person,
    refuse_key,
    team_access,
)
from billfold.entrypoints.client_address import client_address

_ID: Final = re.compile(r"[0-9a-z]{1,64}")


class Guard:
    """What stands before an endpoint: its result is the endpoint's second argument."""

    async def __call__(self, request: Request) -> Any:
        """Check the caller, before anything else of the request is read."""
        raise NotImplementedError


class Allowed(Guard):
    """`Depends(Allowed("customers:read"))` gives the caller's `Access`, or answers 401, 403 or 404.

    The scope `*` asks for a key without a list of scopes, or for an admin or owner of the team.
    """

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Access:
        """Check the key or the session, the team and project of the path, and the scope or role, in that order."""
        services = request.app.state.services
        path = request.path_params
        authorization = request.headers.get("authorization")
        if authorization is None:
            return await member_access(services, request, path["teamId"], path["projectId"], self.scope)
        address = client_address(request, services.settings)
        return await project_access(
            services, authorization, path["teamId"], path["projectId"], self.scope, address=address
        )


class TeamAllowed(Guard):
    """`Depends(TeamAllowed(Role.ADMIN))` gives a signed-in member's `TeamAccess`, or answers 401 or 403.

    An API key is refused, good or bad: a session is the missing credential (contract G3).
    """

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, request: Request) -> TeamAccess:
        """Check the session, the team of the path, and the role, in that order."""
        return await team_access(request.app.state.services, request, request.path_params["teamId"], self.role)


class SignedIn(Guard):
    """`Depends(SignedIn())` gives the session of somebody who is signed in, whatever his teams, or answers 401."""

    async def __call__(self, request: Request) -> SessionCaller:
        """Check the session."""
        refuse_key(request)
        return await read_person(request.app.state.services, request)


def is_id(text: str, prefix: str) -> bool:
    """Tell whether a text has the form of an id; another one need not be looked up, and some no database would take."""
    return text.startswith(prefix) and _ID.fullmatch(text, len(prefix)) is not None


def path_id(request: Request, name: str, prefix: str, noun: str) -> str:
    """Return an id from the path, or raise `NotFound` for a text that can be nobody's id.

    `prefix` is given with its underscore; `noun` is what the error calls it: "Customer not found".
    """
    text: str = request.path_params[name]
    if not is_id(text, prefix):
        raise NotFound(f"{noun} not found")
    return text
