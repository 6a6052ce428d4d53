"""`/console/…/partners`: the partners of a project, and one partner's whole story on one page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid
from billfold.base.paging import Page
from billfold.domain.analytics import partner_list, partner_records
from billfold.domain.analytics.deal_list import DealLine, lines_of_partner
from billfold.domain.analytics.partner_list import PartnerLine
from billfold.domain.analytics.partner_records import BroughtCustomer, Commission
from billfold.domain.billing.customer_sign_in import mailbox_proved_at
from billfold.domain.billing.customers import Customer, find_even_deleted
from billfold.domain.partners import applications, figures, partners, programs, standing
from billfold.domain.partners.applications import Application
from billfold.domain.partners.contacts import Contact, contact_of
from billfold.domain.partners.figures import Brought, Earnings
from billfold.domain.partners.partners import Partner
from billfold.domain.partners.programs import Conditions
from billfold.domain.partners.standing import PartnerChange
from billfold.domain.payouts import payouts
from billfold.domain.payouts.payouts import ListedPayout
from billfold.domain.referrals import clicks, links
from billfold.domain.referrals.links import LinkSettings
from billfold.domain.referrals.participants import Applies
from billfold.domain.tenancy.audit_log import AuditRow, audit_rows_about
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import money_text
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.rates import rate_text, typed_rate
from billfold.infrastructure.db.database import Reading

_PROJECT: Final = "/console/{team_id}/{project_id}"
_FILTERS: Final = (
    Filter("status", "Status", {name: status.word for name, status in statuses.PARTNER.items()}, "Any status"),
)
_EXPORTED_AT_ONCE: Final = 500
_SHOWN: Final = Page(limit=20, offset=0)
_BEGINNING: Final = (datetime(1970, 1, 1, tzinfo=UTC), "")
_QUESTIONS: Final = {
    "suspended": (
        "Suspend",
        (
            "The code brings nobody and nothing is earned on payments made meanwhile. Portal links end at once.",
            "What is available stays payable, and you can reactivate the partner.",
        ),
    ),
    "terminated": (
        "Terminate",
        (
            "For good: the code brings nobody, and nothing is earned on payments from now on. Portal links end at once.",
            "What is held or available stays the partner's.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class _ListPage:
    rows: list[PartnerLine]
    earned: dict[str, list[Earnings]]
    brought: dict[str, Brought]
    enabled: bool


@dataclass(frozen=True, slots=True)
class _Story:
    partner: Partner
    customer: Customer
    earnings: list[Earnings]
    brought: Brought
    clicks: int
    conditions: Conditions
    own_rate: int | None
    proved_at: datetime | None
    application: Application | None
    customers: list[BroughtCustomer]
    commissions: list[Commission]
    payouts: list[ListedPayout]
    deals: list[DealLine]
    audit: list[AuditRow]
    contact: Contact
    links: LinkSettings


async def show_list(request: Request) -> Response:
    """Show a page of partners, or all of them as CSV."""
    visit = await enter(request)
    listing = read_listing(
        request, filters=_FILTERS, sorts=partner_list.SORTS, search_label="Name, address, code or id"
    )
    if wants_csv(request):
        header = ("id", "code", "email", "name", "type", "status", "earned", "customers_paying", "created_at")
        return csv_answer("partners", header, _exported(visit, listing))
    page = await visit.services.db.read(_read_list, visit.project_id, listing)
    rows, pager = listing.cut(page.rows)
    return visit.show(
        "partners.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "earned": {each: _earned_text(value) for each, value in page.earned.items()},
            "brought": page.brought,
            "enabled": page.enabled,
            "status_of": _status,
        },
    )


async def _read_list(tx: Reading, project_id: str, listing: Listing) -> _ListPage:
    if listing.q:
        rows = list(listing.of_found(await partner_list.find_partners(tx, project_id, listing.q)))
    else:
        rows = await partner_list.list_partners(
            tx,
            project_id,
            status=listing.chosen.get("status"),
            sort=listing.sort,
            limit=listing.limit,
            offset=listing.offset,
        )
    program = await programs.find_program(tx, project_id)
    return _ListPage(rows, *await _figures(tx, project_id, rows), programs.conditions_of(program).enabled)


async def _figures(
    tx: Reading, project_id: str, rows: Sequence[PartnerLine]
) -> tuple[dict[str, list[Earnings]], dict[str, Brought]]:
    if not rows:
        return {}, {}
    earned = await figures.earnings_of(
        tx,
        project_id=project_id,
        program_id=rows[0].program_id,
        customer_ids=[row.customer_id for row in rows],
    )
    return earned, await figures.brought_by(tx, project_id=project_id, code_ids=[row.code_id for row in rows])


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    after = _BEGINNING
    while True:
        rows, (earned, brought) = await visit.services.db.read(_read_export, visit.project_id, listing, after)
        yield [
            (
                each.id, each.code, each.email, each.name, each.type, each.status, _earned_text(earned[each.customer_id]),
                brought[each.code_id].conversions, each.created_at.isoformat(),
            )
            for each in rows
            if not listing.chosen or each.status == listing.chosen.get("status")
        ]  # fmt: skip
        if listing.q or len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1].created_at, rows[-1].id)


async def _read_export(
    tx: Reading, project_id: str, listing: Listing, after: tuple[datetime, str]
) -> tuple[Sequence[PartnerLine], tuple[dict[str, list[Earnings]], dict[str, Brought]]]:
    rows: Sequence[PartnerLine]
    if listing.q:
        rows = await partner_list.find_partners(tx, project_id, listing.q)
    else:
        rows = await partner_list.export_partners(tx, project_id, after=after, limit=_EXPORTED_AT_ONCE)
    return rows, await _figures(tx, project_id, rows)


async def show_one(request: Request) -> Response:
    """Show one partner with everything that concerns him."""
    visit = await enter(request)
    return await _page(visit, request.path_params["partner_id"], {}, {})


async def ask_standing(request: Request) -> Response:
    """Ask before a partner is suspended or terminated."""
    visit = await enter(request, Role.MEMBER)
    partner = await _partner(visit, request.path_params["partner_id"])
    status: str = request.path_params["status"]
    act, consequences = _QUESTIONS.get(status, ("", ()))
    if not act:
        raise Invalid("A partner can be suspended or terminated.")
    return visit.show(
        "confirm.html",
        {
            "question": f"{act} the partner with the code {partner.code}?",
            "consequences": consequences,
            "act": act,
            "action": f"{visit.home}/partners/{partner.id}/standing/{status}",
            "back": f"{visit.home}/partners/{partner.id}",
            "back_words": partner.code,
        },
    )


async def set_standing(request: Request) -> Response:
    """Suspend, reactivate or terminate a partner."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    status: str = request.path_params["status"]
    return await _change(visit, PartnerChange(status=status), f"The partner is {status} now.", {})


