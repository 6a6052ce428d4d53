"""Create programs, referrals, rewards and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# Rows of these tables are facts: a correction is one more row.
_IMMUTABLE = (
    "ledger_transfers",
    "terms",
)


def upgrade() -> None:
    """Create programs, referrals, rewards and the ledger."""
    op.create_table(
        "ledger_balances",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("in_transit", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cost + held + available + in_transit + settled = 0", name="ck_ledger_balances_balanced"),
        sa.CheckConstraint(
            "held >= 0 AND in_transit >= 0 AND settled >= 0 AND cost <= 0", name="ck_ledger_balances_signs"
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_ledger_balances_project_id"),
        sa.PrimaryKeyConstraint("project_id", "program_id", "owner_id", "unit", name="pk_ledger_balances"),
    )
    op.create_table(
        "ledger_transfers",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("debit", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "credit IN ('cost', 'held', 'available', 'in_transit', 'settled')", name="ck_ledger_transfers_credit_kind"
        ),
        sa.CheckConstraint(
            "debit IN ('cost', 'held', 'available', 'in_transit', 'settled')", name="ck_ledger_transfers_debit_kind"
        ),
        sa.CheckConstraint("amount > 0", name="ck_ledger_transfers_amount_positive"),
        sa.CheckConstraint("debit <> credit", name="ck_ledger_transfers_two_accounts"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_ledger_transfers_project_id"),
        sa.PrimaryKeyConstraint("sequence", name="pk_ledger_transfers"),
        sa.UniqueConstraint("project_id", "key", name="uq_ledger_transfers_project_id_key"),
    )
    op.create_index("ix_ledger_transfers_owner", "ledger_transfers", ["program_id", "owner_id", "unit", "sequence"])
    op.create_index("ix_ledger_transfers_reason_id", "ledger_transfers", ["reason_id"])
    op.create_table(
        "programs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("terms_version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_programs_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_programs"),
        sa.UniqueConstraint("project_id", "key", name="uq_programs_project_id_key"),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("converts_on", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_terms_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_terms"),
        sa.UniqueConstraint("project_id", "program_id", "version", name="uq_terms_project_id_program_id_version"),
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_participants_customer_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_participants_program_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_participants_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.UniqueConstraint("program_id", "customer_id", name="uq_participants_program_id_customer_id"),
    )
    op.create_index("ix_participants_created", "participants", ["project_id", "created_at", "id"])
    op.create_index("ix_participants_customer_id", "participants", ["customer_id"])
    op.create_table(
        "referral_codes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_referral_codes_customer_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_referral_codes_program_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_referral_codes_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referral_codes"),
        sa.UniqueConstraint("program_id", "customer_id", name="uq_referral_codes_program_id_customer_id"),
        sa.UniqueConstraint("project_id", "code", name="uq_referral_codes_project_id_code"),
    )
    op.create_index("ix_referral_codes_active", "referral_codes", ["project_id", "is_active", "created_at", "id"])
    op.create_index("ix_referral_codes_created", "referral_codes", ["project_id", "created_at", "id"])
    op.create_index("ix_referral_codes_customer", "referral_codes", ["customer_id", "created_at", "id"])
    op.create_table(
        "referrals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("referrer_id", sa.Text(), nullable=False),
        sa.Column("referee_id", sa.Text(), nullable=False),
        sa.Column("sponsor_scope", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("terms_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("converted_at", sa.BigInteger()),
        sa.CheckConstraint("status IN ('pending', 'converted', 'expired', 'void')", name="ck_referrals_status"),
        sa.CheckConstraint("referrer_id <> referee_id", name="ck_referrals_two_customers"),
        sa.ForeignKeyConstraint(["code_id"], ["referral_codes.id"], name="fk_referrals_code_id"),
        sa.ForeignKeyConstraint(["referee_id"], ["customers.id"], name="fk_referrals_referee_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.UniqueConstraint("pair", "sponsor_scope", name="uq_referrals_pair_sponsor_scope"),
        sa.UniqueConstraint("referee_id", "sponsor_scope", name="uq_referrals_referee_id_sponsor_scope"),
    )
    op.create_index("ix_referrals_code", "referrals", ["code_id", "created_at", "id"])
    op.create_index("ix_referrals_project_status", "referrals", ["project_id", "status"])
    op.create_table(
        "rewards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("terms_id", sa.Text(), nullable=False),
        sa.Column("earner_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("settles_as", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.Column("payable_since", sa.BigInteger()),
        sa.Column("failure", sa.Text()),
        sa.Column("settlement_id", sa.Text()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('held', 'available', 'failed', 'settled')", name="ck_rewards_status"),
        sa.CheckConstraint("amount >= 0", name="ck_rewards_amount"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_rewards_project_id"),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name="fk_rewards_referral_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rewards"),
        sa.UniqueConstraint("project_id", "key", name="uq_rewards_project_id_key"),
    )
    op.create_index("ix_rewards_referral", "rewards", ["referral_id", "earner_id", "unit", "key"])
    op.create_index(
        "ix_rewards_failed",
        "rewards",
        ["project_id", "failure"],
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    )

    for table in _IMMUTABLE:
        _forbid_changes(table)


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed: add a correcting row'); END"
            )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION 'rows of {table} are never changed: add a correcting row'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()"
    )
