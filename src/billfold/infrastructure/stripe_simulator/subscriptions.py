"""`/v1/subscriptions` and `/v1/subscription_items`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator import prorations
from billfold.infrastructure.stripe_simulator.collection import end
from billfold.infrastructure.stripe_simulator.coupons import DISCOUNT, redeem
from billfold.infrastructure.stripe_simulator.cycles import next_due, run_due, start
from billfold.infrastructure.stripe_simulator.errors import invalid, missing
from billfold.infrastructure.stripe_simulator.parameters import (
    Reader,
    Shape,
    boolean,
    choice,
    integer,
    listed,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.payment_methods import attach_given, default_card
from billfold.infrastructure.stripe_simulator.periods import DAY
from billfold.infrastructure.stripe_simulator.subscription_items import ITEM, changed_items, items_of
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

_ENDED: Final = frozenset({"canceled", "incomplete_expired"})
_LONGEST_TRIAL_DAYS: Final = 730
_PRORATION: Final = choice("create_prorations", "none", "always_invoice")
_CANCELLATION: Final = Shape(
    comment=text,
    feedback=choice(
        "customer_service",
        "low_quality",
        "missing_features",
        "other",
        "switched_service",
        "too_complex",
        "too_expensive",
        "unused",
    ),
)


def _moment_or_never(value: Any, param: str) -> int | None:
    return None if value == "" else integer(value, param)


_SHARED: Final[dict[str, Reader]] = {
    "cancel_at": _moment_or_never,
    "cancel_at_period_end": boolean,
    "collection_method": choice("charge_automatically"),
    "default_payment_method": text,
    "description": text,
    "discounts": listed(DISCOUNT),
    "metadata": metadata,
    "off_session": boolean,
    "payment_behavior": choice(
        "allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"
    ),
    "payment_settings": Shape(
        save_default_payment_method=choice("off", "on_subscription"), payment_method_types=listed(text)
    ),
    "proration_behavior": _PRORATION,
}


def _trial_end(value: Any, param: str) -> int | str:
    return "now" if value == "now" else integer(value, param)


CREATE: Final = Shape(
    "customer",
    "items",
    **_SHARED,
    customer=text,
    items=listed(Shape(**ITEM)),
    trial_end=_trial_end,
    trial_period_days=positive,
)
UPDATE: Final = Shape(
    **_SHARED,
    items=listed(Shape(**ITEM, id=text, deleted=boolean)),
    trial_end=_trial_end,
    cancellation_details=_CANCELLATION,
)
CANCEL: Final = Shape(cancellation_details=_CANCELLATION, invoice_now=boolean, prorate=boolean)
UPDATE_ITEM: Final = Shape(**ITEM, proration_behavior=_PRORATION)


async def create_subscription(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Start a subscription of a customer who has a card, or a trial, or whose first invoice may stay open."""
    del ids
    customer = await ws.get("customer", values["customer"], param="customer")
    items = await items_of(ws, values["items"])
    card = None
    if values.get("default_payment_method"):
        card = await attach_given(ws, values["default_payment_method"], customer["id"], param="default_payment_method")
    trial_end = _trial_of(ws, values)
    behavior = values.get("payment_behavior", "allow_incomplete")
    paying = card or await default_card(ws, customer, None)
    free = sum(each.price["unit_amount"] * each.quantity for each in items) == 0
    if paying is None and trial_end is None and not free and behavior == "allow_incomplete":
        raise invalid(
            "This customer has no attached payment source or default payment method. "
            "Please consider adding a default payment method.",
            code="resource_missing",
        )
    discounts = await redeem(
        ws, values.get("discounts") or [], customer=customer["id"], subscription=None, session=None
    )
    subscription, invoice = await start(
        ws,
        customer,
        items,
        metadata=new_metadata(values),
        trial_end=trial_end,
        card=card,
        discounts=discounts,
        collect_first=behavior != "default_incomplete",
    )
    if behavior == "error_if_incomplete" and invoice.document["status"] == "open":
        raise invalid("Your card was declined.", code="card_declined")
    later = {name: values[name] for name in ("cancel_at", "cancel_at_period_end", "description") if name in values}
    ws.change(subscription, {**later, **_cancellation(ws, subscription, later)})
    if subscription.due_at is not None and subscription.document["status"] != "incomplete":
        subscription.due_at = next_due(subscription.document, _period_end(subscription.document))
    return subscription.document


def _trial_of(ws: Workspace, values: Mapping[str, Any]) -> int | None:
    days, ends = values.get("trial_period_days"), values.get("trial_end")
    if days is not None:
        if days > _LONGEST_TRIAL_DAYS:
            raise invalid(f"Trials can be at most {_LONGEST_TRIAL_DAYS} days.", param="trial_period_days")
        return ws.at + int(days) * DAY
    if ends is None or ends == "now":
        return None
    if ends <= ws.at:
        raise invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", param="trial_end")
    return int(ends)


