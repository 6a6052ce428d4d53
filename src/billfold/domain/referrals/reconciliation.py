"""Bringing rewards in line with the facts: conversion, payments, refunds, the end of a holding period.

`reconcile` compares what should have been earned with what is posted and posts the difference, so it may be called any number
of times, after facts in any order. Whoever reconciles a referral holds its row, and accounts are written in the order of
their owners, so units about the same people take turns instead of deadlocking.
"""

from __future__ import annotations

from datetime import datetime

from billfold.domain.ledger import transfers
from billfold.domain.ledger.statement import earned_for
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals import terms as terms_rows
from billfold.domain.referrals import wallet_settlements
from billfold.domain.referrals.awards import (
    Conversion,
    add_together,
    announce,
    award_conversions,
    enqueue_release,
    new_reward,
    posting,
)
from billfold.domain.referrals.payments import payments_since
from billfold.domain.referrals.referrals import Referral, convert, lock_converted
from billfold.domain.referrals.rewards import HELD, Reward
from billfold.domain.referrals.rules import PAYMENT, Facts, differences, earnings
from billfold.domain.referrals.terms import Terms
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Writing


async def convert_referrals(
    tx: Writing, *, team_id: str, project_id: str, referee_id: str, occasion: str, now: datetime
) -> list[Referral]:
    """Convert a customer's pending referrals and give what their terms give for it (DESIGN section 10, step 4).

    `occasion` is `subscription` or `payment`, as in the terms' `converts_on`. Returns the referrals that it converted.
    """
    at = (await get_team(tx, team_id)).time_at(now)
    converted = await convert(tx, project_id=project_id, referee_id=referee_id, occasion=occasion, at=at)
    conversions = [
        Conversion(team_id, referral, await terms_rows.get(tx, project_id, referral.terms_id), at, now)
        for referral in converted
    ]
    await award_conversions(tx, conversions)
    for each in conversions:
        await _reconcile(tx, team_id, each.referral, each.content, at=at, now=now)
    return converted


async def reconcile_payments(tx: Writing, *, team_id: str, project_id: str, referee_id: str, now: datetime) -> None:
    """Bring the rewards of a customer's referrals in line with what the customer paid and got back."""
    at = (await get_team(tx, team_id)).time_at(now)
    for referral in await lock_converted(tx, project_id, referee_id):
        content = await terms_rows.get(tx, project_id, referral.terms_id)
        await _reconcile(tx, team_id, referral, content, at=at, now=now)


async def release_reward(tx: Writing, *, team_id: str, project_id: str, reward_id: str, now: datetime) -> None:
    """Make a held reward available once its holding period is over; before that, or twice, nothing happens (E2)."""
    at = (await get_team(tx, team_id)).time_at(now)
    reward = await reward_rows.lock(tx, project_id, reward_id)
    if reward is None or reward.status != HELD:
        return
    if reward.release_at > at:
        # The clock was moved back: the job waits for the rest of the time.
        await enqueue_release(tx, team_id, reward, at=at, now=now)
        return
    await reward_rows.set_available(tx, reward, at=at, now=now)
    earned, posted = await earned_for(tx, project_id=project_id, reason_id=reward.id)
    if earned > 0:
        await transfers.release(tx, posting(reward, posted, earned, at=at))
        await announce(tx, team_id, reward, at=at, now=now)


async def _reconcile(
    tx: Writing, team_id: str, referral: Referral, content: Terms, *, at: datetime, now: datetime
) -> None:
    """Bring what the referee's payments earned in line; what the conversion earned was settled when it happened."""
    if referral.referee_id is None or not any(rule.earned_on == PAYMENT for rule in content.rules):
        return
    paid = await payments_since(
        tx, project_id=referral.project_id, customer_id=referral.referee_id, since=referral.created_at
    )
    facts = Facts(referral.id, referral.referrer_id, referral.referee_id, referral.converted_at or at, paid)
    # The source of what a conversion earned is the referral itself.
    should = [each for each in earnings(content, facts) if each.source_id != referral.id]
    locked = await reward_rows.lock_of_referral(tx, referral.project_id, referral.id)
    kept = [reward for reward in locked if reward.source_id != referral.id]
    by_key = {reward.key: reward for reward in kept}
    changes = differences(should, {reward.key: reward.amount for reward in kept})
    made = [new_reward(referral, each, at=at, now=now) for each in should if each.key in changes.keys() - by_key.keys()]
    changed = [reward for reward in kept if reward.key in changes]
    # Wallets first, as everywhere: see `awards.py`.
    returned = {
        reward.id: await wallet_settlements.take_from_wallet(tx, reward, -changes[reward.key], at=at)
        for reward in changed
        if changes[reward.key] < 0
    }
    for reward in changed:
        change = returned.get(reward.id)
        change = changes[reward.key] if change is None else -change
        await _post_change(tx, team_id, reward, change, at=at, now=now)
    conversion = Conversion(team_id, referral, content, at, now)
    await add_together(tx, made, {reward.id: conversion for reward in made})


async def _post_change(tx: Writing, team_id: str, reward: Reward, change: int, *, at: datetime, now: datetime) -> None:
    _, posted = await earned_for(tx, project_id=reward.project_id, reason_id=reward.id)
    held, in_wallet = reward.status == HELD, wallet_settlements.is_in_wallet(reward)
    if change < 0:
        if in_wallet:
            await transfers.recall(tx, posting(reward, posted, -change, at=at))
            posted += 1
        await transfers.reverse(tx, posting(reward, posted, -change, at=at), held=held)
    elif change > 0:
        await transfers.earn(tx, posting(reward, posted, change, at=at))
        if not held:
            await transfers.release(tx, posting(reward, posted + 1, change, at=at))
    if change:
        await reward_rows.set_amount(tx, reward, reward.amount + change, at=at)
    if change > 0 and in_wallet:
        await announce(tx, team_id, reward, at=at, now=now)
