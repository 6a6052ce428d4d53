"""The portal's facts in words: what a state is called, how often a price is paid, what a card is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.billing.invoices import Invoice
from billfold.domain.billing.portal_subscriptions import PortalSubscription
from billfold.domain.referrals.earned import Earned, OwnReferrals
from billfold.domain.wallets.wallets import Holding
from billfold.entrypoints.web.amounts import date_text, money_text
from billfold.infrastructure.stripe.values import StripePaymentMethod

# Stripe's state: class and word of the style sheet's table (one word, one colour, one shape).
_SUBSCRIPTION_STATES: Final = {
    "active": ("good", "Active"),
    "trialing": ("wait", "Trialing"),
    "past_due": ("warn", "Past due"),
    "incomplete": ("warn", "Incomplete"),
    "unpaid": ("bad", "Unpaid"),
    "paused": ("off", "Paused"),
    "canceled": ("off", "Canceled"),
    "incomplete_expired": ("off", "Expired"),
}
_INVOICE_STATES: Final = {
    "open": ("new", "Open"),
    "paid": ("good", "Paid"),
    "void": ("off", "Void"),
    "uncollectible": ("bad", "Unpaid"),
}
_EVERY: Final = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}
_BRANDS: Final = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "eftpos_au": "Eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# A reward's state and way: what it is for its earner.
_EARNED: Final = {
    ("held", "stripe_balance"): "On hold",
    ("available", "stripe_balance"): "On its way",
    ("failed", "stripe_balance"): "On its way",
    ("settled", "stripe_balance"): "Off your invoices",
    ("held", "payout"): "On hold",
    ("available", "payout"): "Ready to be paid out",
    ("settled", "payout"): "Paid out",
    ("held", "wallet"): "On hold",
    ("available", "wallet"): "On their way",
    ("settled", "wallet"): "Put in your wallet",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A subscription as the page says it."""

    id: str
    title: str
    state: tuple[str, str]
    details: str
    price: str | None
    per: str
    is_ending: bool
    ends_on: str | None
    keeps: str
    needs_card: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A way to pay as the page says it."""

    title: str
    details: str | None


@dataclass(frozen=True, slots=True)
class Sharing:
    """A customer's code as the page says it; `sums` holds label, number and amount of rewards by unit."""

    heading: str
    gives: str | None
    code: str | None
    is_active: bool
    link: str | None
    moment: str
    so_far: str | None
    sums: dict[str, list[tuple[str, int, int]]]


@dataclass(frozen=True, slots=True)
class Wallet:
    """What can be spent of a unit as the page says it."""

    unit: str
    balance: str
    details: str


def plan_of(found: PortalSubscription) -> Plan:
    """Say what a subscription is, what it costs and what happens next."""
    row = found.subscription
    first = found.items[0] if found.items else None
    product, price = found.product_name or "Your plan", found.price_name
    # Many call a price by the product's name and how often it is paid.
    names = (
        [price] if price and price.casefold().startswith(product.casefold()) else [product, *([price] if price else [])]
    )
    if price is None and first is not None and first.interval is not None:
        names.append(_rhythm(first.interval, first.interval_count))
    amount = found.amount_cents
    return Plan(
        id=row.id,
        title=", ".join(names),
        state=_SUBSCRIPTION_STATES.get(row.status, ("new", row.status.replace("_", " ").capitalize())),
        details=" · ".join(_details(found)),
        price=None if amount is None or first is None else money_text(amount, first.currency),
        per="" if first is None or first.interval is None else _period(first.interval, first.interval_count),
        is_ending=row.cancel_at_period_end,
        ends_on=None if row.current_period_end is None else date_text(row.current_period_end),
        keeps="Your trial goes on" if row.status == "trialing" else "You keep what you paid for",
        needs_card=row.status in {"past_due", "unpaid", "incomplete"},
    )


