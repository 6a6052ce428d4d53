"""Create the accounts of the built-in Stripe simulator."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the accounts of the built-in Stripe simulator."""
