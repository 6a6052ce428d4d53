"""What becomes of addresses that were brought and are nobody's account yet (contract B1, B17).

Each is looked at every hour while its address is known. If the account is there after all (two units at the same moment see
nothing of each other; accounts are also made by the project's own server) the referral gets its customer. A conversion whose
account never came goes back to pending after a week and what is unspent of its reward is taken back. After 30 days the
address is dropped; its hash stays, so it is still brought once, and an account that comes later is still linked.

Who never sends Billfold its users' tokens can show no account, so without an identity provider nothing is taken back unless
the terms name a number of days themselves (decision 0015).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals.awards import publish_change
from billfold.domain.referrals.referrals import CONVERTED, PENDING, Referral, referrals
from billfold.domain.referrals.sign_up_proofs import prove_email
from billfold.domain.referrals.terms import Terms, terms
from billfold.domain.referrals.wallet_settlements import take_back_reward
from billfold.domain.tenancy.identities import providers_of_project
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import command, query
from billfold.infrastructure.db.types import Moment

# Contract B1 and B17.
TAKE_BACK_AFTER: Final = timedelta(days=7)
ADDRESS_KEPT_FOR: Final = timedelta(days=30)
_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class _Project:
    project_id: str
    team_id: str


@dataclass(frozen=True, slots=True)
class Address:
    """A referral that is still an address, and the customer who holds that address now, if there is one."""

    id: str
    status: str
    created_at: datetime
    converted_at: datetime | None
    email: str
    content: Terms
    account_id: str | None


_has_address: Final = sa.text("referrals.referee_email IS NOT NULL")
_NEXT_PROJECT: Final = query(
    sa.select(referrals.c.project_id, projects.c.team_id)
    .join_from(referrals, projects, projects.c.id == referrals.c.project_id)
    .where(_has_address, referrals.c.project_id > sa.bindparam("after"))
    .order_by(referrals.c.project_id)
    .limit(1),
    _Project,
)
_PAGE_OF_ADDRESSES: Final = query(
    sa.select(
        referrals.c.id,
        referrals.c.status,
        referrals.c.created_at,
        referrals.c.converted_at,
        referrals.c.referee_email.label("email"),
        terms.c.content,
        customers.c.id.label("account_id"),
    )
    .join_from(referrals, terms, terms.c.id == referrals.c.terms_id)
    .outerjoin(
        customers,
        sa.and_(
            customers.c.project_id == referrals.c.project_id,
            customers.c.email_normalised == referrals.c.referee_email,
            customers.c.deleted_at.is_(None),
        ),
    )
    .where(referrals.c.project_id == sa.bindparam("project_id"), _has_address, referrals.c.id > sa.bindparam("after"))
    .order_by(referrals.c.id)
    .limit(_PAGE),
    Address,
)
_REVERT: Final = query(
    sa.update(referrals)
    .where(
        referrals.c.project_id == sa.bindparam("of_project_id"),
        referrals.c.id == sa.bindparam("referral_id"),
        referrals.c.status == CONVERTED,
        referrals.c.referee_id.is_(None),
        referrals.c.converted_at <= sa.bindparam("before", type_=Moment()),
    )
    .values(status=PENDING, converted_at=None)
    .returning(*referrals.c),
    Referral,
)
_DROP_ADDRESS: Final = command(
    sa.update(referrals)
    .where(
        referrals.c.project_id == sa.bindparam("of_project_id"),
        referrals.c.id == sa.bindparam("referral_id"),
        referrals.c.created_at <= sa.bindparam("before", type_=Moment()),
    )
    .values(referee_email=None)
)


async def sweep_sign_ups(db: Database, *, now: datetime) -> None:
    """Look at every address of the installation, page by page, and do what is due, a unit each; again changes nothing."""
    project = await db.read(_next_project, "")
    while project is not None:
        await _sweep_project(db, project, now=now)
        project = await db.read(_next_project, project.project_id)


async def take_back_sign_up(
    tx: Writing, *, team_id: str, project_id: str, referral_id: str, after: timedelta, now: datetime
) -> int:
    """Put a conversion without an account back to pending and take back what is unspent of its rewards.

    Nothing happens before `after` has passed since it converted, or once its account is there. Returns how many units were
    taken back; the rewards are then worth what was kept.
    """
    at = (await get_team(tx, team_id)).time_at(now)
    referral = await tx.first(_REVERT, of_project_id=project_id, referral_id=referral_id, before=at - after)
    if referral is None:
        return 0
    kept = await reward_rows.lock_of_referral(tx, project_id, referral_id)
    taken = [(reward, await take_back_reward(tx, reward, at=at)) for reward in kept]
    for reward, amount in taken:
        await publish_change(tx, team_id, reward, -amount, at=at, now=now)
    return sum(amount for _, amount in taken)


async def _sweep_project(db: Database, project: _Project, *, now: datetime) -> None:
    team_id, project_id = project.team_id, project.project_id
    at = (await db.read(get_team, team_id)).time_at(now)
    by_rule = TAKE_BACK_AFTER if await db.read(_sees_accounts, project_id) else None
    after = ""
    while page := await db.read(_addresses, project_id, after):
        for each in page:
            await _sweep_address(db, each, team_id=team_id, project_id=project_id, by_rule=by_rule, at=at, now=now)
        after = page[-1].id


async def _sweep_address(
    db: Database,
    address: Address,
    *,
    team_id: str,
    project_id: str,
    by_rule: timedelta | None,
    at: datetime,
    now: datetime,
) -> None:
    if address.account_id is not None:
        await db.write(
            prove_email,
            team_id=team_id,
            project_id=project_id,
            customer_id=address.account_id,
            email=address.email,
            now=now,
        )
    after = take_back_after(address.content, by_rule)
    if after is not None and address.converted_at is not None and address.converted_at <= at - after:
        await db.write(
            take_back_sign_up, team_id=team_id, project_id=project_id, referral_id=address.id, after=after, now=now
        )
    if address.created_at <= at - ADDRESS_KEPT_FOR:
        await db.write(_drop_address, project_id, address.id, at - ADDRESS_KEPT_FOR)


def take_back_after(content: Terms, by_rule: timedelta | None) -> timedelta | None:
    """Return how long a conversion waits for its account, None for ever; `by_rule` is for terms that do not say."""
    days = content.take_back_after_days
    if days is None:
        return by_rule
    return timedelta(days=days) if days > 0 else None


async def _sees_accounts(tx: Reading, project_id: str) -> bool:
    return any(provider.is_active for provider in await providers_of_project(tx, project_id))


async def _next_project(tx: Reading, after: str) -> _Project | None:
    return await tx.first(_NEXT_PROJECT, after=after)


async def _addresses(tx: Reading, project_id: str, after: str) -> list[Address]:
    return await tx.all(_PAGE_OF_ADDRESSES, project_id=project_id, after=after)


async def _drop_address(tx: Writing, project_id: str, referral_id: str, before: datetime) -> None:
    await tx.run(_DROP_ADDRESS, of_project_id=project_id, referral_id=referral_id, before=before)
