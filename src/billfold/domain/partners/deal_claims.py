"""What happens to deals: registered, decided, renewed, matched with who pays, expired (contract A30: the first claim stands)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Forbidden, Invalid
from billfold.base.ids import new_id
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import checked_email, normalised_email
from billfold.domain.partners import partners as partner_rows
from billfold.domain.partners.auto_approval import DOMAIN
from billfold.domain.partners.deal_settings import get_deal_settings
from billfold.domain.partners.deals import ACCEPTED, DECLINED, EXPIRED, PENDING, WON, Deal, deals, get_deal, rivals_of
from billfold.domain.partners.events import DealAccepted, DealDeclined, DealRegistered, DealWon
from billfold.domain.partners.partners import PARTNER, Partner
from billfold.domain.partners.programs import require_enabled
from billfold.domain.partners.texts import optional_text
from billfold.domain.referrals.attribution import first_payment_of, is_undecided
from billfold.domain.referrals.mailbox import organisation_of, same_mailbox, written_mailbox
from billfold.domain.referrals.touches import Touch, add_touch
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.events import publish

LONGEST_NAME: Final = 200
LONGEST_NOTES: Final = 5_000
_LARGEST_VALUE: Final = 10**12
_NO_DEALS: Final = "This app takes no deals."
_WRONG_TYPE: Final = "Only partners who came through an application may register deals: ask the team of this app."
_TAKEN: Final = "This lead is registered already: the first claim stands."
_IS_CUSTOMER: Final = "This lead is a paying customer already."


@dataclass(frozen=True, slots=True)
class Lead:
    """What a partner tells of a lead; `company_domain` None: that of the address, if it is an organisation's."""

    email: str
    name: str | None = None
    company: str | None = None
    company_domain: str | None = None
    notes: str | None = None
    estimated_value_cents: int | None = None


_ADD: Final = query(insert_row(deals).on_conflict_do_nothing().returning(deals.c.id), str)
_its = sa.and_(deals.c.project_id == sa.bindparam("of_project"), deals.c.id == sa.bindparam("deal_id"))
_at = sa.bindparam("at", type_=Moment())
_DECIDE: Final = query(
    sa.update(deals)
    .where(_its, deals.c.status == sa.literal_column("'pending'"), deals.c.expires_at > _at)
    .values(
        status=sa.bindparam("new_status"),
        decline_reason=sa.bindparam("new_reason"),
        reviewed_by=sa.bindparam("new_reviewer"),
        reviewed_at=_at,
        expires_at=sa.bindparam("new_expiry", type_=Moment()),
        updated_at=_at,
    )
    .returning(*deals.c),
    Deal,
)
_RENEW: Final = query(
    sa.update(deals)
    .where(
        _its,
        deals.c.status.in_([sa.literal_column("'pending'"), sa.literal_column("'accepted'")]),
        deals.c.expires_at > _at,
        deals.c.renewals < sa.bindparam("most", type_=sa.BigInteger()),
    )
    .values(renewals=deals.c.renewals + 1, expires_at=sa.bindparam("new_expiry", type_=Moment()), updated_at=_at)
    .returning(*deals.c),
    Deal,
)
_WIN: Final = query(
    sa.update(deals)
    .where(_its, deals.c.status == sa.literal_column("'accepted'"))
    .values(status=WON, customer_id=sa.bindparam("new_customer"), won_at=_at, updated_at=_at)
    .returning(*deals.c),
    Deal,
)
_EXPIRE_LEAD: Final = command(
    sa.update(deals)
    .where(
        deals.c.project_id == sa.bindparam("of_project"),
        sa.text("status IN ('pending', 'accepted')"),
        sa.or_(
            deals.c.lead_mailbox == sa.bindparam("mailbox"),
            deals.c.company_domain == sa.bindparam("domain", type_=sa.Text()),
        ),
        deals.c.expires_at <= _at,
    )
    .values(status=EXPIRED, updated_at=_at)
)
_EXPIRE: Final = command(
    sa.update(deals)
    .where(
        deals.c.team_id == sa.bindparam("of_team"),
        sa.text("status IN ('pending', 'accepted')"),
        deals.c.expires_at <= _at,
    )
    .values(status=EXPIRED, updated_at=_at)
)
_accepted = sa.and_(
    deals.c.project_id == sa.bindparam("project_id"),
    deals.c.status == sa.literal_column("'accepted'"),
    deals.c.expires_at > sa.bindparam("paid_at", type_=Moment()),
    # Who had paid before the team accepted the deal was nobody's lead any more.
    deals.c.reviewed_at < sa.bindparam("second_after", type_=Moment()),
)
_ANY: Final = query(
    sa.select(deals.c.id)
    .where(deals.c.project_id == sa.bindparam("project_id"), deals.c.status == sa.literal_column("'accepted'"))
    .limit(1),
    str,
)
_OF_MAILBOX: Final = query(
    sa.select(*deals.c).where(
        _accepted, sa.text("status IN ('pending', 'accepted')"), deals.c.lead_mailbox == sa.bindparam("mailbox")
    ),
    Deal,
)
_OF_DOMAIN: Final = query(
    sa.select(*deals.c).where(_accepted, deals.c.company_domain == sa.bindparam("company_domain")), Deal
)


