"""`…/referrals/{referralId}/void` and `…/restore`: a person decides that a whole referral counts for nothing, or counts again."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import NotFound
from billfold.domain.analytics.referral_list import ReferralLine, find_referral
from billfold.domain.referrals import verdicts, voids
from billfold.domain.referrals.verdicts import Verdict
from billfold.domain.referrals.voids import LONGEST_NOTE, Void
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import Body, json_answer
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import text_of
from billfold.entrypoints.api.billing.idempotency import write_once
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.api.billing.referrals import WRITE, ReferralBody
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(tags=["Referrals"])

_NOTE: Final = f"a text of 1 to {LONGEST_NOTE} characters, for the team only"


class JudgedReferralBody(ReferralBody):
    """A referral with why it is `void` and who made it so; null for one that counts."""

    void_reason: str | None
    void_note: str | None
    voided_by: str | None


class JudgedReferralAnswer(Body):
    """The referral."""

    referral: JudgedReferralBody


class VoidReferral(RequestBody):
    """Why a referral counts for nothing."""

    reason: Annotated[
        Literal["self_referral", "fraud", "mistake", "agreement", "other"],
        Field(description="self_referral, fraud, mistake, agreement or other; a partner sees it"),
    ] = "other"
    note: Annotated[Annotated[str, text_of(LONGEST_NOTE)] | None, Field(description=_NOTE)] = None


@router.post(
    "/referrals/{referralId}/void",
    **operation(scope=WRITE, answers={200: JudgedReferralAnswer}, body=VoidReferral, takes_idempotency_key=True),
)
async def void_referral(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Void a referral.

    It never converts from now on, and everything that its payments earned or would earn counts for nothing; what was paid out of
    it is netted by the earner's next payouts. What the conversion itself gave stays. 409: it is void already.
    """
    services: Services = request.app.state.services
    referral_id = path_id(request, "referralId", "ref_", "Referral")
    body = await read_body(request, VoidReferral)
    return await write_once(
        request,
        access,
        _void,
        team_id=access.team_id,
        project_id=access.project_id,
        referral_id=referral_id,
        verdict=Verdict(body.reason, access.actor.name, body.note),
        now=services.clock.now(),
        record=Record("referral.voided", subject=lambda _: referral_id, details=lambda _: {"reason": body.reason}),
        answer=lambda found: json_answer(200, _shape(*found)),
    )


@router.post(
    "/referrals/{referralId}/restore",
    **operation(scope=WRITE, answers={200: JudgedReferralAnswer}, takes_idempotency_key=True),
)
async def restore_referral(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Restore a void referral.

    It counts again with all that its payments earn, and the signals that made it void are released. 409: it is not void.
    """
    services: Services = request.app.state.services
    referral_id = path_id(request, "referralId", "ref_", "Referral")
    return await write_once(
        request,
        access,
        _restore,
        team_id=access.team_id,
        project_id=access.project_id,
        referral_id=referral_id,
        by=access.actor.name,
        now=services.clock.now(),
        record=Record("referral.restored", subject=lambda _: referral_id),
        answer=lambda found: json_answer(200, _shape(*found)),
    )


async def _void(tx: Writing, /, *, project_id: str, referral_id: str, **more: Any) -> tuple[ReferralLine, Void | None]:
    await verdicts.void_referral(tx, project_id=project_id, referral_id=referral_id, **more)
    return await _judged(tx, project_id, referral_id)


async def _restore(
    tx: Writing, /, *, project_id: str, referral_id: str, **more: Any
) -> tuple[ReferralLine, Void | None]:
    await verdicts.restore_referral(tx, project_id=project_id, referral_id=referral_id, **more)
    return await _judged(tx, project_id, referral_id)


async def _judged(tx: Reading, project_id: str, referral_id: str) -> tuple[ReferralLine, Void | None]:
    found = await find_referral(tx, project_id, referral_id)
    if found is None:
        raise NotFound("Referral not found")
    return found, await voids.find(tx, project_id, referral_id)


def _shape(referral: ReferralLine, void: Void | None) -> JudgedReferralAnswer:
    return JudgedReferralAnswer(
        JudgedReferralBody(
            id=referral.id,
            code=referral.code,
            referrer_customer_id=referral.referrer_id,
            referee_customer_id=referral.referee_id,
            status=referral.status,
            created_at=iso(referral.created_at),
            void_reason=None if void is None else void.reason,
            void_note=None if void is None else void.note,
            voided_by=None if void is None else void.by,
        )
    )
