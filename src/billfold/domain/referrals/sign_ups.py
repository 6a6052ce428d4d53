"""Sign-ups: an e-mail address came with somebody's code (the contract's `convert`, B1 to B8).

Whoever signs up is an address before they are a customer. One row for each address and project for ever is a unique index, so
of twenty posts at once one inserts a row, and only what was inserted earns (B6). Many claims are one unit of two steps: one look
for all of them, and one statement that writes all that follows.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.domain.billing.customers import normalised_email
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.referrals import code_limits, codes
from billfold.domain.referrals.awards import Awards, Conversion, award_conversions, ready_awards, write_awards
from billfold.domain.referrals.codes import LONGEST_CODE, Code
from billfold.domain.referrals.events import ReferralApplied
from billfold.domain.referrals.mailbox import mailbox_hash, mailbox_of
from billfold.domain.referrals.programs import find
from billfold.domain.referrals.referrals import CONVERTED, PENDING, Referral, pair_of, referrals
from billfold.domain.referrals.sign_up_offers import Asked, Offer, offers
from billfold.domain.referrals.sign_up_programs import (
    SIGN_UP,
    SignUpProgram,
    project_of_host,
    sign_up_program,
    sole_sign_up_project,
)
from billfold.domain.referrals.sign_up_proofs import prove_email
from billfold.infrastructure.db.ahead import SeenTooEarly
from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite
from billfold.infrastructure.db.database import ChangedMeanwhile, Reading, Writing
from billfold.infrastructure.db.statements import query, row_of
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
    """An address (already checked to be one) came with a code; `now` is the wall clock."""

    project_id: str
    code: str
    email: str
    now: datetime


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


_ADD: Final = BulkInsert(
    referrals, [column.name for column in referrals.c], key=["id"], finish=lambda new: new.on_conflict_do_nothing()
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
    offer: Offer
    referral: Referral
    # The wall clock; the team's time stands in the referral.
    now: datetime

    @property
    def at(self) -> datetime:
        return self.referral.created_at

    @property
    def is_converted(self) -> bool:
        return self.referral.status == CONVERTED

    @property
    def conversion(self) -> Conversion:
        return Conversion(self.offer.team_id, self.referral, self.offer.content, self.at, self.now, is_new=True)


async def register(tx: Writing, claims: Sequence[SignUpClaim]) -> list[SignUpResult]:
    """Record sign-ups with codes and give what the programs' terms give; one result for each claim, in their order.

    Not converted, each without a reason that a stranger could learn from: an unknown or inactive code, a program that is
    switched off or a deleted owner (B15), the owner's own mailbox (B3), an account older than a day or referred before (B4), an
    address that was ever brought before (B2), and whatever a program in mode `verified_signup` has yet to see proved.
    """
    return await _write(tx, await look_up(tx, claims))


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Claims as they were looked up: what may be inserted of them, each by its place, and what it gives if it is known."""

    claims: Sequence[SignUpClaim]
    candidates: Mapping[int, _Candidate]
    awards: Awards | None


async def look_up(tx: Reading, claims: Sequence[SignUpClaim]) -> LookedUp:
    """Do the first half of `register`, which changes nothing and needs no lock: the unique index decides."""
    candidates = await _candidates(tx, claims)
    ordered = _ordered(candidates.values())
    if not ordered or not all(_is_surely_new(each) for each in ordered):
        return LookedUp(claims, candidates, None)
    first = BulkWrite(_ADD, [row_of(each.referral) for each in ordered])
    return LookedUp(claims, candidates, ready_awards([each.conversion for each in ordered], first=first))


async def write_looked_up(tx: Writing, seen: Sequence[LookedUp]) -> list[SignUpResult]:
    """Do the second half of `register` for what was looked up before this unit began; raises `SeenTooEarly`."""
    try:
        return [result for each in seen for result in await _write(tx, each)]
    except ChangedMeanwhile:
        raise SeenTooEarly from None


async def _write(tx: Writing, seen: LookedUp) -> list[SignUpResult]:
    results = [NOT_CONVERTED] * len(seen.claims)
    if not seen.candidates:
        return results
    if seen.awards is None:
        added = await _add(tx, _ordered(seen.candidates.values()))
    else:
        # In the statement of all that follows; one row fewer than there should be, and nothing of it is kept.
        await write_awards(tx, seen.awards)
        added = None
    for number, each in seen.candidates.items():
        is_added = added is None or each.referral.id in added
        # What waits for proof answers as an unknown code does, even if the account was there already (contract B1).
        if is_added and each.is_converted and each.offer.content.converts_on == SIGN_UP:
            results[number] = SignUpResult(converted=True, referrer_id=each.offer.referrer_id)
    return results


