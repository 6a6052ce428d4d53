"""Create wallets: their settings, grants and spends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create wallets, wallet_settings, wallet_grants and wallet_spends."""
    op.create_table(
        "wallet_settings",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("monthly_allowance", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("monthly_allowance >= 0", name="ck_wallet_settings_monthly_allowance"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_wallet_settings_project_id"),
        sa.PrimaryKeyConstraint("project_id", "unit", name="pk_wallet_settings"),
    )
    op.create_table(
        "wallets",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("allowance_month", sa.BigInteger(), nullable=False),
        sa.Column("allowance_used", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("allowance_used >= 0", name="ck_wallets_allowance_used"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_wallets_customer_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_wallets_project_id"),
        sa.PrimaryKeyConstraint("project_id", "customer_id", "unit", name="pk_wallets"),
    )
    op.create_table(
        "wallet_grants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0 AND remaining >= 0 AND remaining <= amount", name="ck_wallet_grants_amounts"),
        sa.CheckConstraint("source IN ('reward', 'grant', 'allowance')", name="ck_wallet_grants_source"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_wallet_grants_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_grants"),
        sa.UniqueConstraint("project_id", "key", name="uq_wallet_grants_project_id_key"),
    )
    op.create_index(
        "ix_wallet_grants_open",
        "wallet_grants",
        ["project_id", "customer_id", "unit"],
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_index(
        "ix_wallet_grants_expiring",
        "wallet_grants",
        ["project_id", "expires_at"],
        sqlite_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
    )
    op.create_table(
        "wallet_spends",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("from_allowance", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("allowance_left", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount > 0 AND from_allowance >= 0 AND from_allowance <= amount", name="ck_wallet_spends_amounts"
        ),
        sa.CheckConstraint("balance_after >= 0 AND allowance_left >= 0", name="ck_wallet_spends_never_below_zero"),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_spends"),
        sa.UniqueConstraint("project_id", "key", name="uq_wallet_spends_project_id_key"),
    )
    _forbid_changes("wallet_spends")


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
