"""The callers of this surface: an app's API key, a customer's session, a member of the team (contract section 1, A1, A2, A17).

Each guard runs before anything of the request is read, and names the caller whose requests are counted.

1. 401: no credential, or one that is unknown, revoked or expired; another kind than the route takes.
2. 429: too many requests in this minute.
3. 403: a key without the scope, a member whose role does not reach.
4. 404: an app of another team, for a member as for a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request

from billfold.base.crypto import token_hash
from billfold.base.errors import Forbidden, NotFound
from billfold.domain.billing.customer_sessions import find_customer_session_by_id
from billfold.domain.tenancy.api_keys import KeyCaller, find_caller
from billfold.domain.tenancy.members import find_member
from billfold.domain.tenancy.projects import find_team_of_project, projects_of_team
from billfold.domain.tenancy.sessions import SessionCaller, find_session_by_id, is_to_be_noted, note_seen
from billfold.domain.tenancy.team_time import InTeamTime
from billfold.entrypoints.api.affiliate.errors import Coded, TooMany
from billfold.entrypoints.caller import (
    Access,
    Unauthorized,
    access_of_key,
    access_of_member,
    check_role,
    needed_role,
    read_person,
)
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.limits import network_of
from billfold.entrypoints.quotas import Quota, Quotas
from billfold.entrypoints.services import Services
from billfold.entrypoints.session_tokens import SessionTokens, looks_signed

_NO_KEY: Final = "Missing API key. Send it as 'x-api-key: bs_…'."
_NO_SESSION: Final = "Missing session. Send the customer's session token as 'Authorization: Bearer …'."
_NO_MEMBER: Final = "Missing token. Sign in at POST /v1/auth/login and send the token as 'Authorization: Bearer …'."
_WHICH_APP: Final = (
    "This API key is for every project of its team: name the app in the header x-app-id, "
    "or use a key that is limited to one."
)


@dataclass(frozen=True, slots=True)
class CustomerAccess(InTeamTime):
    """A customer who is signed in; `clock_offset_us` is how far the team's time is ahead, in microseconds."""

    team_id: str
    project_id: str
    customer_id: str
    session_id: str
    clock_offset_us: int
    address: str | None = None


class Guard:
    """What stands before an endpoint: its result is the endpoint's second argument."""

    async def __call__(self, request: Request) -> Any:
        """Check the caller, before anything else of the request is read."""
        raise NotImplementedError


class Everybody(Guard):
    """For routes that are about getting a credential: counted for each network."""

    async def __call__(self, request: Request) -> None:
        """Count the request."""
        services: Services = request.app.state.services
        network = network_of(client_address(request, services.settings))
        count(request, f"network:{network}", services.settings.session_requests_per_minute)


class KeyAllowed(Guard):
    """`Depends(KeyAllowed("referrals:read"))` gives the `Access` of an API key to its app, or answers 401, 403 or 429.

    `per_minute` is a limit of the route's own, beside that of the key.
    """

    def __init__(self, scope: str, *, per_minute: int = 0) -> None:
        self.scope = scope
        self.per_minute = per_minute

    async def __call__(self, request: Request) -> Access:
        """Check the key, then what it may."""
        services: Services = request.app.state.services
        key = given_key(request)
        if key is None:
            raise Unauthorized(_NO_KEY)
        named: str | None = request.path_params.get("appId")
        caller = await app_of_key(services, key, named or request.headers.get("x-app-id"))
        if self.per_minute:
            count(request, f"key:{caller.key_id}:{request.url.path}", self.per_minute)
        count(request, f"key:{caller.key_id}", services.settings.key_requests_per_minute)
        if caller.scopes and self.scope not in caller.scopes:
            raise Forbidden(f"This API key lacks the scope {self.scope}.")
        if caller.found_project_id is None and named is not None:
            raise Coded(404, "App not found.", "APP_NOT_FOUND")
        if caller.found_project_id is None:
            raise Forbidden(_WHICH_APP if caller.project_id is None else "This API key is limited to another app.")
        return access_of_key(caller, caller.found_project_id, client_address(request, services.settings))


class CustomerAllowed(Guard):
    """`Depends(CustomerAllowed())` gives the `CustomerAccess` of a session token, or answers 401 or 429."""

    async def __call__(self, request: Request) -> CustomerAccess:
        """Check the token; an API key beside it must belong to the same app (contract A2)."""
        services: Services = request.app.state.services
        token = _given_session(request)
        if token is None:
            raise Unauthorized(_NO_SESSION)
        access = await customer_of(request, token)
        if request.path_params.get("appId", access.project_id) != access.project_id:
            raise Unauthorized("The session is of another app.")
        key = request.headers.get("x-api-key")
        if key is not None:
            caller = await app_of_key(services, key, access.project_id)
            if caller.found_project_id != access.project_id:
                raise Unauthorized("The session is of another app than the API key.")
        count(request, f"session:{access.session_id}", services.settings.session_requests_per_minute)
        return access


