"""`/affiliate/portal-link`: a link to the partner's page (contract section 3.6, A31)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.domain.partners import partners, portal_links
from billfold.entrypoints.api.affiliate.access import CustomerAccess, CustomerAllowed
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.affiliate.operations import operation
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Writing

router = APIRouter(prefix="/affiliate", tags=["Partner"])

_OWN: Final = CustomerAllowed()


class PortalLinkAnswer(Body):
    """The link, and until when it works."""

    url: str
    expires_at: Timestamp


@router.get("/portal-link", **operation(_OWN, answers={200: PortalLinkAnswer}))
async def portal_link(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """Make a link to the partner's hosted page.

    It works for 24 hours, as often as it is opened, and is a new one at each call. A suspension ends it.
    """
    services: Services = request.app.state.services
    token, expires_at = await services.db.write(_open, access, services.clock.now())
    url = f"{services.settings.public_url}/partner/{token}"
    return json_response(PortalLinkAnswer(url=url, expires_at=iso(expires_at)))


async def _open(tx: Writing, access: CustomerAccess, now: datetime) -> tuple[str, datetime]:
    partner = await partners.own_partner(tx, access.project_id, access.customer_id, must_be_active=True)
    return await portal_links.open_link(tx, partner, now=now)
