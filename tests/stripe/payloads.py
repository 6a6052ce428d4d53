"""Objects in the shapes that Stripe documents: as the pinned version gives them, and as versions before basil did."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]

CREATED = 1_772_000_000
PERIOD_END = 1_774_419_200

PRICE: Json = {
    "id": "price_monthly",
    "object": "price",
    "active": True,
    "billing_scheme": "per_unit",
    "created": CREATED,
    "currency": "usd",
    "livemode": False,
    "lookup_key": None,
    "metadata": {"project_id": "proj_1"},
    "nickname": None,
    "product": "prod_1",
    "recurring": {"interval": "month", "interval_count": 1, "meter": None, "usage_type": "licensed"},
    "tax_behavior": "unspecified",
    "type": "recurring",
    "unit_amount": 2900,
    "unit_amount_decimal": "2900",
}
ONE_TIME_PRICE: Json = {
    **PRICE,
    "id": "price_once",
    "type": "one_time",
    "recurring": None,
    "product": {"id": "prod_1", "object": "product", "name": "Pro"},
}

_ITEM: Json = {
    "id": "si_1",
    "object": "subscription_item",
    "created": CREATED,
    "discounts": [],
    "metadata": {},
    "price": PRICE,
    "quantity": 2,
    "subscription": "sub_1",
    "tax_rates": [],
}
_SUBSCRIPTION: Json = {
    "id": "sub_1",
    "object": "subscription",
    "cancel_at": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "collection_method": "charge_automatically",
    "created": CREATED,
    "currency": "usd",
    "customer": "cus_1",
    "ended_at": None,
    "latest_invoice": "in_1",
    "livemode": False,
    "metadata": {"project_id": "proj_1", "billstack_customer_id": "pc_1"},
    "start_date": CREATED,
    "status": "active",
    "trial_end": None,
    "trial_start": None,
}
SUBSCRIPTION: Json = {
    **_SUBSCRIPTION,
    "billing_mode": {"type": "classic"},
    "items": {
        "object": "list",
        "data": [{**_ITEM, "current_period_start": CREATED, "current_period_end": PERIOD_END}],
        "has_more": False,
        "url": "/v1/subscription_items?subscription=sub_1",
    },
}
SUBSCRIPTION_BEFORE_BASIL: Json = {
    **_SUBSCRIPTION,
    "current_period_start": CREATED,
    "current_period_end": PERIOD_END,
    "items": {"object": "list", "data": [_ITEM], "has_more": False, "url": "/v1/subscription_items?subscription=sub_1"},
}

PAYMENT_METHOD: Json = {
    "id": "pm_1",
    "object": "payment_method",
    "billing_details": {"email": "ada@example.com"},
    "card": {
        "brand": "visa",
        "country": "US",
        "display_brand": "visa",
        "exp_month": 8,
        "exp_year": 2028,
        "funding": "credit",
        "last4": "4242",
    },
    "created": CREATED,
    "customer": "cus_1",
    "livemode": False,
    "metadata": {},
    "type": "card",
}
SETUP_INTENT: Json = {
    "id": "seti_1",
    "object": "setup_intent",
    "created": CREATED,
    "customer": "cus_1",
    "livemode": False,
    "metadata": {"project_id": "proj_1", "billstack_customer_id": "pc_1"},
    "payment_method": PAYMENT_METHOD,
    "payment_method_types": ["card"],
    "status": "succeeded",
    "usage": "off_session",
}

_INVOICE: Json = {
    "id": "in_1",
    "object": "invoice",
    "amount_due": 6380,
    "amount_paid": 6380,
    "amount_remaining": 0,
    "billing_reason": "subscription_cycle",
    "created": CREATED,
    "currency": "usd",
    "customer": "cus_1",
    "hosted_invoice_url": "https://invoice.stripe.com/i/acct_1/test_1",
    "invoice_pdf": "https://pay.stripe.com/invoice/acct_1/test_1/pdf",
    "livemode": False,
    "metadata": {},
    "number": "ABC-0001",
    "period_end": PERIOD_END,
    "period_start": CREATED,
    "status": "paid",
    "status_transitions": {
        "finalized_at": CREATED,
        "marked_uncollectible_at": None,
        "paid_at": CREATED + 60,
        "voided_at": None,
    },
    "subtotal": 5800,
    "total": 6380,
}
INVOICE: Json = {
    **_INVOICE,
    "total_excluding_tax": 5800,
    "total_taxes": [
        {
            "amount": 580,
            "tax_behavior": "exclusive",
            "tax_rate_details": {"tax_rate": "txr_1"},
            "taxability_reason": "standard_rated",
            "taxable_amount": 5800,
            "type": "tax_rate_details",
        }
    ],
    "parent": {
        "type": "subscription_details",
        "quote_details": None,
        "subscription_details": {"metadata": {"project_id": "proj_1"}, "subscription": "sub_1"},
    },
    "payments": {
        "object": "list",
        "data": [
            {
                "id": "inpay_1",
                "object": "invoice_payment",
                "amount_paid": None,
                "amount_requested": 6380,
                "is_default": False,
                "payment": {"type": "payment_intent", "payment_intent": "pi_given_up"},
                "status": "canceled",
            },
            {
                "id": "inpay_2",
                "object": "invoice_payment",
                "amount_paid": 6380,
                "amount_requested": 6380,
                "is_default": True,
                "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
                "status": "paid",
            },
        ],
        "has_more": False,
        "url": "/v1/invoice_payments",
    },
}
INVOICE_BEFORE_BASIL: Json = {
    **_INVOICE,
    "charge": "ch_1",
    "paid": True,
    "payment_intent": "pi_1",
    "subscription": "sub_1",
    "subscription_details": {"metadata": {"project_id": "proj_1"}},
    "tax": 580,
    "total_excluding_tax": 5800,
    "total_tax_amounts": [{"amount": 580, "inclusive": False, "tax_rate": "txr_1", "taxable_amount": 5800}],
}

CHARGE: Json = {
    "id": "ch_1",
    "object": "charge",
    "amount": 6380,
    "amount_captured": 6380,
    "amount_refunded": 1000,
    "captured": True,
    "created": CREATED,
    "currency": "usd",
    "customer": "cus_1",
    "disputed": False,
    "failure_message": None,
    "livemode": False,
    "metadata": {},
    "paid": True,
    "payment_intent": "pi_1",
    "refunded": False,
    "status": "succeeded",
}
PAYMENT_INTENT: Json = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 6380,
    "amount_received": 6380,
    "created": CREATED,
    "currency": "usd",
    "customer": "cus_1",
    "last_payment_error": None,
    "latest_charge": CHARGE,
    "livemode": False,
    "metadata": {"project_id": "proj_1"},
    "status": "succeeded",
}
CHECKOUT_SESSION: Json = {
    "id": "cs_test_1",
    "object": "checkout.session",
    "created": CREATED,
    "currency": "usd",
    "customer": "cus_1",
    "expires_at": CREATED + 86_400,
    "livemode": False,
    "metadata": {"project_id": "proj_1"},
    "mode": "subscription",
    "payment_intent": None,
    "payment_status": "paid",
    "setup_intent": None,
    "status": "complete",
    "subscription": "sub_1",
    "url": None,
}
CUSTOMER: Json = {
    "id": "cus_1",
    "object": "customer",
    "balance": -500,
    "created": CREATED,
    "currency": "usd",
    "email": "ada@example.com",
    "livemode": False,
    "metadata": {"project_id": "proj_1"},
    "name": "Ada",
}
PRODUCT: Json = {
    "id": "prod_1",
    "object": "product",
    "active": True,
    "created": CREATED,
    "description": None,
    "livemode": False,
    "metadata": {"project_id": "proj_1"},
    "name": "Pro",
    "updated": CREATED,
}
BALANCE_TRANSACTION: Json = {
    "id": "cbtxn_1",
    "object": "customer_balance_transaction",
    "amount": -500,
    "created": CREATED,
    "currency": "usd",
    "customer": "cus_1",
    "ending_balance": -500,
    "livemode": False,
    "metadata": {"reward_id": "rw_1"},
    "type": "adjustment",
}
ACCOUNT: Json = {
    "id": "acct_1",
    "object": "account",
    "business_profile": {"name": "Example Ltd"},
    "settings": {"dashboard": {"display_name": "Example", "timezone": "Etc/UTC"}},
}
DISPUTE: Json = {
    "id": "du_1",
    "object": "dispute",
    "amount": 6380,
    "charge": "ch_1",
    "created": CREATED,
    "currency": "usd",
    "livemode": False,
    "metadata": {},
    "payment_intent": "pi_1",
    "status": "needs_response",
}
REFUND: Json = {
    "id": "re_1",
    "object": "refund",
    "amount": 1000,
    "charge": "ch_1",
    "payment_intent": "pi_1",
    "status": "succeeded",
}


def event(event_type: str, about: Json, **changes: Any) -> bytes:
    """Return an event's body as Stripe sends it."""
    return json.dumps(
        {
            "id": "evt_1",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": CREATED,
            "data": {"object": about},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": event_type,
            **changes,
        },
        indent=2,
    ).encode()


