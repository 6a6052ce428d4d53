"""`/partner/{token}`: earnings, link and code, the way from click to customer, commissions with their explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.analytics.commission_list import CommissionLine, find_commission, list_commissions
from billfold.domain.analytics.explain import explain
from billfold.domain.analytics.explanation import Explanation
from billfold.domain.analytics.partner_summary import Release, next_releases
from billfold.domain.partners.figures import Brought, Earnings, figures_of
from billfold.domain.partners.masking import masked_email
from billfold.domain.partners.programs import Conditions, conditions_of, find_program
from billfold.domain.partners.standing import own_rate
from billfold.domain.payouts.payouts import ListedPayout, list_payouts
from billfold.domain.payouts.settings import PayoutSettings, settings_of
from billfold.domain.referrals import clicks, links
from billfold.entrypoints.web.amounts import date_text, day_text, money_text
from billfold.entrypoints.web.explained import view_of
from billfold.entrypoints.web.partner.visits import PartnerVisit
from billfold.entrypoints.web.people.qr_codes import qr_path
from billfold.entrypoints.web.rates import rate_text
from billfold.infrastructure.db.database import Reading

_ROWS: Final = 25
_LAST_PAGE: Final = 200
_STATES: Final = {
    "pending": ("wait", "Held"),
    "approved": ("good", "Available"),
    "paid": ("good", "Paid"),
    "voided": ("off", "Void"),
}
_WHY_VOID: Final = {
    "self_referral": "nobody earns on themselves",
    "refunded": "the payment was given back",
    "fraud": "the team looked into it",
    "mistake": "it was a mistake",
    "agreement": "as agreed",
}


@dataclass(frozen=True, slots=True)
class _Home:
    earnings: list[Earnings]
    brought: Brought
    clicks: int
    releases: dict[str, Release]
    lines: list[CommissionLine]
    last_payout: ListedPayout | None
    conditions: Conditions
    payouts: PayoutSettings | None
    link: str
    own_rate: int | None


async def show(visit: PartnerVisit) -> Response:
    """Show the first page of the portal."""
    number = _page_number(visit)
    home = await visit.services.db.read(_read, visit, number)
    size, path = qr_path(home.link)
    rows = [_row(each) for each in home.lines[:_ROWS]]
    rate = home.own_rate if home.own_rate is not None else home.conditions.basis_points
    return visit.show(
        "home.html",
        {
            "home": home,
            "figures": [_figure(home, each) for each in home.earnings] or [_nothing(visit)],
            "qr_size": size,
            "qr_path": path,
            "funnel": _funnel(home),
            "rows": rows,
            "rate": None if rate is None else rate_text(rate),
            "page": number,
            "has_more": len(home.lines) > _ROWS and number < _LAST_PAGE,
            "name": visit.guest.name or visit.guest.email,
        },
    )


async def explain_one(visit: PartnerVisit) -> Response:
    """Explain one of his commissions; another partner's is not found. Customers are masked (contract A29)."""
    reward_id: str = visit.request.path_params["reward_id"]
    found = await visit.services.db.read(_explain, visit, reward_id)
    own_name = visit.guest.name or "you"
    view = view_of(
        found,
        name_of=lambda person: own_name if person == visit.guest.customer_id else "somebody else",
        customer=masked_email(found.customer.email),
        earner_id=visit.guest.customer_id,
    )
    return visit.show("commission.html", {"view": view})


async def _explain(tx: Reading, visit: PartnerVisit, reward_id: str) -> Explanation:
    line = None
    if reward_id.isascii() and reward_id.isprintable():
        line = await find_commission(tx, visit.guest.project_id, reward_id)
    if line is None or line.earner_id != visit.guest.customer_id:
        raise NotFound("There is no such commission.")
    return await explain(tx, visit.guest.project_id, reward_id=reward_id, at=visit.at)


