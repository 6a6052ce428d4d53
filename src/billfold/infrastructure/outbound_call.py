"""One call of the guarded outgoing HTTP, over aiohttp: to exactly the addresses that were checked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from billfold.infrastructure.outbound import AnswerTooLarge, Limits, Response, Unreachable

_CHUNK: Final = 16 * 1024


async def call(
    method: str,
    url: URL,
    addresses: Sequence[str],
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    limits: Limits,
    trusted: ssl.SSLContext | None,
) -> Response:
    """Send one request to one of the addresses, with the name in Host and TLS; raises what `Outbound.fetch` raises."""
    # A connection of its own for each call: what is pinned for one name is never reused for another.
    connector = aiohttp.TCPConnector(
        resolver=_Pinned(addresses),
        use_dns_cache=False,
        force_close=True,
        ssl=trusted if trusted is not None else True,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        # Packed answers could unfold to more than their limit.
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=limits.total_seconds),
    ) as session:
        try:
            async with session.request(
                method,
                url,
                headers={"accept-encoding": "identity", **headers},
                data=body,
                allow_redirects=False,
            ) as answer:
                read = await _read(answer, limits.largest_answer)
                return Response(answer.status, {name.lower(): value for name, value in answer.headers.items()}, read)
        except TimeoutError:
            raise
        except aiohttp.ClientSSLError:
            raise Unreachable("The host's TLS certificate does not prove its name.") from None
        except (aiohttp.ClientError, OSError):
            raise Unreachable("The host did not answer, or not in HTTP.") from None


async def _read(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in answer.content.iter_chunked(_CHUNK):
        size += len(chunk)
        if size > largest:
            raise AnswerTooLarge(f"The answer is longer than {largest} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)


class _Pinned(AbstractResolver):
    """Answers with the addresses that were checked, whatever the name says by now."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

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
            for address in self._addresses
        ]

    async def close(self) -> None:
        pass
