"""`/affiliate/dashboard` and the partner's own lists of commissions and referrals (contract sections 3.5 and 3.11)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.base.paging import Page
from billfold.domain.analytics import partner_records
from billfold.domain.analytics.partner_records import BroughtCustomer, Commission
from billfold.domain.partners import partners
from billfold.domain.partners.deals import deals_of_partner
from billfold.domain.partners.masking import masked_email
from billfold.domain.partners.programs import Conditions
from billfold.domain.payouts import payouts
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.api.affiliate.access import CustomerAccess, CustomerAllowed
from billfold.entrypoints.api.affiliate.amounts import dollars, percent
from billfold.entrypoints.api.affiliate.answers import Body, PageBody, Timestamp, json_response, moment, read_page
from billfold.entrypoints.api.affiliate.deals import DealBody, deal_body
from billfold.entrypoints.api.affiliate.operations import PAGE, operation
from billfold.entrypoints.api.affiliate.partner_shapes import PartnerBody, Sheet, partner_body, read_sheet
from billfold.entrypoints.api.affiliate.payout_shapes import PayoutBody, payout_body
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading

router = APIRouter(prefix="/affiliate", tags=["Partner"])

_OWN: Final = CustomerAllowed()
_SHOWN: Final = Page(limit=50, offset=0)


class ReferralBody(Body):
    """Somebody whom the partner brought; the address is masked."""

    id: str
    customer_email: str | None
    status: str
    created_at: Timestamp
    converted_at: Timestamp | None


class CommissionBody(Body):
    """What one payment earned; `rate` in percent, null where it is not one plain share."""

    id: str
    referral_id: str
    amount: Decimal
    amount_cents: int
    currency: str
    rate: Decimal | None
    status: str
    created_at: Timestamp
    approves_at: Timestamp
    paid_at: Timestamp | None
    void_reason: str | None


class StatsBody(Body):
    """What the partner's link brought; `conversionRate` is the share of the referrals that pay, in percent."""

    clicks: int
    referrals: int
    conversions: int
    conversion_rate: Decimal


class TermsBody(Body):
    """What the program promises now."""

    commission_rate: Decimal | None
    holding_period_days: int
    min_payout_amount: Decimal
    min_payout_amount_cents: int
    cookie_duration_days: int


class DashboardAnswer(Body):
    """Everything that a partner's page shows; the last 50 of each list, newest first."""

    affiliate: PartnerBody
    stats: StatsBody
    referrals: list[ReferralBody]
    commissions: list[CommissionBody]
    payouts: list[PayoutBody]
    deals: list[DealBody]
    settings: TermsBody


class ReferralsAnswer(PageBody):
    """A page of those whom the partner brought."""

    referrals: list[ReferralBody]


class CommissionsAnswer(PageBody):
    """A page of the partner's commissions."""

    commissions: list[CommissionBody]


