"""Payouts, their lines and payout methods."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_PAYABLE = "settles_as = 'payout' AND status <> 'held' AND amount <> paid_amount"


def upgrade() -> None:
    """Have each reward know what payouts took of it."""
    op.add_column("rewards", sa.Column("paid_amount", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.create_index(
        "ix_rewards_payable",
        "rewards",
        ["project_id", "program_id", "earner_id", "unit"],
        sqlite_where=sa.text(_PAYABLE),
        postgresql_where=sa.text(_PAYABLE),
    )
