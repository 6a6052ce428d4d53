"""Bringing rewards in line with the facts: conversion, payments, refunds, the end of a holding period.

`reconcile` compares what should have been earned with what is posted and posts the difference, so it may be called any number
of times, after facts in any order. Whoever reconciles a referral holds its row, and accounts are written in the order of
their owners, so units about the same people take turns instead of deadlocking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from billfold.domain.billing.subscriptions import ever_subscribed
from billfold.domain.ledger import transfers
from billfold.domain.ledger.statement import earned_for
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals import terms as terms_rows
from billfold.domain.referrals import voids, wallet_settlements
from billfold.domain.referrals.awards import (
    Conversion,
    add_together,
    announce,
    award_conversions,
    enqueue_release,
    new_reward,
    posting,
    publish_change,
)
from billfold.domain.referrals.commission_events import APPROVED, CREATED, VOIDED, announce_commission
from billfold.domain.referrals.events import ReferralVoided
from billfold.domain.referrals.payment_rewards import payment_rewards
from billfold.domain.referrals.payments import payments_of
from billfold.domain.referrals.referrals import (
    CONVERTED,
    VOID,
    Referral,
    convert,
    lock_earning,
    lock_referral,
)
from billfold.domain.referrals.rewards import HELD, Reward
from billfold.domain.referrals.rules import Earning, differences
from billfold.domain.referrals.screening import screen
from billfold.domain.referrals.signals import brought_with_own_card
from billfold.domain.referrals.terms_dates import timeline
from billfold.domain.referrals.voids import REFUNDED, Void
from billfold.domain.referrals.write_offs import WRITE_OFF
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish


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
        await _reconcile(tx, team_id, each.referral, at=at, now=now)
    return converted


async def reconcile_payments(tx: Writing, *, team_id: str, project_id: str, referee_id: str, now: datetime) -> None:
    """Bring the rewards of a customer's referrals in line with what the customer paid and got back."""
    at = (await get_team(tx, team_id)).time_at(now)
    for referral in await lock_earning(tx, project_id, referee_id):
        await _reconcile(tx, team_id, referral, at=at, now=now)


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
        await announce_commission(tx, APPROVED, team_id, reward, at=at, now=now)


async def reconcile_referral(tx: Writing, *, team_id: str, project_id: str, referral_id: str, now: datetime) -> None:
    """Bring the rewards of one referral in line, converted or void; of a pending one, or none, nothing."""
    at = (await get_team(tx, team_id)).time_at(now)
    referral = await lock_referral(tx, project_id, referral_id)
    if referral is not None and referral.status in {CONVERTED, VOID}:
        await _reconcile(tx, team_id, referral, at=at, now=now)


async def catch_up(tx: Writing, *, team_id: str, project_id: str, referee_id: str, now: datetime) -> None:
    """Convert a customer's pending referrals if what they wait for happened already."""
    mine = {"team_id": team_id, "project_id": project_id, "referee_id": referee_id}
    if await ever_subscribed(tx, project_id, referee_id):
        await convert_referrals(tx, **mine, occasion="subscription", now=now)
    paid = await payments_of(tx, project_id=project_id, customer_ids=[referee_id])
    if any(each.gross > 0 for each in paid.get(referee_id, ())):
        await convert_referrals(tx, **mine, occasion="payment", now=now)


async def reconcile_card(tx: Writing, *, team_id: str, project_id: str, customer_id: str, now: datetime) -> None:
    """Look again at the referrals that a card, which is more than one customer's, may make void (contract A28)."""
    referees = {customer_id, *await brought_with_own_card(tx, project_id, customer_id)}
    for referee_id in sorted(referees):
        await reconcile_payments(tx, team_id=team_id, project_id=project_id, referee_id=referee_id, now=now)


