"""A visit to the partner portal: whose link it is, how the project looks, and whether he signed in just now.

The token in the path lets a partner read, share and register leads. What says where his money goes takes a fresh sign-in
besides: a cookie that only the mailed link sets, good for half an hour and for these pages alone (contract A31). A form's
`Origin` is checked, so a foreign page that learned a link presses no buttons.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.domain.billing.customer_sessions import find_customer_session
from billfold.domain.partners.partners import Partner, get_partner
from billfold.domain.partners.portal_links import PartnerGuest
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.branding import find_branding
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.partner_guest import find_partner_guest
from billfold.entrypoints.portal_guest import LinkExpired, TooManyGuesses
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import Form, read_form
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.portal.brand import Brand, brand_of
from billfold.entrypoints.web.session_cookie import is_secure
from billfold.infrastructure.db.database import Reading, Writing

_log = structlog.get_logger(__name__)

FRESH_FOR: Final = timedelta(minutes=30)
_COOKIE: Final = "billfold_partner"
_COOKIE_PATH: Final = "/partner"
_LONGEST_COOKIE: Final = 80
_TITLES: Final[dict[type[BillfoldError], tuple[int, str]]] = {
    Invalid: (400, "That did not work"),
    Forbidden: (403, "That was not accepted"),
    NotFound: (404, "There is nothing here"),
    Conflict: (409, "That does not fit what is there"),
    Unavailable: (503, "That did not work at the moment"),
}
NOTICES: Final = {
    "method": "You are paid this way from the next payout on.",
    "tax": "Your tax profile is saved.",
    "mails-on": "You get the summaries again.",
    "mails-off": "You get no more summaries.",
    "contact": "Saved.",
    "address": "A link is on its way to the new address. It works for a day; until it is used, the old address stays yours.",
    "deal": "The lead is registered. You hear from us when it is decided.",
    "renewed": "The deal is renewed.",
}


@dataclass(frozen=True, slots=True)
class PartnerVisit:
    """One request of a partner; `is_fresh` says that he signed in by mail within the last half hour, in this browser."""

    request: Request
    services: Services
    guest: PartnerGuest
    partner: Partner
    brand: Brand
    is_fresh: bool
    now: datetime

    @property
    def at(self) -> datetime:
        """The team's time."""
        return self.guest.time_at(self.now)

    @property
    def path(self) -> str:
        """Where this link's pages begin; a token that was found is hexadecimal."""
        return f"/partner/{self.request.path_params['token']}"

    @property
    def sign_in_path(self) -> str:
        """Where he signs in anew."""
        return f"/partner/sign-in/{self.guest.project_id}"

    def require_fresh(self) -> None:
        """Raise `Forbidden` unless he signed in just now."""
        if not self.is_fresh:
            raise Forbidden("For this you sign in by mail once more: a link that was passed on must not change it.")

    @property
    def actor(self) -> Actor:
        """The partner as the audit log names him."""
        return partner_actor(self.guest.customer_id, self.partner, client_address(self.request, self.services.settings))

    async def note(self, tx: Writing, action: str, details: Mapping[str, object] | None = None) -> None:
        """Write down what the partner himself changes in this unit."""
        await record(
            tx,
            team_id=self.guest.team_id,
            project_id=self.guest.project_id,
            actor=self.actor,
            action=action,
            subject=self.partner.id,
            details=details,
            now=self.now,
        )

    async def form(self) -> Form:
        """Return a form that a page of ours sent."""
        return await read_form(self.request, None)

    def show(
        self, template: str, context: Mapping[str, Any], status: int = 200, *, form_targets: Sequence[str] = ()
    ) -> Response:
        """Draw a page of the portal."""
        values = {
            "brand": self.brand,
            "guest": self.guest,
            "partner": self.partner,
            "path": self.path,
            "sign_in": self.sign_in_path,
            "is_fresh": self.is_fresh,
            "current": "",
            "notice": NOTICES.get(self.request.query_params.get("done", "")),
            **context,
        }
        return render(self.request, f"partner/{template}", values, status, form_targets=form_targets)

    def done(self, end: str, what: str) -> Response:
        """Lead on after a form, to a page that begins with one of `NOTICES`."""
        return _redirect(f"{self.path}{end}?done={what}")


