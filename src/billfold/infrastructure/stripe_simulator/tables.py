"""Where the simulator keeps its accounts: tables, rows and statements. Nothing else in the program reads them.

An object is a JSON document as Stripe would answer it, beside the few values that it is looked up by. `parent` is the
object that it hangs on (a price's product, an invoice's subscription, a charge's payment intent, a refund's charge) and
`lookup` the other value that its list can be filtered by (a customer's e-mail address, a promotion code's code).
`state` is what the simulator must remember and Stripe would not show, such as how the bank answers for a card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.infrastructure.db.statements import command, insert_row, metadata, query, row_tuple
from billfold.infrastructure.db.types import Json, Moment

accounts = sa.Table(
    "simulator_accounts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, nullable=False, unique=True),
    sa.Column("secret_key_hash", sa.Text, nullable=False, unique=True),
    sa.Column("publishable_key", sa.Text, nullable=False),
    sa.Column("webhook_secret_sealed", sa.Text, nullable=False),
    # How far the account's time is ahead of the wall clock.
    sa.Column("clock_offset_us", sa.BigInteger, nullable=False),
    # Counts everything made here, so that lists have one order inside a second too.
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("delivery", Json, nullable=False),
    sa.Column("faults", Json, nullable=False),
    sa.Column("settings", Json, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)


def _where_set(column: str) -> dict[str, Any]:
    # Most objects lack most of these values; the index holds only those that have one.
    return {"sqlite_where": sa.text(f"{column} IS NOT NULL"), "postgresql_where": sa.text(f"{column} IS NOT NULL")}


objects = sa.Table(
    "simulator_objects",
    metadata,
    sa.Column("account_id", sa.Text, sa.ForeignKey("simulator_accounts.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("customer", sa.Text),
    sa.Column("parent", sa.Text),
    sa.Column("lookup", sa.Text),
    # Simulated Unix time at which something happens to it by itself: a renewal, a retry, an expiry.
    sa.Column("due_at", sa.BigInteger),
    sa.Column("state", Json, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("ix_simulator_objects_type", "account_id", "type", "sequence"),
    sa.Index("ix_simulator_objects_customer", "account_id", "type", "customer", "sequence", **_where_set("customer")),
    sa.Index("ix_simulator_objects_parent", "account_id", "type", "parent", "sequence", **_where_set("parent")),
    sa.Index("ix_simulator_objects_lookup", "account_id", "type", "lookup", "sequence", **_where_set("lookup")),
    sa.Index("ix_simulator_objects_due_at", "account_id", "due_at", **_where_set("due_at")),
)

events = sa.Table(
    "simulator_events",
    metadata,
    sa.Column("account_id", sa.Text, sa.ForeignKey("simulator_accounts.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    # When a webhook about it was first answered with a 2xx; None while it is on its way, or was dropped.
    sa.Column("delivered_at", Moment),
    sa.Index("ix_simulator_events_sequence", "account_id", "sequence"),
    sa.Index("ix_simulator_events_type", "account_id", "type", "sequence"),
)

idempotency = sa.Table(
    "simulator_idempotency",
    metadata,
    sa.Column("account_id", sa.Text, sa.ForeignKey("simulator_accounts.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False, index=True),
)


@dataclass(slots=True)
class Account:
    """A simulated account; changed in place by the unit that holds its row, and written back when that unit ends."""

    id: str
    team_id: str
    secret_key_hash: str
    publishable_key: str
    webhook_secret_sealed: str
    clock_offset_us: int
    sequence: int
    delivery: dict[str, Any]
    faults: dict[str, Any]
    settings: dict[str, Any]
    created_at: datetime


@dataclass(slots=True)
class StoredObject:
    """One object as its row holds it; `document` is JSON text."""

    id: str
    type: str
    sequence: int
    created: int
    customer: str | None
    parent: str | None
    lookup: str | None
    due_at: int | None
    state: dict[str, Any]
    document: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as its row holds it."""

    id: str
    sequence: int
    type: str
    created: int
    document: str
    delivered_at: datetime | None


_bind = sa.bindparam
_of_account = objects.c.account_id == _bind("account_id")
_columns = tuple(column for column in objects.c if column.name != "account_id")
_event_columns = tuple(column for column in events.c if column.name != "account_id")

