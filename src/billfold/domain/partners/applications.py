"""Applications: somebody asks to become a partner, and the team or a rule decides (contract sections 3.1, 3.2, 3.8, 3.9).

One application for each e-mail address of a project: that is a unique index, so of two that come at once one is refused.
A decision is an UPDATE whose WHERE asks for *pending*, so of an approval and a rejection at once one wins and the other
is told 409 (A14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.billing.customers import checked_email, normalised_email
from billfold.domain.partners.partners import partners
from billfold.domain.partners.settings import is_web_address
from billfold.domain.partners.texts import optional_text
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

PENDING: Final = "pending"
APPROVED: Final = "approved"
REJECTED: Final = "rejected"
STATUSES: Final = (PENDING, APPROVED, REJECTED)
# Contract section 3.1.
LONGEST_EMAIL: Final = 254
LONGEST_NAME: Final = 200
LONGEST_WEBSITE: Final = 2_048
LONGEST_REASON: Final = 5_000
_TWICE: Final = "An application with this email was sent before."

partner_applications = sa.Table(
    "partner_applications",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_normalised", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("company", sa.Text),
    sa.Column("website", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("answers", Json, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    # The applicant reads it; the note below is for the team only (contract A33).
    sa.Column("rejection_reason", sa.Text),
    sa.Column("internal_note", sa.Text),
    sa.Column("partner_id", sa.Text, sa.ForeignKey(partners.c.id)),
    # The person's id, or the rule that approved it.
    sa.Column("reviewed_by", sa.Text),
    sa.Column("reviewed_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    # When the same address applied again, as the project allows after a rejection (contract A7).
    sa.Column("superseded_at", Moment),
    sa.CheckConstraint("status IN ('pending', 'approved', 'rejected')", name="status"),
    sa.Index(
        "uq_partner_applications_email",
        "project_id",
        "email_normalised",
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    ),
    sa.Index("ix_partner_applications_status", "project_id", "status", "created_at", "id"),
    sa.Index("ix_partner_applications_created", "project_id", "created_at", "id"),
    sa.Index("ix_partner_applications_partner_id", "partner_id"),
)


@dataclass(frozen=True, slots=True)
class Application:
    """An application; moments are in the team's time."""

    id: str
    team_id: str
    project_id: str
    email: str
    email_normalised: str
    name: str
    company: str | None
    website: str | None
    reason: str | None
    answers: dict[str, str]
    status: str
    rejection_reason: str | None
    internal_note: str | None
    partner_id: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    created_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What an applicant sends: checked by `checked`."""

    email: str
    name: str
    company: str | None = None
    website: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom (a person's id, or a rule), and what only the team reads."""

    status: str
    reviewed_by: str
    rejection_reason: str | None = None
    internal_note: str | None = None


_in_project = partner_applications.c.project_id == sa.bindparam("project_id")
_mine = sa.and_(_in_project, partner_applications.c.id == sa.bindparam("application_id"))
_has_status = partner_applications.c.status == sa.bindparam("status")
_columns = tuple(partner_applications.c)
_ADD: Final = query(
    insert_row(partner_applications).on_conflict_do_nothing().returning(partner_applications.c.id),
    str,
)
_GET: Final = query(sa.select(*_columns).where(_mine), Application)
_OF_EMAIL: Final = query(
    sa.select(*_columns).where(
        _in_project,
        partner_applications.c.email_normalised == sa.bindparam("email_normalised"),
        partner_applications.c.superseded_at.is_(None),
    ),
    Application,
)
_OF_PARTNER: Final = query(
    sa.select(*_columns).where(_in_project, partner_applications.c.partner_id == sa.bindparam("partner_id")),
    Application,
)


