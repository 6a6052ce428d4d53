"""The HTTP side: a plain ASGI application that answers `/v1/…` as Stripe does.

Each request that changes something is one unit of work: authentication, idempotency key, effect, events and deliveries
are committed together or not at all. Retrieving an object answers the stored text without decoding it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import structlog

from billfold.base.clock import Clock
from billfold.base.crypto import token_hash
from billfold.base.errors import BillfoldError, Unavailable
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.stripe_simulator import tables
from billfold.infrastructure.stripe_simulator.delivery import enqueue_deliveries
from billfold.infrastructure.stripe_simulator.errors import StripeError, idempotency_conflict, missing, unauthorized
from billfold.infrastructure.stripe_simulator.expansion import expand
from billfold.infrastructure.stripe_simulator.forms import decode_form
from billfold.infrastructure.stripe_simulator.parameters import EXPAND
from billfold.infrastructure.stripe_simulator.replies import Reply
from billfold.infrastructure.stripe_simulator.routes import Route, find_route, unknown_route
from billfold.infrastructure.stripe_simulator.tables import Account
from billfold.infrastructure.stripe_simulator.workspace import API_VERSION, Shelf, Workspace

_log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_BODY_LIMIT: Final = 1_048_576
_KEY_LENGTH: Final = 255
_KEY_LIFE: Final = timedelta(hours=24)
_VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z_]+)?$")
_READ_LIST: Final = EXPAND["expand"]
_OK: Final = 200


class AnswerLost(ConnectionError):
    """What a client sees when the answer never comes: the request took effect all the same."""


class StripeServer:
    """An ASGI application; mounted, it is Stripe's API base."""

    def __init__(self, db: Database, clock: Clock, *, public_url: str) -> None:
        self._db = db
        self._clock = clock
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        request_id = "req_" + secrets.token_hex(7)
        lost = False
        try:
            reply, extra, lost = await self._answer(scope, headers, receive, request_id)
        except StripeError as error:
            reply, extra = Reply(error.status, error.body()), []
        except Unavailable as error:
            reply, extra = Reply(503, StripeError(503, error.message, kind="api_error").body()), []
        except BillfoldError as error:
            reply, extra = Reply(400, StripeError(400, error.message).body()), []
        except Exception:  # noqa: BLE001 - the last line of defence: logged, and answered as Stripe answers
            _log.exception("simulator.failed", path=scope["path"])
            reply, extra = Reply(500, StripeError(500, "The simulator failed.", kind="api_error").body()), []
        if lost:
            await _hang_up(send)
            return
        await _respond(send, reply, request_id, extra)

    async def _answer(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, request_id: str
    ) -> tuple[Reply, list[tuple[bytes, bytes]], bool]:
        key_hash = token_hash(_secret_key(headers))
        _check_version(headers)
        path = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").removeprefix("v1/")
        method = scope["method"]
        found = find_route(method, path)
        account = await self._db.read(_account_of_key, key_hash)
        if account is None:
            raise unauthorized("Invalid API Key provided. Use the sk_test_… key of a simulated account.")
        if found is None:
            raise unknown_route(method, path)
        route, ids = found
        query = scope["query_string"].decode("latin-1")
        body = b"" if method == "GET" else await _read_body(receive, headers)
        given = query
        if body:
            try:
                given = body.decode("utf-8") + (f"&{query}" if query else "")
            except UnicodeDecodeError as error:
                raise StripeError(400, "Invalid request: the body is not UTF-8.") from error
        if method == "GET" and not account.faults:
            return Reply(_OK, await self._db.read(_look, account, self._clock.now(), (route, ids, given))), [], False
        key = headers.get(b"idempotency-key", b"").decode("latin-1")
        call = _Call(route, ids, given, idempotency_key=key, request_id=request_id)
        return await self._db.write(_perform, account.id, call, self._public_url, self._clock.now())


class _Call:
    __slots__ = ("given", "idempotency_key", "ids", "request_id", "route")

    def __init__(
        self, route: Route, ids: tuple[str, ...], given: str, *, idempotency_key: str, request_id: str
    ) -> None:
        if len(idempotency_key) > _KEY_LENGTH:
            raise StripeError(
                400, f"Idempotency keys must be at most {_KEY_LENGTH} characters.", kind="idempotency_error"
            )
        self.route = route
        self.ids = ids
        self.given = given
        self.idempotency_key = idempotency_key if route.method == "POST" else ""
        self.request_id = request_id


async def _account_of_key(tx: Reading, key_hash: str) -> Account | None:
    return await tx.first(tables.ACCOUNT_BY_KEY, secret_key_hash=key_hash)


async def _look(tx: Reading, account: Account, now: datetime, asked: tuple[Route, tuple[str, ...], str]) -> bytes:
    route, ids, given = asked
    if route.kind is not None and not given:
        row = await tx.first(tables.GET_DOCUMENT, account_id=account.id, id=ids[0])
        if row is None or row[0] != route.kind:
            raise missing(route.kind, ids[0])
        # A deleted customer is still answered, with little more than that; nothing else is.
        if route.kind != "customer" and row[1].endswith('"deleted":true}'):
            raise missing(route.kind, ids[0])
        return str(row[1]).encode()
    values, paths = _parameters(route, given)
    shelf = Shelf(tx, account, now)
    document = await route.endpoint(shelf, ids, values)
    if paths:
        document = await expand(shelf, document, paths)
    return msgspec.json.encode(document)


