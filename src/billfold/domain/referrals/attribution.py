"""Attribution: which referral a customer's touches come to, until the first payment fixes it (contract A21).

`resolve` works the decision out from all touches and brings the pending referral in line: makes it, points it at another code,
or leaves it. Calling it twice does nothing. Whoever resolves holds the customer's row, so two touches at once take turns. From
the first payment on the partner is fixed; `attribution_locks` remembers that the customer's checkout was looked at by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid
from billfold.base.ids import new_id
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import customers
from billfold.domain.billing.invoices import invoices
from billfold.domain.referrals import code_limits, codes, sponsor_lines
from billfold.domain.referrals import terms as terms_rows
from billfold.domain.referrals.attribution_rules import MANUAL, Decision, Timeline, judge
from billfold.domain.referrals.events import ReferralApplied
from billfold.domain.referrals.programs import Program, list_programs, programs
from billfold.domain.referrals.reconciliation import convert_referrals, reconcile_payments
from billfold.domain.referrals.referrals import PENDING, Referral, pair_of, referrals
from billfold.domain.referrals.terms import Terms, terms
from billfold.domain.referrals.touches import StoredTouch, Touch, add_touch, touches_of
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.events import publish

EXPIRED: Final = "expired"
LONGEST_REASON: Final = 500

attribution_locks = sa.Table(
    "attribution_locks",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), primary_key=True),
    # The first payment's own time.
    sa.Column("paid_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules are asked with, for one customer: the claims that he has, and the programs of the project."""

    timeline: Timeline
    touches: list[StoredTouch]
    referrals: list[Referral]
    programs: list[Program]
    sponsor_per_program: bool

    def scope(self, program: Program) -> str:
        """Return within what the customer has one sponsor."""
        return program.id if self.sponsor_per_program else program.project_id

    def claim(self, program: Program) -> Referral | None:
        """Return the referral that the customer has where this program looks for one, perhaps another program's."""
        scope = self.scope(program)
        return next((each for each in self.referrals if each.sponsor_scope == scope), None)

    def seen(self, program: Program) -> list[StoredTouch]:
        """Return the touches that are about a program."""
        return [touch for touch in self.touches if touch.program_id == program.id]


_in_project = referrals.c.project_id == sa.bindparam("project_id")
_OF_REFEREE: Final = query(
    sa.select(*referrals.c)
    .where(_in_project, referrals.c.referee_id == sa.bindparam("customer_id"))
    .order_by(referrals.c.created_at, referrals.c.id),
    Referral,
)
_FIRST_PAID: Final = query(
    sa.select(sa.func.min(invoices.c.paid_at, type_=Moment())).where(
        invoices.c.project_id == sa.bindparam("project_id"),
        invoices.c.customer_id == sa.bindparam("customer_id"),
        invoices.c.status == "paid",
        invoices.c.amount_paid > 0,
    ),
    datetime,
)
_PER_PROGRAM: Final = query(
    sa.select(projects.c.sponsor_per_program).where(projects.c.id == sa.bindparam("project_id")), bool
)
_ADD: Final = query(insert_row(referrals).on_conflict_do_nothing().returning(referrals.c.id), str)
_other = referrals.alias("other")
_POINT: Final = query(
    sa.update(referrals)
    .where(
        _in_project,
        referrals.c.id == sa.bindparam("referral_id"),
        referrals.c.status == PENDING,
        ~sa.exists().where(
            _other.c.pair == sa.bindparam("new_pair"),
            _other.c.sponsor_scope == referrals.c.sponsor_scope,
            _other.c.id != referrals.c.id,
        ),
    )
    .values(
        code_id=sa.bindparam("new_code_id"),
        code=sa.bindparam("new_code"),
        referrer_id=sa.bindparam("new_referrer_id"),
        pair=sa.bindparam("new_pair"),
    )
    .returning(*referrals.c),
    Referral,
)
_EXPIRE: Final = query(
    sa.update(referrals)
    .where(_in_project, referrals.c.id == sa.bindparam("referral_id"), referrals.c.status == PENDING)
    .values(status=EXPIRED)
    .returning(referrals.c.id),
    str,
)
_UNDECIDED: Final = query(
    sa.select(projects.c.id).where(
        projects.c.id == sa.bindparam("project_id"),
        sa.exists().where(
            programs.c.project_id == projects.c.id,
            programs.c.enabled.is_(True),
            terms.c.project_id == programs.c.project_id,
            terms.c.program_id == programs.c.id,
            terms.c.version == programs.c.terms_version,
            terms.c.converts_on == "payment",
        ),
        ~sa.exists().where(
            attribution_locks.c.project_id == projects.c.id,
            attribution_locks.c.customer_id == sa.bindparam("customer_id"),
        ),
    ),
    str,
)
_LOCK: Final = query(
    insert_row(attribution_locks).on_conflict_do_nothing().returning(attribution_locks.c.customer_id), str
)


