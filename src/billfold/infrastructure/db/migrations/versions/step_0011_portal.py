"""Create the customer portal's sessions, its changes of payment methods, and branding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the customer portal's sessions, its changes of payment methods, and branding."""
    op.create_table(
        "branding",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("accent_color", sa.Text()),
        sa.Column("support_email", sa.Text()),
        sa.Column("return_url", sa.Text()),
        sa.Column("logo", sa.LargeBinary()),
        sa.Column("logo_type", sa.Text()),
        sa.Column("logo_version", sa.Text()),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_branding_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_branding_team_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_branding"),
    )
    op.create_table(
        "payment_method_changes",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("stripe_payment_method_id", sa.Text(), nullable=False),
        sa.Column("method_created", sa.BigInteger(), nullable=False),
        sa.Column("applied_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_payment_method_changes_customer_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_payment_method_changes_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_payment_method_changes_team_id"),
        sa.PrimaryKeyConstraint("project_id", "customer_id", name="pk_payment_method_changes"),
    )
    op.create_table(
        "portal_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("return_url", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_portal_sessions_customer_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_portal_sessions_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_portal_sessions_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_portal_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_portal_sessions_token_hash"),
    )
    op.create_index("ix_portal_sessions_customer", "portal_sessions", ["project_id", "customer_id"])
    op.create_index("ix_portal_sessions_expires_at", "portal_sessions", ["expires_at"])
