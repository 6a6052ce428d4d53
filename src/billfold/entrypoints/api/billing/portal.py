"""`…/portal`: a link with which a customer manages his own billing, without signing in (contract section 3.6, G15)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.domain.billing.portal_sessions import (
    LONGEST_TTL_MS,
    SHORTEST_TTL_MS,
    USUAL_TTL_MS,
    PortalSession,
    open_session,
)
from billfold.domain.tenancy.audit_log import record
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import AnyId, WebAddress
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Writing

router = APIRouter(tags=["Portal"])
WRITE = "subscriptions:write"


class PortalAnswer(Body):
    """The session; send the customer to `portalUrl`. The token is told only here."""

    session_id: str
    token: str
    portal_url: str
    expires_at: Timestamp


class OpenPortal(RequestBody):
    """Whose portal, for how long, and where its link back leads."""

    customer_id: Annotated[AnyId, Field(description="the id of a customer, pc_…")]
    ttl_ms: Annotated[
        int,
        Field(
            ge=SHORTEST_TTL_MS,
            le=LONGEST_TTL_MS,
            description=f"a whole number of milliseconds from {SHORTEST_TTL_MS} to {LONGEST_TTL_MS}",
        ),
    ] = USUAL_TTL_MS
    return_url: Annotated[
        WebAddress | None,
        Field(description="an absolute http or https address such as https://app.example.com/account"),
    ] = None


@router.post("/portal", **operation(scope=WRITE, answers={201: PortalAnswer}, body=OpenPortal))
async def create_portal_session(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Open a customer's portal.

    The link works without signing in, as often as the customer likes, until it expires or he is deleted. `returnUrl` is where
    the page's link back leads, instead of the address in the project's branding. There is no `Idempotency-Key` here: its record
    would keep the token.
    """
    services: Services = request.app.state.services
    body = await read_body(request, OpenPortal)
    now = services.clock.now()
    session, token = await services.db.write(_open, access, body, now)
    address = f"{services.settings.public_url}/portal/{token}"
    response = json_response(PortalAnswer(session.id, token, address, iso(session.expires_at)), 201)
    response.headers["cache-control"] = "no-store"
    return response


async def _open(tx: Writing, access: Access, body: OpenPortal, now: datetime) -> tuple[PortalSession, str]:
    session, token = await open_session(
        tx,
        team_id=access.team_id,
        project_id=access.project_id,
        customer_id=body.customer_id,
        return_url=body.return_url,
        ttl=timedelta(milliseconds=body.ttl_ms),
        now=now,
    )
    await record(
        tx,
        team_id=access.team_id,
        project_id=access.project_id,
        actor=access.actor,
        action="portal_session.created",
        subject=session.customer_id,
        details={"session": session.id, "expires_at": iso(session.expires_at)},
        now=now,
    )
    return session, token
