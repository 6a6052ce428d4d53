"""Payouts: money on its way to one customer in one currency, with the rewards that it is for.

    intent ──▶ sent ──▶ settled          cancelled: an intent, or one by hand, that a person took back; or a transfer reversed
       └────────┴─────▶ failed           failed: it did not arrive. Both give the money back to what is available.

A payment by hand may also come back after it was settled, and Stripe may take back a part of a transfer (`part_reversals.py`).

From the intent on the amount stands in the ledger's `in_transit`, and its lines say which rewards it takes; a line below zero is
a reward that went down after an earlier payout. A payout's id is its idempotency key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.billing.customers import customers
from billfold.domain.ledger.transfers import Posting
from billfold.domain.payouts.batches import payout_batches
from billfold.domain.payouts.methods import payout_methods
from billfold.domain.referrals.programs import programs
from billfold.domain.referrals.rewards import rewards
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import insert_listed, metadata, query
from billfold.infrastructure.db.types import Moment

INTENT: Final = "intent"
SENT: Final = "sent"
SETTLED: Final = "settled"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
STATUSES: Final = (INTENT, SENT, SETTLED, FAILED, CANCELLED)
# Their money went back: their lines take nothing any more.
RETURNED: Final = (FAILED, CANCELLED)
BY_HAND: Final = "by_hand"
STRIPE_TRANSFER: Final = "stripe_transfer"
LONGEST_TEXT: Final = 500
_MOST_LINES: Final = 1_000
_MOST_STEPS: Final = 200

payouts = sa.Table(
    "payouts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), nullable=False),
    sa.Column("batch_id", sa.Text, sa.ForeignKey(payout_batches.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    # What it costs the project; nothing of it is taken from the payee.
    sa.Column("fee_amount", sa.BigInteger, nullable=False),
    sa.Column("rail", sa.Text, nullable=False),
    sa.Column("method_id", sa.Text, sa.ForeignKey(payout_methods.c.id), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    # The wall clock since when it may have been tried at Stripe.
    sa.Column("attempted_at", Moment),
    # The transfer's id, or what whoever paid by hand wrote down.
    sa.Column("reference", sa.Text),
    sa.Column("failure", sa.Text),
    sa.Column("settled_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    # What Stripe took back of a settled transfer: `part_reversals.py` says of which rewards.
    sa.Column("amount_reversed", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("rail IN ('by_hand', 'stripe_transfer')", name="rail"),
    sa.CheckConstraint("status IN ('intent', 'sent', 'settled', 'failed', 'cancelled')", name="status"),
    sa.UniqueConstraint("batch_id", "customer_id", "currency"),
    sa.Index("ix_payouts_batch", "batch_id", "status", "id"),
    sa.Index("ix_payouts_created", "project_id", "created_at", "id"),
    sa.Index("ix_payouts_status", "project_id", "status", "created_at", "id"),
    sa.Index("ix_payouts_customer", "project_id", "customer_id", "created_at", "id"),
)

payout_lines = sa.Table(
    "payout_lines",
    metadata,
    sa.Column("payout_id", sa.Text, sa.ForeignKey(payouts.c.id), primary_key=True),
    sa.Column("reward_id", sa.Text, sa.ForeignKey(rewards.c.id), primary_key=True),
    sa.Column("project_id", sa.Text, nullable=False),
    # What it takes of the reward; below zero what it gives back of an earlier payout.
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.CheckConstraint("amount <> 0", name="amount"),
    sa.Index("ix_payout_lines_reward_id", "reward_id"),
)
forbid_changes(payout_lines)

payout_steps = sa.Table(
    "payout_steps",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("payout_id", sa.Text, sa.ForeignKey(payouts.c.id), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    # A reference or a reason.
    sa.Column("detail", sa.Text),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_payout_steps_payout", "payout_id", "sequence"),
)
forbid_changes(payout_steps)


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout; all moments but `attempted_at` are the team's.

    `amount`, `fee_amount` and `amount_reversed`, what came back of a part of it, are minor units of `currency`.
    """

    id: str
    project_id: str
    program_id: str
    batch_id: str
    customer_id: str
    currency: str
    amount: int
    fee_amount: int
    rail: str
    method_id: str
    status: str
    attempted_at: datetime | None
    reference: str | None
    failure: str | None
    settled_at: datetime | None
    created_at: datetime
    updated_at: datetime
    amount_reversed: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What a payout takes of a reward, with the referral and the payment that earned it."""

    payout_id: str
    reward_id: str
    amount: int
    referral_id: str
    source_id: str
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a payout's way; `at` is the team's time."""

    status: str
    detail: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A row of payout_lines."""

    payout_id: str
    reward_id: str
    project_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Total:
    """What a batch pays in one currency, by one kind of method, in one state; amounts in minor units."""

    currency: str
    method_kind: str
    status: str
    payouts: int
    amount: int
    fee_amount: int


@dataclass(frozen=True, slots=True)
class ListedPayout:
    """A payout with whom it is for and how, as lists show it."""

    payout: Payout
    email: str
    name: str | None
    method_kind: str
    shown: str


_p: Final = payouts.c
_in_project = _p.project_id == sa.bindparam("project_id")
_GET: Final = query(sa.select(*_p).where(_in_project, _p.id == sa.bindparam("payout_id")), Payout)
_LOCK: Final = query(sa.select(*_p).where(_in_project, _p.id == sa.bindparam("payout_id")).with_for_update(), Payout)
_PAYOUT_FIELDS: Final = len(_p)


def _listed(*values: object) -> ListedPayout:
    payout, rest = values[:_PAYOUT_FIELDS], values[_PAYOUT_FIELDS:]
    return ListedPayout(Payout(*payout), *rest)  # type: ignore[arg-type] # the columns of the statement below, in order


_with_whom = sa.select(
    *_p, customers.c.email, customers.c.name, payout_methods.c.kind.label("method_kind"), payout_methods.c.shown
).select_from(
    payouts.join(customers, customers.c.id == _p.customer_id).join(payout_methods, payout_methods.c.id == _p.method_id)
)
_page = (
    _with_whom.where(_in_project)
    .order_by(_p.created_at.desc(), _p.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer()))
)
_GET_LISTED: Final = query(_with_whom.where(_in_project, _p.id == sa.bindparam("payout_id")), _listed)
_LIST: Final = query(_page, _listed)
_LIST_STATUS: Final = query(_page.where(_p.status == sa.bindparam("status")), _listed)
_of_customer = _p.customer_id == sa.bindparam("customer_id")
_LIST_CUSTOMER: Final = query(_page.where(_of_customer), _listed)
_COUNT: Final = query(sa.select(sa.func.count()).where(_in_project), int)
_COUNT_STATUS: Final = query(sa.select(sa.func.count()).where(_in_project, _p.status == sa.bindparam("status")), int)
_COUNT_CUSTOMER: Final = query(sa.select(sa.func.count()).where(_in_project, _of_customer), int)
_OF_BATCH: Final = query(
    _with_whom.where(
        _in_project,
        _p.batch_id == sa.bindparam("batch_id"),
        _p.status == sa.bindparam("status"),
        _p.id > sa.bindparam("after"),
    )
    .order_by(_p.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    _listed,
)


def _total(currency: str, method_kind: str, status: str, payouts: int, *sums: Any) -> Total:
    # PostgreSQL sums whole numbers to a decimal.
    return Total(currency, method_kind, status, payouts, *map(int, sums))


_TOTALS: Final = query(
    sa.select(
        _p.currency,
        payout_methods.c.kind,
        _p.status,
        sa.func.count().label("payouts"),
        sa.func.sum(_p.amount).label("amount"),
        sa.func.sum(_p.fee_amount).label("fee_amount"),
    )
    .select_from(payouts.join(payout_methods, payout_methods.c.id == _p.method_id))
    .where(_in_project, _p.batch_id == sa.bindparam("batch_id"))
    .group_by(_p.currency, payout_methods.c.kind, _p.status)
    .order_by(_p.currency, payout_methods.c.kind, _p.status),
    _total,
)
_LINES: Final = query(
    sa.select(
        payout_lines.c.payout_id,
        payout_lines.c.reward_id,
        payout_lines.c.amount,
        rewards.c.referral_id,
        rewards.c.source_id,
        rewards.c.created_at.label("earned_at"),
    )
    .join_from(payout_lines, rewards, rewards.c.id == payout_lines.c.reward_id)
    .where(
        payout_lines.c.project_id == sa.bindparam("project_id"), payout_lines.c.payout_id == sa.bindparam("payout_id")
    )
    .order_by(payout_lines.c.reward_id)
    .limit(_MOST_LINES),
    Line,
)
_STEPS: Final = query(
    sa.select(payout_steps.c.status, payout_steps.c.detail, payout_steps.c.at)
    .where(
        payout_steps.c.project_id == sa.bindparam("project_id"), payout_steps.c.payout_id == sa.bindparam("payout_id")
    )
    .order_by(payout_steps.c.sequence)
    .limit(_MOST_STEPS),
    Step,
)
ADD_PAYOUTS: Final = insert_listed(payouts, [column.name for column in _p], lambda new: new.returning(_p.id), str)
ADD_LINES: Final = insert_listed(
    payout_lines,
    [column.name for column in payout_lines.c],
    lambda new: new.returning(payout_lines.c.payout_id),
    str,
)


async def get(tx: Reading, project_id: str, payout_id: str) -> Payout:
    """Return a payout or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, payout_id=payout_id)
    return _required(found)


