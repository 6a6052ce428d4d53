"""`expand[]`: an id is replaced by its object, along a dotted path of at most four steps; `data.` enters a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.workspace import Document, Shelf

_DEPTH: Final = 4
_PATHS: Final = 20
# Fields that Stripe answers only when they are asked for: a list of the objects that hang on this one.
_LISTS: Final = {
    ("invoice", "payments"): ("invoice_payment", "parent", "/v1/invoice_payments?invoice={}"),
    ("customer", "subscriptions"): ("subscription", "customer", "/v1/customers/{}/subscriptions"),
    ("charge", "refunds"): ("refund", "parent", "/v1/charges/{}/refunds"),
}


async def expand(shelf: Shelf, document: Document, paths: Sequence[str | None]) -> Document:
    """Return a copy in which every path is expanded; raises for what cannot be."""
    if len(paths) > _PATHS:
        raise invalid(f"You can expand at most {_PATHS} properties.", param="expand")
    copy: Document = _copied(document)
    for path in paths:
        steps = (path or "").split(".")
        if len(steps) > _DEPTH or not all(steps):
            raise invalid(f"You cannot expand more than {_DEPTH} levels of a property: {path}", param="expand")
        await _walk(shelf, copy, steps, str(path))
    return copy


async def _walk(shelf: Shelf, node: Document, steps: Sequence[str], path: str) -> None:
    step, *rest = steps
    child = await _expanded(shelf, node, step, path)
    children = child if isinstance(child, list) else [child]
    for each in children:
        if rest and isinstance(each, dict):
            await _walk(shelf, each, rest, path)


async def _expanded(shelf: Shelf, node: Document, step: str, path: str) -> Any:
    key = (node.get("object"), step)
    if key in _LISTS and not isinstance(node.get(step), dict):
        kind, column, url = _LISTS[key]
        found = await shelf.all_of(kind, by=column, value=node["id"])
        data = [
            _copied(each.document) for each in found if kind != "subscription" or each.document["status"] != "canceled"
        ]
        data.reverse()
        node[step] = {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url.format(node["id"])}  # noqa: PLR2004 - Stripe's page
    elif key == ("checkout.session", "line_items"):
        entry = await shelf.find(node["id"])
        lines = [] if entry is None else entry.state["lines"]
        node[step] = {
            "object": "list",
            "data": _copied(lines),
            "has_more": False,
            "url": f"/v1/checkout/sessions/{node['id']}/line_items",
        }
    elif step not in node:
        raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    value = node[step]
    if isinstance(value, str):
        node[step] = await _object_of(shelf, value, path)
    elif isinstance(value, list):
        node[step] = [await _object_of(shelf, each, path) if isinstance(each, str) else each for each in value]
    return node[step]


async def _object_of(shelf: Shelf, object_id: str, path: str) -> Document:
    entry = await shelf.find(object_id)
    if entry is None:
        raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    return dict(_copied(entry.document))


def _copied(value: Any) -> Any:
    """Return a deep copy of JSON, so that expanding never changes what is stored."""
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return value
