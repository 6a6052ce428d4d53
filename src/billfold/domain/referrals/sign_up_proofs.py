"""When an address that was brought becomes an account (contract B1): the referral gets its customer, and what waited converts.

Called in the unit in which the account first proves its address, so the account and what it brings exist together or not at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals import terms as terms_rows
from billfold.domain.referrals.awards import Conversion, award_conversions, conversion_earnings, give, publish_change
from billfold.domain.referrals.mailbox import mailbox_hash, mailbox_of
from billfold.domain.referrals.reconciliation import reconcile_payments
from billfold.domain.referrals.referrals import CONVERTED, Referral, convert, pair_of, referrals
from billfold.domain.referrals.sign_up_programs import SIGN_UP, VERIFIED_SIGN_UP
from billfold.domain.referrals.terms import terms
from billfold.domain.referrals.wallet_settlements import give_again
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import query, row_tuple

_other = referrals.alias("other")
_WAITING: Final = query(
    sa.select(*referrals.c, terms.c.converts_on, customers.c.email.label("referrer_email"))
    .join_from(referrals, terms, terms.c.id == referrals.c.terms_id)
    .join(customers, customers.c.id == referrals.c.referrer_id)
    .where(
        referrals.c.project_id == sa.bindparam("project_id"),
        referrals.c.referee_mailbox == sa.bindparam("mailbox"),
        referrals.c.referee_id.is_(None),
    )
    .order_by(referrals.c.id)
    .with_for_update(of=referrals),
    row_tuple,
)
# One sponsor in a scope, and nobody brings the one who brought them: as the unique indexes say, but without an error.
_LINK: Final = query(
    sa.update(referrals)
    .where(
        referrals.c.project_id == sa.bindparam("of_project_id"),
        referrals.c.id == sa.bindparam("referral_id"),
        referrals.c.referee_id.is_(None),
        referrals.c.referrer_id != sa.bindparam("customer_id"),
        ~sa.exists().where(
            _other.c.referee_id == sa.bindparam("customer_id"), _other.c.sponsor_scope == referrals.c.sponsor_scope
        ),
        ~sa.exists().where(
            _other.c.pair == sa.bindparam("new_pair"), _other.c.sponsor_scope == referrals.c.sponsor_scope
        ),
    )
    .values(referee_id=sa.bindparam("customer_id"), pair=sa.bindparam("new_pair"), referee_email=None)
    .returning(*referrals.c),
    Referral,
)


async def prove_email(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    email: str,
    now: datetime,
    verified: bool = True,
) -> list[Referral]:
    """Set who brought a customer whose account has just appeared with this address, and give what its referrals waited for.

    `verified` False says that nobody has proved the address: that is enough for programs in mode `signup`, whose
    conversion needed no proof either. The owner of the code is refused, and a customer keeps one sponsor. Calling it again
    changes nothing. Returns the referrals that converted by it.
    """
    at = (await get_team(tx, team_id)).time_at(now)
    linked = await _link(tx, project_id, customer_id, email, verified=verified)
    occasions = (SIGN_UP, VERIFIED_SIGN_UP) if verified else (SIGN_UP,)
    converted: list[Referral] = []
    for occasion in occasions:
        converted += await convert(tx, project_id=project_id, referee_id=customer_id, occasion=occasion, at=at)
    for referral in converted:
        await _give(tx, await _conversion(tx, team_id, referral, at=at, now=now), is_new=True)
    seen = {referral.id for referral in converted}
    for referral in linked:
        if referral.status == CONVERTED and referral.id not in seen:
            # Converted before anybody was there who could earn as the referee.
            await _give(tx, await _conversion(tx, team_id, referral, at=at, now=now), is_new=False)
    if linked or converted:
        await reconcile_payments(tx, team_id=team_id, project_id=project_id, referee_id=customer_id, now=now)
    return converted


async def _link(tx: Writing, project_id: str, customer_id: str, email: str, *, verified: bool) -> list[Referral]:
    linked: list[Referral] = []
    for row in await tx.all(_WAITING, project_id=project_id, mailbox=mailbox_hash(project_id, email)):
        *columns, converts_on, referrer_email = row
        referral = Referral(*columns)
        if (not verified and converts_on != SIGN_UP) or mailbox_of(referrer_email) == mailbox_of(email):
            continue
        found = await tx.first(
            _LINK,
            of_project_id=project_id,
            referral_id=referral.id,
            customer_id=customer_id,
            new_pair=pair_of(referral.referrer_id, customer_id),
        )
        if found is not None:
            linked.append(found)
    return linked


async def _conversion(tx: Writing, team_id: str, referral: Referral, *, at: datetime, now: datetime) -> Conversion:
    return Conversion(team_id, referral, await terms_rows.get(tx, referral.project_id, referral.terms_id), at, now)


async def _give(tx: Writing, conversion: Conversion, *, is_new: bool) -> None:
    """Give what a conversion has not given yet: all of it, the referee's part, or what a sweep took back."""
    referral = conversion.referral
    kept = await reward_rows.lock_of_referral(tx, referral.project_id, referral.id)
    conversion = replace(conversion, given=frozenset(reward.key for reward in kept))
    if is_new:
        worth = {each.key: each.amount for each in conversion_earnings(replace(conversion, given=frozenset()))}
        for reward in kept:
            missing = worth.get(reward.key, 0) - reward.amount
            if missing > 0:
                await give_again(tx, reward, missing, at=conversion.at)
                await publish_change(tx, conversion.team_id, reward, missing, at=conversion.at, now=conversion.now)
        await award_conversions(tx, [conversion])
    else:
        await give(tx, [conversion])
