"""Stripe's promotion codes that belong to a partner: whoever pays with one was brought by that partner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.base.ids import new_id
from billfold.domain.referrals import codes
from billfold.domain.referrals.codes import referral_codes
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Database, Reading, Write, Writing
from billfold.infrastructure.db.statements import any_of, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripePromotionCode

MOST_CODES: Final = 1_000
STRIPE_PREFIX: Final = "promo_"

promotion_codes = sa.Table(
    "promotion_codes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("stripe_promotion_code_id", sa.Text, nullable=False),
    # What the buyer types, as Stripe said it when it was tied.
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("code_id", sa.Text, sa.ForeignKey(referral_codes.c.id), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("project_id", "stripe_promotion_code_id"),
    sa.Index("ix_promotion_codes_code_id", "code_id"),
)


@dataclass(frozen=True, slots=True)
class PromotionCode:
    """A promotion code with the referral code that it stands for; `created_at` is in the team's time."""

    id: str
    project_id: str
    stripe_promotion_code_id: str
    text: str
    code_id: str
    created_at: datetime
    code: str


_with_code = sa.select(*promotion_codes.c, referral_codes.c.code).join_from(
    promotion_codes, referral_codes, referral_codes.c.id == promotion_codes.c.code_id
)
_in_project = promotion_codes.c.project_id == sa.bindparam("project_id")
_LIST: Final = query(
    _with_code.where(_in_project)
    .order_by(promotion_codes.c.stripe_promotion_code_id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    PromotionCode,
)
_USED: Final = query(
    _with_code.where(_in_project, any_of(promotion_codes.c.stripe_promotion_code_id, "stripe_ids")), PromotionCode
)
_ADD: Final = query(
    insert_row(promotion_codes)
    .on_conflict_do_nothing(index_elements=["project_id", "stripe_promotion_code_id"])
    .returning(promotion_codes.c.id),
    str,
)
_REMOVE: Final = query(
    sa.delete(promotion_codes)
    .where(_in_project, promotion_codes.c.id == sa.bindparam("tie_id"))
    .returning(promotion_codes.c.id),
    str,
)


async def tie_promotion_code(
    db: Database,
    stripe: StripeGateway,
    *,
    project_id: str,
    code: str,
    promotion: str,
    write: Write | None = None,
    at: datetime,
) -> PromotionCode:
    """Tie a promotion code, by Stripe's id or as buyers type it, to a referral code.

    Raises `NotFound` for a code that the project or the promotion code that Stripe does not have, `Conflict` if it is tied
    already. What was paid with it before is not touched.
    """
    await db.read(codes.get, project_id, code)
    found = await find_promotion_code(stripe, promotion)
    return await (write or db.write)(_tie, project_id, code, found, at=at)


async def find_promotion_code(stripe: StripeGateway, promotion: str) -> StripePromotionCode:
    """Return a promotion code by Stripe's id or as buyers type it, or raise `NotFound`."""
    given = promotion.strip()
    found = None
    if given.startswith(STRIPE_PREFIX):
        found = await stripe.get_promotion_code(given)
    elif given:
        found = next(iter(await stripe.find_promotion_codes(given)), None)
    if found is None:
        raise NotFound("Stripe has no such promotion code. Make it there first.")
    return found


async def _tie(tx: Writing, project_id: str, code: str, found: StripePromotionCode, *, at: datetime) -> PromotionCode:
    owner = await codes.get(tx, project_id, code)
    if len(await tied_codes(tx, project_id)) >= MOST_CODES:
        raise Conflict(f"A project ties at most {MOST_CODES} promotion codes: remove those that nobody uses.")
    tied = PromotionCode(new_id("tie_"), project_id, found.id, found.code, owner.id, at, owner.code)
    values = values_of(tied)
    del values["code"]
    if await tx.first(_ADD, **values) is None:
        raise Conflict("This promotion code belongs to somebody already: remove that first.")
    return tied


async def tied_codes(tx: Reading, project_id: str) -> list[PromotionCode]:
    """Return a project's tied promotion codes."""
    return await tx.all(_LIST, project_id=project_id, limit=MOST_CODES)


async def used_codes(tx: Reading, project_id: str, stripe_ids: Sequence[str]) -> list[PromotionCode]:
    """Return which of these promotion codes belong to somebody."""
    return await tx.all(_USED, project_id=project_id, stripe_ids=list(stripe_ids)) if stripe_ids else []


async def untie_promotion_code(tx: Writing, *, project_id: str, tie_id: str) -> None:
    """Have a promotion code bring nobody any more; what it brought stays. `NotFound` if it is not tied."""
    if await tx.first(_REMOVE, project_id=project_id, tie_id=tie_id) is None:
        raise NotFound("Promotion code not found.")
