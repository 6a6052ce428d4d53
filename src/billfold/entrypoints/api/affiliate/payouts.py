"""`/apps/{appId}/affiliates/payouts`: payouts, one by one (contract section 3.11, A24, A26, A27)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.errors import Invalid
from billfold.base.paging import Page
from billfold.domain.partners.partners import find_partner, get_partner, own_partner, program_of
from billfold.domain.payouts import batches, outcomes, payouts, sending
from billfold.domain.payouts.payouts import Payout
from billfold.domain.payouts.preparation import prepare_batch, preview_of
from billfold.domain.payouts.rails import standard_rails
from billfold.domain.payouts.rules import REASONS
from billfold.domain.payouts.settings import checked_currency
from billfold.domain.payouts.statement import Statement, main_unit, require_begun, statement_of
from billfold.entrypoints.api.affiliate.access import CustomerAccess, CustomerAllowed, MemberAllowed, path_id
from billfold.entrypoints.api.affiliate.answers import Body, PageBody, json_response, read_page
from billfold.entrypoints.api.affiliate.fields import text_of
from billfold.entrypoints.api.affiliate.operations import PAGE, operation, query_text
from billfold.entrypoints.api.affiliate.payout_shapes import (
    INNER_STATUS,
    BatchBody,
    PayoutBody,
    PayoutLineBody,
    PayoutStepBody,
    StatementBody,
    batch_body,
    line_body,
    partner_ids,
    payout_body,
    statement_body,
    step_body,
)
from billfold.entrypoints.caller import FULL_ACCESS, Access
from billfold.entrypoints.json_bodies import RequestBody, read_body
from billfold.entrypoints.recording import Record, RecordedWrites, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading

router = APIRouter(tags=["Payouts"])

_READ: Final = MemberAllowed("referrals:read")
_PAY: Final = MemberAllowed("referrals:write")
# What moves money at Stripe takes an admin.
_ADMINISTER: Final = MemberAllowed(FULL_ACCESS)
_OWN: Final = CustomerAllowed()
_PREFIX: Final = "/apps/{appId}/affiliates/payouts"
# Stretches that a request prepares itself, ten thousand partners; what is left is done by the job.
_STRETCHES: Final = 40
_SHOWN: Final = 100


class PayoutsAnswer(PageBody):
    """A page of payouts, newest first."""

    payouts: list[PayoutBody]


class PayoutAnswer(Body):
    """One payout."""

    payout: PayoutBody


class WholePayoutAnswer(Body):
    """One payout with the commissions that it is for and its way."""

    payout: PayoutBody
    lines: list[PayoutLineBody]
    steps: list[PayoutStepBody]


class RunAnswer(Body):
    """A batch and the first hundred payouts that it made."""

    batch: BatchBody
    payouts: list[PayoutBody]


class RunBody(RequestBody):
    """Whom to pay: everybody who is due, or some, and in one currency or in all."""

    affiliate_ids: Annotated[
        list[Annotated[str, text_of(200, shortest=1)]] | None,
        Field(description="an array of 1 to 100 ids of partners; left out, everybody", min_length=1, max_length=100),
    ] = None
    currency: Annotated[
        str | None, text_of(3, shortest=3), Field(description="three lower-case letters such as usd")
    ] = None


class PaidBody(RequestBody):
    """How a payment by hand is found again."""

    reference: Annotated[
        str, text_of(500, shortest=1), Field(description="a text of 1 to 500 characters, such as the bank's number")
    ]


class ReasonBody(RequestBody):
    """Why."""

    reason: Annotated[str, text_of(500), Field(description="a text of up to 500 characters")] = ""


@router.get(
    _PREFIX,
    **operation(
        _READ,
        answers={200: PayoutsAnswer},
        parameters=[
            query_text("status", "Only those with this status.", enum=sorted(INNER_STATUS)),
            query_text("affiliateId", "Only those of this partner; then `status` does not count."),
            *PAGE,
        ],
    ),
)
async def list_payouts(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """List payouts."""
    services: Services = request.app.state.services
    status, affiliate_id = request.query_params.get("status"), request.query_params.get("affiliateId")
    if status is not None and status not in INNER_STATUS:
        raise Invalid(f"status must be one of {', '.join(sorted(INNER_STATUS))}.")
    page = read_page(request)
    inner = None if status is None else INNER_STATUS[status]
    listed, total = await services.db.read(_list, access.project_id, page, inner, affiliate_id)
    return json_response(PayoutsAnswer(total=total, limit=page.limit, offset=page.offset, payouts=listed))


@router.post(_PREFIX, **operation(_PAY, answers={201: RunAnswer}, body=RunBody))
async def run_payouts(request: Request, access: Annotated[Access, Depends(_PAY)]) -> Response:
    """Make payouts of what is due: every partner whose available balance reaches the minimum.

    They are `pending`, their money is reserved. 400 if partners were chosen and none of them can be paid; the message says why.
    """
    services: Services = request.app.state.services
    body = await read_body(request, RunBody)
    if body.currency is not None:
        checked_currency(body.currency)
    now = services.clock.now()
    program = await services.db.read(program_of, access.project_id)
    customer_ids = None
    if body.affiliate_ids is not None:
        customer_ids = await services.db.read(_payable, access.project_id, body.affiliate_ids, body.currency)
    batch = await write_recorded(
        services,
        access,
        Record("payout_batch.prepared", subject=lambda made: made.id),
        batches.add_batch,
        team_id=access.team_id,
        program=program,
        by=access.actor.name,
        now=now,
        customer_ids=customer_ids,
        currency=body.currency,
    )
    await prepare_batch(services.db, project_id=access.project_id, batch_id=batch.id, now=now, most=_STRETCHES)
    made, first = await services.db.read(_run, access.project_id, batch.id)
    return json_response(RunAnswer(made, first), 201)


@router.get(_PREFIX + "/{payoutId}", **operation(_READ, answers={200: WholePayoutAnswer}))
async def get_payout(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Return one payout with its lines and its way."""
    services: Services = request.app.state.services
    payout_id = path_id(request, "payoutId", "Payout")
    return json_response(await services.db.read(_whole, access.project_id, payout_id))


