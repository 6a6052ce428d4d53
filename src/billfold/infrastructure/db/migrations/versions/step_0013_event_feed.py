"""The public event feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the outbox say what the feed has yet to take, and the tables of the feed.

    What was published before stays unmarked: nobody listened then, and the past is no news.
    """
    op.add_column("events", sa.Column("waiting_since", sa.BigInteger()))
    waiting = sa.text("waiting_since IS NOT NULL")
    op.create_index("ix_events_waiting", "events", ["sequence"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "public_events",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("fed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "position", name="pk_public_events"),
        sa.UniqueConstraint("project_id", "id", name="uq_public_events_project_id_id"),
    )
    op.create_index("ix_public_events_type", "public_events", ["project_id", "type", "position"])
    op.create_index("ix_public_events_object", "public_events", ["project_id", "object_id", "position"])
    op.create_table(
        "feeds",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", sa.Text(), nullable=False),
        sa.Column("pruned_to", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_feeds_project_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_feeds"),
    )
    op.create_table(
        "sequencers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sequencers"),
    )
