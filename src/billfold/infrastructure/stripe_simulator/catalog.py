"""`/v1/products` and `/v1/prices`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id, short_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    boolean,
    choice,
    currency,
    listed,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    required_text,
    text,
    unsigned,
)
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

# Stripe's document "Prices": a billing period is at most three years.
_LONGEST: Final = {"day": 1_095, "week": 156, "month": 36, "year": 3}
_RECURRING: Final = Shape(
    "interval",
    interval=choice("day", "week", "month", "year"),
    interval_count=positive,
    usage_type=choice("licensed"),
)
_PRODUCT: Final = {
    "active": boolean,
    "description": text,
    "images": listed(text, limit=8),
    "metadata": metadata,
    "name": text,
    "statement_descriptor": text,
    "tax_code": text,
    "unit_label": text,
    "url": text,
}
CREATE_PRODUCT: Final = Shape(
    "name",
    **_PRODUCT,
    id=text,
    type=choice("good", "service"),
    default_price_data=Shape(
        "currency", currency=currency, unit_amount=unsigned, recurring=_RECURRING, metadata=metadata
    ),
)
UPDATE_PRODUCT: Final = Shape(**_PRODUCT, default_price=text)
CREATE_PRICE: Final = Shape(
    "currency",
    active=boolean,
    billing_scheme=choice("per_unit"),
    currency=currency,
    lookup_key=text,
    metadata=metadata,
    nickname=text,
    product=text,
    product_data=Shape("name", name=text, metadata=metadata, active=boolean, unit_label=text),
    recurring=_RECURRING,
    tax_behavior=choice("inclusive", "exclusive", "unspecified"),
    unit_amount=unsigned,
)
UPDATE_PRICE: Final = Shape(
    active=boolean,
    lookup_key=text,
    metadata=metadata,
    nickname=text,
    tax_behavior=choice("inclusive", "exclusive", "unspecified"),
)


async def create_product(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Create a product, with a default price if one is described."""
    del ids
    if values.get("id") is not None and await ws.find(values["id"]) is not None:
        raise invalid("Product already exists.", param="id", code="resource_already_exists")
    entry = new_product(ws, required_text(values, "name"), new_metadata(values), product_id=values.get("id"))
    document = entry.document
    for name in _PRODUCT:
        if name in values and name not in {"metadata", "images"}:
            document[name] = values[name]
    document["images"] = values.get("images") or []
    ws.emit("product.created", document)
    if values.get("default_price_data"):
        price = _new_price(ws, document["id"], values["default_price_data"])
        document["default_price"] = price["id"]
    return document


def new_product(ws: Workspace, name: str, product_metadata: dict[str, str], *, product_id: str | None = None) -> Entry:
    """Put a product into the account without telling anybody yet."""
    return ws.add(
        {
            "id": product_id or short_id("prod_"),
            "object": "product",
            "active": True,
            "created": ws.at,
            "default_price": None,
            "description": None,
            "images": [],
            "livemode": False,
            "marketing_features": [],
            "metadata": product_metadata,
            "name": name,
            "package_dimensions": None,
            "shippable": None,
            "statement_descriptor": None,
            "tax_code": None,
            "type": "service",
            "unit_label": None,
            "updated": ws.at,
            "url": None,
        }
    )


