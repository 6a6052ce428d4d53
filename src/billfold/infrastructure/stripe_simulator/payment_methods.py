"""Cards, `/v1/payment_methods` and `/v1/setup_intents`.

How the bank answers is a property of the card, kept in its `state["bank"]`: `pays` always, `fails_later` pays while its
holder is present and refuses every charge without him (renewals), `refuses` never pays. Stripe's own test names work in
their place: `pm_card_visa`, `pm_card_chargeCustomerFail`, `pm_card_visa_chargeDeclinedInsufficientFunds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import invalid, missing
from billfold.infrastructure.stripe_simulator.identifiers import long_id, secret_of
from billfold.infrastructure.stripe_simulator.parameters import (
    Reader,
    Shape,
    choice,
    listed,
    metadata,
    new_metadata,
    text,
    unsigned,
)
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

PAYS: Final = "pays"
FAILS_LATER: Final = "fails_later"
REFUSES: Final = "refuses"
VISA: Final = "visa"
# The brands that a card may have, and the last digits of Stripe's test card of each.
BRANDS: Final = {VISA: "4242", "mastercard": "4444", "amex": "8431"}
# A Visa shows by its number what its bank will do, as Stripe's test cards do.
_VISAS: Final = {PAYS: "4242", FAILS_LATER: "0341", REFUSES: "9995"}

_TEST_CARDS: Final = {
    "pm_card_visa": PAYS,
    "pm_card_mastercard": PAYS,
    "pm_card_amex": PAYS,
    "pm_card_chargeCustomerFail": FAILS_LATER,
    "pm_card_chargeDeclined": REFUSES,
    "pm_card_visa_chargeDeclined": REFUSES,
    "pm_card_visa_chargeDeclinedInsufficientFunds": REFUSES,
}
_TEST_NUMBERS: Final = {"4000000000000341": FAILS_LATER, "4000000000000002": REFUSES, "4000000000009995": REFUSES}
_CARD_PARAMETERS: Final[dict[str, Reader]] = {
    "number": text,
    "exp_month": unsigned,
    "exp_year": unsigned,
    "cvc": text,
    "token": text,
}
_NO_ADDRESS: Final = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}

CREATE: Final = Shape(
    "type",
    type=choice("card"),
    card=Shape(**_CARD_PARAMETERS),
    billing_details=Shape(email=text, name=text, phone=text),
    metadata=metadata,
)
ATTACH: Final = Shape("customer", customer=text)
DETACH: Final = Shape()
CREATE_SETUP_INTENT: Final = Shape(
    customer=text,
    allowed_payment_method_types=listed(text),
    usage=choice("off_session", "on_session"),
    metadata=metadata,
    description=text,
)


async def create_payment_method(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Create a card that belongs to nobody yet."""
    del ids
    card = values.get("card") or {}
    bank = _TEST_NUMBERS.get((card.get("number") or "").replace(" ", ""), PAYS)
    if card.get("token"):
        bank = _TEST_CARDS.get("pm_card_" + card["token"].removeprefix("tok_"), PAYS)
    entry = new_card(ws, customer=None, bank=bank)
    entry.document["metadata"] = new_metadata(values)
    entry.document["billing_details"].update(values.get("billing_details") or {})
    return entry.document


