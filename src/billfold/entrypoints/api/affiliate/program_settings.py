"""`/apps/{appId}/affiliates/settings`: the program's settings (contract section 5)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.errors import Invalid
from billfold.domain.partners import program_settings
from billfold.domain.partners.program_settings import ProgramSettings, SettingsChange
from billfold.domain.partners.questions import Question
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.api.affiliate.access import MemberAllowed
from billfold.entrypoints.api.affiliate.amounts import Dollars, Percent, basis_points, cents, dollars, percent
from billfold.entrypoints.api.affiliate.answers import Body, json_response
from billfold.entrypoints.api.affiliate.fields import text_of
from billfold.entrypoints.api.affiliate.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.json_bodies import ChangeBody, RequestBody, given_fields, read_body
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/apps/{appId}/affiliates/settings", tags=["Settings"])

_READ: Final = MemberAllowed("referrals:read")
_CHANGE: Final = MemberAllowed("referrals:write")
# Fields of the body whose name in the domain differs.
_NAMES: Final = {
    "default_commission_rate": "basis_points",
    "holding_period_days": "hold_days",
    "min_payout_amount": "min_payout_cents",
    "cookie_duration_days": "cookie_days",
}

Days = Annotated[int, Field(ge=0, le=3_650, description="a whole number of days")]
Moment = Annotated[str, text_of(40), Field(description="a moment such as 2030-01-31T00:00:00Z")]


class QuestionBody(Body):
    """A question of the application form."""

    key: str
    label: str
    kind: str
    required: bool
    choices: list[str]


class SettingsBody(Body):
    """The settings; `defaultCommissionRate` is in percent, null for a program that pays fixed amounts."""

    enabled: bool
    default_commission_rate: Decimal | None
    holding_period_days: int
    min_payout_amount: Decimal
    min_payout_amount_cents: int
    currency: str
    cookie_duration_days: int
    landing_url: str | None
    reapply_after_days: int | None
    questions: list[QuestionBody]
    introduction: str | None
    auto_approve_domains: list[str]
    auto_approve_customers: bool
    application_url: str
    terms_version: int | None


class SettingsAnswer(Body):
    """The program's settings."""

    settings: SettingsBody


class GivenQuestion(RequestBody):
    """A question as it is sent."""

    key: Annotated[str, text_of(40, shortest=1)]
    label: Annotated[str, text_of(200, shortest=1)]
    kind: Literal["text", "long_text", "choice"] = "text"
    required: bool = False
    choices: list[Annotated[str, text_of(200, shortest=1)]] = []  # noqa: RUF012 - pydantic copies a field's default


class ChangeSettings(ChangeBody):
    """What to change.

    Conditions (the first four numbers) are for referrals made from now on (`appliesTo` `new_referrals`, the default), or
    for what is paid from `appliesFrom` on (`from_date`). What was earned never changes.
    """

    enabled: Annotated[bool, Field(description="true or false")] = False
    default_commission_rate: Percent = Decimal(0)
    holding_period_days: Days = 0
    min_payout_amount: Dollars = Decimal(0)
    cookie_duration_days: Days = 0
    applies_to: Annotated[Literal["new_referrals", "from_date"], Field(description="new_referrals or from_date")] = (
        "new_referrals"
    )
    applies_from: Moment | None = None
    landing_url: Annotated[str, text_of(2_048), Field(description="an absolute web address, or null")] | None = None
    reapply_after_days: Days | None = None
    questions: Annotated[
        list[GivenQuestion],
        Field(
            max_length=10, description="a list of up to 10 questions, each with key, label, kind, required and choices"
        ),
    ] = []  # noqa: RUF012 - pydantic copies a field's default
    introduction: Annotated[str, text_of(2_000), Field(description="a text of up to 2000 characters")] | None = None
    auto_approve_domains: Annotated[
        list[str], Field(max_length=50, description="a list of up to 50 domains such as example.com")
    ] = []  # noqa: RUF012 - pydantic copies a field's default
    auto_approve_customers: Annotated[bool, Field(description="true or false")] = False


