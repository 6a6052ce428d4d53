"""`/affiliate/deals`: a partner registers leads (contract section 3.10, A30)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.base.paging import Page
from billfold.domain.partners import deal_claims, deals
from billfold.domain.partners.deal_claims import Lead
from billfold.domain.partners.deals import Deal
from billfold.domain.partners.partners import own_partner
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.api.affiliate.access import CustomerAccess, CustomerAllowed, path_id
from billfold.entrypoints.api.affiliate.amounts import Dollars, cents, dollars
from billfold.entrypoints.api.affiliate.answers import Body, PageBody, Timestamp, json_response, moment, read_page
from billfold.entrypoints.api.affiliate.fields import Company, Email, LongText, text_of
from billfold.entrypoints.api.affiliate.operations import PAGE, operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.json_bodies import RequestBody, read_body
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(prefix="/affiliate/deals", tags=["Deals"])

_OWN: Final = CustomerAllowed()

LeadName = Annotated[str, text_of(200), Field(description="a text of up to 200 characters")]


class DealBody(Body):
    """A deal as its partner sees it; `estimatedValue` is in dollars, or in the project's currency."""

    id: str
    lead_email: str
    lead_name: str | None
    company: str | None
    company_domain: str | None
    notes: str | None
    estimated_value: Decimal | None
    estimated_value_cents: int | None
    currency: str
    status: str
    decline_reason: str | None
    renewals: int
    expires_at: Timestamp
    won_at: Timestamp | None
    created_at: Timestamp


class DealsAnswer(PageBody):
    """A page of deals, newest first."""

    deals: list[DealBody]


class RegisterDeal(RequestBody):
    """A lead; without `companyDomain` that of the address counts, if it is an organisation's."""

    lead_email: Email
    lead_name: LeadName | None = None
    notes: LongText | None = None
    company: Company | None = None
    company_domain: Annotated[str, text_of(253), Field(description="a domain such as acme.example.com")] | None = None
    estimated_value: Dollars | None = None


def deal_body(deal: Deal, currency: str) -> DealBody:
    """Return a deal as its partner sees it."""
    value = deal.estimated_value_cents
    return DealBody(
        id=deal.id,
        lead_email=deal.lead_email,
        lead_name=deal.lead_name,
        company=deal.company,
        company_domain=deal.company_domain,
        notes=deal.notes,
        estimated_value=None if value is None else dollars(value, currency),
        estimated_value_cents=value,
        currency=currency,
        status=deal.status,
        decline_reason=deal.decline_reason,
        renewals=deal.renewals,
        expires_at=iso(deal.expires_at),
        won_at=moment(deal.won_at),
        created_at=iso(deal.created_at),
    )


@router.post("", **operation(_OWN, answers={201: DealBody}, body=RegisterDeal))
async def register_deal(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """Register a lead.

    409 if another claim on the lead is open or the lead pays already; 400 for the partner's own address.
    """
    services: Services = request.app.state.services
    body = await read_body(request, RegisterDeal)
    currency = await currency_of(services, access)
    lead = Lead(
        email=body.lead_email,
        name=body.lead_name,
        company=body.company,
        company_domain=body.company_domain,
        notes=body.notes,
        estimated_value_cents=_cents(body.estimated_value, currency),
    )
    now = services.clock.now()
    deal = await services.db.write(_register, access, lead, access.time_at(now), now)
    return json_response(deal_body(deal, currency), 201)


@router.get("", **operation(_OWN, answers={200: DealsAnswer}, parameters=PAGE))
async def own_deals(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """List the partner's own deals."""
    services: Services = request.app.state.services
    page, currency = read_page(request), await currency_of(services, access)
    found, total = await services.db.read(_list_own, access, page)
    bodies = [deal_body(deal, currency) for deal in found]
    return json_response(DealsAnswer(total=total, limit=page.limit, offset=page.offset, deals=bodies))


@router.post("/{dealId}/renew", **operation(_OWN, answers={200: DealBody}))
async def renew_own_deal(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """Protect an open deal for one more window; 409 if it has expired or was renewed as often as the app allows."""
    services: Services = request.app.state.services
    currency = await currency_of(services, access)
    at = access.time_at(services.clock.now())
    deal = await services.db.write(_renew_own, access, path_id(request, "dealId", "Deal"), at)
    return json_response(deal_body(deal, currency))


async def _register(tx: Writing, access: CustomerAccess, lead: Lead, at: datetime, now: datetime) -> Deal:
    partner = await own_partner(tx, access.project_id, access.customer_id, must_be_active=True)
    return await deal_claims.register(tx, partner, lead, at=at, now=now)


async def _list_own(tx: Reading, access: CustomerAccess, page: Page) -> tuple[list[Deal], int]:
    partner = await own_partner(tx, access.project_id, access.customer_id)
    return await deals.deals_of_partner(tx, access.project_id, partner.id, page)


async def _renew_own(tx: Writing, access: CustomerAccess, deal_id: str, at: datetime) -> Deal:
    partner = await own_partner(tx, access.project_id, access.customer_id, must_be_active=True)
    deal = await deals.get_deal_of_partner(tx, access.project_id, partner.id, deal_id)
    return await deal_claims.renew(tx, deal, by_team=False, at=at)


async def currency_of(services: Services, access: Access | CustomerAccess) -> str:
    """Return the currency of a project's figures."""
    project = await services.db.read(get_project, team_id=access.team_id, project_id=access.project_id)
    return project.currency


def _cents(amount: Decimal | None, currency: str) -> int | None:
    try:
        return None if amount is None else cents(amount, currency)
    except ValueError:
        raise Invalid(f"estimatedValue has more decimals than {currency} has.") from None
