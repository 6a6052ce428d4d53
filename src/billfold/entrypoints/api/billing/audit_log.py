"""`/teams/{teamId}/audit-log`: who did what, when and from where."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.base.paging import page_from, whole_number
from billfold.domain.tenancy import audit_log
from billfold.domain.tenancy.audit_log import AuditRow
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.api.billing.access import TeamAllowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.operations import LIMIT, operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/teams/{teamId}", tags=["Audit log"])
_BEFORE: Final[dict[str, Any]] = {
    "name": "before",
    "in": "query",
    "description": "Entries older than the one of this id: the last of the page before.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999_999},
}


class ActorBody(Body):
    """Who it was: a `member` (`user_…`), a `key` (`key_…`), a `customer` (`pc_…`) at a page of his own, or the `system`.

    `name` is what he or it was called then; of a customer it tells nothing but a partner's code.
    """

    kind: str
    id: str | None
    name: str


class AuditEntryBody(Body):
    """One thing that was done; `subject` is the id of what it was done to, `address` where the request came from."""

    id: int
    actor: ActorBody
    action: str
    subject: str | None
    project_id: str | None
    details: dict[str, Any]
    address: str | None
    at: Timestamp


class AuditLogAnswer(Body):
    """A page of entries, newest first."""

    entries: list[AuditEntryBody]


def shape(row: AuditRow) -> AuditEntryBody:
    """Return a row as this surface shows it."""
    return AuditEntryBody(
        id=row.sequence,
        actor=ActorBody(kind=row.actor_kind, id=row.actor_id, name=row.actor_name),
        action=row.action,
        subject=row.subject,
        project_id=row.project_id,
        details=row.details,
        address=row.address,
        at=iso(row.recorded_at),
    )


@router.get(
    "/audit-log",
    **operation(role=Role.ADMIN, answers={200: AuditLogAnswer}, parameters=(_BEFORE, LIMIT), is_read=True),
)
async def list_audit_log(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Read the audit log.

    Newest first; the next page begins `before` the last id of this one. Nothing in it can be changed, and nothing
    younger than 400 days removed.
    """
    services: Services = request.app.state.services
    query = request.query_params
    before = query.get("before")
    rows = await services.db.read(
        audit_log.audit_rows,
        access.team_id,
        before=None if before is None else whole_number(before, "before", least=1),
        limit=page_from(query.get("limit"), None).limit,
    )
    return json_response(AuditLogAnswer([shape(row) for row in rows]))
