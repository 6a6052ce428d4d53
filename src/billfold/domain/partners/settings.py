"""What a project decides about its partner program beside the terms: how people come to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine.interfaces import Dialect

from billfold.base.errors import Invalid
from billfold.domain.partners.auto_approval import checked_domains
from billfold.domain.partners.questions import Question, checked_questions
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

MOST_REAPPLY_DAYS: Final = 3_650
LONGEST_INTRODUCTION: Final = 2_000


class _QuestionsAsJson(Json):
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decode and check."""
        del dialect
        return () if value is None else msgspec.json.decode(value, type=tuple[Question, ...])


partner_settings = sa.Table(
    "partner_settings",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    # After how many days somebody who was rejected may apply again; NULL: never (contract A7).
    sa.Column("reapply_after_days", sa.BigInteger),
    sa.Column("questions", _QuestionsAsJson, nullable=False),
    # What the application page says above its form.
    sa.Column("introduction", sa.Text),
    sa.Column("auto_approve_domains", Json, nullable=False),
    sa.Column("auto_approve_customers", sa.Boolean, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PartnerSettings:
    """A project's settings; `updated_at` is in the team's time."""

    project_id: str
    team_id: str
    reapply_after_days: int | None
    questions: tuple[Question, ...]
    introduction: str | None
    auto_approve_domains: list[str]
    auto_approve_customers: bool
    updated_at: datetime


_GET: Final = query(
    sa.select(*partner_settings.c).where(partner_settings.c.project_id == sa.bindparam("project_id")), PartnerSettings
)
_new = insert(partner_settings).values(
    {column.name: sa.bindparam(column.name, type_=column.type) for column in partner_settings.c}
)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["project_id"],
        set_={
            column.name: _new.excluded[column.name]
            for column in partner_settings.c
            if column.name not in {"project_id", "team_id"}
        },
    )
)


async def find_settings(tx: Reading, project_id: str) -> PartnerSettings | None:
    """Return a project's settings, None before it made any."""
    return await tx.first(_GET, project_id=project_id)


async def get_settings(tx: Reading, *, team_id: str, project_id: str, at: datetime) -> PartnerSettings:
    """Return a project's settings; what they are before anybody made any, if there are none."""
    found = await find_settings(tx, project_id)
    return found or PartnerSettings(
        project_id=project_id,
        team_id=team_id,
        reapply_after_days=None,
        questions=(),
        introduction=None,
        auto_approve_domains=[],
        auto_approve_customers=False,
        updated_at=at,
    )


async def put_settings(tx: Writing, settings: PartnerSettings) -> PartnerSettings:
    """Store a project's settings, or raise `Invalid`; the caller holds the program's row, so changes follow each other."""
    checked = PartnerSettings(
        project_id=settings.project_id,
        team_id=settings.team_id,
        reapply_after_days=_checked_days(settings.reapply_after_days),
        questions=checked_questions(settings.questions),
        introduction=_checked_introduction(settings.introduction),
        auto_approve_domains=checked_domains(settings.auto_approve_domains),
        auto_approve_customers=settings.auto_approve_customers,
        updated_at=settings.updated_at,
    )
    await tx.run(_PUT, **values_of(checked))
    return checked


def is_web_address(text: str) -> bool:
    """Tell whether a text is an absolute http or https address: a host, no name or password in front of it, nothing invisible."""
    scheme, separator, rest = text.partition("://")
    host = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    return (
        separator != ""
        and scheme.lower() in {"http", "https"}
        and host != ""
        and "@" not in host
        and "\\" not in text
        and text.isprintable()
        and " " not in text
    )


def _checked_days(days: int | None) -> int | None:
    if days is not None and not 1 <= days <= MOST_REAPPLY_DAYS:
        raise Invalid(f"reapplyAfterDays must be null or a whole number from 1 to {MOST_REAPPLY_DAYS}.")
    return days


def _checked_introduction(text: str | None) -> str | None:
    if text is not None and len(text) > LONGEST_INTRODUCTION:
        raise Invalid(f"introduction must have at most {LONGEST_INTRODUCTION} characters.")
    return text or None
