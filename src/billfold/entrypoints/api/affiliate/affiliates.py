"""`/apps/{appId}/affiliates`: the team's view of its partners (contract section 3.11)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.base.paging import Page
from billfold.domain.analytics import partner_list
from billfold.domain.analytics.partner_list import PartnerLine
from billfold.domain.partners import joining, partners, standing
from billfold.domain.partners.figures import Brought, Earnings, brought_by, earnings_of
from billfold.domain.partners.partners import STATUSES, Partner
from billfold.domain.partners.standing import PartnerChange
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.api.affiliate.access import MemberAllowed, path_id
from billfold.entrypoints.api.affiliate.amounts import Percent, basis_points
from billfold.entrypoints.api.affiliate.answers import Body, PageBody, Timestamp, json_response, read_page
from billfold.entrypoints.api.affiliate.fields import Code, text_of
from billfold.entrypoints.api.affiliate.operations import PAGE, operation, query_text
from billfold.entrypoints.api.affiliate.partner_shapes import (
    BalanceBody,
    PartnerBody,
    Sheet,
    balance_body,
    partner_body,
    read_sheet,
)
from billfold.entrypoints.api.affiliate.program_settings import Moment, read_moment
from billfold.entrypoints.caller import Access
from billfold.entrypoints.json_bodies import ChangeBody, RequestBody, given_fields, read_body
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading

router = APIRouter(prefix="/apps/{appId}/affiliates", tags=["Affiliates"])

_READ: Final = MemberAllowed("referrals:read")
_CHANGE: Final = MemberAllowed("referrals:write")


class ListedAffiliate(Body):
    """A partner in a list; `balances` has an entry for each currency."""

    id: str
    customer_id: str
    email: str
    name: str | None
    code: str
    type: str
    status: str
    balances: list[BalanceBody]
    referrals: int
    conversions: int
    created_at: Timestamp


class AffiliatesAnswer(PageBody):
    """A page of partners, newest first."""

    affiliates: list[ListedAffiliate]


class AffiliateAnswer(Body):
    """One partner."""

    affiliate: PartnerBody


class EnrolBody(RequestBody):
    """A customer who becomes a partner without an application."""

    customer_id: Annotated[str, text_of(200, shortest=1), Field(description="the id of a customer of this app")]
    code: Code | None = None


class ChangeAffiliate(ChangeBody):
    """What to change; `commissionRate` null gives the program's rate again."""

    status: Annotated[
        Literal["active", "suspended", "terminated"], Field(description="active, suspended or terminated")
    ] = "active"
    code: Code = ""
    commission_rate: Percent | None = None
    applies_to: Annotated[Literal["new_referrals", "from_date"], Field(description="new_referrals or from_date")] = (
        "new_referrals"
    )
    applies_from: Moment | None = None


