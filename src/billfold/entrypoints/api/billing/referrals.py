"""`…/referrals/…`: the program's settings, codes and claims (contract section 3.8, G29 to G32)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.billing import customers
from billfold.domain.referrals import claims, codes, credit_settings
from billfold.domain.referrals.code_limits import MOST_USES
from billfold.domain.referrals.codes import Code
from billfold.domain.referrals.credit_settings import LARGEST_CREDIT, CreditSettings
from billfold.domain.referrals.history import history_of_code
from billfold.domain.referrals.referrals import Referral
from billfold.domain.referrals.rewards import Reward
from billfold.domain.tenancy.audit_log import Entry
from billfold.domain.tenancy.idempotency_keys import Answer
from billfold.entrypoints.api.billing.access import Allowed, is_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_answer, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import AnyId, Currency, read_flag, read_page
from billfold.entrypoints.api.billing.idempotency import write_once
from billfold.entrypoints.api.billing.operations import LIMIT, OFFSET, PAGE, operation, query_flag, query_text
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.pressure import DOORS

router = APIRouter(tags=["Referrals"])
READ = "referrals:read"
WRITE = "referrals:write"

# A code's history has no page in the published contract: what nobody asks to cut is given whole, up to this many.
_WHOLE_HISTORY: Final = Page(limit=1000)
_HISTORY_LIMIT: Final[dict[str, Any]] = {
    **LIMIT,
    "description": "How many referrals at most, up to 100; without it, the newest 1000.",
    "schema": {key: value for key, value in LIMIT["schema"].items() if key != "default"},
}

_MAX_USES: Final = f"how many referrals the code may make in all, 1 to {MOST_USES}; null for any number"

_Credit = Annotated[
    int, Field(ge=0, le=LARGEST_CREDIT, description=f"a whole number of cents from 0 to {LARGEST_CREDIT}")
]


class ReferralConfigBody(Body):
    """What a conversion gives each side, in minor units of `currency`."""

    enabled: bool
    referrer_credit_amount: int
    referee_credit_amount: int
    currency: str
    project_id: str


class ReferralConfigAnswer(Body):
    """The settings."""

    config: ReferralConfigBody


class CodeBody(Body):
    """A customer's referral code; `maxUses` is how many referrals it may make in all, absent without a limit."""

    code: str
    customer_id: str
    project_id: str
    is_active: bool
    created_at: Timestamp
    max_uses: int | msgspec.UnsetType = msgspec.UNSET


class CodeAnswer(Body):
    """The code."""

    code: CodeBody


class CodesAnswer(Body):
    """A page of codes, newest first."""

    codes: list[CodeBody]


class ReferralBody(Body):
    """Who brought whom, and whether it has converted; a sign-up has no customer before its account exists."""

    id: str
    code: str
    referrer_customer_id: str
    referee_customer_id: str | None
    status: str
    created_at: Timestamp


class ReferralAnswer(Body):
    """The referral."""

    referral: ReferralBody


class CreditBody(Body):
    """A credit in minor units: `held`, `available`, `failed` (with the reason; it is tried again) or `settled`."""

    customer_id: str
    amount: int
    currency: str
    status: str
    failure_reason: str | None


class ReferralHistoryBody(ReferralBody):
    """A referral with what became of it."""

    converted_at: Timestamp | None
    credits: list[CreditBody]


class CodeHistoryBody(CodeBody, kw_only=True):
    """A referral code with whom it brought, newest first."""

    referrals: list[ReferralHistoryBody]


class CodeHistoryAnswer(Body):
    """The code with its history."""

    code: CodeHistoryBody


class PutReferralConfig(RequestBody):
    """The settings to put in force for referrals made from now on."""

    enabled: Annotated[bool, Field(description="true or false")]
    referrer_credit_amount: _Credit
    referee_credit_amount: _Credit
    currency: Currency = "usd"


class CreateCode(RequestBody):
    """Whose code it is, and how many referrals it may make in all."""

    customer_id: Annotated[AnyId, Field(description="the id of a customer, `pc_…`")]
    max_uses: Annotated[int, Field(ge=1, le=MOST_USES, description=_MAX_USES)] | None = None


