"""Payouts, their lines and payout methods."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from billfold.infrastructure.db.immutable import trigger_statements

revision = "0018"
down_revision = "0017"

_PAYABLE = "settles_as = 'payout' AND status <> 'held' AND amount <> paid_amount"


def upgrade() -> None:
    """Create payouts and what they need, and have each reward know what payouts took of it."""
    op.add_column("rewards", sa.Column("paid_amount", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.create_index(
        "ix_rewards_payable",
        "rewards",
        ["project_id", "program_id", "earner_id", "unit"],
        sqlite_where=sa.text(_PAYABLE),
        postgresql_where=sa.text(_PAYABLE),
    )
    op.create_table(
        "payout_settings",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("minimums", sa.Text(), nullable=False),
        sa.Column("fees", sa.Text(), nullable=False),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("tax_profile_required", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_payout_settings_program_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_payout_settings_project_id"),
        sa.PrimaryKeyConstraint("project_id", "program_id", name="pk_payout_settings"),
    )
    op.create_table(
        "payees",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("tax_id_sealed", sa.Text()),
        sa.Column("tax_id_shown", sa.Text()),
        sa.Column("tax_form", sa.Text()),
        sa.Column("tax_form_status", sa.Text()),
        sa.Column("tax_updated_at", sa.BigInteger()),
        sa.CheckConstraint("tax_form IN ('w9', 'w8ben', 'w8bene')", name="ck_payees_tax_form"),
        sa.CheckConstraint(
            "tax_form_status IN ('requested', 'received', 'verified')", name="ck_payees_tax_form_status"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_payees_customer_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_payees_project_id"),
        sa.PrimaryKeyConstraint("project_id", "customer_id", name="pk_payees"),
    )
    op.create_table(
        "payout_methods",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details_sealed", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("stripe_account_id", sa.Text()),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger()),
        sa.CheckConstraint("kind IN ('bank', 'paypal', 'wise', 'stripe_connect')", name="ck_payout_methods_kind"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_payout_methods_customer_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_payout_methods_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payout_methods"),
    )
    op.create_index(
        "ix_payout_methods_checked",
        "payout_methods",
        ["checked_at", "id"],
        sqlite_where=sa.text("kind = 'stripe_connect' AND replaced_at IS NULL"),
        postgresql_where=sa.text("kind = 'stripe_connect' AND replaced_at IS NULL"),
    )
    op.create_index("ix_payout_methods_customer", "payout_methods", ["project_id", "customer_id", "kind", "created_at"])
    op.create_index(
        "uq_payout_methods_customer",
        "payout_methods",
        ["project_id", "customer_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "payout_batches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("program_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("customer_ids", sa.Text()),
        sa.Column("currency", sa.Text()),
        sa.Column("cursor_owner", sa.Text(), nullable=False),
        sa.Column("cursor_unit", sa.Text(), nullable=False),
        sa.Column("payouts", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.BigInteger(), nullable=False),
        sa.Column("cursor_payout", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_at", sa.BigInteger()),
        sa.Column("sent_at", sa.BigInteger()),
        sa.CheckConstraint("status IN ('preparing', 'prepared', 'approved', 'sent')", name="ck_payout_batches_status"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_payout_batches_program_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_payout_batches_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_payout_batches_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payout_batches"),
    )
    op.create_index("ix_payout_batches_created", "payout_batches", ["project_id", "created_at", "id"])
    op.create_table(
        "payouts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fee_amount", sa.BigInteger(), nullable=False),
        sa.Column("rail", sa.Text(), nullable=False),
        sa.Column("method_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempted_at", sa.BigInteger()),
        sa.Column("reference", sa.Text()),
        sa.Column("failure", sa.Text()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_payouts_amount"),
        sa.CheckConstraint("rail IN ('by_hand', 'stripe_transfer')", name="ck_payouts_rail"),
        sa.CheckConstraint("status IN ('intent', 'sent', 'settled', 'failed', 'cancelled')", name="ck_payouts_status"),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batches.id"], name="fk_payouts_batch_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_payouts_customer_id"),
        sa.ForeignKeyConstraint(["method_id"], ["payout_methods.id"], name="fk_payouts_method_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_payouts_program_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_payouts_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payouts"),
        sa.UniqueConstraint("batch_id", "customer_id", "currency", name="uq_payouts_batch_id_customer_id_currency"),
    )
    op.create_index("ix_payouts_batch", "payouts", ["batch_id", "status", "id"])
    op.create_index("ix_payouts_created", "payouts", ["project_id", "created_at", "id"])
    op.create_index("ix_payouts_customer", "payouts", ["project_id", "customer_id", "created_at", "id"])
    op.create_index("ix_payouts_status", "payouts", ["project_id", "status", "created_at", "id"])
    op.create_table(
        "payout_lines",
        sa.Column("payout_id", sa.Text(), nullable=False),
        sa.Column("reward_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name="ck_payout_lines_amount"),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name="fk_payout_lines_payout_id"),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name="fk_payout_lines_reward_id"),
        sa.PrimaryKeyConstraint("payout_id", "reward_id", name="pk_payout_lines"),
    )
    op.create_index("ix_payout_lines_reward_id", "payout_lines", ["reward_id"])
    op.create_table(
        "payout_steps",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("payout_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name="fk_payout_steps_payout_id"),
        sa.PrimaryKeyConstraint("sequence", name="pk_payout_steps"),
    )
    op.create_index("ix_payout_steps_payout", "payout_steps", ["payout_id", "sequence"])
    for table in ("payout_lines", "payout_steps"):
        for statement in trigger_statements(table, op.get_bind().dialect.name):
            op.execute(statement)
