"""What conversions give at once: rewards, their transfers, and what goes into wallets, for many referrals in a few statements.

Everything is written in the order of its owners, and wallets before balances, here as everywhere: units about the same people
take turns instead of deadlocking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billfold.base.errors import Conflict
from billfold.base.ids import derived_id
from billfold.domain.ledger.earnings import ADD_TRANSFERS, Earned, earned_writes
from billfold.domain.ledger.transfers import Posting
from billfold.domain.referrals import monthly_caps
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals.events import ReferralConverted, RewardAvailable, RewardEarned, RewardReversed
from billfold.domain.referrals.monthly_caps import Award
from billfold.domain.referrals.referrals import Referral
from billfold.domain.referrals.rewards import AVAILABLE, HELD, SETTLED, Reward
from billfold.domain.referrals.rules import Earning, Facts, earnings
from billfold.domain.referrals.terms import Terms
from billfold.domain.wallets.grants import Grant, grant_writes
from billfold.infrastructure.db.bulk import BulkWrite
from billfold.infrastructure.db.database import ChangedMeanwhile, Writing
from billfold.infrastructure.jobs.events import Event, event_writes, publish, start_jobs
from billfold.infrastructure.jobs.queue import enqueue

RELEASE_JOB: Final = "rewards.release"
WALLET: Final = "wallet"


@dataclass(frozen=True, slots=True)
class Conversion:
    """A referral that has just converted, with the terms that it pinned; `at` is the team's time, `now` the wall clock's.

    `given` are the keys of the rewards that it gave before; `is_new` says that the referral was made by the same unit.
    """

    team_id: str
    referral: Referral
    content: Terms
    at: datetime
    now: datetime
    given: frozenset[str] = frozenset()
    is_new: bool = False


async def award_conversions(tx: Writing, conversions: Sequence[Conversion], *, first: BulkWrite | None = None) -> None:
    """Give what the terms give for these conversions and publish `ReferralConverted` for each.

    What settles as wallet and need not be held is in the wallet when the unit commits. `first` adds the referrals themselves
    in the same statement; if it writes fewer than it has, the unit runs again (`ChangedMeanwhile`).
    """
    if conversions:
        await write_awards(tx, _awards(conversions, await _given(tx, conversions), first))


@dataclass(frozen=True, slots=True)
class Awards:
    """What conversions give, ready to be written: nothing of it needs to be looked up any more."""

    given: Sequence[tuple[Reward, Conversion]]
    happened: Sequence[tuple[Event, datetime]]
    writes: Sequence[BulkWrite]
    first: BulkWrite | None
    now: datetime


def ready_awards(conversions: Sequence[Conversion], *, first: BulkWrite) -> Awards:
    """Return what `award_conversions` would write for some conversions, one or more, of programs without a monthly cap."""
    due = [(each, earning) for each in conversions for earning in conversion_earnings(each)]
    return _awards(conversions, _rewards(due), first)


async def write_awards(tx: Writing, awards: Awards) -> None:
    """Write what is ready; raises `ChangedMeanwhile` if its first write changes fewer rows than it has."""
    await _add(tx, awards)
    for event, _ in awards.happened:
        await start_jobs(tx, event, now=awards.now)


def _awards(
    conversions: Sequence[Conversion], given: Sequence[tuple[Reward, Conversion]], first: BulkWrite | None
) -> Awards:
    ids: dict[str, list[str]] = {each.referral.id: [] for each in conversions}
    for reward, each in given:
        ids[each.referral.id].append(reward.id)
    happened = [(_converted(each, ids[each.referral.id]), each.at) for each in conversions]
    return _together(given, happened, first=first, now=conversions[0].now)


def _together(
    given: Sequence[tuple[Reward, Conversion]],
    happened: Sequence[tuple[Event, datetime]],
    *,
    first: BulkWrite | None = None,
    now: datetime,
) -> Awards:
    writes = [*_writes_of([reward for reward, _ in given]), event_writes(happened, now=now)]
    return Awards(given, happened, writes if first is None else [first, *writes], first, now)


async def give(tx: Writing, conversions: Sequence[Conversion]) -> None:
    """Give what these conversions earn and have not given yet, and publish `RewardEarned` for each reward."""
    await add_together(tx, await _given(tx, conversions))


def _converted(conversion: Conversion, reward_ids: Sequence[str]) -> ReferralConverted:
    referral = conversion.referral
    return ReferralConverted(
        conversion.team_id, referral.project_id, referral.id, is_new=conversion.is_new, reward_ids=tuple(reward_ids)
    )


async def _given(tx: Writing, conversions: Sequence[Conversion]) -> list[tuple[Reward, Conversion]]:
    """Return the rewards that these conversions give, each with its conversion, in the order of their owners."""
    due = [(each, earning) for each in conversions for earning in conversion_earnings(each)]
    return _rewards(await _within_caps(tx, due))


def _rewards(due: Sequence[tuple[Conversion, Earning]]) -> list[tuple[Reward, Conversion]]:
    given = [
        (new_reward(each.referral, earning, at=each.at, now=each.now, settles_now=True), each) for each, earning in due
    ]
    given.sort(key=lambda each: (each[0].earner_id, each[0].unit, each[0].key))
    return given


def conversion_earnings(conversion: Conversion) -> list[Earning]:
    """Return what the conversion alone earns and has not given yet, nothing that is worth nothing."""
    referral = conversion.referral
    facts = Facts(
        referral.id, referral.referrer_id, referral.referee_id, referral.converted_at or conversion.at, payments=()
    )
    return [
        each for each in earnings(conversion.content, facts) if each.amount > 0 and each.key not in conversion.given
    ]


async def add_together(tx: Writing, given: Sequence[tuple[Reward, Conversion]]) -> None:
    """Add new rewards, each with its conversion: with their transfers, wallet grants, announcements and release jobs.

    Publishes `RewardEarned` for each. Raises `Conflict` if one of them is there already, and the whole unit is refused.
    """
    if not given:
        return
    happened = [
        (RewardEarned(each.team_id, reward.project_id, reward.id, reward.amount), each.at) for reward, each in given
    ]
    await write_awards(tx, _together(given, happened, now=given[0][1].now))


async def _add(tx: Writing, awards: Awards) -> None:
    written = await tx.write_together(awards.writes)
    if awards.first is not None and written[0] != len(awards.first.rows):
        raise ChangedMeanwhile
    if written != [len(rows) for _, rows in awards.writes]:
        raise Conflict("One of these rewards is given already, or a balance cannot grow any further.")
    for reward, conversion in awards.given:
        if reward.status == AVAILABLE:
            await announce(tx, conversion.team_id, reward, at=conversion.at, now=conversion.now)
        elif reward.status == HELD:
            await enqueue_release(tx, conversion.team_id, reward, at=conversion.at, now=conversion.now)


def _writes_of(made: Sequence[Reward]) -> list[BulkWrite]:
    if not made:
        return []
    transfers, balances = earned_writes([_earned(reward) for reward in made])
    settled = [wallet_grant(reward, _first_posting(reward)) for reward in made if reward.status == SETTLED]
    if not settled:
        return [reward_rows.reward_writes(made), BulkWrite(ADD_TRANSFERS, transfers), balances]
    grants, credits_, wallets = grant_writes(settled)
    return [
        reward_rows.reward_writes(made),
        grants,
        BulkWrite(ADD_TRANSFERS, [*credits_, *transfers]),
        wallets,
        balances,
    ]


async def _within_caps(tx: Writing, due: Sequence[tuple[Conversion, Earning]]) -> list[tuple[Conversion, Earning]]:
    capped = [
        (number, _award(conversion, earning, conversion.content.monthly_cap))
        for number, (conversion, earning) in enumerate(due)
        if conversion.content.monthly_cap is not None and earning.earner_id == conversion.referral.referrer_id
    ]
    allowed = await monthly_caps.allow(tx, [award for _, award in capped])
    refused = {number for (number, _), fits in zip(capped, allowed, strict=True) if not fits}
    return [each for number, each in enumerate(due) if number not in refused]


def _award(conversion: Conversion, earning: Earning, cap: int) -> Award:
    return Award(
        project_id=conversion.referral.project_id,
        program_id=conversion.referral.program_id,
        referrer_id=earning.earner_id,
        unit=earning.unit,
        month=f"{conversion.at:%Y-%m}",
        amount=earning.amount,
        cap=cap,
    )


async def announce(tx: Writing, team_id: str, reward: Reward, *, at: datetime, now: datetime) -> None:
    """Say that a reward may be settled."""
    event = RewardAvailable(
        team_id=team_id, project_id=reward.project_id, reward_id=reward.id, settles_as=reward.settles_as
    )
    await publish(tx, event, happened_at=at, now=now)


async def publish_change(
    tx: Writing, team_id: str, reward: Reward, change: int, *, at: datetime, now: datetime
) -> None:
    """Publish that a reward is worth more or less than it was, by `change` of its unit; nothing for no change."""
    event: Event
    if change < 0:
        event = RewardReversed(team_id, reward.project_id, reward.id, -change)
    elif change > 0:
        event = RewardEarned(team_id, reward.project_id, reward.id, change)
    else:
        return
    await publish(tx, event, happened_at=at, now=now)


async def enqueue_release(tx: Writing, team_id: str, reward: Reward, *, at: datetime, now: datetime) -> None:
    """Leave the job that ends a holding period."""
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


def posting(reward: Reward, number: int, amount: int, *, at: datetime) -> Posting:
    """Return a transfer about a reward; `number` counts the reward's transfers."""
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


