"""What the world is told of commissions: `commission_created`, `commission_approved`, `commission_voided` (contract section 7).

A commission is a reward that a payment earned and that a payout settles; of other rewards the feed tells by its own types. Each
event carries what it says, in whole minor units.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from billfold.base.clock import iso
from billfold.domain.referrals.rewards import Reward
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import CarriedEvent, publish


@dataclass(frozen=True, slots=True)
class CommissionCreated(CarriedEvent):
    """A payment of somebody whom a partner brought earned a commission, which is held."""

    name: ClassVar[str] = "commission_created"


@dataclass(frozen=True, slots=True)
class CommissionApproved(CarriedEvent):
    """A commission's holding period is over: it may be paid out."""

    name: ClassVar[str] = "commission_approved"


@dataclass(frozen=True, slots=True)
class CommissionVoided(CarriedEvent):
    """A commission counts for nothing; `reason` says why."""

    name: ClassVar[str] = "commission_voided"


CREATED: Final = CommissionCreated
APPROVED: Final = CommissionApproved
VOIDED: Final = CommissionVoided
_STATUS: Final = {CREATED: "pending", APPROVED: "approved", VOIDED: "voided"}


async def announce_commission(
    tx: Writing,
    kind: type[CommissionCreated | CommissionApproved | CommissionVoided],
    team_id: str,
    reward: Reward,
    *,
    at: datetime,
    now: datetime,
    code: str | None = None,
    reason: str | None = None,
) -> None:
    """Publish what happened to a reward if it is a commission; `code` is the referral's, where it is at hand."""
    if reward.settles_as != "payout" or reward.source_id == reward.referral_id:
        return
    commission: dict[str, object] = {
        "id": reward.id,
        "customerId": reward.earner_id,
        "referralId": reward.referral_id,
        "paymentId": reward.source_id,
        "amountCents": reward.amount,
        "currency": reward.unit,
        "status": _STATUS[kind],
        "approvesAt": iso(reward.release_at),
        "createdAt": iso(reward.created_at),
    }
    if code is not None:
        commission["code"] = code
    if reason is not None:
        commission["reason"] = reason
    event = kind(team_id, reward.project_id, reward.id, {"commission": commission})
    await publish(tx, event, happened_at=at, now=now)
