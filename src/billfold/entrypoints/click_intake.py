"""Taking clicks: what the link door and the tracking door share. Many clicks go into one commit, and only then they are answered.

What a link is, is remembered for half a second; so a link that is switched off stops counting within one.
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.base.signing import Signer
from billfold.domain.referrals.click_recording import record_clicks, slot_of
from billfold.domain.referrals.click_tokens import CLICK_PREFIX, VISITOR_PREFIX, ClickToken, read_token, write_token
from billfold.domain.referrals.clicks import Click
from billfold.domain.referrals.codes import normalised_code
from billfold.domain.referrals.destinations import LONGEST_ADDRESS
from billfold.domain.referrals.links import LinkTarget, find_link, project_of_host
from billfold.entrypoints.limits import network_of
from billfold.entrypoints.rate_limits import RateLimit
from billfold.infrastructure.db.batch import Batcher
from billfold.infrastructure.db.database import Database

_KEPT_NANOSECONDS: Final = 500_000_000
_MOST_KEPT: Final = 10_000
# Thirty clicks a minute from one network are an office; more are somebody's script, or a fair. They are marked, not dropped.
_BURST: Final = 30
_BURST_SECONDS: Final = 60
_BOTS: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|externalhit|embedly|headless|monitor|pingdom|scan|curl/|wget/|"
    r"python|java/|okhttp|go-http|libwww|httpclient|axios|node-fetch",
    re.IGNORECASE,
)
_PROJECT: Final = re.compile(r"proj_[a-z0-9]{1,60}\Z")
_VISITOR: Final = re.compile(r"[A-Za-z0-9_\-]{8,64}\Z")


# Structs and not dataclasses: one of each is made for every click, and a frozen dataclass takes five times as long to make.
class Visitor(msgspec.Struct, frozen=True):
    """Who follows a link, as far as it is known: `visitor_id` None for somebody new."""

    visitor_id: str | None
    address: str
    user_agent: str
    # The browser only looks ahead; perhaps nobody ever sees the page.
    is_prefetch: bool = False


class Taken(msgspec.Struct, frozen=True):
    """A stored click; `token` is what binds a customer to it. Moments are in the team's time."""

    click_id: str
    visitor_id: str
    token: str
    clicked_at: datetime
    expires_at: datetime | None


class ClickIntake:
    """Knows links for a moment and stores clicks in batches."""

    def __init__(self, db: Database, signer: Signer) -> None:
        self._db = db
        self._signer = signer
        self._batch: Batcher[tuple[Click, bool], tuple[str, datetime]] = Batcher(db, record_clicks)
        self._bursts = RateLimit(_BURST, _BURST_SECONDS)
        self._links: dict[tuple[str, str | None], tuple[int, LinkTarget | None]] = {}
        self._hosts: dict[str, tuple[int, str | None]] = {}

    async def target(self, project_id: str, code: str) -> LinkTarget | None:
        """Return what a code's link is, in any spelling; None if there is no such project."""
        if not _PROJECT.match(project_id):
            return None
        stored = _stored_form(code)
        key = (project_id, stored)
        kept = self._links.get(key)
        if kept is not None and kept[0] >= time.monotonic_ns():
            return kept[1]
        found = await self._db.read(find_link, project_id, stored)
        if len(self._links) >= _MOST_KEPT:
            self._links.clear()
        self._links[key] = (time.monotonic_ns() + _KEPT_NANOSECONDS, found)
        return found

    async def project_of_host(self, host: str) -> str | None:
        """Return the project whose links are short on a host (lower-case, without port)."""
        kept = self._hosts.get(host)
        if kept is not None and kept[0] >= time.monotonic_ns():
            return kept[1]
        found = await self._db.read(project_of_host, host)
        if len(self._hosts) >= _MOST_KEPT:
            self._hosts.clear()
        self._hosts[host] = (time.monotonic_ns() + _KEPT_NANOSECONDS, found)
        return found

    def forget(self) -> None:
        """Drop what is remembered: settings were changed in this process."""
        self._links.clear()
        self._hosts.clear()

    def read(self, text: str, project_id: str) -> ClickToken | None:
        """Return what a token of this project says."""
        token = read_token(self._signer, text)
        return token if token is not None and token.project_id == project_id else None

    async def take(
        self,
        target: LinkTarget,
        visitor: Visitor,
        *,
        source: str,
        url: str | None,
        referrer: str | None,
        consent: str | None = None,
        now: datetime,
    ) -> Taken:
        """Store a click on a live link and return it after its commit; raises `Unavailable`."""
        if target.code_id is None or target.program_id is None or target.code is None:
            raise NotFound("Referral code not found.")
        at = now + timedelta(microseconds=target.clock_offset_us)
        new = new_id(CLICK_PREFIX)
        # Somebody new is called after his first click: one id less to make.
        visitor_id = visitor.visitor_id or VISITOR_PREFIX + new[len(CLICK_PREFIX) :]
        click = Click(
            id=new,
            project_id=target.project_id,
            program_id=target.program_id,
            code_id=target.code_id,
            visitor_id=visitor_id,
            slot=slot_of(at),
            source=source,
            url=_bounded(url),
            referrer=_bounded(referrer),
            consent=consent,
            mark=self._mark(visitor),
            created_at=at,
        )
        click_id, clicked_at = await self._batch.add((click, visitor.visitor_id is not None))
        days = target.attribution_days
        expires_at = None if days is None else clicked_at + timedelta(days=days)
        token = ClickToken(target.project_id, target.code, click_id, visitor_id, clicked_at, expires_at)
        return Taken(click_id, visitor_id, write_token(self._signer, token), clicked_at, expires_at)

    def _mark(self, visitor: Visitor) -> str | None:
        if visitor.is_prefetch or _is_machine(visitor.user_agent):
            return "bot"
        return "burst" if self._bursts.take(_network_of(visitor.address)) else None


# The same few codes, browsers, networks and pages come with most clicks.
@lru_cache(maxsize=1_000)
def _stored_form(code: str) -> str | None:
    """Return a code as it is stored, None for what no code can be."""
    try:
        return normalised_code(code)
    except NotFound:
        return None


@lru_cache(maxsize=1_000)
def _is_machine(user_agent: str) -> bool:
    return not user_agent or _BOTS.search(user_agent) is not None


@lru_cache(maxsize=10_000)
def _network_of(address: str) -> str:
    return network_of(address)


def visitor_id_of(given: str | None) -> str | None:
    """Return a visitor's id that an app made up, if it is one that can be kept."""
    return given if given and _VISITOR.match(given) else None


def _bounded(text: str | None) -> str | None:
    """Return an address without its query and fragment, which hold what nobody asked for, and cut."""
    if not text:
        return None
    return text.partition("#")[0].partition("?")[0][:LONGEST_ADDRESS].replace("\0", "") or None
