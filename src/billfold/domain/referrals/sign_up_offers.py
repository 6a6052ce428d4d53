"""What a sign-up with a code depends on: the code's offer, the address's account, and whether the address was brought before.

One look for a whole batch of claims, because at the door of sign-ups a round trip costs as much as a dozen rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.referrals.codes import referral_codes
from billfold.domain.referrals.programs import programs
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.sign_up_programs import SIGN_UP, VERIFIED_SIGN_UP
from billfold.domain.referrals.terms import Terms, terms
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import listed, row_tuple, values_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim as it is looked up: `number` is its place in the batch, `mailbox` the hash of the address."""

    number: int
    in_project: str
    the_code: str
    the_email: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a code offers whoever comes with it.

    `account_id` is the customer who has the address already. `was_brought` spares a write that the unique index would
    refuse; the index decides. `max_uses` is how many referrals the code may make in all, None for no limit. `clock_offset_us`
    is how far the team's time is ahead of the wall clock, in microseconds.
    """

    team_id: str
    clock_offset_us: int
    project_id: str
    code_id: str
    code: str
    max_uses: int | None
    program_id: str
    terms_id: str
    content: Terms
    sponsor_per_program: bool
    referrer_id: str
    referrer_email: str
    account_id: str | None
    account_created_at: datetime | None
    was_brought: bool


_account = customers.alias("account")


def _of_account(column: sa.ColumnElement[Any], given: Mapping[str, sa.ColumnElement[Any]]) -> sa.ScalarSelect[Any]:
    # The unique index finds at most one; a join might read all of the project's.
    return (
        sa.select(column)
        .where(
            _account.c.project_id == given["in_project"],
            _account.c.email_normalised == given["the_email"],
            _account.c.deleted_at.is_(None),
        )
        .scalar_subquery()
    )


def _offered(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    # The scope as `sponsor_scope` holds it.
    scope = sa.case((projects.c.sponsor_per_program.is_(True), programs.c.id), else_=projects.c.id)
    was_brought = sa.exists().where(
        referrals.c.referee_mailbox == given["mailbox"],
        referrals.c.sponsor_scope == scope,
        only_checked(referrals.c.project_id) == given["in_project"],
    )
    # Outer joins all the way, so that the planner has one order to look things up in, whatever it believes of the tables'
    # sizes: of a table that it has not counted yet it takes any index to hold one row, and reads a project's customers.
    # What each row must be like is therefore said in `offers`.
    is_asked_for = sa.and_(
        referral_codes.c.project_id == given["in_project"], referral_codes.c.code == given["the_code"]
    )
    number = given["number"]
    many = number.table if isinstance(number, sa.ColumnClause) else None
    source = referral_codes if many is None else many.outerjoin(referral_codes, is_asked_for)
    found = (
        sa.select(
            number.label("number"),
            referral_codes.c.is_active,
            programs.c.enabled,
            terms.c.converts_on,
            projects.c.deleted_at.label("project_deleted_at"),
            customers.c.deleted_at.label("referrer_deleted_at"),
            projects.c.team_id,
            teams.c.clock_offset_us,
            referral_codes.c.project_id,
            referral_codes.c.id.label("code_id"),
            referral_codes.c.code,
            referral_codes.c.max_uses,
            programs.c.id.label("program_id"),
            terms.c.id.label("terms_id"),
            terms.c.content,
            projects.c.sponsor_per_program,
            customers.c.id.label("referrer_id"),
            customers.c.email.label("referrer_email"),
            _of_account(_account.c.id, given).label("account_id"),
            _of_account(_account.c.created_at, given).label("account_created_at"),
            was_brought.label("was_brought"),
        )
        .select_from(source)
        .outerjoin(programs, programs.c.id == referral_codes.c.program_id)
        .outerjoin(
            terms,
            sa.and_(
                terms.c.project_id == programs.c.project_id,
                terms.c.program_id == programs.c.id,
                terms.c.version == programs.c.terms_version,
            ),
        )
        .outerjoin(projects, projects.c.id == referral_codes.c.project_id)
        .outerjoin(teams, teams.c.id == projects.c.team_id)
        .outerjoin(customers, customers.c.id == referral_codes.c.customer_id)
    )
    return found.where(is_asked_for) if many is None else found


_OFFERED: Final = listed(
    {
        "number": sa.BigInteger(),
        "in_project": sa.Text(),
        "the_code": sa.Text(),
        "the_email": sa.Text(),
        "mailbox": sa.Text(),
    },
    _offered,
    row_tuple,
)


async def offers(tx: Reading, asked: Sequence[Asked]) -> dict[int, Offer]:
    """Return by its number what the code of each claim offers.

    Nothing for a code that is unknown or inactive, of a program that is switched off or not one for sign-ups, of a deleted
    project, or of a deleted customer.
    """
    found: dict[int, Offer] = {}
    for number, is_active, enabled, converts_on, *deleted, offer in map(
        _split, await tx.all_listed(_OFFERED, [values_of(each) for each in asked])
    ):
        if is_active and enabled and converts_on in {SIGN_UP, VERIFIED_SIGN_UP} and deleted == [None, None]:
            found[number] = Offer(*offer)
    return found


def _split(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a row is judged by, and then the rest as one."""
    return (*row[:6], row[6:])
