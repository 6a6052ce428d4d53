"""What happens when a buyer presses *Pay*: a card, and with it a subscription, a payment or a saved card.

Since API version 2025-03-31 a subscription is created only when its checkout is paid, so a refused card leaves behind a
failed payment and an open session, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billfold.infrastructure.stripe_simulator import coupons
from billfold.infrastructure.stripe_simulator.customers import new_customer
from billfold.infrastructure.stripe_simulator.cycles import Item, start
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.parameters import new_metadata
from billfold.infrastructure.stripe_simulator.payment_methods import REFUSES, VISA, new_card, new_setup_intent
from billfold.infrastructure.stripe_simulator.payments import charge, new_intent
from billfold.infrastructure.stripe_simulator.periods import DAY
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace


async def complete(
    ws: Workspace, session: Entry, *, bank: str, email: str | None = None, brand: str = VISA
) -> Document:
    """Pay an open checkout with a new card of a brand whose bank `pays`, `fails_later` or `refuses`; return the session."""
    document = session.document
    if document["status"] != "open":
        raise invalid(
            f"This checkout is {document['status']}: it cannot be paid any more.", code="checkout_session_closed"
        )
    email = email or document["customer_email"]
    if bank == REFUSES:
        await _refuse(ws, session)
        return document
    customer = await _buyer(ws, session, email)
    owner = None if customer is None else customer.document["id"]
    card = new_card(ws, customer=owner, bank=bank, email=email, brand=brand)
    mode = document["mode"]
    if customer is not None and mode != "payment":
        ws.emit("payment_method.attached", card.document)
    if mode == "subscription":
        assert customer is not None  # noqa: S101 - `_buyer` makes one for every mode but a payment
        changes, after = await _subscribe(ws, session, customer, card)
    elif mode == "payment":
        changes, after = await _pay(ws, session, customer, card)
    else:
        changes, after = _save_card(ws, session, customer, card)
    session.due_at = None
    session.customer = None if customer is None else customer.document["id"]
    buyer = {} if customer is None else customer.document
    ws.change(
        session,
        {
            **changes,
            "customer": session.customer,
            "customer_details": {
                "address": None,
                "business_name": None,
                "email": email or buyer.get("email"),
                "individual_name": None,
                "name": buyer.get("name"),
                "phone": None,
                "tax_exempt": "none",
                "tax_ids": [],
            },
            "status": "complete",
            "url": None,
        },
    )
    ws.emit("checkout.session.completed", document)
    # Stripe reports the new subscription beside the finished checkout, in no promised order.
    for name, each in after:
        ws.emit(name, each)
    return document


async def _buyer(ws: Workspace, session: Entry, email: str | None) -> Entry | None:
    document = session.document
    if document["customer"] is not None:
        return await ws.entry("customer", document["customer"], param="customer")
    if document["mode"] == "payment" and document["customer_creation"] != "always":
        return None
    customer = new_customer(ws, email=email, name=None, metadata={})
    ws.emit("customer.created", customer.document)
    return customer


async def _refuse(ws: Workspace, session: Entry) -> None:
    document = session.document
    if document["mode"] == "setup" or document["amount_total"] == 0:
        return
    data = session.state.get("payment_intent_data") or {}
    intent = new_intent(
        ws,
        amount=document["amount_total"],
        in_currency=document["currency"],
        customer=document["customer"],
        metadata=new_metadata(data),
        description=None,
    )
    card = new_card(ws, customer=None, bank=REFUSES)
    charge(ws, intent, card, holder_present=True)


async def _subscribe(
    ws: Workspace, session: Entry, customer: Entry, card: Entry
) -> tuple[Document, list[tuple[str, Document]]]:
    data: Mapping[str, Any] = session.state.get("subscription_data") or {}
    trial_end = data.get("trial_end")
    if data.get("trial_period_days") is not None:
        trial_end = ws.at + data["trial_period_days"] * DAY
    given = session.state.get("discounts") or []
    discounts = await coupons.redeem(
        ws, given, customer=customer.document["id"], subscription=None, session=session.document["id"]
    )
    subscription, invoice = await start(
        ws,
        customer.document,
        [Item(price=line["price"], quantity=line["quantity"], metadata={}) for line in session.state["lines"]],
        metadata=new_metadata(data),
        trial_end=trial_end,
        card=card,
        discounts=discounts,
        quiet=True,
    )
    subscription.document["description"] = data.get("description")
    changes = {
        "subscription": subscription.document["id"],
        "invoice": invoice.document["id"],
        "payment_status": "paid" if trial_end is None else "no_payment_required",
    }
    return changes, [("customer.subscription.created", subscription.document)]


async def _pay(
    ws: Workspace, session: Entry, customer: Entry | None, card: Entry
) -> tuple[Document, list[tuple[str, Document]]]:
    document = session.document
    if document["amount_total"] == 0:
        return {"payment_status": "no_payment_required"}, []
    data: Mapping[str, Any] = session.state.get("payment_intent_data") or {}
    for each in session.state.get("discounts") or []:
        await coupons.redeem(
            ws,
            [each],
            customer=None if customer is None else customer.document["id"],
            subscription=None,
            session=document["id"],
        )
    intent = new_intent(
        ws,
        amount=document["amount_total"],
        in_currency=document["currency"],
        customer=None if customer is None else customer.document["id"],
        metadata=new_metadata(data),
        description=data.get("description"),
    )
    intent.document["receipt_email"] = data.get("receipt_email")
    intent.document["setup_future_usage"] = data.get("setup_future_usage")
    charge(ws, intent, card, holder_present=True)
    return {"payment_intent": intent.document["id"], "payment_status": "paid"}, []


def _save_card(
    ws: Workspace, session: Entry, customer: Entry | None, card: Entry
) -> tuple[Document, list[tuple[str, Document]]]:
    data: Mapping[str, Any] = session.state.get("setup_intent_data") or {}
    intent = new_setup_intent(
        ws,
        customer=None if customer is None else customer.document["id"],
        metadata=new_metadata(data),
        method=card.document["id"],
    )
    ws.emit("setup_intent.created", intent.document)
    ws.emit("setup_intent.succeeded", intent.document)
    return {"setup_intent": intent.document["id"], "payment_status": "no_payment_required"}, []
