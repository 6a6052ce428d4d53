"""Which table keeps what of whom.

`linked` says by which columns a row hangs on somebody, `REMOVED` which of them an erasure deletes (`blanks.py`: empties),
`DOCUMENTS` where a person may be mentioned inside a text that is about something else. A test makes sure that every table stands
in one of them, or in `NOT_PERSONAL` with its reason.

These statements are an operator's, run by hand some times a year: documents are read page by page along a table's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billfold.infrastructure.db.immutable import frozen_again, let_change
from billfold.infrastructure.db.statements import Command, Query, any_of, command, metadata, query, row_tuple

PAGE: Final = 500

# Columns that nobody reads: what is sealed or a hash says nothing, and a search form repeats what stands beside it.
_UNREADABLE: Final = ("_sealed", "_hash", "_normalised", "_mailbox", "card_fingerprint")


class Linked:
    """A table's rows that hang on any of some ids, for an export."""

    def __init__(self, name: str, *by: str) -> None:
        table = metadata.tables[name]
        self.name = name
        self.shown = [column for column in table.c if not column.name.endswith(_UNREADABLE)]
        owner = table.c.get("project_id")
        mine = sa.true() if owner is None else owner == sa.bindparam("project_id")
        anybody = sa.or_(*(any_of(table.c[column], "ids") for column in by))
        self.rows: Query[tuple[Any, ...]] = query(sa.select(*self.shown).where(mine, anybody), row_tuple)


class Removed:
    """A table's rows that an erasure deletes: they serve nothing but the person's way in."""

    def __init__(self, name: str, by: str) -> None:
        table = metadata.tables[name]
        self.name = name
        self.change: Command = command(
            sa.delete(table).where(table.c["project_id"] == sa.bindparam("project_id"), any_of(table.c[by], "ids"))
        )


