"""From when on a version of terms is for referrals that were there before it (issue 6, section 3).

A referral pins the terms that were in force when it was made. An edit "for new referrals only" leaves it there. An edit "from
this date" has a row here: what is paid from its date on earns by it, whoever was brought when. Which version a payment earns by
is a pure function of the referral's pin and of the time of the payment, so it does not matter when we hear of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.referrals.terms import Terms, TermsVersion, get_version, terms
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

terms_dates = sa.Table(
    "terms_dates",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("program_id", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True),
    # The team's time.
    sa.Column("from_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)
forbid_changes(terms_dates)


@dataclass(frozen=True, slots=True)
class DatedVersion:
    """A version of a program's terms; `from_at` is None for one that was for new referrals only."""

    terms_id: str
    version: int
    from_at: datetime | None


_ADD: Final = command(insert_row(terms_dates))
_VERSIONS: Final = query(
    sa.select(terms.c.id.label("terms_id"), terms.c.version, terms_dates.c.from_at)
    .join_from(
        terms,
        terms_dates,
        sa.and_(
            terms_dates.c.project_id == terms.c.project_id,
            terms_dates.c.program_id == terms.c.program_id,
            terms_dates.c.version == terms.c.version,
        ),
        isouter=True,
    )
    .where(terms.c.project_id == sa.bindparam("project_id"), terms.c.program_id == sa.bindparam("program_id"))
    .order_by(terms.c.version),
    DatedVersion,
)


async def set_date(
    tx: Writing, *, project_id: str, program_id: str, version: int, from_at: datetime, at: datetime
) -> None:
    """Have a new version count for everything that is paid from a moment on."""
    await tx.run(_ADD, project_id=project_id, program_id=program_id, version=version, from_at=from_at, created_at=at)


async def list_versions(tx: Reading, project_id: str, program_id: str) -> list[DatedVersion]:
    """Return every version of a program's terms, oldest first; `terms_editing.MOST_VERSIONS` bounds how many there are."""
    return await tx.all(_VERSIONS, project_id=project_id, program_id=program_id)


def version_for(versions: Sequence[DatedVersion], pinned_terms_id: str, paid_at: datetime) -> DatedVersion:
    """Return the version by which a payment earns; `versions` are the program's, oldest first.

    The newest one that is dated and has begun, if it is newer than the referral's own; else the referral's own, or, while the
    date of that one has not come yet, the one before it.
    """
    place = next(number for number, each in enumerate(versions) if each.terms_id == pinned_terms_id)
    for each in reversed(versions[place + 1 :]):
        if each.from_at is not None and each.from_at <= paid_at:
            return each
    while place > 0 and _has_not_begun(versions[place], paid_at):
        place -= 1
    return versions[place]


class Timeline:
    """The versions of a program's terms with what those that are needed say, for one unit."""

    def __init__(self, tx: Reading, project_id: str, versions: Sequence[DatedVersion]) -> None:
        self._tx = tx
        self._project_id = project_id
        self._read: dict[str, TermsVersion] = {}
        self.versions = versions

    async def terms_for(self, pinned_terms_id: str, paid_at: datetime) -> TermsVersion:
        """Return the terms by which a payment of a referral earns."""
        return await self.version(version_for(self.versions, pinned_terms_id, paid_at).terms_id)

    async def version(self, terms_id: str) -> TermsVersion:
        """Return one version."""
        if terms_id not in self._read:
            self._read[terms_id] = await get_version(self._tx, self._project_id, terms_id)
        return self._read[terms_id]

    async def may_earn_on_payments(self, pinned_terms_id: str) -> bool:
        """Tell whether a payment can earn anything by the referral's own terms or by any that came with a date."""
        for each in self.versions:
            if each.terms_id == pinned_terms_id or each.from_at is not None:
                content: Terms = (await self.version(each.terms_id)).content
                if any(rule.earned_on == "payment" for rule in content.rules):
                    return True
        return False


async def timeline(tx: Reading, project_id: str, program_id: str) -> Timeline:
    """Return the versions of a program's terms."""
    return Timeline(tx, project_id, await list_versions(tx, project_id, program_id))


def _has_not_begun(version: DatedVersion, paid_at: datetime) -> bool:
    return version.from_at is not None and version.from_at > paid_at
