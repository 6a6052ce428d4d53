"""`…/programs/{programKey}/attribution`: who counts as having brought a customer, declared for each program."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.domain.referrals.attribution_settings import (
    KINDS,
    LONGEST_WINDOW_DAYS,
    get_program,
    set_attribution,
)
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.terms import Attribution
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Programs"])
READ = "referrals:read"
WRITE = "referrals:write"
_Kind = Literal["deal", "checkout_code", "coupon", "link"]


class AttributionRulesBody(Body):
    """How a program decides: kinds in their order, the last or first of several, and how long a link counts.

    `attributionDays` null means that a link counts however old it is.
    """

    precedence: list[str]
    touch: str
    counted_until: str
    attribution_days: int | None
    version: int


class AttributionRulesAnswer(Body):
    """The rules in force."""

    attribution: AttributionRulesBody


class SetAttributionRules(RequestBody):
    """All of the rules; what is left out is as in a new program."""

    precedence: Annotated[
        list[_Kind], Field(min_length=1, max_length=len(KINDS), description=f"a list of {', '.join(KINDS)}, each once")
    ] = Field(default_factory=lambda: list(Attribution().precedence))  # type: ignore[arg-type]
    touch: Annotated[Literal["last", "first"], Field(description='"last" or "first"')] = "last"
    counted_until: Annotated[Literal["payment", "signup"], Field(description='"payment" or "signup"')] = "payment"
    attribution_days: Annotated[
        Annotated[int, Field(ge=1, le=LONGEST_WINDOW_DAYS)] | None,
        Field(description=f"a whole number from 1 to {LONGEST_WINDOW_DAYS}, or null"),
    ] = 30


@router.get(
    "/programs/{programKey}/attribution", **operation(scope=READ, answers={200: AttributionRulesAnswer}, is_read=True)
)
async def get_attribution_rules(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a program's attribution rules."""
    services: Services = request.app.state.services
    program = await services.db.read(get_program, access.project_id, request.path_params["programKey"])
    return json_response(AttributionRulesAnswer(_body(program)))


@router.put(
    "/programs/{programKey}/attribution",
    **operation(scope=WRITE, answers={200: AttributionRulesAnswer}, body=SetAttributionRules),
)
async def set_attribution_rules(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Set a program's attribution rules.

    For referrals made from now on: a new version of the terms. Those that are there are decided by the version that they pinned.
    """
    services: Services = request.app.state.services
    body = await read_body(request, SetAttributionRules)
    program = await write_recorded(
        services,
        access,
        Record(
            "program.attribution_changed",
            subject=lambda changed: changed.id,
            details=lambda changed: {"version": changed.terms_version, "precedence": list(body.precedence)},
        ),
        set_attribution,
        project_id=access.project_id,
        key=request.path_params["programKey"],
        rules=Attribution(tuple(body.precedence), body.touch, body.counted_until),
        days=body.attribution_days,
        at=access.time_at(services.clock.now()),
    )
    return json_response(AttributionRulesAnswer(_body(program)))


def _body(program: Program) -> AttributionRulesBody:
    rules = program.content.attribution
    return AttributionRulesBody(
        list(rules.precedence),
        rules.touch,
        rules.counted_until,
        program.content.attribution_days,
        program.terms_version,
    )
