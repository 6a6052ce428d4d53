"""Deals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_OPEN = sa.text("status IN ('pending', 'accepted')")
_PROTECTED = sa.text("status = 'accepted' AND company_domain IS NOT NULL")


def upgrade() -> None:
    """Create deals and for how long a project protects them."""
    op.create_table(
        "deal_settings",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("protection_days", sa.BigInteger(), nullable=False),
        sa.Column("renewals_max", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_deal_settings_project_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_deal_settings"),
    )
    op.create_table(
        "deals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("lead_email", sa.Text(), nullable=False),
        sa.Column("lead_mailbox", sa.Text(), nullable=False),
        sa.Column("lead_name", sa.Text()),
        sa.Column("company", sa.Text()),
        sa.Column("company_domain", sa.Text()),
        sa.Column("notes", sa.Text()),
        sa.Column("estimated_value_cents", sa.BigInteger()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("renewals", sa.BigInteger(), nullable=False),
        sa.Column("decline_reason", sa.Text()),
        sa.Column("reviewed_by", sa.Text()),
        sa.Column("reviewed_at", sa.BigInteger()),
        sa.Column("customer_id", sa.Text()),
        sa.Column("won_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'accepted', 'declined', 'won', 'expired')", name="ck_deals_status"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_deals_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_deals_project_id"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_deals_partner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deals"),
    )
    op.create_index(
        "uq_deals_lead",
        "deals",
        ["project_id", "lead_mailbox"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "uq_deals_domain",
        "deals",
        ["project_id", "company_domain"],
        unique=True,
        sqlite_where=_PROTECTED,
        postgresql_where=_PROTECTED,
    )
    op.create_index("ix_deals_status", "deals", ["project_id", "status", "created_at", "id"])
    op.create_index("ix_deals_created", "deals", ["project_id", "created_at", "id"])
    op.create_index("ix_deals_company", "deals", ["project_id", "company_domain", "status"])
    op.create_index("ix_deals_partner", "deals", ["partner_id", "created_at", "id"])
    op.create_index("ix_deals_expiry", "deals", ["team_id", "expires_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
