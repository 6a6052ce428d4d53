"""The commissions of a program as a list that people filter: who earned what on whose payment, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.analytics.customer_list import find_customers
from billfold.domain.analytics.partner_records import APPROVED, PAID, PENDING, VOIDED, wire_status
from billfold.domain.billing.customers import customers
from billfold.domain.billing.invoices import invoices
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.rewards import HELD, SETTLED, rewards
from billfold.domain.referrals.terms import terms
from billfold.domain.referrals.voids import REFUNDED, voids
from billfold.domain.referrals.write_offs import WRITE_OFF
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import Query, any_of, query
from billfold.infrastructure.db.types import Moment

STATUSES: Final = (PENDING, APPROVED, PAID, VOIDED)
SORTS: Final = ("newest", "oldest")
# Of a search.
MOST_FOUND: Final = 500
_BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AFTER_ALL: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CommissionLine:
    """A commission with both people; amounts are minor units of `unit`.

    `amount` is what it is worth now, `void_amount` what a void one would be, `paid_amount` what payouts took of it. `source_id`
    is the invoice. A write-off has a `write_off_reason`, and no payment.
    """

    id: str
    referral_id: str
    code: str
    rule: int
    source_id: str
    terms_version: int
    earner_id: str
    earner_email: str | None
    earner_name: str | None
    referee_id: str | None
    referee_email: str | None
    unit: str
    amount: int
    paid_amount: int
    inner_status: str
    release_at: datetime
    settled_at: datetime | None
    settlement_id: str | None
    created_at: datetime
    payment_at: datetime
    void_reason: str | None
    void_note: str | None
    void_by: str | None
    void_amount: int | None
    void_with_referral: bool | None
    failure: str | None

    @property
    def status(self) -> str:
        """In the words of the affiliate contract: pending, approved, paid or voided."""
        return wire_status(self.inner_status, is_void=self.why_void is not None)

    @property
    def why_void(self) -> str | None:
        """Why it counts for nothing: somebody's reason, or that all of its payment went back before it was paid out."""
        if self.void_reason is not None:
            return self.void_reason
        return REFUNDED if self.amount == 0 and self.paid_amount == 0 else None

    @property
    def shown_amount(self) -> int:
        """What it is worth, or would be if it were not void."""
        return self.amount if self.void_amount is None else self.void_amount

    @property
    def write_off_reason(self) -> str | None:
        """Why it was given without a payment; None for a commission on one."""
        return self.failure if self.rule == WRITE_OFF else None


_earner = customers.alias("earner")
_referee = customers.alias("referee")
_rows = sa.select(
    rewards.c.id,
    rewards.c.referral_id,
    referrals.c.code,
    rewards.c.rule,
    rewards.c.source_id,
    terms.c.version.label("terms_version"),
    rewards.c.earner_id,
    _earner.c.email.label("earner_email"),
    _earner.c.name.label("earner_name"),
    referrals.c.referee_id,
    _referee.c.email.label("referee_email"),
    rewards.c.unit,
    rewards.c.amount,
    rewards.c.paid_amount,
    rewards.c.status.label("inner_status"),
    rewards.c.release_at,
    rewards.c.settled_at,
    rewards.c.settlement_id,
    rewards.c.created_at,
    # Stripe may tell of a payment days later.
    sa.func.coalesce(invoices.c.paid_at, rewards.c.created_at, type_=Moment()).label("payment_at"),
    voids.c.reason.label("void_reason"),
    voids.c.note.label("void_note"),
    voids.c.by.label("void_by"),
    voids.c.amount.label("void_amount"),
    voids.c.with_referral.label("void_with_referral"),
    rewards.c.failure,
).select_from(
    rewards.join(referrals, referrals.c.id == rewards.c.referral_id)
    .join(terms, terms.c.id == rewards.c.terms_id)
    .join(_earner, _earner.c.id == rewards.c.earner_id, isouter=True)
    .join(_referee, _referee.c.id == referrals.c.referee_id, isouter=True)
    .join(
        invoices,
        sa.and_(invoices.c.project_id == rewards.c.project_id, invoices.c.id == rewards.c.source_id),
        isouter=True,
    )
    .join(voids, sa.and_(voids.c.project_id == rewards.c.project_id, voids.c.subject_id == rewards.c.id), isouter=True)
)
_is_void = sa.or_(
    sa.exists().where(voids.c.project_id == rewards.c.project_id, voids.c.subject_id == rewards.c.id),
    sa.and_(rewards.c.amount == 0, rewards.c.paid_amount == 0),
)
_OF_STATUS: Final = {
    None: sa.true(),
    PENDING: sa.and_(rewards.c.status == HELD, ~_is_void),
    APPROVED: sa.and_(
        rewards.c.status.not_in([sa.literal_column("'held'"), sa.literal_column("'settled'")]), ~_is_void
    ),
    PAID: sa.and_(rewards.c.status == SETTLED, ~_is_void),
    VOIDED: _is_void,
}
_mine = (
    rewards.c.project_id == sa.bindparam("project_id"),
    rewards.c.program_id == sa.bindparam("program_id"),
    # As the index has it.
    sa.text("rewards.settles_as = 'payout'"),
)
_place = sa.tuple_(rewards.c.created_at, rewards.c.id)
_seen = sa.tuple_(sa.bindparam("seen_at", type_=Moment()), sa.bindparam("seen_id", type_=sa.Text()))
_ORDER: Final = {
    "newest": (rewards.c.created_at.desc(), rewards.c.id.desc()),
    "oldest": (rewards.c.created_at, rewards.c.id),
}


