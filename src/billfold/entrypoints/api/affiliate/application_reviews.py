"""`/apps/{appId}/affiliates/applications`: the team reads and decides (contract sections 3.8 and 3.9)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.partners import applications, joining
from billfold.domain.partners.applications import APPROVED, REJECTED, STATUSES, Application
from billfold.domain.partners.joining import Review, Reviewed
from billfold.entrypoints.api.affiliate.access import MemberAllowed, path_id
from billfold.entrypoints.api.affiliate.answers import Body, PageBody, Timestamp, json_response, moment, read_page
from billfold.entrypoints.api.affiliate.fields import Code, LongText
from billfold.entrypoints.api.affiliate.operations import PAGE, operation, query_text
from billfold.entrypoints.caller import Access
from billfold.entrypoints.json_bodies import RequestBody, read_body
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/apps/{appId}/affiliates/applications", tags=["Reviews"])

_READ: Final = MemberAllowed("referrals:read")
_DECIDE: Final = MemberAllowed("referrals:write")


class ApplicationBody(Body):
    """An application; `internalNote` is for the team only."""

    id: str
    email: str
    name: str
    company: str | None
    website: str | None
    reason: str | None
    answers: dict[str, str]
    status: str
    rejection_reason: str | None
    internal_note: str | None
    affiliate_id: str | None
    reviewed_by: str | None
    reviewed_at: Timestamp | None
    created_at: Timestamp


class ApplicationsAnswer(PageBody):
    """A page of applications, newest first."""

    applications: list[ApplicationBody]


class ApplicationAnswer(Body):
    """One application."""

    application: ApplicationBody


class EnrolledBody(Body):
    """The partner whom an approval made."""

    id: str
    code: str
    customer_id: str
    status: str


class ReviewedAnswer(Body, omit_defaults=True):
    """The decided application, and on approval the partner."""

    application: ApplicationBody
    affiliate: EnrolledBody | None = None


class ReviewBody(RequestBody):
    """A decision."""

    action: Annotated[Literal["approve", "reject"], Field(description="approve or reject")]
    code: Code | None = None
    rejection_reason: LongText | None = None
    internal_note: LongText | None = None


class NoteBody(RequestBody):
    """What the team notes; null removes it."""

    internal_note: LongText | None = None


def application_body(application: Application) -> ApplicationBody:
    """Return an application as the team sees it."""
    return ApplicationBody(
        id=application.id,
        email=application.email,
        name=application.name,
        company=application.company,
        website=application.website,
        reason=application.reason,
        answers=dict(application.answers),
        status=application.status,
        rejection_reason=application.rejection_reason,
        internal_note=application.internal_note,
        affiliate_id=application.partner_id,
        reviewed_by=application.reviewed_by,
        reviewed_at=moment(application.reviewed_at),
        created_at=iso(application.created_at),
    )


@router.get(
    "",
    **operation(
        _READ,
        answers={200: ApplicationsAnswer},
        parameters=[query_text("status", "Only those with this status.", enum=list(STATUSES)), *PAGE],
    ),
)
async def list_applications(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """List applications."""
    services: Services = request.app.state.services
    status = request.query_params.get("status")
    if status is not None and status not in STATUSES:
        raise Invalid(f"status must be one of {', '.join(STATUSES)}.")
    page = read_page(request)
    found, total = await services.db.read(applications.list_applications, access.project_id, page, status=status)
    answer = ApplicationsAnswer(
        total=total, limit=page.limit, offset=page.offset, applications=[application_body(each) for each in found]
    )
    return json_response(answer)


@router.get("/{applicationId}", **operation(_READ, answers={200: ApplicationAnswer}))
async def get_application(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Get an application."""
    services: Services = request.app.state.services
    application_id = path_id(request, "applicationId", "Application")
    found = await services.db.read(applications.get_application, access.project_id, application_id)
    return json_response(ApplicationAnswer(application_body(found)))


@router.patch("/{applicationId}", **operation(_DECIDE, answers={200: ApplicationAnswer}, body=NoteBody))
async def note_on_application(request: Request, access: Annotated[Access, Depends(_DECIDE)]) -> Response:
    """Note something about an application, for the team only."""
    services: Services = request.app.state.services
    application_id = path_id(request, "applicationId", "Application")
    body = await read_body(request, NoteBody)
    changed = await write_recorded(
        services,
        access,
        Record("partner_application.noted", subject=lambda application: application.id),
        applications.set_note,
        access.project_id,
        application_id,
        body.internal_note,
    )
    return json_response(ApplicationAnswer(application_body(changed)))


@router.post("/{applicationId}/review", **operation(_DECIDE, answers={201: ReviewedAnswer}, body=ReviewBody))
async def review_application(request: Request, access: Annotated[Access, Depends(_DECIDE)]) -> Response:
    """Approve or reject an application.

    An approval makes the customer if there is none with this address, the partner and his code; `code` is generated if it is left
    out. 409 if the application was decided before or the code is taken, and then nothing changes. The applicant can read
    `rejectionReason`.
    """
    services: Services = request.app.state.services
    application_id = path_id(request, "applicationId", "Application")
    body = await read_body(request, ReviewBody)
    now = services.clock.now()
    decision = APPROVED if body.action == "approve" else REJECTED
    review = Review(
        decision,
        reviewed_by=access.user_id or "",
        code=body.code,
        rejection_reason=body.rejection_reason,
        internal_note=body.internal_note,
    )
    reviewed = await write_recorded(
        services,
        access,
        review_record(decision),
        joining.review,
        access.project_id,
        application_id,
        review,
        at=access.time_at(now),
        now=now,
    )
    return json_response(_reviewed(reviewed), 201)


def review_record(decision: str) -> Record:
    """Return what the audit log is told of a decision: the application, and the partner's id and code if there is one."""
    return Record(f"partner_application.{decision}", subject=lambda reviewed: reviewed.id, details=_details)


def _details(reviewed: Reviewed) -> dict[str, object]:
    partner = reviewed.partner
    return {} if partner is None else {"affiliate": partner.id, "code": partner.code}


def _reviewed(reviewed: Reviewed) -> ReviewedAnswer:
    partner = reviewed.partner
    enrolled = None
    if partner is not None:
        enrolled = EnrolledBody(partner.id, partner.code, partner.customer_id, partner.status)
    return ReviewedAnswer(application_body(reviewed.application), enrolled)
