"""Screening: a referral is looked at for self-referral whenever its payments are, before anything is earned by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from billfold.domain.referrals import reviews, voids
from billfold.domain.referrals.referrals import CONVERTED, VOID, Referral, set_void
from billfold.domain.referrals.reviews import PROVES, RELEASED
from billfold.domain.referrals.signals import look_for_signals
from billfold.domain.referrals.voids import SELF_REFERRAL, Void
from billfold.infrastructure.db.database import Writing

BY_BILLFOLD: Final = "Billfold"


async def screen(tx: Writing, referral: Referral, *, at: datetime) -> Referral:
    """Put new signals into the review queue, make the referral void if one proves a self-referral, and return it as it is now.

    A signal that a person released is let pass for ever. The referral's row is held.
    """
    seen = await look_for_signals(tx, referral)
    if not seen:
        return referral
    known = {each.signal: each for each in await reviews.reviews_of(tx, referral.project_id, referral.id)}
    for each in seen:
        if each.signal not in known:
            await reviews.open_review(
                tx,
                project_id=referral.project_id,
                program_id=referral.program_id,
                referral_id=referral.id,
                signal=each.signal,
                evidence=each.evidence,
                at=at,
            )
    released = {signal for signal, each in known.items() if each.status == RELEASED}
    proven = [each.signal for each in seen if each.signal in PROVES and each.signal not in released]
    if not proven or referral.status != CONVERTED:
        return referral
    await set_void(tx, referral)
    await voids.add(
        tx,
        Void(
            project_id=referral.project_id,
            subject_id=referral.id,
            referral_id=referral.id,
            reason=SELF_REFERRAL,
            note=f"The review queue says why: {', '.join(proven)}.",
            by=BY_BILLFOLD,
            amount=0,
            with_referral=False,
            voided_at=at,
        ),
    )
    return replace(referral, status=VOID)
