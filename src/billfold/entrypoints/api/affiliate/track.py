"""`POST /v1/affiliate/track`: tells of a click, from an app's backend or from its pages (contract section 3.7, A18, A19).

The door is bare: no framework stands between, clicks go into a batch, and the answer comes after the batch's commit. A
publishable key (`pk_…`) opens it for pages on the key's origins, so many requests a minute for each network; a secret key for
backends, with a limit of its own beside the key's. The page's address is stored, never fetched and never redirected to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
import structlog
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.errors import BillfoldError, Forbidden, Invalid
from billfold.domain.referrals.destinations import LONGEST_ADDRESS, host_of
from billfold.domain.referrals.links import LinkTarget
from billfold.domain.referrals.publishable_keys import PREFIX as PUBLISHABLE
from billfold.domain.referrals.publishable_keys import PublishableKey, find_key
from billfold.entrypoints.api.affiliate.access import KeyAllowed, app_of_key
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp, moment
from billfold.entrypoints.api.affiliate.errors import (
    Coded,
    TooMany,
    business_response,
    envelope,
    unexpected_response,
)
from billfold.entrypoints.api.affiliate.operations import operation
from billfold.entrypoints.caller import Access, Unauthorized
from billfold.entrypoints.click_intake import ClickIntake, Taken, Visitor, visitor_id_of
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.json_bodies import RequestBody, refusal
from billfold.entrypoints.limits import (
    Bodies,
    BodyRefused,
    ClientLeft,
    Receive,
    Scope,
    Send,
    network_of,
    refuse,
    whole_body,
)
from billfold.entrypoints.quotas import Quotas
from billfold.entrypoints.services import Services

_log = structlog.get_logger(__name__)

PATH: Final = "/v1/affiliate/track"
LARGEST_BODY: Final = 16 * 1024
SCOPE: Final = "referrals:write"
_LONGEST_CODE: Final = 64
_LONGEST_AGENT: Final = 1_000
_KEPT_SECONDS: Final = b"600"
_CONSENTS: Final = ("granted", "not_asked")
_ALLOWED: Final = KeyAllowed(SCOPE)

router = APIRouter(prefix="/affiliate", tags=["Tracking"])
Header = tuple[bytes, bytes]
_TRACKED: Final[tuple[Header, ...]] = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class TrackedAnswer(Body):
    """The click; `clickToken` or `referralId` bind a customer to it. `expiresAt` is null where the terms set no window."""

    tracked: bool
    referral_id: str
    visitor_id: str
    expires_at: Timestamp | None
    click_token: str


class TrackClick(RequestBody):
    """A visitor who came by a partner's link. `landingUrl` is another name of `url`."""

    code: Annotated[str, Field(max_length=_LONGEST_CODE, description="the partner's code, in any case")]
    url: Annotated[
        str, Field(max_length=LONGEST_ADDRESS, description="the page that was opened, on a host of the app's")
    ]
    referrer: Annotated[str | None, Field(max_length=LONGEST_ADDRESS, description="the page before it")] = None
    visitor_id: Annotated[
        str | None, Field(max_length=64, description="the same visitor as before: 8 to 64 letters, digits, - and _")
    ] = None
    user_agent: Annotated[str | None, Field(max_length=_LONGEST_AGENT, description="the browser's User-Agent")] = None
    ip: Annotated[str | None, Field(max_length=64, description="the browser's address; it is not stored")] = None


