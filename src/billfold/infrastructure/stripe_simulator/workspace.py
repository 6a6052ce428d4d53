"""One account's objects inside one unit of work.

`Shelf` looks; `Workspace` changes. A workspace keeps each object that it has touched once, so that a function deep inside
sees what its caller changed, and writes everything down at the end: objects, events, one delivery job for each event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from billfold.base.clock import from_unix
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.stripe_simulator import tables
from billfold.infrastructure.stripe_simulator.errors import missing
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.tables import Account, StoredEvent, StoredObject

# The version whose shapes are answered: that of the pinned `stripe` package, which a test compares.
API_VERSION: Final = "2026-10-28.endive"

Document = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """An object in use; its document and state are changed in place and then saved."""

    document: Document
    kind: str
    sequence: int
    customer: str | None = None
    parent: str | None = None
    lookup: str | None = None
    due_at: int | None = None
    state: dict[str, Any] = field(default_factory=dict)
    stored: bool = False
    changed: bool = False


def entry_of(row: StoredObject) -> Entry:
    """Return a stored object ready for use."""
    return Entry(
        document=msgspec.json.decode(row.document),
        kind=row.type,
        sequence=row.sequence,
        customer=row.customer,
        parent=row.parent,
        lookup=row.lookup,
        due_at=row.due_at,
        state=row.state,
        stored=True,
    )


class Shelf:
    """Looks at the objects of one account."""

    def __init__(self, tx: Reading, account: Account, now: datetime) -> None:
        self.reading = tx
        self.account = account
        self.now = now
        self.entries: dict[str, Entry] = {}
        # The account's time in whole seconds, as Stripe writes all its times.
        self.at = int((now + timedelta(microseconds=account.clock_offset_us)).timestamp())

    async def find(self, object_id: str, kind: str | None = None) -> Entry | None:
        """Return an object, or None if there is none or it is of another type."""
        entry = self.entries.get(object_id)
        if entry is None:
            row = await self.reading.first(tables.GET_OBJECT, account_id=self.account.id, id=object_id)
            if row is None:
                return None
            entry = self.entries[object_id] = entry_of(row)
        return entry if kind is None or entry.kind == kind else None

    async def entry(self, kind: str, object_id: str, *, param: str | None = None) -> Entry:
        """Return an object that must exist; `param` is the parameter that named it, None if the path did."""
        entry = await self.find(object_id, kind)
        if entry is None or (entry.document.get("deleted") and (param is not None or kind != "customer")):
            raise missing(kind, object_id, param=param or "id", status=404 if param is None else 400)
        return entry

    async def get(self, kind: str, object_id: str, *, param: str | None = None) -> Document:
        """Return the document of an object that must exist."""
        return (await self.entry(kind, object_id, param=param)).document

    async def page(
        self, kind: str, *, by: str | None, value: str | None, cursor: int, newest_first: bool, limit: int
    ) -> list[Entry]:
        """Return a stretch of a list; an object already in use is given as it is in use."""
        rows = await self.reading.all(
            tables.PAGES[by, newest_first],
            account_id=self.account.id,
            type=kind,
            cursor=cursor,
            limit=limit,
            **({} if by is None else {"value": value}),
        )
        return [self.entries.get(row.id) or self.entries.setdefault(row.id, entry_of(row)) for row in rows]

    async def all_of(self, kind: str, *, by: str, value: str) -> list[Entry]:
        """Return up to a thousand objects that hang on one, oldest first, those made in this unit too."""
        found = await self.page(kind, by=by, value=value, cursor=0, newest_first=False, limit=1_000)
        fresh = [
            each
            for each in self.entries.values()
            if not each.stored and each.kind == kind and getattr(each, by) == value
        ]
        return [*found, *fresh]


class Workspace(Shelf):
    """Changes the objects of one account; `flush` writes them down."""

    def __init__(self, tx: Writing, account: Account, now: datetime, *, public_url: str = "") -> None:
        super().__init__(tx, account, now)
        self.tx = tx
        # Where this server is reached: the address of a checkout page begins with it.
        self.public_url = public_url
        self.events: list[StoredEvent] = []
        # What asked for the change, as events report it; None for what happens by itself.
        self.request_id: str | None = None
        self.idempotency_key: str | None = None

    def add(
        self,
        document: Document,
        *,
        customer: str | None = None,
        parent: str | None = None,
        lookup: str | None = None,
        due_at: int | None = None,
        state: dict[str, Any] | None = None,
    ) -> Entry:
        """Put a new object into the account."""
        self.account.sequence += 1
        entry = Entry(
            document, document["object"], self.account.sequence, customer, parent, lookup, due_at, state or {}
        )
        self.entries[document["id"]] = entry
        return entry

    def save(self, entry: Entry) -> None:
        """Remember that an object was changed."""
        entry.changed = True

    def change(self, entry: Entry, changes: Mapping[str, Any], *, event: str | None = None) -> Document:
        """Set fields; if any differs, say so with `event` and the values before."""
        document = entry.document
        before = {name: document.get(name) for name, value in changes.items() if document.get(name) != value}
        document.update(changes)
        entry.changed = True
        if event is not None and before:
            self.emit(event, document, previous=before)
        return document

    def emit(self, name: str, document: Document, *, previous: Mapping[str, Any] | None = None) -> None:
        """Report an event with the object as it is at this moment."""
        self.account.sequence += 1
        event_id = long_id("evt_")
        data: Document = {"object": document}
        if previous is not None:
            data["previous_attributes"] = previous
        event = {
            "id": event_id,
            "object": "event",
            "api_version": API_VERSION,
            "created": self.at,
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": name,
        }
        text = msgspec.json.encode(event).decode()
        self.events.append(StoredEvent(event_id, self.account.sequence, name, self.at, text, None))

    def move_to(self, at: int) -> None:
        """Let the account's time be `at`, a Unix time in whole seconds, at this moment of the wall clock."""
        self.at = at
        self.account.clock_offset_us = (from_unix(at) - self.now) // timedelta(microseconds=1)

    async def flush(self) -> None:
        """Write down what changed; called once, at the end of the unit."""
        tx, account = self.tx, self.account
        fresh = [each for each in self.entries.values() if not each.stored]
        if fresh:
            await tx.run_many(tables.ADD_OBJECT, [self._new_row(each) for each in fresh])
        changed = [each for each in self.entries.values() if each.stored and each.changed]
        if changed:
            await tx.run_many(tables.UPDATE_OBJECT, [self._changed_row(each) for each in changed])
        if self.events:
            await tx.run_many(
                tables.ADD_EVENT,
                [
                    {
                        "account_id": account.id,
                        "id": each.id,
                        "sequence": each.sequence,
                        "type": each.type,
                        "created": each.created,
                        "document": each.document,
                        "delivered_at": None,
                    }
                    for each in self.events
                ],
            )
        await tx.run(
            tables.UPDATE_ACCOUNT,
            updated_id=account.id,
            clock_offset_us=account.clock_offset_us,
            sequence=account.sequence,
            delivery=account.delivery,
            faults=account.faults,
            settings=account.settings,
        )

    def _new_row(self, entry: Entry) -> dict[str, Any]:
        return {
            "account_id": self.account.id,
            "id": entry.document["id"],
            "type": entry.kind,
            "sequence": entry.sequence,
            "created": entry.document.get("created", self.at),
            **_values(entry),
        }

    def _changed_row(self, entry: Entry) -> dict[str, Any]:
        return {"owner_id": self.account.id, "updated_id": entry.document["id"], **_values(entry)}


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "customer": entry.customer,
        "parent": entry.parent,
        "lookup": entry.lookup,
        "due_at": entry.due_at,
        "state": entry.state,
        "document": msgspec.json.encode(entry.document).decode(),
    }
