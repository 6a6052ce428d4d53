"""Verdicts: what a person, or a signal that proves it, decides about a reward or a referral, and how it is undone.

Each takes back, or gives again, what follows from it in the same unit. What the decision was stays in `voids` and `reviews`; the
caller writes who decided into the audit log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.referrals import reviews, voids
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals.commission_events import VOIDED, announce_commission
from billfold.domain.referrals.events import ReferralVoided
from billfold.domain.referrals.reconciliation import catch_up, reconcile_referral
from billfold.domain.referrals.referrals import PENDING, VOID, Referral, lock_referral, set_restored, set_void
from billfold.domain.referrals.reviews import CONFIRMED, OPEN, PROVES, RELEASED, Review
from billfold.domain.referrals.rewards import SETTLED, Reward
from billfold.domain.referrals.voids import LONGEST_NOTE, REASONS, SELF_REFERRAL, Void
from billfold.domain.referrals.write_offs import WRITE_OFF
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish

Decision = Literal["release", "confirm", "undo"]
_STATUS: Final = {"release": RELEASED, "confirm": CONFIRMED, "undo": OPEN}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why something is void: one of `voids.REASONS`, a note for the team, and who decided, as a person reads it."""

    reason: str
    by: str
    note: str | None = None


async def void_reward(
    tx: Writing, *, team_id: str, project_id: str, reward_id: str, verdict: Verdict, now: datetime
) -> None:
    """Have a reward count for nothing: what is held or available goes back (contract section 6).

    Raises `NotFound` without such a reward, `Conflict` if it is void already or any of it is in a payout.
    """
    _check(verdict)
    at = (await get_team(tx, team_id)).time_at(now)
    referral, reward = await _locked(tx, project_id, reward_id)
    if reward.status == SETTLED or reward.paid_amount != 0:
        raise Conflict("This commission is in a payout: it cannot be voided any more.")
    if not await voids.add(tx, _void(referral, reward.id, verdict, amount=reward.amount, at=at)):
        raise Conflict("This commission is voided already.")
    await announce_commission(tx, VOIDED, team_id, reward, at=at, now=now, code=referral.code, reason=verdict.reason)
    await reconcile_referral(tx, team_id=team_id, project_id=project_id, referral_id=referral.id, now=now)


async def restore_reward(tx: Writing, *, team_id: str, project_id: str, reward_id: str, now: datetime) -> None:
    """Have a void reward count again; raises `NotFound`, or `Conflict` if it is not void, or void with its referral."""
    referral, reward = await _locked(tx, project_id, reward_id)
    if referral.status == VOID:
        raise Conflict("The whole referral is void: restore that.")
    if not await voids.remove(tx, project_id, reward.id):
        raise Conflict("This commission is not voided.")
    await reconcile_referral(tx, team_id=team_id, project_id=project_id, referral_id=referral.id, now=now)


async def void_referral(
    tx: Writing, *, team_id: str, project_id: str, referral_id: str, verdict: Verdict, now: datetime
) -> None:
    """Have a referral count for nothing, and all that its payments earned or will earn.

    What was paid out of it already is netted by the earner's next payouts; what the conversion itself gave stays. Raises
    `NotFound` without such a referral, `Conflict` if it is void already.
    """
    _check(verdict)
    at = (await get_team(tx, team_id)).time_at(now)
    referral = await _referral(tx, project_id, referral_id)
    if referral.status == VOID:
        raise Conflict("This referral is void already.")
    await set_void(tx, referral)
    event = ReferralVoided(team_id, project_id, referral_id)
    await publish(tx, event, happened_at=at, now=now)
    await voids.add(tx, _void(referral, referral.id, verdict, amount=0, at=at))
    await reconcile_referral(tx, team_id=team_id, project_id=project_id, referral_id=referral.id, now=now)