async def _reconcile(tx: Writing, team_id: str, referral: Referral, *, at: datetime, now: datetime) -> None:
    """Bring what the referee's payments earned in line; what the conversion earned was settled when it happened."""
    if referral.referee_id is None:
        return
    line = await timeline(tx, referral.project_id, referral.program_id)
    if not await line.may_earn_on_payments(referral.terms_id):
        return
    was_void = referral.status == VOID
    referral = await screen(tx, referral, at=at)
    if referral.status == VOID and not was_void:
        await publish(tx, ReferralVoided(team_id, referral.project_id, referral.id), happened_at=at, now=now)
    should = await payment_rewards(tx, team_id, referral, line, now=now)
    # The source of what a conversion earned is the referral itself; what was written off stays so.
    locked = await reward_rows.lock_of_referral(tx, referral.project_id, referral.id)
    kept = [reward for reward in locked if reward.source_id != referral.id and reward.rule != WRITE_OFF]
    void = await voids.voids_of(tx, referral.project_id, [reward.id for reward in kept])
    conversion = Conversion(team_id, referral, (await line.version(referral.terms_id)).content, at, now)
    known = {reward.key for reward in kept}
    new = [each for each in should if each.key not in known and each.amount > 0]
    counted = {reward.key for reward in kept if reward.id not in void}
    wanted = [each for each in should if each.key in counted or each.key not in known]
    # An invoice that was paid and is void now earns by no rule any more.
    gone = counted - {each.key for each in should}
    if referral.status == VOID:
        wanted, gone = [], set()
    await _bring_in_line(tx, conversion, wanted, kept, gone)
    await _keep_worth(tx, void, {reward.id: reward for reward in kept}, should)
    if referral.status == VOID:
        await _void_with_referral(tx, conversion, [reward for reward in kept if reward.id not in void], new, should)


async def _bring_in_line(
    tx: Writing, conversion: Conversion, wanted: Sequence[Earning], kept: Sequence[Reward], gone: AbstractSet[str]
) -> None:
    """Post the difference between what a referral's payments should have earned and what they did.

    `gone` are the keys of those whose payment is none any more.
    """
    team_id, referral, at, now = conversion.team_id, conversion.referral, conversion.at, conversion.now
    changes = differences(wanted, {reward.key: reward.amount for reward in kept})
    new_keys = changes.keys() - {reward.key for reward in kept}
    made = [_new_reward(referral, each, at=at, now=now) for each in wanted if each.key in new_keys]
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
    # All of the payment went back. What is void for another reason is not wanted at all.
    emptied = gone | {each.key for each in wanted if each.amount == 0}
    for reward in changed:
        # What a payout took stays paid; the earner's next ones net it.
        if reward.key in emptied and reward.paid_amount == 0:
            await announce_commission(tx, VOIDED, team_id, reward, at=at, now=now, code=referral.code, reason=REFUNDED)
    await add_together(tx, [(reward, conversion) for reward in made])
    for reward in made:
        await announce_commission(tx, CREATED, team_id, reward, at=at, now=now, code=referral.code)
        if reward.status != HELD:
            await announce_commission(tx, APPROVED, team_id, reward, at=at, now=now, code=referral.code)


async def _keep_worth(
    tx: Writing, void: Mapping[str, Void], rewards: Mapping[str, Reward], should: Sequence[Earning]
) -> None:
    """Have the void rewards say what each would be worth now."""
    worth = {each.key: each.amount for each in should}
    for each in void.values():
        amount = worth.get(rewards[each.subject_id].key, 0)
        if each.amount != amount:
            await voids.set_amount(tx, each, amount)


async def _void_with_referral(
    tx: Writing,
    conversion: Conversion,
    rewards: Sequence[Reward],
    new: Sequence[Earning],
    should: Sequence[Earning],
) -> None:
    """Have the rewards of a void referral be void, and keep a row for each payment that would have earned (contract A28)."""
    referral, at, now = conversion.referral, conversion.at, conversion.now
    cause = await voids.find(tx, referral.project_id, referral.id)
    if cause is None:
        return
    worth = {each.key: each.amount for each in should}
    made = [replace(_new_reward(referral, each, at=at, now=now), amount=0) for each in new]
    await reward_rows.add_rewards(tx, made)
    for reward in made:
        if reward.status == HELD:
            # Restored before the end of its holding period, it is held until then like any other.
            await enqueue_release(tx, conversion.team_id, reward, at=at, now=now)
    for reward in (*rewards, *made):
        amount = worth.get(reward.key, 0)
        row = replace(cause, subject_id=reward.id, amount=amount, with_referral=True, voided_at=at)
        await voids.add(tx, row)
        await announce_commission(
            tx, VOIDED, conversion.team_id, reward, at=at, now=now, code=referral.code, reason=cause.reason
        )


def _new_reward(referral: Referral, earning: Earning, *, at: datetime, now: datetime) -> Reward:
    reward = new_reward(referral, earning, at=at, now=now)
    return replace(reward, terms_id=earning.terms_id or referral.terms_id)


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
        await publish_change(tx, team_id, reward, change, at=at, now=now)
    if change > 0 and in_wallet:
        await announce(tx, team_id, reward, at=at, now=now)
