"""The session's cookie: `__Host-billfold_session`, Secure, HttpOnly, SameSite=Lax, for the whole host and no other.

Chromium and Firefox take such a cookie from `http://127.0.0.1` too (tried with Chromium); Safari does not, and programs that keep
cookies do not send it back there. So a server whose public address is plain HTTP on the loopback, and no other, uses a cookie
without the prefix and without Secure.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from billfold.base.crypto import token_hash
from billfold.base.settings import Settings
from billfold.domain.tenancy.sessions import KEPT_AT_MOST, SessionCaller, find_session, is_to_be_noted, note_seen
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services

_NAME: Final = "__Host-billfold_session"
_LOOPBACK_NAME: Final = "billfold_session"
LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# 64 hexadecimal digits; nothing longer is hashed.
_LONGEST_TOKEN: Final = 64


async def read_session(services: Services, request: Request) -> SessionCaller | None:
    """Return the session of a request's cookie, or None if there is none or it still lacks the second factor."""
    session = await read_unfinished_session(services, request)
    return session if session is not None and session.second_factor_passed else None


async def read_unfinished_session(services: Services, request: Request) -> SessionCaller | None:
    """Return the session even if its second factor is missing: for the page that asks for it and for signing out."""
    token = request.cookies.get(cookie_name(services.settings))
    if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        return None
    now = services.clock.now()
    session = await services.db.read(find_session, token_hash(token), now)
    if session is not None and is_to_be_noted(session, now):
        address = client_address(request, services.settings)
        await services.db.write(note_seen, session, address=address, now=now)
    return session


def set_cookie(services: Services, response: Response, token: str, *, is_kept: bool = True) -> None:
    """Have the browser keep a session's token: for days, or until it is closed.

    The cookie may outlive the session; the server decides when that ends.
    """
    response.set_cookie(
        cookie_name(services.settings),
        token,
        max_age=int(KEPT_AT_MOST.total_seconds()) if is_kept else None,
        path="/",
        secure=is_secure(services.settings),
        httponly=True,
        samesite="lax",
    )


def clear_cookie(services: Services, response: Response) -> None:
    """Have the browser forget the session."""
    response.delete_cookie(
        cookie_name(services.settings),
        path="/",
        secure=is_secure(services.settings),
        httponly=True,
        samesite="lax",
    )


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name, which tells browsers what to insist on."""
    return _NAME if is_secure(settings) else _LOOPBACK_NAME


def is_secure(settings: Settings) -> bool:
    """Tell whether cookies are for HTTPS only: always, but for a server on the loopback."""
    parts = urlsplit(settings.public_url)
    return not (parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS)
