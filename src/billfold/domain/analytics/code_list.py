"""The codes of a project as a file: oldest first, each page behind the last row of the one before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.referrals.codes import Code, referral_codes
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.db.types import Moment

_BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXPORT: Final = query(
    sa.select(*referral_codes.c)
    .where(
        referral_codes.c.project_id == sa.bindparam("project_id"),
        sa.tuple_(referral_codes.c.created_at, referral_codes.c.id)
        > sa.tuple_(sa.bindparam("after_at", type_=Moment()), sa.bindparam("after_id", type_=sa.Text())),
    )
    .order_by(referral_codes.c.created_at, referral_codes.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    Code,
)


async def export_codes(tx: Reading, project_id: str, *, after: tuple[datetime, str] | None, limit: int) -> list[Code]:
    """Return the next codes, active or not, behind the one of this moment and id; from the first for None."""
    after_at, after_id = after or (_BEFORE_ALL, "")
    return await tx.all(_EXPORT, project_id=project_id, after_at=after_at, after_id=after_id, limit=limit)
