"""`GET /r/{project}/{code}`, or `/{code}` on a project's own link host: counts a click and sends the visitor on.

A visitor never sees an error of ours because of a code: an unknown one leads to the landing address without attribution, and so
does a live one while the database does not answer. He is sent to the landing address, or with `?to=` to another page on one of
the project's own hosts, and nowhere else (SCENARIOS F6). What the project did not write is encoded anew, never copied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

import structlog

from billfold.base.errors import Unavailable
from billfold.domain.referrals.destinations import destination, with_query
from billfold.domain.referrals.links import LinkTarget
from billfold.entrypoints.click_intake import ClickIntake, Taken, Visitor
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.limits import LARGEST_URL, Receive, Scope, Send

if TYPE_CHECKING:
    from billfold.entrypoints.services import Services

_log = structlog.get_logger(__name__)

PREFIX: Final = "/r/"
COOKIE: Final = "stackbe_ref"
# What landing pages and the script find in the address (contract section 3.7).
CODE_PARAMETER: Final = "ref"
TOKEN_PARAMETER: Final = "ref_click"  # noqa: S105 - the parameter's name
_PASSED_ON: Final = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"})
_LONGEST_PASSED: Final = 200
_COOKIE_PAIR: Final = re.compile(rf"(?:\A|;)\s*{COOKIE}=([A-Za-z0-9_\-]+)")
_HOST: Final = re.compile(r"[a-z0-9.\-]{1,253}\Z")
# Browsers keep a cookie for at most 400 days.
_LONGEST_COOKIE: Final = 400 * 24 * 3600
_DAY_SECONDS: Final = 24 * 3600
_NOTHING: Final = b"<!doctype html><meta charset=utf-8><title>Nothing here</title><p>This link leads nowhere.</p>"

Header = tuple[bytes, bytes]
_ALWAYS: Final[tuple[Header, ...]] = (
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"x-content-type-options", b"nosniff"),
)


class ReferralLinks:
    """The door as an ASGI application; `is_for` tells which requests are its own."""

    def __init__(self, services: Services, intake: ClickIntake) -> None:
        self._settings = services.settings
        self._clock = services.clock
        self._intake = intake
        self._own_host = host_name(services.settings.public_url.partition("://")[2].partition("/")[0])
        self._is_secure = services.settings.public_url.startswith("https:")

    async def project_by_host(self, scope: Scope) -> str | None:
        """Return the project whose link host a request came to, None for this server's own names and unknown ones."""
        host = host_name(_header(scope, b"host"))
        if host is None or host == self._own_host:
            return None
        return await self._intake.project_of_host(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer `/r/{project}/{code}`."""
        del receive
        project_id, _, code = scope["path"][len(PREFIX) :].partition("/")
        try:
            await self.answer(scope, send, project_id, code, path=f"{PREFIX}{project_id}")
        except Exception:  # noqa: BLE001 - whatever it is, it is answered and written down
            _log.exception("referral_link.failed", project_id=project_id)
            await _send(send, 500, [])

    async def answer(self, scope: Scope, send: Send, project_id: str, code: str, *, path: str) -> None:
        """Send a visitor on; cookies are for `path` of this host, or for all of the project's own link host."""
        if scope["method"] not in {"GET", "HEAD"}:
            await _send(send, 405, [(b"allow", b"GET, HEAD")])
            return
        if len(scope["query_string"]) + len(scope["path"]) > LARGEST_URL:
            await _send(send, 414, [])
            return
        try:
            target = await self._intake.target(project_id, code)
        except Unavailable as error:
            await _send(send, 503, [(b"retry-after", b"%d" % error.retry_after_seconds)])
            return
        if target is None or target.settings.landing_url is None:
            await _send(send, 404, [(b"content-type", b"text/html; charset=utf-8")], _NOTHING)
            return
        leads_to, passed = target.settings.landing_url, ""
        if scope["query_string"]:
            given = _query(scope)
            leads_to = destination(leads_to, target.settings.own_hosts, given.get("to"))
            passed = urlencode({name: value[:_LONGEST_PASSED] for name, value in given.items() if name in _PASSED_ON})
        headers: list[Header] = []
        if target.code is not None:
            # Codes and tokens are of characters that need no encoding.
            passed = f"{passed}{'&' if passed else ''}{CODE_PARAMETER}={target.code}"
            if scope["method"] != "HEAD":
                passed += await self._count(scope, target, leads_to, headers, path)
        location = with_query(leads_to, passed) if passed else leads_to
        await _send(send, 302, [(b"location", location.encode("ascii")), *headers])

    async def _count(self, scope: Scope, target: LinkTarget, leads_to: str, answered: list[Header], path: str) -> str:
        """Store a click and return what its token adds to the address; the cookie goes into the answer's headers."""
        headers = dict(scope["headers"])
        referrer = headers.get(b"referer")
        visitor = Visitor(
            visitor_id=self._visitor_id(headers, target.project_id),
            address=client_address(scope, self._settings),
            user_agent=headers.get(b"user-agent", b"").decode("latin-1"),
            is_prefetch=b"prefetch" in headers.get(b"sec-purpose", b"") + headers.get(b"purpose", b""),
        )
        try:
            taken = await self._intake.take(
                target,
                visitor,
                source="link",
                url=leads_to,
                referrer=None if referrer is None else referrer.decode("latin-1"),
                now=self._clock.now(),
            )
        except Unavailable as error:
            # The code goes along all the same: the visitor must not wait for our database.
            _log.warning("referral_link.not_counted", project_id=target.project_id, reason=error.message)
            return ""
        if target.settings.sets_cookies:
            answered.append((b"set-cookie", self._cookie(target, taken, path).encode()))
        return f"&{TOKEN_PARAMETER}={taken.token}"

    def _visitor_id(self, headers: Mapping[bytes, bytes], project_id: str) -> str | None:
        cookies = headers.get(b"cookie")
        if cookies is None:
            return None
        for found in _COOKIE_PAIR.findall(cookies.decode("latin-1")):
            token = self._intake.read(found, project_id)
            if token is not None:
                return token.visitor_id
        return None

    def _cookie(self, target: LinkTarget, taken: Taken, path: str) -> str:
        days = target.attribution_days
        seconds = _LONGEST_COOKIE if days is None else min(days * _DAY_SECONDS, _LONGEST_COOKIE)
        parts = [f"{COOKIE}={taken.token}", f"Max-Age={seconds}", f"Path={path}", "SameSite=Lax", "HttpOnly"]
        if path == "/" and target.settings.cookie_domain:
            parts.append(f"Domain={target.settings.cookie_domain}")
        if self._is_secure:
            parts.append("Secure")
        return "; ".join(parts)


def host_name(host: str) -> str | None:
    """Return the name of a `Host` header in lower case without its port, None for what is no name."""
    name = host.partition(":")[0].lower().rstrip(".")
    return name if _HOST.match(name) else None


def _query(scope: Scope) -> dict[str, str]:
    if not scope["query_string"]:
        return {}
    text = scope["query_string"].decode("latin-1")
    try:
        pairs = parse_qsl(text, keep_blank_values=False, max_num_fields=100)
    except ValueError:
        return {}
    # The first of a name counts.
    return dict(reversed(pairs))


def _header(scope: Scope, wanted: bytes) -> str:
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value.decode("latin-1"))
    return ""


async def _send(send: Send, status: int, headers: list[Header], body: bytes = b"") -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*_ALWAYS, length, *headers]})
    await send({"type": "http.response.body", "body": body})
