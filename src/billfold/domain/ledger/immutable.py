"""Where `forbid_changes` was: it is below the domain now, because the audit log of a team is as immutable as its ledger."""

from __future__ import annotations

from billfold.infrastructure.db.immutable import forbid_changes

__all__ = ["forbid_changes"]
