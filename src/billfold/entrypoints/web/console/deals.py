"""`/console/…/deals`: leads that partners registered; rival claims stand side by side, and a member decides (contract A30)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.analytics import deal_list
from billfold.domain.analytics.deal_list import DealLine
from billfold.domain.billing.customers import Customer, find_even_deleted
from billfold.domain.partners import deal_claims, deal_settings, deals
from billfold.domain.partners.deal_settings import MOST_PROTECTION_DAYS, MOST_RENEWALS, DealSettings
from billfold.domain.partners.deals import Deal
from billfold.domain.partners.partners import Partner, get_partner
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading, Writing

_HERE: Final = "/console/{team_id}/{project_id}/deals"
_FILTERS: Final = (
    Filter("status", "Status", {name: status.word for name, status in statuses.DEAL.items()}, "Any status"),
)
_EXPORTED_AT_ONCE: Final = 500
_BEGINNING: Final = (datetime(1970, 1, 1, tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class _Claim:
    deal: Deal
    partner: Partner
    customer: Customer


@dataclass(frozen=True, slots=True)
class _Story:
    claims: list[_Claim]
    lead: Customer | None
    settings: DealSettings
    currency: str


async def show_list(request: Request) -> Response:
    """Show a page of deals, or all of them as CSV."""
    visit = await enter(request)
    listing = read_listing(
        request,
        filters=_FILTERS,
        sorts=deal_list.SORTS,
        search_label="Lead’s address, company’s domain or id",  # noqa: RUF001
    )
    if wants_csv(request):
        header = (
            "id", "status", "partner_id", "partner_email", "code", "lead_email", "lead_name", "company", "company_domain",
            "estimated_value_cents", "renewals", "expires_at", "won_at", "created_at",
        )  # fmt: skip
        return csv_answer("deals", header, _exported(visit, listing))
    found, settings, currency = await visit.services.db.read(_read_list, visit, listing)
    rows, pager = listing.cut(found)
    return visit.show(
        "deals.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "settings": settings,
            "currency": currency,
            "status_of": lambda row: _status(row.status, row.expires_at, visit),
        },
    )


async def show_one(request: Request) -> Response:
    """Show one deal beside its rivals, with the forms that decide it."""
    visit = await enter(request)
    return await _page(visit, {})


async def decide(request: Request) -> Response:
    """Accept or decline a deal; the partner reads the reason."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    accept = form.text("decision") == "accept"
    deal_id = _deal_id(request)
    try:
        await Recorded(visit, "deal.accepted" if accept else "deal.declined", deal_id).write(
            deal_claims.review,
            visit.project_id,
            deal_id,
            accept=accept,
            reason=form.text("reason") or None,
            reviewer=visit.session.user_id,
            at=visit.at,
            now=visit.now,
        )
    except BillfoldError as error:
        return await _page(visit, {"": error.message})
    words = "Accepted: the lead is this partner’s." if accept else "Declined."  # noqa: RUF001 - as everywhere on pages
    return visit.done(f"{visit.home}/deals/{deal_id}", words)


async def renew(request: Request) -> Response:
    """Protect an open deal for one more window, however often its partner did."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    deal_id = _deal_id(request)
    try:
        await Recorded(visit, "deal.renewed", deal_id).write(_renew, visit, deal_id)
    except BillfoldError as error:
        return await _page(visit, {"": error.message})
    return visit.done(f"{visit.home}/deals/{deal_id}", "Renewed.")


async def show_settings(request: Request) -> Response:
    """Show for how long deals are protected."""
    visit = await enter(request)
    kept = await visit.services.db.read(_settings, visit)
    pairs = [("protection_days", str(kept.protection_days)), ("renewals_max", str(kept.renewals_max))]
    return _settings_page(visit, Form(pairs + ([("enabled", "on")] if kept.enabled else [])), {})


async def change_settings(request: Request) -> Response:
    """Change for how long deals are protected; deals that exist keep their dates."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    days, renewals = _number(form.text("protection_days")), _number(form.text("renewals_max"))
    errors = {}
    if days is None or not 1 <= days <= MOST_PROTECTION_DAYS:
        errors["protection_days"] = f"Days of protection: a whole number from 1 to {MOST_PROTECTION_DAYS}."
    if renewals is None or not 0 <= renewals <= MOST_RENEWALS:
        errors["renewals_max"] = f"Renewals: a whole number from 0 to {MOST_RENEWALS}."
    if errors or days is None or renewals is None:
        return _settings_page(visit, form, errors)
    try:
        await Recorded(visit, "deal_settings.changed", visit.project_id).write(
            _put_settings, visit, enabled="enabled" in form, days=days, renewals=renewals
        )
    except Invalid as error:
        return _settings_page(visit, form, {"": error.message})
    return visit.done(f"{visit.home}/deals", "Saved. Deals that exist keep their dates.")


