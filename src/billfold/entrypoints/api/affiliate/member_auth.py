"""`/auth/login`: a member of the team gets a token for the admin routes (contract section 1, credential 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.background import BackgroundTask

from billfold.base.clock import iso
from billfold.base.crypto import token_hash
from billfold.domain.tenancy.members import OwnTeam, teams_of_user
from billfold.domain.tenancy.sessions import UNKEPT_AT_MOST, SessionCaller, end_session, find_session
from billfold.entrypoints.api.affiliate.access import Everybody
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.affiliate.errors import Coded, business_response
from billfold.entrypoints.api.affiliate.fields import Email, text_of
from billfold.entrypoints.api.affiliate.operations import operation
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.json_bodies import RequestBody, read_body
from billfold.entrypoints.services import Services
from billfold.entrypoints.session_tokens import SessionTokens
from billfold.entrypoints.sign_in import client_of, note_wrong_password, pass_second_factor, sign_in_by_password

router = APIRouter(prefix="/auth", tags=["Members"])

_EVERYBODY: Final = Everybody()


class LoginBody(RequestBody):
    """Who signs in; `code` is that of the second factor, if the person has one."""

    email: Email
    password: Annotated[str, text_of(1_000, shortest=1), Field(description="the password")]
    code: Annotated[str, text_of(40, shortest=1), Field(description="the code of the second factor")] | None = None


class UserBody(Body):
    """The person."""

    id: str
    email: str


class TenantBody(Body):
    """A team of the person's, and his role in it."""

    id: str
    name: str
    role: str


class LoginAnswer(Body):
    """The token, which is sent as `Authorization: Bearer`; `expiresAt` is the latest end of its session."""

    token: str
    expires_at: Timestamp
    user: UserBody
    tenants: list[TenantBody]


@router.post("/login", **operation(_EVERYBODY, answers={200: LoginAnswer}, body=LoginBody))
async def login(request: Request, access: Annotated[None, Depends(_EVERYBODY)]) -> Response:
    """Sign a member in.

    Attempts are limited as at the console's sign-in. 401 with `SECOND_FACTOR_REQUIRED` if the person has one and sent no code.
    The session ends after 12 hours without a request, and shows among the person's sessions.
    """
    del access
    services: Services = request.app.state.services
    tokens: SessionTokens = request.app.state.tokens
    body = await read_body(request, LoginBody)
    # A browser that is signed in beside it stays signed in.
    client = replace(await client_of(services, request), previous_session_id=None)
    try:
        made = await sign_in_by_password(
            services, client, email=body.email.strip(), password=body.password, is_kept=False
        )
    except Unauthorized as error:
        refused = business_response(error)
        refused.background = BackgroundTask(note_wrong_password, services, client, body.email)
        return refused
    session = await _found(services, made.token)
    if made.needs_second_factor:
        if body.code is None:
            await services.db.write(end_session, session.session_id)
            raise Coded(401, "Send the code of your second factor as code, too.", "SECOND_FACTOR_REQUIRED")
        session = await _found(services, await pass_second_factor(services, session, client, body.code))
    now = services.clock.now()
    token = tokens.issue(
        "member", subject=session.user_id, session_id=session.session_id, now=now, lives=UNKEPT_AT_MOST
    )
    teams = await services.db.read(teams_of_user, session.user_id)
    return json_response(_answer(token, now + UNKEPT_AT_MOST, session, teams))


async def _found(services: Services, token: str) -> SessionCaller:
    session = await services.db.read(find_session, token_hash(token), services.clock.now())
    if session is None:
        raise Unauthorized("The session ended at once. Sign in again.")
    return session


def _answer(token: str, expires_at: datetime, session: SessionCaller, teams: list[OwnTeam]) -> LoginAnswer:
    return LoginAnswer(
        token=token,
        expires_at=iso(expires_at),
        user=UserBody(session.user_id, session.email),
        tenants=[TenantBody(team.id, team.name, team.role) for team in teams],
    )