def partner_actor(customer_id: str, partner: Partner | None, address: str) -> Actor:
    """Return a partner as the audit log names him: by his customer's id and his code, which tell nothing of the person."""
    return Actor("customer", customer_id, address, "" if partner is None else f"Partner {partner.code}")


Page = Callable[[PartnerVisit], Awaitable[Response]]


def guarded(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a page: it judges the link, and answers what is refused with a page that says why."""

    async def serve(request: Request) -> Response:
        try:
            guest = await find_partner_guest(request)
        except TooManyGuesses as error:
            answer = render(request, "partner/dead.html", {"wait": error.message}, 429)
            answer.headers["retry-after"] = str(error.retry_after_seconds)
            return answer
        except LinkExpired:
            return render(request, "partner/dead.html", {"wait": None}, 410)
        services: Services = request.app.state.services
        now = services.clock.now()
        partner, brand, is_fresh = await services.db.read(_surroundings, guest, fresh_token(request), now)
        visit = PartnerVisit(request, services, guest, partner, brand, is_fresh, now)
        try:
            return await page(visit)
        except BillfoldError as error:
            return _refuse(visit, error)

    return serve


def fresh_token(request: Request) -> str:
    """Return what the cookie of a fresh sign-in holds, empty without one."""
    token = request.cookies.get(_COOKIE, "")
    return token if len(token) <= _LONGEST_COOKIE and token.isascii() else ""


def set_fresh(services: Services, answer: Response, token: str) -> None:
    """Have the browser keep the token of a fresh sign-in for half an hour."""
    answer.set_cookie(
        _COOKIE,
        token,
        max_age=int(FRESH_FOR.total_seconds()),
        path=_COOKIE_PATH,
        secure=is_secure(services.settings),
        httponly=True,
        samesite="lax",
    )


def clear_fresh(services: Services, answer: Response) -> None:
    """Have the browser forget a fresh sign-in."""
    answer.delete_cookie(_COOKIE, path=_COOKIE_PATH, secure=is_secure(services.settings), httponly=True, samesite="lax")


async def project_brand(tx: Reading, project_id: str, name: str) -> Brand:
    """Return how a project's partner pages look; there is no way back from them."""
    branding = await find_branding(tx, project_id)
    found = brand_of(name, branding, project_id=project_id, return_url=None)
    return Brand(found.name, found.sheet, found.logo, None, found.support_email)


async def _surroundings(tx: Reading, guest: PartnerGuest, token: str, now: datetime) -> tuple[Partner, Brand, bool]:
    partner = await get_partner(tx, guest.project_id, guest.partner_id)
    brand = await project_brand(tx, guest.project_id, guest.project_name)
    session = await find_customer_session(tx, token, now) if token else None
    is_his = session is not None and (session.project_id, session.customer_id) == (guest.project_id, guest.customer_id)
    return partner, brand, is_his


def _refuse(visit: PartnerVisit, error: BillfoldError) -> Response:
    status, title = next((_TITLES[kind] for kind in type(error).__mro__ if kind in _TITLES), (500, "That did not work"))
    if status >= 500:  # noqa: PLR2004 - HTTP's number
        _log.warning("partner_portal.refused", status=status, reason=error.message, project=visit.guest.project_id)
    return visit.show(
        "refusal.html", {"title": title, "text": error.message, "may_sign_in": not visit.is_fresh}, status
    )


def _redirect(path: str) -> Response:
    # The address holds the link's token.
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return RedirectResponse(path, 303, headers=headers)
