"""Sign-ups: an e-mail address came with somebody's code (the contract's `convert`, B1 to B8).

Whoever signs up is an address before they are a customer. One row for each address and project for ever is a unique index, so
of twenty posts at once one inserts a row, and only what was inserted earns (B6). Many claims are one unit: each step below is
one statement for all of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.domain.billing.customers import customers, normalised_email
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.referrals import codes
from billfold.domain.referrals.awards import Conversion, award_conversions
from billfold.domain.referrals.codes import LONGEST_CODE, Code, referral_codes
from billfold.domain.referrals.events import ReferralApplied
from billfold.domain.referrals.mailbox import mailbox_hash, mailbox_of
from billfold.domain.referrals.programs import find, programs
from billfold.domain.referrals.referrals import CONVERTED, PENDING, Referral, pair_of, referrals
from billfold.domain.referrals.sign_up_programs import (
    SIGN_UP,
    VERIFIED_SIGN_UP,
    SignUpProgram,
    project_of_host,
    sign_up_program,
    sole_sign_up_project,
)
from billfold.domain.referrals.sign_up_proofs import prove_email
from billfold.domain.referrals.terms import Terms, terms
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, insert_listed, query, values_of
from billfold.infrastructure.jobs.events import event_writes, start_jobs

__all__ = [
    "SignUpClaim",
    "SignUpProgram",
    "SignUpResult",
    "Stats",
    "link_code",
    "project_of_host",
    "prove_email",
    "referral_stats",
    "register",
    "sign_up_program",
    "sole_sign_up_project",
]

# An account that is older was not brought by this code (contract B4).
NEWCOMER: Final = timedelta(hours=24)
_CODE_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class SignUpClaim:
    """An address (already checked to be one) came with a code; `now` is the wall clock, `at` the team's time."""

    project_id: str
    code: str
    email: str
    now: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class SignUpResult:
    """Whether this very claim converted, and then the id of the customer who brought the address (contract B2, B7)."""

    converted: bool
    referrer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    """Whom a customer brought: `total` holds every state, `rewards` is what was awarded less what was taken back."""

    total: int
    converted: int
    pending: int
    rewards: int


NOT_CONVERTED: Final = SignUpResult(converted=False)


@dataclass(frozen=True, slots=True)
class _Offer:
    team_id: str
    project_id: str
    code_id: str
    code: str
    program_id: str
    terms_id: str
    content: Terms
    sponsor_per_program: bool
    referrer_id: str
    referrer_email: str


@dataclass(frozen=True, slots=True)
class _Account:
    project_id: str
    email: str
    id: str
    created_at: datetime