async def update_subscription(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change what is given; items change with prorations as `proration_behavior` says."""
    entry = await _running(ws, ids[0])
    document = entry.document
    changes: Document = {
        name: values[name] for name in ("cancel_at", "cancel_at_period_end", "description") if name in values
    }
    if "metadata" in values:
        changes["metadata"] = merged_metadata(document["metadata"], values["metadata"])
    if values.get("default_payment_method"):
        card = await attach_given(
            ws, values["default_payment_method"], document["customer"], param="default_payment_method"
        )
        changes["default_payment_method"] = card.document["id"]
    if "discounts" in values:
        changes["discounts"] = await redeem(
            ws, values["discounts"], customer=document["customer"], subscription=document["id"], session=None
        )
    changes.update(_cancellation(ws, entry, changes))
    if "cancellation_details" in values:
        changes["cancellation_details"] = {**document["cancellation_details"], **(values["cancellation_details"] or {})}
    behavior = values.get("proration_behavior", "create_prorations")
    if values.get("items"):
        changes["items"] = await changed_items(ws, entry, values["items"], behavior)
        entry.lookup = changes["items"]["data"][0]["price"]["id"]
    if values.get("trial_end") is not None:
        _move_trial(ws, entry, changes, values)
    ws.change(entry, changes, event="customer.subscription.updated")
    if document["status"] != "incomplete":
        entry.due_at = next_due(document, _period_end(document))
    if values.get("items"):
        await prorations.settle(ws, entry, behavior)
    if values.get("trial_end") == "now":
        await run_due(ws, entry)
    return document


def _cancellation(ws: Workspace, entry: Entry, changes: Mapping[str, Any]) -> Document:
    """Return what else changes with `cancel_at_period_end`: Stripe writes when it was asked for, and takes it back."""
    asked = changes.get("cancel_at_period_end")
    document = entry.document
    if asked is None or asked == document["cancel_at_period_end"]:
        return {}
    reason = "cancellation_requested" if asked else None
    return {
        "cancel_at": _period_end(document) if asked else None,
        "canceled_at": ws.at if asked else None,
        "cancellation_details": {**document["cancellation_details"], "reason": reason},
    }


def _move_trial(ws: Workspace, entry: Entry, changes: Document, values: Mapping[str, Any]) -> None:
    if entry.document["status"] not in {"trialing", "active"}:
        raise invalid("The trial of this subscription cannot be changed any more.", param="trial_end")
    ends = ws.at if values["trial_end"] == "now" else _trial_of(ws, values)
    items: Document = changes["items"] if "items" in changes else entry.document["items"]
    data = [{**item, "current_period_end": ends} for item in items["data"]]
    entry.state.update(anchor=ends, periods=0)
    changes.update(
        items={**items, "data": data},
        trial_end=ends,
        billing_cycle_anchor=ends,
        trial_start=entry.document["trial_start"] or ws.at,
        status="trialing",
    )


async def cancel_subscription(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """End a subscription now."""
    entry = await _running(ws, ids[0], status=404)
    details = values.get("cancellation_details") or {}
    ws.change(entry, {"cancellation_details": {**entry.document["cancellation_details"], **details}})
    await end(ws, entry, reason="cancellation_requested")
    return entry.document


async def update_item(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change one item: the same as updating it through its subscription."""
    subscription = await _subscription_of_item(ws, ids[0])
    change = {name: values[name] for name in values if name != "proration_behavior"}
    behavior = values.get("proration_behavior", "create_prorations")
    await update_subscription(
        ws, (subscription,), {"items": [{**change, "id": ids[0]}], "proration_behavior": behavior}
    )
    return await retrieve_item(ws, ids, {})


async def retrieve_item(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return one item."""
    del values
    document = await ws.get("subscription", await _subscription_of_item(ws, ids[0]))
    return next(item for item in document["items"]["data"] if item["id"] == ids[0])


async def _subscription_of_item(ws: Workspace, item_id: str) -> str:
    # Items live inside their subscription; a look through the latest thousand is enough for a simulator.
    for each in await ws.page("subscription", by=None, value=None, cursor=2**62, newest_first=True, limit=1_000):
        if any(item["id"] == item_id for item in each.document["items"]["data"]):
            return str(each.document["id"])
    raise missing("subscription_item", item_id)


def _period_end(document: Document) -> int:
    return int(document["items"]["data"][0]["current_period_end"])


async def _running(ws: Workspace, subscription_id: str, *, status: int = 400) -> Entry:
    entry = await ws.entry("subscription", subscription_id)
    if entry.document["status"] in _ENDED:
        if status == 404:  # noqa: PLR2004 - Stripe's own status for canceling twice
            raise missing("subscription", subscription_id)
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    return entry