ADD_ACCOUNT: Final = command(insert_row(accounts))
ACCOUNT_BY_KEY: Final = query(
    sa.select(*accounts.c).where(accounts.c.secret_key_hash == _bind("secret_key_hash")), Account
)
ACCOUNT_BY_TEAM: Final = query(sa.select(*accounts.c).where(accounts.c.team_id == _bind("team_id")), Account)
ACCOUNT_BY_ID: Final = query(sa.select(*accounts.c).where(accounts.c.id == _bind("account_id")), Account)
# The row is locked for the whole unit: on one account, requests happen one after the other.
LOCK_ACCOUNT: Final = query(
    sa.select(*accounts.c).where(accounts.c.id == _bind("account_id")).with_for_update(), Account
)
UPDATE_ACCOUNT: Final = command(
    sa.update(accounts)
    .where(accounts.c.id == _bind("updated_id"))
    .values(
        clock_offset_us=_bind("clock_offset_us", type_=sa.BigInteger()),
        sequence=_bind("sequence", type_=sa.BigInteger()),
        delivery=_bind("delivery", type_=Json()),
        faults=_bind("faults", type_=Json()),
        settings=_bind("settings", type_=Json()),
    )
)
RENEW_KEYS: Final = command(
    sa.update(accounts)
    .where(accounts.c.id == _bind("renewed_id"))
    .values(
        secret_key_hash=_bind("secret_key_hash"),
        publishable_key=_bind("publishable_key"),
        webhook_secret_sealed=_bind("webhook_secret_sealed"),
    )
)
OVERDUE_ACCOUNTS: Final = query(
    sa.select(accounts.c.id)
    .where(
        sa.exists().where(
            objects.c.account_id == accounts.c.id,
            objects.c.due_at <= (_bind("now_us", type_=sa.BigInteger()) + accounts.c.clock_offset_us) // 1_000_000,
        )
    )
    .limit(100),
    str,
)

ADD_OBJECT: Final = command(insert_row(objects))
UPDATE_OBJECT: Final = command(
    sa.update(objects)
    .where(objects.c.account_id == _bind("owner_id"), objects.c.id == _bind("updated_id"))
    .values(
        {
            name: _bind(name, type_=objects.c[name].type)
            for name in ("customer", "parent", "lookup", "due_at", "state", "document")
        }
    )
)
GET_OBJECT: Final = query(sa.select(*_columns).where(_of_account, objects.c.id == _bind("id")), StoredObject)
GET_DOCUMENT: Final = query(
    sa.select(objects.c.type, objects.c.document).where(_of_account, objects.c.id == _bind("id")), row_tuple
)
ANY_OBJECT: Final = query(sa.select(objects.c.id).where(_of_account).limit(1), str)
DUE_OBJECTS: Final = query(
    sa.select(*_columns)
    .where(_of_account, objects.c.due_at <= _bind("until", type_=sa.BigInteger()))
    .order_by(objects.c.due_at, objects.c.sequence)
    .limit(_bind("limit", type_=sa.Integer())),
    StoredObject,
)


def _page(*conditions: Any, newest_first: bool) -> Any:
    """Return the query for a page of one type of object; the cursor is a sequence, beyond which it goes on."""
    cursor = _bind("cursor", type_=sa.BigInteger())
    beyond = objects.c.sequence < cursor if newest_first else objects.c.sequence > cursor
    order = objects.c.sequence.desc() if newest_first else objects.c.sequence
    return query(
        sa.select(*_columns)
        .where(_of_account, objects.c.type == _bind("type"), *conditions, beyond)
        .order_by(order)
        .limit(_bind("limit", type_=sa.Integer())),
        StoredObject,
    )


# By the value that the list is narrowed with: none, or one of the three that have an index.
PAGES: Final = {
    (by, newest_first): _page(*(() if by is None else (objects.c[by] == _bind("value"),)), newest_first=newest_first)
    for by in (None, "customer", "parent", "lookup")
    for newest_first in (True, False)
}

ADD_EVENT: Final = command(insert_row(events))
GET_EVENT: Final = query(
    sa.select(*_event_columns).where(events.c.account_id == _bind("account_id"), events.c.id == _bind("id")),
    StoredEvent,
)
MARK_DELIVERED: Final = command(
    sa.update(events)
    .where(
        events.c.account_id == _bind("owner_id"), events.c.id == _bind("delivered_id"), events.c.delivered_at.is_(None)
    )
    .values(delivered_at=_bind("now", type_=Moment()))
)


def _event_page(*conditions: Any, newest_first: bool) -> Any:
    cursor = _bind("cursor", type_=sa.BigInteger())
    return query(
        sa.select(*_event_columns)
        .where(
            events.c.account_id == _bind("account_id"),
            *conditions,
            events.c.sequence < cursor if newest_first else events.c.sequence > cursor,
        )
        .order_by(events.c.sequence.desc() if newest_first else events.c.sequence)
        .limit(_bind("limit", type_=sa.Integer())),
        StoredEvent,
    )


EVENT_PAGES: Final = {
    (by_type, newest_first): _event_page(
        *((events.c.type == _bind("type"),) if by_type else ()), newest_first=newest_first
    )
    for by_type in (True, False)
    for newest_first in (True, False)
}

GET_REPLY: Final = query(
    sa.select(idempotency.c.request_hash, idempotency.c.status, idempotency.c.body, idempotency.c.created_at).where(
        idempotency.c.account_id == _bind("account_id"), idempotency.c.key == _bind("key")
    ),
    row_tuple,
)
FORGET_REPLY: Final = command(
    sa.delete(idempotency).where(idempotency.c.account_id == _bind("account_id"), idempotency.c.key == _bind("key"))
)
ADD_REPLY: Final = command(insert_row(idempotency))
PRUNE_REPLIES: Final = command(sa.delete(idempotency).where(idempotency.c.created_at < _bind("before", type_=Moment())))
