"""`/apps/{appId}/affiliates/deals`: the team decides about registered leads (contract section 3.11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.errors import Invalid
from billfold.base.paging import Page
from billfold.domain.partners import deal_claims, deal_settings, deals
from billfold.domain.partners.deal_settings import DealSettings
from billfold.domain.partners.deals import STATUSES, Deal
from billfold.entrypoints.api.affiliate.access import MemberAllowed, path_id
from billfold.entrypoints.api.affiliate.answers import Body, PageBody, Timestamp, json_response, moment, read_page
from billfold.entrypoints.api.affiliate.deals import DealBody, currency_of, deal_body
from billfold.entrypoints.api.affiliate.fields import LongText
from billfold.entrypoints.api.affiliate.operations import PAGE, operation, query_text
from billfold.entrypoints.caller import Access
from billfold.entrypoints.json_bodies import ChangeBody, RequestBody, given_fields, read_body
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(prefix="/apps/{appId}/affiliates/deals", tags=["Deals"])

_READ: Final = MemberAllowed("referrals:read")
_DECIDE: Final = MemberAllowed("referrals:write")

Count = Annotated[int, Field(description="a whole number")]


class TeamDealBody(Body):
    """A deal as the team sees it; `rivals` are the other open claims on the same company, oldest first."""

    deal: DealBody
    affiliate_id: str
    customer_id: str | None
    reviewed_by: str | None
    reviewed_at: Timestamp | None
    rivals: list[DealBody]


class TeamDealsAnswer(PageBody):
    """A page of deals, newest first."""

    deals: list[TeamDealBody]


class DealSettingsBody(Body):
    """For how long a deal is protected and how often its partner may renew it."""

    enabled: bool
    protection_days: int
    renewals_max: int


class ReviewDeal(RequestBody):
    """A decision; the partner reads the `reason`."""

    action: Annotated[Literal["accept", "decline"], Field(description="accept or decline")]
    reason: LongText | None = None


class ChangeDealSettings(ChangeBody):
    """What to change; deals that exist keep their dates."""

    enabled: Annotated[bool, Field(description="true or false")] = True
    protection_days: Count = 90
    renewals_max: Count = 1


@router.get(
    "",
    **operation(
        _READ,
        answers={200: TeamDealsAnswer},
        parameters=[query_text("status", "Only those with this status.", enum=list(STATUSES)), *PAGE],
    ),
)
async def list_deals(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """List deals, each with the other open claims on the same company."""
    services: Services = request.app.state.services
    status = request.query_params.get("status")
    if status is not None and status not in STATUSES:
        raise Invalid(f"status must be one of {', '.join(STATUSES)}.")
    page, currency = read_page(request), await currency_of(services, access)
    found, total = await services.db.read(_list, access.project_id, page, status)
    bodies = [_team_body(deal, rivals, currency) for deal, rivals in found]
    return json_response(TeamDealsAnswer(total=total, limit=page.limit, offset=page.offset, deals=bodies))


@router.get("/settings", **operation(_READ, answers={200: DealSettingsBody}))
async def read_deal_settings(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Read for how long deals are protected."""
    services: Services = request.app.state.services
    at = access.time_at(services.clock.now())
    return json_response(_settings_body(await services.db.read(_get_settings, access.project_id, at)))


@router.patch("/settings", **operation(_DECIDE, answers={200: DealSettingsBody}, body=ChangeDealSettings))
async def change_deal_settings(request: Request, access: Annotated[Access, Depends(_DECIDE)]) -> Response:
    """Change for how long deals are protected."""
    services: Services = request.app.state.services
    body = await read_body(request, ChangeDealSettings)
    given = {name: getattr(body, name) for name in given_fields(body)}
    at = access.time_at(services.clock.now())
    record = Record(
        "deal_settings.changed", subject=lambda _: access.project_id, details=lambda _: {"fields": sorted(given)}
    )
    changed = await write_recorded(services, access, record, _change_settings, access.project_id, given, at)
    return json_response(_settings_body(changed))


