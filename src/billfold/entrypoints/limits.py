"""What a request may cost before anybody looks at it: its size, its time, and wrong keys from one address.

The body is read whole here and handed on: every door of ours needs all of it, it is at most 1 MiB, and so one place decides
about sizes, lies and slowness. Refusals are `{"error": …}` (SCENARIOS A13, contract G2, G33, G34), or what a surface that
speaks otherwise makes of status and message: a page, for whoever sent a form.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from itertools import chain
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]
Envelope = Callable[[int, str], bytes]

LARGEST_BODY: Final = 1024 * 1024
LARGEST_URL: Final = 16 * 1024
LARGEST_HEADERS: Final = 64 * 1024
BODY_SECONDS: Final = 15.0
# After an early refusal the rest of the upload is thrown away for a moment: a connection that is closed with unread bytes
# is reset, and the client would see that instead of the refusal.
_LINGER_SECONDS: Final = 2.0
_LINGER_BYTES: Final = 16 * 1024 * 1024
_MOST_ADDRESSES: Final = 10_000
_IPV6_NETWORK: Final = 64


# In a scope's extensions: the connection itself wakes up whoever waits for a body for longer than `BODY_SECONDS`, so that a
# body which came with its headers, as nearly all do, costs no timer.
WAKES_SLOW_BODIES: Final = "billfold.wakes_slow_bodies"


_JSON: Final[tuple[Header, ...]] = ((b"content-type", b"application/json"),)
_JUDGED: Final = frozenset({b"content-length", b"transfer-encoding", b"content-encoding"})


class BodyRefused(Exception):
    """The request is answered with `status` without being looked at further."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class ClientLeft(Exception):
    """The connection ended before the body did: nobody waits for an answer."""


def plain_envelope(status: int, message: str) -> bytes:
    """Return the JSON body of a refusal as every surface of ours writes it."""
    del status
    return json.dumps({"error": message}).encode()