class Blanked:
    """A table's rows that stay, with columns that an erasure empties or gives a value that tells of nobody."""

    def __init__(self, name: str, by: str, values: Mapping[str, Any]) -> None:
        table = metadata.tables[name]
        self.name = name
        self.change: Command = command(
            sa.update(table)
            .where(table.c["project_id"] == sa.bindparam("project_id"), any_of(table.c[by], "ids"))
            .values(dict(values))
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a document's table: its key, and the columns in the order in which `Document` names them."""

    key: Any
    values: tuple[Any, ...]


def _row(*raw: Any) -> Row:
    return Row(raw[0], raw[1:])


class Document:
    """Columns in which somebody may be mentioned; `scope` is `project_id` or `team_id`, `key` what the table is paged by.

    `about` names columns that only help to see whom a row is about. `opaque`: bytes that are a copy of what Stripe says: they are
    dropped when they mention the person, where others are rewritten.
    """

    def __init__(
        self,
        name: str,
        key: str,
        *columns: str,
        scope: str = "project_id",
        about: tuple[str, ...] = (),
        opaque: bool = False,
        frozen: bool = False,
    ) -> None:
        table = metadata.tables[name]
        self.name = name
        self.columns = columns
        self.scope = scope
        self.opaque = opaque
        self.about = about
        self.unlock = let_change(table) if frozen else ()
        self.lock = frozen_again(table) if frozen else ()
        paged = table.c[key]
        self.first_key: Any = -1 if isinstance(paged.type, sa.Integer) else ""
        mine = table.c[scope] == sa.bindparam("scope")
        self.page: Query[Row] = query(
            sa.select(paged.label("paged_key"), *(table.c[each] for each in (*columns, *about)))
            .where(mine, paged > sa.bindparam("after"))
            .order_by(paged)
            .limit(sa.bindparam("limit", type_=sa.Integer())),
            _row,
        )
        self.put: Command = command(
            sa.update(table)
            .where(mine, paged == sa.bindparam("of_key"))
            .values({each: sa.bindparam(f"new_{each}", type_=table.c[each].type) for each in columns})
        )


def linked() -> tuple[Linked, ...]:
    """Return every place with rows that hang on a person; a function, because the tables are registered by then."""
    return tuple(Linked(name, *by) for name, by in _LINKS.items())


_LINKS: Final[Mapping[str, tuple[str, ...]]] = {
    "customers": ("id",),
    "customer_identities": ("customer_id",),
    "customer_sessions": ("customer_id",),
    "portal_sessions": ("customer_id",),
    "customer_sign_in_tokens": ("customer_id",),
    "mailbox_proofs": ("customer_id",),
    "stripe_customer_claims": ("stripe_customer_id",),
    "payment_method_changes": ("customer_id",),
    "subscriptions": ("customer_id",),
    "subscription_items": ("subscription_id",),
    "invoices": ("customer_id",),
    "payments": ("customer_id",),
    "attribution_locks": ("customer_id",),
    "touches": ("customer_id",),
    "clicks": ("id",),
    "referral_codes": ("customer_id",),
    "participants": ("customer_id",),
    "participant_pauses": ("customer_id",),
    "participant_rates": ("customer_id",),
    "referrals": ("id",),
    "brought_payments": ("referrer_id",),
    "rewards": ("earner_id",),
    "reviews": ("referral_id",),
    "voids": ("referral_id",),
    "monthly_awards": ("referrer_id",),
    "ledger_balances": ("owner_id",),
    "ledger_transfers": ("owner_id",),
    "wallets": ("customer_id",),
    "wallet_grants": ("customer_id",),
    "wallet_spends": ("customer_id",),
    "partners": ("customer_id",),
    "partner_applications": ("id",),
    "partner_contacts": ("partner_id",),
    "partner_portal_links": ("partner_id",),
    "partner_letters": ("partner_id",),
    "partner_letter_refusals": ("partner_id",),
    "deals": ("id", "partner_id"),
    "payees": ("customer_id",),
    "payout_methods": ("customer_id",),
    "payouts": ("customer_id",),
    "payout_lines": ("payout_id",),
    "payout_steps": ("payout_id",),
    "payout_reversals": ("payout_id",),
}

NOT_PERSONAL: Final[Mapping[str, str]] = {
    "api_keys": "of the team",
    "attempts": "hashes of what was tried, for some minutes",
    "branding": "of the project",
    "click_borders": "how far clicks are counted",
    "click_counts": "numbers",
    "customer_sign_in_settings": "of the project",
    "deal_settings": "of the project",
    "feeds": "a number for each project",
    "first_users": "of the operator",
    "identity_audiences": "of the project",
    "identity_providers": "of the project",
    "invitations": "of the team's own people",
    "invoice_payments": "ids",
    "kept_figures": "sums",
    "link_hosts": "of the project",
    "link_settings": "of the project",
    "members": "of the team's own people",
    "one_time_tokens": "of the team's own people",
    "partner_assets": "of the project",
    "partner_letter_settings": "of the project",
    "partner_settings": "of the project",
    "payout_batches": "ids and sums",
    "payout_settings": "of the project",
    "prices": "of the project",
    "products": "of the project",
    "programs": "of the project",
    "projects": "of the team",
    "promotion_codes": "of the project",
    "publishable_keys": "of the project",
    "recovery_codes": "of the team's own people",
    "schedules": "of the installation",
    "second_factors": "of the team's own people",
    "sequencers": "of the installation",
    "sessions": "of the team's own people",
    "sign_up_hosts": "of the project",
    "sign_up_settings": "of the project",
    "simulator_accounts": "stands in for Stripe",
    "simulator_events": "stands in for Stripe, which is asked for its own erasure",
    "simulator_idempotency": "as simulator_events",
    "simulator_objects": "as simulator_events",
    "stripe_connections": "of the team",
    "stripe_import_lines": "numbers",
    "stripe_imports": "numbers",
    "stripe_sweeps": "moments",
    "teams": "of the operator",
    "terms": "of the program",
    "terms_dates": "of the program",
    "users": "the team's own people; `billfold people` has them",
    "wallet_settings": "of the project",
    "webhook_endpoints": "of the project",
    "webhook_lanes": "ids",
}

REMOVED: Final = (
    ("customer_identities", "customer_id"),
    ("customer_sessions", "customer_id"),
    ("portal_sessions", "customer_id"),
    ("customer_sign_in_tokens", "customer_id"),
    ("mailbox_proofs", "customer_id"),
    ("payment_method_changes", "customer_id"),
    ("partner_contacts", "partner_id"),
    ("partner_portal_links", "partner_id"),
    ("payees", "customer_id"),
)

DOCUMENTS: Final[tuple[Mapping[str, Any], ...]] = (
    {"name": "events", "key": "sequence", "columns": ("payload",)},
    {"name": "public_events", "key": "position", "columns": ("data",), "about": ("object_id",)},
    {"name": "webhook_deliveries", "key": "id", "columns": ("own_data", "last_error"), "about": ("object_id",)},
    {"name": "webhook_attempts", "key": "sequence", "columns": ("answer", "error")},
    {"name": "idempotency_keys", "key": "key", "columns": ("body",)},
    {"name": "payouts", "key": "id", "columns": ("reference", "failure"), "about": ("customer_id",)},
    {"name": "payout_steps", "key": "sequence", "columns": ("detail",), "about": ("payout_id",), "frozen": True},
    {"name": "wallet_grants", "key": "id", "columns": ("source",), "about": ("customer_id",)},
    {
        "name": "audit_log",
        "key": "sequence",
        "columns": ("details", "address", "subject"),
        "about": ("actor_kind", "actor_id"),
        "scope": "team_id",
        "frozen": True,
    },
    {"name": "jobs", "key": "id", "columns": ("payload", "last_error"), "scope": "team_id"},
    {"name": "stripe_comparisons", "key": "team_id", "columns": ("differences",), "scope": "team_id"},
    {
        "name": "stripe_raw_objects",
        "key": "stripe_id",
        "columns": ("body",),
        "about": ("stripe_customer_id",),
        "scope": "team_id",
        "opaque": True,
    },
    {
        "name": "stripe_events",
        "key": "sequence",
        "columns": ("body",),
        "about": ("subject_id",),
        "scope": "team_id",
        "opaque": True,
    },
)


def documents() -> tuple[Document, ...]:
    """Return every place in which somebody may be mentioned."""
    return tuple(
        Document(
            each["name"],
            each["key"],
            *each["columns"],
            **{name: value for name, value in each.items() if name not in {"name", "key", "columns"}},
        )
        for each in DOCUMENTS
    )


def places() -> set[str]:
    """Return the names of all tables that are classified."""
    return {*_LINKS, *NOT_PERSONAL, *(each["name"] for each in DOCUMENTS), "mails"}
