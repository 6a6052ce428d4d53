"""A team's whole state as text that is the same whenever the same facts are stored, in whatever order they came.

Made-up ids are replaced by what they stand for (`customers:cus_1`), moments that say when we heard of something are left
out, rows are sorted. So two runs of a story are compared by one hash (SCENARIOS section 2).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

import sqlalchemy as sa

from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.db.statements import Query, any_of, metadata, query, row_tuple

# Queues and clocks, no facts; stored bodies are what was sent.
_LEFT_OUT_TABLES: Final = frozenset({"jobs", "schedules", "stripe_sweeps", "stripe_connections", "idempotency_keys"})
_LEFT_OUT_COLUMNS: Final = frozenset(
    {
        "id", "sequence", "received_at", "fetched_at", "finished_at", "updated_at", "happened_at", "created_at",
        "started_at", "converted_at", "available_at", "due_at", "body",
    }
)  # fmt: skip
# What names a row to a person, in this order.
_NAMES: Final = (
    "stripe_event_id", "stripe_invoice_id", "stripe_subscription_id", "stripe_payment_id", "stripe_price_id",
    "stripe_product_id", "stripe_customer_id", "code", "email", "name", "kind", "role", "side",
)  # fmt: skip
_OUR_ID: Final = re.compile(r"\b[a-z]{2,12}_[0-9a-z]{20}\b")

_statements: Final[dict[str, Query[Any]]] = {}


def _rows_of(table: sa.Table) -> Query[Any]:
    if table.name not in _statements:
        rows = sa.select(*table.c)
        if "team_id" in table.c:
            rows = rows.where(table.c.team_id == sa.bindparam("team_id"))
        elif "project_id" in table.c:
            rows = rows.where(any_of(table.c.project_id, "project_ids"))
        _statements[table.name] = query(rows, row_tuple)
    return _statements[table.name]


async def _read(tx: Reading, team_id: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    mine = {team_id}
    for table in metadata.sorted_tables:
        if table.name in _LEFT_OUT_TABLES:
            continue
        project_ids = [row["id"] for row in found.get("projects", ())]
        names = [column.name for column in table.c]
        raw = await tx.all(_rows_of(table), team_id=team_id, project_ids=project_ids)
        # A row belongs to the team if it says so, or if it refers to one that does.
        rows = [
            dict(zip(names, row, strict=True)) for row in raw if mine & {each for each in row if isinstance(each, str)}
        ]
        mine |= {row["id"] for row in rows if isinstance(row.get("id"), str)}
        found[table.name] = rows
    return found


async def canonical_dump(db: Database, team_id: str) -> str:
    """Return the team's facts, a line a row."""
    tables = await db.snapshot(_read, team_id)
    labels: dict[str, str] = {team_id: "team"}
    for name, rows in tables.items():
        for row in rows:
            if isinstance(row.get("id"), str):
                label = next((str(row[column]) for column in _NAMES if row.get(column)), "")
                labels[row["id"]] = f"{name}:{label}"

    def labelled(match: re.Match[str]) -> str:
        return labels.get(match.group(), "?")

    lines: list[str] = []
    for name, rows in tables.items():
        for row in rows:
            facts = {column: value for column, value in row.items() if column not in _LEFT_OUT_COLUMNS}
            text = json.dumps(facts, default=str, sort_keys=True)
            lines.append(f"{name} {_OUR_ID.sub(labelled, text)}".replace(team_id, "team"))
    return "\n".join(sorted(lines))


async def state_hash(db: Database, team_id: str) -> str:
    """Return a hash of the team's facts."""
    return hashlib.sha256((await canonical_dump(db, team_id)).encode()).hexdigest()
