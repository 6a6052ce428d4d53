"""`/v1/disputes`: a cardholder asks his bank for the money back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.parameters import Shape, merged_metadata, metadata
from billfold.infrastructure.stripe_simulator.periods import DAY
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

UPDATE: Final = Shape(metadata=metadata)
CLOSE: Final = Shape()
_OPEN: Final = "needs_response"
_EVIDENCE_DAYS: Final = 9
_EVIDENCE: Final = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def open_dispute(ws: Workspace, charge: Entry) -> Document:
    """Have the cardholder dispute a paid charge: what has not been refunded is withdrawn from the account."""
    paid = charge.document
    if not paid["paid"] or paid["disputed"]:
        raise invalid(
            f"Charge {paid['id']} cannot be disputed: it was not paid, or is disputed already.", param="charge"
        )
    left = paid["amount"] - paid["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {paid['id']} has been refunded; there is nothing to dispute.", param="charge")
    document: Document = {
        "id": long_id("du_"),
        "object": "dispute",
        "amount": left,
        "balance_transactions": [],
        "charge": paid["id"],
        "created": ws.at,
        "currency": paid["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": ws.at + _EVIDENCE_DAYS * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": paid["payment_intent"],
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "13.1"},
            "type": "card",
        },
        "reason": "product_not_received",
        "status": _OPEN,
    }
    ws.add(document, parent=paid["id"], lookup=paid["payment_intent"])
    ws.change(charge, {"disputed": True})
    ws.emit("charge.dispute.created", document)
    ws.emit("charge.dispute.funds_withdrawn", document)
    ws.emit("charge.updated", paid, previous={"disputed": False})
    return document


def decide(ws: Workspace, dispute: Entry, *, won: bool) -> Document:
    """Have the bank decide: won gives the money back to the account, lost keeps it with the cardholder."""
    if dispute.document["status"] != _OPEN:
        raise invalid("This dispute is already closed.", code="dispute_already_closed")
    document = ws.change(dispute, {"status": "won" if won else "lost"})
    if won:
        ws.emit("charge.dispute.funds_reinstated", document)
    ws.emit("charge.dispute.closed", document)
    return document


async def update_dispute(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change a dispute's metadata."""
    entry = await ws.entry("dispute", ids[0])
    changes = (
        {"metadata": merged_metadata(entry.document["metadata"], values["metadata"])} if "metadata" in values else {}
    )
    return ws.change(entry, changes, event="charge.dispute.updated")


async def close_dispute(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Accept a dispute: it is lost."""
    del values
    return decide(ws, await ws.entry("dispute", ids[0]), won=False)
