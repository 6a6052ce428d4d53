"""Lists: newest first, `limit` 1 to 100, `starting_after` and `ending_before`, filters.

A list is narrowed by at most one indexed value (customer, parent or lookup); what else is asked for is sifted while
walking, over a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from billfold.infrastructure.stripe_simulator import tables
from billfold.infrastructure.stripe_simulator.errors import invalid, missing
from billfold.infrastructure.stripe_simulator.parameters import (
    PAGING,
    Reader,
    Shape,
    boolean,
    choice,
    listed,
    text,
    time_range,
)
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Shelf

_DEFAULT_LIMIT: Final = 10
_STRETCH: Final = 200
# How many rows one request may sift; past it the page is what was found.
_ROWS_LIMIT: Final = 20_000
_NEWEST: Final = 2**62
_COMPARE: Final[dict[str, Callable[[int, int], bool]]] = {
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
}

Sieve = Callable[[Document, Any], bool]


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of object and how its list can be narrowed.

    `by` maps a parameter to the indexed column that holds it; `sieves` maps one to a check of the document.
    """

    kind: str
    url: str
    by: Mapping[str, str] = field(default_factory=dict)
    sieves: Mapping[str, tuple[Reader, Sieve]] = field(default_factory=dict)
    # The id in the path that narrows the list, for lists inside an object.
    path_column: str | None = None
    # Whether `created` narrows the list.
    dated: bool = True

    def shape(self) -> Shape:
        """Return the parameters of this list."""
        dated: dict[str, Reader] = {"created": time_range} if self.dated else {}
        readers = {**PAGING, **dated, **dict.fromkeys(self.by, text)}
        return Shape(**readers, **{name: reader for name, (reader, _) in self.sieves.items()})

    async def answer(self, shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
        """Return a page."""
        if self.path_column is not None:
            # A list below an object that this account does not have is 404, not empty.
            await shelf.get(self.url.split("/")[2].removesuffix("s"), ids[0])
        by, value = self._narrowed(ids, values)
        limit = values.get("limit", _DEFAULT_LIMIT)
        newest_first, cursor = await self._cursor(shelf, values)
        found: list[Entry] = []
        rows_left = _ROWS_LIMIT
        while len(found) <= limit and rows_left > 0:
            size = limit + 1 if rows_left == _ROWS_LIMIT else _STRETCH
            stretch = await shelf.page(
                self.kind, by=by, value=value, cursor=cursor, newest_first=newest_first, limit=size
            )
            found += [each for each in stretch if self._passes(each.document, values)]
            rows_left -= size
            if len(stretch) < size:
                break
            cursor = stretch[-1].sequence
        page = found[:limit]
        if not newest_first:
            page.reverse()
        url = self.url.format(*ids)
        return {"object": "list", "data": [each.document for each in page], "has_more": len(found) > limit, "url": url}

    def _narrowed(self, ids: tuple[str, ...], values: Mapping[str, Any]) -> tuple[str | None, str | None]:
        if self.path_column is not None:
            return self.path_column, ids[0]
        for name, column in self.by.items():
            if values.get(name) is not None:
                # Promotion codes are found in any case, as Stripe finds them.
                return column, values[name].upper() if name == "code" else values[name]
        return None, None

    async def _cursor(self, shelf: Shelf, values: Mapping[str, Any]) -> tuple[bool, int]:
        after, before = values.get("starting_after"), values.get("ending_before")
        if after is not None and before is not None:
            raise invalid("You can only pass one of starting_after and ending_before.", param="starting_after")
        for name, object_id in (("starting_after", after), ("ending_before", before)):
            if object_id is not None:
                entry = await shelf.find(object_id, self.kind)
                if entry is None:
                    raise missing(self.kind, object_id, param=name, status=400)
                return name == "starting_after", entry.sequence
        return True, _NEWEST

    def _passes(self, document: Document, values: Mapping[str, Any]) -> bool:
        if document.get("deleted"):
            return False
        if "created" in values and not within(document["created"], values["created"]):
            return False
        # Only the first parameter that has an index narrowed the query; the others are looked at here.
        for name in self.by:
            if values.get(name) is not None and not _equals(document, name, values[name]):
                return False
        return all(
            sieve(document, values[name]) for name, (_, sieve) in self.sieves.items() if values.get(name) is not None
        )


def within(moment: int, bounds: Mapping[str, int]) -> bool:
    """Tell whether a Unix time lies in a range such as `{"gte": …}`."""
    return all(_COMPARE[name](moment, bound) for name, bound in bounds.items())


def _equals(document: Document, name: str, value: str) -> bool:
    if name == "subscription":
        details = (document.get("parent") or {}).get("subscription_details") or {}
        return value in {details.get("subscription"), document.get("subscription")}
    if name == "price":
        return any(item["price"]["id"] == value for item in document["items"]["data"])
    if name == "code":
        return bool(document["code"].upper() == value.upper())
    if name in {"payment", "coupon"}:
        return True
    return bool(document.get(name) == value)


def same(name: str) -> Sieve:
    """Return the check that a field has the asked value."""
    return lambda document, value: bool(document.get(name) == value)


def _status(document: Document, value: str) -> bool:
    if value == "all":
        return True
    if value == "ended":
        return document["status"] in {"canceled", "incomplete_expired"}
    return bool(document["status"] == value)


SUBSCRIPTION_STATUS: Final = (
    choice(
        "active", "all", "canceled", "ended", "incomplete", "incomplete_expired", "past_due", "paused", "trialing", "unpaid"
    ),
    _status,
)  # fmt: skip


class SubscriptionListing(Listing):
    """Without `status` Stripe lists what has not been canceled."""

    async def answer(self, shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
        """Return a page."""
        if values.get("status") is None:
            values = {**values, "running": True}
        return await Listing.answer(self, shelf, ids, values)

    def _passes(self, document: Document, values: Mapping[str, Any]) -> bool:
        if values.get("running") and document["status"] == "canceled":
            return False
        return Listing._passes(self, document, values)  # noqa: SLF001 - its own parent


EVENT_SHAPE: Final = Shape(
    **PAGING, created=time_range, delivery_success=boolean, type=text, types=listed(text, limit=20)
)


async def list_events(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return a page of the account's events, newest first."""
    del ids
    limit = values.get("limit", _DEFAULT_LIMIT)
    wanted = set(values.get("types") or ([values["type"]] if values.get("type") else []))
    only = next(iter(wanted)) if len(wanted) == 1 and "*" not in next(iter(wanted)) else None
    newest_first, cursor = await _event_cursor(shelf, values)
    found: list[Document] = []
    rows_left = _ROWS_LIMIT
    while len(found) <= limit and rows_left > 0:
        rows = await shelf.reading.all(
            tables.EVENT_PAGES[only is not None, newest_first],
            account_id=shelf.account.id,
            cursor=cursor,
            limit=_STRETCH,
            **({} if only is None else {"type": only}),
        )
        rows_left -= _STRETCH
        found += [event_document(row) for row in rows if _event_passes(row, values, wanted)]
        if len(rows) < _STRETCH or (newest_first and _past(rows[-1].created, values)):
            break
        cursor = rows[-1].sequence
    page = found[:limit]
    if not newest_first:
        page.reverse()
    return {"object": "list", "data": page, "has_more": len(found) > limit, "url": "/v1/events"}


def _past(created: int, values: Mapping[str, Any]) -> bool:
    bounds = values.get("created") or {}
    return bool(created < max(bounds.get("gte", 0), bounds.get("gt", 0)))


def _event_passes(row: tables.StoredEvent, values: Mapping[str, Any], wanted: set[str]) -> bool:
    if wanted and not any(
        row.type == each or (each.endswith("*") and row.type.startswith(each[:-1])) for each in wanted
    ):
        return False
    if "created" in values and not within(row.created, values["created"]):
        return False
    return "delivery_success" not in values or bool(values["delivery_success"] == (row.delivered_at is not None))


async def _event_cursor(shelf: Shelf, values: Mapping[str, Any]) -> tuple[bool, int]:
    for name in ("starting_after", "ending_before"):
        event_id = values.get(name)
        if event_id is not None:
            row = await shelf.reading.first(tables.GET_EVENT, account_id=shelf.account.id, id=event_id)
            if row is None:
                raise missing("event", event_id, param=name, status=400)
            return name == "starting_after", row.sequence
    return True, _NEWEST


async def retrieve_event(shelf: Shelf, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return one event."""
    del values
    row = await shelf.reading.first(tables.GET_EVENT, account_id=shelf.account.id, id=ids[0])
    if row is None:
        raise missing("event", ids[0])
    return event_document(row)


def event_document(row: tables.StoredEvent) -> Document:
    """Return an event with the number of webhooks that are still to be delivered."""
    document: Document = msgspec.json.decode(row.document)
    document["pending_webhooks"] = 0 if row.delivered_at is not None else 1
    return document
