"""Stripe Connect, as far as payouts need it: `/v1/account`, `/v1/accounts`, `/v1/transfers`; and `/v1/webhook_endpoints`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import StripeError, invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    boolean,
    choice,
    currency,
    listed,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.workspace import API_VERSION, Document, Shelf, Workspace

_REQUESTED: Final = Shape(requested=boolean)
CREATE_ACCOUNT: Final = Shape(
    type=choice("custom", "express", "standard"),
    country=text,
    email=text,
    business_type=choice("company", "government_entity", "individual", "non_profit"),
    capabilities=Shape(transfers=_REQUESTED, card_payments=_REQUESTED),
    metadata=metadata,
)
CREATE_TRANSFER: Final = Shape(
    "amount", "currency", "destination",
    amount=positive, currency=currency, destination=text, description=text, metadata=metadata, transfer_group=text,
    source_transaction=text,
)  # fmt: skip
UPDATE_TRANSFER: Final = Shape(description=text, metadata=metadata)
CREATE_ENDPOINT: Final = Shape(
    "url", "enabled_events", url=text, enabled_events=listed(text, limit=300), description=text, metadata=metadata
)
UPDATE_ENDPOINT: Final = Shape(
    url=text, enabled_events=listed(text, limit=300), description=text, metadata=metadata, disabled=boolean
)


async def retrieve_own_account(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return the account that the key opens."""
    del ids, values
    account = shelf.account
    return _account(
        account.id, int(account.created_at.timestamp()), name=account.settings.get("name"), kind="standard", values={}
    )


async def retrieve_account(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return the own account or a connected one."""
    if ids[0] == shelf.account.id:
        return await retrieve_own_account(shelf, ids, values)
    entry = await shelf.find(ids[0], "account")
    if entry is None:
        raise StripeError(
            403,
            f"The provided key does not have access to account '{ids[0]}' (or that account does not exist).",
            code="account_invalid",
        )
    return entry.document


async def create_account(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Connect an account that may be paid at once."""
    del ids
    document = _account(long_id("acct_")[:21], ws.at, name=None, kind=values.get("type", "express"), values=values)
    ws.add(document)
    return document


def _account(account_id: str, created: int, *, name: str | None, kind: str, values: Mapping[str, Any]) -> Document:
    return {
        "id": account_id,
        "object": "account",
        "business_profile": {
            "annual_revenue": None, "estimated_worker_count": None, "mcc": None, "name": name, "product_description": None,
            "support_address": None, "support_email": None, "support_phone": None, "support_url": None, "url": None,
        },
        "business_type": values.get("business_type"),
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": values.get("country") or "US",
        "created": created,
        "default_currency": "usd",
        "details_submitted": True,
        "email": values.get("email"),
        "metadata": new_metadata(values),
        "payouts_enabled": True,
        "settings": {
            "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
            "card_payments": {
                "decline_on": {"avs_failure": False, "cvc_failure": False}, "statement_descriptor_prefix": None,
                "statement_descriptor_prefix_kana": None, "statement_descriptor_prefix_kanji": None,
            },
            "dashboard": {"display_name": name, "timezone": "Etc/UTC"},
            "payments": {"statement_descriptor": None, "statement_descriptor_kana": None, "statement_descriptor_kanji": None},
        },
        "type": kind,
    }  # fmt: skip


async def create_transfer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Send money to a connected account."""
    del ids
    await ws.get("account", values["destination"], param="destination")
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


async def create_endpoint(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Write down a webhook endpoint; the simulator itself always sends to its own team and to nobody else."""
    del ids
    if not str(values["url"]).startswith(("https://", "http://")):
        raise invalid(
            "Invalid URL: An explicit scheme (such as https) must be provided.", param="url", code="url_invalid"
        )
    document: Document = {
        "id": long_id("we_"),
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": ws.at,
        "description": values.get("description"),
        "enabled_events": values["enabled_events"],
        "livemode": False,
        "metadata": new_metadata(values),
        "status": "enabled",
        "url": values["url"],
    }
    ws.add(document)
    return document


async def update_endpoint(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change a webhook endpoint."""
    entry = await ws.entry("webhook_endpoint", ids[0])
    changes: Document = {name: values[name] for name in ("url", "enabled_events", "description") if name in values}
    if "disabled" in values:
        changes["status"] = "disabled" if values["disabled"] else "enabled"
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    return ws.change(entry, changes)


async def delete_endpoint(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Delete a webhook endpoint."""
    del values
    entry = await ws.entry("webhook_endpoint", ids[0])
    entry.document = {"id": ids[0], "object": "webhook_endpoint", "deleted": True}
    ws.save(entry)
    return entry.document
