"""`/v1/coupons`, `/v1/promotion_codes`, and the discounts that they become on a subscription or a checkout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from billfold.base.money import share_half_up
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    boolean,
    choice,
    currency,
    integer,
    merged_metadata,
    metadata,
    new_metadata,
    percent,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.periods import period_end
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Shelf, Workspace

CREATE_COUPON: Final = Shape(
    id=text,
    amount_off=positive,
    currency=currency,
    percent_off=percent,
    duration=choice("once", "forever", "repeating"),
    duration_in_months=positive,
    max_redemptions=positive,
    redeem_by=integer,
    name=text,
    metadata=metadata,
)
UPDATE_COUPON: Final = Shape(name=text, metadata=metadata)
CREATE_PROMOTION_CODE: Final = Shape(
    "promotion",
    promotion=Shape("type", type=choice("coupon"), coupon=text),
    code=text,
    active=boolean,
    customer=text,
    expires_at=integer,
    max_redemptions=positive,
    metadata=metadata,
    restrictions=Shape(first_time_transaction=boolean, minimum_amount=positive, minimum_amount_currency=currency),
)
UPDATE_PROMOTION_CODE: Final = Shape(active=boolean, metadata=metadata)
DISCOUNT: Final = Shape(coupon=text, promotion_code=text)
_CODE_LENGTH: Final = 8


async def create_coupon(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Create a coupon that takes an amount or a share off."""
    del ids
    duration = values.get("duration", "once")
    if (values.get("amount_off") is None) == (values.get("percent_off") is None):
        raise invalid("You must specify exactly one of `amount_off` and `percent_off`.", param="percent_off")
    if values.get("amount_off") is not None and values.get("currency") is None:
        raise invalid("You must pass currency when passing amount_off.", param="currency", code="parameter_missing")
    if (duration == "repeating") != ("duration_in_months" in values):
        raise invalid("duration_in_months goes with the duration `repeating`.", param="duration_in_months")
    coupon_id = values.get("id") or long_id("")[1 : _CODE_LENGTH + 1]
    if await ws.find(coupon_id) is not None:
        raise invalid("Coupon already exists.", param="id", code="resource_already_exists")
    document: Document = {
        "id": coupon_id,
        "object": "coupon",
        "amount_off": values.get("amount_off"),
        "created": ws.at,
        "currency": values.get("currency"),
        "duration": duration,
        "duration_in_months": values.get("duration_in_months"),
        "livemode": False,
        "max_redemptions": values.get("max_redemptions"),
        "metadata": new_metadata(values),
        "name": values.get("name"),
        "percent_off": values.get("percent_off"),
        "redeem_by": values.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }
    ws.add(document)
    ws.emit("coupon.created", document)
    return document


