"""How requests travel: over the network with aiohttp, or in memory to an ASGI application (the simulator in the box).

Both are `HTTPClient`s of the official library, so its retries, idempotency keys and error classes work for both alike.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import cache
from typing import Any, Final, TypeAlias
from urllib.parse import unquote, urlsplit

import aiohttp
import stripe

CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 20.0

# Retries wait for a distant server to recover; a simulator in this process recovers at once.
_IN_MEMORY_PATIENCE: Final = 0.02

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
AsgiApp: TypeAlias = Callable[
    [Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


class NetworkClient(stripe.AIOHTTPClient):
    """The library's aiohttp client with what it leaves out.

    Its own `request_async` reads the body outside of its error handling, so a connection cut in the middle of an answer
    escapes as an error of aiohttp's and is not retried. It also follows redirects, with the key in the request.
    """

    def __init__(self) -> None:
        super().__init__(timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS))
        self._own_session: aiohttp.ClientSession | None = None

    @property
    def _session(self) -> aiohttp.ClientSession:
        # Made at the first request, because a session belongs to the event loop that runs then.
        if self._own_session is None:
            self._own_session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_trusted_authorities()))
        return self._own_session

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request and read its whole answer."""
        arguments, options = self._get_request_args_kwargs(method, url, headers, post_data)
        try:
            async with self._session.request(*arguments, **options, allow_redirects=False) as response:
                return await response.read(), response.status, response.headers
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self._handle_request_error(error)

    async def close_async(self) -> None:
        """Close the connections, if any was opened."""
        if self._own_session is not None:
            await self._own_session.close()


@cache
def _trusted_authorities() -> ssl.SSLContext:
    # One for the process: loading the certificates takes milliseconds and a megabyte.
    return ssl.create_default_context(cafile=stripe.ca_bundle_path)


class InMemoryClient(stripe.HTTPClient):
    """Calls an ASGI application in this process: no socket, no thread, no serialisation but Stripe's own."""

    name = "asgi"

    def __init__(self, app: AsgiApp, *, total_seconds: float = TOTAL_SECONDS) -> None:
        super().__init__()
        self._app = app
        self._total_seconds = total_seconds

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Run the application once; an exception or a missing answer counts as a broken connection."""
        exchange = _Exchange((post_data or "").encode())
        try:
            async with asyncio.timeout(self._total_seconds):
                await self._app(_scope(method, url, headers), exchange.receive, exchange.send)
        except Exception as error:
            # An application that breaks off is to us what a broken connection is, so the library may retry it.
            raise _no_answer(type(error).__name__) from error
        if exchange.status is None:
            raise _no_answer("no answer")
        return b"".join(exchange.body), exchange.status, exchange.headers

    def sleep_async(self, secs: float) -> Awaitable[None]:
        """Wait before a retry."""
        return asyncio.sleep(secs * _IN_MEMORY_PATIENCE)

    async def close_async(self) -> None:
        """Nothing is held open."""


class _Exchange:
    """One request's body going in, its answer coming out."""

    def __init__(self, sent: bytes) -> None:
        self._sent: bytes | None = sent
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.body: list[bytes] = []

    async def receive(self) -> Message:
        if self._sent is None:
            return {"type": "http.disconnect"}
        message = {"type": "http.request", "body": self._sent, "more_body": False}
        self._sent = None
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message.get("headers", ())
            }
        elif message["type"] == "http.response.body":
            self.body.append(message.get("body", b""))


def _scope(method: str, url: str, headers: Mapping[str, str]) -> Scope:
    parts = urlsplit(url)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method.upper(),
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode("ascii"),
        "query_string": parts.query.encode("ascii"),
        "root_path": "",
        "headers": [
            (b"host", parts.netloc.encode("ascii")),
            *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()),
        ],
        "client": None,
        "server": (parts.hostname or "", parts.port or 80),
    }


def _no_answer(why: str) -> stripe.APIConnectionError:
    message = f"The application in this process gave no answer ({why})."
    return stripe.APIConnectionError(message, should_retry=True)  # type: ignore[no-untyped-call] # the library's own
