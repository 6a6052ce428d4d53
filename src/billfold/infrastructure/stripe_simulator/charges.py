"""Charges, and the entries that they and refunds make in the account's own balance."""

from __future__ import annotations

from typing import Final

from billfold.infrastructure.stripe_simulator.errors import DECLINE_MESSAGES
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

_TO_SELLER: Final = {
    True: "Payment complete.",
    False: "The bank did not return any further details with this decline.",
}


def new_charge(ws: Workspace, intent: Document, card: Entry | None, reason: str | None) -> Document:
    """Write down what the bank said about an intent: a paid charge, or a failed one with its `reason`."""
    paid = reason is None
    details = None if card is None else card.document["card"]
    charge_id = long_id("ch_3")
    transaction = None
    if paid:
        transaction = new_balance_transaction(
            ws, amount=intent["amount"], in_currency=intent["currency"], source=charge_id, kind="charge"
        )
    document: Document = {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": transaction,
        "billing_details": {"address": None, "email": intent["receipt_email"], "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": "BILLFOLD SIMULATOR",
        "captured": paid,
        "created": ws.at,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None if reason is None else "card_declined",
        "failure_message": None if reason is None else DECLINE_MESSAGES[reason],
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None if paid else "51",
            "network_status": "approved_by_network" if paid else "declined_by_network",
            "reason": reason,
            "risk_level": "normal",
            "risk_score": 12,
            "seller_message": _TO_SELLER[paid],
            "type": "authorized" if paid else "issuer_declined",
        },
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": None if card is None else card.document["id"],
        "payment_method_details": None if details is None else {
            "card": {
                "amount_authorized": intent["amount"] if paid else None,
                "brand": details["brand"],
                "checks": dict(details["checks"]),
                "country": details["country"],
                "exp_month": details["exp_month"],
                "exp_year": details["exp_year"],
                "fingerprint": details["fingerprint"],
                "funding": details["funding"],
                "installments": None,
                "last4": details["last4"],
                "mandate": None,
                "network": "visa",
                "three_d_secure": None,
                "wallet": None,
            },
            "type": "card",
        },
        "radar_options": {},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded" if paid else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }  # fmt: skip
    ws.add(document, customer=intent["customer"], parent=intent["id"])
    return document


def new_balance_transaction(ws: Workspace, *, amount: int, in_currency: str, source: str, kind: str) -> str:
    """Book what a charge or refund did to the account's own balance and return the transaction's id; there is no fee."""
    document: Document = {
        "id": long_id("txn_3"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": ws.at,
        "balance_type": "payments",
        "created": ws.at,
        "currency": in_currency,
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": kind,
        "source": source,
        "status": "available",
        "type": kind,
    }
    ws.add(document, parent=source)
    return str(document["id"])
