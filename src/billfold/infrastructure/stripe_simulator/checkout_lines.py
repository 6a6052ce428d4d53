"""What a checkout sells: its line items, checked against its mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from billfold.infrastructure.stripe_simulator.catalog import price_of_item
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import short_id
from billfold.infrastructure.stripe_simulator.workspace import Document, Workspace


async def lines_of(ws: Workspace, given: Sequence[Mapping[str, Any]], mode: str) -> list[Document]:
    """Return the line items of a new checkout; raises for what its mode cannot sell."""
    if mode == "setup":
        if given:
            raise invalid("You can not pass `line_items` in `setup` mode.", param="line_items")
        return []
    if not given:
        raise invalid("Missing required param: line_items.", param="line_items", code="parameter_missing")
    lines = [await _line(ws, each, mode, f"line_items[{index}]") for index, each in enumerate(given)]
    if any(line["currency"] != lines[0]["currency"] for line in lines):
        raise invalid("All prices of a checkout must have the same currency.", param="line_items")
    if any(not _renews_alike(line, lines[0]) for line in lines):
        raise invalid("All prices of a checkout must have the same billing interval.", param="line_items")
    return lines


async def _line(ws: Workspace, given: Mapping[str, Any], mode: str, param: str) -> Document:
    price = await price_of_item(ws, given, param=param)
    if mode == "payment" and price["type"] == "recurring":
        raise invalid(
            "You specified `payment` mode but passed a recurring price. "
            "Either switch to `subscription` mode or use only one-time prices.",
            param="line_items",
        )
    if mode == "subscription" and price["type"] != "recurring":
        raise invalid(
            "You must provide at least one recurring price in `subscription` mode when using prices; "
            "the simulator sells one-time prices only in `payment` mode.",
            param="line_items",
        )
    if given.get("quantity") is None:
        raise invalid(f"Quantity is required. Add `quantity` to `{param}`", param="line_items")
    product = await ws.get("product", price["product"], param="line_items")
    amount = price["unit_amount"] * given["quantity"]
    return {
        "id": short_id("li_"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": {},
        "price": dict(price),
        "quantity": given["quantity"],
    }


def _renews_alike(left: Document, right: Document) -> bool:
    return bool(left["price"]["recurring"] == right["price"]["recurring"])
