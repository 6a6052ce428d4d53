"""Commissions: terms that apply from a date, pauses and own rates, voids, reviews, and what of an invoice was credited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from billfold.infrastructure.db.immutable import trigger_statements

revision = "0017"
down_revision = "0016"

_PAYOUT = sa.text("settles_as = 'payout'")
_OPEN_PAUSE = sa.text("resumed_at IS NULL")
_WITH_CARD = sa.text("card_fingerprint IS NOT NULL")


def upgrade() -> None:
    """Create the tables, and have invoices and payments say what commissions need of them."""
    _create_terms_dates()
    _create_pauses_and_rates()
    _create_voids_and_reviews()
    op.create_table(
        "brought_payments",
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("referrer_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("referral_id", "invoice_id", name="pk_brought_payments"),
    )
    op.create_index(
        "ix_brought_payments_referrer",
        "brought_payments",
        ["program_id", "referrer_id", "currency", "paid_at", "invoice_id", "amount"],
    )
    op.add_column(
        "invoices", sa.Column("amount_credited", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("invoices", sa.Column("product_amounts", sa.Text()))
    op.add_column("payments", sa.Column("card_fingerprint", sa.Text()))
    op.create_index(
        "ix_payments_card",
        "payments",
        ["project_id", "card_fingerprint", "customer_id"],
        sqlite_where=_WITH_CARD,
        postgresql_where=_WITH_CARD,
    )
    op.create_index(
        "ix_rewards_commissions",
        "rewards",
        ["project_id", "program_id", "created_at", "id"],
        sqlite_where=_PAYOUT,
        postgresql_where=_PAYOUT,
    )
    op.create_index(
        "ix_rewards_earner",
        "rewards",
        ["project_id", "program_id", "earner_id", "created_at", "id"],
        sqlite_where=_PAYOUT,
        postgresql_where=_PAYOUT,
    )


def _create_terms_dates() -> None:
    op.create_table(
        "terms_dates",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_terms_dates_project_id"),
        sa.PrimaryKeyConstraint("project_id", "program_id", "version", name="pk_terms_dates"),
    )
    _refuse_changes("terms_dates")


def _create_pauses_and_rates() -> None:
    op.create_table(
        "participant_pauses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=False),
        sa.Column("resumed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_participant_pauses_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_participant_pauses"),
    )
    op.create_index("ix_participant_pauses_customer", "participant_pauses", ["program_id", "customer_id", "paused_at"])
    op.create_index(
        "uq_participant_pauses_open",
        "participant_pauses",
        ["program_id", "customer_id"],
        unique=True,
        sqlite_where=_OPEN_PAUSE,
        postgresql_where=_OPEN_PAUSE,
    )
    op.create_table(
        "participant_rates",
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("basis_points", sa.BigInteger()),
        sa.Column("applies", sa.Text(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_participant_rates_project_id"),
        sa.PrimaryKeyConstraint("program_id", "customer_id", "version", name="pk_participant_rates"),
    )
    _refuse_changes("participant_rates")


def _create_voids_and_reviews() -> None:
    op.create_table(
        "voids",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("with_referral", sa.Boolean(), nullable=False),
        sa.Column("voided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_voids_project_id"),
        sa.PrimaryKeyConstraint("project_id", "subject_id", name="pk_voids"),
    )
    op.create_index("ix_voids_referral", "voids", ["referral_id"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.CheckConstraint("status IN ('open', 'released', 'confirmed')", name="ck_reviews_status"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_reviews_project_id"),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name="fk_reviews_referral_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("referral_id", "signal", name="uq_reviews_referral_id_signal"),
    )
    op.create_index("ix_reviews_queue", "reviews", ["project_id", "status", "opened_at", "id"])


def _refuse_changes(table_name: str) -> None:
    for statement in trigger_statements(table_name, op.get_bind().dialect.name):
        op.execute(statement)