async def lock(tx: Writing, project_id: str, payout_id: str) -> Payout:
    """Return a payout and hold it until the unit ends, or raise `NotFound`."""
    found = await tx.first(_LOCK, project_id=project_id, payout_id=payout_id)
    return _required(found)


async def get_listed(tx: Reading, project_id: str, payout_id: str) -> ListedPayout:
    """Return a payout with whom it is for, or raise `NotFound`."""
    found = await tx.first(_GET_LISTED, project_id=project_id, payout_id=payout_id)
    if found is None:
        raise NotFound("Payout not found.")
    return found


async def list_payouts(
    tx: Reading, project_id: str, page: Page, *, status: str | None = None, customer_id: str | None = None
) -> list[ListedPayout]:
    """Return a page of a project's payouts, newest first: all, those of one status, or those of one customer."""
    where = {"project_id": project_id, "limit": page.limit, "offset": page.offset}
    if customer_id is not None:
        return await tx.all(_LIST_CUSTOMER, **where, customer_id=customer_id)
    if status is not None:
        return await tx.all(_LIST_STATUS, **where, status=status)
    return await tx.all(_LIST, **where)


async def count_payouts(
    tx: Reading, project_id: str, *, status: str | None = None, customer_id: str | None = None
) -> int:
    """Return how many payouts `list_payouts` would page through."""
    if customer_id is not None:
        return await tx.one(_COUNT_CUSTOMER, project_id=project_id, customer_id=customer_id)
    if status is not None:
        return await tx.one(_COUNT_STATUS, project_id=project_id, status=status)
    return await tx.one(_COUNT, project_id=project_id)