def is_own_claim(claim: Referral, seen: Sequence[StoredTouch]) -> bool:
    """Tell whether the app itself claimed the customer (contract G30): what visitors click does not undo that."""
    return not any(touch.code_id == claim.code_id for touch in seen)


async def facts_of(tx: Reading, project_id: str, customer_id: str, *, signed_up_at: datetime, at: datetime) -> Facts:
    """Return what decides about a customer; `signed_up_at` is when the customer was made."""
    return Facts(
        timeline=Timeline(signed_up_at, await first_payment_of(tx, project_id, customer_id), at),
        touches=await touches_of(tx, project_id, customer_id),
        referrals=await tx.all(_OF_REFEREE, project_id=project_id, customer_id=customer_id),
        programs=await list_programs(tx, project_id),
        sponsor_per_program=await tx.one(_PER_PROGRAM, project_id=project_id),
    )


async def first_payment_of(tx: Reading, project_id: str, customer_id: str) -> datetime | None:
    """Return when a customer first paid more than nothing, None if that never was."""
    return await tx.one(_FIRST_PAID, project_id=project_id, customer_id=customer_id)


async def is_undecided(tx: Reading, project_id: str, customer_id: str) -> bool:
    """Tell whether a program waits for payments and this customer's first one was not looked at yet."""
    if await tx.first(_UNDECIDED, project_id=project_id, customer_id=customer_id) is None:
        return False
    return await first_payment_of(tx, project_id, customer_id) is not None


async def lock_attribution(tx: Writing, *, project_id: str, customer_id: str, at: datetime) -> bool:
    """Remember that everything was seen that can decide about a customer's first payment; False if that was done before."""
    paid_at = await first_payment_of(tx, project_id, customer_id)
    if paid_at is None:
        return False
    locked = await tx.first(_LOCK, project_id=project_id, customer_id=customer_id, paid_at=paid_at, created_at=at)
    return locked is not None


async def terms_for(tx: Reading, facts: Facts, program: Program) -> Terms:
    """Return the terms that decide about a customer: those that his referral pinned, else those in force."""
    claim = facts.claim(program)
    if claim is None or claim.program_id != program.id:
        return program.content
    return await terms_rows.get(tx, program.project_id, claim.terms_id)


async def resolve(tx: Writing, *, project_id: str, customer_id: str, at: datetime, now: datetime) -> Referral | None:
    """Bring a customer's pending referral in line with the touches; return the referral, None if nobody brought him.

    Called when a touch is added and in the unit of the first payment, before referrals are converted.
    """
    customer = await customer_rows.lock_even_deleted(tx, project_id, customer_id)
    facts = await facts_of(tx, project_id, customer_id, signed_up_at=customer.created_at, at=at)
    decided = None
    for program in facts.programs:
        seen = facts.seen(program)
        if not seen:
            continue
        found = await _bring_in_line(tx, facts, program, seen, customer_id)
        if found is not None and all(each.id != found.id for each in facts.referrals):
            event = ReferralApplied(customer.team_id, project_id, found.id)
            await publish(tx, event, happened_at=at, now=now)
        if found is not None:
            facts = replace(facts, referrals=[*(each for each in facts.referrals if each.id != found.id), found])
            decided = decided or found
    return decided or (facts.referrals[0] if facts.referrals else None)


async def attribute(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    seen: Sequence[Touch] = (),
    at: datetime,
    now: datetime,
) -> Referral | None:
    """Add touches, resolve, and convert at once what the customer did already: events come in no order."""
    for touch in seen:
        await add_touch(tx, touch, now_at=at)
    found = await resolve(tx, project_id=project_id, customer_id=customer_id, at=at, now=now)
    if found is not None and found.status == PENDING:
        paid = await first_payment_of(tx, project_id, customer_id)
        if paid is not None:
            referee = {"team_id": team_id, "project_id": project_id, "referee_id": customer_id}
            await convert_referrals(tx, **referee, occasion="payment", now=now)
            await reconcile_payments(tx, **referee, now=now)
    return found


