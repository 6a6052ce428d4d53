"""Referrals: who brought whom, from the claim of a code to its conversion.

A customer has one sponsor in a project (or one in each program, if the project says so), and the first valid claim wins. That
is the unique index over `sponsor_scope` and the referee, not a look-up, so fifty claims at once make one referral.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import customers
from billfold.domain.billing.subscriptions import GOT_GOING, ever_subscribed, subscriptions
from billfold.domain.referrals.codes import normalised_code, referral_codes
from billfold.domain.referrals.events import ReferralApplied
from billfold.domain.referrals.mailbox import mailbox_of
from billfold.domain.referrals.programs import programs
from billfold.domain.referrals.terms import terms
from billfold.domain.tenancy.audit_log import Entry, entries_write
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import ListedWrite, command, listed, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.events import event_writes, start_jobs

PENDING: Final = "pending"
CONVERTED: Final = "converted"
VOID: Final = "void"
# How many generations of sponsors are searched for the referee: a ring longer than this pays nobody any faster.
_GENERATIONS: Final = 32


def _unique_where_there(name: str, column: str) -> sa.Index:
    there = sa.text(f"{column} IS NOT NULL")
    return sa.Index(name, column, "sponsor_scope", unique=True, sqlite_where=there, postgresql_where=there)


referrals = sa.Table(
    "referrals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    # No foreign key: the code belongs to the project already, and on PostgreSQL its check would have all claims of a project
    # write a lock on the same row.
    sa.Column("project_id", sa.Text, nullable=False),
    # The code's program.
    sa.Column("program_id", sa.Text, nullable=False),
    # No foreign key, as to the program: no code is ever removed, and PostgreSQL would lock its row for each claim.
    sa.Column("code_id", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    # The code's customer. No foreign key of its own: on PostgreSQL its check would lock that customer's row while the
    # referee's is held, and two customers who claim each other's codes would deadlock.
    sa.Column("referrer_id", sa.Text, nullable=False),
    # None as long as an e-mail address was brought whose account does not exist yet (contract B1).
    sa.Column("referee_id", sa.Text, sa.ForeignKey(customers.c.id)),
    # The address that was brought, normalised, while it can still become an account; then it is forgotten (contract B17).
    sa.Column("referee_email", sa.Text),
    # What stays of it for ever: a hash of the mailbox, so that an address is brought once (contract B2).
    sa.Column("referee_mailbox", sa.Text),
    # Within which a customer has one sponsor: the project's id, or the program's.
    sa.Column("sponsor_scope", sa.Text, nullable=False),
    # Both customers in alphabetical order: its unique index refuses the reciprocal referral, at once or later. None as
    # long as one of them is only an address.
    sa.Column("pair", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    # The version of the terms in force when it was made, by which it pays. The database lets nobody remove one.
    sa.Column("terms_id", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("converted_at", Moment),
    sa.CheckConstraint("status IN ('pending', 'converted', 'expired', 'void')", name="status"),
    sa.CheckConstraint("referrer_id <> referee_id", name="two_customers"),
    sa.CheckConstraint("referee_id IS NOT NULL OR referee_mailbox IS NOT NULL", name="somebody"),
    # Each holds only the rows that have one: a claim by a customer has no mailbox, a sign-up no referee and no pair.
    _unique_where_there("uq_referrals_referee", "referee_id"),
    _unique_where_there("uq_referrals_pair", "pair"),
    _unique_where_there("uq_referrals_mailbox", "referee_mailbox"),
    sa.Index("ix_referrals_code", "code_id", "created_at", "id"),
    sa.Index("ix_referrals_project_status", "project_id", "status", "created_at", "id"),
    sa.Index("ix_referrals_referrer", "referrer_id", "program_id", "id", "status"),
    # What still waits for its account.
    sa.Index(
        "ix_referrals_addresses",
        "project_id",
        "id",
        sqlite_where=sa.text("referee_email IS NOT NULL"),
        postgresql_where=sa.text("referee_email IS NOT NULL"),
    ),
)


@dataclass(frozen=True, slots=True)
class Referral:
    """Who brought whom; moments are in the team's time."""

    id: str
    project_id: str
    program_id: str
    code_id: str
    code: str
    referrer_id: str
    referee_id: str | None
    referee_email: str | None
    referee_mailbox: str | None
    sponsor_scope: str
    pair: str | None
    status: str
    terms_id: str
    created_at: datetime
    converted_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A customer and a code, with everything that a claim of the one by the other depends on."""

    referee_email: str
    code_id: str
    code: str
    is_active: bool
    program_id: str
    enabled: bool
    terms_id: str
    sponsor_per_program: bool
    team_id: str
    referrer_id: str
    referrer_email: str
    referee_has_code: bool


_in_project = referrals.c.project_id == sa.bindparam("project_id")
_elder = referrals.alias("elder")
_referee = customers.alias("referee")
_owner = customers.alias("owner")
_referees_code = referral_codes.alias("referees_code")
_CLAIM: Final = query(
    sa.select(
        _referee.c.email.label("referee_email"),
        referral_codes.c.id.label("code_id"),
        referral_codes.c.code,
        # The code of a deleted owner is deactivated by a job; it brings nobody in the moment before, either.
        sa.and_(referral_codes.c.is_active, _owner.c.deleted_at.is_(None)).label("is_active"),
        programs.c.id.label("program_id"),
        programs.c.enabled,
        terms.c.id.label("terms_id"),
        projects.c.sponsor_per_program,
        projects.c.team_id,
        _owner.c.id.label("referrer_id"),
        _owner.c.email.label("referrer_email"),
        sa.exists().where(_referees_code.c.customer_id == _referee.c.id).label("referee_has_code"),
    )
    .join_from(referral_codes, _referee, _referee.c.project_id == referral_codes.c.project_id)
    .join(programs, programs.c.id == referral_codes.c.program_id)
    .join(
        terms,
        sa.and_(
            terms.c.project_id == programs.c.project_id,
            terms.c.program_id == programs.c.id,
            terms.c.version == programs.c.terms_version,
        ),
    )
    .join(projects, projects.c.id == referral_codes.c.project_id)
    .join(_owner, _owner.c.id == referral_codes.c.customer_id)
    .where(
        referral_codes.c.project_id == sa.bindparam("project_id"),
        referral_codes.c.code == sa.bindparam("the_code"),
        _referee.c.id == sa.bindparam("referee_id"),
        _referee.c.deleted_at.is_(None),
    )
    # Shared: claims run side by side, but the storing of the referee's subscription and the deactivation of the code wait
    # for them, and they for it (SCENARIOS C5, C6).
    .with_for_update(read=True, of=[_referee, referral_codes]),
    _Claim,
)


def _added(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    # Looked at after the locks above are held, so a subscription that was stored while we waited for them is seen.
    ever_subscribed_before = sa.exists().where(
        subscriptions.c.project_id == given["project_id"],
        subscriptions.c.customer_id == given["referee_id"],
        GOT_GOING,
    )
    chosen = sa.select(*(given[column.name] for column in referrals.c)).where(~ever_subscribed_before)
    return (
        insert(referrals)
        .from_select([column.name for column in referrals.c], chosen)
        .on_conflict_do_nothing()
        .returning(referrals.c.id)
    )


_ADD: Final = listed({column.name: column.type for column in referrals.c}, _added, str)
# Claims by customers who may have brought others take turns in a project: two that share no customer can close a ring
# together, and neither would see the other. A newcomer has no code yet, so few claims wait here.
_TAKE_TURNS: Final = query(
    sa.select(projects.c.id).where(projects.c.id == sa.bindparam("project_id")).with_for_update(key_share=True), str
)
_OF_REFEREE: Final = query(
    sa.select(*referrals.c).where(
        _in_project,
        referrals.c.referee_id == sa.bindparam("referee_id"),
        referrals.c.sponsor_scope == sa.bindparam("scope"),
    ),
    Referral,
)


def _sponsors() -> sa.Select[tuple[str]]:
    # The line of sponsors above the code's owner, upward until the referee is found or nobody is left.
    columns = (referrals.c.referrer_id, sa.literal(1).label("generation"))
    start = sa.select(*columns).where(
        _in_project,
        referrals.c.referee_id == sa.bindparam("referrer_id"),
        referrals.c.sponsor_scope == sa.bindparam("scope"),
    )
    line = start.cte("line", recursive=True)
    upward = sa.select(_elder.c.referrer_id, line.c.generation + 1).where(
        _elder.c.referee_id == line.c.referrer_id,
        _elder.c.sponsor_scope == sa.bindparam("scope"),
        line.c.generation < _GENERATIONS,
    )
    line = line.union(upward)
    return sa.select(line.c.referrer_id).where(line.c.referrer_id == sa.bindparam("referee_id")).limit(1)


_IS_SPONSOR: Final = query(_sponsors(), str)
_CONVERT: Final = query(
    sa.update(referrals)
    .where(
        _in_project,
        referrals.c.referee_id == sa.bindparam("the_referee_id"),
        referrals.c.status == PENDING,
        sa.exists().where(terms.c.id == referrals.c.terms_id, terms.c.converts_on == sa.bindparam("occasion")),
    )
    .values(status=CONVERTED, converted_at=sa.bindparam("at", type_=Moment()))
    .returning(*referrals.c),
    Referral,
)
# A void one too: what it would be worth follows what is paid and refunded.
_LOCK_EARNING: Final = query(
    sa.select(*referrals.c)
    .where(
        _in_project,
        referrals.c.referee_id == sa.bindparam("referee_id"),
        referrals.c.status.in_([sa.literal_column("'converted'"), sa.literal_column("'void'")]),
    )
    .order_by(referrals.c.id)
    .with_for_update(),
    Referral,
)
_LOCK: Final = query(
    sa.select(*referrals.c).where(_in_project, referrals.c.id == sa.bindparam("referral_id")).with_for_update(),
    Referral,
)
_SET_STATUS: Final = command(
    sa.update(referrals)
    .where(referrals.c.project_id == sa.bindparam("of_project"), referrals.c.id == sa.bindparam("referral_id"))
    .values(status=sa.bindparam("new_status"))
)
_OF_CODE: Final = query(
    sa.select(*referrals.c)
    .where(_in_project, referrals.c.code_id == sa.bindparam("code_id"))
    .order_by(referrals.c.created_at.desc(), referrals.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    Referral,
)


def pair_of(one: str, other: str) -> str:
    """Return the same text for two customers, whoever of them brought the other."""
    return ":".join(sorted((one, other)))


async def apply(
    tx: Writing, *, project_id: str, code: str, referee_id: str, at: datetime, entry: Entry | None = None
) -> Referral:
    """Make a pending referral of a customer by a code, with the terms in force pinned (contract G30).

    `entry` is what the audit log is told; its subject will be the referral. It is written together with the referral: this is
    called more than any other write of a key, and a round trip more would cost a tenth of it.

    Raises `NotFound` for an unknown customer or code, `Invalid` if the program is switched off, the code inactive or the
    customer's own, `Conflict` if the customer has a sponsor, ever subscribed, or brought the code's owner.
    """
    claim = await tx.first(_CLAIM, project_id=project_id, the_code=normalised_code(code), referee_id=referee_id)
    if claim is None:
        await customer_rows.get(tx, project_id, referee_id)
        raise NotFound("Referral code not found.")
    if not claim.enabled:
        raise Invalid("Referrals are disabled in this project.")
    if not claim.is_active:
        raise Invalid("This referral code is not active.")
    if claim.referrer_id == referee_id or mailbox_of(claim.referrer_email) == mailbox_of(claim.referee_email):
        raise Invalid("A customer cannot refer themselves.")
    scope = claim.program_id if claim.sponsor_per_program else project_id
    made = Referral(
        id=new_id("ref_"),
        project_id=project_id,
        program_id=claim.program_id,
        code_id=claim.code_id,
        code=claim.code,
        referrer_id=claim.referrer_id,
        referee_id=referee_id,
        referee_email=None,
        referee_mailbox=None,
        sponsor_scope=scope,
        pair=pair_of(claim.referrer_id, referee_id),
        status=PENDING,
        terms_id=claim.terms_id,
        created_at=at,
        converted_at=None,
    )
    if claim.referee_has_code:
        await tx.first(_TAKE_TURNS, project_id=project_id)
    writes = [ListedWrite(_ADD, [values_of(made)])]
    if entry is not None:
        writes.append(entries_write([replace(entry, subject=made.id)]))
    # The wall clock, where the caller knows it.
    now = at if entry is None else entry.now
    event = ReferralApplied(claim.team_id, project_id, made.id)
    added, *_ = await tx.write_together([*writes, event_writes([(event, at)], now=now)])
    if not added:
        # Raising takes the entry and the event back.
        raise Conflict(await _why_not(tx, project_id, referee_id, scope))
    # Only who has a code can have brought anybody.
    if claim.referee_has_code:
        ring = await tx.first(
            _IS_SPONSOR, project_id=project_id, referrer_id=claim.referrer_id, referee_id=referee_id, scope=scope
        )
        if ring is not None:
            # Raising takes the row back with the rest of the unit.
            raise Conflict("This customer brought the owner of the code through others: referrals cannot form a ring.")
    await start_jobs(tx, event, now=now)
    return made


async def _why_not(tx: Writing, project_id: str, referee_id: str, scope: str) -> str:
    if await ever_subscribed(tx, project_id, referee_id):
        return "This customer already has or had a subscription."
    if await tx.first(_OF_REFEREE, project_id=project_id, referee_id=referee_id, scope=scope) is not None:
        return "This customer has already been referred."
    return "This customer referred the owner of the code: two customers cannot refer each other."


async def convert(tx: Writing, *, project_id: str, referee_id: str, occasion: str, at: datetime) -> list[Referral]:
    """Convert the customer's pending referrals whose terms convert on this occasion, and return those it converted.

    One conditional UPDATE: of two events about one conversion, the second finds nothing pending (contract G31).
    """
    return await tx.all(_CONVERT, project_id=project_id, the_referee_id=referee_id, occasion=occasion, at=at)


async def lock_earning(tx: Writing, project_id: str, referee_id: str) -> list[Referral]:
    """Return the customer's converted and void referrals and hold them: their rewards are reconciled one after the other."""
    return await tx.all(_LOCK_EARNING, project_id=project_id, referee_id=referee_id)


async def lock_referral(tx: Writing, project_id: str, referral_id: str) -> Referral | None:
    """Return a referral and hold it until the unit ends."""
    return await tx.first(_LOCK, project_id=project_id, referral_id=referral_id)


async def set_void(tx: Writing, referral: Referral) -> None:
    """Have a referral count for nothing; `voids` keeps the reason. Its row is held."""
    await tx.run(_SET_STATUS, of_project=referral.project_id, referral_id=referral.id, new_status=VOID)


async def set_restored(tx: Writing, referral: Referral) -> str:
    """Have a void referral count again, converted or pending as it was before; return which. Its row is held."""
    status = PENDING if referral.converted_at is None else CONVERTED
    await tx.run(_SET_STATUS, of_project=referral.project_id, referral_id=referral.id, new_status=status)
    return status


async def referrals_of_code(tx: Reading, project_id: str, code_id: str, page: Page) -> list[Referral]:
    """Return a page of the referrals that a code made, newest first."""
    return await tx.all(_OF_CODE, project_id=project_id, code_id=code_id, limit=page.limit, offset=page.offset)
