"""Bringing rewards in line with the facts: conversion, payments, refunds, the end of a holding period.

`reconcile` compares what should have been earned with what is posted and posts the difference, so it may be called any number
of times, after facts in any order. Whoever reconciles a referral holds its row, and accounts are written in the order of
their owners, so units about the same people take turns instead of deadlocking.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from billfold.base.ids import derived_id
from billfold.domain.ledger import transfers
from billfold.domain.ledger.earnings import Earned, earn_together
from billfold.domain.ledger.statement import earned_for
from billfold.domain.ledger.transfers import Posting
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals import terms as terms_rows
from billfold.domain.referrals.events import ReferralConverted, RewardAvailable
from billfold.domain.referrals.payments import payments_since
from billfold.domain.referrals.referrals import Referral, convert, lock_converted
from billfold.domain.referrals.rewards import AVAILABLE, HELD, Reward
from billfold.domain.referrals.rules import PAYMENT, Earning, Facts, Payment, differences, earnings
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish
from billfold.infrastructure.jobs.queue import enqueue

RELEASE_JOB: Final = "rewards.release"


async def convert_referrals(
    tx: Writing, *, team_id: str, project_id: str, referee_id: str, occasion: str, now: datetime
) -> list[Referral]:
    """Convert a customer's pending referrals and give what their terms give for it (DESIGN section 10, step 4).

    `occasion` is `subscription` or `payment`, as in the terms' `converts_on`. Returns the referrals that it converted.
    """
    at = (await get_team(tx, team_id)).time_at(now)
    converted = await convert(tx, project_id=project_id, referee_id=referee_id, occasion=occasion, at=at)
    for referral in converted:
        event = ReferralConverted(team_id=team_id, project_id=project_id, referral_id=referral.id)
        await publish(tx, event, happened_at=at, now=now)
        await _reconcile(tx, team_id, referral, is_new=True, at=at, now=now)
    return converted


async def reconcile_payments(tx: Writing, *, team_id: str, project_id: str, referee_id: str, now: datetime) -> None:
    """Bring the rewards of a customer's referrals in line with what the customer paid and got back."""
    at = (await get_team(tx, team_id)).time_at(now)
    for referral in await lock_converted(tx, project_id, referee_id):
        await _reconcile(tx, team_id, referral, is_new=False, at=at, now=now)


async def release_reward(tx: Writing, *, team_id: str, project_id: str, reward_id: str, now: datetime) -> None:
    """Make a held reward available once its holding period is over; before that, or twice, nothing happens (E2)."""
    at = (await get_team(tx, team_id)).time_at(now)
    reward = await reward_rows.lock(tx, project_id, reward_id)
    if reward is None or reward.status != HELD:
        return
    if reward.release_at > at:
        # The clock was moved back: the job waits for the rest of the time.
        await _enqueue_release(tx, team_id, reward, at=at, now=now)
        return
    await reward_rows.set_available(tx, reward, at=at, now=now)
    earned, posted = await earned_for(tx, project_id=project_id, reason_id=reward.id)
    if earned > 0:
        await transfers.release(tx, _posting(reward, posted, earned, at=at))
        await _announce(tx, team_id, reward, at=at, now=now)


async def _reconcile(
    tx: Writing, team_id: str, referral: Referral, *, is_new: bool, at: datetime, now: datetime
) -> None:
    content = await terms_rows.get(tx, referral.project_id, referral.terms_id)
    paid: tuple[Payment, ...] = ()
    if any(rule.earned_on == PAYMENT for rule in content.rules):
        paid = await payments_since(
            tx, project_id=referral.project_id, customer_id=referral.referee_id, since=referral.created_at
        )
    elif not is_new:
        return
    should = earnings(
        content, Facts(referral.id, referral.referrer_id, referral.referee_id, referral.converted_at or at, paid)
    )
    # What was just converted has no rewards yet.
    kept = [] if is_new else await reward_rows.lock_of_referral(tx, referral.project_id, referral.id)
    by_key = {reward.key: reward for reward in kept}
    changes = differences(should, {reward.key: reward.amount for reward in kept})
    made = [
        _new_reward(referral, each, at=at, now=now) for each in should if each.key in changes.keys() - by_key.keys()
    ]
    await reward_rows.add_rewards(tx, made)
    for reward in kept:
        if reward.key in changes:
            await _post_change(tx, reward, reward.amount + changes[reward.key], at=at)
    for reward in made:
        if reward.status == AVAILABLE:
            await _announce(tx, team_id, reward, at=at, now=now)
        else:
            await _enqueue_release(tx, team_id, reward, at=at, now=now)
    await earn_together(tx, [_earned(reward, at=at) for reward in made])


async def _post_change(tx: Writing, reward: Reward, should_be: int, *, at: datetime) -> None:
    earned, posted = await earned_for(tx, project_id=reward.project_id, reason_id=reward.id)
    change = should_be - earned
    held = reward.status == HELD
    if change < 0:
        await transfers.reverse(tx, _posting(reward, posted, -change, at=at), held=held)
    elif change > 0:
        await transfers.earn(tx, _posting(reward, posted, change, at=at))
        if not held:
            await transfers.release(tx, _posting(reward, posted + 1, change, at=at))
    await reward_rows.set_amount(tx, reward, should_be, at=at)


async def _announce(tx: Writing, team_id: str, reward: Reward, *, at: datetime, now: datetime) -> None:
    event = RewardAvailable(
        team_id=team_id, project_id=reward.project_id, reward_id=reward.id, settles_as=reward.settles_as
    )
    await publish(tx, event, happened_at=at, now=now)


async def _enqueue_release(tx: Writing, team_id: str, reward: Reward, *, at: datetime, now: datetime) -> None:
    await enqueue(
        tx,
        RELEASE_JOB,
        {"team_id": team_id, "project_id": reward.project_id, "reward_id": reward.id},
        now=now,
        # The due time is the wall clock's; moving the team's clock moves it along.
        run_at=now + (reward.release_at - at),
        team_id=team_id,
        in_team_time=True,
    )


def _posting(reward: Reward, number: int, amount: int, *, at: datetime) -> Posting:
    return Posting(
        # The reward's row is held, so counting its transfers gives each one a number of its own.
        key=f"{reward.id}:{number}",
        project_id=reward.project_id,
        program_id=reward.program_id,
        owner_id=reward.earner_id,
        unit=reward.unit,
        amount=amount,
        reason_id=reward.id,
        source_id=reward.source_id,
        at=at,
    )


def _earned(reward: Reward, *, at: datetime) -> Earned:
    is_available = reward.status == AVAILABLE
    return Earned(
        earn=_posting(reward, 0, reward.amount, at=at),
        release=_posting(reward, 1, reward.amount, at=at) if is_available else None,
    )


def _new_reward(referral: Referral, earning: Earning, *, at: datetime, now: datetime) -> Reward:
    is_due = earning.release_at <= at
    return Reward(
        # Not a new id: converted again from a restored backup it is the same reward, and Stripe has its credit already.
        id=derived_id("rw_", referral.project_id, earning.key),
        project_id=referral.project_id,
        program_id=referral.program_id,
        referral_id=referral.id,
        key=earning.key,
        rule=earning.rule,
        source_id=earning.source_id,
        terms_id=referral.terms_id,
        earner_id=earning.earner_id,
        unit=earning.unit,
        amount=earning.amount,
        settles_as=earning.settles_as,
        status=AVAILABLE if is_due else HELD,
        release_at=earning.release_at,
        payable_since=now if is_due else None,
        failure=None,
        settlement_id=None,
        settled_at=None,
        created_at=at,
        updated_at=at,
    )
