"""`/console/…/fraud-queue`: what looks like a partner bringing himself, with the evidence, and a person's decision about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Invalid
from billfold.base.paging import Page
from billfold.domain.analytics.referral_list import ReferralLine, earned_by, find_referral
from billfold.domain.referrals import reviews, verdicts
from billfold.domain.referrals.reviews import CONFIRMED, OPEN, PROVES, RELEASED, Review
from billfold.domain.referrals.voids import voids_of_referrals
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import unit_text
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import Filter, Listing, read_listing
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import enter
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/fraud-queue"
_FILTERS: Final = (
    Filter("status", "Show", {RELEASED: "released", CONFIRMED: "confirmed"}, "Waiting for you", speaks=True),
)
_SIGNALS: Final = {
    "same_mailbox": "Both addresses reach one mailbox",
    "same_card": "Both paid with one card",
    "same_organisation": "Both are of one organisation",
}
_DONE: Final = {
    "release": "Released: the referral counts, and this signal never stops it again.",
    "confirm": "Confirmed: the referral is void, and what it earned is taken back.",
    "undo": "Undone: it waits for a decision again.",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A review with the referral that it is about; `at_stake` is what it earned, or would have, in words."""

    review: Review
    referral: ReferralLine | None
    at_stake: str

    @property
    def signal(self) -> str:
        """What was seen, as a sentence."""
        return _SIGNALS.get(self.review.signal, self.review.signal.replace("_", " "))

    @property
    def evidence(self) -> str:
        """What exactly, for a person of the team."""
        return ", ".join(str(each) for each in self.review.evidence.values())

    @property
    def proves(self) -> bool:
        """Tell whether the referral is void as long as nobody releases the signal."""
        return self.review.signal in PROVES


async def show_queue(request: Request) -> Response:
    """Show a page of the queue."""
    visit = await enter(request)
    listing = read_listing(request, filters=_FILTERS)
    cases = await visit.services.db.read(_read_cases, visit.project_id, listing)
    rows, pager = listing.cut(cases)
    return visit.show(
        "fraud_queue.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "status_of": lambda value: statuses.status_of(statuses.REVIEW, value),
        },
    )


async def decide(request: Request) -> Response:
    """Release a signal, confirm it, or undo either."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    decision = form.text("decision")
    if decision not in _DONE:
        raise Invalid("The decision is release, confirm or undo.")
    review_id: str = request.path_params["review_id"]
    await Recorded(visit, "review.decided", review_id, {"decision": decision}).write(
        verdicts.decide_review,
        team_id=visit.team_id,
        project_id=visit.project_id,
        review_id=review_id if review_id.isascii() and review_id.isprintable() else "",
        decision=cast("Literal['release', 'confirm', 'undo']", decision),
        by=visit.actor.name,
        note=form.text("note") or None,
        now=visit.now,
    )
    return visit.done(f"{visit.home}/fraud-queue", _DONE[decision])


async def _read_cases(tx: Reading, project_id: str, listing: Listing) -> list[Case]:
    status = listing.chosen.get("status", OPEN)
    page = Page(limit=listing.limit, offset=listing.offset)
    found = await reviews.list_reviews(tx, project_id, status, page)
    ids = [each.referral_id for each in found]
    earned = await earned_by(tx, project_id, ids)
    void = await voids_of_referrals(tx, project_id, ids)
    cases = []
    for each in found:
        sums = {one.unit: one.amount for one in earned.get(each.referral_id, [])}
        for unit, amount in void.get(each.referral_id, {}).items():
            sums[unit] = sums.get(unit, 0) + amount
        stake = ", ".join(unit_text(amount, unit) for unit, amount in sorted(sums.items()) if amount)
        cases.append(Case(each, await find_referral(tx, project_id, each.referral_id), stake))
    return cases


ROUTES: Final = [
    Route(_HERE, show_queue, methods=["GET"]),
    Route(f"{_HERE}/{{review_id}}/decision", decide, methods=["POST"]),
]