class Bodies:
    """Reads bodies whole, within bounds of the URL, the headers, the body and the time that the body takes."""

    def __init__(self, *, largest_body: int = LARGEST_BODY, body_seconds: float = BODY_SECONDS) -> None:
        self._largest_body = largest_body
        self._body_seconds = body_seconds

    async def read(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body, None if the request announces none; raises `BodyRefused`, or `ClientLeft`."""
        if not _has_body(scope, self._largest_body):
            return None
        if WAKES_SLOW_BODIES in scope.get("extensions", ()):
            return await self._collect(receive, time.monotonic() + self._body_seconds)
        return await self._read(receive)

    async def _read(self, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(self._body_seconds):
                return await self._collect(receive, None)
        except TimeoutError:
            raise self._too_slow() from None

    async def _collect(self, receive: Receive, deadline: float | None) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            chunk: bytes = message.get("body", b"")
            size += len(chunk)
            if size > self._largest_body:
                raise _too_large(self._largest_body)
            if not message.get("more_body", False):
                return b"".join((*chunks, chunk)) if chunks else chunk
            if deadline is not None and time.monotonic() >= deadline:
                raise self._too_slow()
            chunks.append(chunk)

    def _too_slow(self) -> BodyRefused:
        return BodyRefused(408, f"The request body took longer than {self._body_seconds:.0f} seconds.")


class RequestLimits:
    """Bounds what a request may cost, for every door behind it."""

    def __init__(
        self,
        app: AsgiApp,
        *,
        largest_body: int = LARGEST_BODY,
        body_seconds: float = BODY_SECONDS,
        envelope: Envelope = plain_envelope,
        headers: Sequence[Header] = _JSON,
    ) -> None:
        self._app = app
        self._bodies = Bodies(largest_body=largest_body, body_seconds=body_seconds)
        self._envelope = envelope
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand the request on with its body at hand."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._bodies.read(scope, receive)
        except BodyRefused as refusal:
            await refuse(refusal, receive, send, envelope=self._envelope, headers=self._headers)
            return
        except ClientLeft:
            return
        await self._app(scope, receive if body is None else _Replay(body, receive), send)


async def whole_body(receive: Receive) -> bytes:
    """Return a body that was read within the limits before, or came without a socket; raises `ClientLeft`."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise ClientLeft
    return body


async def refuse(
    refusal: BodyRefused,
    receive: Receive,
    send: Send,
    *,
    envelope: Envelope = plain_envelope,
    headers: Sequence[Header] = _JSON,
) -> None:
    """Answer a request that is not looked at further, and throw away what still comes of it."""
    await _refuse(refusal.status, envelope(refusal.status, refusal.message), headers, receive, send)


def _has_body(scope: Scope, largest_body: int) -> bool:
    """Check the URL and the headers, and tell whether a body follows."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LARGEST_URL:
        raise BodyRefused(414, f"The address is longer than {LARGEST_URL} bytes.")
    headers = scope["headers"]
    # ": " and the line's end make four more for each.
    size = sum(map(len, chain.from_iterable(headers))) + 4 * len(headers)
    has_body = False
    for name, value in headers:
        if name not in _JUDGED:
            continue
        if name == b"content-length":
            # The server's parser has already refused what is no number.
            length = int(value)
            if length > largest_body:
                raise _too_large(largest_body)
            has_body = has_body or length > 0
        elif name == b"transfer-encoding":
            has_body = True
        elif name == b"content-encoding" and value.strip().lower() not in {b"", b"identity"}:
            raise BodyRefused(415, "Compressed bodies are not accepted: send the body without Content-Encoding.")
    if size > LARGEST_HEADERS:
        raise BodyRefused(431, f"The headers are longer than {LARGEST_HEADERS} bytes.")
    return has_body


def _too_large(largest_body: int) -> BodyRefused:
    return BodyRefused(413, f"The request body is larger than {largest_body} bytes.")


class _Replay:
    """Hands on a body that was read, then whatever the connection says next."""

    __slots__ = ("_body", "_receive")

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        body, self._body = self._body, None
        if body is None:
            return await self._receive()
        return {"type": "http.request", "body": body, "more_body": False}


async def _refuse(status: int, body: bytes, headers: Sequence[Header], receive: Receive, send: Send) -> None:
    framing = ((b"content-length", str(len(body)).encode()), (b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *framing]})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            await _throw_away(receive)
    await send({"type": "http.response.body", "body": b""})


async def _throw_away(receive: Receive) -> None:
    left = _LINGER_BYTES
    while left > 0:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
        left -= len(message.get("body", b""))


class BadKeyLimit:
    """Answers 429 instead of 401 to an address that keeps sending wrong keys.

    A right key is never held up, so someone who guesses behind a shared address (a proxy, an office) shuts out nobody else.
    """

    def __init__(self, app: AsgiApp, *, per_minute: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._per_minute = per_minute
        self._guesses = GuessBudget(per_minute=per_minute, monotonic=monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; look at the answer only if it came with a key."""
        has_key = any(name == b"authorization" for name, _ in scope["headers"])
        if not has_key or not self._per_minute:
            await self._app(scope, receive, send)
            return
        swallow = False

        async def send_checked(message: Message) -> None:
            nonlocal swallow
            if message["type"] == "http.response.start" and message["status"] == 401:  # noqa: PLR2004 - HTTP's number
                seconds = self._guesses.spend((scope.get("client") or ("unknown", 0))[0])
                if seconds:
                    swallow = True
                    await _answer_too_many(seconds, send)
            if not swallow:
                await send(message)

        await self._app(scope, receive, send_checked)


class GuessBudget:
    """How many wrong keys or tokens an address may send: a bucket for each, in this process, and a bounded number of them.

    `per_minute` 0 is no limit.
    """

    def __init__(self, *, per_minute: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._monotonic = monotonic
        # Address → (tokens left, when that was counted).
        self._buckets: dict[str, tuple[float, float]] = {}

    def spend(self, host: str) -> int:
        """Count a wrong key; returns the seconds to wait, 0 if the address may send more."""
        if not self._per_minute:
            return 0
        address = network_of(host)
        now = self._monotonic()
        tokens, counted_at = self._buckets.pop(address, (float(self._per_minute), now))
        tokens = min(float(self._per_minute), tokens + (now - counted_at) * self._per_minute / 60)
        if len(self._buckets) >= _MOST_ADDRESSES:
            del self._buckets[next(iter(self._buckets))]
        # Written back last, so the address that was quiet longest is the one that is forgotten.
        self._buckets[address] = (max(0.0, tokens - 1), now)
        return 0 if tokens >= 1 else max(1, round(60 / self._per_minute))


def network_of(host: str) -> str:
    """Return the client's address; for IPv6 its network, because one client owns all addresses of that."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 4:  # noqa: PLR2004 - IP's number
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))


async def _answer_too_many(seconds: int, send: Send) -> None:
    body = json.dumps({"error": f"Too many requests with a wrong API key. Try again in {seconds} seconds."}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(seconds).encode()),
    ]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
