"""`/console/…/applications`: who wants to become a partner, decided one by one or many at once (contract section 3.9, A33)."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid, NotFound
from billfold.base.paging import Page
from billfold.domain.partners import applications, joining, partners
from billfold.domain.partners.applications import APPROVED, PENDING, REJECTED, Application
from billfold.domain.partners.joining import Review
from billfold.domain.partners.partners import Partner
from billfold.domain.partners.program_settings import ProgramSettings, read_program_settings
from billfold.domain.partners.questions import Question
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.users import User, get_user
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import Filter, Listing, read_listing
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_PROJECT: Final = "/console/{team_id}/{project_id}"
_FILTERS: Final = (
    Filter(
        "status",
        "Status",
        {
            "all": "decided ones too",
            **{name: status.word for name, status in statuses.APPLICATION.items() if name != PENDING},
        },
        "To decide",
        speaks=True,
    ),
)
# Decisions of one form; each is a unit of its own.
# What a refusal begins with, by field and label.
_FIELDS: Final = {
    "code": ("code", "Code"),
    "rejectionReason": ("reason", "Reason"),
    "internalNote": ("note", "Note"),
}
_MOST_AT_ONCE: Final = 50


async def show_list(request: Request) -> Response:
    """Show the applications that wait, or those that were decided."""
    visit = await enter(request)
    listing = read_listing(request, filters=_FILTERS)
    found, settings = await visit.services.db.read(_read_list, visit, listing)
    rows, pager = listing.cut(found)
    return visit.show(
        "applications.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "enabled": settings.conditions.enabled,
            "apply_url": f"{visit.services.settings.public_url}/apply/{visit.project_id}",
            "status_of": _status,
            "can_decide": any(row.status == PENDING for row in rows) and visit.may(Role.MEMBER),
        },
    )


async def _read_list(tx: Reading, visit: Visit, listing: Listing) -> tuple[list[Application], ProgramSettings]:
    chosen = listing.chosen.get("status", PENDING)
    page = Page(limit=listing.limit, offset=listing.offset)
    found, _ = await applications.list_applications(
        tx, visit.project_id, page, status=None if chosen == "all" else chosen
    )
    settings = await read_program_settings(tx, team_id=visit.team_id, project_id=visit.project_id, at=visit.at)
    return found, settings


async def decide_many(request: Request) -> Response:
    """Decide several applications with one press; each that cannot be decided stays as it is, and is counted."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    chosen = form.every("application")[:_MOST_AT_ONCE]
    decision = {"approve": APPROVED, "reject": REJECTED}.get(form.text("decision"))
    if decision is None or not chosen:
        return visit.done(
            f"{visit.home}/applications", "Tick the applications first, then press one of the two.", "warn"
        )
    done, left = 0, 0
    for application_id in chosen:
        review = _review(visit, decision, reason=form.text("reason"), note=form.text("note"))
        try:
            await _decide(visit, application_id, review)
            done += 1
        except BillfoldError:
            left += 1
    words = f"{done} {'application was' if done == 1 else 'applications were'} {decision}."
    if left:
        words += f" {left} could not be: open {'it' if left == 1 else 'them'} to see why."
    return visit.done(f"{visit.home}/applications", words, "warn" if left else "good")


async def show_one(request: Request) -> Response:
    """Show one application with the forms that decide it."""
    visit = await enter(request)
    return await _page(visit, request.path_params["application_id"], Form([]), None)


async def approve(request: Request) -> Response:
    """Approve one application; the code is generated if none is chosen."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    application_id: str = request.path_params["application_id"]
    review = _review(visit, APPROVED, code=form.text("code"), note=form.text("note"))
    try:
        reviewed = await _decide(visit, application_id, review)
    except BillfoldError as error:
        return await _page(visit, application_id, form, error)
    partner = reviewed.partner
    assert partner is not None  # noqa: S101 - an approval makes one
    return visit.done(f"{visit.home}/partners/{partner.id}", f"Approved. The code is {partner.code}.")


async def reject(request: Request) -> Response:
    """Reject one application; the applicant may read the reason, the team alone the note."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    application_id: str = request.path_params["application_id"]
    review = _review(visit, REJECTED, reason=form.text("reason"), note=form.text("note"))
    try:
        await _decide(visit, application_id, review)
    except BillfoldError as error:
        return await _page(visit, application_id, form, error)
    return visit.done(f"{visit.home}/applications", "Rejected.")


