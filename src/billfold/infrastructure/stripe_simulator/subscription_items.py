"""What a subscription is for: its items, when it starts and when it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from billfold.infrastructure.stripe_simulator import prorations
from billfold.infrastructure.stripe_simulator.catalog import PRICE_DATA, price_of_item
from billfold.infrastructure.stripe_simulator.cycles import Item, new_item
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.parameters import (
    Reader,
    merged_metadata,
    metadata,
    new_metadata,
    text,
    unsigned,
)
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

ITEM: Final[dict[str, Reader]] = {"price": text, "price_data": PRICE_DATA, "quantity": unsigned, "metadata": metadata}


async def items_of(ws: Workspace, given: Sequence[Mapping[str, Any]], *, param: str = "items") -> list[Item]:
    """Return what is sold: recurring prices of one currency and one interval."""
    if not given:
        raise invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")
    items = []
    for index, each in enumerate(given):
        price = await price_of_item(ws, each, param=f"{param}[{index}]")
        if price["type"] != "recurring":
            raise invalid(
                "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
                param=f"{param}[{index}][price]",
            )
        quantity = 1 if each.get("quantity") is None else each["quantity"]
        items.append(Item(price=price, quantity=quantity, metadata=new_metadata(each)))
    first = items[0].price
    for item in items[1:]:
        if item.price["currency"] != first["currency"]:
            raise invalid("All prices on a subscription must have the same currency.", param=param)
        if any(item.price["recurring"][name] != first["recurring"][name] for name in ("interval", "interval_count")):
            raise invalid("All prices on a subscription must have the same billing interval.", param=param)
    return items


async def changed_items(ws: Workspace, entry: Entry, given: Sequence[Mapping[str, Any]], behavior: str) -> Document:
    """Return a subscription's items after an update, and leave the prorations of the change for its next invoice."""
    document = entry.document
    present = {item["id"]: item for item in document["items"]["data"]}
    for index, each in enumerate(given):
        item_id = each.get("id")
        if item_id is None:
            added = (await items_of(ws, [each]))[0]
            first = document["items"]["data"][0]
            made = new_item(
                ws,
                document["id"],
                added,
                start=first["current_period_start"],
                end_of_period=first["current_period_end"],
            )
            prorations.prorate(ws, entry, None, made, behavior)
            present[made["id"]] = made
            continue
        if item_id not in present:
            raise invalid(
                f"No such subscription item: '{item_id}'", param=f"items[{index}][id]", code="resource_missing"
            )
        before = present[item_id]
        if each.get("deleted"):
            prorations.prorate(ws, entry, before, None, behavior)
            del present[item_id]
            continue
        after = dict(before)
        if "metadata" in each:
            after["metadata"] = merged_metadata(before["metadata"], each["metadata"])
        quantity = before["quantity"] if each.get("quantity") is None else each["quantity"]
        if each.get("price") or each.get("price_data"):
            sold = (await items_of(ws, [each]))[0]
            fresh = new_item(
                ws,
                document["id"],
                sold,
                start=before["current_period_start"],
                end_of_period=before["current_period_end"],
            )
            after.update(price=fresh["price"], plan=fresh["plan"])
        after["quantity"] = quantity
        prorations.prorate(ws, entry, before, after, behavior)
        present[item_id] = after
    if not present:
        raise invalid("A subscription must have at least one active plan.", param="items")
    return {**document["items"], "data": list(present.values())}
