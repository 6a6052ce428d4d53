"""Partners and their applications; how customers sign in by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create partners, applications, settings, portal links, and what signing in by mail keeps."""
    op.create_table(
        "partners",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'suspended', 'terminated')", name="ck_partners_status"),
        sa.CheckConstraint("type IN ('partner', 'affiliate')", name="ck_partners_type"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_partners_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partners_project_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_partners_program_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_partners_customer_id"),
        sa.ForeignKeyConstraint(["code_id"], ["referral_codes.id"], name="fk_partners_code_id"),
        sa.PrimaryKeyConstraint("id", name="pk_partners"),
        sa.UniqueConstraint("project_id", "customer_id", name="uq_partners_project_id_customer_id"),
    )
    op.create_index("ix_partners_project_created", "partners", ["project_id", "created_at", "id"])
    op.create_index("ix_partners_project_status", "partners", ["project_id", "status", "created_at", "id"])
    op.create_table(
        "partner_applications",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_normalised", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text()),
        sa.Column("website", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rejection_reason", sa.Text()),
        sa.Column("internal_note", sa.Text()),
        sa.Column("partner_id", sa.Text()),
        sa.Column("reviewed_by", sa.Text()),
        sa.Column("reviewed_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger()),
        sa.CheckConstraint("status IN ('pending', 'approved', 'rejected')", name="ck_partner_applications_status"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_partner_applications_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_applications_project_id"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_applications_partner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_partner_applications"),
    )
    op.create_index("ix_partner_applications_created", "partner_applications", ["project_id", "created_at", "id"])
    op.create_index("ix_partner_applications_partner_id", "partner_applications", ["partner_id"])
    op.create_index(
        "ix_partner_applications_status", "partner_applications", ["project_id", "status", "created_at", "id"]
    )
    op.create_index(
        "uq_partner_applications_email",
        "partner_applications",
        ["project_id", "email_normalised"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "partner_settings",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("reapply_after_days", sa.BigInteger()),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("introduction", sa.Text()),
        sa.Column("auto_approve_domains", sa.Text(), nullable=False),
        sa.Column("auto_approve_customers", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_settings_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_partner_settings_team_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_partner_settings"),
    )
    op.create_table(
        "partner_portal_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_portal_links_project_id"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_portal_links_partner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_partner_portal_links"),
        sa.UniqueConstraint("token_hash", name="uq_partner_portal_links_token_hash"),
    )
    op.create_index("ix_partner_portal_links_expires_at", "partner_portal_links", ["expires_at"])
    op.create_index("ix_partner_portal_links_partner_id", "partner_portal_links", ["project_id", "partner_id"])
    op.create_table(
        "customer_sign_in_settings",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("auto_create_customer", sa.Boolean(), nullable=False),
        sa.Column("redirect_urls", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_customer_sign_in_settings_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_customer_sign_in_settings_team_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_customer_sign_in_settings"),
    )
    op.create_table(
        "customer_sign_in_tokens",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("email_normalised", sa.Text(), nullable=False),
        sa.Column("redirect_url", sa.Text()),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_customer_sign_in_tokens_project_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_customer_sign_in_tokens_customer_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_customer_sign_in_tokens"),
    )
    op.create_index("ix_customer_sign_in_tokens_customer_id", "customer_sign_in_tokens", ["customer_id"])
    op.create_index("ix_customer_sign_in_tokens_expires_at", "customer_sign_in_tokens", ["expires_at"])
    op.create_table(
        "mailbox_proofs",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("email_normalised", sa.Text(), nullable=False),
        sa.Column("proved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_mailbox_proofs_project_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_mailbox_proofs_customer_id"),
        sa.PrimaryKeyConstraint("project_id", "customer_id", name="pk_mailbox_proofs"),
    )
    # What people did to one thing: the page of a partner shows it.
    op.create_index(
        "ix_audit_log_subject",
        "audit_log",
        ["team_id", "subject", "sequence"],
        sqlite_where=sa.text("actor_kind <> 'key'"),
        postgresql_where=sa.text("actor_kind <> 'key'"),
    )
