"""`/apply/{projectId}`: the public page on which somebody asks to become a partner.

It needs no account, no JavaScript and no third party. What keeps machines away: a field that no person sees, a signed
moment at which the form was drawn (too soon or too late is sent again, and each form is good for one application), allowances
for each network in the database, and no throw-away addresses.

Everybody hears the same: that an address applied before, or is a partner's, is not told here (contract A10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from disposable_email_domains import blocklist
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Conflict, Invalid
from billfold.base.ids import new_token
from billfold.base.signing import Signer
from billfold.domain.billing.customers import checked_email
from billfold.domain.partners import joining
from billfold.domain.partners.applications import NewApplication
from billfold.domain.partners.program_settings import ProgramSettings, read_program_settings
from billfold.domain.tenancy.attempts import attempt_key, take
from billfold.domain.tenancy.branding import find_branding
from billfold.domain.tenancy.projects import Project, find_team_of_project, get_project
from billfold.domain.tenancy.teams import Team, get_team
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.limits import network_of
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.amounts import money_text
from billfold.entrypoints.web.forms import Form, read_form
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.portal.brand import Brand, brand_of
from billfold.entrypoints.web.rates import rate_text
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.mail.letters import mailable_address

_PAGE: Final = "apply/form.html"
_DONE: Final = "apply/received.html"
_CLOSED: Final = "apply/closed.html"
# The honeypot's name: one that machines fill in.
_TRAP: Final = "address"
_SOONEST: Final = timedelta(seconds=3)
_LATEST: Final = timedelta(hours=12)
# Forms that are sent, right or wrong, and applications that come of them.
_SENT_BY_NETWORK: Final = (30, timedelta(minutes=10))
_APPLIED_BY_NETWORK: Final = (5, timedelta(hours=1))
_FIELDS: Final = ("name", "company", "email", "website", "reason")
_TOO_MANY: Final = "Too many applications were sent from your network. Try again later."
_PURPOSE: Final = "application form"


@dataclass(frozen=True, slots=True)
class _Program:
    """What the page of one project shows."""

    team: Team
    project: Project
    settings: ProgramSettings
    brand: Brand


class _Wrong(Exception):
    """The form is shown again with what is wrong: a sentence for each field, or for the whole under an empty name."""

    def __init__(self, errors: Mapping[str, str], status: int = 400) -> None:
        super().__init__()
        self.errors = errors
        self.status = status


def apply_routes() -> list[Route]:
    """Return the routes of the page and its form."""
    return [
        Route("/apply/{project_id}", _show, methods=["GET"]),
        Route("/apply/{project_id}", _send, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    program = await _find(request)
    return _closed(request) if program is None else _draw(request, program, {}, {})


async def _send(request: Request) -> Response:
    program = await _find(request)
    if program is None:
        return _closed(request)
    form = await read_form(request, None)
    try:
        await _judge(request, program, form)
    except _Wrong as wrong:
        return _draw(request, program, form, wrong.errors, wrong.status)
    # Also where nothing was kept: for a machine, and for an address that applied before.
    return render(request, _DONE, {"brand": program.brand})


async def _judge(request: Request, program: _Program, form: Form) -> None:
    """Take an application in, unless a machine sent it or it came before; raises `_Wrong`."""
    services: Services = request.app.state.services
    network = network_of(client_address(request, services.settings))
    now = services.clock.now()
    if await services.db.write(_take, f"forms from {network}", program.project.id, _SENT_BY_NETWORK, now):
        raise _Wrong({"": _TOO_MANY}, 429)
    if form.get(_TRAP):
        return
    problem = _time_problem(services, program, form, now)
    if problem is not None:
        raise _Wrong({"": problem})
    try:
        mailable_address(checked_email(form.text("email")))
    except Invalid:
        raise _Wrong({"email": "Give the whole address. It should look like jane@example.com."}) from None
    if _is_disposable(form.text("email")):
        raise _Wrong(
            {"email": "This address is one that is thrown away. Give one at which you can be reached next year."}
        )
    try:
        await services.db.write(_apply, program, form, network, now)
    except Invalid as error:
        raise _Wrong(_errors(error.message, program)) from None
    except Conflict:
        return


async def _apply(tx: Writing, program: _Program, form: Form, network: str, now: datetime) -> None:
    if await _take(tx, f"applications from {network}", program.project.id, _APPLIED_BY_NETWORK, now):
        raise _Wrong({"": _TOO_MANY}, 429)
    given = NewApplication(*(form.text(name) for name in ("email", "name", "company", "website", "reason")))
    await joining.apply(
        tx,
        given,
        team_id=program.team.id,
        project_id=program.project.id,
        answers={question.key: form.text(question.key) for question in program.settings.joining.questions},
        must_answer=True,
        at=program.team.time_at(now),
        now=now,
    )
    # After the rest: who sends the same application twice is thanked twice.
    if await _take(tx, f"application form {form.get('started', '')}", program.project.id, (1, _LATEST), now):
        raise _Wrong({"": "This form was sent before. Please send it once more."})


async def _take(tx: Writing, what: str, project_id: str, allowance: tuple[int, timedelta], now: datetime) -> int:
    return await take(tx, attempt_key(what, project_id), *allowance, now)


async def _find(request: Request) -> _Program | None:
    """Return what the page shows, None without such a project and while its program is off."""
    services: Services = request.app.state.services
    project_id: str = request.path_params["project_id"]
    if not (project_id.isascii() and project_id.isprintable()):
        return None
    return await services.db.read(_read, project_id, services.clock.now())


async def _read(tx: Reading, project_id: str, now: datetime) -> _Program | None:
    team_id = await find_team_of_project(tx, project_id)
    if team_id is None:
        return None
    team = await get_team(tx, team_id)
    settings = await read_program_settings(tx, team_id=team_id, project_id=project_id, at=team.time_at(now))
    if not settings.conditions.enabled:
        return None
    project = await get_project(tx, team_id=team_id, project_id=project_id)
    branding = await find_branding(tx, project_id)
    return _Program(team, project, settings, brand_of(project.name, branding, project_id=project_id, return_url=None))


def _draw(
    request: Request, program: _Program, given: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    services: Services = request.app.state.services
    signed = _signer(services).sign(_drawn(program.project.id, services.clock.now()))
    conditions = program.settings.conditions
    rate = conditions.basis_points
    context: dict[str, Any] = {
        "brand": program.brand,
        "project_id": program.project.id,
        "introduction": program.settings.joining.introduction,
        "questions": program.settings.joining.questions,
        "given": {name: str(value) for name, value in given.items()},
        "errors": errors,
        "labels": {
            "name": "Your name",
            "company": "Company",
            "email": "E-mail",
            "website": "Website",
            "reason": "How will you tell people about us?",
            **{question.key: question.label for question in program.settings.joining.questions},
        },
        "started": signed,
        "rate": None if rate is None else rate_text(rate),
        "hold_days": conditions.hold_days,
        "cookie_days": conditions.cookie_days,
        "minimum": money_text(conditions.min_payout_cents, program.project.currency),
    }
    return render(request, _PAGE, context, status)


def _closed(request: Request) -> Response:
    return render(request, _CLOSED, {}, 404)


def _signer(services: Services) -> Signer:
    return Signer(*services.settings.keys(), purpose=_PURPOSE)


def _drawn(project_id: str, now: datetime) -> bytes:
    # Two that are drawn in one second are two.
    return f"{int(now.timestamp())} {project_id} {new_token(8)}".encode()


def _time_problem(services: Services, program: _Program, form: Form, now: datetime) -> str | None:
    """Return what is wrong with when the form was drawn, in words for a person; None if nothing is."""
    content = _signer(services).open(form.get("started", ""))
    drawn, project_id, *_ = (" " if content is None else content.decode()).split(" ")
    if project_id != program.project.id:
        return "The form was not whole. Please send it once more."
    age = timedelta(seconds=int(now.timestamp()) - int(drawn))
    if age < _SOONEST:
        return "That was very quick. Please look your answers over and send them once more."
    if age > _LATEST:
        return "The page was open for a long time. Please send the form once more."
    return None


def _is_disposable(email: str) -> bool:
    labels = email.rpartition("@")[2].lower().split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def _errors(message: str, program: _Program) -> dict[str, str]:
    """Return a refusal of the domain at the field that it is about."""
    field = message.partition(" ")[0]
    if field in _FIELDS:
        return {field: f"{message.partition(' ')[2][:1].upper()}{message.partition(' ')[2][1:]}"}
    for question in program.settings.joining.questions:
        if f"“{question.label}”" in message or message.endswith(f": {question.label}"):
            return {question.key: message}
    return {"": message}