_OFFERS: Final = query(
    sa.select(
        projects.c.team_id,
        referral_codes.c.project_id,
        referral_codes.c.id.label("code_id"),
        referral_codes.c.code,
        programs.c.id.label("program_id"),
        terms.c.id.label("terms_id"),
        terms.c.content,
        projects.c.sponsor_per_program,
        customers.c.id.label("referrer_id"),
        customers.c.email.label("referrer_email"),
    )
    .join_from(referral_codes, programs, programs.c.id == referral_codes.c.program_id)
    .join(
        terms,
        sa.and_(
            terms.c.project_id == programs.c.project_id,
            terms.c.program_id == programs.c.id,
            terms.c.version == programs.c.terms_version,
        ),
    )
    .join(projects, projects.c.id == referral_codes.c.project_id)
    .join(customers, customers.c.id == referral_codes.c.customer_id)
    .where(
        any_of(referral_codes.c.project_id, "project_ids"),
        any_of(referral_codes.c.code, "codes"),
        referral_codes.c.is_active.is_(True),
        programs.c.enabled.is_(True),
        terms.c.converts_on.in_([sa.literal_column(f"'{SIGN_UP}'"), sa.literal_column(f"'{VERIFIED_SIGN_UP}'")]),
        projects.c.deleted_at.is_(None),
        customers.c.deleted_at.is_(None),
    ),
    _Offer,
)
_ACCOUNTS: Final = query(
    sa.select(
        customers.c.project_id, customers.c.email_normalised.label("email"), customers.c.id, customers.c.created_at
    ).where(
        any_of(customers.c.project_id, "project_ids"),
        any_of(customers.c.email_normalised, "emails"),
        customers.c.deleted_at.is_(None),
    ),
    _Account,
)
_ADD: Final = insert_listed(
    referrals,
    [column.name for column in referrals.c],
    lambda new: new.on_conflict_do_nothing().returning(referrals.c.id),
    str,
)
_STATS: Final = query(
    sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(sa.case((referrals.c.status == CONVERTED, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((referrals.c.status == PENDING, 1), else_=0)), 0),
        # What the program owes or gave its owner: earned less reversed (contract B12).
        sa.select(sa.func.coalesce(-sa.func.sum(ledger_balances.c.cost), 0))
        .where(
            ledger_balances.c.project_id == sa.bindparam("project_id"),
            ledger_balances.c.program_id == sa.bindparam("program_id"),
            ledger_balances.c.owner_id == sa.bindparam("customer_id"),
        )
        .scalar_subquery()
        .label("rewards"),
    ).where(
        referrals.c.project_id == sa.bindparam("project_id"),
        referrals.c.referrer_id == sa.bindparam("customer_id"),
        referrals.c.program_id == sa.bindparam("program_id"),
    ),
    # PostgreSQL sums whole numbers to a decimal.
    lambda *numbers: Stats(*map(int, numbers)),
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    claim: SignUpClaim
    offer: _Offer
    referral: Referral


async def register(tx: Writing, claims: Sequence[SignUpClaim]) -> list[SignUpResult]:
    """Record sign-ups with codes and give what the programs' terms give; one result for each claim, in their order.

    Not converted, each without a reason that a stranger could learn from: an unknown or inactive code, a program that is
    switched off or a deleted owner (B15), the owner's own mailbox (B3), an account older than a day or referred before (B4), an
    address that was ever brought before (B2), and whatever a program in mode `verified_signup` has yet to see proved.
    """
    results = [NOT_CONVERTED] * len(claims)
    candidates = await _candidates(tx, claims)
    # In one order for everybody, so that two units with the same addresses wait for each other instead of deadlocking.
    rows = [values_of(each.referral) for each in candidates.values()]
    rows.sort(key=lambda row: (row["sponsor_scope"], row["referee_mailbox"]))
    inserted = set(await tx.insert_many(_ADD, rows)) if rows else set()
    converted = {
        number: each
        for number, each in candidates.items()
        if each.referral.id in inserted and each.referral.status == CONVERTED
    }
    await award_conversions(
        tx,
        [
            Conversion(
                each.offer.team_id, each.referral, each.offer.content, each.claim.at, each.claim.now, is_new=True
            )
            for each in converted.values()
        ],
    )
    await _publish_pending(tx, [each for each in candidates.values() if each.referral.id in inserted])
    for number, each in converted.items():
        # What waits for proof answers as an unknown code does, even if the account was there already (contract B1).
        if each.offer.content.converts_on != SIGN_UP:
            continue
        results[number] = SignUpResult(converted=True, referrer_id=each.offer.referrer_id)
    return results


async def _publish_pending(tx: Writing, made: Sequence[_Candidate]) -> None:
    """Publish `ReferralApplied` for those that wait; what converted at once is told by its conversion."""
    waiting = [each for each in made if each.referral.status == PENDING]
    if not waiting:
        return
    now = waiting[0].claim.now
    happened = [
        (ReferralApplied(each.offer.team_id, each.referral.project_id, each.referral.id), each.claim.at)
        for each in waiting
    ]
    await tx.write_together([event_writes(happened, now=now)])
    for event, _ in happened:
        await start_jobs(tx, event, now=now)


async def link_code(tx: Writing, *, project_id: str, customer_id: str, at: datetime) -> Code:
    """Return the code of a customer in the program for sign-ups: eight upper-case hexadecimal digits, made at the first call.

    Parallel first calls agree (contract B9). One that was deactivated stays so: only the project may bring it back. Raises
    `NotFound` if the project has no such program or no such customer.
    """
    program = await sign_up_program(tx, project_id)
    found = None if program is None else await find(tx, project_id, program.key)
    if found is None:
        raise NotFound("This project has no program for sign-ups.")
    return await codes.keep_code(tx, found, customer_id, new_code=_new_code, at=at)


async def referral_stats(tx: Reading, *, project_id: str, customer_id: str) -> Stats:
    """Return whom a customer brought in the program for sign-ups, and what was awarded for it, in whole units (B12, B13)."""
    program = await sign_up_program(tx, project_id)
    if program is None:
        return Stats(0, 0, 0, 0)
    return await tx.one(_STATS, project_id=project_id, program_id=program.program_id, customer_id=customer_id)


async def _candidates(tx: Reading, claims: Sequence[SignUpClaim]) -> dict[int, _Candidate]:
    """Return by its place what may be inserted of these claims: at most one for an address."""
    asked = {number: _code_of(claim.code) for number, claim in enumerate(claims)}
    known = sorted({code for code in asked.values() if code is not None})
    if not known:
        return {}
    project_ids = sorted({claim.project_id for claim in claims})
    offers = {
        (each.project_id, each.code): each for each in await tx.all(_OFFERS, project_ids=project_ids, codes=known)
    }
    if not offers:
        return {}
    emails = [normalised_email(claim.email) for claim in claims]
    accounts = {
        (each.project_id, each.email): each
        for each in await tx.all(_ACCOUNTS, project_ids=project_ids, emails=sorted(set(emails)))
    }
    candidates: dict[int, _Candidate] = {}
    seen: set[tuple[str, str | None]] = set()
    for number, claim in enumerate(claims):
        offer = offers.get((claim.project_id, asked[number] or ""))
        account = accounts.get((claim.project_id, emails[number]))
        if offer is None or not _is_newcomer(claim, offer, account):
            continue
        referral = _new_referral(claim, offer, emails[number], account)
        # The first of a batch wins, as the first of two batches would.
        if (referral.sponsor_scope, referral.referee_mailbox) not in seen:
            seen.add((referral.sponsor_scope, referral.referee_mailbox))
            candidates[number] = _Candidate(claim, offer, referral)
    return candidates


def _is_newcomer(claim: SignUpClaim, offer: _Offer, account: _Account | None) -> bool:
    if mailbox_of(claim.email) == mailbox_of(offer.referrer_email):
        return False
    return account is None or (account.id != offer.referrer_id and account.created_at >= claim.at - NEWCOMER)


def _new_referral(claim: SignUpClaim, offer: _Offer, email: str, account: _Account | None) -> Referral:
    # An account that holds its address has proved it.
    converts = offer.content.converts_on == SIGN_UP or account is not None
    return Referral(
        id=new_id("ref_"),
        project_id=offer.project_id,
        program_id=offer.program_id,
        code_id=offer.code_id,
        code=offer.code,
        referrer_id=offer.referrer_id,
        referee_id=None if account is None else account.id,
        # Who has an account is a customer, and the address stands there.
        referee_email=email if account is None else None,
        referee_mailbox=mailbox_hash(offer.project_id, email),
        sponsor_scope=offer.program_id if offer.sponsor_per_program else offer.project_id,
        pair=None if account is None else pair_of(offer.referrer_id, account.id),
        status=CONVERTED if converts else PENDING,
        terms_id=offer.terms_id,
        created_at=claim.at,
        converted_at=claim.at if converts else None,
    )


def _code_of(given: str) -> str | None:
    """Return a code as it is stored (contract B8), or None for what no code can be."""
    code = given.strip().upper()
    return code if 0 < len(code) <= LONGEST_CODE and code.isascii() and code.isalnum() else None


def _new_code() -> str:
    return secrets.token_hex(_CODE_BYTES).upper()