def settings_body(settings: ProgramSettings, currency: str, public_url: str) -> SettingsBody:
    """Return the settings as this surface shows them."""
    conditions, own = settings.conditions, settings.joining
    return SettingsBody(
        enabled=conditions.enabled,
        default_commission_rate=None if conditions.basis_points is None else percent(conditions.basis_points),
        holding_period_days=conditions.hold_days,
        min_payout_amount=dollars(conditions.min_payout_cents, currency),
        min_payout_amount_cents=conditions.min_payout_cents,
        currency=currency,
        cookie_duration_days=conditions.cookie_days,
        landing_url=settings.links.landing_url,
        reapply_after_days=own.reapply_after_days,
        questions=[
            QuestionBody(each.key, each.label, each.kind, each.is_required, list(each.choices))
            for each in own.questions
        ],
        introduction=own.introduction,
        auto_approve_domains=list(own.auto_approve_domains),
        auto_approve_customers=own.auto_approve_customers,
        application_url=f"{public_url}/apply/{own.project_id}",
        terms_version=conditions.terms_version,
    )


@router.get("", **operation(_READ, answers={200: SettingsAnswer}))
async def read_settings(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Read the program's settings."""
    services: Services = request.app.state.services
    settings, currency = await services.db.read(_read, access, access.time_at(services.clock.now()))
    return json_response(SettingsAnswer(settings_body(settings, currency, services.settings.public_url)))


@router.patch("", **operation(_CHANGE, answers={200: SettingsAnswer}, body=ChangeSettings))
async def change_settings(request: Request, access: Annotated[Access, Depends(_CHANGE)]) -> Response:
    """Change the program's settings.

    The program is set up at the first change. An edit of the conditions is a new version of the terms; what was earned
    stays as it was.
    """
    services: Services = request.app.state.services
    body = await read_body(request, ChangeSettings)
    fields = given_fields(body)
    project = await services.db.read(get_project, team_id=access.team_id, project_id=access.project_id)
    change = _change(body, fields, project.currency)
    record = Record(
        "partner_program.changed",
        subject=lambda _: access.project_id,
        details=lambda changed: {"fields": sorted(fields), "terms_version": changed.conditions.terms_version},
    )
    changed = await write_recorded(
        services,
        access,
        record,
        program_settings.change_program_settings,
        change,
        team_id=access.team_id,
        project_id=access.project_id,
        reserved=(urlsplit(services.settings.public_url).hostname or "",),
        at=access.time_at(services.clock.now()),
    )
    return json_response(SettingsAnswer(settings_body(changed, project.currency, services.settings.public_url)))


async def _read(tx: Any, access: Access, at: datetime) -> tuple[ProgramSettings, str]:
    project = await get_project(tx, team_id=access.team_id, project_id=access.project_id)
    settings = await program_settings.read_program_settings(
        tx, team_id=access.team_id, project_id=access.project_id, at=at
    )
    return settings, project.currency


def _change(body: ChangeSettings, fields: frozenset[str], currency: str) -> SettingsChange:
    try:
        minimum = cents(body.min_payout_amount, currency)
    except ValueError:
        raise Invalid(f"minPayoutAmount has more decimals than {currency} has.") from None
    return SettingsChange(
        given=frozenset(_NAMES.get(field, field) for field in fields),
        enabled=body.enabled,
        basis_points=basis_points(body.default_commission_rate),
        hold_days=body.holding_period_days,
        min_payout_cents=minimum,
        cookie_days=body.cookie_duration_days,
        applies=body.applies_to,
        from_at=None if body.applies_from is None else read_moment(body.applies_from, "appliesFrom"),
        landing_url=body.landing_url,
        reapply_after_days=body.reapply_after_days,
        questions=tuple(
            Question(each.key, each.label, each.kind, each.required, tuple(each.choices)) for each in body.questions
        ),
        introduction=body.introduction,
        auto_approve_domains=tuple(body.auto_approve_domains),
        auto_approve_customers=body.auto_approve_customers,
    )


def read_moment(text: str, name: str) -> datetime:
    """Read a moment with its zone, or raise `Invalid`."""
    try:
        found = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(f"{name} must be a moment with its zone, such as 2030-01-31T00:00:00Z.")
    return found.astimezone(UTC)