@router.get(
    "",
    **operation(
        _READ,
        answers={200: AffiliatesAnswer},
        parameters=[
            query_text("status", "Only those with this status.", enum=list(STATUSES)),
            query_text(
                "search", "The beginning of an address or a name, or a whole code; then `status` does not count."
            ),
            *PAGE,
        ],
    ),
)
async def list_affiliates(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """List partners."""
    services: Services = request.app.state.services
    status, search = request.query_params.get("status"), request.query_params.get("search", "").strip()
    if status is not None and status not in STATUSES:
        raise Invalid(f"status must be one of {', '.join(STATUSES)}.")
    page = read_page(request)
    listed, total = await services.db.read(_list, access.project_id, page, status, search[:254])
    answer = AffiliatesAnswer(total=total, limit=page.limit, offset=page.offset, affiliates=listed)
    return json_response(answer)


@router.post("", **operation(_CHANGE, answers={201: AffiliateAnswer}, body=EnrolBody))
async def enrol_affiliate(request: Request, access: Annotated[Access, Depends(_CHANGE)]) -> Response:
    """Make a customer a partner without an application; he is of the type `affiliate`."""
    services: Services = request.app.state.services
    body = await read_body(request, EnrolBody)
    now = services.clock.now()
    record = Record(
        "partner.enrolled", subject=lambda partner: partner.id, details=lambda partner: {"code": partner.code}
    )
    partner = await write_recorded(
        services,
        access,
        record,
        joining.enrol_customer,
        team_id=access.team_id,
        project_id=access.project_id,
        customer_id=body.customer_id,
        code=body.code,
        at=access.time_at(now),
    )
    return await _one(services, access, partner, 201)


@router.get("/{affiliateId}", **operation(_READ, answers={200: AffiliateAnswer}))
async def get_affiliate(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Get a partner."""
    services: Services = request.app.state.services
    affiliate_id = path_id(request, "affiliateId", "Partner")
    partner = await services.db.read(partners.get_partner, access.project_id, affiliate_id)
    return await _one(services, access, partner)


@router.patch("/{affiliateId}", **operation(_CHANGE, answers={200: AffiliateAnswer}, body=ChangeAffiliate))
async def change_affiliate(request: Request, access: Annotated[Access, Depends(_CHANGE)]) -> Response:
    """Suspend, reactivate or terminate a partner, or change his rate or code.

    Who is not active brings nobody and earns on no payment made meanwhile; his portal links end. What is available stays payable.
    """
    services: Services = request.app.state.services
    affiliate_id = path_id(request, "affiliateId", "Partner")
    body = await read_body(request, ChangeAffiliate)
    fields = given_fields(body)
    record = Record(
        "partner.changed", subject=lambda partner: partner.id, details=lambda partner: _told(partner, fields)
    )
    partner = await write_recorded(
        services,
        access,
        record,
        standing.change_partner,
        project_id=access.project_id,
        partner_id=affiliate_id,
        change=_change(body, fields),
        at=access.time_at(services.clock.now()),
    )
    return await _one(services, access, partner)


def _change(body: ChangeAffiliate, fields: frozenset[str]) -> PartnerChange:
    rate = body.commission_rate
    return PartnerChange(
        status=body.status if "status" in fields else None,
        code=body.code if "code" in fields else None,
        sets_rate="commission_rate" in fields,
        basis_points=None if rate is None else basis_points(Decimal(rate)),
        applies=body.applies_to,
        from_at=None if body.applies_from is None else read_moment(body.applies_from, "appliesFrom"),
    )


def _told(partner: Partner, fields: frozenset[str]) -> dict[str, object]:
    return {"fields": sorted(fields), "status": partner.status, "code": partner.code}


async def _one(services: Services, access: Access, partner: Partner, status: int = 200) -> Response:
    sheet = await services.db.read(_sheet, access, partner, access.time_at(services.clock.now()))
    return json_response(AffiliateAnswer(partner_body(sheet, services.settings.public_url)), status)


async def _sheet(tx: Reading, access: Access, partner: Partner, at: datetime) -> Sheet:
    project = await get_project(tx, team_id=access.team_id, project_id=access.project_id)
    return await read_sheet(tx, partner, project.currency, at=at)


async def _list(
    tx: Reading, project_id: str, page: Page, status: str | None, search: str
) -> tuple[list[ListedAffiliate], int]:
    if search:
        found = await partner_list.find_partners(tx, project_id, search)
        lines, total = found[page.offset : page.offset + page.limit], len(found)
    else:
        lines = await partner_list.list_partners(
            tx, project_id, status=status, sort="newest", limit=page.limit, offset=page.offset
        )
        total = await partner_list.count_partners(tx, project_id, status)
    return await listed_affiliates(tx, project_id, lines), total


async def listed_affiliates(tx: Reading, project_id: str, lines: list[PartnerLine]) -> list[ListedAffiliate]:
    """Return partners of a list with their figures, read for all of them at once."""
    if not lines:
        return []
    earned = await earnings_of(
        tx,
        project_id=project_id,
        program_id=lines[0].program_id,
        customer_ids=[line.customer_id for line in lines],
    )
    brought = await brought_by(tx, project_id=project_id, code_ids=[line.code_id for line in lines])
    return [_listed(line, earned[line.customer_id], brought[line.code_id]) for line in lines]


def _listed(line: PartnerLine, earned: list[Earnings], brought: Brought) -> ListedAffiliate:
    return ListedAffiliate(
        id=line.id,
        customer_id=line.customer_id,
        email=line.email,
        name=line.name,
        code=line.code,
        type=line.type,
        status=line.status,
        balances=[balance_body(each) for each in earned],
        referrals=brought.referrals,
        conversions=brought.conversions,
        created_at=iso(line.created_at),
    )
