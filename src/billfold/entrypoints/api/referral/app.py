"""The application of the referral surface, at `/api/referral`: three routes, its own envelope, CORS for each project.

A dispatcher of our own: one of the routes is hot, and every answer, refusals by limits included, is in this envelope.

A page may call from the origins that the program lists; no cookie is ever read here, so credentials are never allowed. The
preflight of a call with a token does not show the token: its project is told by the host, as for the public call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from billfold.base.errors import BillfoldError, Invalid, NotFound, Unavailable
from billfold.domain.referrals import codes, sign_ups
from billfold.domain.referrals.sign_ups import SignUpProgram
from billfold.entrypoints.api.referral.answers import (
    ConvertData,
    Header,
    LinkData,
    Refused,
    StatsData,
    TooMany,
    envelope,
    send_body,
    send_data,
)
from billfold.entrypoints.api.referral.convert import Convert
from billfold.entrypoints.api.referral.document import document
from billfold.entrypoints.api.referral.project_of_call import ProjectOfCall
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.identity import Identities, Identity, LoginUnreachable
from billfold.entrypoints.limits import AsgiApp, ClientLeft, Receive, RequestLimits, Scope, Send, network_of
from billfold.entrypoints.rate_limits import RateLimit, is_loopback
from billfold.entrypoints.services import Services

_log = structlog.get_logger(__name__)

PREFIX: Final = "/api/referral"
LARGEST_BODY: Final = 2 * 1024
_NO_PROGRAM: Final = "This project has no program for sign-ups. Make one first."
_PREFLIGHT_SECONDS: Final = b"600"
# The texts that the page prints for what goes wrong on our side.
_FAILED: Final = {
    "link": "Failed to get referral link",
    "convert": "Failed to convert referral",
    "stats": "Failed to get referral stats",
}
_METHOD: Final = {"link": "GET", "convert": "POST", "stats": "GET", "openapi.json": "GET"}

Data = LinkData | ConvertData | StatsData


def create_referral_app(services: Services, identities: Identities) -> AsgiApp:
    """Return the application for every path that begins with `PREFIX`, with its limits in front."""
    return RequestLimits(ReferralApi(services, identities), largest_body=LARGEST_BODY, envelope=envelope)


class ReferralApi:
    """The routes; `RequestLimits` in front bounds the size, the encoding and the time of the body."""

    def __init__(self, services: Services, identities: Identities) -> None:
        self._services = services
        self._identities = identities
        self._project = ProjectOfCall(services)
        self._convert = Convert(services)
        self._bad_tokens = RateLimit(services.settings.bad_keys_per_minute, 60)
        self._with_token: dict[str, Callable[[Identity, SignUpProgram | None], Awaitable[Data]]] = {
            "link": self._link,
            "stats": self._stats,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        name = scope["path"].removeprefix(PREFIX).removeprefix("/")
        cors: list[Header] = []
        try:
            method = _METHOD.get(name)
            if method is None:
                raise Refused(404, "There is nothing at this address.")
            if scope["method"] == "OPTIONS":
                await send_empty((*await self._preflight(scope, method),), send)
                return
            if scope["method"] != method:
                raise Refused(405, f"Send {method}.", (b"allow", f"{method}, OPTIONS".encode()))
            if name == "openapi.json":
                await send_body(200, document(), (), send)
                return
            data = await self._answer(name, scope, receive, cors)
        except ClientLeft:
            return
        except Refused as refused:
            await send_body(refused.status, envelope(refused.status, refused.message), (*cors, *refused.headers), send)
        except BillfoldError as error:
            await self._say_no(name, error, cors, send)
        except Exception:  # noqa: BLE001 - whatever it is, the answer is in the envelope
            _log.exception("referral_api.failed", path=scope["path"])
            await send_body(500, envelope(500, _FAILED.get(name, "Internal error")), (*cors,), send)
        else:
            await send_data(data, (*cors,), send)

    async def _answer(self, name: str, scope: Scope, receive: Receive, cors: list[Header]) -> Data:
        host, authorization, origin = _headers(scope)
        if name == "convert":
            program = await self._project.by_host(host)
            cors += _allow(origin, program)
            return await self._convert.answer(scope, receive, program)
        if origin is not None:
            # Also a refused token is an answer that the page must be able to read.
            cors += _allow(origin, await self._project.by_host(host))
        identity = await self._identify(scope, authorization)
        program = await self._project.of_project(identity.project_id)
        cors[:] = _allow(origin, program)
        return await self._with_token[name](identity, program)

    async def _identify(self, scope: Scope, authorization: str | None) -> Identity:
        try:
            return await self._identities.identify(authorization)
        except Unauthorized:
            address = client_address(scope, self._services.settings)
            seconds = 0 if is_loopback(address) else self._bad_tokens.take(network_of(address))
            if seconds:
                raise TooMany(seconds) from None
            raise

    async def _link(self, identity: Identity, program: SignUpProgram | None) -> LinkData:
        """Return the customer's code, made at the first call, and its address."""
        if program is None:
            raise Refused(404, _NO_PROGRAM)
        ids = {"project_id": identity.project_id, "customer_id": identity.customer_id}
        # Every call but the first: a look, and no write that others would wait for.
        code = await self._services.db.read(codes.find_code, **ids, program_id=program.program_id)
        if code is None:
            at = identity.time_at(self._services.clock.now())
            code = await self._services.db.write(sign_ups.link_code, **ids, at=at)
        return LinkData(code=code.code, link=program.link_of(code.code))

    async def _stats(self, identity: Identity, program: SignUpProgram | None) -> StatsData:
        """Return whom the customer brought."""
        del program
        stats = await self._services.db.read(
            sign_ups.referral_stats, project_id=identity.project_id, customer_id=identity.customer_id
        )
        return StatsData(
            total_referrals=stats.total,
            converted_referrals=stats.converted,
            pending_referrals=stats.pending,
            total_rewards=stats.rewards,
        )

    async def _preflight(self, scope: Scope, method: str) -> list[Header]:
        host, _, origin = _headers(scope)
        allowed = _allow(origin, await self._project.by_host(host))
        if len(allowed) > 1:
            allowed += [
                (b"access-control-allow-methods", method.encode()),
                (b"access-control-allow-headers", b"authorization, content-type"),
                (b"access-control-max-age", _PREFLIGHT_SECONDS),
            ]
        return allowed

    async def _say_no(self, name: str, error: BillfoldError, cors: list[Header], send: Send) -> None:
        status, message, headers = 500, _FAILED.get(name, "Internal error"), [*cors]
        if isinstance(error, Unauthorized):
            status, message = 401, "Unauthorized"
            headers.append((b"www-authenticate", b"Bearer"))
        elif isinstance(error, Invalid):
            status, message = 400, f"Validation error: {error.message}"
        elif isinstance(error, TooMany):
            status, message = 429, error.message
            headers.append((b"retry-after", b"%d" % error.seconds))
        elif isinstance(error, LoginUnreachable):
            status, message = 503, error.message
            headers.append((b"retry-after", b"%d" % error.retry_after_seconds))
        elif isinstance(error, Unavailable):
            # The page promises 500 and its text for a database that does not answer.
            headers.append((b"retry-after", b"%d" % error.retry_after_seconds))
        elif not isinstance(error, NotFound):
            _log.warning("referral_api.refused", route=name, reason=error.message)
        await send_body(status, envelope(status, message), (*headers,), send)


async def send_empty(headers: tuple[Header, ...], send: Send) -> None:
    """Answer a preflight."""
    await send({"type": "http.response.start", "status": 204, "headers": list(headers)})
    await send({"type": "http.response.body", "body": b""})


def _headers(scope: Scope) -> tuple[str, str | None, str | None]:
    """Return Host, Authorization and Origin; a second Authorization makes none of them count."""
    host, authorization, origin, tokens = "", None, None, 0
    for name, value in scope["headers"]:
        if name == b"host":
            host = value.decode("latin-1")
        elif name == b"authorization":
            authorization = value.decode("latin-1")
            tokens += 1
        elif name == b"origin":
            origin = value.decode("latin-1")
    return host, authorization if tokens == 1 else None, origin


def _allow(origin: str | None, program: SignUpProgram | None) -> list[Header]:
    """Return the headers that let a page read the answer, if the program lists its origin."""
    if origin is None:
        return []
    vary = (b"vary", b"Origin")
    if program is None or origin not in program.origins:
        return [vary]
    return [vary, (b"access-control-allow-origin", origin.encode("latin-1"))]