async def attach_payment_method(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Give a card to a customer."""
    customer = await ws.get("customer", values["customer"], param="customer")
    return (await attach_given(ws, ids[0], customer["id"], param=None)).document


async def detach_payment_method(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Take a card from its customer; it can never be used again."""
    del values
    entry = await ws.entry("payment_method", ids[0])
    if entry.document["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    owner = await ws.entry("customer", entry.document["customer"], param="customer")
    settings = owner.document["invoice_settings"]
    if settings["default_payment_method"] == entry.document["id"]:
        ws.change(owner, {"invoice_settings": {**settings, "default_payment_method": None}}, event="customer.updated")
    entry.customer = None
    entry.state["bank"] = REFUSES
    ws.change(entry, {"customer": None})
    ws.emit("payment_method.detached", entry.document)
    return entry.document


async def retrieve_of_customer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return a card if it is this customer's."""
    del values
    document = await ws.get("payment_method", ids[1])
    if document["customer"] != ids[0]:
        raise missing("payment_method", ids[1])
    return document


async def attach_given(ws: Workspace, method_id: str, customer: str, *, param: str | None) -> Entry:
    """Return the named card as one of this customer's: Stripe's test names make a new one."""
    if method_id in _TEST_CARDS:
        brand = method_id.removeprefix("pm_card_")
        entry = new_card(ws, customer=customer, bank=_TEST_CARDS[method_id], brand=brand if brand in BRANDS else VISA)
        ws.emit("payment_method.attached", entry.document)
        return entry
    entry = await ws.entry("payment_method", method_id, param=param)
    if entry.document["customer"] == customer:
        return entry
    if entry.document["customer"] is not None:
        raise invalid("The payment method you provided has already been attached to a customer.", param=param)
    entry.customer = customer
    ws.change(entry, {"customer": customer})
    ws.emit("payment_method.attached", entry.document)
    return entry


def new_card(ws: Workspace, *, customer: str | None, bank: str, email: str | None = None, brand: str = VISA) -> Entry:
    """Put a card into the account."""
    document: Document = {
        "id": long_id("pm_"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": {"address": dict(_NO_ADDRESS), "email": email, "name": None, "phone": None, "tax_id": None},
        "card": {
            "brand": brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US",
            "display_brand": brand,
            "exp_month": 12,
            "exp_year": 2099,
            # Another card for each buyer, whatever number is typed: nobody should look like one person because he tries this out.
            "fingerprint": long_id("")[:16],
            "funding": "credit",
            "generated_from": None,
            "last4": _VISAS[bank] if brand == VISA else BRANDS[brand],
            "networks": {"available": [brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": ws.at,
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }
    return ws.add(document, customer=customer, state={"bank": bank})


async def default_card(ws: Workspace, customer: Document, subscription: Document | None) -> Entry | None:
    """Return the card that is charged: the subscription's own, else the customer's, else none."""
    method_id = subscription["default_payment_method"] if subscription is not None else None
    method_id = method_id or customer["invoice_settings"]["default_payment_method"]
    return None if method_id is None else await ws.find(method_id, "payment_method")


def refusal(card: Entry | None, *, holder_present: bool) -> str | None:
    """Return the bank's reason to refuse a charge to this card, or None if it pays."""
    bank = REFUSES if card is None else card.state["bank"]
    if bank == PAYS or (bank == FAILS_LATER and holder_present):
        return None
    return "insufficient_funds" if card is not None else "generic_decline"


async def create_setup_intent(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Open a setup intent that waits for a card."""
    del ids
    customer = values.get("customer")
    if customer is not None:
        await ws.get("customer", customer, param="customer")
    entry = new_setup_intent(ws, customer=customer, metadata=new_metadata(values), method=None)
    entry.document["usage"] = values.get("usage", "off_session")
    entry.document["description"] = values.get("description")
    ws.emit("setup_intent.created", entry.document)
    return entry.document


def new_setup_intent(ws: Workspace, *, customer: str | None, metadata: dict[str, str], method: str | None) -> Entry:
    """Put a setup intent into the account: succeeded if it has its card."""
    intent_id = long_id("seti_")
    document: Document = {
        "id": intent_id,
        "object": "setup_intent",
        "allowed_payment_method_types": None,
        "application": None,
        "automatic_payment_methods": None,
        "cancellation_reason": None,
        "client_secret": secret_of(intent_id),
        "created": ws.at,
        "customer": customer,
        "customer_account": None,
        "description": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": metadata,
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": method,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method" if method is None else "succeeded",
        "usage": "off_session",
    }
    return ws.add(document, customer=customer)
