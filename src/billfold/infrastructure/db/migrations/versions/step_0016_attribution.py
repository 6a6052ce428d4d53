"""Clicks, touches, links, promotion codes of partners and publishable keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create what attribution needs."""
    _create_clicks()
    _create_touches()
    _create_settings()


def _create_clicks() -> None:
    op.create_table(
        "clicks",
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
        sa.UniqueConstraint("code_id", "visitor_id", "slot", name="uq_clicks_code_id_visitor_id_slot"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "click_counts",
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("clicks", sa.BigInteger(), nullable=False),
        sa.Column("marked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code_id", name="pk_click_counts"),
    )


def _create_touches() -> None:
    op.create_table(
        "touches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text()),
        sa.Column("code_id", sa.Text()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("referrer_id", sa.Text()),
        sa.Column("click_id", sa.Text()),
        sa.Column("refusal", sa.Text()),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('deal', 'checkout_code', 'coupon', 'link', 'manual')", name="ck_touches_kind"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_touches_project_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_touches_customer_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_touches_program_id"),
        sa.ForeignKeyConstraint(["code_id"], ["referral_codes.id"], name="fk_touches_code_id"),
        sa.PrimaryKeyConstraint("id", name="pk_touches"),
        sa.UniqueConstraint(
            "project_id", "customer_id", "kind", "key", name="uq_touches_project_id_customer_id_kind_key"
        ),
    )
    op.create_table(
        "attribution_locks",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_attribution_locks_project_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_attribution_locks_customer_id"),
        sa.PrimaryKeyConstraint("project_id", "customer_id", name="pk_attribution_locks"),
    )
    op.create_table(
        "promotion_codes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("stripe_promotion_code_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_promotion_codes_project_id"),
        sa.ForeignKeyConstraint(["code_id"], ["referral_codes.id"], name="fk_promotion_codes_code_id"),
        sa.PrimaryKeyConstraint("id", name="pk_promotion_codes"),
        sa.UniqueConstraint(
            "project_id", "stripe_promotion_code_id", name="uq_promotion_codes_project_id_stripe_promotion_code_id"
        ),
    )
    op.create_index("ix_promotion_codes_code_id", "promotion_codes", ["code_id"])


def _create_settings() -> None:
    op.create_table(
        "link_settings",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("landing_url", sa.Text()),
        sa.Column("own_hosts", sa.Text(), nullable=False),
        sa.Column("cookie_domain", sa.Text()),
        sa.Column("sets_cookies", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_link_settings_project_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_link_settings"),
    )
    op.create_table(
        "link_hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_link_hosts_project_id"),
        sa.PrimaryKeyConstraint("host", name="pk_link_hosts"),
    )
    op.create_index("ix_link_hosts_project_id", "link_hosts", ["project_id"])
    op.create_table(
        "publishable_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_publishable_keys_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_publishable_keys"),
        sa.UniqueConstraint("key", name="uq_publishable_keys_key"),
    )
    op.create_index("ix_publishable_keys_project", "publishable_keys", ["project_id", "created_at", "id"])
