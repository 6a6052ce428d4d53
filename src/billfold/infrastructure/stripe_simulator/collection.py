"""Charging invoices, and what that makes of their subscription: active, past due, unpaid or canceled.

A refused renewal is tried again 3, 5 and 7 days after the try before it; when the last one is refused, the subscription
ends as the account's setting `failed_renewals_end_as` says: `canceled` (the default) or `unpaid`.
"""

from __future__ import annotations

from typing import Final

from billfold.infrastructure.stripe_simulator.invoicing import close_paid, payment_of
from billfold.infrastructure.stripe_simulator.payment_methods import default_card
from billfold.infrastructure.stripe_simulator.payments import cancel, charge
from billfold.infrastructure.stripe_simulator.periods import DAY
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

RETRY_DAYS: Final = (3, 5, 7)
_ENDED: Final = frozenset({"canceled", "incomplete_expired"})


async def collect(ws: Workspace, invoice: Entry, *, holder_present: bool, card: Entry | None = None) -> str | None:
    """Charge what an open invoice asks for and return the bank's reason if it refused."""
    document = invoice.document
    subscription = await subscription_of(ws, document)
    pair = await payment_of(ws, document)
    reason = None
    if pair is not None:
        customer = await ws.get("customer", document["customer"], param="customer")
        if card is None:
            card = await default_card(ws, customer, None if subscription is None else subscription.document)
        reason = charge(ws, pair[1], card, holder_present=holder_present)
        ws.change(invoice, {"attempted": True, "attempt_count": document["attempt_count"] + 1})
    if reason is None:
        await close_paid(ws, invoice)
        await _set_delinquent(ws, document["customer"], delinquent=False)
        if subscription is not None:
            await revive(ws, subscription)
        return None
    await _refused(ws, invoice, subscription)
    return reason


async def subscription_of(ws: Workspace, invoice: Document) -> Entry | None:
    """Return the subscription that an invoice is about."""
    details = (invoice["parent"] or {}).get("subscription_details")
    return None if details is None else await ws.find(details["subscription"], "subscription")


async def revive(ws: Workspace, subscription: Entry) -> None:
    """Set a subscription right after a payment: active again unless another invoice of it is still unpaid."""
    document = subscription.document
    if document["status"] not in {"incomplete", "past_due", "unpaid"}:
        return
    if document["status"] != "incomplete":
        # Older unpaid invoices keep it past due.
        for each in await ws.all_of("invoice", by="parent", value=document["id"]):
            if each.document["status"] == "open" and each.document["amount_remaining"] > 0:
                return
    first = document["status"] == "incomplete"
    trialing = document["trial_end"] is not None and document["trial_end"] > ws.at
    subscription.due_at = document["items"]["data"][0]["current_period_end"]
    ws.change(
        subscription,
        {"status": "trialing" if trialing else "active"},
        event=None if first and subscription.state.get("quiet") else "customer.subscription.updated",
    )


async def _refused(ws: Workspace, invoice: Entry, subscription: Entry | None) -> None:
    document = invoice.document
    first = document["billing_reason"] == "subscription_create"
    attempts = document["attempt_count"]
    ended = subscription is None or subscription.document["status"] in _ENDED
    again = not first and not ended and attempts <= len(RETRY_DAYS)
    invoice.due_at = ws.at + RETRY_DAYS[attempts - 1] * DAY if again else None
    ws.change(invoice, {"next_payment_attempt": invoice.due_at, "auto_advance": again})
    ws.emit("invoice.payment_failed", document)
    if first or subscription is None or ended:
        return
    await _set_delinquent(ws, document["customer"], delinquent=True)
    if again:
        ws.change(subscription, {"status": "past_due"}, event="customer.subscription.updated")
    elif ws.account.settings.get("failed_renewals_end_as") == "unpaid":
        subscription.due_at = None
        ws.change(subscription, {"status": "unpaid"}, event="customer.subscription.updated")
    else:
        await end(ws, subscription, reason="payment_failed")


async def end(ws: Workspace, subscription: Entry, *, reason: str) -> None:
    """Cancel a subscription now and report it; its unpaid invoices are not tried again."""
    document = subscription.document
    subscription.due_at = None
    subscription.state["pending_lines"] = []
    for each in await ws.all_of("invoice", by="parent", value=document["id"]):
        if each.due_at is not None:
            each.due_at = None
            ws.change(each, {"next_payment_attempt": None, "auto_advance": False})
    ws.change(
        subscription,
        {
            "status": "canceled",
            "canceled_at": document["canceled_at"] or ws.at,
            "ended_at": ws.at,
            "cancellation_details": {**document["cancellation_details"], "reason": reason},
        },
    )
    ws.emit("customer.subscription.deleted", document)


async def void(ws: Workspace, invoice: Entry) -> None:
    """Void an open invoice and what was to pay it."""
    document = invoice.document
    pair = await payment_of(ws, document)
    if pair is not None:
        payment, intent = pair
        if intent.document["status"] not in {"succeeded", "canceled"}:
            cancel(ws, intent, "void_invoice")
        ws.change(payment, {"status": "canceled", "status_transitions": {"canceled_at": ws.at, "paid_at": None}})
    invoice.due_at = None
    ws.change(
        invoice,
        {
            "status": "void",
            "auto_advance": False,
            "next_payment_attempt": None,
            "status_transitions": {**document["status_transitions"], "voided_at": ws.at},
        },
    )
    ws.emit("invoice.voided", document)


async def _set_delinquent(ws: Workspace, customer_id: str, *, delinquent: bool) -> None:
    customer = await ws.find(customer_id, "customer")
    if customer is not None and not customer.document.get("deleted"):
        ws.change(customer, {"delinquent": delinquent}, event="customer.updated")