class _Click(msgspec.Struct, rename="camel"):
    """The body as the door reads it; other fields are left alone."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=_LONGEST_CODE)]
    url: Annotated[str, msgspec.Meta(max_length=LONGEST_ADDRESS)] | None = None
    landing_url: Annotated[str, msgspec.Meta(max_length=LONGEST_ADDRESS)] | None = None
    referrer: Annotated[str, msgspec.Meta(max_length=LONGEST_ADDRESS)] | None = None
    visitor_id: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    user_agent: Annotated[str, msgspec.Meta(max_length=_LONGEST_AGENT)] | None = None
    ip: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    consent: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    # The script's own: the token of a click before, and the key where no header can be sent.
    click_token: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    key: Annotated[str, msgspec.Meta(max_length=100)] | None = None


_decoder: Final = msgspec.json.Decoder(_Click)
_encoder: Final = msgspec.json.Encoder()


class TrackDoor:
    """The address as an ASGI application of its own, in front of the surface's framework."""

    def __init__(self, services: Services, intake: ClickIntake) -> None:
        self._services = services
        self._intake = intake
        self._quotas = Quotas()
        self._bodies = Bodies(largest_body=LARGEST_BODY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request in the surface's envelope."""
        headers: list[Header] = []
        try:
            body = await self._bodies.read(scope, receive)
            if scope["method"] == "OPTIONS":
                await _send(send, 204, b"", _preflight(scope))
                return
            if scope["method"] != "POST":
                headers.append((b"allow", b"POST, OPTIONS"))
                raise Coded(405, "Send POST.")
            taken = await self._take(scope, await whole_body(receive) if body is None else body, headers)
        except ClientLeft:
            return
        except BodyRefused as refusal:
            await refuse(refusal, receive, send, envelope=envelope)
        except BillfoldError as error:
            await _respond(business_response(error), headers, send)
        except Exception:  # noqa: BLE001 - whatever it is, the answer is in the envelope
            _log.exception("track.failed")
            await _respond(unexpected_response(), headers, send)
        else:
            content = _encoder.encode(_answer_of(taken))
            length = (b"content-length", b"%d" % len(content))
            await send({"type": "http.response.start", "status": 201, "headers": [length, *_TRACKED, *headers]})
            await send({"type": "http.response.body", "body": content})

    async def _take(self, scope: Scope, body: bytes, headers: list[Header]) -> Taken:
        given = _given(scope)
        click = _decoded(body)
        key = given.key or click.key
        if key is None:
            raise Unauthorized("Missing API key. Send it as 'x-api-key: bs_…', or a publishable key, pk_….")
        if key.startswith(PUBLISHABLE):
            return await self._from_page(scope, given, click, key, headers)
        return await self._from_backend(given, click, key, headers)

    async def _from_page(self, scope: Scope, given: _Given, click: _Click, key: str, headers: list[Header]) -> Taken:
        found = await self._publishable(key)
        origin = given.origin or ""
        headers.append((b"vary", b"Origin"))
        if origin not in found.origins:
            raise Forbidden("This publishable key is for other origins: list this one in Links and tracking.")
        headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
        address = client_address(scope, self._services.settings)
        limit = self._services.settings.track_requests_per_minute
        self._count(f"{found.id}:{network_of(address)}", limit, headers)
        target = await self._target(found.project_id, click.code)
        url = _url_of(click)
        hosts = [each.partition("://")[2] for each in found.origins]
        _check_own(url, target, hosts)
        token = None if click.click_token is None else self._intake.read(click.click_token, found.project_id)
        visitor_id = visitor_id_of(click.visitor_id) if token is None else token.visitor_id
        return await self._intake.take(
            target,
            Visitor(visitor_id, address, given.user_agent),
            source="script",
            url=url,
            referrer=click.referrer,
            consent=click.consent if click.consent in _CONSENTS else None,
            now=self._services.clock.now(),
        )

    async def _from_backend(self, given: _Given, click: _Click, key: str, headers: list[Header]) -> Taken:
        caller = await app_of_key(self._services, key, given.app_id)
        self._count(caller.key_id, self._services.settings.key_track_requests_per_minute, headers)
        if caller.scopes and SCOPE not in caller.scopes:
            raise Forbidden(f"This API key lacks the scope {SCOPE}.")
        if caller.found_project_id is None:
            raise Forbidden("Name the app in the header x-app-id, or use a key that is limited to it.")
        target = await self._target(caller.found_project_id, click.code)
        url = _url_of(click)
        _check_own(url, target, ())
        return await self._intake.take(
            target,
            Visitor(visitor_id_of(click.visitor_id), click.ip or "", click.user_agent or "told by a backend"),
            source="server",
            url=url,
            referrer=click.referrer,
            now=self._services.clock.now(),
        )

    async def _target(self, project_id: str, code: str) -> LinkTarget:
        """Return a code's link, or raise what is answered for a code that brings nobody (contract A9, A12)."""
        target = await self._intake.target(project_id, code)
        if target is None or target.code_id is None:
            raise Coded(404, "No active partner has this code.", "AFFILIATE_NOT_FOUND")
        return target

    async def _publishable(self, key: str) -> PublishableKey:
        found = await self._services.db.read(find_key, key) if key.isascii() and key.isprintable() else None
        if found is None:
            raise Unauthorized("Invalid publishable key.")
        return found

    def _count(self, name: str, limit: int, headers: list[Header]) -> None:
        if not limit:
            return
        quota = self._quotas.take(name, limit, self._services.clock.now())
        headers.extend((header.encode(), value.encode()) for header, value in quota.headers.items())
        if quota.wait:
            raise TooMany(quota.wait)


class _Given(msgspec.Struct, frozen=True):
    """What the headers say."""

    key: str | None
    app_id: str | None
    origin: str | None
    user_agent: str


@router.post("/track", **operation(_ALLOWED, answers={201: TrackedAnswer}, body=TrackClick))
async def track_click(request: Request, access: Annotated[Access, Depends(_ALLOWED)]) -> Response:
    """Track a click.

    With a secret key from a backend, or a publishable key from a page on one of its origins. The same visitor and code within
    30 minutes are one click. A code that is unknown or inactive is answered 404 with `AFFILIATE_NOT_FOUND`.
    """
    del access
    # Served by `TrackDoor`, which stands in front of this application; here only so that the document knows it.
    raise Unauthorized(f"{request.url.path} is answered elsewhere.")


def _url_of(click: _Click) -> str:
    url = click.url or click.landing_url
    if url is None:
        raise Invalid("url is missing: the page that was opened.")
    if host_of(url) is None:
        raise Invalid("url must be a web address, beginning with https:// or http://.")
    return url


def _check_own(url: str, target: LinkTarget, more: Sequence[str]) -> None:
    """Raise `Invalid` for a page that is not the app's; an app that has named no host of its own yet takes any."""
    landing = host_of(target.settings.landing_url or "")
    host = host_of(url)
    if landing is not None and host == landing:
        return
    hosts = {*target.settings.own_hosts, *more, *([landing] if landing else [])}
    if hosts and host not in hosts:
        raise Invalid("url must be on a host of this app: list it in Links and tracking.")


def _decoded(body: bytes) -> _Click:
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        raise refusal(TrackClick, error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("The body must be a JSON object.") from error


def _given(scope: Scope) -> _Given:
    key = bearer = app_id = origin = None
    user_agent = ""
    for name, value in scope["headers"]:
        if name == b"x-api-key":
            key = value.decode("latin-1").strip()
        elif name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            bearer = token.strip() if scheme.lower() == "bearer" else None
        elif name == b"x-app-id":
            app_id = value.decode("latin-1")
        elif name == b"origin":
            origin = value.decode("latin-1")
        elif name == b"user-agent":
            user_agent = value.decode("latin-1")
    return _Given(key or bearer, app_id, origin, user_agent)


def _answer_of(taken: Taken) -> TrackedAnswer:
    return TrackedAnswer(
        tracked=True,
        referral_id=taken.click_id,
        visitor_id=taken.visitor_id,
        expires_at=moment(taken.expires_at),
        click_token=taken.token,
    )


def _preflight(scope: Scope) -> list[Header]:
    """Let a page ask; whether its key may be used there is judged when it does."""
    origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
    if origin is None:
        return [(b"allow", b"POST, OPTIONS")]
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", b"content-type, x-api-key, authorization"),
        (b"access-control-max-age", _KEPT_SECONDS),
        (b"vary", b"Origin"),
    ]


async def _respond(response: Response, headers: list[Header], send: Send) -> None:
    own = [(name, value) for name, value in response.raw_headers if name != b"content-length"]
    known = {name for name, _ in own}
    await _send(send, response.status_code, bytes(response.body), [*own, *(h for h in headers if h[0] not in known)])


async def _send(send: Send, status: int, body: bytes, headers: list[Header]) -> None:
    start: list[Header] = [(b"content-length", b"%d" % len(body))]
    if not any(name == b"content-type" for name, _ in headers):
        start.append((b"content-type", b"application/json"))
    if not any(name == b"cache-control" for name, _ in headers):
        start.append((b"cache-control", b"no-store"))
    start.append((b"x-content-type-options", b"nosniff"))
    await send({"type": "http.response.start", "status": status, "headers": [*start, *headers]})
    await send({"type": "http.response.body", "body": body})
