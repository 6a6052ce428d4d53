"""What a customer's own code has brought: who came, and what was earned by it, as the customer himself is shown it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.domain.referrals import credit_settings, programs
from billfold.domain.referrals.codes import Code, referral_codes
from billfold.domain.referrals.credit_settings import PROGRAM_KEY, CreditSettings
from billfold.domain.referrals.referrals import CONVERTED, PENDING, referrals
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query


@dataclass(frozen=True, slots=True)
class Earned:
    """Rewards of one state in one unit; `amount` is their sum in minor units."""

    unit: str
    status: str
    settles_as: str
    rewards: int
    amount: int


@dataclass(frozen=True, slots=True)
class OwnReferrals:
    """A customer's code, None without one, with what a conversion gives and what it brought so far."""

    settings: CreditSettings
    code: str | None
    is_active: bool
    pending: int
    converted: int
    earned: tuple[Earned, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    status: str
    referrals: int


def _earned(unit: str, status: str, settles_as: str, number: int, amount: object) -> Earned:
    # PostgreSQL sums whole numbers to a decimal.
    return Earned(unit, status, settles_as, number, int(str(amount)))


_CODE: Final = query(
    sa.select(*referral_codes.c).where(
        referral_codes.c.project_id == sa.bindparam("project_id"),
        referral_codes.c.program_id == sa.bindparam("program_id"),
        referral_codes.c.customer_id == sa.bindparam("customer_id"),
    ),
    Code,
)
_of_code = sa.and_(referrals.c.project_id == sa.bindparam("project_id"), referrals.c.code_id == sa.bindparam("code_id"))
_COUNTS: Final = query(
    sa.select(referrals.c.status, sa.func.count().label("referrals")).where(_of_code).group_by(referrals.c.status),
    _Count,
)
_EARNED: Final = query(
    sa.select(
        rewards.c.unit,
        rewards.c.status,
        rewards.c.settles_as,
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(rewards.c.amount), 0),
    )
    .join(referrals, sa.and_(referrals.c.id == rewards.c.referral_id, referrals.c.project_id == rewards.c.project_id))
    .where(_of_code, rewards.c.earner_id == referrals.c.referrer_id, rewards.c.amount > 0)
    .group_by(rewards.c.unit, rewards.c.status, rewards.c.settles_as)
    .order_by(rewards.c.unit, rewards.c.status, rewards.c.settles_as),
    _earned,
)


async def own_referrals(tx: Reading, *, project_id: str, customer_id: str) -> OwnReferrals:
    """Return what a customer's code in the project's referral program has brought; amounts by unit, never added up."""
    settings = await credit_settings.get_settings(tx, project_id)
    program = await programs.find(tx, project_id, PROGRAM_KEY)
    code = None
    if program is not None:
        code = await tx.first(_CODE, project_id=project_id, program_id=program.id, customer_id=customer_id)
    if code is None:
        return OwnReferrals(settings, None, is_active=False, pending=0, converted=0, earned=())
    counts = {each.status: each.referrals for each in await tx.all(_COUNTS, project_id=project_id, code_id=code.id)}
    return OwnReferrals(
        settings=settings,
        code=code.code,
        is_active=code.is_active,
        pending=counts.get(PENDING, 0),
        converted=counts.get(CONVERTED, 0),
        earned=tuple(await tx.all(_EARNED, project_id=project_id, code_id=code.id)),
    )
