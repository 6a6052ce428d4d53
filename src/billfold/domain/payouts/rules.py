"""Who is paid in a batch and who is left out, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billfold.base.money import LARGEST_AMOUNT, share_half_up
from billfold.domain.payouts.methods import STRIPE_CONNECT
from billfold.domain.payouts.payees import is_tax_profile_whole
from billfold.domain.payouts.settings import PayoutSettings

NOTHING_DUE: Final = "nothing_due"
NEGATIVE: Final = "negative_balance"
BELOW_MINIMUM: Final = "below_minimum"
CUSTOMER_DELETED: Final = "customer_deleted"
MAILBOX_NOT_PROVED: Final = "mailbox_not_proved"
NO_TAX_PROFILE: Final = "tax_profile_missing"
NO_METHOD: Final = "no_payout_method"
METHOD_NOT_OFFERED: Final = "method_not_offered"
NOT_READY: Final = "stripe_account_not_ready"
TOO_LARGE: Final = "amount_too_large"
BOOKS_DIFFER: Final = "books_differ"

# What a person reads; nothing here is secret.
REASONS: Final = {
    NOTHING_DUE: "Nothing is due",
    NEGATIVE: "Below zero after refunds: carried over, and netted by the next earnings",
    BELOW_MINIMUM: "Below the minimum payout: carried over",
    CUSTOMER_DELETED: "The customer was deleted",
    MAILBOX_NOT_PROVED: "Never signed in by mail, so the address is not proved",
    NO_TAX_PROFILE: "The tax profile is not complete",
    NO_METHOD: "Has not said how to be paid",
    METHOD_NOT_OFFERED: "Wants to be paid in a way that the program does not offer",
    NOT_READY: "The Stripe account cannot receive transfers yet",
    TOO_LARGE: "More than one transfer can carry",
    BOOKS_DIFFER: "The ledger holds less than the rewards say: run billfold verify-ledger",
}


@dataclass(frozen=True, slots=True)
class Due:
    """What a customer is due in one currency: `amount` minor units over `lines` rewards, `refunds` (≤ 0) being part of it.

    `available` is what the ledger holds for him.
    """

    customer_id: str
    unit: str
    available: int
    amount: int
    refunds: int
    lines: int


@dataclass(frozen=True, slots=True)
class Person:
    """What counts of a customer when a batch is made."""

    customer_id: str
    email: str
    name: str | None
    is_deleted: bool
    mailbox_proved_at: datetime | None
    country: str | None
    tax_id_shown: str | None
    tax_form_status: str | None
    method_id: str | None
    method_kind: str | None
    method_shown: str | None
    stripe_account_id: str | None
    is_ready: bool | None


def minimum_for(settings: PayoutSettings, min_payout: int, unit: str) -> int:
    """Return the least amount of a currency that is paid, in its minor units; reaching it is enough (contract A26).

    `min_payout` is that of the program's terms, and counts in the program's currency only (contract A27); another currency has
    a minimum if the settings give it one.
    """
    own = settings.minimums.get(unit)
    if own is not None:
        return own
    return min_payout if unit == settings.currency else 0


def fee_for(settings: PayoutSettings, kind: str | None, unit: str, amount: int) -> int:
    """Return what a payout costs the project, in minor units of its currency; nothing of it is taken from the payee.

    The fixed part is known in the program's currency only.
    """
    fixed, share = settings.fees.get(kind or "", (0, 0))
    return (fixed if unit == settings.currency else 0) + share_half_up(amount, share)


def judge(due: Due, person: Person, settings: PayoutSettings, min_payout: int) -> str | None:
    """Return why a customer is left out of a batch, a key of `REASONS`; None if he is paid."""
    found = _about_money(due, minimum_for(settings, min_payout, due.unit)) or _about_person(person, settings)
    if found is None and person.method_kind == STRIPE_CONNECT and due.amount > LARGEST_AMOUNT:
        return TOO_LARGE
    return found


def _about_money(due: Due, minimum: int) -> str | None:
    if due.amount < 0 or due.available < 0:
        return NEGATIVE
    if due.amount == 0:
        return NOTHING_DUE
    if due.amount > due.available:
        return BOOKS_DIFFER
    return BELOW_MINIMUM if due.amount < minimum else None


def _about_person(person: Person, settings: PayoutSettings) -> str | None:
    whole = is_tax_profile_whole(person.country, person.tax_id_shown, person.tax_form_status)
    reasons = (
        (person.is_deleted, CUSTOMER_DELETED),
        (person.mailbox_proved_at is None, MAILBOX_NOT_PROVED),
        (settings.tax_profile_required and not whole, NO_TAX_PROFILE),
        (person.method_kind is None, NO_METHOD),
        (person.method_kind not in settings.methods, METHOD_NOT_OFFERED),
        (person.method_kind == STRIPE_CONNECT and not person.is_ready, NOT_READY),
    )
    return next((reason for holds, reason in reasons if holds), None)