@router.post(_PREFIX + "/{payoutId}/mark-paid", **operation(_PAY, answers={200: PayoutAnswer}, body=PaidBody))
async def mark_payout_paid(request: Request, access: Annotated[Access, Depends(_PAY)]) -> Response:
    """Settle a payout that was paid by hand; the same reference again changes nothing. 409 for one that is over."""
    body = await read_body(request, PaidBody)
    return await _change(request, access, "payout.marked_paid", outcomes.mark_paid, reference=body.reference)


@router.post(_PREFIX + "/{payoutId}/cancel", **operation(_PAY, answers={200: PayoutAnswer}, body=ReasonBody))
async def cancel_payout(request: Request, access: Annotated[Access, Depends(_PAY)]) -> Response:
    """Take a payout back that was not paid: its money is available again. 409 for a transfer that may be on its way."""
    body = await read_body(request, ReasonBody)
    return await _change(request, access, "payout.cancelled", outcomes.cancel, reason=body.reason)


@router.post(_PREFIX + "/{payoutId}/fail", **operation(_PAY, answers={200: PayoutAnswer}, body=ReasonBody))
async def fail_payout(request: Request, access: Annotated[Access, Depends(_PAY)]) -> Response:
    """Say that a payout by hand did not arrive, or that the bank returned it: its money is available again."""
    body = await read_body(request, ReasonBody)
    return await _change(request, access, "payout.failed", outcomes.fail, reason=body.reason)


@router.post(_PREFIX + "/{payoutId}/reverse", **operation(_ADMINISTER, answers={200: PayoutAnswer}, body=ReasonBody))
async def reverse_payout(request: Request, access: Annotated[Access, Depends(_ADMINISTER)]) -> Response:
    """Take what is left of a transfer back at Stripe: the payout is cancelled and its money available again."""
    services: Services = request.app.state.services
    body = await read_body(request, ReasonBody)
    payout_id = path_id(request, "payoutId", "Payout")
    reversed_ = await sending.reverse_payout(
        services.db,
        standard_rails(services.stripe),
        team_id=access.team_id,
        project_id=access.project_id,
        payout_id=payout_id,
        reason=body.reason,
        now=services.clock.now(),
        write=RecordedWrites(services, access, Record("payout.reversed", subject=lambda made: made.id)),
    )
    return json_response(PayoutAnswer(await services.db.read(_one, access.project_id, reversed_.id)))


