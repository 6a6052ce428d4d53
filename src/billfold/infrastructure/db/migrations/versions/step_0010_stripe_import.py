"""The import of a Stripe account: how far it is, copies of its objects, who claims a customer, comparisons with Stripe."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables of the import."""
    op.create_table(
        "stripe_raw_objects",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text()),
        sa.Column("stripe_customer_id", sa.Text()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_stripe_raw_objects_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_stripe_raw_objects_project_id"),
        sa.PrimaryKeyConstraint("team_id", "stripe_id", name="pk_stripe_raw_objects"),
    )
    op.create_index(
        "ix_stripe_raw_objects_unassigned",
        "stripe_raw_objects",
        ["team_id", "type", "created", "stripe_id"],
        sqlite_where=sa.text("project_id IS NULL"),
        postgresql_where=sa.text("project_id IS NULL"),
    )
    op.create_table(
        "stripe_customer_claims",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("stripe_customer_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_stripe_customer_claims_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_stripe_customer_claims_project_id"),
        sa.PrimaryKeyConstraint("team_id", "stripe_customer_id", name="pk_stripe_customer_claims"),
    )
    op.create_table(
        "stripe_imports",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("created_since", sa.BigInteger()),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger()),
        sa.Column("last_error", sa.Text()),
        sa.Column("held_by", sa.Text()),
        sa.Column("held_until", sa.BigInteger()),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_stripe_imports_team_id"),
        sa.PrimaryKeyConstraint("team_id", name="pk_stripe_imports"),
    )
    op.create_table(
        "stripe_import_lines",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.Text()),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("assigned", sa.BigInteger(), nullable=False),
        sa.Column("unreadable", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger()),
        sa.Column("finished_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["team_id"], ["stripe_imports.team_id"], name="fk_stripe_import_lines_team_id"),
        sa.PrimaryKeyConstraint("team_id", "kind", name="pk_stripe_import_lines"),
    )
    op.create_table(
        "stripe_comparisons",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sample", sa.BigInteger()),
        sa.Column("compared", sa.Text(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.Column("difference_count", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger()),
        sa.Column("last_error", sa.Text()),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_stripe_comparisons_team_id"),
        sa.PrimaryKeyConstraint("team_id", name="pk_stripe_comparisons"),
    )
