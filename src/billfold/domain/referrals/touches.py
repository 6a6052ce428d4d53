"""Touches: what ties a customer to somebody's code, one row for each thing seen. Who wins is decided by `attribution_rules.py`.

A touch copies what it needs of a click, a checkout or a deal, and is never changed: so a decision can be worked out again after
the click was pruned. What cannot count from the start (an unknown code, a program that is off) is kept with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.ids import new_id
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import customers
from billfold.domain.referrals.code_limits import uses_left
from billfold.domain.referrals.codes import referral_codes
from billfold.domain.referrals.programs import programs
from billfold.domain.referrals.sponsor_lines import closes_ring
from billfold.domain.referrals.terms import TouchKind
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import insert_row, metadata, query
from billfold.infrastructure.db.types import Json, Moment

# What an app or a visitor can do to one customer is bounded; more than this is noise.
MOST_TOUCHES: Final = 100

touches = sa.Table(
    "touches",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    # What was seen: the same click, checkout, invoice or deal is one touch however often it is told.
    sa.Column("key", sa.Text, nullable=False),
    # None for a code that the project does not have.
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id)),
    sa.Column("code_id", sa.Text, sa.ForeignKey(referral_codes.c.id)),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("referrer_id", sa.Text),
    # Perhaps pruned already: no foreign key.
    sa.Column("click_id", sa.Text),
    # Why it cannot count, whatever else happens; None if it can.
    sa.Column("refusal", sa.Text),
    sa.Column("evidence", Json, nullable=False),
    # When it happened: the link was followed, the checkout opened, the deal accepted.
    sa.Column("happened_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("kind IN ('deal', 'checkout_code', 'coupon', 'link', 'manual')", name="kind"),
    sa.UniqueConstraint("project_id", "customer_id", "kind", "key"),
)


@dataclass(frozen=True, slots=True)
class Touch:
    """Something seen, as it is told to `add_touch`: a code by its id or, as somebody typed it, by its text.

    `at` is the team's time when it happened: a link followed, a checkout opened, a deal accepted. `evidence` are a few names
    and values for people. `key` tells it from others of its kind; None: the click's id, or the code.
    """

    project_id: str
    customer_id: str
    kind: TouchKind
    at: datetime
    code_id: str | None = None
    code: str | None = None
    program_id: str | None = None
    click_id: str | None = None
    key: str | None = None
    refusal: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredTouch:
    """A touch of a customer as it is kept; `refusal` says why it can never count."""

    id: str
    project_id: str
    customer_id: str
    kind: TouchKind
    key: str
    program_id: str | None
    code_id: str | None
    code: str
    referrer_id: str | None
    click_id: str | None
    refusal: str | None
    evidence: dict[str, object]
    happened_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Owner:
    code_id: str
    code: str
    program_id: str
    is_active: bool
    max_uses: int | None
    enabled: bool
    referrer_id: str
    is_deleted: bool


_in_project = touches.c.project_id == sa.bindparam("project_id")
_owners = (
    sa.select(
        referral_codes.c.id.label("code_id"),
        referral_codes.c.code,
        referral_codes.c.program_id,
        referral_codes.c.is_active,
        referral_codes.c.max_uses,
        programs.c.enabled,
        customers.c.id.label("referrer_id"),
        customers.c.deleted_at.is_not(None).label("is_deleted"),
    )
    .join_from(referral_codes, programs, programs.c.id == referral_codes.c.program_id)
    .join(customers, customers.c.id == referral_codes.c.customer_id)
    .where(referral_codes.c.project_id == sa.bindparam("project_id"))
)
_BY_CODE: Final = query(_owners.where(referral_codes.c.code == sa.bindparam("code")), _Owner)
_BY_ID: Final = query(_owners.where(referral_codes.c.id == sa.bindparam("code_id")), _Owner)
_ADD: Final = query(insert_row(touches).on_conflict_do_nothing().returning(touches.c.id), str)
_OF_CUSTOMER: Final = query(
    sa.select(*touches.c)
    .where(_in_project, touches.c.customer_id == sa.bindparam("customer_id"))
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    StoredTouch,
)


async def add_touch(tx: Writing, touch: Touch, *, now_at: datetime | None = None) -> StoredTouch | None:
    """Keep a touch and return it, None if it was told before; `attribution.resolve` then decides by all of them.

    `now_at` is the team's present moment, if it is another than the touch's. Raises `NotFound` for an unknown customer. A code
    that brings nobody is no error: the touch is kept with its reason.
    """
    customer = await customer_rows.lock_even_deleted(tx, touch.project_id, touch.customer_id)
    known = await touches_of(tx, touch.project_id, touch.customer_id)
    if len(known) >= MOST_TOUCHES:
        return None
    owner = await _owner(tx, touch)
    refusal = touch.refusal
    if refusal is None:
        refusal = _refusal(owner, customer.id) or await _refusal_by_referrals(tx, touch.project_id, owner, customer.id)
    code = owner.code if owner is not None else (touch.code or "")
    stored = StoredTouch(
        id=new_id("touch_"),
        project_id=touch.project_id,
        customer_id=touch.customer_id,
        kind=touch.kind,
        key=touch.key or touch.click_id or code,
        program_id=touch.program_id if owner is None else owner.program_id,
        code_id=None if owner is None else owner.code_id,
        code=code,
        referrer_id=None if owner is None else owner.referrer_id,
        click_id=touch.click_id,
        refusal=refusal,
        evidence=dict(touch.evidence),
        happened_at=touch.at,
        created_at=now_at or touch.at,
    )
    values = {name: getattr(stored, name) for name in StoredTouch.__slots__}
    return None if await tx.first(_ADD, **values) is None else stored


async def touches_of(tx: Reading, project_id: str, customer_id: str) -> list[StoredTouch]:
    """Return all touches of a customer in the order in which they were told."""
    found = await tx.all(_OF_CUSTOMER, project_id=project_id, customer_id=customer_id, limit=MOST_TOUCHES)
    return sorted(found, key=lambda touch: (touch.created_at, touch.id))


async def _owner(tx: Reading, touch: Touch) -> _Owner | None:
    if touch.code_id is not None:
        return await tx.first(_BY_ID, project_id=touch.project_id, code_id=touch.code_id)
    if touch.code is not None:
        return await tx.first(_BY_CODE, project_id=touch.project_id, code=touch.code)
    return None


def _refusal(owner: _Owner | None, customer_id: str) -> str | None:
    if owner is None:
        return "unknown_code"
    if not owner.is_active or owner.is_deleted:
        return "inactive_code"
    if not owner.enabled:
        return "program_off"
    # One person behind two customers is looked for by `screening.py`, which keeps the referral, void (contract A28).
    return "self_referral" if owner.referrer_id == customer_id else None


async def _refusal_by_referrals(tx: Writing, project_id: str, owner: _Owner | None, customer_id: str) -> str | None:
    if owner is None:
        return None
    if owner.max_uses is not None and not await uses_left(tx, project_id, owner.code_id, owner.max_uses):
        return "used_up_code"
    ring = await closes_ring(
        tx, project_id=project_id, program_id=owner.program_id, referrer_id=owner.referrer_id, referee_id=customer_id
    )
    return "ring" if ring else None
