"""`/apps/{appId}/affiliates/commissions`: what partners earned, for the team (contract section 3.11, A24, A27, A28)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import Invalid, NotFound
from billfold.base.paging import Page
from billfold.domain.analytics import commission_list
from billfold.domain.analytics.commission_list import STATUSES, CommissionLine
from billfold.domain.partners.partners import find_partner, get_partner, program_of
from billfold.domain.referrals import reviews, verdicts
from billfold.domain.referrals.reviews import Review
from billfold.domain.referrals.verdicts import Verdict
from billfold.domain.referrals.write_offs import WriteOff, write_off
from billfold.entrypoints.api.affiliate.access import MemberAllowed, path_id
from billfold.entrypoints.api.affiliate.amounts import dollars
from billfold.entrypoints.api.affiliate.answers import (
    Body,
    PageBody,
    Timestamp,
    json_response,
    moment,
    read_page,
)
from billfold.entrypoints.api.affiliate.fields import text_of
from billfold.entrypoints.api.affiliate.operations import PAGE, operation, query_text
from billfold.entrypoints.api.affiliate.payout_shapes import partner_ids
from billfold.entrypoints.caller import Access
from billfold.entrypoints.json_bodies import RequestBody, read_body
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading

router = APIRouter(tags=["Commissions"])

_READ: Final = MemberAllowed("referrals:read")
_WRITE: Final = MemberAllowed("referrals:write")
_PREFIX: Final = "/apps/{appId}/affiliates"
_NOTE: Final = text_of(1_000)


class TeamCommissionBody(Body):
    """What one payment earned a partner; of a voided one `amount` is what it would be worth.

    `paidAmount` is what payouts took of it: more than `amount` where the payment was refunded afterwards, which the next payout
    nets. `paymentId` is null for a write-off, whose reason stands in `writeOffReason`.
    """

    id: str
    affiliate_id: str | None
    customer_id: str
    email: str | None
    referral_id: str
    code: str
    payment_id: str | None
    amount: Decimal
    amount_cents: int
    paid_amount: Decimal
    paid_amount_cents: int
    currency: str
    status: str
    terms_version: int
    created_at: Timestamp
    approves_at: Timestamp
    paid_at: Timestamp | None
    void_reason: str | None
    void_note: str | None
    voided_by: str | None
    write_off_reason: str | None


class TeamCommissionsAnswer(PageBody):
    """A page of commissions, newest first."""

    commissions: list[TeamCommissionBody]


class TeamCommissionAnswer(Body):
    """One commission."""

    commission: TeamCommissionBody


class SignalReviewBody(Body):
    """A signal that somebody brought himself, and what a person made of it."""

    id: str
    referral_id: str
    signal: str
    status: str
    evidence: dict[str, Any]
    opened_at: Timestamp
    decided_at: Timestamp | None
    decided_by: str | None
    note: str | None


class SignalReviewsAnswer(PageBody):
    """A page of the review queue, newest first."""

    reviews: list[SignalReviewBody]


class SignalReviewAnswer(Body):
    """One review."""

    review: SignalReviewBody


class WriteOffBody(Body):
    """What was forgiven: it stands among the partner's commissions as `commissionId`."""

    commission_id: str
    amount: Decimal
    amount_cents: int
    currency: str


class WriteOffAnswer(Body):
    """The write-off."""

    write_off: WriteOffBody


class VoidCommissionBody(RequestBody):
    """Why a commission counts for nothing."""

    reason: Annotated[
        Literal["self_referral", "fraud", "mistake", "agreement", "other"],
        Field(description="self_referral, fraud, mistake, agreement or other; the partner sees it"),
    ] = "other"
    note: Annotated[str | None, _NOTE, Field(description="a text of up to 1000 characters, for the team only")] = None


class SignalDecisionBody(RequestBody):
    """What a person made of a signal."""

    decision: Annotated[
        Literal["release", "confirm", "undo"],
        Field(description="release (it counts for nothing), confirm (the referral is void), or undo either"),
    ]
    note: Annotated[str | None, _NOTE, Field(description="a text of up to 1000 characters, for the team only")] = None


class ForgiveBody(RequestBody):
    """How much of a balance below zero is forgiven; `amountCents` left out is all of it."""

    currency: Annotated[str, text_of(3, shortest=3), Field(description="three lower-case letters such as usd")]
    amount_cents: Annotated[
        int | None, Field(ge=1, le=10**15, description="whole minor units, at most what is missing to zero")
    ] = None
    reason: Annotated[str, text_of(500, shortest=1), Field(description="a text of 1 to 500 characters")]


