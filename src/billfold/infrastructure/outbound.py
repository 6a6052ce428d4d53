"""Guarded outgoing HTTP: for addresses that somebody else typed in (a login's keys, a webhook's receiver).

Whoever may name an address that a server calls can aim it at what only the server reaches: its own ports, the neighbours
in its network, the cloud's metadata service. So a name is resolved once, every address it has must be a public one, and the
connection goes to exactly those addresses: a name that changes between the check and the call changes nothing. TLS still
proves the name. Redirects are not followed, proxies of the environment not used, and what comes back is bounded in size
and time.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from yarl import URL

from billfold.infrastructure.outbound_answers import (
    AddressRefused,
    AnswerTooLarge,
    Limits,
    OutboundError,
    Response,
    Unreachable,
)

if TYPE_CHECKING:
    from billfold.infrastructure.outbound_call import KeptConnections

__all__ = ["AddressRefused", "AnswerTooLarge", "Limits", "Outbound", "OutboundError", "Response", "Unreachable"]

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_LONGEST_URL: Final = 2_048
_MOST_LOOK_UPS: Final = 256
_NOT_OUTSIDE: Final = "The address leads into a private or reserved network."

# IANA's special-purpose registries, and two addresses inside public ranges that clouds keep for their own machines.
_NOT_PUBLIC_V4: Final = tuple(
    ipaddress.IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network: 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own, and Alibaba's metadata
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments, and Oracle's metadata
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "168.63.129.16/32",  # Azure's agent of the host
    )
)
# Everything outside of global unicast is not public either: loopback, link-local, unique local, multicast, unspecified.
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_V6: Final = tuple(
    ipaddress.IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments; Teredo, which hides an IPv4 address
        "2001:db8::/32",
        "3fff::/20",
    )
)
# Prefixes whose last 32 bits are an IPv4 address.
_ENDS_IN_V4: Final = tuple(
    ipaddress.IPv6Network(each)
    for each in (
        "::ffff:0:0/96",  # mapped
        "::ffff:0:0:0/96",  # translated
        "64:ff9b::/96",  # NAT64
    )
)
_SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")
# What a development machine may call when private addresses are allowed: itself and its neighbours, never metadata.
_PRIVATE: Final = tuple(
    ipaddress.ip_network(each)
    for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


# Below 1024 other services listen, and these above it are databases: an HTTP request is a line of commands to some of them.
_WEB_PORTS: Final = frozenset({80, 443})
_RESERVED_PORTS: Final = 1024
_DATABASE_PORTS: Final = frozenset({1433, 1521, 3306, 5432, 5984, 6379, 6380, 9042, 9200, 9300, 11211, 27017})


DEFAULT_LIMITS: Final = Limits()


class Outbound:
    """Calls addresses that strangers named. `allow_private` is for development and tests: plain http and own networks.

    `keeps_connections` leaves them open for the next call of the same host, for callers that call often; `close` ends them.
    Every call looks the name up and checks it all the same.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolve: Resolve | None = None,
        trusted: ssl.SSLContext | None = None,
        keeps_connections: bool = False,
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve or _resolve
        self._trusted = trusted
        self._keeps_connections = keeps_connections
        self._kept: KeptConnections | None = None

    def check_url(self, url: str) -> URL:
        """Return the address if its form may be called, or raise `AddressRefused`; where a name leads is checked at the call."""
        if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise AddressRefused("The address must be at most 2048 visible ASCII characters.")
        try:
            parsed = URL(url)
            host, port = parsed.host, parsed.port
        except ValueError:
            raise AddressRefused("The address cannot be read.") from None
        if parsed.scheme not in ({"https", "http"} if self._allow_private else {"https"}):
            raise AddressRefused("The address must begin with https://.")
        if not host or not port:
            raise AddressRefused("The address names no host.")
        if not self._allow_private and not _may_be_web(port):
            raise AddressRefused(f"The port {port} is not one for the web.")
        if parsed.user is not None or parsed.password is not None:
            raise AddressRefused("The address must not hold a user name or password.")
        number = _number_in(host)
        leads_here = host.rstrip(".").rpartition(".")[2] == "localhost" and not self._allow_private
        if leads_here or (number is not None and not self._may_call(number)):
            raise AddressRefused(_NOT_OUTSIDE)
        return parsed.with_fragment(None)

    async def fetch(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Response:
        """Send one request and return the whole answer, redirects as they are; raises an `OutboundError`."""
        parsed = self.check_url(url)
        try:
            async with asyncio.timeout(limits.total_seconds):
                addresses = await self._addresses(parsed)
                # At the first call: loading what speaks HTTP takes longer than starting the rest of the server.
                from billfold.infrastructure.outbound_call import KeptConnections, Request, call  # noqa: PLC0415 - see above

                request = Request(method, parsed, addresses, headers or {}, body, limits)
                if not self._keeps_connections:
                    return await call(request, self._trusted)
                if self._kept is None:
                    self._kept = KeptConnections(self._trusted)
                return await self._kept.call(request)
        except TimeoutError:
            raise Unreachable(f"No answer within {limits.total_seconds:g} seconds.") from None

    async def close(self) -> None:
        """Close the connections that were kept."""
        if self._kept is not None:
            await self._kept.close()
            self._kept = None

    async def _addresses(self, url: URL) -> Sequence[str]:
        """Resolve once, and refuse the name if any of its addresses is not public: a mixture is no honest name."""
        host = url.host or ""
        try:
            # What is an address already need not be looked up.
            found = [host] if _is_address(host) else list(await self._resolve(host, url.port or 0))
        except (OSError, UnicodeError):
            raise Unreachable("The host's name was not found.") from None
        if not found:
            raise Unreachable("The host's name was not found.")
        for each in found:
            if not self._may_call(each):
                raise AddressRefused(_NOT_OUTSIDE)
        return found

    def _may_call(self, address: str) -> bool:
        return is_public(address) or (self._allow_private and is_private(address))


async def _resolve(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_resolvers(), _look_up, host, port)
    return list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))


