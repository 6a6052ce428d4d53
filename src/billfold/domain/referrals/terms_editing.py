"""Edits of a program's terms: for new referrals only, or from a date, and what one would have changed (issue 6, section 3).

An edit adds a version and never touches what was earned. The preview recomputes the last 90 days with the very functions that
pay, once by the terms that counted and once by the proposed ones.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.referrals import programs, terms_dates
from billfold.domain.referrals.configurations import check_terms
from billfold.domain.referrals.participants import Applies, first_moment
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.terms import Terms
from billfold.domain.referrals.terms_previews import Preview, preview
from billfold.infrastructure.db.database import Reading, Writing

MOST_VERSIONS: Final = 1_000


async def edit_terms(
    tx: Writing, *, project_id: str, key: str, content: Terms, applies: Applies, from_at: datetime | None, at: datetime
) -> Program:
    """Put terms in force for referrals made from now on, or for everything that is paid from `from_at` (None is now) on.

    Terms that are the same add no version. Raises `NotFound` without such a program, `Invalid` for terms that cannot be paid or a
    date in the past, `Conflict` for one version too many.
    """
    check_terms(content)
    if await programs.find(tx, project_id, key) is None:
        raise NotFound("Program not found.")
    program = await programs.ensure(tx, project_id=project_id, key=key, content=content, at=at)
    if applies == "from_date" and program.content.converts_on != content.converts_on:
        raise Invalid(
            "What referrals convert on can change for new referrals only: older ones wait for what they were told."
        )
    moment = first_moment(from_at, at=at) if applies == "from_date" else None
    if program.terms_version >= MOST_VERSIONS:
        raise Conflict(f"A program's terms can be changed {MOST_VERSIONS} times.")
    edited = await programs.configure(
        tx, project_id=project_id, key=key, enabled=program.enabled, content=content, at=at
    )
    if moment is not None and edited.terms_version != program.terms_version:
        await terms_dates.set_date(
            tx,
            project_id=project_id,
            program_id=program.id,
            version=edited.terms_version,
            from_at=moment,
            at=at,
        )
    return edited


async def preview_edit(
    tx: Reading, *, project_id: str, key: str, content: Terms, applies: Applies, at: datetime
) -> Preview:
    """Return what terms would have changed over the last 90 days.

    `from_date`: had they counted for every payment of that time; `new_referrals`: for the referrals made in it. Read it in a
    `db.snapshot`.
    """
    check_terms(content)
    program = await programs.find(tx, project_id, key)
    if program is None:
        raise NotFound("Program not found.")
    return await preview(tx, program, content, applies, at=at)
