"""Joining the program: from an application to a partner, in one unit each (contract sections 3.1 and 3.9).

An approval makes the customer if the project has none with this address (contract A15), gives a code, makes the partner,
moves the application and publishes the event: all of it, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billfold.base.errors import Conflict
from billfold.domain.billing import customers
from billfold.domain.billing.customers import Customer
from billfold.domain.partners import applications, partners
from billfold.domain.partners.applications import (
    APPROVED,
    LONGEST_REASON,
    REJECTED,
    Application,
    Decision,
    NewApplication,
)
from billfold.domain.partners.auto_approval import approving_rule
from billfold.domain.partners.events import ApplicationApproved, ApplicationRejected, ApplicationSubmitted
from billfold.domain.partners.partners import Partner
from billfold.domain.partners.programs import ensure_program, require_enabled
from billfold.domain.partners.questions import checked_answers
from billfold.domain.partners.settings import get_settings
from billfold.domain.partners.texts import optional_text
from billfold.domain.tenancy.audit_log import SYSTEM, record
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.jobs.events import publish

_IS_PARTNER: Final = "This email belongs to a partner of this app already."


@dataclass(frozen=True, slots=True)
class Review:
    """A decision as it is made: `approved` or `rejected`, by a person's id or a rule.

    `code` None generates one. The applicant may read `rejection_reason`, the team alone `internal_note` (contract A33).
    """

    decision: str
    reviewed_by: str
    code: str | None = None
    rejection_reason: str | None = None
    internal_note: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a decision left: the application, and on approval the partner."""

    application: Application
    partner: Partner | None = None

    @property
    def id(self) -> str:
        """The application's id, for the audit log."""
        return self.application.id


async def apply(
    tx: Writing,
    given: NewApplication,
    *,
    team_id: str,
    project_id: str,
    answers: Mapping[str, str],
    must_answer: bool,
    at: datetime,
    now: datetime,
) -> Application:
    """Take an application in, and approve it at once if a rule of the project says so.

    Raises `ProgramOff`, `Invalid`, or `Conflict` for an address that applied before or is a partner's (contract A7 to A9).
    `must_answer` is for the project's own page; an app that calls the API asks its own questions.
    """
    await require_enabled(tx, project_id)
    given = applications.checked(given)
    settings = await get_settings(tx, team_id=team_id, project_id=project_id, at=at)
    kept = checked_answers(settings.questions, answers, must_answer=must_answer)
    customer = await customers.find_by_email(tx, project_id, given.email)
    if customer is not None and await partners.find_by_customer(tx, project_id, customer.id) is not None:
        raise Conflict(_IS_PARTNER)
    application = await applications.add_application(
        tx,
        given,
        team_id=team_id,
        project_id=project_id,
        answers=kept,
        reapply_after_days=settings.reapply_after_days,
        at=at,
    )
    submitted = ApplicationSubmitted(team_id, project_id, application.id, {"application": _told(application)})
    await publish(tx, submitted, happened_at=at, now=now)
    rule = approving_rule(
        application.email_normalised,
        domains=settings.auto_approve_domains,
        customers_too=settings.auto_approve_customers,
        is_customer=customer is not None,
    )
    if rule is None:
        return application
    approval = Review(APPROVED, reviewed_by=f"rule:{rule}")
    reviewed = await review(tx, project_id, application.id, approval, at=at, now=now)
    await record(
        tx,
        team_id=team_id,
        project_id=project_id,
        actor=SYSTEM,
        action="partner_application.approved",
        subject=application.id,
        details={"rule": rule},
        now=now,
    )
    return reviewed.application


async def review(
    tx: Writing, project_id: str, application_id: str, given: Review, *, at: datetime, now: datetime
) -> Reviewed:
    """Approve a pending application and make its partner, or reject it.

    Raises `NotFound`, `Invalid` for a text that no code can be, or `Conflict` if the application was decided before, the code is
    taken or the customer is a partner; then nothing has changed.
    """
    decision = Decision(
        status=given.decision,
        reviewed_by=given.reviewed_by,
        rejection_reason=optional_text("rejectionReason", given.rejection_reason, LONGEST_REASON)
        if given.decision == REJECTED
        else None,
        internal_note=optional_text("internalNote", given.internal_note, LONGEST_REASON),
    )
    application = await applications.decide(tx, project_id, application_id, decision, at=at)
    if given.decision == REJECTED:
        told = {"application": {**_told(application), "reason": application.rejection_reason}}
        await publish(
            tx, ApplicationRejected(application.team_id, project_id, application.id, told), happened_at=at, now=now
        )
        return Reviewed(application)
    program = await ensure_program(tx, project_id, at=at)
    customer = await _customer_of(tx, application, at=at, now=now)
    partner = await partners.enrol(
        tx, program, team_id=application.team_id, customer_id=customer.id, code=given.code, kind=partners.PARTNER, at=at
    )
    application = await applications.set_partner(tx, application, partner.id)
    affiliate = {"id": partner.id, "code": partner.code, "customer_id": partner.customer_id}
    approved = ApplicationApproved(
        application.team_id, project_id, application.id, {"application": _told(application), "affiliate": affiliate}
    )
    await publish(tx, approved, happened_at=at, now=now)
    return Reviewed(application, partner)


async def enrol_customer(
    tx: Writing, *, team_id: str, project_id: str, customer_id: str, code: str | None, at: datetime
) -> Partner:
    """Make a customer a partner without an application: of the type *affiliate* (contract section 6)."""
    await customers.get(tx, project_id, customer_id)
    program = await ensure_program(tx, project_id, at=at)
    return await partners.enrol(
        tx, program, team_id=team_id, customer_id=customer_id, code=code, kind=partners.AFFILIATE, at=at
    )


async def status_of(tx: Reading, project_id: str, email: str) -> tuple[Application | None, Partner | None]:
    """Return the last application of an address and the partner that came of it; changes nothing (contract section 3.2)."""
    application = await applications.find_application(tx, project_id, email)
    if application is None or application.partner_id is None:
        return application, None
    return application, await partners.find_partner(tx, project_id, application.partner_id)


async def _customer_of(tx: Writing, application: Application, *, at: datetime, now: datetime) -> Customer:
    """Return the project's customer with the applicant's address as it is, or a new one (contract A15).

    The new one has no Stripe customer until one is needed.
    """
    for _ in range(2):
        known = await customers.find_by_email(tx, application.project_id, application.email)
        if known is not None:
            return known
        new = customers.new_customer(
            team_id=application.team_id,
            project_id=application.project_id,
            email=application.email,
            name=application.name,
            stripe_customer_id="",
            metadata={},
            at=at,
            now=now,
        )
        try:
            return await customers.add_customer(tx, new)
        except Conflict:
            # Another unit added him meanwhile, and its commit was waited for: he is found now.
            continue
    raise Conflict("A customer with this email was added at this moment. Try again.")


def _told(application: Application) -> dict[str, object]:
    return {"id": application.id, "email": application.email, "name": application.name}
