"""A partner as this surface shows him: dollars and cents, an entry for each currency (contract 3.3, A4, A27)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from billfold.base.clock import iso
from billfold.domain.partners import partners, programs, standing
from billfold.domain.partners.figures import Brought, Earnings, figures_of
from billfold.domain.partners.partners import Partner
from billfold.domain.partners.programs import Conditions, conditions_of
from billfold.domain.referrals import clicks
from billfold.entrypoints.api.affiliate.amounts import dollars, percent
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp
from billfold.infrastructure.db.database import Reading


class BalanceBody(Body):
    """What a partner has in one currency."""

    currency: str
    total_earned: Decimal
    total_earned_cents: int
    pending_balance: Decimal
    pending_balance_cents: int
    available_balance: Decimal
    available_balance_cents: int
    total_paid: Decimal
    total_paid_cents: int


class NotEnrolled(Body):
    """The customer is no partner, or no customer of this app."""

    enrolled: bool = False


class PartnerBody(Body):
    """A partner; the figures on top are those in the project's currency, `balances` holds every currency."""

    enrolled: bool
    id: str
    customer_id: str
    code: str
    type: str
    status: str
    commission_rate: Decimal | None
    total_earned: Decimal
    total_earned_cents: int
    pending_balance: Decimal
    pending_balance_cents: int
    available_balance: Decimal
    available_balance_cents: int
    total_paid: Decimal
    total_paid_cents: int
    currency: str
    balances: list[BalanceBody]
    clicks: int
    referrals: int
    conversions: int
    referral_url: str
    created_at: Timestamp


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is read to show one partner; `currency` is the project's own."""

    partner: Partner
    earnings: Sequence[Earnings]
    brought: Brought
    clicks: int
    conditions: Conditions
    own_rate: int | None
    currency: str


async def read_sheet(tx: Reading, partner: Partner, currency: str, *, at: datetime) -> Sheet:
    """Read what `partner_body` shows; `at` is the team's time."""
    earnings, brought = await figures_of(tx, partner)
    program = await programs.find_program(tx, partner.project_id)
    counted = await clicks.count_clicks(tx, [partner.code_id])
    return Sheet(
        partner=partner,
        earnings=earnings,
        brought=brought,
        clicks=counted[partner.code_id].clicks if partner.code_id in counted else 0,
        conditions=conditions_of(program),
        own_rate=await standing.own_rate(tx, partner, at=at),
        currency=currency,
    )


async def read_sheet_of_customer(
    tx: Reading, project_id: str, customer_id: str, currency: str, *, at: datetime
) -> Sheet | None:
    """Read the sheet of the partner who is this customer, None for who is none."""
    partner = await partners.find_by_customer(tx, project_id, customer_id)
    return None if partner is None else await read_sheet(tx, partner, currency, at=at)


def balance_body(earnings: Earnings) -> BalanceBody:
    """Return what a partner has in one currency."""
    unit = earnings.unit
    return BalanceBody(
        currency=unit,
        total_earned=dollars(earnings.earned_cents, unit),
        total_earned_cents=earnings.earned_cents,
        pending_balance=dollars(earnings.pending_cents, unit),
        pending_balance_cents=earnings.pending_cents,
        available_balance=dollars(earnings.available_cents, unit),
        available_balance_cents=earnings.available_cents,
        total_paid=dollars(earnings.paid_cents, unit),
        total_paid_cents=earnings.paid_cents,
    )


def partner_body(sheet: Sheet, public_url: str) -> PartnerBody:
    """Return a partner as 3.3 prints him."""
    partner = sheet.partner
    nothing = Earnings(partner.customer_id, sheet.currency, 0, 0, 0)
    own = next((each for each in sheet.earnings if each.unit == sheet.currency), nothing)
    top = balance_body(own)
    rate = sheet.own_rate if sheet.own_rate is not None else sheet.conditions.basis_points
    return PartnerBody(
        enrolled=True,
        id=partner.id,
        customer_id=partner.customer_id,
        code=partner.code,
        type=partner.type,
        status=partner.status,
        commission_rate=None if rate is None else percent(rate),
        total_earned=top.total_earned,
        total_earned_cents=top.total_earned_cents,
        pending_balance=top.pending_balance,
        pending_balance_cents=top.pending_balance_cents,
        available_balance=top.available_balance,
        available_balance_cents=top.available_balance_cents,
        total_paid=top.total_paid,
        total_paid_cents=top.total_paid_cents,
        currency=sheet.currency,
        balances=[balance_body(each) for each in sheet.earnings],
        clicks=sheet.clicks,
        referrals=sheet.brought.referrals,
        conversions=sheet.brought.conversions,
        referral_url=referral_url(public_url, partner),
        created_at=iso(partner.created_at),
    )


def referral_url(public_url: str, partner: Partner) -> str:
    """Return the link that a partner passes on."""
    return f"{public_url}/r/{partner.project_id}/{partner.code}"