async def set_code(request: Request) -> Response:
    """Give a partner another code."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    return await _change(
        visit,
        PartnerChange(code=form.text("code")),
        "The new code counts from now on; links with the old one bring nobody any more.",
        form,
    )


async def set_rate(request: Request) -> Response:
    """Give a partner a rate of his own, or the program's again."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    text = form.text("rate")
    basis_points = typed_rate(text) if text else None
    if text and basis_points is None:
        errors = {"rate": "Rate: a number from 0 to 100 with at most two decimals, such as 12.5."}
        return await _page(visit, request.path_params["partner_id"], form, errors)
    applies: Applies = "from_date" if form.text("applies") == "from_date" else "new_referrals"
    change = PartnerChange(sets_rate=True, basis_points=basis_points, applies=applies)
    whose = "The program's rate" if basis_points is None else f"{rate_text(basis_points)}"
    since = "for everything paid from now on" if applies == "from_date" else "for referrals made from now on"
    return await _change(visit, change, f"{whose} counts {since}.", form)


async def _change(visit: Visit, change: PartnerChange, words: str, form: dict[str, str]) -> Response:
    partner = await _partner(visit, visit.request.path_params["partner_id"])
    details = {
        name: value
        for name, value in (("status", change.status), ("code", change.code), ("basis_points", change.basis_points))
        if value is not None or (name == "basis_points" and change.sets_rate)
    }
    try:
        await Recorded(visit, "partner.changed", partner.id, details).write(
            standing.change_partner, project_id=visit.project_id, partner_id=partner.id, change=change, at=visit.at
        )
    except BillfoldError as error:
        return await _page(visit, partner.id, form, {"": error.message})
    return visit.done(f"{visit.home}/partners/{partner.id}", words)


