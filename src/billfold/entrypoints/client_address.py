"""Which network address a request comes from.

A proxy adds the address that it saw at the right end of `X-Forwarded-For`; what stands further left is whatever the client wrote.
So the list is read from the right, and only as long as each address that vouches for the next one is a proxy of ours
(`BILLFOLD_TRUSTED_PROXIES`). Without that setting the header is not looked at (SCENARIOS F7).
"""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import Any, Final

from starlette.requests import HTTPConnection

from billfold.base.settings import Settings, networks_of
from billfold.entrypoints.limits import Scope

UNKNOWN: Final = "unknown"
# Longer chains of proxies do not exist; what is left of that is not read.
_MOST_HOPS: Final = 10

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(connection: HTTPConnection | Scope, settings: Settings) -> str:
    """Return the client's address as text, `unknown` if the server does not tell; asking twice gives the same."""
    # Not by its class: asking whether a dictionary is a connection takes as long as all the rest.
    scope: Any = getattr(connection, "scope", connection)
    peer = str((scope.get("client") or (UNKNOWN, 0))[0])
    trusted = _networks(settings.trusted_proxies or "")
    if not trusted:
        return peer
    address = _parse(peer)
    if address is None:
        return peer
    for hop in _hops(scope):
        if not any(address.version == network.version and address in network for network in trusted):
            break
        before = _parse(hop)
        if before is None:
            break
        address = before
    return str(address)


def _hops(scope: Any) -> list[str]:
    """Return what the headers list, the last first; several headers are one list."""
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop.strip() for hop in reversed(",".join(values).split(","))][:_MOST_HOPS]


def _parse(text: str) -> _Address | None:
    if text.startswith("["):
        text = text[1:].partition("]")[0]  # An IPv6 address with a port.
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # An IPv4 client of a socket that listens on both looks like ::ffff:192.0.2.1.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


@cache
def _networks(trusted_proxies: str) -> tuple[_Network, ...]:
    return networks_of(trusted_proxies)
