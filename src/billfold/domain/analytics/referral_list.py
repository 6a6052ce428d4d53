"""The referrals of a project as a list that people filter: who brought whom, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.domain.analytics.customer_list import find_customers
from billfold.domain.billing.customers import customers
from billfold.domain.referrals import codes
from billfold.domain.referrals.referrals import PENDING, referrals
from billfold.domain.referrals.rewards import rewards
from billfold.domain.referrals.terms import terms
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import any_of, query, row_tuple
from billfold.infrastructure.db.types import Moment

# Pending referrals are counted up to here: beyond it nobody asks how many more.
COUNTED_UP_TO: Final = 10_000


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A referral with both people; a referee without an account yet has no id, only the address if it is still kept."""

    id: str
    program_id: str
    code: str
    status: str
    created_at: datetime
    converted_at: datetime | None
    referrer_id: str
    referrer_email: str | None
    referrer_name: str | None
    referee_id: str | None
    referee_email: str | None
    referee_name: str | None
    terms_id: str
    terms_version: int | None


@dataclass(frozen=True, slots=True)
class Earned:
    """What a referral gave to one side in one unit: `amount` in minor units, `failed` how many rewards could not be given."""

    referral_id: str
    unit: str
    amount: int
    failed: int


_referrer = customers.alias("referrer")
_referee = customers.alias("referee")
_project = referrals.c.project_id == sa.bindparam("project_id")
_rows = sa.select(
    referrals.c.id,
    referrals.c.program_id,
    referrals.c.code,
    referrals.c.status,
    referrals.c.created_at,
    referrals.c.converted_at,
    referrals.c.referrer_id,
    _referrer.c.email.label("referrer_email"),
    _referrer.c.name.label("referrer_name"),
    referrals.c.referee_id,
    sa.func.coalesce(_referee.c.email, referrals.c.referee_email).label("referee_email"),
    _referee.c.name.label("referee_name"),
    referrals.c.terms_id,
    terms.c.version.label("terms_version"),
).select_from(
    referrals.join(_referrer, _referrer.c.id == referrals.c.referrer_id, isouter=True)
    .join(_referee, _referee.c.id == referrals.c.referee_id, isouter=True)
    .join(terms, terms.c.id == referrals.c.terms_id, isouter=True)
)
# Of what another index finds.
_checked = only_checked(referrals.c.project_id) == sa.bindparam("project_id")


def _page(*order: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return one page; people and terms are looked up for its rows alone, not for those that the offset skips."""
    chosen = (
        sa.select(referrals.c.id)
        .where(_project, referrals.c.status == sa.bindparam("status"))
        .order_by(*order)
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .offset(sa.bindparam("offset", type_=sa.Integer()))
        .subquery("chosen")
    )
    return _rows.join(chosen, chosen.c.id == referrals.c.id)


_OF_STATUS: Final = {
    "newest": query(_page(referrals.c.created_at.desc(), referrals.c.id.desc()), ReferralLine),
    "oldest": query(_page(referrals.c.created_at, referrals.c.id), ReferralLine),
}
_place = sa.tuple_(referrals.c.created_at, referrals.c.id)
_seen = sa.tuple_(sa.bindparam("seen_at", type_=Moment()), sa.bindparam("seen_id", type_=sa.Text()))


def _beyond(order: tuple[sa.ColumnElement[Any], ...], is_beyond: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the rows behind one that was seen: however far back, nothing is walked over."""
    chosen = (
        sa.select(referrals.c.id)
        .where(_project, referrals.c.status == sa.bindparam("status"), is_beyond)
        .order_by(*order)
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .subquery("chosen")
    )
    return _rows.join(chosen, chosen.c.id == referrals.c.id)


_EXPORT: Final = {
    "newest": query(_beyond((referrals.c.created_at.desc(), referrals.c.id.desc()), _place < _seen), ReferralLine),
    "oldest": query(_beyond((referrals.c.created_at, referrals.c.id), _place > _seen), ReferralLine),
}
_BY_REFERRER: Final = query(
    _rows.where(_checked, referrals.c.referrer_id == sa.bindparam("customer_id")).limit(
        sa.bindparam("limit", type_=sa.Integer())
    ),
    ReferralLine,
)
_FOUND: Final = tuple(
    query(
        _rows.where(_checked, any_of(column, "wanted")).limit(sa.bindparam("limit", type_=sa.Integer())), ReferralLine
    )
    for column in (referrals.c.referrer_id, referrals.c.referee_id, referrals.c.code_id)
)
_OF_REFEREE: Final = query(_rows.where(_checked, referrals.c.referee_id == sa.bindparam("customer_id")), ReferralLine)
_GET: Final = query(_rows.where(_project, referrals.c.id == sa.bindparam("referral_id")), ReferralLine)
_EARNED: Final = query(
    sa.select(
        rewards.c.referral_id,
        rewards.c.unit,
        sa.type_coerce(sa.func.sum(rewards.c.amount), sa.BigInteger()).label("amount"),
        sa.type_coerce(sa.func.sum(sa.case((rewards.c.status == "failed", 1), else_=0)), sa.BigInteger()).label(
            "failed"
        ),
    )
    .where(
        only_checked(rewards.c.project_id) == sa.bindparam("project_id"), any_of(rewards.c.referral_id, "referral_ids")
    )
    .group_by(rewards.c.referral_id, rewards.c.unit),
    row_tuple,
)
_pending = (
    sa.select(referrals.c.terms_id)
    .where(_project, referrals.c.status == PENDING)
    .limit(COUNTED_UP_TO)
    .subquery("pending")
)
_PENDING_BY_TERMS: Final = query(
    sa.select(_pending.c.terms_id, terms.c.version, sa.func.count())
    .select_from(_pending.join(terms, terms.c.id == _pending.c.terms_id))
    .group_by(_pending.c.terms_id, terms.c.version),
    row_tuple,
)
# Of a search.
MOST_FOUND: Final = 500
_BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AFTER_ALL: Final = datetime(9999, 1, 1, tzinfo=UTC)
STATUSES: Final = ("pending", "converted", "expired", "void")


async def list_referrals(
    tx: Reading, project_id: str, *, status: str | None, sort: str, limit: int, offset: int
) -> list[ReferralLine]:
    """Return a page of the project's referrals, of one status if asked.

    Without one the four statuses are read side by side and merged, so that each is served by the index of its own.
    """
    if status is not None:
        found = await tx.all(_OF_STATUS[sort], project_id=project_id, status=status, limit=limit, offset=offset)
        return _sorted(found, sort)
    found = []
    for each in STATUSES:
        found += await tx.all(_OF_STATUS[sort], project_id=project_id, status=each, limit=limit + offset, offset=0)
    return _sorted(found, sort)[offset : offset + limit]


def _sorted(found: list[ReferralLine], sort: str) -> list[ReferralLine]:
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=sort == "newest")


