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
    unit_amount: int
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
    discount_is_once: bool
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
    discount = (document["total_details"] or {}).get("amount_discount", 0)
    name, is_once = await _coupon(shelf, state)
    whole = sum(line["amount_total"] for line in state["lines"])
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
            CheckoutLine(line["description"], line["quantity"], line["price"]["unit_amount"], line["amount_total"])
            for line in state["lines"]
        ),
        discount=discount,
        discount_name=name,
        discount_is_once=is_once,
        credit=credit,
        due_today=total - credit,
        trial_until=None if trial_end is None else from_unix(trial_end),
        renews_at=renews_at,
        renewal_amount=whole if is_once else whole - discount,
        every=every,
        success_url=document["success_url"],
        cancel_url=document["cancel_url"],
    )


async def _coupon(shelf: Shelf, state: Document) -> tuple[str | None, bool]:
    """Return what the buyer knows a coupon by, and whether it is for the first payment only."""
    given: Document = next(iter(state.get("discounts") or []), {})
    promotion = await shelf.find(given.get("promotion_code") or "", "promotion_code")
    coupon_id = given.get("coupon") if promotion is None else promotion.document["promotion"]["coupon"]
    coupon = await shelf.find(coupon_id or "", "coupon")
    if coupon is None:
        return None, True
    name = coupon.document["name"] or coupon.document["id"] if promotion is None else promotion.document["code"]
    return name, coupon.document["duration"] == "once"
