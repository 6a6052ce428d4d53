"""Mails to partners: each is kept in the unit of the job that its event started, so a job that is tried again keeps it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from billfold.domain.partners import letters
from billfold.domain.partners.events import (
    ApplicationApproved,
    ApplicationRejected,
    ApplicationSubmitted,
    DealAccepted,
    DealDeclined,
    DealWon,
)
from billfold.domain.partners.letters import PartnerPost
from billfold.domain.partners.partners import find_by_customer
from billfold.domain.partners.programs import find_program
from billfold.domain.payouts.events import PayoutFailed, PayoutPaid, PayoutSent
from billfold.domain.payouts.payouts import CANCELLED, get_listed
from billfold.domain.tenancy.teams import all_teams
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import Event
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler, UnitHandler

ROUND_JOB: Final = "partner_letters.round"
RECURRING: Final = (Recurring(ROUND_JOB, timedelta(hours=1)),)

MakesLetter = Callable[[PartnerPost], Handler]


@dataclass(frozen=True, slots=True)
class LetterDeclaration:
    """An event, the job that writes a mail about it, and what makes the job's handler."""

    event: type[Event]
    job: str
    handler: MakesLetter


def _about_application(kind: str) -> MakesLetter:
    def handler(post: PartnerPost) -> Handler:
        async def unit(tx: Writing, payload: Any, now: datetime) -> None:
            letter = await letters.letter_about_application(tx, payload["project_id"], payload["object_id"], kind)
            if letter is not None:
                await post.send(tx, letter, now=now)

        return UnitHandler(unit)

    return handler


def _about_deal(kind: str) -> MakesLetter:
    def handler(post: PartnerPost) -> Handler:
        async def unit(tx: Writing, payload: Any, now: datetime) -> None:
            letter = await letters.letter_about_deal(tx, payload["project_id"], payload["object_id"], kind)
            if letter is not None:
                await post.send(tx, letter, now=now)

        return UnitHandler(unit)

    return handler


def _about_payout(kind: str) -> MakesLetter:
    def handler(post: PartnerPost) -> Handler:
        async def unit(tx: Writing, payload: Any, now: datetime) -> None:
            project_id: str = payload["project_id"]
            listed = await get_listed(tx, project_id, payload.get("object_id") or payload["payout_id"])
            partner = await find_by_customer(tx, project_id, listed.payout.customer_id)
            was_told = listed.payout.attempted_at is not None or listed.payout.status != CANCELLED
            if partner is None or not was_told:
                return
            facts = {
                "amount_cents": listed.payout.amount,
                "currency": listed.payout.currency,
                "way": listed.shown,
                "reference": listed.payout.reference,
                "reason": listed.payout.failure,
            }
            letter = await letters.letter_to_partner(tx, partner, kind, facts)
            if letter is not None:
                await post.send(tx, letter, now=now)

        return UnitHandler(unit)

    return handler


def go_round(post: PartnerPost) -> Handler:
    """Send the day's digests, and tell of terms that changed for existing referrals; a stretch of partners is one unit."""

    async def steps(run: Run) -> None:
        now = run.clock.now()
        for team in await run.db.read(all_teams):
            at = team.time_at(now)
            for project_id in await run.db.read(letters.projects_of_team, team.id):
                await _round_of_project(run, post, team.id, project_id, at=at, now=now)

    return StepHandler(steps)


async def _round_of_project(
    run: Run, post: PartnerPost, team_id: str, project_id: str, *, at: datetime, now: datetime
) -> None:
    program = await run.db.read(find_program, project_id)
    if program is None:
        return
    after: letters.Place | None = letters.BEFORE_ALL
    while after is not None:
        after = await run.db.write(
            letters.send_digests, post, team_id=team_id, project_id=project_id, after=after, at=at, now=now
        )
    for change in await run.db.read(letters.terms_to_tell, project_id, program.id, at=at):
        after = letters.BEFORE_ALL
        while after is not None:
            after = await run.db.write(letters.tell_terms, post, change, after=after, at=at, now=now)


LETTERS: Final = (
    LetterDeclaration(
        ApplicationSubmitted, "partner_letters.application_received", _about_application("application_received")
    ),
    LetterDeclaration(
        ApplicationApproved, "partner_letters.application_approved", _about_application("application_approved")
    ),
    LetterDeclaration(
        ApplicationRejected, "partner_letters.application_rejected", _about_application("application_rejected")
    ),
    LetterDeclaration(PayoutSent, "partner_letters.payout_sent", _about_payout("payout_sent")),
    LetterDeclaration(PayoutPaid, "partner_letters.payout_paid", _about_payout("payout_paid")),
    LetterDeclaration(PayoutFailed, "partner_letters.payout_failed", _about_payout("payout_failed")),
    LetterDeclaration(DealAccepted, "partner_letters.deal_accepted", _about_deal("deal_accepted")),
    LetterDeclaration(DealDeclined, "partner_letters.deal_declined", _about_deal("deal_declined")),
    LetterDeclaration(DealWon, "partner_letters.deal_won", _about_deal("deal_won")),
)