async def of_batch(
    tx: Reading, project_id: str, batch_id: str, *, status: str, after: str, limit: int
) -> list[ListedPayout]:
    """Return payouts of a batch in one status, in the order of their ids, behind the id `after`."""
    return await tx.all(_OF_BATCH, project_id=project_id, batch_id=batch_id, status=status, after=after, limit=limit)


async def totals_of_batch(tx: Reading, project_id: str, batch_id: str) -> list[Total]:
    """Return what a batch pays, by currency, kind of method and state."""
    return await tx.all(_TOTALS, project_id=project_id, batch_id=batch_id)


async def lines_of(tx: Reading, project_id: str, payout_id: str) -> list[Line]:
    """Return a payout's lines, at most a thousand of them."""
    return await tx.all(_LINES, project_id=project_id, payout_id=payout_id)


async def steps_of(tx: Reading, project_id: str, payout_id: str) -> list[Step]:
    """Return what happened to a payout after it was prepared, oldest first."""
    return await tx.all(_STEPS, project_id=project_id, payout_id=payout_id)


def posting_of(payout: Payout, verb: str, *, at: datetime) -> Posting:
    """Return the transfer of a payout's whole amount; a payout has one of each verb at most."""
    return Posting(
        key=f"{payout.id}:{verb}",
        project_id=payout.project_id,
        program_id=payout.program_id,
        owner_id=payout.customer_id,
        unit=payout.currency,
        amount=payout.amount,
        reason_id=payout.id,
        source_id=payout.batch_id,
        at=at,
    )


def _required(payout: Payout | None) -> Payout:
    if payout is None:
        raise NotFound("Payout not found.")
    return payout