async def register(tx: Writing, partner: Partner, given: Lead, *, at: datetime, now: datetime) -> Deal:
    """Register a lead of a partner.

    Raises `Forbidden` if the partner may not, `Invalid` for his own address or a field that cannot be, `Conflict` if the lead
    is claimed or pays already (A30).
    """
    program = await require_enabled(tx, partner.project_id)
    settings = await get_deal_settings(tx, program.project_id, at=at)
    if not settings.enabled:
        raise Forbidden(_NO_DEALS)
    if partner.type != PARTNER:
        raise Forbidden(_WRONG_TYPE)
    lead = checked(given)
    own = await customer_rows.get(tx, partner.project_id, partner.customer_id)
    if same_mailbox(own.email, lead.email):
        raise Invalid("leadEmail must be somebody else's address, not your own.")
    await _require_no_customer(tx, partner.project_id, lead.email)
    mailbox = written_mailbox(lead.email)
    # What has run out protects nothing, even before the sweep came by.
    await tx.run(_EXPIRE_LEAD, of_project=partner.project_id, mailbox=mailbox, domain=lead.company_domain, at=at)
    deal = Deal(
        id=new_id("deal_"),
        team_id=partner.team_id,
        project_id=partner.project_id,
        partner_id=partner.id,
        lead_email=lead.email,
        lead_mailbox=mailbox,
        lead_name=lead.name,
        company=lead.company,
        company_domain=lead.company_domain,
        notes=lead.notes,
        estimated_value_cents=lead.estimated_value_cents,
        status=PENDING,
        expires_at=at + timedelta(days=settings.protection_days),
        renewals=0,
        decline_reason=None,
        reviewed_by=None,
        reviewed_at=None,
        customer_id=None,
        won_at=None,
        created_at=at,
        updated_at=at,
    )
    if await tx.first(_ADD, **values_of(deal)) is None:
        raise Conflict(_TAKEN)
    await publish(tx, DealRegistered(deal.team_id, deal.project_id, deal.id, told(deal)), happened_at=at, now=now)
    return deal


async def review(
    tx: Writing,
    project_id: str,
    deal_id: str,
    *,
    accept: bool,
    reason: str | None,
    reviewer: str,
    at: datetime,
    now: datetime,
) -> Deal:
    """Accept a pending deal, or decline it with a reason that the partner reads.

    Raises `NotFound`, or `Conflict` if it was decided before, has expired, or another claim on the same company is accepted.
    """
    deal = await get_deal(tx, project_id, deal_id)
    settings = await get_deal_settings(tx, project_id, at=at)
    if deal.status not in {PENDING, EXPIRED}:
        raise Conflict(f"This deal was {deal.status} before.")
    if accept:
        for rival in await rivals_of(tx, deal):
            if rival.status == ACCEPTED and rival.expires_at > at:
                raise Conflict(f"The deal {rival.id} protects this company already: it stands until it expires.")
        await tx.run(_EXPIRE_LEAD, of_project=project_id, mailbox="", domain=deal.company_domain, at=at)
    decided = await tx.first(
        _DECIDE,
        of_project=project_id,
        deal_id=deal_id,
        new_status=ACCEPTED if accept else DECLINED,
        new_reason=None if accept else optional_text("reason", reason, LONGEST_NOTES),
        new_reviewer=reviewer,
        new_expiry=at + timedelta(days=settings.protection_days) if accept else deal.expires_at,
        at=at,
    )
    if decided is None:
        found = await get_deal(tx, project_id, deal_id)
        raise Conflict(
            "This deal has expired." if found.status in {PENDING, EXPIRED} else f"This deal was {found.status} before."
        )
    event = DealAccepted if accept else DealDeclined
    await publish(tx, event(deal.team_id, project_id, deal_id, told(decided)), happened_at=at, now=now)
    return decided


