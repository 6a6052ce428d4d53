"""Create the accounts of the built-in Stripe simulator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the accounts of the built-in Stripe simulator."""
    op.create_table(
        "simulator_accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("secret_key_hash", sa.Text(), nullable=False),
        sa.Column("publishable_key", sa.Text(), nullable=False),
        sa.Column("webhook_secret_sealed", sa.Text(), nullable=False),
        sa.Column("clock_offset_us", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_simulator_accounts"),
        sa.UniqueConstraint("secret_key_hash", name="uq_simulator_accounts_secret_key_hash"),
        sa.UniqueConstraint("team_id", name="uq_simulator_accounts_team_id"),
    )
    op.create_table(
        "simulator_events",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["account_id"], ["simulator_accounts.id"], name="fk_simulator_events_account_id"),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_simulator_events"),
    )
    op.create_index("ix_simulator_events_sequence", "simulator_events", ["account_id", "sequence"])
    op.create_index("ix_simulator_events_type", "simulator_events", ["account_id", "type", "sequence"])
    op.create_table(
        "simulator_idempotency",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["simulator_accounts.id"], name="fk_simulator_idempotency_account_id"),
        sa.PrimaryKeyConstraint("account_id", "key", name="pk_simulator_idempotency"),
    )
    op.create_index("ix_simulator_idempotency_created_at", "simulator_idempotency", ["created_at"])
    op.create_table(
        "simulator_objects",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.Text()),
        sa.Column("parent", sa.Text()),
        sa.Column("lookup", sa.Text()),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["simulator_accounts.id"], name="fk_simulator_objects_account_id"),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_simulator_objects"),
    )
    op.create_index(
        "ix_simulator_objects_customer",
        "simulator_objects",
        ["account_id", "type", "customer", "sequence"],
        sqlite_where=sa.text("customer IS NOT NULL"),
        postgresql_where=sa.text("customer IS NOT NULL"),
    )
    op.create_index(
        "ix_simulator_objects_due_at",
        "simulator_objects",
        ["account_id", "due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_simulator_objects_lookup",
        "simulator_objects",
        ["account_id", "type", "lookup", "sequence"],
        sqlite_where=sa.text("lookup IS NOT NULL"),
        postgresql_where=sa.text("lookup IS NOT NULL"),
    )
    op.create_index(
        "ix_simulator_objects_parent",
        "simulator_objects",
        ["account_id", "type", "parent", "sequence"],
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.create_index("ix_simulator_objects_type", "simulator_objects", ["account_id", "type", "sequence"])