class MemberAllowed(Guard):
    """`Depends(MemberAllowed("referrals:write"))` gives the `Access` of a member to the app of the path.

    He shows a token of `POST /v1/auth/login`, or the console's cookie (with the Origin of our own pages for a write). The
    scope stands for the least role, as everywhere (contract A17).
    """

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Access:
        """Check the person, then the team of the app, then the role."""
        services: Services = request.app.state.services
        session = await _member_session(request)
        count(request, f"member:{session.session_id}", services.settings.key_requests_per_minute)
        app_id: str = request.path_params["appId"]
        searchable = app_id if app_id.isascii() and app_id.isprintable() else ""
        team_id = await services.db.read(find_team_of_project, searchable)
        member = None
        if team_id is not None:
            member = await services.db.read(find_member, team_id, session.user_id, searchable)
        if team_id is None or member is None or member.found_project_id is None:
            raise Coded(404, "App not found.", "APP_NOT_FOUND")
        check_role(member, needed_role(self.scope))
        return access_of_member(member, session, team_id, app_id, client_address(request, services.settings))


def count(request: Request, name: str, limit: int) -> None:
    """Count one request of a caller, for the headers of its answer; raises `TooMany`."""
    if not limit:
        return
    services: Services = request.app.state.services
    quotas: Quotas = request.app.state.quotas
    quota = quotas.take(name, limit, services.clock.now())
    kept: Quota | None = getattr(request.state, "quota", None)
    # Of two limits the one that leaves less is told.
    if kept is None or quota.remaining <= kept.remaining:
        request.state.quota = quota
    if quota.wait:
        raise TooMany(quota.wait)


def given_key(request: Request) -> str | None:
    """Return the API key that was sent; `x-api-key` wins, and a session token is never taken for one (contract A1)."""
    key = request.headers.get("x-api-key")
    if key is not None:
        return key.strip()
    token = _bearer(request)
    return None if token is None or looks_signed(token) else token


async def app_of_key(services: Services, key: str, app_id: str | None) -> KeyCaller:
    """Return a good key's caller, with the app that it is for as `found_project_id`; raises `Unauthorized`.

    The app is the key's own project; a key for all projects takes the one that is named, or the only one of its team.
    """
    now = services.clock.now()
    hashed = token_hash(key)
    asked = app_id if app_id is not None and app_id.isascii() and app_id.isprintable() else None
    caller = services.known_keys.find(hashed, f"app:{asked}")
    if caller is None:
        caller = await services.db.read(_find_app, hashed, asked)
        if caller is not None and caller.is_valid(now):
            services.known_keys.keep(hashed, f"app:{asked}", caller)
    if caller is None or not caller.is_valid(now):
        raise Unauthorized("Invalid API key.")
    services.key_use.note(caller, now)
    return caller


async def _find_app(tx: Any, hashed: str, asked: str | None) -> KeyCaller | None:
    caller = await find_caller(tx, hashed, asked)
    if caller is None:
        return None
    if caller.project_id is not None:
        # A key of one project opens no other one, whatever was named.
        return await find_caller(tx, hashed, caller.project_id if asked is None else _same(asked, caller.project_id))
    if asked is not None:
        return caller
    own = await projects_of_team(tx, caller.team_id)
    return await find_caller(tx, hashed, own[0].id) if len(own) == 1 else caller


def _same(asked: str, own: str) -> str | None:
    return own if asked == own else None


async def customer_of(request: Request, token: str) -> CustomerAccess:
    """Return the customer whose session token this is, or raise `Coded` 401 with `SESSION_INVALID`."""
    services: Services = request.app.state.services
    tokens: SessionTokens = request.app.state.tokens
    now = services.clock.now()
    claims = tokens.read("customer", token, now)
    session = None
    if claims is not None:
        session = await services.db.read(find_customer_session_by_id, claims.app_id, claims.session_id, now)
    if session is None:
        raise Coded(401, "The session is not valid or has expired: sign in again.", "SESSION_INVALID")
    return CustomerAccess(
        team_id=session.team_id,
        project_id=session.project_id,
        customer_id=session.customer_id,
        session_id=session.session_id,
        clock_offset_us=session.clock_offset_us,
        address=client_address(request, services.settings),
    )


async def _member_session(request: Request) -> SessionCaller:
    services: Services = request.app.state.services
    token = _bearer(request)
    if token is None:
        if "authorization" in request.headers or "x-api-key" in request.headers:
            raise Unauthorized(_NO_MEMBER)
        return await read_person(services, request)
    tokens: SessionTokens = request.app.state.tokens
    now = services.clock.now()
    claims = tokens.read("member", token, now)
    session = None
    if claims is not None:
        session = await services.db.read(find_session_by_id, claims.session_id, claims.subject, now)
    if session is None or not session.second_factor_passed:
        raise Unauthorized(_NO_MEMBER)
    if is_to_be_noted(session, now):
        address = client_address(request, services.settings)
        await services.db.write(note_seen, session, address=address, now=now)
    return session


def _given_session(request: Request) -> str | None:
    token = _bearer(request)
    if token is not None and looks_signed(token):
        return token
    return request.headers.get("x-session-token")


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def path_id(request: Request, name: str, noun: str) -> str:
    """Return an id from the path, or raise `NotFound` for a text that no database would look up."""
    text: str = request.path_params[name]
    if not (text.isascii() and text.isprintable()):
        raise NotFound(f"{noun} not found.")
    return text