def wallet_grant(reward: Reward, granted: Posting) -> Grant:
    """Return what goes into the earner's wallet with a transfer of the reward; both carry the same key."""
    return Grant(
        project_id=reward.project_id,
        customer_id=reward.earner_id,
        unit=reward.unit,
        amount=granted.amount,
        key=granted.key,
        source="reward",
        source_id=reward.id,
        expires_at=None,
        at=granted.at,
    )


def _earned(reward: Reward) -> Earned:
    released = posting(reward, 1, reward.amount, at=reward.created_at) if reward.status == AVAILABLE else None
    return Earned(_first_posting(reward), release=released, is_settled=reward.status == SETTLED)


def _first_posting(reward: Reward) -> Posting:
    return posting(reward, 0, reward.amount, at=reward.created_at)


def new_reward(
    referral: Referral, earning: Earning, *, at: datetime, now: datetime, settles_now: bool = False
) -> Reward:
    """Return the reward of an earning; `settles_now` says that the caller also puts a wallet's units into the wallet."""
    is_due = earning.release_at <= at
    in_wallet = is_due and settles_now and earning.settles_as == WALLET
    # Not a new id: converted again from a restored backup it is the same reward, and Stripe has its credit already.
    reward_id = derived_id("rw_", referral.project_id, earning.key, near=earning.source_id)
    return Reward(
        id=reward_id,
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
        status=SETTLED if in_wallet else AVAILABLE if is_due else HELD,
        release_at=earning.release_at,
        payable_since=now if is_due else None,
        failure=None,
        settlement_id=reward_id if in_wallet else None,
        settled_at=at if in_wallet else None,
        created_at=at,
        updated_at=at,
    )
