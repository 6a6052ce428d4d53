"""What a customer's own codes have brought: who came, and what was earned by it, as the customer himself is shown it.

A project may have a program that pays for subscriptions and one that pays for sign-ups; a customer has a code in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa

from billfold.domain.referrals import programs, sign_ups
from billfold.domain.referrals.codes import Code, referral_codes
from billfold.domain.referrals.credit_settings import PROGRAM_KEY, create_customer_code
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.referrals import CONVERTED, PENDING, referrals
from billfold.domain.referrals.rewards import rewards
from billfold.domain.referrals.sign_up_programs import DEFAULT_LINK_ADDRESS, sign_up_program
from billfold.domain.referrals.terms import Earner, Fixed, Terms
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query

Kind = Literal["subscription", "signup"]


@dataclass(frozen=True, slots=True)
class Earned:
    """Rewards of one state in one unit; `amount` is their sum: minor units of a currency, whole ones of anything else."""

    unit: str
    status: str
    settles_as: str
    rewards: int
    amount: int


@dataclass(frozen=True, slots=True)
class OwnReferrals:
    """A customer's code in one program, None without one, with what a conversion gives and what it brought so far.

    `kind` is what the program pays for, `link` the address that brings a friend, where the program has one.
    """

    kind: Kind
    enabled: bool
    code: str | None
    is_active: bool
    link: str | None
    referrer_gets: Fixed | None
    referee_gets: Fixed | None
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


async def own_referrals(tx: Reading, *, project_id: str, customer_id: str) -> list[OwnReferrals]:
    """Return what a customer's code has brought in each program that is switched on or that he has a code of."""
    found = []
    program = await programs.find(tx, project_id, PROGRAM_KEY)
    if program is not None:
        found.append(await _of_program(tx, program, customer_id, "subscription", None))
    signing_up = await sign_up_program(tx, project_id)
    program = None if signing_up is None else await programs.find(tx, project_id, signing_up.key)
    if signing_up is not None and program is not None:
        # Without an address of the project's own, nobody would come to its app by the link.
        has_link = signing_up.link_address != DEFAULT_LINK_ADDRESS
        link_start = signing_up.link_of("") if has_link else None
        found.append(await _of_program(tx, program, customer_id, "signup", link_start))
    return [each for each in found if each.enabled or each.code is not None]


async def make_codes(tx: Writing, *, project_id: str, customer_id: str, at: datetime) -> list[OwnReferrals]:
    """Give a customer a code in each program that is switched on and in which he has none; `NotFound` without the customer."""
    for own in await own_referrals(tx, project_id=project_id, customer_id=customer_id):
        if own.code is None and own.kind == "subscription":
            await create_customer_code(tx, project_id=project_id, customer_id=customer_id, at=at)
        elif own.code is None:
            await sign_ups.link_code(tx, project_id=project_id, customer_id=customer_id, at=at)
    return await own_referrals(tx, project_id=project_id, customer_id=customer_id)


async def _of_program(
    tx: Reading, program: Program, customer_id: str, kind: Kind, link_start: str | None
) -> OwnReferrals:
    mine = {"project_id": program.project_id}
    code = await tx.first(_CODE, **mine, program_id=program.id, customer_id=customer_id)
    counts: dict[str, int] = {}
    earned: tuple[Earned, ...] = ()
    if code is not None:
        counts = {each.status: each.referrals for each in await tx.all(_COUNTS, **mine, code_id=code.id)}
        earned = tuple(await tx.all(_EARNED, **mine, code_id=code.id))
    return OwnReferrals(
        kind=kind,
        enabled=program.enabled,
        code=None if code is None else code.code,
        is_active=code is not None and code.is_active,
        link=None if code is None or link_start is None else link_start + code.code,
        referrer_gets=_fixed(program.content, "referrer"),
        referee_gets=_fixed(program.content, "referee"),
        pending=counts.get(PENDING, 0),
        converted=counts.get(CONVERTED, 0),
        earned=earned,
    )


def _fixed(terms: Terms, earner: Earner) -> Fixed | None:
    """Return what a conversion gives one side, None for nothing."""
    amounts = (rule.amount for rule in terms.rules if rule.earner == earner and rule.earned_on == "conversion")
    return next((each for each in amounts if isinstance(each, Fixed) and each.value > 0), None)
