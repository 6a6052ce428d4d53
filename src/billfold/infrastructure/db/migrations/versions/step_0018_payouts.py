"""Payouts, their lines and payout methods."""

from __future__ import annotations

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Change nothing yet."""
