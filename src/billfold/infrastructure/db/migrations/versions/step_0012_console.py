"""What the console searches and lists by."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_AT_ONCE = 1_000


def upgrade() -> None:
    """Add the searchable name, and make the indexes of lists end with the lists' order."""
    op.add_column("customers", sa.Column("name_normalised", sa.Text()))
    _fill_names()
    live = sa.text("deleted_at IS NULL")
    op.drop_index("uq_customers_project_email", "customers")
    op.create_index(
        "uq_customers_project_email",
        "customers",
        ["project_id", "email_normalised"],
        unique=True,
        postgresql_ops={"email_normalised": "text_pattern_ops"},
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index(
        "ix_customers_project_name",
        "customers",
        ["project_id", "name_normalised", "id"],
        postgresql_ops={"name_normalised": "text_pattern_ops"},
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_subscriptions_project_status", "subscriptions", ["project_id", "status", "created_at", "id"])
    routed = sa.text("project_id IS NOT NULL")
    op.drop_index("ix_stripe_events_project", "stripe_events")
    op.create_index(
        "ix_stripe_events_project",
        "stripe_events",
        ["project_id", "status", "sequence"],
        sqlite_where=routed,
        postgresql_where=routed,
    )
    op.create_index(
        "ix_stripe_events_subject",
        "stripe_events",
        ["project_id", "subject_id", "sequence"],
        sqlite_where=routed,
        postgresql_where=routed,
    )
    op.create_index(
        "ix_jobs_stuck_of_team",
        "jobs",
        ["team_id", "stuck_at"],
        sqlite_where=sa.text("stuck_at IS NOT NULL"),
        postgresql_where=sa.text("stuck_at IS NOT NULL"),
    )
    op.drop_index("ix_referrals_project_status", "referrals")
    op.create_index("ix_referrals_project_status", "referrals", ["project_id", "status", "created_at", "id"])


def _fill_names() -> None:
    """Write each name as it is searched; in Python, because the two databases fold capitals differently."""
    bind = op.get_bind()
    last = ""
    while True:
        rows = bind.execute(
            sa.text("SELECT id, name FROM customers WHERE name IS NOT NULL AND id > :last ORDER BY id LIMIT :most"),
            {"last": last, "most": _AT_ONCE},
        ).fetchall()
        if not rows:
            return
        bind.execute(
            sa.text("UPDATE customers SET name_normalised = :folded WHERE id = :id"),
            [{"id": row[0], "folded": _folded(row[1])} for row in rows],
        )
        last = rows[-1][0]


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFC", text)
