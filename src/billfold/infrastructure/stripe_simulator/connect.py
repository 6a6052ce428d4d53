"""Stripe Connect's accounts, as far as payouts need them: `/v1/account`, `/v1/accounts`, `/v1/account_links`; webhook endpoints.

A connected account can receive nothing until its owner has been through the onboarding page; a link to it is good once.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import StripeError, invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    boolean,
    choice,
    listed,
    merged_metadata,
    metadata,
    new_metadata,
    text,
)
from billfold.infrastructure.stripe_simulator.workspace import API_VERSION, Document, Shelf, Workspace

_REQUESTED: Final = Shape(requested=boolean)
# Stripe's own links end within minutes.
_LINK_SECONDS: Final = 600
CREATE_ACCOUNT: Final = Shape(
    type=choice("custom", "express", "standard"),
    country=text,
    email=text,
    business_type=choice("company", "government_entity", "individual", "non_profit"),
    capabilities=Shape(transfers=_REQUESTED, card_payments=_REQUESTED),
    metadata=metadata,
)
CREATE_LINK: Final = Shape(
    "account", "type",
    account=text, type=choice("account_onboarding", "account_update"), refresh_url=text, return_url=text,
)  # fmt: skip
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
    """Connect an account; it can be sent money once its owner has been through the onboarding page."""
    del ids
    document = _account(long_id("acct_")[:21], ws.at, name=None, kind=values.get("type", "express"), values=values)
    document.update(_standing(is_open=False))
    ws.add(document)
    return document


async def create_link(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return a link to an account's onboarding page; the one before it is good no more."""
    del ids
    for name in ("refresh_url", "return_url"):
        if not str(values.get(name) or "").startswith(("https://", "http://")):
            raise invalid("Not a valid URL", param=name, code="url_invalid")
    entry = await ws.entry("account", values["account"], param="account")
    token = secrets.token_hex(24)
    expires_at = ws.at + _LINK_SECONDS
    entry.state = {
        **entry.state,
        "link": {
            "token": token,
            "expires_at": expires_at,
            "return_url": values["return_url"],
            "refresh_url": values["refresh_url"],
        },
    }
    ws.save(entry)
    return {
        "object": "account_link",
        "created": ws.at,
        "expires_at": expires_at,
        "url": f"{ws.public_url}/simulator/{ws.account.team_id}/connect/{values['account']}/{token}",
    }


async def finish_onboarding(ws: Workspace, account_id: str, token: str, *, is_refused: bool) -> str | None:
    """Have an account's owner tell what Stripe wants to know, and return where the page leads; None for a dead link.

    `is_refused` says that Stripe is not content: the papers are in, and transfers stay off.
    """
    entry = await ws.find(account_id, "account")
    link = {} if entry is None else entry.state.get("link") or {}
    if entry is None or not is_link_good(link, token, at=ws.at):
        return None
    entry.state = {name: value for name, value in entry.state.items() if name != "link"}
    ws.change(entry, {**_standing(is_open=not is_refused), "details_submitted": True}, event="account.updated")
    return str(link["return_url"])


def is_link_good(link: Mapping[str, Any], token: str, *, at: int) -> bool:
    """Tell whether a token opens an onboarding page at this moment."""
    return secrets.compare_digest(str(link.get("token", "")), token) and bool(token) and at < link["expires_at"]


def _standing(*, is_open: bool) -> Document:
    state = "active" if is_open else "inactive"
    return {
        "capabilities": {"card_payments": "inactive", "transfers": state},
        "charges_enabled": False,
        "details_submitted": is_open,
        "payouts_enabled": is_open,
    }


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