def _listed(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(*_columns)
        .where(_in_project, *conditions)
        .order_by(partner_applications.c.created_at.desc(), partner_applications.c.id.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .offset(sa.bindparam("offset", type_=sa.Integer()))
    )


_counted = sa.select(sa.func.count()).select_from(partner_applications)
_LIST: Final = query(_listed(), Application)
_LIST_WITH_STATUS: Final = query(_listed(_has_status), Application)
_COUNT: Final = query(_counted.where(_in_project), int)
_COUNT_WITH_STATUS: Final = query(_counted.where(_in_project, _has_status), int)
_its = sa.and_(
    partner_applications.c.project_id == sa.bindparam("of_project"),
    partner_applications.c.id == sa.bindparam("application_id"),
)
_SUPERSEDE: Final = command(
    sa.update(partner_applications)
    .where(
        _its,
        partner_applications.c.status == sa.literal_column("'rejected'"),
        partner_applications.c.superseded_at.is_(None),
    )
    .values(superseded_at=sa.bindparam("at", type_=Moment()))
)
_DECIDE: Final = query(
    sa.update(partner_applications)
    .where(_its, partner_applications.c.status == sa.literal_column("'pending'"))
    .values(
        status=sa.bindparam("new_status"),
        rejection_reason=sa.bindparam("new_reason"),
        internal_note=sa.func.coalesce(sa.bindparam("new_note", type_=sa.Text()), partner_applications.c.internal_note),
        reviewed_by=sa.bindparam("new_reviewer"),
        reviewed_at=sa.bindparam("at", type_=Moment()),
    )
    .returning(*_columns),
    Application,
)
_SET_PARTNER: Final = query(
    sa.update(partner_applications).where(_its).values(partner_id=sa.bindparam("new_partner")).returning(*_columns),
    Application,
)
_SET_NOTE: Final = query(
    sa.update(partner_applications).where(_its).values(internal_note=sa.bindparam("new_note")).returning(*_columns),
    Application,
)


def checked(given: NewApplication) -> NewApplication:
    """Return an application's fields trimmed, empty ones as None; raises `Invalid` with the name of the one that is wrong."""
    name = given.name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid(f"name must be a text of 1 to {LONGEST_NAME} characters on one line.")
    company = optional_text("company", given.company, LONGEST_NAME)
    if company is not None and not company.isprintable():
        raise Invalid("company must be a text on one line.")
    website = optional_text("website", given.website, LONGEST_WEBSITE)
    if website is not None and not is_web_address(website):
        raise Invalid("website must be an absolute http or https address such as https://www.example.com.")
    return NewApplication(
        email=checked_email(given.email),
        name=name,
        company=company,
        website=website,
        reason=optional_text("reason", given.reason, LONGEST_REASON),
    )


async def add_application(
    tx: Writing,
    given: NewApplication,
    *,
    team_id: str,
    project_id: str,
    answers: dict[str, str],
    reapply_after_days: int | None,
    at: datetime,
) -> Application:
    """Store a pending application; `Conflict` if the address applied before.

    Whoever was rejected may apply again after `reapply_after_days`, None is never; the old one is kept (contract A7).
    """
    email_normalised = normalised_email(given.email)
    before = await tx.first(_OF_EMAIL, project_id=project_id, email_normalised=email_normalised)
    if before is not None:
        if not _may_reapply(before, reapply_after_days, at):
            raise Conflict(_TWICE)
        await tx.run(_SUPERSEDE, of_project=project_id, application_id=before.id, at=at)
    application = Application(
        id=new_id("apl_"),
        team_id=team_id,
        project_id=project_id,
        email=given.email,
        email_normalised=email_normalised,
        name=given.name,
        company=given.company,
        website=given.website,
        reason=given.reason,
        answers=answers,
        status=PENDING,
        rejection_reason=None,
        internal_note=None,
        partner_id=None,
        reviewed_by=None,
        reviewed_at=None,
        created_at=at,
        superseded_at=None,
    )
    if await tx.first(_ADD, **values_of(application)) is None:
        # Another one came between the look and the row; the index decided.
        raise Conflict(_TWICE)
    return application


def _may_reapply(before: Application, days: int | None, at: datetime) -> bool:
    return (
        days is not None
        and before.status == REJECTED
        and before.reviewed_at is not None
        and at >= before.reviewed_at + timedelta(days=days)
    )


async def decide(tx: Writing, project_id: str, application_id: str, decision: Decision, *, at: datetime) -> Application:
    """Decide a pending application; `Conflict` if it was decided before, `NotFound` if the project has none of that id."""
    decided = await tx.first(
        _DECIDE,
        of_project=project_id,
        application_id=application_id,
        new_status=decision.status,
        new_reason=decision.rejection_reason,
        new_note=decision.internal_note,
        new_reviewer=decision.reviewed_by,
        at=at,
    )
    if decided is None:
        found = await get_application(tx, project_id, application_id)
        raise Conflict(f"This application was {found.status} before.")
    return decided


async def set_partner(tx: Writing, application: Application, partner_id: str) -> Application:
    """Note which partner came out of an application."""
    return await tx.one(
        _SET_PARTNER, of_project=application.project_id, application_id=application.id, new_partner=partner_id
    )


async def set_note(tx: Writing, project_id: str, application_id: str, note: str | None) -> Application:
    """Replace what the team notes about an application; `NotFound` if the project has none of that id."""
    found = await tx.first(
        _SET_NOTE,
        of_project=project_id,
        application_id=application_id,
        new_note=optional_text("internalNote", note, LONGEST_REASON),
    )
    if found is None:
        raise NotFound("Application not found.")
    return found


async def get_application(tx: Reading, project_id: str, application_id: str) -> Application:
    """Return an application of the project, or raise `NotFound`, for another project's too."""
    found = await tx.first(_GET, project_id=project_id, application_id=application_id)
    if found is None:
        raise NotFound("Application not found.")
    return found


async def find_application(tx: Reading, project_id: str, email: str) -> Application | None:
    """Return the last application of an address, None if it never applied."""
    return await tx.first(_OF_EMAIL, project_id=project_id, email_normalised=normalised_email(email))


async def application_of_partner(tx: Reading, project_id: str, partner_id: str) -> Application | None:
    """Return the application that a partner came from, None for who was enrolled by the team."""
    return await tx.first(_OF_PARTNER, project_id=project_id, partner_id=partner_id)


async def list_applications(
    tx: Reading, project_id: str, page: Page, *, status: str | None = None
) -> tuple[list[Application], int]:
    """Return a page of the project's applications, newest first, and how many there are; with one status if asked."""
    bounds = {"project_id": project_id, "limit": page.limit, "offset": page.offset}
    if status is None:
        return await tx.all(_LIST, **bounds), await tx.one(_COUNT, project_id=project_id)
    return (
        await tx.all(_LIST_WITH_STATUS, **bounds, status=status),
        await tx.one(_COUNT_WITH_STATUS, project_id=project_id, status=status),
    )