def _page(status: str | None, sort: str, *, of_earner: bool) -> Query[CommissionLine]:
    """Return one page; people and terms are looked up for its rows alone, not for those that the offset skips."""
    chosen = (
        sa.select(rewards.c.id)
        .where(*_mine, _OF_STATUS[status], *_of_earner(of_earner))
        .order_by(*_ORDER[sort])
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .offset(sa.bindparam("offset", type_=sa.Integer()))
        .subquery("chosen")
    )
    return query(_rows.join(chosen, chosen.c.id == rewards.c.id), CommissionLine)


def _beyond(status: str | None, sort: str) -> Query[CommissionLine]:
    """Return the rows behind one that was seen: however far back, nothing is walked over."""
    chosen = (
        sa.select(rewards.c.id)
        .where(*_mine, _OF_STATUS[status], _place < _seen if sort == "newest" else _place > _seen)
        .order_by(*_ORDER[sort])
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .subquery("chosen")
    )
    return query(_rows.join(chosen, chosen.c.id == rewards.c.id), CommissionLine)


def _of_earner(of_earner: bool) -> tuple[sa.ColumnElement[bool], ...]:  # noqa: FBT001 - one place, two statements
    return (rewards.c.earner_id == sa.bindparam("earner_id"),) if of_earner else ()


_PAGES: Final = {
    (status, sort, of_earner): _page(status, sort, of_earner=of_earner)
    for status in _OF_STATUS
    for sort in SORTS
    for of_earner in (False, True)
}
_EXPORT: Final = {(status, sort): _beyond(status, sort) for status in _OF_STATUS for sort in SORTS}
_COUNTS: Final = {
    (status, of_earner): query(
        sa.select(sa.func.count()).select_from(rewards).where(*_mine, _OF_STATUS[status], *_of_earner(of_earner)), int
    )
    for status in _OF_STATUS
    for of_earner in (False, True)
}
_checked = (
    only_checked(rewards.c.project_id) == sa.bindparam("project_id"),
    only_checked(rewards.c.program_id) == sa.bindparam("program_id"),
    sa.text("rewards.settles_as = 'payout'"),
)
_FOUND: Final = tuple(
    query(
        _rows.where(*_checked, any_of(column, "wanted")).limit(sa.bindparam("limit", type_=sa.Integer())),
        CommissionLine,
    )
    for column in (rewards.c.earner_id, referrals.c.referee_id, rewards.c.referral_id, rewards.c.id)
)
_GET: Final = query(
    _rows.where(rewards.c.project_id == sa.bindparam("project_id"), rewards.c.id == sa.bindparam("reward_id")),
    CommissionLine,
)


async def list_commissions(
    tx: Reading,
    project_id: str,
    program_id: str,
    *,
    status: str | None = None,
    sort: str = "newest",
    earner_id: str | None = None,
    limit: int,
    offset: int,
) -> list[CommissionLine]:
    """Return a page of a program's commissions: all or of one status, everybody's or one earner's."""
    found = await tx.all(
        _PAGES[status, sort, earner_id is not None],
        project_id=project_id,
        program_id=program_id,
        limit=limit,
        offset=offset,
        **_earner_of(earner_id),
    )
    return _sorted(found, sort)


async def count_commissions(
    tx: Reading, project_id: str, program_id: str, *, status: str | None = None, earner_id: str | None = None
) -> int:
    """Return how many commissions there are, as `list_commissions` narrows them."""
    return await tx.one(
        _COUNTS[status, earner_id is not None],
        project_id=project_id,
        program_id=program_id,
        **_earner_of(earner_id),
    )


async def search_commissions(
    tx: Reading, project_id: str, program_id: str, text: str, *, status: str | None, sort: str
) -> list[CommissionLine]:
    """Return the commissions of the customers whom a text names, on either side, or those that it names; at most 500 of each."""
    people = [each.id for each in await find_customers(tx, project_id, text)]
    is_id = text.isascii() and text.startswith(("rw_", "ref_"))
    wanted = (people, people, [text] if is_id else [], [text] if is_id else [])
    found: dict[str, CommissionLine] = {}
    for statement, ids in zip(_FOUND, wanted, strict=True):
        if ids:
            rows = await tx.all(statement, project_id=project_id, program_id=program_id, wanted=ids, limit=MOST_FOUND)
            found |= {each.id: each for each in rows if status in {None, each.status}}
    return _sorted(list(found.values()), sort)


async def export_commissions(
    tx: Reading,
    project_id: str,
    program_id: str,
    *,
    status: str | None,
    sort: str,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[CommissionLine]:
    """Return the next commissions behind the one of this moment and id, from the first for None: for a file of all of them."""
    seen_at, seen_id = after or (_BEFORE_ALL if sort == "oldest" else _AFTER_ALL, "")
    found = await tx.all(
        _EXPORT[status, sort],
        project_id=project_id,
        program_id=program_id,
        seen_at=seen_at,
        seen_id=seen_id,
        limit=limit,
    )
    return _sorted(found, sort)


async def find_commission(tx: Reading, project_id: str, reward_id: str) -> CommissionLine | None:
    """Return one commission of the project."""
    return await tx.first(_GET, project_id=project_id, reward_id=reward_id)


def _earner_of(earner_id: str | None) -> dict[str, Any]:
    return {} if earner_id is None else {"earner_id": earner_id}


def _sorted(found: list[CommissionLine], sort: str) -> list[CommissionLine]:
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=sort == "newest")
