"""`/affiliate`: who is a partner, asked by the app's backend or by the partner himself (contract sections 3.3 and 3.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.api.affiliate.access import CustomerAccess, CustomerAllowed, KeyAllowed, path_id
from billfold.entrypoints.api.affiliate.answers import json_response
from billfold.entrypoints.api.affiliate.operations import operation
from billfold.entrypoints.api.affiliate.partner_shapes import (
    NotEnrolled,
    PartnerBody,
    Sheet,
    partner_body,
    read_sheet_of_customer,
)
from billfold.entrypoints.caller import Access
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading

router = APIRouter(prefix="/affiliate", tags=["Partner"])

_LOOK_UP: Final = KeyAllowed("referrals:read")
_OWN: Final = CustomerAllowed()


@router.get("/by-customer/{customerId}", **operation(_LOOK_UP, answers={200: PartnerBody}))
async def partner_by_customer(request: Request, access: Annotated[Access, Depends(_LOOK_UP)]) -> Response:
    """Look a partner up by the customer.

    `{"enrolled": false}` for who is none, and for an id that is no customer of this app.
    """
    return await _answer(request, access, path_id(request, "customerId", "Customer"))


@router.get("", **operation(_OWN, answers={200: PartnerBody}))
async def own_partner(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """Tell the signed-in customer whether he is a partner; the same answer as by customer."""
    return await _answer(request, access, access.customer_id)


async def _answer(request: Request, access: Access | CustomerAccess, customer_id: str) -> Response:
    services: Services = request.app.state.services
    at = access.time_at(services.clock.now())
    sheet = await services.db.read(_sheet, access.team_id, access.project_id, customer_id, at)
    return json_response(NotEnrolled() if sheet is None else partner_body(sheet, services.settings.public_url))


async def _sheet(tx: Reading, team_id: str, project_id: str, customer_id: str, at: datetime) -> Sheet | None:
    project = await get_project(tx, team_id=team_id, project_id=project_id)
    return await read_sheet_of_customer(tx, project_id, customer_id, project.currency, at=at)
