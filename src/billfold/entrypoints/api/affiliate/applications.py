"""`/affiliate/apply`: somebody applies, and what became of it (contract sections 3.1 and 3.2)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.errors import Invalid
from billfold.domain.billing.customers import checked_email
from billfold.domain.partners import joining
from billfold.domain.partners.applications import APPROVED, Application, NewApplication
from billfold.entrypoints.api.affiliate.access import KeyAllowed
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp, json_response, moment
from billfold.entrypoints.api.affiliate.fields import Company, Email, LongText, PersonName, Website
from billfold.entrypoints.api.affiliate.operations import operation, query_text
from billfold.entrypoints.caller import Access
from billfold.entrypoints.json_bodies import RequestBody, read_body
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/affiliate", tags=["Applications"])

_APPLY: Final = KeyAllowed("referrals:write")
# A status by e-mail tells who applied: a key that asks for many is looking for somebody (contract A10).
_STATUS: Final = KeyAllowed("referrals:read", per_minute=60)
_RECEIVED: Final = "Your application was received and is under review."
_APPROVED_AT_ONCE: Final = "Your application was received and approved."


class ApplyBody(RequestBody):
    """An application."""

    email: Email
    name: PersonName
    company: Company | None = None
    website: Website | None = None
    reason: LongText | None = None
    answers: Annotated[
        dict[str, str],
        Field(description="an object with a text for each of the project's own questions", max_length=20),
    ] = {}  # noqa: RUF012 - pydantic copies a field's default for each body


class ApplyAnswer(Body):
    """The application; `status` is `pending`, or `approved` where a rule of the project says so."""

    id: str
    status: str
    message: str


class StatusAnswer(Body, omit_defaults=True):
    """Whether an address applied, and what became of it."""

    applied: bool
    status: str | None = None
    rejection_reason: str | None = None
    applied_at: Timestamp | None = None
    reviewed_at: Timestamp | None = None
    affiliate_code: str | None = None


@router.post("/apply", **operation(_APPLY, answers={201: ApplyAnswer}, body=ApplyBody))
async def apply(request: Request, access: Annotated[Access, Depends(_APPLY)]) -> Response:
    """Apply to become a partner.

    409 if the address applied before, in any spelling, or is a partner's; 403 `FEATURE_NOT_AVAILABLE` while the program is off.
    """
    services: Services = request.app.state.services
    body = await read_body(request, ApplyBody)
    now = services.clock.now()
    application = await write_recorded(
        services,
        access,
        Record("partner_application.submitted", subject=lambda made: made.id),
        joining.apply,
        NewApplication(body.email, body.name, body.company, body.website, body.reason),
        team_id=access.team_id,
        project_id=access.project_id,
        answers=body.answers,
        must_answer=False,
        at=access.time_at(now),
        now=now,
    )
    message = _APPROVED_AT_ONCE if application.status == APPROVED else _RECEIVED
    return json_response(ApplyAnswer(application.id, application.status, message), 201)


@router.get(
    "/apply/status",
    **operation(
        _STATUS,
        answers={200: StatusAnswer},
        parameters=[query_text("email", "The applicant's address, percent-encoded.", is_required=True)],
    ),
)
async def application_status(request: Request, access: Annotated[Access, Depends(_STATUS)]) -> Response:
    """Tell what became of an application.

    Changes nothing. Meant for the address of the user who is signed in at the app: the answer tells who applied.
    """
    services: Services = request.app.state.services
    email = checked_email(_one_email(request.query_params))
    application, partner = await services.db.read(joining.status_of, access.project_id, email)
    if application is None:
        return json_response(StatusAnswer(applied=False))
    return json_response(_status(application, None if partner is None else partner.code))


def _one_email(query: Any) -> str:
    given: list[str] = query.getlist("email")
    if len(given) != 1:
        raise Invalid("email is required: the address, percent-encoded, for example ?email=jane%2Bshop%40example.com.")
    return given[0]


def _status(application: Application, code: str | None) -> StatusAnswer:
    return StatusAnswer(
        applied=True,
        status=application.status,
        rejection_reason=application.rejection_reason,
        applied_at=moment(application.created_at),
        reviewed_at=moment(application.reviewed_at),
        affiliate_code=code,
    )
