"""Deals as the team looks through them: by status and by time, by lead, company or partner; and all of them for a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.partners.deals import deals
from billfold.domain.partners.partners import partners
from billfold.domain.referrals.codes import referral_codes
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.prefixes import begins_with
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.db.types import Moment

MOST_FOUND: Final = 200
SORTS: Final = ("newest", "oldest")


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal with its partner, in the team's time; `estimated_value_cents` is minor units of the project's currency."""

    id: str
    partner_id: str
    partner_name: str | None
    partner_email: str
    code: str
    lead_email: str
    lead_name: str | None
    company: str | None
    company_domain: str | None
    estimated_value_cents: int | None
    status: str
    expires_at: datetime
    renewals: int
    won_at: datetime | None
    created_at: datetime


_joined = (
    sa.select(
        deals.c.id,
        deals.c.partner_id,
        customers.c.name.label("partner_name"),
        customers.c.email.label("partner_email"),
        referral_codes.c.code,
        deals.c.lead_email,
        deals.c.lead_name,
        deals.c.company,
        deals.c.company_domain,
        deals.c.estimated_value_cents,
        deals.c.status,
        deals.c.expires_at,
        deals.c.renewals,
        deals.c.won_at,
        deals.c.created_at,
    )
    .select_from(
        deals.join(partners, partners.c.id == deals.c.partner_id)
        .join(customers, customers.c.id == partners.c.customer_id)
        .join(referral_codes, referral_codes.c.id == partners.c.code_id)
    )
    .where(deals.c.project_id == sa.bindparam("project_id"))
)
_limit = sa.bindparam("limit", type_=sa.Integer())
_page = _joined.limit(_limit).offset(sa.bindparam("offset", type_=sa.Integer()))
_newest = (deals.c.created_at.desc(), deals.c.id.desc())
_oldest = (deals.c.created_at, deals.c.id)
_of_status = deals.c.status == sa.bindparam("status")
_LIST: Final = {
    "newest": query(_page.order_by(*_newest), DealLine),
    "oldest": query(_page.order_by(*_oldest), DealLine),
}
_LIST_OF_STATUS: Final = {
    "newest": query(_page.where(_of_status).order_by(*_newest), DealLine),
    "oldest": query(_page.where(_of_status).order_by(*_oldest), DealLine),
}
_found = _joined.order_by(*_newest).limit(_limit)
_OF_ID: Final = query(_joined.where(deals.c.id == sa.bindparam("wanted")), DealLine)
_OF_LEAD: Final = query(_found.where(begins_with(deals.c.lead_mailbox, "begin")), DealLine)
_OF_COMPANY: Final = query(_joined.where(begins_with(deals.c.company_domain, "begin")).limit(_limit), DealLine)
_OF_PARTNER: Final = query(_found.where(deals.c.partner_id == sa.bindparam("wanted")), DealLine)
_after = sa.tuple_(deals.c.created_at, deals.c.id) > sa.tuple_(
    sa.bindparam("after_at", type_=Moment()), sa.bindparam("after_id", type_=sa.Text())
)
_EXPORT: Final = query(_joined.where(_after).order_by(*_oldest).limit(_limit), DealLine)


async def list_lines(
    tx: Reading, project_id: str, *, status: str | None, sort: str, limit: int, offset: int
) -> list[DealLine]:
    """Return a page of deals, of one status if asked; `sort` is one of `SORTS`."""
    bounds: dict[str, Any] = {"project_id": project_id, "limit": limit, "offset": offset}
    if status is None:
        return await tx.all(_LIST[sort], **bounds)
    return await tx.all(_LIST_OF_STATUS[sort], **bounds, status=status)


async def find_lines(tx: Reading, project_id: str, text: str, *, status: str | None) -> list[DealLine]:
    """Return deals whose lead's address or company's domain begins with this text, or that have or are of this id."""
    wanted = text.strip().lower()
    if wanted.startswith("deal_"):
        found = await tx.all(_OF_ID, project_id=project_id, wanted=wanted)
    elif wanted.startswith("aff_"):
        found = await tx.all(_OF_PARTNER, project_id=project_id, wanted=wanted, limit=MOST_FOUND)
    else:
        begin = {"project_id": project_id, "begin": wanted, "begin_end": wanted, "limit": MOST_FOUND}
        by_lead = await tx.all(_OF_LEAD, **begin)
        known = {each.id for each in by_lead}
        by_company = await tx.all(_OF_COMPANY, **begin)
        found = [*by_lead, *(each for each in by_company if each.id not in known)]
        found.sort(key=lambda each: (each.created_at, each.id), reverse=True)
    return [each for each in found if status in {None, each.status}]


async def lines_of_partner(tx: Reading, project_id: str, partner_id: str, *, limit: int) -> list[DealLine]:
    """Return a partner's newest deals."""
    return await tx.all(_OF_PARTNER, project_id=project_id, wanted=partner_id, limit=limit)


async def export_lines(tx: Reading, project_id: str, *, after: tuple[datetime, str], limit: int) -> Sequence[DealLine]:
    """Return the next deals in the order in which they came, after the one of this moment and id."""
    return await tx.all(_EXPORT, project_id=project_id, after_at=after[0], after_id=after[1], limit=limit)
