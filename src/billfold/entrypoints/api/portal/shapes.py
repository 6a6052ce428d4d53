"""What this surface answers: structs in camel case, amounts in whole minor units, moments in ISO 8601."""

from __future__ import annotations

from datetime import datetime

import msgspec

from billfold.base.clock import iso
from billfold.domain.billing.invoice_links import shown_link
from billfold.domain.billing.invoices import Invoice
from billfold.domain.billing.portal_sessions import PortalGuest
from billfold.domain.billing.portal_subscriptions import PortalSubscription
from billfold.domain.referrals.earned import OwnReferrals
from billfold.domain.referrals.terms import Fixed
from billfold.domain.wallets.wallets import Holding
from billfold.infrastructure.stripe.values import StripePaymentMethod


class Shape(msgspec.Struct, rename="camel"):
    """Base of every answer."""


class SessionShape(Shape):
    """The session and whose it is."""

    session_id: str
    customer_id: str
    email: str
    name: str | None
    project_id: str
    project_name: str
    return_url: str | None
    expires_at: str


class SubscriptionShape(Shape):
    """A subscription that has not ended; `amount` is what a period costs, None if Stripe computes it."""

    id: str
    status: str
    product_name: str | None
    price_name: str | None
    price_id: str | None
    quantity: int
    amount: int | None
    currency: str | None
    interval: str | None
    interval_count: int | None
    current_period_start: str | None
    current_period_end: str | None
    cancel_at_period_end: bool


class InvoiceShape(Shape):
    """An invoice; `pdfUrl` and `hostedUrl` are None unless Stripe serves them."""

    id: str
    number: str | None
    status: str
    date: str
    currency: str
    total: int
    amount_due: int
    amount_paid: int
    hosted_url: str | None
    pdf_url: str | None


class PaymentMethodShape(Shape):
    """What the next invoice is charged to."""

    type: str
    brand: str | None
    last4: str | None
    exp_month: int | None
    exp_year: int | None


class EarnedShape(Shape):
    """Rewards of one state in one unit."""

    unit: str
    status: str
    settles_as: str
    count: int
    amount: int


class GiftShape(Shape):
    """What a conversion gives one side: minor units of a currency, whole ones of anything else."""

    amount: int
    unit: str


class ReferralShape(Shape):
    """The customer's own code in one program and what it brought; `program` is what the program pays for."""

    program: str
    enabled: bool
    code: str | None
    is_active: bool
    link: str | None
    referrer_gets: GiftShape | None
    referee_gets: GiftShape | None
    pending: int
    converted: int
    earned: list[EarnedShape]


class WalletShape(Shape):
    """What the customer can spend of a unit; `expiring` of the balance is lost at `expiresAt`."""

    unit: str
    balance: int
    allowance_left: int
    allowance_renews_at: str | None
    expiring: int
    expires_at: str | None


def session_shape(guest: PortalGuest) -> SessionShape:
    """Return the session as it is shown."""
    return SessionShape(
        session_id=guest.session_id,
        customer_id=guest.customer_id,
        email=guest.email,
        name=guest.name,
        project_id=guest.project_id,
        project_name=guest.project_name,
        return_url=guest.return_url,
        expires_at=iso(guest.expires_at),
    )


def subscription_shape(found: PortalSubscription) -> SubscriptionShape:
    """Return a subscription as it is shown."""
    row = found.subscription
    first = found.items[0] if found.items else None
    return SubscriptionShape(
        id=row.id,
        status=row.status,
        product_name=found.product_name,
        price_name=found.price_name,
        price_id=row.price_id,
        quantity=row.quantity,
        amount=found.amount_cents,
        currency=first.currency if first else None,
        interval=first.interval if first else None,
        interval_count=first.interval_count if first else None,
        current_period_start=_iso(row.current_period_start),
        current_period_end=_iso(row.current_period_end),
        cancel_at_period_end=row.cancel_at_period_end,
    )


def invoice_shape(invoice: Invoice, public_url: str) -> InvoiceShape:
    """Return an invoice as it is shown."""
    return InvoiceShape(
        id=invoice.id,
        number=invoice.number,
        status=invoice.status,
        date=iso(invoice.created_at),
        currency=invoice.currency,
        total=invoice.total,
        amount_due=invoice.amount_due,
        amount_paid=invoice.amount_paid,
        hosted_url=shown_link(invoice.hosted_invoice_url, public_url),
        pdf_url=shown_link(invoice.invoice_pdf, public_url),
    )


def payment_method_shape(method: StripePaymentMethod | None) -> PaymentMethodShape | None:
    """Return a way to pay as it is shown."""
    if method is None:
        return None
    return PaymentMethodShape(method.type, method.brand, method.last4, method.exp_month, method.exp_year)


def referral_shape(own: OwnReferrals) -> ReferralShape:
    """Return a customer's code and its rewards as they are shown."""
    return ReferralShape(
        program=own.kind,
        enabled=own.enabled,
        code=own.code,
        is_active=own.is_active,
        link=own.link,
        referrer_gets=_gift(own.referrer_gets),
        referee_gets=_gift(own.referee_gets),
        pending=own.pending,
        converted=own.converted,
        earned=[EarnedShape(each.unit, each.status, each.settles_as, each.rewards, each.amount) for each in own.earned],
    )


def wallet_shape(holding: Holding) -> WalletShape:
    """Return what a customer can spend as it is shown."""
    return WalletShape(
        unit=holding.unit,
        balance=holding.balance,
        allowance_left=holding.allowance_left,
        allowance_renews_at=_iso(holding.allowance_renews_at),
        expiring=holding.expiring,
        expires_at=_iso(holding.expires_at),
    )


def _gift(amount: Fixed | None) -> GiftShape | None:
    return None if amount is None else GiftShape(amount.value, amount.unit)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
