"""The account's whole lists, page by page, newest first: what an import and a comparison read.

Each object comes with its JSON as Stripe sent it, so that a copy can be kept. An object that does not have the documented
shape is told as such instead of hiding the hundred others of its page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.port import StripeUnavailable
from billfold.infrastructure.stripe.requests import PAGE, StripeRequests, listed_in
from billfold.infrastructure.stripe.values import (
    StripeCustomer,
    StripeInvoice,
    StripeListed,
    StripeListedValue,
    StripePage,
    StripePrice,
    StripeProduct,
    StripeSubscription,
)

if TYPE_CHECKING:
    from stripe import params as stripe_params

Fetched = TypeVar("Fetched", StripeCustomer, StripeProduct, StripePrice, StripeSubscription, StripeInvoice)

# Stripe's ids have fewer than 256 characters.
_LONGEST_ID: Final = 255


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]


class ListingGateway:
    """The part of the gateway that reads whole lists; `port.StripeGateway` says what the verb does."""

    _requests: StripeRequests

    async def list_page(
        self, kind: str, *, after: str | None = None, created_since: datetime | None = None, of: str | None = None
    ) -> StripePage:
        """Return a page of one kind of object."""
        path, params = _request(kind, of)
        if after is not None:
            params["starting_after"] = after
        if created_since is not None:
            params["created"] = {"gte": int(created_since.timestamp())}
        answer = await self._requests.answer("get", path, params)
        page = answer.data if isinstance(answer.data, Mapping) else {}
        try:
            found = listed_in(page)
        except translate.BadObject as error:
            raise StripeUnavailable(f"Stripe's list of {path} cannot be read.") from error
        bodies = _bodies(answer.body, found)
        listed = [await self._listed(kind, data, body) for data, body in zip(found, bodies, strict=True)]
        objects = [each for each in listed if each is not None]
        last = found[-1].get("id") if found else None
        more = bool(page.get("has_more")) and isinstance(last, str)
        return StripePage(objects=objects, last_id=last if isinstance(last, str) else None, more=more)

    async def _listed(self, kind: str, data: Mapping[str, Any], body: bytes) -> StripeListed | None:
        stripe_id = data.get("id")
        if not isinstance(stripe_id, str) or not 0 < len(stripe_id) <= _LONGEST_ID or "\0" in stripe_id:
            return None
        disputes = None
        if kind == "charge" and data.get("disputed"):
            params: stripe_params.DisputeListParams = {"charge": stripe_id, "limit": PAGE}
            disputes = await self._requests.every("disputes", params)
        try:
            return StripeListed(stripe_id, body, _value(kind, data, disputes), None)
        except translate.BadObject as error:
            return StripeListed(stripe_id, body, None, str(error))


def _request(kind: str, of: str | None) -> tuple[str, dict[str, Any]]:
    """Return the path of a kind's list and its parameters; `of` is the customer, or of prices the product."""
    if kind == "price":
        prices: stripe_params.PriceListParams = {"limit": PAGE}
        if of is not None:
            prices["product"] = of
        return "prices", {**prices}
    if kind == "subscription":
        subscriptions: stripe_params.SubscriptionListParams = {"limit": PAGE, "status": "all"}
        if of is not None:
            subscriptions["customer"] = of
        return "subscriptions", {**subscriptions}
    if kind == "invoice":
        invoices: stripe_params.InvoiceListParams = {"limit": PAGE, "expand": ["data.payments"]}
        if of is not None:
            invoices["customer"] = of
        return "invoices", {**invoices}
    if kind == "charge":
        charges: stripe_params.ChargeListParams = {"limit": PAGE, "expand": ["data.payment_intent"]}
        if of is not None:
            charges["customer"] = of
        return "charges", {**charges}
    if kind not in {"customer", "product"}:
        raise LookupError(f"nothing lists a {kind}")
    # Without `active` Stripe lists archived products too.
    either: stripe_params.CustomerListParams | stripe_params.ProductListParams = {"limit": PAGE}
    return f"{kind}s", {**either}


def _value(
    kind: str, data: Mapping[str, Any], disputes: Sequence[Mapping[str, Any]] | None
) -> StripeListedValue | None:
    match kind:
        case "customer":
            return translate.customer(data)
        case "product":
            return translate.product(data)
        case "price":
            return translate.price(data)
        case "subscription":
            return translate.subscription(data)
        case "invoice":
            return translate.invoice(data)
        case _:
            return _payment(data, disputes)


def _payment(data: Mapping[str, Any], disputes: Sequence[Mapping[str, Any]] | None) -> StripeListedValue | None:
    """Return the payment that a charge stands for: its intent if it has one, and only if it is the intent's latest charge.

    An intent's earlier, refused charges would otherwise overwrite what became of it.
    """
    intent = data.get("payment_intent")
    if not isinstance(intent, Mapping):
        return translate.charge(data, disputes) if intent is None else None
    latest = intent.get("latest_charge")
    if isinstance(latest, Mapping):
        latest = latest.get("id")
    if latest != data.get("id"):
        return None
    return translate.payment_intent({**intent, "latest_charge": data}, disputes)


def _bodies(body: object, found: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """Return each object's JSON as it came."""
    try:
        page = msgspec.json.decode(body if isinstance(body, bytes | str) else b"", type=_Page)
    except (ValueError, RecursionError):
        # What msgspec does not read (half a surrogate pair), the library has read all the same.
        return [body_of(each) for each in found]
    return [bytes(each) for each in page.data]


def body_of(data: Mapping[str, Any]) -> bytes:
    """Return an object's JSON for its copy; in ASCII, so that half a surrogate pair is no obstacle."""
    return json.dumps(data, separators=(",", ":")).encode()


def with_body(shape: Callable[[Mapping[str, Any]], Fetched]) -> Callable[[Mapping[str, Any]], Fetched]:
    """Return `shape` with the object's JSON kept beside what it says."""

    def shape_and_keep(data: Mapping[str, Any]) -> Fetched:
        return replace(shape(data), body=body_of(data))

    return shape_and_keep