async def _partner(visit: Visit, partner_id: str) -> Partner:
    searchable = partner_id if partner_id.isascii() and partner_id.isprintable() else ""
    return await visit.services.db.read(partners.get_partner, visit.project_id, searchable)


async def _page(visit: Visit, partner_id: str, form: dict[str, str], errors: dict[str, str]) -> Response:
    partner = await _partner(visit, partner_id)
    story = await visit.services.db.read(_read_story, visit, partner)
    rate = story.own_rate if story.own_rate is not None else story.conditions.basis_points
    return visit.show(
        "partner.html",
        {
            "story": story,
            "partner": story.partner,
            "status": _status(story.partner.status),
            "contact": story.contact,
            "link": _link(visit, story),
            "rate": None if rate is None else rate_text(rate),
            "commission_status": lambda value: statuses.status_of(statuses.COMMISSION, value),
            "referral_status": lambda value: statuses.status_of(statuses.REFERRAL, value),
            "deal_status": lambda value: statuses.status_of(statuses.DEAL, value),
            "payout_status": lambda value: statuses.status_of(statuses.PAYOUT, value),
            "rate_text": rate_text,
            "form": form,
            "errors": errors,
        },
        400 if errors else 200,
    )


def _link(visit: Visit, story: _Story) -> str:
    host = story.links.link_host
    beginning = f"https://{host}/" if host else f"{visit.services.settings.public_url}/r/{visit.project_id}/"
    return beginning + story.partner.code


async def _read_story(tx: Reading, visit: Visit, partner: Partner) -> _Story:
    earnings, brought = await figures.figures_of(tx, partner)
    counted = await clicks.count_clicks(tx, [partner.code_id])
    return _Story(
        partner=partner,
        customer=await find_even_deleted(tx, visit.project_id, partner.customer_id),
        earnings=earnings,
        brought=brought,
        clicks=counted[partner.code_id].clicks,
        conditions=programs.conditions_of(await programs.find_program(tx, visit.project_id)),
        own_rate=await standing.own_rate(tx, partner, at=visit.at),
        proved_at=await mailbox_proved_at(tx, visit.project_id, partner.customer_id),
        application=await applications.application_of_partner(tx, visit.project_id, partner.id),
        customers=await partner_records.brought_customers(tx, partner, _SHOWN),
        commissions=await partner_records.commissions_of(tx, partner, _SHOWN),
        payouts=await payouts.list_payouts(tx, visit.project_id, _SHOWN, customer_id=partner.customer_id),
        deals=await lines_of_partner(tx, visit.project_id, partner.id, limit=_SHOWN.limit),
        audit=await audit_rows_about(tx, visit.team_id, partner.id, limit=20),
        contact=await contact_of(tx, partner),
        links=await links.get_settings(tx, visit.project_id),
    )


def _earned_text(earned: Sequence[Earnings]) -> str:
    return ", ".join(money_text(each.earned_cents, each.unit) for each in earned if each.earned_cents)


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.PARTNER, value)


ROUTES: Final = [
    Route(f"{_PROJECT}/partners", show_list, methods=["GET"]),
    Route(f"{_PROJECT}/partners/{{partner_id}}", show_one, methods=["GET"]),
    Route(f"{_PROJECT}/partners/{{partner_id}}/standing/{{status}}", ask_standing, methods=["GET"]),
    Route(f"{_PROJECT}/partners/{{partner_id}}/standing/{{status}}", set_standing, methods=["POST"]),
    Route(f"{_PROJECT}/partners/{{partner_id}}/code", set_code, methods=["POST"]),
    Route(f"{_PROJECT}/partners/{{partner_id}}/rate", set_rate, methods=["POST"]),
]