async def renew(tx: Writing, deal: Deal, *, by_team: bool, at: datetime) -> Deal:
    """Protect a deal for one more window from now; a partner may do so as often as the project's settings say.

    Raises `Conflict` if it is not open any more or the renewals are used up.
    """
    settings = await get_deal_settings(tx, deal.project_id, at=at)
    renewed = await tx.first(
        _RENEW,
        of_project=deal.project_id,
        deal_id=deal.id,
        most=deal.renewals + 1 if by_team else settings.renewals_max,
        new_expiry=at + timedelta(days=settings.protection_days),
        at=at,
    )
    if renewed is None:
        found = await get_deal(tx, deal.project_id, deal.id)
        raise Conflict(
            "This deal was renewed as often as the app allows."
            if found.is_open(at)
            else "Only a deal that has not expired can be renewed."
        )
    return renewed


async def match(tx: Writing, *, project_id: str, customer_id: str, at: datetime, now: datetime) -> Deal | None:
    """Tie a customer who has paid for the first time to the accepted deal about him, which is won; None if there is none.

    The mailbox goes before the company's domain. What it is worth against links and codes, the program's precedence says.
    """
    # Nearly every payment is of a project without deals, or of a customer whose partner is fixed.
    if await tx.first(_ANY, project_id=project_id) is None or not await is_undecided(tx, project_id, customer_id):
        return None
    paid_at = await first_payment_of(tx, project_id, customer_id)
    customer = await customer_rows.lock_even_deleted(tx, project_id, customer_id)
    if paid_at is None or not customer.email:
        return None
    deal = await _deal_about(tx, project_id, customer.email, paid_at)
    if deal is None:
        return None
    won = await tx.first(_WIN, of_project=project_id, deal_id=deal.id, new_customer=customer_id, at=at)
    if won is None:
        return None
    partner = await partner_rows.get_partner(tx, project_id, deal.partner_id)
    await add_touch(
        tx,
        Touch(
            project_id=project_id,
            customer_id=customer_id,
            kind="deal",
            at=deal.reviewed_at or deal.created_at,
            code_id=partner.code_id,
            key=deal.id,
            evidence={"deal": deal.id, "lead": deal.lead_email, "company": deal.company_domain or ""},
        ),
        now_at=at,
    )
    await publish(tx, DealWon(won.team_id, project_id, won.id, told(won)), happened_at=at, now=now)
    return won


async def expire_deals(tx: Writing, *, team_id: str, at: datetime) -> int:
    """End the open deals of a team whose window is over; returns how many."""
    return await tx.run(_EXPIRE, of_team=team_id, at=at)


def checked(given: Lead) -> Lead:
    """Return a lead's fields trimmed, with the company's domain; raises `Invalid` with the name of the one that is wrong."""
    email = checked_email(given.email)
    domain = (given.company_domain or "").strip().lower().removeprefix("@") or organisation_of(email)
    if given.company_domain and (not DOMAIN.fullmatch(domain or "") or organisation_of(f"x@{domain}") is None):
        raise Invalid("companyDomain must be a company's own domain such as acme.example.com.")
    value = given.estimated_value_cents
    if value is not None and not 0 <= value <= _LARGEST_VALUE:
        raise Invalid("estimatedValue must be an amount of at least 0.")
    return Lead(
        email=email,
        name=optional_text("leadName", given.name, LONGEST_NAME),
        company=optional_text("company", given.company, LONGEST_NAME),
        company_domain=domain,
        notes=optional_text("notes", given.notes, LONGEST_NOTES),
        estimated_value_cents=value,
    )


def told(deal: Deal) -> dict[str, object]:
    """Return what an event tells of a deal."""
    return {
        "deal": {
            "id": deal.id,
            "affiliate_id": deal.partner_id,
            "lead_email": deal.lead_email,
            "lead_name": deal.lead_name,
            "company": deal.company,
            "status": deal.status,
            "customer_id": deal.customer_id,
        }
    }


async def _deal_about(tx: Reading, project_id: str, email: str, paid_at: datetime) -> Deal | None:
    # Stripe's times are whole seconds: a deal accepted in the second of the payment came before it.
    paid = {"project_id": project_id, "paid_at": paid_at, "second_after": paid_at + timedelta(seconds=1)}
    found = await tx.first(_OF_MAILBOX, **paid, mailbox=written_mailbox(email))
    domain = organisation_of(email)
    if found is None and domain is not None:
        found = await tx.first(_OF_DOMAIN, **paid, company_domain=domain)
    return found


async def _require_no_customer(tx: Reading, project_id: str, email: str) -> None:
    customer = await customer_rows.find_by_email(tx, project_id, normalised_email(email))
    if customer is not None and await first_payment_of(tx, project_id, customer.id) is not None:
        raise Conflict(_IS_CUSTOMER)
