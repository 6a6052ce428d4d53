"""`/v1/transfers` and their reversals: money from the account's balance to a connected one, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    currency,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.workspace import Document, Workspace

CREATE: Final = Shape(
    "amount", "currency", "destination",
    amount=positive, currency=currency, destination=text, description=text, metadata=metadata, transfer_group=text,
    source_transaction=text,
)  # fmt: skip
UPDATE: Final = Shape(description=text, metadata=metadata)
REVERSE: Final = Shape(amount=positive, description=text, metadata=metadata)


async def create_transfer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Send money to a connected account, if Stripe lets that account receive any."""
    del ids
    destination = await ws.get("account", values["destination"], param="destination")
    if destination["capabilities"]["transfers"] != "active":
        raise invalid(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    if values.get("source_transaction"):
        await ws.get("charge", values["source_transaction"], param="source_transaction")
    transfer_id = long_id("tr_")
    document: Document = {
        "id": transfer_id,
        "object": "transfer",
        "amount": values["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": ws.at,
        "currency": values["currency"],
        "description": values.get("description"),
        "destination": values["destination"],
        "destination_payment": long_id("py_"),
        "livemode": False,
        "metadata": new_metadata(values),
        "reversals": {"object": "list", "data": [], "has_more": False, "url": f"/v1/transfers/{transfer_id}/reversals"},
        "reversed": False,
        "source_transaction": values.get("source_transaction"),
        "source_type": "card",
        "transfer_group": values.get("transfer_group"),
    }
    ws.add(document, parent=values["destination"], lookup=values.get("transfer_group"))
    ws.emit("transfer.created", document)
    return document


async def update_transfer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change a transfer's description or metadata."""
    entry = await ws.entry("transfer", ids[0])
    changes: Document = {"description": values["description"]} if "description" in values else {}
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    return ws.change(entry, changes, event="transfer.updated")


async def reverse_transfer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Take back what is left of a transfer, or a part of it."""
    entry = await ws.entry("transfer", ids[0])
    transfer = entry.document
    left = transfer["amount"] - transfer["amount_reversed"]
    taken = values.get("amount") or left
    if taken > left or left == 0:
        raise invalid(
            f"Reversal amount ({taken}) is greater than unreversed amount on transfer ({left})", param="amount"
        )
    document: Document = {
        "id": long_id("trr_"),
        "object": "transfer_reversal",
        "amount": taken,
        "balance_transaction": None,
        "created": ws.at,
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": new_metadata(values),
        "source_refund": None,
        "transfer": transfer["id"],
    }
    ws.add(document, parent=transfer["id"])
    reversals = {**transfer["reversals"], "data": [document, *transfer["reversals"]["data"]][:10]}
    changes = {
        "amount_reversed": transfer["amount_reversed"] + taken,
        "reversed": taken == left,
        "reversals": reversals,
    }
    ws.change(entry, changes)
    ws.emit("transfer.reversed", transfer)
    return document