def _look_up(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


@cache
def _resolvers() -> ThreadPoolExecutor:
    # The system's look-up blocks a thread, for half a minute if nobody answers for the name. In the loop's own few threads a
    # handful of such names would hold up everybody's; a thread is only made when all others are busy.
    return ThreadPoolExecutor(max_workers=_MOST_LOOK_UPS, thread_name_prefix="billfold-resolve")


def _number_in(host: str) -> str | None:
    """Return the IP address that a host is, in any form that the system takes (`0x7f.1`, `2130706433`), None for a name."""
    if _is_address(host):
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _may_be_web(port: int) -> bool:
    return port in _WEB_PORTS or (port >= _RESERVED_PORTS and port not in _DATABASE_PORTS)


def is_public(address: str) -> bool:
    """Tell whether an IP address, in any form that hides another, belongs to the public internet."""
    parsed = _unwrapped(address)
    if parsed is None:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_V4)
    return parsed in _GLOBAL_UNICAST and not any(parsed in network for network in _NOT_PUBLIC_V6)


def is_private(address: str) -> bool:
    """Tell whether an IP address is this machine's own or its neighbours'; metadata and multicast are not."""
    parsed = _unwrapped(address)
    return parsed is not None and any(parsed.version == each.version and parsed in each for each in _PRIVATE)


def _unwrapped(address: str) -> IpAddress | None:
    """Return the address that is really reached, or None for a text that is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.scope_id is not None:
            return None
        if any(parsed in network for network in _ENDS_IN_V4):
            return ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if parsed in _SIX_TO_FOUR:
            return ipaddress.IPv4Address(int(parsed) >> 80 & 0xFFFFFFFF)
    return parsed