async def _read(tx: Reading, visit: PartnerVisit, number: int) -> _Home:
    """Read all that the page shows at once, so that its parts agree."""
    partner = visit.partner
    earnings, brought = await figures_of(tx, partner)
    program = await find_program(tx, partner.project_id)
    counted = await clicks.count_clicks(tx, [partner.code_id])
    kept = await links.get_settings(tx, partner.project_id)
    public = visit.services.settings.public_url
    beginning = f"https://{kept.link_host}/" if kept.link_host else f"{public}/r/{partner.project_id}/"
    paid = await list_payouts(tx, partner.project_id, Page(limit=20, offset=0), customer_id=partner.customer_id)
    return _Home(
        earnings=earnings,
        brought=brought,
        clicks=counted[partner.code_id].clicks if partner.code_id in counted else 0,
        releases=await next_releases(tx, partner),
        lines=await list_commissions(
            tx,
            partner.project_id,
            partner.program_id,
            earner_id=partner.customer_id,
            limit=_ROWS + 1,
            offset=(number - 1) * _ROWS,
        ),
        last_payout=next((each for each in paid if each.payout.status == "settled"), None),
        conditions=conditions_of(program),
        payouts=await settings_of(tx, partner.project_id, partner.program_id),
        link=beginning + partner.code,
        own_rate=await own_rate(tx, partner, at=visit.at),
    )


def _figure(home: _Home, sums: Earnings) -> dict[str, Any]:
    """Return one currency's three sums, each with the line below it."""
    unit = sums.unit
    release = home.releases.get(unit)
    held = (
        "nothing is held"
        if release is None
        else (f"next: {money_text(release.amount_cents, unit)} on {date_text(release.at)}")
    )
    least = _minimum(home, unit)
    missing = least - sums.available_cents
    if sums.available_cents < 0:
        available = "more went back than was available; the next commissions make up for it"
    elif sums.available_cents == 0:
        available = "nothing is available now"
    elif missing > 0:
        available = f"{money_text(missing, unit)} short of the {money_text(least, unit)} payout minimum"
    else:
        available = "goes with the next payout"
    last = home.last_payout
    paid = "nothing yet"
    if last is not None and last.payout.currency == unit:
        when = last.payout.settled_at or last.payout.created_at
        paid = f"last: {money_text(last.payout.amount, unit)} on {date_text(when)}"
    return {
        "unit": unit,
        "held": (sums.pending_cents, held),
        "available": (sums.available_cents, available),
        "paid": (sums.paid_cents, paid),
        "sum": sums.pending_cents + sums.available_cents,
    }


def _minimum(home: _Home, unit: str) -> int:
    settings = home.payouts
    if settings is None:
        return 0
    if unit in settings.minimums:
        return settings.minimums[unit]
    return home.conditions.min_payout_cents if unit == settings.currency else 0


def _nothing(visit: PartnerVisit) -> dict[str, Any]:
    return {
        "unit": visit.guest.currency,
        "held": (0, "a payment of somebody whom you brought is held first"),
        "available": (0, "then it becomes available"),
        "paid": (0, "nothing yet"),
        "sum": 0,
    }


def _funnel(home: _Home) -> list[tuple[int, str, str, str]]:
    """Return the steps from click to customer: number, words, and the share of the step before as text and as a bar's width."""
    steps = [
        (home.clicks, "clicks", ""),
        (home.brought.referrals, "signed up", "of clicks"),
        (home.brought.conversions, "became customers", "of sign-ups"),
    ]
    rows = []
    before = 0
    for number, words, of_what in steps:
        share = min(number * 1000 // before, 1000) if before else None
        text = "" if share is None or not of_what else f"{share // 10}.{share % 10} % {of_what}"
        width = "" if share is None or not of_what else f"{share // 10}.{share % 10}"
        rows.append((number, words, text, width))
        before = number
    return rows


def _row(line: CommissionLine) -> dict[str, Any]:
    status = line.status
    if status == "pending":
        when = f"until {day_text(line.release_at)}"
    elif status == "paid":
        when = "" if line.settled_at is None else f"on {day_text(line.settled_at)}"
    elif status == "voided":
        when = f"never: {_WHY_VOID.get(line.why_void or '', 'it was taken back')}"
    else:
        when = f"since {day_text(line.release_at)}"
    return {
        "id": line.id,
        "at": line.payment_at,
        "customer": "a write-off" if not line.referee_email else masked_email(line.referee_email),
        "amount": money_text(0 if status == "voided" else line.amount, line.unit),
        "state": _STATES.get(status, ("off", status)),
        "when": when,
    }


def _page_number(visit: PartnerVisit) -> int:
    text = visit.request.query_params.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1  # noqa: PLR2004 - digits
    return min(max(number, 1), _LAST_PAGE)
