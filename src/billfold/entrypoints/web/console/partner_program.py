"""`/console/…/partner-program`: what partners earn, how they join, and where to set the rest (contract section 5)."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.partners import program_settings
from billfold.domain.partners.program_settings import ProgramSettings, SettingsChange
from billfold.domain.partners.questions import Kind, Question
from billfold.domain.partners.settings import MOST_REAPPLY_DAYS
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.web.amounts import plain_amount, typed_amount
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_PROJECT: Final = "/console/{team_id}/{project_id}"
_SHOWN_QUESTIONS: Final = 10
_KINDS: Final[dict[Kind, str]] = {"text": "A line", "long_text": "A longer text", "choice": "One of several"}
_APPLIES: Final = {"new_referrals": "for referrals made from now on", "from_date": "for everything paid from now on"}
# What a refusal begins with, by field and label.
_FIELDS: Final = {
    "holdingPeriodDays": ("hold_days", "Held for days"),
    "minPayoutAmount": ("minimum", "Smallest payout"),
    "cookieDurationDays": ("cookie_days", "A link counts for days"),
    "landingUrl": ("landing_url", "Where links lead"),
    "reapplyAfterDays": ("reapply_after_days", "After a rejection, again after days"),
    "introduction": ("introduction", "What it says first"),
    "autoApproveDomains": ("domains", "E-mail domains"),
    "questions": ("label-1", "Questions"),
}
_SAVED: Final = "In force. What was earned before stays as it was."


async def show(request: Request) -> Response:
    """Show the settings."""
    visit = await enter(request)
    settings, currency = await _read(visit)
    return _page(visit, settings, currency, _form_of(settings, currency), {})


async def change(request: Request) -> Response:
    """Put the settings in force, all or nothing."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    settings, currency = await _read(visit)
    errors: dict[str, str] = {}
    wanted = _change_of(form, settings, currency, errors)
    if errors:
        return _page(visit, settings, currency, form, errors)
    try:
        await Recorded(visit, "partner_program.changed", visit.project_id, {"fields": sorted(wanted.given)}).write(
            program_settings.change_program_settings,
            wanted,
            team_id=visit.team_id,
            project_id=visit.project_id,
            reserved=(urlsplit(visit.services.settings.public_url).hostname or "",),
            at=visit.at,
        )
    except BillfoldError as error:
        return _page(visit, settings, currency, form, _errors(error.message))
    return visit.done(f"{visit.home}/partner-program", _SAVED)


async def _read(visit: Visit) -> tuple[ProgramSettings, str]:
    return await visit.services.db.read(_read_settings, visit)


async def _read_settings(tx: Reading, visit: Visit) -> tuple[ProgramSettings, str]:
    project = await get_project(tx, team_id=visit.team_id, project_id=visit.project_id)
    settings = await program_settings.read_program_settings(
        tx, team_id=visit.team_id, project_id=visit.project_id, at=visit.at
    )
    return settings, project.currency


def _page(visit: Visit, settings: ProgramSettings, currency: str, form: Form, errors: dict[str, str]) -> Response:
    context: dict[str, Any] = {
        "settings": settings,
        "currency": currency,
        "form": form,
        "errors": errors,
        "kinds": _KINDS,
        "applies": _APPLIES,
        "rows": range(1, 1 + min(_SHOWN_QUESTIONS, max(len(settings.joining.questions) + 2, 3))),
        "apply_url": f"{visit.services.settings.public_url}/apply/{visit.project_id}",
        "rate": _rate_text(settings),
    }
    return visit.show("partner_program.html", context, 400 if errors else 200)


def _form_of(settings: ProgramSettings, currency: str) -> Form:
    conditions, joining = settings.conditions, settings.joining
    pairs = [
        ("enabled", "yes" if conditions.enabled else ""),
        ("hold_days", str(conditions.hold_days)),
        ("minimum", plain_amount(conditions.min_payout_cents, currency)),
        ("cookie_days", str(conditions.cookie_days)),
        ("landing_url", settings.links.landing_url or ""),
        ("introduction", joining.introduction or ""),
        ("reapply_after_days", "" if joining.reapply_after_days is None else str(joining.reapply_after_days)),
        ("domains", "\n".join(joining.auto_approve_domains)),
        ("customers", "yes" if joining.auto_approve_customers else ""),
    ]
    for number, question in enumerate(joining.questions, start=1):
        pairs += [
            (f"label-{number}", question.label),
            (f"kind-{number}", question.kind),
            (f"required-{number}", "yes" if question.is_required else ""),
            (f"choices-{number}", "\n".join(question.choices)),
        ]
    return Form(pairs)


