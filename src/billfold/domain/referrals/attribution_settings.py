"""The attribution rules of a program as a project declares them: an edit is a new version of the terms, for new referrals."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from billfold.base.errors import Invalid, NotFound
from billfold.domain.referrals import programs
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.terms import Attribution, TouchKind
from billfold.domain.referrals.terms_editing import edit_terms
from billfold.infrastructure.db.database import Reading, Writing

# What a member of the team says is not among them: it goes before everything.
KINDS: Final[tuple[TouchKind, ...]] = ("deal", "checkout_code", "coupon", "link")
LONGEST_WINDOW_DAYS: Final = 3_650


async def get_program(tx: Reading, project_id: str, key: str) -> Program:
    """Return a program of the project or raise `NotFound`."""
    found = await programs.find(tx, project_id, key)
    if found is None:
        raise NotFound("Program not found.")
    return found


async def set_attribution(
    tx: Writing, *, project_id: str, key: str, rules: Attribution, days: int | None, at: datetime
) -> Program:
    """Declare how a program decides; referrals that are there keep what they pinned.

    `days` None means that a link counts however old it is. Raises `NotFound`, or `Invalid` for what cannot be.
    """
    if not rules.precedence or len(set(rules.precedence)) != len(rules.precedence):
        raise Invalid("precedence must name each kind once, and at least one.")
    if any(kind not in KINDS for kind in rules.precedence):
        raise Invalid(f"precedence may name {', '.join(KINDS)}; what a person says by hand goes before all of them.")
    if days is not None and not 1 <= days <= LONGEST_WINDOW_DAYS:
        raise Invalid(f"attributionDays is a whole number from 1 to {LONGEST_WINDOW_DAYS}, or null for no window.")
    program = await get_program(tx, project_id, key)
    content = msgspec.structs.replace(program.content, attribution=rules, attribution_days=days)
    return await edit_terms(
        tx, project_id=project_id, key=key, content=content, applies="new_referrals", from_at=None, at=at
    )
