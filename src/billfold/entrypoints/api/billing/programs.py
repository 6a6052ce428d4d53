"""`…/programs`: how a project rewards bringing someone, as data (DESIGN section 3).

`…/referrals/config` shows and sets the amounts of the program `customer_referrals`; here every program is read and set whole.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, WithJsonSchema

from billfold.base.clock import iso
from billfold.domain.referrals.configurations import (
    HOST_PATTERN,
    LARGEST_VALUE,
    LONGEST_HOST,
    MOST_HOSTS,
    ORIGIN_PATTERN,
    Configuration,
    get_configuration,
    list_configurations,
    put_configuration,
)
from billfold.domain.referrals.sign_up_programs import SIGN_UP, VERIFIED_SIGN_UP, SignUpSettings
from billfold.domain.referrals.terms import ConvertsOn, Terms
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import WebAddress
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.api.billing.program_rules import GivenRules, RuleBody, read_rules, rule_body
from billfold.entrypoints.api.billing.referrals import READ, WRITE
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Programs"])

_LONGEST_WAIT_DAYS: Final = 365


class ProgramBody(Body):
    """A program; `version` counts its terms, which are `convertsOn`, `rules`, `monthlyCap` and `takeBackAfterDays`."""

    key: str
    project_id: str
    enabled: bool
    version: int
    converts_on: ConvertsOn
    rules: list[RuleBody]
    monthly_cap: int | None
    take_back_after_days: int | None
    link_address: str | None
    hosts: list[str]
    origins: list[str]
    refuse_disposable: bool
    created_at: Timestamp
    updated_at: Timestamp


class ProgramAnswer(Body):
    """The program."""

    program: ProgramBody


class ProgramsAnswer(Body):
    """Every program of the project, oldest first."""

    programs: list[ProgramBody]


def _texts_schema(pattern: str) -> WithJsonSchema:
    items = {"type": "string", "pattern": pattern, "maxLength": LONGEST_HOST}
    return WithJsonSchema({"type": "array", "maxItems": MOST_HOSTS, "uniqueItems": True, "items": items, "default": []})


_Hosts = Annotated[
    list[str],
    _texts_schema(HOST_PATTERN),
    Field(
        max_length=MOST_HOSTS,
        description=f"a list of up to {MOST_HOSTS} host names, in lower case and without a port",
    ),
]
_Origins = Annotated[
    list[str],
    _texts_schema(ORIGIN_PATTERN),
    Field(
        max_length=MOST_HOSTS,
        description=f"a list of up to {MOST_HOSTS} origins as browsers send them, such as https://app.example.com",
    ),
]


class PutProgram(RequestBody):
    """The program as it is to be; what is left out has its default."""

    enabled: Annotated[bool, Field(description="true or false")]
    converts_on: Annotated[
        ConvertsOn, Field(description="signup, verified_signup, subscription or payment: what makes a referral convert")
    ]
    rules: GivenRules
    monthly_cap: Annotated[
        Annotated[int, Field(ge=1, le=LARGEST_VALUE)] | None,
        Field(
            description=(
                f"the most units that a referrer is awarded for conversions in a calendar month, from 1 to {LARGEST_VALUE}, "
                "or null for no limit"
            )
        ),
    ] = None
    take_back_after_days: Annotated[
        Annotated[int, Field(ge=0, le=_LONGEST_WAIT_DAYS)] | None,
        Field(
            description=(
                "after how many days a sign-up without an account goes back to pending, 0 for never, or null for 7 days if "
                f"the project has an identity provider and never if it has none; at most {_LONGEST_WAIT_DAYS}"
            )
        ),
    ] = None
    link_address: Annotated[
        WebAddress | None,
        Field(
            description="the absolute address that links lead to, to which ref=CODE is added, or null for the published one"
        ),
    ] = None
    hosts: _Hosts = Field(default_factory=list)
    origins: _Origins = Field(default_factory=list)
    refuse_disposable: Annotated[
        bool | None,
        Field(description="true or false, or null for true if the program converts on sign-up"),
    ] = None


@router.get("/programs", **operation(scope=READ, answers={200: ProgramsAnswer}, is_read=True))
async def list_programs(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List programs.

    Oldest first; a project has 20 at most, so this list has no pages.
    """
    services: Services = request.app.state.services
    found = await services.db.read(list_configurations, access.project_id)
    return json_response(ProgramsAnswer([_shape(each) for each in found]))


@router.get("/programs/{programKey}", **operation(scope=READ, answers={200: ProgramAnswer}, is_read=True))
async def get_program(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a program.

    By its key, such as `customer_referrals` or `sign_up_bonus`.
    """
    services: Services = request.app.state.services
    found = await services.db.read(get_configuration, access.project_id, request.path_params["programKey"])
    return json_response(ProgramAnswer(_shape(found)))


@router.put("/programs/{programKey}", **operation(scope=WRITE, answers={200: ProgramAnswer}, body=PutProgram))
async def put_program(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Set a program.

    Whole: what is left out has its default. Terms that differ are a new version for referrals made from now on; those made
    before keep theirs. Any program may settle as Stripe balance, payout or wallet; a share needs payments to be a share of. What
    is about sign-ups (`takeBackAfterDays`, `linkAddress`, `hosts`, `origins`, `refuseDisposable`) is refused for a program that
    converts on something else. 409: a host belongs to another program.
    """
    services: Services = request.app.state.services
    body = await read_body(request, PutProgram)
    content = Terms(
        converts_on=body.converts_on,
        rules=read_rules(body.rules),
        monthly_cap=body.monthly_cap,
        take_back_after_days=body.take_back_after_days,
    )
    settings = SignUpSettings(
        link_address=body.link_address,
        hosts=tuple(body.hosts),
        origins=tuple(body.origins),
        refuse_disposable=(
            body.converts_on in {SIGN_UP, VERIFIED_SIGN_UP}
            if body.refuse_disposable is None
            else body.refuse_disposable
        ),
    )
    record = Record(
        "program.changed",
        subject=lambda made: str(made.program.id),
        details=lambda made: {
            "key": made.program.key,
            "enabled": made.program.enabled,
            "version": made.program.terms_version,
        },
    )
    found = await write_recorded(
        services,
        access,
        record,
        put_configuration,
        project_id=access.project_id,
        key=request.path_params["programKey"],
        enabled=body.enabled,
        content=content,
        settings=settings,
        at=access.time_at(services.clock.now()),
    )
    return json_response(ProgramAnswer(_shape(found)))


def _shape(configuration: Configuration) -> ProgramBody:
    program, settings = configuration.program, configuration.settings
    return ProgramBody(
        key=program.key,
        project_id=program.project_id,
        enabled=program.enabled,
        version=program.terms_version,
        converts_on=program.content.converts_on,
        rules=[rule_body(rule) for rule in program.content.rules],
        monthly_cap=program.content.monthly_cap,
        take_back_after_days=program.content.take_back_after_days,
        link_address=settings.link_address,
        hosts=list(settings.hosts),
        origins=list(settings.origins),
        refuse_disposable=settings.refuse_disposable,
        created_at=iso(program.created_at),
        updated_at=iso(program.updated_at),
    )