async def update_product(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change what is given."""
    entry = await ws.entry("product", ids[0])
    changes: Document = {name: values[name] for name in values if name != "metadata"}
    if "name" in changes:
        required_text(values, "name")
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    if changes.get("default_price"):
        price = await ws.get("price", changes["default_price"], param="default_price")
        if price["product"] != ids[0]:
            raise invalid("The price specified does not belong to this product.", param="default_price")
    if any(entry.document.get(name) != value for name, value in changes.items()):
        changes["updated"] = ws.at
    return ws.change(entry, changes, event="product.updated")


async def delete_product(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Delete a product that has no price; one with prices can only be archived."""
    del values
    entry = await ws.entry("product", ids[0])
    if await ws.all_of("price", by="parent", value=ids[0]):
        raise invalid("This product cannot be deleted because it has one or more user-created prices.")
    ws.emit("product.deleted", entry.document)
    entry.document = {"id": ids[0], "object": "product", "deleted": True}
    ws.save(entry)
    return entry.document


async def create_price(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Create a price of a product, or of a new one that `product_data` describes."""
    del ids
    if values.get("unit_amount") is None:
        raise invalid("Missing required param: unit_amount.", param="unit_amount", code="parameter_missing")
    given = values.get("product_data")
    if (given is None) == (values.get("product") is None):
        raise invalid(
            "You must specify exactly one of `product` and `product_data`.", param="product", code="parameter_missing"
        )
    if given is not None:
        product = new_product(ws, required_text(given, "name"), new_metadata(given)).document
        product["active"] = given.get("active", True)
        ws.emit("product.created", product)
    else:
        product = await ws.get("product", values["product"], param="product")
    return _new_price(ws, product["id"], values)


def _new_price(ws: Workspace, product: str, values: Mapping[str, Any]) -> Document:
    recurring = values.get("recurring")
    if recurring is not None:
        count, interval = recurring.get("interval_count", 1), recurring["interval"]
        if count > _LONGEST[interval]:
            raise invalid(
                f"The maximum number of {interval}s between billing is {_LONGEST[interval]}.",
                param="recurring[interval_count]",
            )
    cents = values.get("unit_amount", 0)
    document: Document = {
        "id": long_id("price_"),
        "object": "price",
        "active": values.get("active", True),
        "billing_scheme": "per_unit",
        "created": ws.at,
        "currency": values["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": values.get("lookup_key"),
        "metadata": new_metadata(values),
        "nickname": values.get("nickname"),
        "product": product,
        "recurring": None
        if recurring is None
        else {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "tax_behavior": values.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time" if recurring is None else "recurring",
        "unit_amount": cents,
        "unit_amount_decimal": str(Decimal(cents)),
    }
    ws.add(document, parent=product, lookup=values.get("lookup_key"))
    ws.emit("price.created", document)
    return document


async def update_price(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change what may change of a price: never its amount, currency or interval."""
    entry = await ws.entry("price", ids[0])
    changes: Document = {name: values[name] for name in values if name != "metadata"}
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    if "lookup_key" in changes:
        entry.lookup = changes["lookup_key"]
    return ws.change(entry, changes, event="price.updated")


async def price_of_item(
    ws: Workspace, item: Mapping[str, Any], *, param: str, inactive_allowed: bool = False
) -> Document:
    """Return the price that a line names or describes (`price_data`), ready to be sold."""
    described = item.get("price_data")
    if (described is None) == (item.get("price") is None):
        raise invalid(f"You must specify exactly one of `{param}[price]` and `{param}[price_data]`.", param=param)
    if described is not None:
        if described.get("product") is None:
            data = described.get("product_data") or {}
            product = new_product(ws, required_text(data, "name"), new_metadata(data)).document
            ws.emit("product.created", product)
        else:
            product = await ws.get("product", described["product"], param=f"{param}[price_data][product]")
        price = _new_price(ws, product["id"], described)
        ws.change(ws.entries[price["id"]], {"active": False})
        return price
    price = await ws.get("price", item["price"], param=f"{param}[price]")
    if not price["active"] and not inactive_allowed:
        raise invalid(
            "The price specified is inactive. This field only accepts active prices.", param=f"{param}[price]"
        )
    return price


PRICE_DATA: Final = Shape(
    "currency",
    "unit_amount",
    currency=currency,
    unit_amount=unsigned,
    recurring=_RECURRING,
    product=text,
    product_data=Shape("name", name=text, description=text, metadata=metadata),
    tax_behavior=choice("inclusive", "exclusive", "unspecified"),
)
