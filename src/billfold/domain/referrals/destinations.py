"""Where a followed link may lead: the landing address of the project, or another page on one of its own hosts. Pure.

A visitor must never be sent where the project did not say (SCENARIOS F6), so an address is compared in the one plain form that
every browser reads alike; everything else falls back to the landing address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from billfold.base.errors import Invalid

LONGEST_ADDRESS: Final = 2_048
MOST_HOSTS: Final = 20
HOST_PATTERN: Final = r"^[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?$"
_HOST: Final = re.compile(HOST_PATTERN.rstrip("$") + r"\Z")
# RFC 3986's characters without the backslash, quotes and brackets that browsers mend each in their own way.
_PLAIN: Final = re.compile(r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+\Z")
_SCHEMES: Final = ("https", "http")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1"})


# The same few pages come with most clicks.
@lru_cache(maxsize=1_000)
def host_of(address: str) -> str | None:
    """Return host and port of a web address in lower case, None for what is no plain web address."""
    if len(address) > LONGEST_ADDRESS or not _PLAIN.match(address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not host or "@" in parts.netloc:
        return None
    full = host if port is None else f"{host}:{port}"
    return full if _HOST.match(full) and parts.netloc.lower() == full else None


def is_own(address: str, hosts: Sequence[str]) -> bool:
    """Tell whether a web address is on one of the project's own hosts, plain http only on this machine."""
    host = host_of(address)
    if host is None or host not in hosts:
        return False
    return address.lower().startswith("https:") or host.partition(":")[0] in _LOOPBACK


def destination(landing: str, hosts: Sequence[str], wanted: str | None) -> str:
    """Return where a visitor is sent: the wanted page if it is the project's own, else the landing address.

    A wanted path such as `/pricing` is one on the landing address's host.
    """
    if not wanted:
        return landing
    if wanted.startswith("/") and not wanted.startswith("//"):
        scheme, _, rest = landing.partition("://")
        wanted = f"{scheme}://{rest.split('/')[0].split('?')[0].split('#')[0]}{wanted}"
    return wanted if is_own(wanted, [*hosts, host_of(landing) or ""]) else landing


def with_query(address: str, query: str) -> str:
    """Return an address with more in its query, before its fragment; `query` is encoded already."""
    whole, hash_sign, fragment = address.partition("#")
    separator = "" if whole.endswith(("?", "&")) else "&" if "?" in whole else "?"
    return f"{whole}{separator}{query}{hash_sign}{fragment}"


def checked_landing(address: str) -> str:
    """Return a landing address that will do, or raise `Invalid`."""
    host = host_of(address)
    if host is None:
        raise Invalid("landingUrl must be a web address such as https://www.example.com/start, in plain characters.")
    if not is_own(address, [host]):
        raise Invalid("landingUrl must begin with https://; plain http is for addresses of this machine.")
    return address


def checked_hosts(hosts: Sequence[str], name: str) -> tuple[str, ...]:
    """Return hosts in lower case, each once, or raise `Invalid`; `name` is what the caller calls them."""
    found = tuple(dict.fromkeys(host.strip().lower() for host in hosts))
    if len(found) > MOST_HOSTS or not all(len(host) <= 253 and _HOST.match(host) for host in found):  # noqa: PLR2004 - DNS's own
        raise Invalid(f"{name} may list up to {MOST_HOSTS} names such as app.example.com, without https:// and paths.")
    return found
