"""The partner portal: assets of the team, and the mails to partners with their sender."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Create assets, the settings and the memory of mails, and give mails a sender of their own."""
    op.create_table(
        "partner_assets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("copy", sa.Text()),
        sa.Column("media_type", sa.Text()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("version", sa.Text()),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('image', 'text')", name="ck_partner_assets_kind"),
        sa.CheckConstraint("(kind = 'text') = (copy IS NOT NULL)", name="ck_partner_assets_copy"),
        sa.CheckConstraint("(kind = 'image') = (content IS NOT NULL)", name="ck_partner_assets_content"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_assets_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_partner_assets"),
    )
    op.create_index("ix_partner_assets_project", "partner_assets", ["project_id", "created_at", "id"])
    op.create_table(
        "partner_letter_settings",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("sender_name", sa.Text()),
        sa.Column("reply_to", sa.Text()),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_letter_settings_project_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_partner_letter_settings"),
    )
    op.create_table(
        "partner_letter_refusals",
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_letter_refusals_partner_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_letter_refusals_project_id"),
        sa.PrimaryKeyConstraint("partner_id", name="pk_partner_letter_refusals"),
    )
    op.create_table(
        "partner_letters",
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("told_until", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_letters_partner_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_letters_project_id"),
        sa.PrimaryKeyConstraint("partner_id", "occasion", name="pk_partner_letters"),
    )
    op.add_column("mails", sa.Column("sender_name", sa.Text()))
    op.add_column("mails", sa.Column("reply_to", sa.Text()))