async def attribute_by_hand(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    code: str,
    reason: str,
    author: str,
    at: datetime,
    now: datetime,
) -> Referral:
    """Say who brought a customer, with a reason; it goes before everything that was seen.

    Raises `Invalid` for a code that cannot bring the customer, `Conflict` after the first payment: from then on a referral can
    only be made void, and what was earned stays explained by what was seen.
    """
    why = reason.strip()
    if not 0 < len(why) <= LONGEST_REASON:
        raise Invalid(f"reason must say why, in 1 to {LONGEST_REASON} characters.")
    chosen = await codes.get(tx, project_id, code)
    if await first_payment_of(tx, project_id, customer_id) is not None:
        raise Conflict(
            "This customer has paid already, so who brought them is fixed. A wrong referral can be made void; later "
            "payments then earn nothing."
        )
    touch = await add_touch(
        tx,
        Touch(
            project_id=project_id,
            customer_id=customer_id,
            kind=MANUAL,
            at=at,
            code_id=chosen.id,
            key=new_id("by_"),
            evidence={"reason": why, "author": author},
        ),
    )
    if touch is None:
        raise Conflict("This customer has too many touches already.")
    if touch.refusal is not None:
        raise Invalid(_REFUSALS[touch.refusal])
    found = await attribute(tx, team_id=team_id, project_id=project_id, customer_id=customer_id, at=at, now=now)
    if found is None or found.code_id != chosen.id:
        raise Conflict("This customer has a referral that cannot be changed any more.")
    return found


_REFUSALS: Final = {
    "unknown_code": "Referral code not found.",
    "inactive_code": "This referral code is not active.",
    "used_up_code": code_limits.USED_UP,
    "program_off": "The program of this code is switched off.",
    "self_referral": "A customer cannot refer themselves.",
    "ring": "This customer brought the owner of the code, directly or through others: referrals cannot form a ring.",
}


async def _bring_in_line(
    tx: Writing, facts: Facts, program: Program, seen: Sequence[StoredTouch], customer_id: str
) -> Referral | None:
    claim = facts.claim(program)
    if claim is not None and claim.program_id != program.id:
        return None  # Another program was first.
    if claim is not None and (claim.status != PENDING or is_own_claim(claim, seen)):
        return claim
    decision = judge(seen, await terms_for(tx, facts, program), facts.timeline)
    if claim is None:
        return await _make(tx, facts, program, decision, customer_id)
    if decision.winner is not None:
        return claim if claim.code_id == decision.winner.code_id else await _point(tx, claim, decision.winner)
    if facts.timeline.first_paid_at is None:
        return claim
    await tx.first(_EXPIRE, project_id=program.project_id, referral_id=claim.id)
    return replace(claim, status=EXPIRED)


async def _make(tx: Writing, facts: Facts, program: Program, decision: Decision, customer_id: str) -> Referral | None:
    winner = decision.winner
    if winner is None or winner.code_id is None or winner.referrer_id is None:
        return None
    if not await code_limits.has_room(tx, program.project_id, winner.code_id):
        return None
    if await _closes_ring(tx, winner, program.id):
        return None
    first_paid_at, at = facts.timeline.first_paid_at, facts.timeline.at
    made = Referral(
        id=new_id("ref_"),
        project_id=program.project_id,
        program_id=program.id,
        code_id=winner.code_id,
        code=winner.code,
        referrer_id=winner.referrer_id,
        referee_id=customer_id,
        referee_email=None,
        referee_mailbox=None,
        sponsor_scope=facts.scope(program),
        pair=pair_of(winner.referrer_id, customer_id),
        status=PENDING,
        terms_id=program.terms_id,
        # Told after the payment that it brought: that payment counts too.
        created_at=at if first_paid_at is None else min(at, first_paid_at),
        converted_at=None,
    )
    # None: the customer brought the code's owner. Two customers cannot refer each other.
    return None if await tx.first(_ADD, **values_of(made)) is None else made


async def _point(tx: Writing, claim: Referral, winner: StoredTouch) -> Referral:
    if winner.code_id is None or winner.referrer_id is None or claim.referee_id is None:
        return claim
    if not await code_limits.has_room(tx, claim.project_id, winner.code_id):
        return claim
    if await _closes_ring(tx, winner, claim.program_id):
        return claim
    pointed = await tx.first(
        _POINT,
        project_id=claim.project_id,
        referral_id=claim.id,
        new_code_id=winner.code_id,
        new_code=winner.code,
        new_referrer_id=winner.referrer_id,
        new_pair=pair_of(winner.referrer_id, claim.referee_id),
    )
    return pointed or claim


async def _closes_ring(tx: Writing, winner: StoredTouch, program_id: str) -> bool:
    # Asked when the touch was told, and again now: others may have been brought since then.
    return winner.referrer_id is not None and await sponsor_lines.closes_ring(
        tx,
        project_id=winner.project_id,
        program_id=program_id,
        referrer_id=winner.referrer_id,
        referee_id=winner.customer_id,
    )