async def note(request: Request) -> Response:
    """Keep a note that only the team reads."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    application_id: str = request.path_params["application_id"]
    try:
        await Recorded(visit, "partner_application.noted", application_id).write(
            applications.set_note, visit.project_id, application_id, form.text("note")
        )
    except Invalid as error:
        return await _page(visit, application_id, form, error)
    return visit.done(f"{visit.home}/applications/{application_id}", "The note is kept.")


async def _decide(visit: Visit, application_id: str, review: Review) -> joining.Reviewed:
    return await Recorded(visit, f"partner_application.{review.decision}").write(
        joining.review, visit.project_id, application_id, review, at=visit.at, now=visit.now
    )


def _review(visit: Visit, decision: str, *, code: str = "", reason: str = "", note: str = "") -> Review:
    return Review(
        decision,
        reviewed_by=visit.session.user_id,
        code=code or None,
        rejection_reason=reason or None,
        internal_note=note or None,
    )


async def _page(visit: Visit, application_id: str, form: Form, error: BillfoldError | None) -> Response:
    application, partner, questions, reviewer = await visit.services.db.read(_read_one, visit, application_id)
    return visit.show(
        "application.html",
        {
            "application": application,
            "partner": partner,
            "answers": _answers(application, questions),
            "reviewer": _reviewer(application, reviewer),
            "status": _status(application.status),
            "form": form,
            "errors": {} if error is None else _errors(error.message),
        },
        400 if error is not None else 200,
    )


async def _read_one(
    tx: Reading, visit: Visit, application_id: str
) -> tuple[Application, Partner | None, tuple[Question, ...], User | None]:
    searchable = application_id if application_id.isascii() and application_id.isprintable() else ""
    application = await applications.get_application(tx, visit.project_id, searchable)
    settings = await read_program_settings(tx, team_id=visit.team_id, project_id=visit.project_id, at=visit.at)
    partner = None
    if application.partner_id is not None:
        partner = await partners.find_partner(tx, visit.project_id, application.partner_id)
    try:
        reviewer = await get_user(tx, application.reviewed_by or "")
    except NotFound:
        # A rule, or somebody whose account is gone.
        reviewer = None
    return application, partner, settings.joining.questions, reviewer


def _answers(application: Application, questions: tuple[Question, ...]) -> list[tuple[str, str]]:
    """Return the answers under their questions; one whose question is gone stands under its key."""
    labels = {question.key: question.label for question in questions}
    return [(labels.get(key, key), answer) for key, answer in application.answers.items()]


def _reviewer(application: Application, user: User | None) -> str:
    by = application.reviewed_by or ""
    if by.startswith("rule:domain:"):
        return f"the rule for {by.removeprefix('rule:domain:')}"
    if by.startswith("rule:"):
        return "the rule for existing customers"
    return "somebody who left" if user is None else user.email


def _errors(message: str) -> dict[str, str]:
    """Return a refusal of the domain at the field that it is about, in the page's words."""
    first, _, rest = message.partition(" ")
    if first in _FIELDS:
        name, label = _FIELDS[first]
        return {name: f"{label} {rest}"}
    return {"code" if message.startswith("The code ") else "": message}


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.APPLICATION, value)


ROUTES: Final = [
    Route(f"{_PROJECT}/applications", show_list, methods=["GET"]),
    Route(f"{_PROJECT}/applications/decisions", decide_many, methods=["POST"]),
    Route(f"{_PROJECT}/applications/{{application_id}}", show_one, methods=["GET"]),
    Route(f"{_PROJECT}/applications/{{application_id}}/approval", approve, methods=["POST"]),
    Route(f"{_PROJECT}/applications/{{application_id}}/rejection", reject, methods=["POST"]),
    Route(f"{_PROJECT}/applications/{{application_id}}/note", note, methods=["POST"]),
]
