"""`/v1/checkout/sessions`: opening, reading and expiring a checkout. What a payment makes of it is `checkout.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from billfold.infrastructure.stripe_simulator.catalog import PRICE_DATA
from billfold.infrastructure.stripe_simulator.checkout_lines import lines_of
from billfold.infrastructure.stripe_simulator.coupons import DISCOUNT, amount_off, coupon_of
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import session_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    boolean,
    choice,
    currency,
    integer,
    listed,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.periods import DAY
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

_ENABLED: Final = Shape(enabled=boolean)
CREATE: Final = Shape(
    "mode",
    allow_promotion_codes=boolean,
    allowed_payment_method_types=listed(text),
    automatic_tax=_ENABLED,
    billing_address_collection=choice("auto", "required"),
    cancel_url=text,
    client_reference_id=text,
    currency=currency,
    customer=text,
    customer_creation=choice("always", "if_required"),
    customer_email=text,
    customer_update=Shape(address=text, name=text, shipping=text),
    discounts=listed(DISCOUNT),
    expires_at=integer,
    line_items=listed(Shape(price=text, price_data=PRICE_DATA, quantity=positive)),
    locale=text,
    metadata=metadata,
    mode=choice("payment", "setup", "subscription"),
    payment_intent_data=Shape(
        description=text, metadata=metadata, receipt_email=text, setup_future_usage=choice("off_session", "on_session")
    ),
    payment_method_collection=choice("always", "if_required"),
    phone_number_collection=_ENABLED,
    setup_intent_data=Shape(description=text, metadata=metadata),
    submit_type=choice("auto", "book", "donate", "pay", "subscribe"),
    subscription_data=Shape(description=text, metadata=metadata, trial_end=integer, trial_period_days=positive),
    success_url=text,
    tax_id_collection=_ENABLED,
    ui_mode=choice("hosted_page"),
)
UPDATE: Final = Shape(metadata=metadata)
EXPIRE: Final = Shape()
_LONGEST_TRIAL_DAYS: Final = 730
_COLLECTION: Final = {"subscription": "always", "payment": "if_required", "setup": "always"}


async def create_session(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Open a checkout."""
    del ids
    mode = values["mode"]
    _check_urls(values)
    customer = None
    if values.get("customer") is not None:
        customer = await ws.get("customer", values["customer"], param="customer")
        if values.get("customer_email") is not None:
            raise invalid("You may only specify one of these parameters: customer, customer_email.")
    lines = await lines_of(ws, values.get("line_items") or [], mode)
    subtotal = sum(line["amount_subtotal"] for line in lines)
    unit = lines[0]["currency"] if lines else values.get("currency")
    discount = await _discount(ws, values, subtotal, unit)
    _check_details(ws, values, mode)
    trial = mode == "subscription" and _trial_end(ws, values) is not None
    total = 0 if trial else subtotal - discount
    new = session_id()
    expires_at = values.get("expires_at") or ws.at + DAY
    if not ws.at + 1_800 <= expires_at <= ws.at + DAY:  # a half-hour to a day, Stripe's bounds
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from now.",
            param="expires_at",
        )
    document = _document(ws, values, new, customer)
    document.update(
        amount_subtotal=None if mode == "setup" else (0 if trial else subtotal),
        amount_total=None if mode == "setup" else total,
        currency=unit,
        expires_at=expires_at,
        payment_status="no_payment_required" if mode == "setup" else "unpaid",
        total_details=None
        if mode == "setup"
        else {"amount_discount": 0 if trial else discount, "amount_shipping": 0, "amount_tax": 0},
        url=f"{ws.public_url}/simulator/{ws.account.team_id}/checkout/{new}",
    )
    kept = ("subscription_data", "payment_intent_data", "setup_intent_data", "discounts", "customer_creation")
    ws.add(
        document,
        customer=values.get("customer"),
        due_at=expires_at,
        state={"lines": lines, **{name: values[name] for name in kept if values.get(name)}},
    )
    return document


