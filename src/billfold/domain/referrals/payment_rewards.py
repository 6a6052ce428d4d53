"""What a referral's payments should have earned, with everything that decides it read from the database.

The one place where the pure rules get their facts for paying; `facts_of` gives the same facts to whoever explains or previews.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from billfold.domain.referrals import brought_payments, participants
from billfold.domain.referrals.derivations import Circumstances, Payment
from billfold.domain.referrals.earners import reconcile_all
from billfold.domain.referrals.payments import payments_since
from billfold.domain.referrals.referrals import VOID, Referral
from billfold.domain.referrals.rules import PAYMENT, Earning, Facts, payment_earnings
from billfold.domain.referrals.terms import TermsVersion
from billfold.domain.referrals.terms_dates import Timeline
from billfold.infrastructure.db.database import Reading, Writing

_VERSIONS_READ: Final = 20


async def payment_rewards(
    tx: Writing, team_id: str, referral: Referral, line: Timeline, *, now: datetime
) -> list[Earning]:
    """Return what the payments of a referral should have earned, also where that is nothing; its row is held.

    Where terms have tiers, other referrals of the earner that a payment heard of late changes are looked at by a job.
    """
    paid = await payments_since(
        tx, project_id=referral.project_id, customer_id=referral.referee_id or "", since=referral.created_at
    )
    versions = await versions_of(line, referral, paid)
    await _count_brought(tx, team_id, referral, paid, by_tiers=await _may_have_tiers(line), now=now)
    facts = await facts_of(tx, referral, paid, versions)
    return earnings_of(versions, facts)


def earnings_of(versions: Mapping[str, TermsVersion], facts: Facts) -> list[Earning]:
    """Return what payments earn by the versions that `versions_of` gave; pure."""
    return payment_earnings(lambda payment: (versions[payment.id].id, versions[payment.id].content), facts)


async def versions_of(line: Timeline, referral: Referral, paid: Sequence[Payment]) -> dict[str, TermsVersion]:
    """Return for each payment's id the version of the terms by which it earns."""
    return {each.id: await line.terms_for(referral.terms_id, each.paid_at) for each in paid}


async def facts_of(
    tx: Reading, referral: Referral, paid: Sequence[Payment], versions: Mapping[str, TermsVersion]
) -> Facts:
    """Return everything that decides what the payments of a referral earn."""
    whose = {
        "project_id": referral.project_id,
        "program_id": referral.program_id,
        "customer_id": referral.referrer_id,
    }
    brought: dict[str, int] = {}
    if has_tiers(versions.values()):
        brought = await brought_payments.brought_before(
            tx,
            project_id=referral.project_id,
            program_id=referral.program_id,
            referrer_id=referral.referrer_id,
            payments=paid,
        )
    return Facts(
        referral.id,
        referral.referrer_id,
        referral.referee_id,
        referral.converted_at or referral.created_at,
        tuple(paid),
        Circumstances(
            referred_at=referral.created_at,
            pauses=tuple(await participants.pauses_of(tx, **whose)),
            rates=tuple(await participants.rates_of(tx, **whose)),
            brought_before=brought,
        ),
    )


def has_tiers(versions: Iterable[TermsVersion]) -> bool:
    """Tell whether a payment rule of one of the versions has tiers."""
    return any(rule.tiers for each in versions for rule in each.content.rules if rule.earned_on == PAYMENT)


async def _may_have_tiers(line: Timeline) -> bool:
    """Tell whether a payment of any referral of the program may earn by a tier; after many edits that is taken for granted."""
    if len(line.versions) > _VERSIONS_READ:
        return True
    return has_tiers([await line.version(each.terms_id) for each in line.versions])


async def _count_brought(
    tx: Writing, team_id: str, referral: Referral, paid: Sequence[Payment], *, by_tiers: bool, now: datetime
) -> None:
    """Count what was brought, also while no terms have tiers: those that come later ask for what was paid before them."""
    whose = {
        "project_id": referral.project_id,
        "program_id": referral.program_id,
        "referrer_id": referral.referrer_id,
    }
    if by_tiers:
        # Of two payments of an earner's customers at once, one sees the other.
        await participants.lock(
            tx,
            project_id=referral.project_id,
            program_id=referral.program_id,
            customer_id=referral.referrer_id,
        )
    # What a void referral brought counts for no tier.
    counted = [] if referral.status == VOID else paid
    changed = await brought_payments.put_brought(tx, **whose, referral_id=referral.id, payments=counted)
    if by_tiers and changed and await brought_payments.has_later(tx, **whose, referral_id=referral.id, changed=changed):
        await reconcile_all(tx, team_id=team_id, **whose, now=now)