CONNECTED_ACCOUNT: Json = {
    **ACCOUNT,
    "id": "acct_1PgafmDxRrkA2b3c",
    "capabilities": {"transfers": "active"},
    "country": "DE",
    "default_currency": "eur",
    "details_submitted": True,
    "metadata": {"project_id": "proj_1"},
    "payouts_enabled": True,
    "type": "express",
}
ACCOUNT_LINK: Json = {
    "object": "account_link",
    "created": 1_680_577_733,
    "expires_at": 1_680_578_033,
    "url": "https://connect.example.com/setup/c/acct_1PgafmDxRrkA2b3c/TqckGNUHg2mG",
}
TRANSFER: Json = {
    "id": "tr_1MiN3gLkdIwHu7ixNCZvFdgA",
    "object": "transfer",
    "amount": 5800,
    "amount_reversed": 0,
    "balance_transaction": "txn_1MiN3gLkdIwHu7ixxapQrznl",
    "created": 1_678_043_844,
    "currency": "usd",
    "description": "Payout of Docs",
    "destination": "acct_1PgafmDxRrkA2b3c",
    "destination_payment": "py_1MiN3gLkdIwHu7ixxapQrznl",
    "livemode": False,
    "metadata": {"billfold_payout_id": "po_1"},
    "reversals": {"object": "list", "data": [], "has_more": False, "url": "/v1/transfers/tr_1/reversals"},
    "reversed": False,
    "source_transaction": None,
    "source_type": "card",
    "transfer_group": "po_1",
}
TRANSFER_REVERSAL: Json = {
    "id": "trr_1MiN3gLkdIwHu7ixNCZvFdgA",
    "object": "transfer_reversal",
    "amount": 5800,
    "balance_transaction": "txn_1MiN3gLkdIwHu7ixxapQrznl",
    "created": 1_678_043_844,
    "currency": "usd",
    "destination_payment_refund": None,
    "metadata": {},
    "source_refund": None,
    "transfer": "tr_1MiN3gLkdIwHu7ixNCZvFdgA",
}
