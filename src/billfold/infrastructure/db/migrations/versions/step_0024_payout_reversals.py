"""Parts of transfers that were reversed at Stripe."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from billfold.infrastructure.db.immutable import trigger_statements

revision = "0024"
down_revision = "0023"

_REPLACED = "kind = 'stripe_connect' AND replaced_at IS NOT NULL"


def upgrade() -> None:
    """Give payouts what came back of them, and keep of which rewards."""
    op.add_column("payouts", sa.Column("amount_reversed", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "payout_reversals",
        sa.Column("payout_id", sa.Text(), nullable=False),
        sa.Column("reversed_to", sa.BigInteger(), nullable=False),
        sa.Column("reward_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_payout_reversals_amount"),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name="fk_payout_reversals_payout_id"),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name="fk_payout_reversals_reward_id"),
        sa.PrimaryKeyConstraint("payout_id", "reversed_to", "reward_id", name="pk_payout_reversals"),
    )
    op.create_index("ix_payout_reversals_reward_id", "payout_reversals", ["reward_id"])
    op.create_index(
        "ix_payout_methods_replaced",
        "payout_methods",
        ["replaced_at", "id"],
        sqlite_where=sa.text(_REPLACED),
        postgresql_where=sa.text(_REPLACED),
    )
    for statement in trigger_statements("payout_reversals", op.get_bind().dialect.name):
        op.execute(statement)