def _details(found: PortalSubscription) -> list[str]:
    row = found.subscription
    said = []
    first = found.items[0] if found.items else None
    if len(found.items) == 1 and first is not None and first.quantity != 1:
        each = "" if first.unit_amount is None else f" at {money_text(first.unit_amount, first.currency)}"
        said.append(f"{first.quantity}{each}")
    if row.current_period_end is None:
        return said
    end = date_text(row.current_period_end)
    if row.cancel_at_period_end:
        said.append(f"ends on {end}")
    elif row.status == "trialing":
        said.append(f"free until {end}")
    elif row.status == "active":
        said.append(f"renews on {end}")
    return said


def _rhythm(interval: str, count: int) -> str:
    return _EVERY.get(interval, interval) if count == 1 else f"every {count} {interval}s"


def _period(interval: str, count: int) -> str:
    return f"a {interval}" if count == 1 else f"every {count} {interval}s"


def invoice_state(invoice: Invoice) -> tuple[str, str]:
    """Return class and word of an invoice's state."""
    return _INVOICE_STATES.get(invoice.status, ("new", invoice.status.capitalize()))


def card_of(method: StripePaymentMethod | None) -> Card | None:
    """Say what is charged, or None if nothing is saved."""
    if method is None:
        return None
    brand = _BRANDS.get(method.brand or "", (method.brand or method.type).replace("_", " ").capitalize())
    title = brand if method.last4 is None else f"{brand} ending {method.last4}"
    expires = None
    if method.exp_month is not None and method.exp_year is not None and 1 <= method.exp_month <= len(_MONTHS):
        expires = f"Runs out in {_MONTHS[method.exp_month - 1]} {method.exp_year}"
    return Card(title, expires)


def amount_text(amount: int, unit: str) -> str:
    """Return an amount of a currency as money, and one of any other unit as a number of it: `5 ai credits`."""
    return money_text(amount, unit) if unit in CURRENCIES else f"{amount:,} {unit_text(unit)}"


def sharing_of(own: OwnReferrals) -> Sharing:
    """Say what bringing somebody gives, and what it has given so far."""
    friends = "friend" if own.converted == 1 else "friends"
    did, waits = (
        ("signed up", "not counted yet") if own.kind == "signup" else ("subscribed", "signed up and did not yet")
    )
    so_far = f"{own.converted} {friends} {did}" + (f", {own.pending} {waits}" if own.pending else "")
    sums: dict[str, list[tuple[str, int, int]]] = {}
    for each in own.earned:
        sums.setdefault(each.unit, []).append((_earned_words(each), each.rewards, each.amount))
    return Sharing(
        heading="Invite a friend" if own.kind == "signup" else "Bring a friend",
        gives=_gives(own) if own.enabled else None,
        code=own.code,
        is_active=own.is_active,
        link=own.link,
        moment="when signing up" if own.kind == "signup" else "when signing up, before the first payment",
        so_far=so_far if own.converted or own.pending else None,
        sums=sums,
    )


def _gives(own: OwnReferrals) -> str:
    friend, you = own.referee_gets, own.referrer_gets
    said = []
    if own.kind == "signup":
        if friend:
            said.append(f"Your friend gets {amount_text(friend.value, friend.unit)}.")
        if you:
            said.append(f"You get {amount_text(you.value, you.unit)} for each friend who signs up.")
        return " ".join(said)
    if friend:
        said.append(f"Your friend gets {amount_text(friend.value, friend.unit)} off the first invoice.")
    if you:
        said.append(f"You get {amount_text(you.value, you.unit)} off your next one.")
    return " ".join(said)


def wallet_of(held: Holding) -> Wallet:
    """Say what a wallet holds."""
    said = []
    if held.allowance_left and held.allowance_renews_at is not None:
        said.append(f"and {held.allowance_left:,} more until {date_text(held.allowance_renews_at)}")
    if held.expiring and held.expires_at is not None:
        said.append(f"{held.expiring:,} of them until {date_text(held.expires_at)} only")
    return Wallet(unit_text(held.unit).capitalize(), f"{held.balance:,}", ", ".join(said))


def unit_text(unit: str) -> str:
    """Return a unit of the project's own as a word: `ai credits`."""
    return unit.replace("_", " ")


def _earned_words(earned: Earned) -> str:
    return _EARNED.get((earned.status, earned.settles_as), "On hold" if earned.status == "held" else "Ready")
