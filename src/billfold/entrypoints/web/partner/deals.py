"""`/partner/{token}/deals`: leads that a partner registers, and what became of them (contract A30)."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from billfold.base.errors import BillfoldError, Invalid
from billfold.base.paging import Page
from billfold.domain.partners import deal_claims, deals
from billfold.domain.partners.deal_claims import Lead
from billfold.domain.partners.deal_settings import DealSettings, get_deal_settings
from billfold.domain.partners.deals import Deal
from billfold.domain.partners.partners import PARTNER
from billfold.entrypoints.web.amounts import typed_amount
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.partner.visits import PartnerVisit
from billfold.infrastructure.db.database import Reading, Writing

_SHOWN: Final = Page(limit=100, offset=0)
_STATES: Final = {
    "pending": ("new", "To decide"),
    "accepted": ("good", "Accepted"),
    "won": ("good", "Won"),
    "declined": ("off", "Declined"),
    "expired": ("off", "Expired"),
}
# By what a refusal begins with: the field, and what it is called.
_FIELDS: Final = {
    "leadEmail": ("email", "E-mail"),
    "leadName": ("name", "Name"),
    "companyDomain": ("domain", "Domain of the company"),
    "company": ("company", "Company"),
    "notes": ("notes", "Notes"),
    "estimatedValue": ("value", "What it may be worth"),
    "email": ("email", "E-mail"),
}


async def show(visit: PartnerVisit) -> Response:
    """Show his deals and the form for a new one."""
    return await _page(visit, Form([]), {})


async def register(visit: PartnerVisit) -> Response:
    """Register a lead."""
    form = await visit.form()
    value = None
    if form.text("value"):
        value = typed_amount(form.text("value"), visit.guest.currency)
        if value is None:
            text = "What it may be worth: an amount such as 1,200 or 1,200.50."
            return await _page(visit, form, {"value": text})
    lead = Lead(
        email=form.text("email"),
        name=form.text("name") or None,
        company=form.text("company") or None,
        company_domain=form.text("domain") or None,
        notes=form.text("notes") or None,
        estimated_value_cents=value,
    )
    try:
        await visit.services.db.write(deal_claims.register, visit.partner, lead, at=visit.at, now=visit.now)
    except Invalid as error:
        return await _page(visit, form, _errors(error.message))
    except BillfoldError as error:
        return await _page(visit, form, {"": error.message})
    return visit.done("/deals", "deal")


async def renew(visit: PartnerVisit) -> Response:
    """Protect one of his deals for one more window."""
    await visit.form()
    await visit.services.db.write(_renew, visit, visit.request.path_params["deal_id"])
    return visit.done("/deals", "renewed")


async def _renew(tx: Writing, visit: PartnerVisit, deal_id: str) -> Deal:
    searchable = deal_id if deal_id.isascii() and deal_id.isprintable() else ""
    deal = await deals.get_deal_of_partner(tx, visit.guest.project_id, visit.partner.id, searchable)
    return await deal_claims.renew(tx, deal, by_team=False, at=visit.at)


async def _page(visit: PartnerVisit, form: Form, errors: dict[str, str]) -> Response:
    found, settings = await visit.services.db.read(_read, visit)
    context: dict[str, Any] = {
        "current": "deals",
        "rows": [(each, _state(each, visit), _may_renew(each, settings, visit)) for each in found],
        "settings": settings,
        "may_register": settings.enabled and visit.partner.type == PARTNER,
        "form": form,
        "errors": errors,
    }
    return visit.show("deals.html", context, 400 if errors else 200)


async def _read(tx: Reading, visit: PartnerVisit) -> tuple[list[Deal], DealSettings]:
    found, _ = await deals.deals_of_partner(tx, visit.guest.project_id, visit.partner.id, _SHOWN)
    return found, await get_deal_settings(tx, visit.guest.project_id, at=visit.at)


def _state(deal: Deal, visit: PartnerVisit) -> tuple[str, str]:
    # What ran out is told at once; the row says so a little later.
    ran_out = deal.status in {"pending", "accepted"} and not deal.is_open(visit.at)
    return _STATES["expired" if ran_out else deal.status]


def _may_renew(deal: Deal, settings: DealSettings, visit: PartnerVisit) -> bool:
    return deal.is_open(visit.at) and deal.renewals < settings.renewals_max


def _errors(message: str) -> dict[str, str]:
    """Return a refusal of the domain at the field that it is about."""
    first, _, rest = message.partition(" ")
    if first in _FIELDS:
        name, label = _FIELDS[first]
        return {name: f"{label} {rest}"}
    return {"": message}
