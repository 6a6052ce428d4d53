"""A subscription's life: its start, its renewals, the end of its trial, its end.

Periods are counted from the billing cycle anchor (`periods.py`). A subscription's `state` holds the anchor, how many periods
have passed since, and the prorations that wait for the next invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.collection import collect, end, void
from billfold.infrastructure.stripe_simulator.coupons import without_single_use
from billfold.infrastructure.stripe_simulator.identifiers import long_id, short_id
from billfold.infrastructure.stripe_simulator.invoicing import draft_invoice, finalize, new_line
from billfold.infrastructure.stripe_simulator.periods import period_end
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

# Stripe's document "Payment behavior": an incomplete subscription expires after 23 hours.
_INCOMPLETE_SECONDS: Final = 23 * 3_600


@dataclass(frozen=True, slots=True)
class Item:
    """What a new subscription is for."""

    price: Document
    quantity: int
    metadata: dict[str, str]


def new_item(ws: Workspace, subscription_id: str, item: Item, *, start: int, end_of_period: int) -> Document:
    """Return a subscription item."""
    price = item.price
    recurring = price["recurring"]
    return {
        "id": short_id("si_"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": ws.at,
        "current_period_end": end_of_period,
        "current_period_start": start,
        "discounts": [],
        "metadata": item.metadata,
        "plan": {
            "id": price["id"],
            "object": "plan",
            "active": price["active"],
            "amount": price["unit_amount"],
            "amount_decimal": price["unit_amount_decimal"],
            "billing_scheme": "per_unit",
            "created": price["created"],
            "currency": price["currency"],
            "interval": recurring["interval"],
            "interval_count": recurring["interval_count"],
            "livemode": False,
            "metadata": dict(price["metadata"]),
            "meter": None,
            "nickname": price["nickname"],
            "product": price["product"],
            "tiers_mode": None,
            "transform_usage": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "price": dict(price),
        "quantity": item.quantity,
        "subscription": subscription_id,
        "tax_rates": [],
    }


async def start(
    ws: Workspace,
    customer: Document,
    items: Sequence[Item],
    *,
    metadata: dict[str, str],
    trial_end: int | None = None,
    card: Entry | None = None,
    discounts: Sequence[str] = (),
    collect_first: bool = True,
    quiet: bool = False,
) -> tuple[Entry, Entry]:
    """Start a subscription with its first invoice and return both.

    `quiet` is for checkout, which reports a subscription only once it is paid; otherwise it is reported incomplete first.
    Without `collect_first` the first invoice stays open (Stripe's `default_incomplete`).
    """
    subscription = _new_subscription(ws, customer, items, metadata=metadata, trial_end=trial_end, card=card)
    subscription.state["quiet"] = quiet
    document = subscription.document
    document["discounts"] = list(discounts)
    if trial_end is not None:
        document["status"] = "trialing"
    if not quiet:
        ws.emit("customer.subscription.created", document)
    invoice = await draft_invoice(ws, customer, subscription, _first_lines(document), reason="subscription_create")
    await finalize(ws, invoice)
    document["discounts"] = (
        await without_single_use(ws, document["discounts"]) if trial_end is None else list(discounts)
    )
    if collect_first or invoice.document["amount_due"] == 0:
        await collect(ws, invoice, holder_present=True, card=card)
    if document["status"] == "incomplete":
        subscription.due_at = ws.at + _INCOMPLETE_SECONDS
    return subscription, invoice


def _first_lines(document: Document) -> list[Document]:
    trial = document["trial_end"] is not None
    return [
        new_line(
            document,
            item,
            amount=0 if trial else item["price"]["unit_amount"] * item["quantity"],
            quantity=item["quantity"],
            start=item["current_period_start"],
            end=item["current_period_end"],
            description="Trial period" if trial else _description(item),
        )
        for item in document["items"]["data"]
    ]


def _description(item: Document) -> str:
    recurring = item["price"]["recurring"]
    every = (
        recurring["interval"]
        if recurring["interval_count"] == 1
        else f"{recurring['interval_count']} {recurring['interval']}s"
    )
    return f"{item['quantity']} x {item['price']['nickname'] or item['price']['product']} (per {every})"


def _new_subscription(
    ws: Workspace,
    customer: Document,
    items: Sequence[Item],
    *,
    metadata: dict[str, str],
    trial_end: int | None,
    card: Entry | None,
) -> Entry:
    subscription_id = long_id("sub_")
    recurring = items[0].price["recurring"]
    anchor = ws.at if trial_end is None else trial_end
    ends = trial_end or period_end(anchor, recurring["interval"], recurring["interval_count"])
    document: Document = {
        "id": subscription_id,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": anchor,
        "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": ws.at,
        "currency": items[0].price["currency"],
        "customer": customer["id"],
        "customer_account": None,
        "days_until_due": None,
        "default_payment_method": None if card is None else card.document["id"],
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": {
            "object": "list",
            "data": [new_item(ws, subscription_id, each, start=ws.at, end_of_period=ends) for each in items],
            "has_more": False,
            "url": f"/v1/subscription_items?subscription={subscription_id}",
        },
        "latest_invoice": None,
        "livemode": False,
        "metadata": metadata,
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "start_date": ws.at,
        "status": "incomplete",
        "test_clock": None,
        "transfer_data": None,
        "trial_end": trial_end,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": None if trial_end is None else ws.at,
    }
    state: dict[str, Any] = {"anchor": anchor, "periods": 0, "pending_lines": []}
    return ws.add(document, customer=customer["id"], lookup=items[0].price["id"], due_at=ends, state=state)


async def run_due(ws: Workspace, subscription: Entry) -> None:
    """Do what a subscription's due time asks for: expire, end or renew."""
    document = subscription.document
    if document["status"] == "incomplete":
        await _expire(ws, subscription)
    elif document["cancel_at_period_end"] or (document["cancel_at"] is not None and document["cancel_at"] <= ws.at):
        await end(ws, subscription, reason="cancellation_requested")
    else:
        await _renew(ws, subscription)


async def _expire(ws: Workspace, subscription: Entry) -> None:
    subscription.due_at = None
    for each in await ws.all_of("invoice", by="parent", value=subscription.document["id"]):
        if each.document["status"] == "open":
            await void(ws, each)
    ws.change(subscription, {"status": "incomplete_expired", "ended_at": ws.at}, event="customer.subscription.updated")


async def _renew(ws: Workspace, subscription: Entry) -> None:
    document, state = subscription.document, subscription.state
    customer = await ws.get("customer", document["customer"], param="customer")
    began = document["items"]["data"][0]["current_period_start"]
    if document["status"] != "trialing":
        state["periods"] += 1
    changes: Document = {"items": move_period(document, state)}
    if document["status"] == "trialing":
        changes["status"] = "active"
    subscription.due_at = next_due(document, changes["items"]["data"][0]["current_period_end"])
    ws.change(subscription, changes, event="customer.subscription.updated")
    lines = [*state["pending_lines"], *period_lines(document)]
    state["pending_lines"] = []
    invoice = await draft_invoice(ws, customer, subscription, lines, reason="subscription_cycle", period_start=began)
    await finalize(ws, invoice)
    ws.change(subscription, {"discounts": await without_single_use(ws, document["discounts"])})
    await collect(ws, invoice, holder_present=False)


def move_period(document: Document, state: dict[str, Any]) -> Document:
    """Return a subscription's items in the period that begins where the present one ends."""
    recurring = document["items"]["data"][0]["price"]["recurring"]
    ends = period_end(state["anchor"], recurring["interval"], recurring["interval_count"] * (state["periods"] + 1))
    moved = [
        {**item, "current_period_start": item["current_period_end"], "current_period_end": ends}
        for item in document["items"]["data"]
    ]
    return {**document["items"], "data": moved}


def next_due(document: Document, period_ends: int) -> int:
    """Return when something happens to a subscription next: its period's end, or the day it is to be canceled."""
    return period_ends if document["cancel_at"] is None else min(period_ends, document["cancel_at"])


def period_lines(document: Document) -> list[Document]:
    """Return the lines of an invoice for the present period."""
    return [
        new_line(
            document,
            item,
            amount=item["price"]["unit_amount"] * item["quantity"],
            quantity=item["quantity"],
            start=item["current_period_start"],
            end=item["current_period_end"],
            description=_description(item),
        )
        for item in document["items"]["data"]
    ]