def _parameters(route: Route, given: str) -> tuple[dict[str, Any], list[str]]:
    form = decode_form(given)
    paths = _READ_LIST(form.pop("expand"), "expand") if "expand" in form else []
    return route.shape.read(form), paths


async def _perform(
    tx: Writing, account_id: str, call: _Call, public_url: str, now: datetime
) -> tuple[Reply, list[tuple[bytes, bytes]], bool]:
    account = await tx.first(tables.LOCK_ACCOUNT, account_id=account_id)
    if account is None:
        raise unauthorized("Invalid API Key provided.")
    fault = _take_fault(account)
    ws = Workspace(tx, account, now, public_url=public_url)
    if fault in {"429", "500"}:
        await ws.flush()
        return _faulty(fault), [], False
    digest = hashlib.sha256(f"{call.route.method} {call.route.path} {call.ids} {call.given}".encode()).hexdigest()
    extra: list[tuple[bytes, bytes]] = []
    if call.idempotency_key:
        extra.append((b"idempotency-key", call.idempotency_key.encode("latin-1")))
        earlier = await _earlier_reply(tx, account.id, call.idempotency_key, digest, now)
        if earlier is not None:
            await ws.flush()
            return earlier, [*extra, (b"idempotent-replayed", b"true")], fault == "timeout"
        ws.idempotency_key = call.idempotency_key
    ws.request_id = call.request_id
    reply = await _effect(ws, call)
    await ws.flush()
    await enqueue_deliveries(ws)
    if call.idempotency_key:
        await tx.run(
            tables.ADD_REPLY,
            account_id=account.id,
            key=call.idempotency_key,
            request_hash=digest,
            status=reply.status,
            body=reply.body.decode(),
            created_at=now,
        )
    return reply, extra, fault == "timeout"


async def _effect(ws: Workspace, call: _Call) -> Reply:
    values, paths = _parameters(call.route, call.given)
    answer = await call.route.endpoint(ws, call.ids, values)
    if isinstance(answer, Reply):
        return answer
    if paths:
        answer = await expand(ws, answer, paths)
    return Reply(_OK, msgspec.json.encode(answer))


async def _earlier_reply(tx: Writing, account_id: str, key: str, digest: str, now: datetime) -> Reply | None:
    row = await tx.first(tables.GET_REPLY, account_id=account_id, key=key)
    if row is None:
        return None
    request_hash, status, body, created_at = row
    if created_at <= now - _KEY_LIFE:
        await tx.run(tables.FORGET_REPLY, account_id=account_id, key=key)
        return None
    if request_hash != digest:
        raise idempotency_conflict(key)
    return Reply(status, body.encode())


def _take_fault(account: Account) -> str | None:
    """Use up one of the failures that were asked for; those of one kind come before those of the next."""
    for kind in ("timeout", "429", "500"):
        left = account.faults.get(kind, 0)
        if left > 0:
            account.faults = {**account.faults, kind: left - 1}
            if left == 1:
                account.faults.pop(kind)
            return kind
    return None


def _faulty(fault: str) -> Reply:
    if fault == "429":
        error = StripeError(429, "Too many requests. The simulator was asked to say so.", code="rate_limit")
    else:
        error = StripeError(500, "The simulator was asked to fail.", kind="api_error")
    return Reply(error.status, error.body())


def _secret_key(headers: dict[bytes, bytes]) -> str:
    scheme, _, value = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("latin-1").partition(":")[0]
        except (binascii.Error, ValueError) as error:
            raise unauthorized("The Authorization header is not valid Basic authentication.") from error
    raise unauthorized(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
        "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
    )


def _check_version(headers: dict[bytes, bytes]) -> None:
    version = headers.get(b"stripe-version", b"").decode("latin-1")
    if version and not _VERSION.match(version):
        raise StripeError(400, f"Invalid Stripe API version: {version[:40]}")


async def _read_body(receive: Receive, headers: dict[bytes, bytes]) -> bytes:
    kind = headers.get(b"content-type", b"application/x-www-form-urlencoded")
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise StripeError(400, "The request ended before its body.")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > _BODY_LIMIT:
            raise StripeError(413, "Request body too large: the simulator reads at most 1 MiB.")
        chunks.append(chunk)
        if not message.get("more_body", False):
            break
    if size and not kind.startswith(b"application/x-www-form-urlencoded"):
        raise StripeError(
            400, "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."
        )
    return b"".join(chunks)


async def _respond(send: Send, reply: Reply, request_id: str, extra: list[tuple[bytes, bytes]]) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(reply.body)).encode()),
        (b"cache-control", b"no-cache, no-store"),
        (b"request-id", request_id.encode()),
        (b"stripe-version", API_VERSION.encode()),
        *extra,
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _hang_up(send: Send) -> None:
    """Promise an answer and break the connection: the client cannot know whether its request took effect."""
    await send(
        {
            "type": "http.response.start",
            "status": _OK,
            "headers": [(b"content-type", b"application/json"), (b"content-length", b"1000")],
        }
    )
    raise AnswerLost("the simulator was asked to lose its answer")