@router.get(
    "/apps/{appId}/affiliates/{affiliateId}/statement",
    **operation(
        _READ,
        answers={200: StatementBody},
        parameters=[
            query_text("month", "Such as 2026-11; left out, the present one."),
            query_text("currency", "Such as usd; left out, the app's."),
        ],
    ),
)
async def get_statement(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Return a partner's statement of a month."""
    services: Services = request.app.state.services
    affiliate_id = path_id(request, "affiliateId", "Affiliate")
    partner = await services.db.read(get_partner, access.project_id, affiliate_id)
    return await _statement(request, access, partner.customer_id, affiliate_id)


@router.get("/affiliate/payouts", **operation(_OWN, answers={200: PayoutsAnswer}, parameters=[*PAGE]))
async def own_payouts(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """List the signed-in partner's payouts."""
    services: Services = request.app.state.services
    page = read_page(request)
    partner = await services.db.read(own_partner, access.project_id, access.customer_id)
    listed, total = await services.db.read(_list, access.project_id, page, None, partner.id)
    return json_response(PayoutsAnswer(total=total, limit=page.limit, offset=page.offset, payouts=listed))


@router.get(
    "/affiliate/statement",
    **operation(
        _OWN,
        answers={200: StatementBody},
        parameters=[
            query_text("month", "Such as 2026-11; left out, the present one."),
            query_text("currency", "Such as usd; left out, the app's."),
        ],
    ),
)
async def own_statement(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """Return the signed-in partner's statement of a month."""
    services: Services = request.app.state.services
    partner = await services.db.read(own_partner, access.project_id, access.customer_id)
    return await _statement(request, access, access.customer_id, partner.id)


async def _change(
    request: Request, access: Access, action: str, unit: Callable[..., Awaitable[Payout]], **given: Any
) -> Response:
    services: Services = request.app.state.services
    changed = await write_recorded(
        services,
        access,
        Record(action, subject=lambda made: made.id),
        unit,
        project_id=access.project_id,
        payout_id=path_id(request, "payoutId", "Payout"),
        now=services.clock.now(),
        **given,
    )
    return json_response(PayoutAnswer(await services.db.read(_one, access.project_id, changed.id)))


async def _statement(
    request: Request, access: Access | CustomerAccess, customer_id: str, affiliate_id: str
) -> Response:
    services: Services = request.app.state.services
    month, currency = request.query_params.get("month"), request.query_params.get("currency")
    at = access.time_at(services.clock.now())
    statement = await services.db.snapshot(
        _read_statement, access.project_id, customer_id, require_begun(month or f"{at:%Y-%m}", at), currency
    )
    return json_response(statement_body(statement, affiliate_id))


async def _read_statement(
    tx: Reading, project_id: str, customer_id: str, month: str, currency: str | None
) -> Statement:
    program = await program_of(tx, project_id)
    unit = currency or await main_unit(tx, project_id, program.id)
    return await statement_of(
        tx,
        project_id=project_id,
        program_id=program.id,
        owner_id=customer_id,
        unit=checked_currency(unit),
        month=month,
    )


async def _list(
    tx: Reading, project_id: str, page: Page, status: str | None, affiliate_id: str | None
) -> tuple[list[PayoutBody], int]:
    customer_id = None
    if affiliate_id is not None:
        searchable = affiliate_id if affiliate_id.isascii() and affiliate_id.isprintable() else ""
        partner = await find_partner(tx, project_id, searchable)
        customer_id = "" if partner is None else partner.customer_id
    found = await payouts.list_payouts(tx, project_id, page, status=status, customer_id=customer_id)
    total = await payouts.count_payouts(tx, project_id, status=status, customer_id=customer_id)
    ids = await partner_ids(tx, project_id, [each.payout.customer_id for each in found])
    return [payout_body(each, ids) for each in found], total


async def _payable(tx: Reading, project_id: str, affiliate_ids: list[str], currency: str | None) -> list[str]:
    """Return the customers behind partners who were chosen, or raise `Invalid` with the reason if none can be paid."""
    program = await program_of(tx, project_id)
    chosen = [(await get_partner(tx, project_id, each)).customer_id for each in affiliate_ids if each.isascii()]
    candidates = [
        each for each in await preview_of(tx, program, chosen) if currency is None or each.due.unit == currency
    ]
    if not any(each.reason is None for each in candidates):
        reasons = {REASONS[each.reason] for each in candidates if each.reason is not None}
        raise Invalid(f"None of these partners can be paid. {'; '.join(sorted(reasons)) or 'Nothing is due to them'}.")
    return chosen


async def _run(tx: Reading, project_id: str, batch_id: str) -> tuple[BatchBody, list[PayoutBody]]:
    batch = await batches.get_batch(tx, project_id, batch_id)
    found = await payouts.of_batch(tx, project_id, batch_id, status=payouts.INTENT, after="", limit=_SHOWN)
    ids = await partner_ids(tx, project_id, [each.payout.customer_id for each in found])
    return batch_body(batch), [payout_body(each, ids) for each in found]


async def _one(tx: Reading, project_id: str, payout_id: str) -> PayoutBody:
    found = await payouts.get_listed(tx, project_id, payout_id)
    return payout_body(found, await partner_ids(tx, project_id, [found.payout.customer_id]))


async def _whole(tx: Reading, project_id: str, payout_id: str) -> WholePayoutAnswer:
    payout = await _one(tx, project_id, payout_id)
    lines = await payouts.lines_of(tx, project_id, payout_id)
    steps = await payouts.steps_of(tx, project_id, payout_id)
    return WholePayoutAnswer(
        payout, [line_body(each, payout.currency) for each in lines], [step_body(each) for each in steps]
    )