class ApplyCode(RequestBody):
    """Who came with which code."""

    code: Annotated[AnyId, Field(description="a referral code, in upper or lower case")]
    referee_customer_id: Annotated[AnyId, Field(description="the id of the new customer, `pc_…`")]


def shape_code(code: Code) -> CodeBody:
    """Return a code as this surface shows it."""
    return CodeBody(
        code=code.code,
        customer_id=code.customer_id,
        project_id=code.project_id,
        is_active=code.is_active,
        created_at=iso(code.created_at),
        max_uses=_limit_of(code),
    )


def shape_referral(referral: Referral) -> ReferralBody:
    """Return a referral as this surface shows it."""
    return ReferralBody(
        id=referral.id,
        code=referral.code,
        referrer_customer_id=referral.referrer_id,
        referee_customer_id=referral.referee_id,
        status=referral.status,
        created_at=iso(referral.created_at),
    )


# First, because it is called most and requests are matched in this order.
@router.post(
    "/referrals/apply",
    **operation(scope=WRITE, answers={201: ReferralAnswer}, body=ApplyCode, takes_idempotency_key=True),
)
async def apply_code(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Apply a referral code to a new customer.

    The referral is `pending` until the customer subscribes. 400: referrals are disabled, the code is deactivated or the
    customer's own. 409: the customer was referred before, has or had a subscription, or referred the owner of the code.
    """
    services: Services = request.app.state.services
    body = await read_body(request, ApplyCode)
    # The write that is called most: while very many come, the feed and the jobs rest, and catch up afterwards.
    DOORS.note(1)
    now = services.clock.now()
    return await write_once(
        request,
        access,
        claims.apply,
        project_id=access.project_id,
        code=body.code,
        referee_id=body.referee_customer_id,
        at=access.time_at(now),
        entry=Entry(access.team_id, access.project_id, access.actor, "referral.created", None, now),
        answer=lambda referral: json_answer(201, ReferralAnswer(shape_referral(referral))),
    )


@router.get("/referrals/config", **operation(scope=READ, answers={200: ReferralConfigAnswer}, is_read=True))
async def get_referral_config(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get the referral settings.

    Disabled and zero until they are set.
    """
    services: Services = request.app.state.services
    settings = await services.db.read(credit_settings.get_settings, access.project_id)
    return json_response(_config(settings, access.project_id))


@router.put("/referrals/config", **operation(scope=WRITE, answers={200: ReferralConfigAnswer}, body=PutReferralConfig))
async def put_referral_config(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Set the referral settings.

    They hold for referrals made from now on; those made before keep the amounts that were promised to them.
    """
    services: Services = request.app.state.services
    body = await read_body(request, PutReferralConfig)
    wanted = CreditSettings(
        enabled=body.enabled,
        referrer_cents=body.referrer_credit_amount,
        referee_cents=body.referee_credit_amount,
        currency=body.currency,
    )
    at = access.time_at(services.clock.now())
    record = Record("referral_settings.changed", subject=lambda _: access.project_id, details=lambda _: asdict(wanted))
    settings = await write_recorded(
        services, access, record, credit_settings.set_settings, access.project_id, wanted, at=at
    )
    return json_response(_config(settings, access.project_id))


@router.get(
    "/referrals/codes",
    **operation(
        scope=READ,
        answers={200: CodesAnswer},
        parameters=(
            query_flag("activeOnly", "Leave deactivated codes out.", default=True),
            query_text("customerId", "Only this customer's, `pc_…`."),
            *PAGE,
        ),
        is_read=True,
    ),
)
async def list_codes(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List referral codes.

    Newest first; deactivated ones only with `activeOnly=false`.
    """
    services: Services = request.app.state.services
    query = request.query_params
    active_only = read_flag(query, "activeOnly", default=True)
    page = read_page(query)
    customer_id = query.get("customerId")
    if customer_id is not None:
        if not is_id(customer_id, "pc_"):
            raise NotFound("Customer not found.")
        await services.db.read(customers.get, access.project_id, customer_id)
    rows = await services.db.read(
        codes.list_codes, access.project_id, page, active_only=active_only, customer_id=customer_id
    )
    return json_response(CodesAnswer([shape_code(row) for row in rows]))


@router.post(
    "/referrals/codes",
    **operation(scope=WRITE, answers={200: CodeAnswer, 201: CodeAnswer}, body=CreateCode, takes_idempotency_key=True),
)
async def create_code(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Create a customer's referral code.

    A customer has one: if it exists it is answered with 200, active again if it was deactivated. Works while referrals are
    disabled. With `maxUses` it makes that many referrals in all and then none, those that it made already included; given for
    a code that exists it changes the limit, null takes it away, and left out it stays as it is.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreateCode)
    limit = {"max_uses": body.max_uses} if "max_uses" in body.model_fields_set else {}

    def answer(made: tuple[Code, bool]) -> Answer:
        code, is_new = made
        return json_answer(201 if is_new else 200, CodeAnswer(shape_code(code)))

    return await write_once(
        request,
        access,
        credit_settings.create_customer_code,
        project_id=access.project_id,
        customer_id=body.customer_id,
        at=access.time_at(services.clock.now()),
        **limit,
        record=Record("referral_code.created", subject=lambda made: made[0].code, details=lambda _: limit),
        answer=answer,
    )


@router.get(
    "/referrals/codes/{code}",
    **operation(scope=READ, answers={200: CodeHistoryAnswer}, parameters=(_HISTORY_LIMIT, OFFSET), is_read=True),
)
async def get_code(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a referral code with its history.

    Whom it brought, newest first, and what became of each credit. A deactivated code too.
    """
    services: Services = request.app.state.services
    query = request.query_params
    asked = read_page(query)
    page = asked if "limit" in query else Page(limit=_WHOLE_HISTORY.limit, offset=asked.offset)
    history = await services.db.read(history_of_code, access.project_id, request.path_params["code"], page)
    code = history.code
    shown = CodeHistoryBody(
        code=code.code,
        customer_id=code.customer_id,
        project_id=code.project_id,
        is_active=code.is_active,
        created_at=iso(code.created_at),
        max_uses=_limit_of(code),
        referrals=[_history(referral, rewards) for referral, rewards in history.referrals],
    )
    return json_response(CodeHistoryAnswer(shown))


@router.delete("/referrals/codes/{code}", **operation(scope=WRITE, answers={200: Success}))
async def deactivate_code(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Deactivate a referral code.

    It brings nobody from now on; referrals that it made go on. Doing it again changes nothing.
    """
    services: Services = request.app.state.services
    at = access.time_at(services.clock.now())
    record = Record("referral_code.deactivated", subject=lambda _: codes.normalised_code(request.path_params["code"]))
    await write_recorded(
        services, access, record, codes.deactivate, access.project_id, request.path_params["code"], at=at
    )
    return json_response(Success(success=True))


def _config(settings: CreditSettings, project_id: str) -> ReferralConfigAnswer:
    return ReferralConfigAnswer(
        ReferralConfigBody(
            enabled=settings.enabled,
            referrer_credit_amount=settings.referrer_cents,
            referee_credit_amount=settings.referee_cents,
            currency=settings.currency,
            project_id=project_id,
        )
    )


def _limit_of(code: Code) -> int | msgspec.UnsetType:
    return msgspec.UNSET if code.max_uses is None else code.max_uses


def _history(referral: Referral, rewards: list[Reward]) -> ReferralHistoryBody:
    return ReferralHistoryBody(
        id=referral.id,
        code=referral.code,
        referrer_customer_id=referral.referrer_id,
        referee_customer_id=referral.referee_id,
        status=referral.status,
        created_at=iso(referral.created_at),
        converted_at=None if referral.converted_at is None else iso(referral.converted_at),
        credits=[
            CreditBody(
                customer_id=reward.earner_id,
                amount=reward.amount,
                currency=reward.unit,
                status=reward.status,
                failure_reason=reward.failure,
            )
            for reward in rewards
        ],
    )
