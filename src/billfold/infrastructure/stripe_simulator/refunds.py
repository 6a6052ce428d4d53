"""`/v1/refunds`: money that goes back to the card, all of it or a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.charges import new_balance_transaction
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    choice,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

CREATE: Final = Shape(
    amount=positive,
    charge=text,
    payment_intent=text,
    metadata=metadata,
    reason=choice("duplicate", "fraudulent", "requested_by_customer"),
)
UPDATE: Final = Shape(metadata=metadata)


async def create_refund(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Refund what is left of a charge, or the given part of it."""
    del ids
    charge_id = values.get("charge")
    if (charge_id is None) == (values.get("payment_intent") is None):
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    if charge_id is None:
        intent = await ws.get("payment_intent", values["payment_intent"], param="payment_intent")
        charge_id = intent["latest_charge"]
        if charge_id is None:
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    charge = await ws.entry("charge", charge_id, param="charge")
    return refund(ws, charge, values.get("amount"), reason=values.get("reason"), refund_metadata=new_metadata(values))


def refund(
    ws: Workspace, charge: Entry, amount: int | None, *, reason: str | None, refund_metadata: dict[str, str]
) -> Document:
    """Give money back and report it; raises for more than is left, or for a charge that was never paid."""
    paid = charge.document
    if not paid["paid"]:
        raise invalid(f"Charge {paid['id']} has not succeeded, so there is nothing to refund.", param="charge")
    left = paid["amount"] - paid["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {paid['id']} has already been refunded.", code="charge_already_refunded")
    if paid["disputed"]:
        raise invalid(f"Charge {paid['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if amount is not None and amount > left:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    given = left if amount is None else amount
    refund_id = long_id("re_3")
    document: Document = {
        "id": refund_id,
        "object": "refund",
        "amount": given,
        "balance_transaction": new_balance_transaction(
            ws, amount=-given, in_currency=paid["currency"], source=refund_id, kind="refund"
        ),
        "charge": paid["id"],
        "created": ws.at,
        "currency": paid["currency"],
        "customer": paid["customer"],
        "customer_account": None,
        "destination_details": {
            "card": {
                "reference": "8923913048",
                "reference_status": "available",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": refund_metadata,
        "payment_intent": paid["payment_intent"],
        "payment_method": paid["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }  # fmt: skip
    ws.add(document, customer=paid["customer"], parent=paid["id"], lookup=paid["payment_intent"])
    before = {"amount_refunded": paid["amount_refunded"], "refunded": paid["refunded"]}
    ws.change(charge, {"amount_refunded": paid["amount_refunded"] + given, "refunded": given == left})
    ws.emit("charge.refunded", paid, previous=before)
    ws.emit("refund.created", document)
    return document


def fail(ws: Workspace, given: Entry, charge: Entry) -> Document:
    """Have the bank send a refund back: the charge is as much less refunded."""
    document = given.document
    if document["status"] != "succeeded":
        raise invalid("This refund has failed already.")
    paid = charge.document
    before = {"amount_refunded": paid["amount_refunded"], "refunded": paid["refunded"]}
    ws.change(
        given,
        {
            "failure_balance_transaction": new_balance_transaction(
                ws,
                amount=document["amount"],
                in_currency=document["currency"],
                source=document["id"],
                kind="refund_failure",
            ),
            "failure_reason": "lost_or_stolen_card",
            "status": "failed",
        },
    )
    ws.change(charge, {"amount_refunded": paid["amount_refunded"] - document["amount"], "refunded": False})
    ws.emit("charge.updated", paid, previous=before)
    ws.emit("charge.refund.updated", document, previous={"status": "succeeded"})
    ws.emit("refund.failed", document)
    return document


async def update_refund(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change a refund's metadata."""
    entry = await ws.entry("refund", ids[0])
    changes = (
        {"metadata": merged_metadata(entry.document["metadata"], values["metadata"])} if "metadata" in values else {}
    )
    return ws.change(entry, changes, event="refund.updated")
