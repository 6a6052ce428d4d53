"""A limit on how many referrals a code may make."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Give codes a limit; those that are there have none."""
    op.add_column("referral_codes", sa.Column("max_uses", sa.BigInteger()))