async def restore_referral(
    tx: Writing, *, team_id: str, project_id: str, referral_id: str, by: str, now: datetime
) -> None:
    """Have a void referral count again with all that its payments earn, and release the signals that made it void.

    Raises `NotFound`, or `Conflict` if it is not void.
    """
    at = (await get_team(tx, team_id)).time_at(now)
    referral = await _referral(tx, project_id, referral_id)
    if referral.status != VOID:
        raise Conflict("This referral is not void.")
    for review in await reviews.reviews_of(tx, project_id, referral_id):
        if review.status != RELEASED:
            await reviews.decide(tx, review, RELEASED, by=by, note=review.note, at=at)
    await _restore(tx, team_id, referral, now=now)


async def decide_review(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    review_id: str,
    decision: Decision,
    by: str,
    note: str | None,
    now: datetime,
) -> Review:
    """Release a signal, confirm it, or undo either; the referral becomes void or counts again as follows from all its reviews.

    A referral is void while a review of it is confirmed, or while a signal that proves a self-referral is not released. Raises
    `NotFound` without such a review.
    """
    if note is not None and len(note) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters.")
    at = (await get_team(tx, team_id)).time_at(now)
    # The referral first, as everywhere; its id never changes.
    unlocked = await reviews.get(tx, project_id, review_id)
    referral = await _referral(tx, project_id, unlocked.referral_id)
    review = await reviews.lock(tx, project_id, review_id)
    decided = await reviews.decide(tx, review, _STATUS[decision], by=by, note=note, at=at)
    all_reviews = await reviews.reviews_of(tx, project_id, referral.id)
    if any(each.status == CONFIRMED or (each.signal in PROVES and each.status == OPEN) for each in all_reviews):
        if referral.status != VOID:
            verdict = Verdict(SELF_REFERRAL, by, note)
            await void_referral(
                tx, team_id=team_id, project_id=project_id, referral_id=referral.id, verdict=verdict, now=now
            )
        return decided
    cause = await voids.find(tx, project_id, referral.id)
    if referral.status == VOID and cause is not None and cause.reason == SELF_REFERRAL:
        await _restore(tx, team_id, referral, now=now)
    return decided


async def _restore(tx: Writing, team_id: str, referral: Referral, *, now: datetime) -> None:
    await voids.remove(tx, referral.project_id, referral.id)
    await voids.remove_with_referral(tx, referral.project_id, referral.id)
    if await set_restored(tx, referral) == PENDING and referral.referee_id is not None:
        # What it waited for may have happened while it was void.
        await catch_up(tx, team_id=team_id, project_id=referral.project_id, referee_id=referral.referee_id, now=now)
    await reconcile_referral(tx, team_id=team_id, project_id=referral.project_id, referral_id=referral.id, now=now)


async def _referral(tx: Writing, project_id: str, referral_id: str) -> Referral:
    referral = await lock_referral(tx, project_id, referral_id)
    if referral is None:
        raise NotFound("Referral not found.")
    return referral


async def _locked(tx: Writing, project_id: str, reward_id: str) -> tuple[Referral, Reward]:
    """Return a commission with its referral and hold both, the referral first, as everywhere."""
    unlocked = await reward_rows.find(tx, project_id, reward_id)
    if unlocked is None or unlocked.source_id == unlocked.referral_id:
        raise NotFound("Commission not found.")
    if unlocked.rule == WRITE_OFF:
        raise Conflict("A write-off cannot be voided: it is netted already.")
    referral = await _referral(tx, project_id, unlocked.referral_id)
    reward = await reward_rows.lock(tx, project_id, reward_id)
    return referral, reward or unlocked


def _check(verdict: Verdict) -> None:
    if verdict.reason not in REASONS:
        raise Invalid(f"reason is one of {', '.join(REASONS)}.")
    if verdict.note is not None and len(verdict.note) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters.")


def _void(referral: Referral, subject_id: str, verdict: Verdict, *, amount: int, at: datetime) -> Void:
    return Void(
        project_id=referral.project_id,
        subject_id=subject_id,
        referral_id=referral.id,
        reason=verdict.reason,
        note=verdict.note,
        by=verdict.by,
        amount=amount,
        with_referral=False,
        voided_at=at,
    )