def _ordered(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    # In one order for everybody, so that two units with the same addresses wait for each other instead of deadlocking.
    return sorted(candidates, key=lambda each: (each.referral.sponsor_scope, each.referral.referee_mailbox or ""))


async def _within_limits(tx: Writing, ordered: Sequence[_Candidate]) -> list[_Candidate]:
    """Leave out what codes with a limit may not make any more; whoever asks here takes turns with others who do."""
    limits = {
        (each.referral.project_id, each.referral.code_id): each.offer.max_uses
        for each in ordered
        if each.offer.max_uses is not None
    }
    left = {ids: await code_limits.uses_left(tx, *ids, limits[ids]) for ids in sorted(limits)}
    allowed = []
    for each in ordered:
        ids = (each.referral.project_id, each.referral.code_id)
        if left.get(ids, 1) > 0:
            allowed.append(each)
            if ids in left:
                left[ids] -= 1
    return allowed


async def _add(tx: Writing, ordered: Sequence[_Candidate]) -> set[str]:
    """Insert referrals, then what those give that are new, and return their ids."""
    allowed = await _within_limits(tx, ordered)
    if not allowed:
        return set()
    is_new = await tx.insert_bulk(_ADD, [row_of(each.referral) for each in allowed])
    made = [each for each, new in zip(allowed, is_new, strict=True) if new]
    await award_conversions(tx, [each.conversion for each in made if each.is_converted])
    await _publish_pending(tx, [each for each in made if not each.is_converted])
    return {each.referral.id for each in made}


def _is_surely_new(candidate: _Candidate) -> bool:
    """Tell whether nothing but an address brought in this very moment can keep the referral from being inserted.

    An account may have a sponsor by another address; a monthly cap is counted for what was inserted, and the uses of a code
    with a limit before that.
    """
    offer = candidate.offer
    has_no_limit = offer.content.monthly_cap is None and offer.max_uses is None
    return candidate.referral.referee_id is None and candidate.is_converted and has_no_limit


async def _publish_pending(tx: Writing, waiting: Sequence[_Candidate]) -> None:
    """Publish `ReferralApplied` for those that wait; what converted at once is told by its conversion."""
    if not waiting:
        return
    now = waiting[0].now
    happened = [
        (ReferralApplied(each.offer.team_id, each.referral.project_id, each.referral.id), each.at) for each in waiting
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
    asked = [
        Asked(
            number, claim.project_id, code, normalised_email(claim.email), mailbox_hash(claim.project_id, claim.email)
        )
        for number, claim in enumerate(claims)
        if (code := _code_of(claim.code)) is not None
    ]
    if not asked:
        return {}
    found = await offers(tx, asked)
    candidates: dict[int, _Candidate] = {}
    seen: set[tuple[str, str | None]] = set()
    for each in asked:
        offer, claim = found.get(each.number), claims[each.number]
        if offer is None or offer.was_brought:
            continue
        at = claim.now + timedelta(microseconds=offer.clock_offset_us)
        if not _is_newcomer(claim.email, offer, at):
            continue
        referral = _new_referral(offer, each, at)
        # The first of a batch wins, as the first of two batches would.
        if (referral.sponsor_scope, referral.referee_mailbox) not in seen:
            seen.add((referral.sponsor_scope, referral.referee_mailbox))
            candidates[each.number] = _Candidate(offer, referral, claim.now)
    return candidates


def _is_newcomer(email: str, offer: Offer, at: datetime) -> bool:
    if mailbox_of(email) == mailbox_of(offer.referrer_email):
        return False
    if offer.account_id is None or offer.account_created_at is None:
        return True
    return offer.account_id != offer.referrer_id and offer.account_created_at >= at - NEWCOMER


def _new_referral(offer: Offer, asked: Asked, at: datetime) -> Referral:
    account_id = offer.account_id
    # An account that holds its address has proved it.
    converts = offer.content.converts_on == SIGN_UP or account_id is not None
    return Referral(
        id=new_id("ref_"),
        project_id=offer.project_id,
        program_id=offer.program_id,
        code_id=offer.code_id,
        code=offer.code,
        referrer_id=offer.referrer_id,
        referee_id=account_id,
        # Who has an account is a customer, and the address stands there.
        referee_email=asked.the_email if account_id is None else None,
        referee_mailbox=asked.mailbox,
        sponsor_scope=offer.program_id if offer.sponsor_per_program else offer.project_id,
        pair=None if account_id is None else pair_of(offer.referrer_id, account_id),
        status=CONVERTED if converts else PENDING,
        terms_id=offer.terms_id,
        created_at=at,
        converted_at=at if converts else None,
    )


def _code_of(given: str) -> str | None:
    """Return a code as it is stored (contract B8), or None for what no code can be."""
    code = given.strip().upper()
    return code if 0 < len(code) <= LONGEST_CODE and code.isascii() and code.isalnum() else None


def _new_code() -> str:
    return secrets.token_hex(_CODE_BYTES).upper()
