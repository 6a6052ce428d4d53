"""One partner's rows: what he earned on which payment, and whom he brought; newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.paging import Page
from billfold.domain.billing.customers import customers
from billfold.domain.billing.invoices import invoices
from billfold.domain.partners.partners import Partner
from billfold.domain.referrals.participants import rate_for, rates_of
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.rewards import HELD, SETTLED, rewards
from billfold.domain.referrals.terms import Share, Terms, terms
from billfold.domain.referrals.voids import REFUNDED, voids
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.db.types import Moment

# The words of the wire: contract section 6.
PENDING: Final = "pending"
APPROVED: Final = "approved"
PAID: Final = "paid"
VOIDED: Final = "voided"


@dataclass(frozen=True, slots=True)
class Commission:
    """What one payment earned: `amount_cents` minor units of `unit`, of a void one what it would be worth.

    `basis_points` is the plain share that it came by; None where a product, a tier or a fixed amount decided, which only its
    explanation tells. `voided_for` is the reason of a void one.
    """

    id: str
    referral_id: str
    payment_id: str
    unit: str
    amount_cents: int
    basis_points: int | None
    status: str
    voided_for: str | None
    created_at: datetime
    # When the customer paid; the holding period begins then.
    payment_at: datetime
    approves_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class BroughtCustomer:
    """Somebody whom a partner brought; the address is whole here and masked by whoever shows it to the partner."""

    id: str
    referee_id: str | None
    email: str | None
    status: str
    created_at: datetime
    converted_at: datetime | None


_bounds = {"limit": sa.bindparam("limit", type_=sa.Integer()), "offset": sa.bindparam("offset", type_=sa.Integer())}
_of_earner = (
    rewards.c.project_id == sa.bindparam("project_id"),
    rewards.c.program_id == sa.bindparam("program_id"),
    rewards.c.earner_id == sa.bindparam("customer_id"),
    # As the index has it.
    sa.text("rewards.settles_as = 'payout'"),
)
_COMMISSIONS: Final = query(
    sa.select(
        rewards.c.id,
        rewards.c.referral_id,
        rewards.c.source_id,
        rewards.c.unit,
        rewards.c.amount,
        rewards.c.paid_amount,
        rewards.c.rule,
        rewards.c.status,
        rewards.c.created_at,
        rewards.c.release_at,
        rewards.c.settled_at,
        terms.c.content,
        voids.c.reason,
        voids.c.amount.label("void_amount"),
        referrals.c.created_at.label("referred_at"),
        sa.func.coalesce(invoices.c.paid_at, rewards.c.created_at, type_=Moment()).label("payment_at"),
    )
    .select_from(
        rewards.join(terms, sa.and_(terms.c.project_id == rewards.c.project_id, terms.c.id == rewards.c.terms_id))
        .join(referrals, referrals.c.id == rewards.c.referral_id)
        .join(
            invoices,
            sa.and_(invoices.c.project_id == rewards.c.project_id, invoices.c.id == rewards.c.source_id),
            isouter=True,
        )
        .join(
            voids,
            sa.and_(voids.c.project_id == rewards.c.project_id, voids.c.subject_id == rewards.c.id),
            isouter=True,
        )
    )
    .where(*_of_earner)
    .order_by(rewards.c.created_at.desc(), rewards.c.id.desc())
    .limit(_bounds["limit"])
    .offset(_bounds["offset"]),
    row_tuple,
)
_COUNT_COMMISSIONS: Final = query(sa.select(sa.func.count()).select_from(rewards).where(*_of_earner), int)
_of_code = (
    referrals.c.code_id == sa.bindparam("code_id"),
    only_checked(referrals.c.project_id) == sa.bindparam("project_id"),
)
_BROUGHT: Final = query(
    sa.select(
        referrals.c.id,
        referrals.c.referee_id,
        sa.func.coalesce(customers.c.email, referrals.c.referee_email).label("email"),
        referrals.c.status,
        referrals.c.created_at,
        referrals.c.converted_at,
    )
    .select_from(referrals.join(customers, customers.c.id == referrals.c.referee_id, isouter=True))
    .where(*_of_code)
    .order_by(referrals.c.created_at.desc(), referrals.c.id.desc())
    .limit(_bounds["limit"])
    .offset(_bounds["offset"]),
    BroughtCustomer,
)
_COUNT_BROUGHT: Final = query(sa.select(sa.func.count()).select_from(referrals).where(*_of_code), int)


async def commissions_of(tx: Reading, partner: Partner, page: Page) -> list[Commission]:
    """Return a page of a partner's commissions."""
    who = _who(partner)
    rows = await tx.all(_COMMISSIONS, **who, limit=page.limit, offset=page.offset)
    rates = await rates_of(tx, **who) if rows else []
    return [_commission(row, rates) for row in rows]


async def count_commissions(tx: Reading, partner: Partner) -> int:
    """Return how many commissions a partner has."""
    return await tx.one(_COUNT_COMMISSIONS, **_who(partner))


async def brought_customers(tx: Reading, partner: Partner, page: Page) -> list[BroughtCustomer]:
    """Return a page of those whom a partner brought, void ones too."""
    return await tx.all(
        _BROUGHT, project_id=partner.project_id, code_id=partner.code_id, limit=page.limit, offset=page.offset
    )


async def count_brought(tx: Reading, partner: Partner) -> int:
    """Return how many a partner brought, void ones too."""
    return await tx.one(_COUNT_BROUGHT, project_id=partner.project_id, code_id=partner.code_id)


def wire_status(status: str, *, is_void: bool) -> str:
    """Return a reward's status in the words of the affiliate contract (section 6)."""
    if is_void:
        return VOIDED
    return {HELD: PENDING, SETTLED: PAID}.get(status, APPROVED)


def _who(partner: Partner) -> dict[str, str]:
    return {
        "project_id": partner.project_id,
        "program_id": partner.program_id,
        "customer_id": partner.customer_id,
    }


def _commission(row: Any, rates: Any) -> Commission:
    (identifier, referral_id, source_id, unit, amount, paid_amount, rule, status, created_at, release_at, settled_at,
     content, reason, void_amount, referred_at, payment_at) = row  # fmt: skip
    return Commission(
        id=identifier,
        referral_id=referral_id,
        payment_id=source_id,
        unit=unit,
        amount_cents=amount if reason is None else void_amount,
        basis_points=_plain_share(content, rule, rate_for(rates, referred_at=referred_at, paid_at=payment_at)),
        status=wire_status(status, is_void=reason is not None or (amount == 0 and paid_amount == 0)),
        voided_for=REFUNDED if reason is None and amount == 0 and paid_amount == 0 else reason,
        created_at=created_at,
        payment_at=payment_at,
        approves_at=release_at,
        paid_at=settled_at,
    )


def _plain_share(content: Terms, rule: int, own: Any) -> int | None:
    if own is not None:
        share: int | None = own.basis_points
        return share
    if not 0 <= rule < len(content.rules):
        return None
    found = content.rules[rule]
    if found.product_rates or found.tiers or not isinstance(found.amount, Share):
        return None
    return found.amount.basis_points