async def update_coupon(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change a coupon's name or metadata."""
    return await _update(ws, "coupon", ids[0], values)


async def update_promotion_code(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Switch a promotion code on or off, or change its metadata."""
    return await _update(ws, "promotion_code", ids[0], values)


async def _update(ws: Workspace, kind: str, object_id: str, values: Mapping[str, Any]) -> Document:
    entry = await ws.entry(kind, object_id)
    changes: Document = {name: values[name] for name in values if name != "metadata"}
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    return ws.change(entry, changes, event=f"{kind}.updated")


async def delete_coupon(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Delete a coupon; discounts that it gave already stay."""
    del values
    entry = await ws.entry("coupon", ids[0])
    entry.state["deleted"] = True
    ws.emit("coupon.deleted", entry.document)
    ws.change(entry, {"valid": False})
    return {"id": ids[0], "object": "coupon", "deleted": True}


async def create_promotion_code(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Create a word that a buyer may type to get a coupon; unique among the active ones, in any case."""
    del ids
    coupon = await ws.get("coupon", values["promotion"].get("coupon") or "", param="promotion[coupon]")
    if values.get("customer"):
        await ws.get("customer", values["customer"], param="customer")
    code = values.get("code") or long_id("")[1 : _CODE_LENGTH + 1].upper()
    for each in await ws.all_of("promotion_code", by="lookup", value=code.upper()):
        if each.document["active"]:
            raise invalid("An active promotion code with `code: " + code + "` already exists.", param="code")
    restrictions = values.get("restrictions") or {}
    document: Document = {
        "id": long_id("promo_"),
        "object": "promotion_code",
        "active": values.get("active", True),
        "code": code,
        "created": ws.at,
        "customer": values.get("customer"),
        "customer_account": None,
        "expires_at": values.get("expires_at"),
        "livemode": False,
        "max_redemptions": values.get("max_redemptions"),
        "metadata": new_metadata(values),
        "promotion": {"coupon": coupon["id"], "type": "coupon"},
        "restrictions": {
            "first_time_transaction": restrictions.get("first_time_transaction", False),
            "minimum_amount": restrictions.get("minimum_amount"),
            "minimum_amount_currency": restrictions.get("minimum_amount_currency"),
        },
        "times_redeemed": 0,
    }
    ws.add(document, customer=values.get("customer"), parent=coupon["id"], lookup=code.upper())
    ws.emit("promotion_code.created", document)
    return document


async def coupon_of(shelf: Shelf, given: Mapping[str, Any], *, param: str) -> tuple[Entry, Entry | None]:
    """Return the coupon that a `discounts[]` element names, and the promotion code if it came by one."""
    promotion = None
    coupon_id = given.get("coupon")
    if given.get("promotion_code") is not None:
        promotion = await shelf.entry("promotion_code", given["promotion_code"], param=f"{param}[promotion_code]")
        coupon_id = promotion.document["promotion"]["coupon"]
        if not promotion.document["active"]:
            raise invalid("This promotion code is inactive.", param=f"{param}[promotion_code]")
    coupon = await shelf.entry("coupon", coupon_id or "", param=f"{param}[coupon]")
    limit = coupon.document["max_redemptions"]
    ended = coupon.document["redeem_by"] is not None and coupon.document["redeem_by"] < shelf.at
    if not coupon.document["valid"] or ended or (limit is not None and coupon.document["times_redeemed"] >= limit):
        raise invalid(f"Coupon expired: {coupon.document['id']}", param=f"{param}[coupon]", code="coupon_expired")
    return coupon, promotion


async def redeem(
    ws: Workspace,
    given: Sequence[Mapping[str, Any]],
    *,
    customer: str | None,
    subscription: str | None,
    session: str | None,
) -> list[str]:
    """Turn coupons into discounts of a subscription or of one payment and return the discounts' ids."""
    ids = []
    for index, each in enumerate(given):
        coupon, promotion = await coupon_of(ws, each, param=f"discounts[{index}]")
        for counted in (coupon, promotion):
            if counted is not None:
                ws.change(counted, {"times_redeemed": counted.document["times_redeemed"] + 1})
        months = coupon.document["duration_in_months"]
        document: Document = {
            "id": long_id("di_"),
            "object": "discount",
            "checkout_session": session,
            "customer": customer,
            "customer_account": None,
            "end": None if months is None else period_end(ws.at, "month", months),
            "invoice": None,
            "invoice_item": None,
            "promotion_code": None if promotion is None else promotion.document["id"],
            "source": {"coupon": coupon.document["id"], "type": "coupon"},
            "start": ws.at,
            "subscription": subscription,
            "subscription_item": None,
        }
        ws.add(document, customer=customer, parent=subscription)
        ids.append(str(document["id"]))
    return ids


def amount_off(coupon: Mapping[str, Any], subtotal: int, in_currency: str) -> int:
    """Return how much a coupon takes off an amount: never more than there is, shares rounded half up."""
    if coupon["percent_off"] is not None:
        # Through text, so that 33.33 is 3,333 basis points and not a float's neighbour.
        basis_points = int(Decimal(str(coupon["percent_off"])) * 100)
        return min(share_half_up(subtotal, basis_points), subtotal)
    return min(coupon["amount_off"], subtotal) if coupon["currency"] == in_currency else 0


async def discount_amounts(ws: Workspace, discounts: Sequence[str], subtotal: int, in_currency: str) -> list[Document]:
    """Return `{discount, amount}` for each discount that still holds, each taken off what the ones before left."""
    rest, result = max(subtotal, 0), []
    for discount_id in discounts:
        discount = await ws.get("discount", discount_id, param="discounts")
        if discount["end"] is not None and discount["end"] <= ws.at:
            continue
        coupon = await ws.get("coupon", discount["source"]["coupon"], param="discounts")
        off = amount_off(coupon, rest, in_currency)
        rest -= off
        result.append({"amount": off, "discount": discount_id})
    return result


async def without_single_use(ws: Workspace, discounts: Sequence[str]) -> list[str]:
    """Return the discounts that go on after an invoice: those for once are used up."""
    kept = []
    for discount_id in discounts:
        discount = await ws.get("discount", discount_id, param="discounts")
        coupon = await ws.get("coupon", discount["source"]["coupon"], param="discounts")
        if coupon["duration"] != "once" and (discount["end"] is None or discount["end"] > ws.at):
            kept.append(discount_id)
    return kept