def _check_urls(values: Mapping[str, Any]) -> None:
    if values.get("success_url") is None:
        raise invalid("Missing required param: success_url.", param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        url = values.get(name)
        if url is None:
            continue
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise invalid(
                "Not a valid URL: an explicit scheme (such as https) must be provided.", param=name, code="url_invalid"
            )


def _check_details(ws: Workspace, values: Mapping[str, Any], mode: str) -> None:
    for name, only in (
        ("subscription_data", "subscription"),
        ("payment_intent_data", "payment"),
        ("setup_intent_data", "setup"),
    ):
        if values.get(name) and mode != only:
            raise invalid(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if mode == "subscription":
        _trial_end(ws, values)
    if mode == "setup" and values.get("currency") is None and not values.get("allowed_payment_method_types"):
        raise invalid(
            "You must provide `currency` in `setup` mode when using dynamic payment methods.", param="currency"
        )


def _trial_end(ws: Workspace, values: Mapping[str, Any]) -> int | None:
    data = values.get("subscription_data") or {}
    days, ends = data.get("trial_period_days"), data.get("trial_end")
    if days is not None:
        if days > _LONGEST_TRIAL_DAYS:
            raise invalid(
                f"Trials can be at most {_LONGEST_TRIAL_DAYS} days.", param="subscription_data[trial_period_days]"
            )
        return ws.at + int(days) * DAY
    if ends is not None and ends < ws.at + 2 * DAY:
        raise invalid(
            "The `trial_end` date has to be at least 2 days in the future.", param="subscription_data[trial_end]"
        )
    return ends


async def _discount(ws: Workspace, values: Mapping[str, Any], subtotal: int, unit: str | None) -> int:
    given = values.get("discounts") or []
    if len(given) > 1:
        raise invalid("You can only apply one discount to a checkout.", param="discounts")
    if not given or unit is None:
        return 0
    coupon, _ = await coupon_of(ws, given[0], param="discounts[0]")
    return amount_off(coupon.document, subtotal, unit)


def _document(ws: Workspace, values: Mapping[str, Any], new: str, customer: Document | None) -> Document:
    mode = values["mode"]
    return {
        "id": new,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allowed_payment_method_types": values.get("allowed_payment_method_types"),
        "allow_promotion_codes": values.get("allow_promotion_codes"),
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": values.get("billing_address_collection"),
        "cancel_url": values.get("cancel_url"),
        "client_reference_id": values.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": ws.at,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": values.get("customer"),
        "customer_account": None,
        "customer_creation": (
            values.get("customer_creation", "if_required") if mode == "payment" and customer is None else None
        ),
        "customer_details": None,
        "customer_email": values.get("customer_email"),
        "discounts": [
            {"coupon": each.get("coupon"), "promotion_code": each.get("promotion_code")}
            for each in values.get("discounts") or []
        ],
        "invoice": None,
        "invoice_creation": {
            "enabled": False,
            "invoice_data": {
                "account_tax_ids": None, "custom_fields": None, "description": None, "footer": None, "issuer": None,
                "metadata": {}, "rendering_options": None,
            },
        } if mode == "payment" else None,
        "livemode": False,
        "locale": values.get("locale"),
        "metadata": new_metadata(values),
        "mode": mode,
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": values.get("payment_method_collection", _COLLECTION[mode]),
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": values.get("submit_type"),
        "subscription": None,
        "success_url": values["success_url"],
        "ui_mode": "hosted_page",
        "wallet_options": None,
    }  # fmt: skip


async def update_session(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change a checkout's metadata."""
    entry = await ws.entry("checkout.session", ids[0])
    changes = (
        {"metadata": merged_metadata(entry.document["metadata"], values["metadata"])} if "metadata" in values else {}
    )
    return ws.change(entry, changes)


async def expire_session(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Close an open checkout so that nobody can pay it any more."""
    del values
    entry = await ws.entry("checkout.session", ids[0])
    if entry.document["status"] != "open":
        raise invalid(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {entry.document["status"]}.'
        )
    expire(ws, entry)
    return entry.document


def expire(ws: Workspace, entry: Entry) -> None:
    """Close a checkout and report it."""
    entry.due_at = None
    ws.change(entry, {"status": "expired", "url": None})
    ws.emit("checkout.session.expired", entry.document)
