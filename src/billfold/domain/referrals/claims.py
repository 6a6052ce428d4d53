"""Claims: a customer came with a code, and becomes whom its owner brought (contract G30).

The first valid claim wins; who may bring whom is decided while what it depends on is held.
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
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import customers
from billfold.domain.billing.subscriptions import GOT_GOING, ever_subscribed, subscriptions
from billfold.domain.referrals import code_limits, sponsor_lines
from billfold.domain.referrals.codes import normalised_code, referral_codes
from billfold.domain.referrals.events import ReferralApplied
from billfold.domain.referrals.mailbox import mailbox_of
from billfold.domain.referrals.programs import programs
from billfold.domain.referrals.referrals import PENDING, Referral, pair_of, referrals
from billfold.domain.referrals.terms import terms
from billfold.domain.tenancy.audit_log import Entry, entries_write
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import ListedWrite, listed, query, values_of
from billfold.infrastructure.jobs.events import event_writes, start_jobs


@dataclass(frozen=True, slots=True)
class _Claim:
    """A customer and a code, with everything that a claim of the one by the other depends on."""

    referee_email: str
    code_id: str
    code: str
    is_active: bool
    max_uses: int | None
    program_id: str
    enabled: bool
    terms_id: str
    sponsor_per_program: bool
    team_id: str
    referrer_id: str
    referrer_email: str
    referee_has_code: bool


_in_project = referrals.c.project_id == sa.bindparam("project_id")
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
        referral_codes.c.max_uses,
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
_OF_REFEREE: Final = query(
    sa.select(*referrals.c).where(
        _in_project,
        referrals.c.referee_id == sa.bindparam("referee_id"),
        referrals.c.sponsor_scope == sa.bindparam("scope"),
    ),
    Referral,
)


async def apply(
    tx: Writing, *, project_id: str, code: str, referee_id: str, at: datetime, entry: Entry | None = None
) -> Referral:
    """Make a pending referral of a customer by a code, with the terms in force pinned (contract G30).

    `entry` is what the audit log is told; its subject will be the referral. It is written together with the referral: this is
    called more than any other write of a key, and a round trip more would cost a tenth of it.

    Raises `NotFound` for an unknown customer or code, `Invalid` if the program is switched off, the code inactive, used up or
    the customer's own, `Conflict` if the customer has a sponsor, ever subscribed, or brought the code's owner.
    """
    claim = await tx.first(_CLAIM, project_id=project_id, the_code=normalised_code(code), referee_id=referee_id)
    if claim is None:
        await customer_rows.get(tx, project_id, referee_id)
        raise NotFound("Referral code not found.")
    _check(claim, referee_id)
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
    # Two that share no customer can close a ring together, and neither would see the other. A newcomer has no code yet, so
    # few claims wait here.
    if claim.referee_has_code:
        await code_limits.take_turns(tx, project_id)
    if claim.max_uses is not None and not await code_limits.uses_left(tx, project_id, claim.code_id, claim.max_uses):
        raise Invalid(code_limits.USED_UP)
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
    if claim.referee_has_code and await sponsor_lines.is_above(
        tx, project_id, referee_id, below=claim.referrer_id, scope=scope
    ):
        # Raising takes the row back with the rest of the unit.
        raise Conflict("This customer brought the owner of the code through others: referrals cannot form a ring.")
    await start_jobs(tx, event, now=now)
    return made


def _check(claim: _Claim, referee_id: str) -> None:
    if not claim.enabled:
        raise Invalid("Referrals are disabled in this project.")
    if not claim.is_active:
        raise Invalid("This referral code is not active.")
    if claim.referrer_id == referee_id or mailbox_of(claim.referrer_email) == mailbox_of(claim.referee_email):
        raise Invalid("A customer cannot refer themselves.")


async def _why_not(tx: Writing, project_id: str, referee_id: str, scope: str) -> str:
    if await ever_subscribed(tx, project_id, referee_id):
        return "This customer already has or had a subscription."
    if await tx.first(_OF_REFEREE, project_id=project_id, referee_id=referee_id, scope=scope) is not None:
        return "This customer has already been referred."
    return "This customer referred the owner of the code: two customers cannot refer each other."