@router.get(
    _PREFIX + "/commissions",
    **operation(
        _READ,
        answers={200: TeamCommissionsAnswer},
        parameters=[
            query_text("status", "Only those with this status.", enum=list(STATUSES)),
            query_text("affiliateId", "Only those of this partner."),
            *PAGE,
        ],
    ),
)
async def list_commissions(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """List commissions."""
    services: Services = request.app.state.services
    status, affiliate_id = request.query_params.get("status"), request.query_params.get("affiliateId")
    if status is not None and status not in STATUSES:
        raise Invalid(f"status must be one of {', '.join(STATUSES)}.")
    page = read_page(request)
    listed, total = await services.db.read(_list, access.project_id, page, status, affiliate_id)
    return json_response(TeamCommissionsAnswer(total=total, limit=page.limit, offset=page.offset, commissions=listed))


@router.post(
    _PREFIX + "/commissions/{commissionId}/void",
    **operation(_WRITE, answers={200: TeamCommissionAnswer}, body=VoidCommissionBody),
)
async def void_commission(request: Request, access: Annotated[Access, Depends(_WRITE)]) -> Response:
    """Void a commission: it stays, worth nothing, with its reason. 409 for one that is voided or in a payout."""
    services: Services = request.app.state.services
    body = await read_body(request, VoidCommissionBody)
    reward_id = path_id(request, "commissionId", "Commission")
    await write_recorded(
        services,
        access,
        Record("commission.voided", subject=lambda _: reward_id, details=lambda _: {"reason": body.reason}),
        verdicts.void_reward,
        team_id=access.team_id,
        project_id=access.project_id,
        reward_id=reward_id,
        verdict=Verdict(body.reason, access.actor.name, body.note),
        now=services.clock.now(),
    )
    return json_response(TeamCommissionAnswer(await services.db.read(_one, access.project_id, reward_id)))


@router.post(_PREFIX + "/commissions/{commissionId}/restore", **operation(_WRITE, answers={200: TeamCommissionAnswer}))
async def restore_commission(request: Request, access: Annotated[Access, Depends(_WRITE)]) -> Response:
    """Have a voided commission count again. 409 for one that is not voided, or void with its whole referral."""
    services: Services = request.app.state.services
    reward_id = path_id(request, "commissionId", "Commission")
    await write_recorded(
        services,
        access,
        Record("commission.restored", subject=lambda _: reward_id),
        verdicts.restore_reward,
        team_id=access.team_id,
        project_id=access.project_id,
        reward_id=reward_id,
        now=services.clock.now(),
    )
    return json_response(TeamCommissionAnswer(await services.db.read(_one, access.project_id, reward_id)))


@router.get(
    _PREFIX + "/reviews",
    **operation(
        _READ,
        answers={200: SignalReviewsAnswer},
        parameters=[
            query_text("status", "Only those with this status; left out, `open`.", enum=list(reviews.STATUSES)),
            *PAGE,
        ],
    ),
)
async def list_reviews(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """List the signals that somebody brought himself."""
    services: Services = request.app.state.services
    status = request.query_params.get("status", reviews.OPEN)
    if status not in reviews.STATUSES:
        raise Invalid(f"status must be one of {', '.join(reviews.STATUSES)}.")
    page = read_page(request)
    found, total = await services.db.read(_reviews, access.project_id, status, page)
    shown = [_review(each) for each in found]
    return json_response(SignalReviewsAnswer(total=total, limit=page.limit, offset=page.offset, reviews=shown))


@router.post(
    _PREFIX + "/reviews/{reviewId}/decision",
    **operation(_WRITE, answers={200: SignalReviewAnswer}, body=SignalDecisionBody),
)
async def decide_review(request: Request, access: Annotated[Access, Depends(_WRITE)]) -> Response:
    """Release a signal, confirm it, or undo either; the commissions of the referral follow at once."""
    services: Services = request.app.state.services
    body = await read_body(request, SignalDecisionBody)
    decided = await write_recorded(
        services,
        access,
        Record("review.decided", subject=lambda made: made.id, details=lambda made: {"status": made.status}),
        verdicts.decide_review,
        team_id=access.team_id,
        project_id=access.project_id,
        review_id=path_id(request, "reviewId", "Review"),
        decision=body.decision,
        by=access.actor.name,
        note=body.note,
        now=services.clock.now(),
    )
    return json_response(SignalReviewAnswer(_review(decided)))


@router.post(
    _PREFIX + "/{affiliateId}/write-offs",
    **operation(_WRITE, answers={201: WriteOffAnswer}, body=ForgiveBody),
)
async def add_write_off(request: Request, access: Annotated[Access, Depends(_WRITE)]) -> Response:
    """Forgive what a partner's available balance lacks to zero. 409 if it is not below zero."""
    services: Services = request.app.state.services
    body = await read_body(request, ForgiveBody)
    affiliate_id = path_id(request, "affiliateId", "Affiliate")
    partner = await services.db.read(get_partner, access.project_id, affiliate_id)
    made = await write_recorded(
        services,
        access,
        Record(
            "balance.written_off",
            subject=lambda _: affiliate_id,
            details=lambda each: {"amount": each.amount, "currency": each.unit, "reason": body.reason},
        ),
        write_off,
        project_id=access.project_id,
        program_id=partner.program_id,
        owner_id=partner.customer_id,
        unit=body.currency,
        amount=body.amount_cents,
        reason=body.reason,
        at=access.time_at(services.clock.now()),
    )
    return json_response(WriteOffAnswer(_write_off(made)), 201)


async def _list(
    tx: Reading, project_id: str, page: Page, status: str | None, affiliate_id: str | None
) -> tuple[list[TeamCommissionBody], int]:
    program = await program_of(tx, project_id)
    earner_id = None
    if affiliate_id is not None:
        searchable = affiliate_id if affiliate_id.isascii() and affiliate_id.isprintable() else ""
        partner = await find_partner(tx, project_id, searchable)
        earner_id = "" if partner is None else partner.customer_id
    found = await commission_list.list_commissions(
        tx, project_id, program.id, status=status, earner_id=earner_id, limit=page.limit, offset=page.offset
    )
    total = await commission_list.count_commissions(tx, project_id, program.id, status=status, earner_id=earner_id)
    ids = await partner_ids(tx, project_id, [each.earner_id for each in found])
    return [_commission(each, ids) for each in found], total


async def _one(tx: Reading, project_id: str, reward_id: str) -> TeamCommissionBody:
    found = await commission_list.find_commission(tx, project_id, reward_id)
    if found is None:
        raise NotFound("Commission not found.")
    return _commission(found, await partner_ids(tx, project_id, [found.earner_id]))


async def _reviews(tx: Reading, project_id: str, status: str, page: Page) -> tuple[list[Review], int]:
    found = await reviews.list_reviews(tx, project_id, status, page)
    return found, await reviews.count_reviews(tx, project_id, status)


def _commission(line: CommissionLine, ids: Any) -> TeamCommissionBody:
    return TeamCommissionBody(
        id=line.id,
        affiliate_id=ids.get(line.earner_id),
        customer_id=line.earner_id,
        email=line.earner_email,
        referral_id=line.referral_id,
        code=line.code,
        payment_id=None if line.write_off_reason is not None else line.source_id,
        amount=dollars(line.shown_amount, line.unit),
        amount_cents=line.shown_amount,
        paid_amount=dollars(line.paid_amount, line.unit),
        paid_amount_cents=line.paid_amount,
        currency=line.unit,
        status=line.status,
        terms_version=line.terms_version,
        created_at=iso(line.created_at),
        approves_at=iso(line.release_at),
        paid_at=moment(line.settled_at),
        void_reason=line.why_void,
        void_note=line.void_note,
        voided_by=line.void_by,
        write_off_reason=line.write_off_reason,
    )


def _review(review: Review) -> SignalReviewBody:
    return SignalReviewBody(
        id=review.id,
        referral_id=review.referral_id,
        signal=review.signal,
        status=review.status,
        evidence=dict(review.evidence),
        opened_at=iso(review.opened_at),
        decided_at=moment(review.decided_at),
        decided_by=review.decided_by,
        note=review.note,
    )


def _write_off(made: WriteOff) -> WriteOffBody:
    return WriteOffBody(
        commission_id=made.reward_id,
        amount=dollars(made.amount, made.unit),
        amount_cents=made.amount,
        currency=made.unit,
    )