def _change_of(form: Form, settings: ProgramSettings, currency: str, errors: dict[str, str]) -> SettingsChange:
    """Return what the form says, and in `errors` what in it is wrong."""
    minimum = typed_amount(form.text("minimum"), currency)
    if minimum is None:
        errors["minimum"] = "Smallest payout: an amount such as 50.00."
    given = {
        "enabled", "hold_days", "min_payout_cents", "cookie_days", "landing_url", "introduction", "reapply_after_days",
        "auto_approve_domains", "auto_approve_customers", "questions",
    }  # fmt: skip
    return SettingsChange(
        given=frozenset(given),
        enabled=form.text("enabled") == "yes",
        # Changed on the page of the terms, which shows first what that would have done.
        basis_points=settings.conditions.basis_points,
        hold_days=_days(form, "hold_days", "Holding period", errors) or 0,
        min_payout_cents=minimum or 0,
        cookie_days=_days(form, "cookie_days", "A link counts", errors) or 0,
        applies="from_date" if form.text("applies") == "from_date" else "new_referrals",
        landing_url=form.text("landing_url") or None,
        introduction=form.text("introduction") or None,
        reapply_after_days=_days(form, "reapply_after_days", "Applying again", errors, optional=True),
        auto_approve_domains=tuple(form.text("domains").split()),
        auto_approve_customers=form.text("customers") == "yes",
        questions=_questions(form, settings.joining.questions),
    )


def _errors(message: str) -> dict[str, str]:
    """Return a refusal of the domain at the field that it is about, in the page's words."""
    first, _, rest = message.partition(" ")
    name, label = _FIELDS.get(first.rstrip(":"), ("", ""))
    if name == "reapply_after_days":
        return {name: f"{label}: leave it empty, or give 1 to {MOST_REAPPLY_DAYS:,} days."}
    if not label:
        return {"": message}
    return {name: f"{label}: {rest}" if first.endswith(":") else f"{label} {rest}"}


def _rate_text(settings: ProgramSettings) -> str | None:
    """Return the rate in percent, None if the terms give a fixed amount."""
    rate = settings.conditions.basis_points
    return None if rate is None else f"{rate // 100}.{rate % 100:02d}".rstrip("0").rstrip(".")


def _days(form: Form, name: str, label: str, errors: dict[str, str], *, optional: bool = False) -> int | None:
    text = form.text(name)
    if optional and not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 4:  # noqa: PLR2004 - digits of a number of days
        errors[name] = f"{label}: a whole number of days."
        return None
    return int(text)


def _questions(form: Form, present: tuple[Question, ...]) -> tuple[Question, ...]:
    """Return the questions of the form; one keeps its key as long as it keeps its words, so that answers stay under it."""
    keys = {question.label: question.key for question in present}
    found: list[Question] = []
    for number in range(1, _SHOWN_QUESTIONS + 1):
        label = form.text(f"label-{number}")
        if not label:
            continue
        kind: Kind = next((each for each in _KINDS if each == form.text(f"kind-{number}")), "text")
        choices = tuple(line.strip() for line in form.text(f"choices-{number}").splitlines() if line.strip())
        taken = {question.key for question in found}
        key = keys.get(label)
        if key is None or key in taken:
            key = _new_key(taken | set(keys.values()))
        found.append(
            Question(
                key,
                label,
                kind,
                form.text(f"required-{number}") == "yes",
                choices if kind == "choice" else (),
            )
        )
    return tuple(found)


def _new_key(taken: set[str]) -> str:
    for number in range(1, 1_000):
        if f"question_{number}" not in taken:
            return f"question_{number}"
    raise Invalid("There are too many questions.")


ROUTES: Final = [
    Route(f"{_PROJECT}/partner-program", show, methods=["GET"]),
    Route(f"{_PROJECT}/partner-program", change, methods=["POST"]),
]
