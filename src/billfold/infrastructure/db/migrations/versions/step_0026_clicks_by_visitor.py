"""Clicks are found by their visitor first, and counted by a border instead of through an index of each code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_COLUMNS = "id, project_id, program_id, code_id, visitor_id, slot, source, url, referrer, consent, mark, created_at"


def upgrade() -> None:
    """Turn the unique constraint round. What was pruned is counted already; everything else is counted from the start."""
    op.create_table(
        "click_borders",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("counted_to", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_click_borders"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
        return
    op.create_unique_constraint("uq_clicks_visitor_id_code_id_slot", "clicks", ["visitor_id", "code_id", "slot"])
    op.drop_constraint("uq_clicks_code_id_visitor_id_slot", "clicks")


def _rebuild() -> None:
    """Make the table anew: SQLite cannot drop a constraint. Nothing points at it."""
    op.create_table(
        "clicks_by_visitor",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("visitor_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("referrer", sa.Text()),
        sa.Column("consent", sa.Text()),
        sa.Column("mark", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "slot", name="pk_clicks"),
        sa.UniqueConstraint("visitor_id", "code_id", "slot", name="uq_clicks_visitor_id_code_id_slot"),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO clicks_by_visitor ({_COLUMNS}) SELECT {_COLUMNS} FROM clicks ORDER BY id, slot")  # noqa: S608 - our own names
    op.drop_table("clicks")
    op.rename_table("clicks_by_visitor", "clicks")
