"""Partners as the team looks through them: by status, by time, by who they are; and all of them for a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers, normalised_email, normalised_name
from billfold.domain.partners.partners import partners
from billfold.domain.referrals.codes import referral_codes
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.prefixes import begins_with
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.db.types import Moment

MOST_FOUND: Final = 200
SORTS: Final = ("newest", "oldest")


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner in a list; the address and the name are the customer's, `created_at` is in the team's time."""

    id: str
    project_id: str
    program_id: str
    customer_id: str
    code_id: str
    code: str
    type: str
    status: str
    created_at: datetime
    updated_at: datetime
    email: str
    name: str | None


_columns = (
    partners.c.id,
    partners.c.project_id,
    partners.c.program_id,
    partners.c.customer_id,
    partners.c.code_id,
    referral_codes.c.code,
    partners.c.type,
    partners.c.status,
    partners.c.created_at,
    partners.c.updated_at,
    customers.c.email,
    customers.c.name,
)
_joined = (
    sa.select(*_columns)
    .select_from(
        partners.join(referral_codes, referral_codes.c.id == partners.c.code_id).join(
            customers, customers.c.id == partners.c.customer_id
        )
    )
    .where(partners.c.project_id == sa.bindparam("project_id"))
)
_of_status = partners.c.status == sa.bindparam("status")
_bounds = {"limit": sa.bindparam("limit", type_=sa.Integer()), "offset": sa.bindparam("offset", type_=sa.Integer())}
_newest = (partners.c.created_at.desc(), partners.c.id.desc())
_oldest = (partners.c.created_at, partners.c.id)
_page = _joined.limit(_bounds["limit"]).offset(_bounds["offset"])
_LIST: Final = {
    "newest": query(_page.order_by(*_newest), PartnerLine),
    "oldest": query(_page.order_by(*_oldest), PartnerLine),
}
_LIST_OF_STATUS: Final = {
    "newest": query(_page.where(_of_status).order_by(*_newest), PartnerLine),
    "oldest": query(_page.where(_of_status).order_by(*_oldest), PartnerLine),
}
_counted = sa.select(sa.func.count()).select_from(partners).where(partners.c.project_id == sa.bindparam("project_id"))
_COUNT: Final = query(_counted, int)
_COUNT_OF_STATUS: Final = query(_counted.where(_of_status), int)
_living = customers.c.deleted_at.is_(None)
_in_project = customers.c.project_id == sa.bindparam("project_id")
_FIND_EMAIL: Final = query(
    _joined.where(_in_project, _living, begins_with(customers.c.email_normalised, "begin")).limit(_bounds["limit"]),
    PartnerLine,
)
_FIND_NAME: Final = query(
    _joined.where(_in_project, _living, begins_with(customers.c.name_normalised, "begin")).limit(_bounds["limit"]),
    PartnerLine,
)
_FIND_CODE: Final = query(
    _joined.where(
        referral_codes.c.project_id == sa.bindparam("project_id"), referral_codes.c.code == sa.bindparam("wanted")
    ),
    PartnerLine,
)
_FIND_ID: Final = query(_joined.where(partners.c.id == sa.bindparam("wanted")), PartnerLine)
_after = sa.tuple_(partners.c.created_at, partners.c.id) > sa.tuple_(
    sa.bindparam("after_at", type_=Moment()), sa.bindparam("after_id", type_=sa.Text())
)
_EXPORT: Final = query(_joined.where(_after).order_by(*_oldest).limit(_bounds["limit"]), PartnerLine)


async def list_partners(
    tx: Reading, project_id: str, *, status: str | None, sort: str, limit: int, offset: int
) -> list[PartnerLine]:
    """Return a page of partners, of one status if asked; `sort` is one of `SORTS`."""
    bounds: dict[str, Any] = {"project_id": project_id, "limit": limit, "offset": offset}
    if status is None:
        return await tx.all(_LIST[sort], **bounds)
    return await tx.all(_LIST_OF_STATUS[sort], **bounds, status=status)


async def count_partners(tx: Reading, project_id: str, status: str | None = None) -> int:
    """Return how many partners a project has, of one status if asked."""
    if status is None:
        return await tx.one(_COUNT, project_id=project_id)
    return await tx.one(_COUNT_OF_STATUS, project_id=project_id, status=status)


async def find_partners(tx: Reading, project_id: str, text: str) -> list[PartnerLine]:
    """Return partners whose address or name begins with this text, or whose code or id it is; at most 200 of each sort."""
    text = text.strip()
    if text.startswith("aff_"):
        return await tx.all(_FIND_ID, project_id=project_id, wanted=text)
    by_code = await tx.all(_FIND_CODE, project_id=project_id, wanted=text.upper())
    by_name = await tx.all(_FIND_NAME, project_id=project_id, **_begin(normalised_name(text) or ""), limit=MOST_FOUND)
    by_email = await tx.all(_FIND_EMAIL, project_id=project_id, **_begin(normalised_email(text)), limit=MOST_FOUND)
    found = {each.id: each for each in [*by_code, *by_name, *by_email]}
    return sorted(found.values(), key=lambda each: (each.name or each.email).casefold())


async def export_partners(
    tx: Reading, project_id: str, *, after: tuple[datetime, str], limit: int
) -> Sequence[PartnerLine]:
    """Return the next partners in the order in which they came, after the one of this moment and id."""
    return await tx.all(_EXPORT, project_id=project_id, after_at=after[0], after_id=after[1], limit=limit)


def _begin(text: str) -> dict[str, str]:
    return {"begin": text, "begin_end": text}
