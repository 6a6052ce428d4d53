"""What a buyer sees of a checkout before he pays: the lines, what is taken off, what is due today and later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billfold.base.clock import from_unix
from billfold.infrastructure.stripe_simulator.periods import DAY, period_end
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Shelf


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """One thing that is sold; `amount` is for the whole quantity, in minor units."""

    name: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A checkout as its page shows it; amounts are minor units of `currency`, None in setup mode.

    `renews_at` is when the next payment is taken, `renewal_amount` how much, `every` how often ("month", "3 months").
    """

    session_id: str
    seller: str
    mode: str
    status: str
    created: datetime
    email: str | None
    email_is_fixed: bool
    currency: str | None
    lines: tuple[CheckoutLine, ...]
    discount: int
    discount_name: str | None
    credit: int
    due_today: int
    trial_until: datetime | None
    renews_at: datetime | None
    renewal_amount: int
    every: str | None
    success_url: str
    cancel_url: str | None


async def view_checkout(shelf: Shelf, session: Entry) -> CheckoutView:
    """Work out what the page of a checkout shows."""
    document, state = session.document, session.state
    customer = await shelf.find(session.customer, "customer") if session.customer else None
    owner: Document = {} if customer is None else customer.document
    data = state.get("subscription_data") or {}
    trial_end = data.get("trial_end")
    if data.get("trial_period_days") is not None:
        trial_end = shelf.at + data["trial_period_days"] * DAY
    total = document["amount_total"] or 0
    credit = 0
    if document["mode"] == "subscription" and owner.get("currency") == document["currency"]:
        credit = min(max(-owner.get("balance", 0), 0), total)
    recurring = state["lines"][0]["price"]["recurring"] if state["lines"] else None
    renews_at = every = None
    if recurring is not None:
        count = recurring["interval_count"]
        every = recurring["interval"] if count == 1 else f"{count} {recurring['interval']}s"
        renews_at = from_unix(trial_end or period_end(shelf.at, recurring["interval"], count))
    return CheckoutView(
        session_id=document["id"],
        seller=shelf.account.settings.get("name") or "the seller",
        mode=document["mode"],
        status=document["status"],
        created=from_unix(document["created"]),
        email=document["customer_email"] or owner.get("email"),
        email_is_fixed=bool(document["customer_email"] or owner.get("email")),
        currency=document["currency"],
        lines=tuple(
            CheckoutLine(line["description"], line["quantity"], line["amount_total"]) for line in state["lines"]
        ),
        discount=(document["total_details"] or {}).get("amount_discount", 0),
        discount_name=await _discount_name(shelf, state),
        credit=credit,
        due_today=total - credit,
        trial_until=None if trial_end is None else from_unix(trial_end),
        renews_at=renews_at,
        renewal_amount=sum(line["amount_total"] for line in state["lines"]),
        every=every,
        success_url=document["success_url"],
        cancel_url=document["cancel_url"],
    )


async def _discount_name(shelf: Shelf, state: Document) -> str | None:
    for given in state.get("discounts") or []:
        if given.get("promotion_code"):
            entry = await shelf.find(given["promotion_code"], "promotion_code")
            return None if entry is None else str(entry.document["code"])
        return str(given.get("coupon"))
    return None
