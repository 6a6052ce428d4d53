"""Every request that the simulator understands, with its parameters and the function that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from billfold.infrastructure.stripe_simulator import (
    catalog,
    checkout_sessions,
    connect,
    coupons,
    credit_notes,
    customers,
    disputes,
    invoices,
    payment_methods,
    payments,
    refunds,
    subscriptions,
    transfers,
)
from billfold.infrastructure.stripe_simulator.errors import missing
from billfold.infrastructure.stripe_simulator.lists import (
    EVENT_SHAPE,
    SUBSCRIPTION_STATUS,
    Listing,
    SubscriptionListing,
    list_events,
    retrieve_event,
    same,
)
from billfold.infrastructure.stripe_simulator.parameters import Shape, boolean, choice, currency, listed, text
from billfold.infrastructure.stripe_simulator.workspace import Document, Shelf

Endpoint = Callable[[Any, tuple[str, ...], Mapping[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """`path` has `{}` where an id stands; `kind` is set if it simply retrieves an object, which has a short way."""

    method: str
    path: str
    endpoint: Endpoint
    shape: Shape
    kind: str | None = None


_NOTHING: Final = Shape()


def _get(path: str, kind: str) -> Route:
    async def retrieve(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
        del values
        return await shelf.get(kind, ids[0])

    return Route("GET", path, retrieve, _NOTHING, kind)


def _list(path: str, listing: Listing) -> Route:
    return Route("GET", path, listing.answer, listing.shape())


async def _line_items(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    entry = await shelf.entry("checkout.session", ids[0])
    lines = entry.state["lines"][: values.get("limit", 10)]
    url = f"/v1/checkout/sessions/{ids[0]}/line_items"
    return {"object": "list", "data": lines, "has_more": len(lines) < len(entry.state["lines"]), "url": url}


async def _items(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    del ids
    document = await shelf.get("subscription", values["subscription"], param="subscription")
    return {**document["items"], "url": "/v1/subscription_items"}


async def _invoice_lines(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    del values
    return dict((await shelf.get("invoice", ids[0]))["lines"])


def _payment_is(document: Document, value: Mapping[str, Any]) -> bool:
    return bool(document["payment"]["payment_intent"] == value.get("payment_intent"))


_LISTS: Final = (
    _list("customers", Listing("customer", "/v1/customers", {"email": "lookup"})),
    _list("customers/{}/balance_transactions", Listing(
        "customer_balance_transaction", "/v1/customers/{}/balance_transactions", path_column="customer")),
    _list("customers/{}/payment_methods", Listing(
        "payment_method", "/v1/customers/{}/payment_methods",
        sieves={"type": (text, same("type"))}, path_column="customer", dated=False)),
    _list("products", Listing("product", "/v1/products", sieves={
        "active": (boolean, same("active")),
        "ids": (listed(text, limit=100), lambda document, ids: document["id"] in ids),
    })),
    _list("prices", Listing("price", "/v1/prices", {"product": "parent"}, {
        "active": (boolean, same("active")),
        "currency": (currency, same("currency")),
        "type": (choice("one_time", "recurring"), same("type")),
        "lookup_keys": (listed(text), lambda document, keys: document["lookup_key"] in keys),
    })),
    _list("coupons", Listing("coupon", "/v1/coupons")),
    _list("promotion_codes", Listing("promotion_code", "/v1/promotion_codes", {"code": "lookup", "coupon": "parent"}, {
        "active": (boolean, same("active")), "customer": (text, same("customer"))})),
    _list("checkout/sessions", Listing("checkout.session", "/v1/checkout/sessions", {"customer": "customer"}, {
        "status": (choice("open", "complete", "expired"), same("status")),
        "subscription": (text, same("subscription")),
        "payment_intent": (text, same("payment_intent")),
    })),
    _list("subscriptions", SubscriptionListing(
        "subscription", "/v1/subscriptions", {"customer": "customer", "price": "lookup"}, {"status": SUBSCRIPTION_STATUS})),
    _list("invoices", Listing("invoice", "/v1/invoices", {"subscription": "parent", "customer": "customer"}, {
        "status": (choice("draft", "open", "paid", "uncollectible", "void"), same("status"))})),
    _list("invoice_payments", Listing("invoice_payment", "/v1/invoice_payments", {"invoice": "parent"}, {
        "status": (choice("canceled", "open", "paid"), same("status")),
        "payment": (Shape(payment_intent=text, type=choice("payment_intent")), _payment_is)})),
    _list("credit_notes", Listing("credit_note", "/v1/credit_notes", {"invoice": "parent", "customer": "customer"})),
    _list("payment_intents", Listing("payment_intent", "/v1/payment_intents", {"customer": "customer"})),
    _list("charges", Listing("charge", "/v1/charges", {"payment_intent": "parent", "customer": "customer"})),
    _list("refunds", Listing("refund", "/v1/refunds", {"charge": "parent", "payment_intent": "lookup"})),
    _list("charges/{}/refunds", Listing("refund", "/v1/charges/{}/refunds", path_column="parent", dated=False)),
    _list("disputes", Listing("dispute", "/v1/disputes", {"charge": "parent", "payment_intent": "lookup"})),
    _list("payment_methods", Listing("payment_method", "/v1/payment_methods", {"customer": "customer"}, {
        "type": (text, same("type"))}, dated=False)),
    _list("setup_intents", Listing("setup_intent", "/v1/setup_intents", {"customer": "customer"})),
    _list("transfers", Listing("transfer", "/v1/transfers", {"destination": "parent", "transfer_group": "lookup"})),
    _list("transfers/{}/reversals", Listing(
        "transfer_reversal", "/v1/transfers/{}/reversals", path_column="parent", dated=False)),
    _list("accounts", Listing("account", "/v1/accounts")),
    _list("webhook_endpoints", Listing("webhook_endpoint", "/v1/webhook_endpoints", dated=False)),
    _list("balance_transactions", Listing("balance_transaction", "/v1/balance_transactions", {"source": "parent"})),
)  # fmt: skip

_RETRIEVALS: Final = tuple(
    _get(f"{path}/{{}}", kind)
    for path, kind in (
        ("customers", "customer"),
        ("products", "product"),
        ("prices", "price"),
        ("coupons", "coupon"),
        ("promotion_codes", "promotion_code"),
        ("checkout/sessions", "checkout.session"),
        ("subscriptions", "subscription"),
        ("invoices", "invoice"),
        ("invoice_payments", "invoice_payment"),
        ("credit_notes", "credit_note"),
        ("payment_intents", "payment_intent"),
        ("charges", "charge"),
        ("refunds", "refund"),
        ("disputes", "dispute"),
        ("payment_methods", "payment_method"),
        ("setup_intents", "setup_intent"),
        ("transfers", "transfer"),
        ("webhook_endpoints", "webhook_endpoint"),
        ("balance_transactions", "balance_transaction"),
    )
)

_CHANGES: Final = (
    Route("POST", "customers", customers.create_customer, customers.CREATE),
    Route("POST", "customers/{}", customers.update_customer, customers.UPDATE),
    Route("DELETE", "customers/{}", customers.delete_customer, _NOTHING),
    Route(
        "POST",
        "customers/{}/balance_transactions",
        customers.create_balance_transaction,
        customers.CREATE_BALANCE_TRANSACTION,
    ),
    Route("POST", "products", catalog.create_product, catalog.CREATE_PRODUCT),
    Route("POST", "products/{}", catalog.update_product, catalog.UPDATE_PRODUCT),
    Route("DELETE", "products/{}", catalog.delete_product, _NOTHING),
    Route("POST", "prices", catalog.create_price, catalog.CREATE_PRICE),
    Route("POST", "prices/{}", catalog.update_price, catalog.UPDATE_PRICE),
    Route("POST", "coupons", coupons.create_coupon, coupons.CREATE_COUPON),
    Route("POST", "coupons/{}", coupons.update_coupon, coupons.UPDATE_COUPON),
    Route("DELETE", "coupons/{}", coupons.delete_coupon, _NOTHING),
    Route("POST", "promotion_codes", coupons.create_promotion_code, coupons.CREATE_PROMOTION_CODE),
    Route("POST", "promotion_codes/{}", coupons.update_promotion_code, coupons.UPDATE_PROMOTION_CODE),
    Route("POST", "checkout/sessions", checkout_sessions.create_session, checkout_sessions.CREATE),
    Route("POST", "checkout/sessions/{}", checkout_sessions.update_session, checkout_sessions.UPDATE),
    Route("POST", "checkout/sessions/{}/expire", checkout_sessions.expire_session, checkout_sessions.EXPIRE),
    Route("POST", "subscriptions", subscriptions.create_subscription, subscriptions.CREATE),
    Route("POST", "subscriptions/{}", subscriptions.update_subscription, subscriptions.UPDATE),
    Route("DELETE", "subscriptions/{}", subscriptions.cancel_subscription, subscriptions.CANCEL),
    Route("POST", "subscription_items/{}", subscriptions.update_item, subscriptions.UPDATE_ITEM),
    Route("POST", "invoices/{}", invoices.update_invoice, invoices.UPDATE),
    Route("POST", "invoices/{}/finalize", invoices.finalize_invoice, invoices.FINALIZE),
    Route("POST", "invoices/{}/pay", invoices.pay_invoice, invoices.PAY),
    Route("POST", "invoices/{}/void", invoices.void_invoice, invoices.NOTHING),
    Route("POST", "invoices/{}/mark_uncollectible", invoices.mark_uncollectible, invoices.NOTHING),
    Route("POST", "credit_notes", credit_notes.create_credit_note, credit_notes.CREATE),
    Route("POST", "credit_notes/{}", credit_notes.update_credit_note, credit_notes.UPDATE),
    Route("POST", "credit_notes/{}/void", credit_notes.void_credit_note, credit_notes.VOID),
    Route("POST", "payment_intents", payments.create_intent, payments.CREATE_INTENT),
    Route("POST", "payment_intents/{}", payments.update_intent, payments.UPDATE_INTENT),
    Route("POST", "payment_intents/{}/confirm", payments.confirm_intent, payments.CONFIRM_INTENT),
    Route("POST", "payment_intents/{}/cancel", payments.cancel_intent, payments.CANCEL_INTENT),
    Route("POST", "charges/{}", payments.update_charge, payments.UPDATE_CHARGE),
    Route("POST", "refunds", refunds.create_refund, refunds.CREATE),
    Route("POST", "refunds/{}", refunds.update_refund, refunds.UPDATE),
    Route("POST", "disputes/{}", disputes.update_dispute, disputes.UPDATE),
    Route("POST", "disputes/{}/close", disputes.close_dispute, disputes.CLOSE),
    Route("POST", "payment_methods", payment_methods.create_payment_method, payment_methods.CREATE),
    Route("POST", "payment_methods/{}/attach", payment_methods.attach_payment_method, payment_methods.ATTACH),
    Route("POST", "payment_methods/{}/detach", payment_methods.detach_payment_method, payment_methods.DETACH),
    Route("POST", "setup_intents", payment_methods.create_setup_intent, payment_methods.CREATE_SETUP_INTENT),
    Route("POST", "transfers", transfers.create_transfer, transfers.CREATE),
    Route("POST", "transfers/{}", transfers.update_transfer, transfers.UPDATE),
    Route("POST", "transfers/{}/reversals", transfers.reverse_transfer, transfers.REVERSE),
    Route("POST", "accounts", connect.create_account, connect.CREATE_ACCOUNT),
    Route("POST", "account_links", connect.create_link, connect.CREATE_LINK),
    Route("POST", "webhook_endpoints", connect.create_endpoint, connect.CREATE_ENDPOINT),
    Route("POST", "webhook_endpoints/{}", connect.update_endpoint, connect.UPDATE_ENDPOINT),
    Route("DELETE", "webhook_endpoints/{}", connect.delete_endpoint, _NOTHING),
)

_OTHERS: Final = (
    Route("GET", "customers/{}/balance_transactions/{}", customers.retrieve_balance_transaction, _NOTHING),
    Route("GET", "customers/{}/payment_methods/{}", payment_methods.retrieve_of_customer, _NOTHING),
    Route("GET", "checkout/sessions/{}/line_items", _line_items, Shape(limit=Listing("", "").shape().readers["limit"])),
    Route("GET", "subscription_items", _items, Shape("subscription", subscription=text)),
    Route("GET", "subscription_items/{}", subscriptions.retrieve_item, _NOTHING),
    Route("GET", "invoices/{}/lines", _invoice_lines, _NOTHING),
    Route("GET", "account", connect.retrieve_own_account, _NOTHING),
    Route("GET", "accounts/{}", connect.retrieve_account, _NOTHING),
    Route("GET", "events", list_events, EVENT_SHAPE),
    Route("GET", "events/{}", retrieve_event, _NOTHING),
)

ROUTES: Final = (*_CHANGES, *_RETRIEVALS, *_LISTS, *_OTHERS)

# By method, number of steps and the steps that are words: one look-up for each possible place of an id.
_BY_WORDS: Final[dict[tuple[str, tuple[str, ...]], Route]] = {
    (route.method, tuple(route.path.split("/"))): route for route in ROUTES
}


def find_route(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """Return the route of `customers/cus_1` and the ids in it."""
    steps = tuple(path.split("/"))
    for pattern in _PATTERNS.get(len(steps), ()):
        words = tuple("{}" if hidden else step for step, hidden in zip(steps, pattern, strict=True))
        route = _BY_WORDS.get((method, words))
        if route is not None:
            return route, tuple(step for step, hidden in zip(steps, pattern, strict=True) if hidden)
    return None


def _patterns() -> dict[int, tuple[tuple[bool, ...], ...]]:
    seen: dict[int, set[tuple[bool, ...]]] = {}
    for route in ROUTES:
        steps = route.path.split("/")
        seen.setdefault(len(steps), set()).add(tuple(step == "{}" for step in steps))
    # Words before ids: `checkout/sessions` is no customer.
    return {length: tuple(sorted(patterns)) for length, patterns in seen.items()}


_PATTERNS: Final = _patterns()


def unknown_route(method: str, path: str) -> Exception:
    """Return Stripe's answer to an address that it does not know."""
    error = missing("", "")
    error.error = {
        "type": "invalid_request_error",
        "message": f"Unrecognized request URL ({method}: /v1/{path}). The simulator knows only a part of Stripe's API.",
    }
    return error