@router.get("/dashboard", **operation(_OWN, answers={200: DashboardAnswer}))
async def dashboard(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """Show the partner everything at once.

    403 `NOT_AN_AFFILIATE` for a customer who is no partner, `AFFILIATE_SUSPENDED` for one who is not active.
    """
    services: Services = request.app.state.services
    at = access.time_at(services.clock.now())
    return json_response(await services.db.read(_dashboard, access, services.settings.public_url, at))


@router.get("/referrals", **operation(_OWN, answers={200: ReferralsAnswer}, parameters=PAGE))
async def own_referrals(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """List those whom the partner brought."""
    services: Services = request.app.state.services
    return json_response(await services.db.read(_referrals, access, read_page(request)))


@router.get("/commissions", **operation(_OWN, answers={200: CommissionsAnswer}, parameters=PAGE))
async def own_commissions(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """List the partner's commissions."""
    services: Services = request.app.state.services
    return json_response(await services.db.read(_commissions, access, read_page(request)))


async def _dashboard(tx: Reading, access: CustomerAccess, public_url: str, at: datetime) -> DashboardAnswer:
    partner = await partners.own_partner(tx, access.project_id, access.customer_id, must_be_active=True)
    project = await get_project(tx, team_id=access.team_id, project_id=access.project_id)
    sheet = await read_sheet(tx, partner, project.currency, at=at)
    paid = await payouts.list_payouts(tx, access.project_id, _SHOWN, customer_id=access.customer_id)
    registered, _ = await deals_of_partner(tx, access.project_id, partner.id, _SHOWN)
    return DashboardAnswer(
        affiliate=partner_body(sheet, public_url),
        stats=stats_body(sheet),
        referrals=[referral_body(each) for each in await partner_records.brought_customers(tx, partner, _SHOWN)],
        commissions=[commission_body(each) for each in await partner_records.commissions_of(tx, partner, _SHOWN)],
        payouts=[payout_body(each, {access.customer_id: partner.id}) for each in paid],
        deals=[deal_body(each, project.currency) for each in registered],
        settings=_terms_body(sheet.conditions, sheet.own_rate, project.currency),
    )


async def _referrals(tx: Reading, access: CustomerAccess, page: Page) -> ReferralsAnswer:
    partner = await partners.own_partner(tx, access.project_id, access.customer_id, must_be_active=True)
    return ReferralsAnswer(
        total=await partner_records.count_brought(tx, partner),
        limit=page.limit,
        offset=page.offset,
        referrals=[referral_body(each) for each in await partner_records.brought_customers(tx, partner, page)],
    )


async def _commissions(tx: Reading, access: CustomerAccess, page: Page) -> CommissionsAnswer:
    partner = await partners.own_partner(tx, access.project_id, access.customer_id, must_be_active=True)
    return CommissionsAnswer(
        total=await partner_records.count_commissions(tx, partner),
        limit=page.limit,
        offset=page.offset,
        commissions=[commission_body(each) for each in await partner_records.commissions_of(tx, partner, page)],
    )


def referral_body(brought: BroughtCustomer) -> ReferralBody:
    """Return somebody who was brought as the partner may see him (contract A29)."""
    return ReferralBody(
        id=brought.id,
        customer_email=None if brought.email is None else masked_email(brought.email),
        status=brought.status,
        created_at=iso(brought.created_at),
        converted_at=moment(brought.converted_at),
    )


def commission_body(commission: Commission) -> CommissionBody:
    """Return a commission as this surface shows it."""
    rate = commission.basis_points
    return CommissionBody(
        id=commission.id,
        referral_id=commission.referral_id,
        amount=dollars(commission.amount_cents, commission.unit),
        amount_cents=commission.amount_cents,
        currency=commission.unit,
        rate=None if rate is None else percent(rate),
        status=commission.status,
        created_at=iso(commission.created_at),
        approves_at=iso(commission.approves_at),
        paid_at=moment(commission.paid_at),
        void_reason=commission.voided_for,
    )


def stats_body(sheet: Sheet) -> StatsBody:
    """Return what a link brought."""
    brought = sheet.brought
    # Hundredths of a percent, rounded down: whole numbers only.
    share = 10_000 * brought.conversions // brought.referrals if brought.referrals else 0
    return StatsBody(
        clicks=sheet.clicks,
        referrals=brought.referrals,
        conversions=brought.conversions,
        conversion_rate=percent(share),
    )


def _terms_body(conditions: Conditions, own_rate: int | None, currency: str) -> TermsBody:
    rate = own_rate if own_rate is not None else conditions.basis_points
    return TermsBody(
        commission_rate=None if rate is None else percent(rate),
        holding_period_days=conditions.hold_days,
        min_payout_amount=dollars(conditions.min_payout_cents, currency),
        min_payout_amount_cents=conditions.min_payout_cents,
        cookie_duration_days=conditions.cookie_days,
    )