async def _read_list(tx: Reading, visit: Visit, listing: Listing) -> tuple[Sequence[DealLine], DealSettings, str]:
    status = listing.chosen.get("status")
    rows: Sequence[DealLine]
    if listing.q:
        rows = listing.of_found(await deal_list.find_lines(tx, visit.project_id, listing.q, status=status))
    else:
        rows = await deal_list.list_lines(
            tx, visit.project_id, status=status, sort=listing.sort, limit=listing.limit, offset=listing.offset
        )
    project = await get_project(tx, team_id=visit.team_id, project_id=visit.project_id)
    return rows, await _settings(tx, visit), project.currency


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    after, status = _BEGINNING, listing.chosen.get("status")
    while True:
        rows: Sequence[DealLine]
        if listing.q:
            rows = await visit.services.db.read(deal_list.find_lines, visit.project_id, listing.q, status=status)
        else:
            rows = await visit.services.db.read(
                deal_list.export_lines, visit.project_id, after=after, limit=_EXPORTED_AT_ONCE
            )
        yield [
            (
                each.id, each.status, each.partner_id, each.partner_email, each.code, each.lead_email, each.lead_name,
                each.company, each.company_domain, each.estimated_value_cents, each.renewals,
                each.expires_at.isoformat(), None if each.won_at is None else each.won_at.isoformat(),
                each.created_at.isoformat(),
            )
            for each in rows
            if status in {None, each.status}
        ]  # fmt: skip
        if listing.q or len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1].created_at, rows[-1].id)


async def _page(visit: Visit, errors: dict[str, str]) -> Response:
    story = await visit.services.db.read(_read_story, visit, _deal_id(visit.request))
    deal = story.claims[0].deal
    return visit.show(
        "deal.html",
        {
            "story": story,
            "deal": deal,
            "status": _status(deal.status, deal.expires_at, visit),
            "status_of": lambda each: _status(each.status, each.expires_at, visit),
            "is_open": deal.is_open(visit.at),
            "errors": errors,
        },
        400 if errors else 200,
    )


async def _read_story(tx: Reading, visit: Visit, deal_id: str) -> _Story:
    deal = await deals.get_deal(tx, visit.project_id, deal_id)
    claims = []
    for each in (deal, *await deals.rivals_of(tx, deal)):
        partner = await get_partner(tx, visit.project_id, each.partner_id)
        claims.append(_Claim(each, partner, await find_even_deleted(tx, visit.project_id, partner.customer_id)))
    lead = None if deal.customer_id is None else await find_even_deleted(tx, visit.project_id, deal.customer_id)
    project = await get_project(tx, team_id=visit.team_id, project_id=visit.project_id)
    return _Story(claims, lead, await _settings(tx, visit), project.currency)


async def _renew(tx: Writing, visit: Visit, deal_id: str) -> Deal:
    deal = await deals.get_deal(tx, visit.project_id, deal_id)
    return await deal_claims.renew(tx, deal, by_team=True, at=visit.at)


async def _settings(tx: Reading, visit: Visit) -> DealSettings:
    return await deal_settings.get_deal_settings(tx, visit.project_id, at=visit.at)


async def _put_settings(tx: Writing, visit: Visit, *, enabled: bool, days: int, renewals: int) -> DealSettings:
    kept = await _settings(tx, visit)
    wanted = replace(kept, enabled=enabled, protection_days=days, renewals_max=renewals, updated_at=visit.at)
    return await deal_settings.put_deal_settings(tx, wanted)


def _settings_page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    return visit.show("deal_settings.html", {"form": form, "errors": errors}, 400 if errors else 200)


def _deal_id(request: Request) -> str:
    deal_id: str = request.path_params["deal_id"]
    return deal_id if deal_id.isascii() and deal_id.isprintable() else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None  # noqa: PLR2004 - digits


def _status(status: str, expires_at: datetime, visit: Visit) -> statuses.Status:
    # What ran out is told at once; the row says so when the sweep comes by.
    ran_out = status in {"pending", "accepted"} and expires_at <= visit.at
    return statuses.status_of(statuses.DEAL, "expired" if ran_out else status)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/settings", show_settings, methods=["GET"]),
    Route(f"{_HERE}/settings", change_settings, methods=["POST"]),
    Route(f"{_HERE}/{{deal_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{deal_id}}/decision", decide, methods=["POST"]),
    Route(f"{_HERE}/{{deal_id}}/renewal", renew, methods=["POST"]),
]
