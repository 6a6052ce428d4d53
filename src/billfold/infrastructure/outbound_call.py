"""One call of the guarded outgoing HTTP, over aiohttp: to exactly the addresses that were checked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from billfold.infrastructure.outbound_answers import AnswerTooLarge, Limits, Response, Unreachable

_CHUNK: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What to send, and the checked addresses of the host to which it may go."""

    method: str
    url: URL
    addresses: Sequence[str]
    headers: Mapping[str, str]
    body: bytes | None
    limits: Limits


async def call(request: Request, trusted: ssl.SSLContext | None) -> Response:
    """Send one request over a connection of its own, with the name in Host and TLS; raises what `Outbound.fetch` raises."""
    async with _session(trusted, keeps=False) as session:
        return await _send(session, request, _Way())


class KeptConnections:
    """Connections that stay open for the next request to the same host and port.

    Each was opened to an address that was checked for it, and TLS proved the name when it was opened.
    """

    def __init__(self, trusted: ssl.SSLContext | None) -> None:
        self._trusted = trusted
        self._session = _session(trusted, keeps=True)

    async def call(self, request: Request) -> Response:
        """Send one request; one that met a connection which the host had just closed is sent again over a new one."""
        way = _Way()
        try:
            return await _send(self._session, request, way)
        except _Dropped:
            if not way.is_kept:
                raise
            return await call(request, self._trusted)

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()


class _Dropped(Unreachable):
    """The host ended the connection before it answered."""


class _Way:
    """How a request went: over a connection that was open already, or over a new one."""

    is_kept = False


# The addresses that were checked for the request of this task.
_checked: ContextVar[Sequence[str]] = ContextVar("checked")


def _session(trusted: ssl.SSLContext | None, *, keeps: bool) -> aiohttp.ClientSession:
    tracing = aiohttp.TraceConfig()
    tracing.on_connection_reuseconn.append(_note_kept)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=_Pinned(),
            use_dns_cache=False,
            force_close=not keeps,
            # How many at once is for the caller to say.
            limit=0,
            ssl=trusted if trusted is not None else True,
        ),
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        # Packed answers could unfold to more than their limit.
        auto_decompress=False,
        trace_configs=[tracing],
    )


async def _note_kept(session: Any, context: Any, parameters: Any) -> None:
    del session, parameters
    context.trace_request_ctx.is_kept = True


async def _send(session: aiohttp.ClientSession, request: Request, way: _Way) -> Response:
    _checked.set(request.addresses)
    try:
        async with session.request(
            request.method,
            request.url,
            headers={"accept-encoding": "identity", **request.headers},
            data=request.body,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=request.limits.total_seconds),
            trace_request_ctx=way,
        ) as answer:
            read = await _read(answer, request.limits)
            return Response(answer.status, {name.lower(): value for name, value in answer.headers.items()}, read)
    except TimeoutError:
        raise
    except aiohttp.ClientSSLError:
        raise Unreachable("The host's TLS certificate does not prove its name.") from None
    except (aiohttp.ServerDisconnectedError, ConnectionResetError):
        raise _Dropped("The host ended the connection before it answered.") from None
    except (aiohttp.ClientError, OSError):
        raise Unreachable("The host did not answer, or not in HTTP.") from None


async def _read(answer: aiohttp.ClientResponse, limits: Limits) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in answer.content.iter_chunked(_CHUNK):
        size += len(chunk)
        chunks.append(chunk)
        if size > limits.largest_answer:
            if not limits.cuts_answer:
                raise AnswerTooLarge(f"The answer is longer than {limits.largest_answer} bytes.")
            # The rest is never read, so the connection is of no use to anybody else.
            answer.close()
            break
    return b"".join(chunks)[: limits.largest_answer]


class _Pinned(AbstractResolver):
    """Answers with the addresses that were checked for the request, whatever the name says by now."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in _checked.get()
        ]

    async def close(self) -> None:
        pass