@router.get("/{dealId}", **operation(_READ, answers={200: TeamDealBody}))
async def get_deal(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Read one deal."""
    services: Services = request.app.state.services
    currency = await currency_of(services, access)
    deal, rivals = await services.db.read(_get, access.project_id, path_id(request, "dealId", "Deal"))
    return json_response(_team_body(deal, rivals, currency))


@router.post("/{dealId}/review", **operation(_DECIDE, answers={200: DealBody}, body=ReviewDeal))
async def review_deal(request: Request, access: Annotated[Access, Depends(_DECIDE)]) -> Response:
    """Accept or decline a pending deal.

    409 if it was decided before, has expired, or another claim on the same company is accepted.
    """
    services: Services = request.app.state.services
    body = await read_body(request, ReviewDeal)
    now = services.clock.now()
    currency = await currency_of(services, access)
    accept = body.action == "accept"
    deal = await write_recorded(
        services,
        access,
        Record("deal.accepted" if accept else "deal.declined", subject=lambda made: made.id),
        deal_claims.review,
        access.project_id,
        path_id(request, "dealId", "Deal"),
        accept=accept,
        reason=body.reason,
        reviewer=access.user_id or "",
        at=access.time_at(now),
        now=now,
    )
    return json_response(deal_body(deal, currency))


@router.post("/{dealId}/renew", **operation(_DECIDE, answers={200: DealBody}))
async def renew_deal(request: Request, access: Annotated[Access, Depends(_DECIDE)]) -> Response:
    """Protect an open deal for one more window, however often its partner did."""
    services: Services = request.app.state.services
    currency = await currency_of(services, access)
    at = access.time_at(services.clock.now())
    record = Record("deal.renewed", subject=lambda made: made.id)
    deal_id = path_id(request, "dealId", "Deal")
    deal = await write_recorded(services, access, record, _renew, access.project_id, deal_id, at)
    return json_response(deal_body(deal, currency))


async def _renew(tx: Writing, project_id: str, deal_id: str, at: datetime) -> Deal:
    return await deal_claims.renew(tx, await deals.get_deal(tx, project_id, deal_id), by_team=True, at=at)


async def _get(tx: Reading, project_id: str, deal_id: str) -> tuple[Deal, list[Deal]]:
    deal = await deals.get_deal(tx, project_id, deal_id)
    return deal, await deals.rivals_of(tx, deal)


async def _list(
    tx: Reading, project_id: str, page: Page, status: str | None
) -> tuple[list[tuple[Deal, list[Deal]]], int]:
    found, total = await deals.list_deals(tx, project_id, page, status=status)
    return [(deal, await deals.rivals_of(tx, deal)) for deal in found], total


async def _get_settings(tx: Reading, project_id: str, at: datetime) -> DealSettings:
    return await deal_settings.get_deal_settings(tx, project_id, at=at)


async def _change_settings(tx: Writing, project_id: str, given: dict[str, object], at: datetime) -> DealSettings:
    kept = await deal_settings.get_deal_settings(tx, project_id, at=at)
    changed: DealSettings = replace(kept, updated_at=at, **given)  # type: ignore[arg-type]  # the body's own types
    return await deal_settings.put_deal_settings(tx, changed)


def _team_body(deal: Deal, rivals: list[Deal], currency: str) -> TeamDealBody:
    return TeamDealBody(
        deal=deal_body(deal, currency),
        affiliate_id=deal.partner_id,
        customer_id=deal.customer_id,
        reviewed_by=deal.reviewed_by,
        reviewed_at=moment(deal.reviewed_at),
        rivals=[deal_body(rival, currency) for rival in rivals],
    )


def _settings_body(settings: DealSettings) -> DealSettingsBody:
    return DealSettingsBody(settings.enabled, settings.protection_days, settings.renewals_max)