async def search_referrals(
    tx: Reading, project_id: str, text: str, *, status: str | None, sort: str
) -> list[ReferralLine]:
    """Return the referrals by and of the customers whom a text names, or by the code that it is; at most 500 of each."""
    people = [each.id for each in await find_customers(tx, project_id, text)]
    try:
        code = [(await codes.get(tx, project_id, text)).id]
    except NotFound:
        code = []
    found: dict[str, ReferralLine] = {}
    for statement, wanted in zip(_FOUND, (people, people, code), strict=True):
        if wanted:
            rows = await tx.all(statement, project_id=project_id, wanted=wanted, limit=MOST_FOUND)
            found |= {each.id: each for each in rows if status in {None, each.status}}
    return _sorted(list(found.values()), sort)


async def export_referrals(
    tx: Reading, project_id: str, *, status: str | None, sort: str, after: tuple[datetime, str] | None, limit: int
) -> list[ReferralLine]:
    """Return the next referrals behind the one of this moment and id, from the first for None: for a file of all of them."""
    seen_at, seen_id = after or (_BEFORE_ALL if sort == "oldest" else _AFTER_ALL, "")
    found: list[ReferralLine] = []
    for each in STATUSES if status is None else (status,):
        found += await tx.all(
            _EXPORT[sort], project_id=project_id, status=each, seen_at=seen_at, seen_id=seen_id, limit=limit
        )
    return _sorted(found, sort)[:limit]


async def referrals_by(tx: Reading, project_id: str, customer_id: str, *, limit: int = 100) -> list[ReferralLine]:
    """Return whom a customer brought, newest first; of more than `limit` any."""
    found = await tx.all(_BY_REFERRER, project_id=project_id, customer_id=customer_id, limit=limit)
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)


async def referral_of(tx: Reading, project_id: str, customer_id: str) -> ReferralLine | None:
    """Return the referral that brought a customer."""
    return await tx.first(_OF_REFEREE, project_id=project_id, customer_id=customer_id)


async def find_referral(tx: Reading, project_id: str, referral_id: str) -> ReferralLine | None:
    """Return one referral of the project."""
    return await tx.first(_GET, project_id=project_id, referral_id=referral_id)


async def earned_by(tx: Reading, project_id: str, referral_ids: Sequence[str]) -> dict[str, list[Earned]]:
    """Return what each of some referrals gave, one entry for each unit."""
    if not referral_ids:
        return {}
    rows: list[tuple[Any, ...]] = await tx.all(_EARNED, project_id=project_id, referral_ids=list(referral_ids))
    found: dict[str, list[Earned]] = {}
    for referral_id, unit, amount, failed in rows:
        # PostgreSQL sums whole numbers to a decimal.
        found.setdefault(referral_id, []).append(Earned(referral_id, unit, int(amount), int(failed)))
    return found


async def pending_by_version(tx: Reading, project_id: str) -> dict[int, int]:
    """Return how many pending referrals keep which version of the terms; counted up to 10,000 in all."""
    rows = await tx.all(_PENDING_BY_TERMS, project_id=project_id)
    found: dict[int, int] = {}
    for _, version, count in rows:
        found[version] = found.get(version, 0) + count
    return dict(sorted(found.items()))
