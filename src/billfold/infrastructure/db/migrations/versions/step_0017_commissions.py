"""Commissions: terms that apply from a date, pauses, voids and reviews."""

from __future__ import annotations

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Change nothing yet."""
