"""Let referrals know an e-mail address before they know a customer, and programs have settings for sign-ups."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_COPIED: Final = (
    "id, project_id, program_id, code_id, code, referrer_id, referee_id, sponsor_scope, pair, status, terms_id, created_at, "
    "converted_at"
)


def upgrade() -> None:
    """Make the referee of a referral optional, add the address, and create what belongs to sign-ups."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_referrals()
    else:
        _alter_referrals()
    op.create_index("ix_terms_converts_on", "terms", ["converts_on", "project_id"])
    op.create_index("ix_referrals_referrer", "referrals", ["referrer_id", "program_id", "status"])
    op.create_index(
        "ix_referrals_addresses",
        "referrals",
        ["project_id", "id"],
        sqlite_where=sa.text("referee_email IS NOT NULL"),
        postgresql_where=sa.text("referee_email IS NOT NULL"),
    )
    op.create_table(
        "sign_up_settings",
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("link_address", sa.Text()),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("refuse_disposable", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_sign_up_settings_program_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_sign_up_settings_project_id"),
        sa.PrimaryKeyConstraint("program_id", name="pk_sign_up_settings"),
    )
    op.create_table(
        "sign_up_hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_sign_up_hosts_program_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_sign_up_hosts_project_id"),
        sa.PrimaryKeyConstraint("host", name="pk_sign_up_hosts"),
    )
    op.create_index("ix_sign_up_hosts_program_id", "sign_up_hosts", ["program_id"])
    op.create_table(
        "monthly_awards",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("referrer_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("awarded", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("awarded >= 0", name="ck_monthly_awards_awarded"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_monthly_awards_project_id"),
        sa.PrimaryKeyConstraint("project_id", "program_id", "referrer_id", "unit", "month", name="pk_monthly_awards"),
    )


def _alter_referrals() -> None:
    op.alter_column("referrals", "referee_id", nullable=True)
    op.alter_column("referrals", "pair", nullable=True)
    op.add_column("referrals", sa.Column("referee_email", sa.Text()))
    op.add_column("referrals", sa.Column("referee_mailbox", sa.Text()))
    op.create_check_constraint(
        "ck_referrals_somebody", "referrals", "referee_id IS NOT NULL OR referee_mailbox IS NOT NULL"
    )
    op.create_unique_constraint(
        "uq_referrals_referee_mailbox_sponsor_scope", "referrals", ["referee_mailbox", "sponsor_scope"]
    )


def _rebuild_referrals() -> None:
    """Make the table anew: SQLite cannot take NOT NULL from a column.

    Migrations run without `PRAGMA foreign_keys`, so the rewards keep pointing at the table by its name meanwhile.
    """
    op.create_table(
        "referrals_with_addresses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("referrer_id", sa.Text(), nullable=False),
        sa.Column("referee_id", sa.Text()),
        sa.Column("referee_email", sa.Text()),
        sa.Column("referee_mailbox", sa.Text()),
        sa.Column("sponsor_scope", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("terms_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("converted_at", sa.BigInteger()),
        sa.CheckConstraint("status IN ('pending', 'converted', 'expired', 'void')", name="ck_referrals_status"),
        sa.CheckConstraint("referrer_id <> referee_id", name="ck_referrals_two_customers"),
        sa.CheckConstraint("referee_id IS NOT NULL OR referee_mailbox IS NOT NULL", name="ck_referrals_somebody"),
        sa.ForeignKeyConstraint(["code_id"], ["referral_codes.id"], name="fk_referrals_code_id"),
        sa.ForeignKeyConstraint(["referee_id"], ["customers.id"], name="fk_referrals_referee_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.UniqueConstraint("pair", "sponsor_scope", name="uq_referrals_pair_sponsor_scope"),
        sa.UniqueConstraint("referee_id", "sponsor_scope", name="uq_referrals_referee_id_sponsor_scope"),
        sa.UniqueConstraint("referee_mailbox", "sponsor_scope", name="uq_referrals_referee_mailbox_sponsor_scope"),
    )
    op.execute(f"INSERT INTO referrals_with_addresses ({_COPIED}) SELECT {_COPIED} FROM referrals")  # noqa: S608 - our own names
    op.drop_table("referrals")
    op.rename_table("referrals_with_addresses", "referrals")
    op.create_index("ix_referrals_code", "referrals", ["code_id", "created_at", "id"])
    op.create_index("ix_referrals_project_status", "referrals", ["project_id", "status"])
