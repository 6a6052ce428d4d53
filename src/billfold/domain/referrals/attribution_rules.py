"""Who brought a customer: a pure function of what was seen, the terms and three moments (contract A21).

The same function decides when a customer pays and explains it afterwards, so the two cannot disagree. The order in which touches
were told makes no difference; only when they happened does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from billfold.domain.referrals.terms import Attribution, Terms
from billfold.domain.referrals.touches import StoredTouch

MANUAL: Final = "manual"
LINK: Final = "link"
WON: Final = "won"
# Why a touch did not win, besides its own `refusal`.
NOT_COUNTED: Final = "kind_not_counted"
AFTER_PAYMENT: Final = "after_first_payment"
AFTER_SIGN_UP: Final = "after_sign_up"
OUTSIDE_WINDOW: Final = "outside_window"
WEAKER_KIND: Final = "weaker_kind"
LATER_WON: Final = "later_touch_won"
EARLIER_WON: Final = "earlier_touch_won"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The customer's moments in the team's time: `first_paid_at` None as long as nothing was paid, `at` the present."""

    signed_up_at: datetime
    first_paid_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Who won, None for nobody, and by each touch's id what became of it: `won` or why not."""

    winner: StoredTouch | None
    outcomes: dict[str, str]

    def reason(self, touch: StoredTouch) -> str:
        """Return what became of a touch."""
        return self.outcomes[touch.id]


def judge(seen: Sequence[StoredTouch], terms: Terms, timeline: Timeline) -> Decision:
    """Decide between the touches of one program by its terms."""
    rules = terms.attribution
    outcomes = {touch.id: _why_not(touch, terms, timeline) for touch in seen}
    valid = [touch for touch in seen if outcomes[touch.id] == WON]
    for kind in (MANUAL, *rules.precedence):
        of_kind = [touch for touch in valid if touch.kind == kind]
        if of_kind:
            return _settle(_winner(of_kind, rules), valid, outcomes)
    return Decision(None, outcomes)


def window_ends(terms: Terms, timeline: Timeline) -> datetime:
    """Return the moment before which a link must have been followed, at most `attribution_days` earlier."""
    if terms.attribution.counted_until == "signup":
        return timeline.signed_up_at
    return timeline.at if timeline.first_paid_at is None else timeline.first_paid_at


def _why_not(touch: StoredTouch, terms: Terms, timeline: Timeline) -> str:
    if touch.refusal is not None or touch.kind not in (MANUAL, *terms.attribution.precedence):
        return touch.refusal or NOT_COUNTED
    # Stripe's times are whole seconds: what happened in the second of the payment came before it.
    if timeline.first_paid_at is not None and _second(touch.happened_at) > _second(timeline.first_paid_at):
        return AFTER_PAYMENT
    if touch.kind != LINK:
        return WON
    # Who has an account already was not brought by a link (SCENARIOS E4).
    if touch.happened_at > timeline.signed_up_at:
        return AFTER_SIGN_UP
    days = terms.attribution_days
    if days is not None and window_ends(terms, timeline) - touch.happened_at > timedelta(days=days):
        return OUTSIDE_WINDOW
    return WON


def _winner(of_kind: Sequence[StoredTouch], rules: Attribution) -> StoredTouch:
    ordered = sorted(of_kind, key=lambda touch: (touch.happened_at, touch.created_at, touch.id))
    # What a person says replaces what he or another person said before.
    return ordered[0] if rules.touch == "first" and ordered[0].kind != MANUAL else ordered[-1]


def _settle(winner: StoredTouch, valid: Sequence[StoredTouch], outcomes: dict[str, str]) -> Decision:
    for touch in valid:
        if touch.kind != winner.kind:
            outcomes[touch.id] = WEAKER_KIND
        elif touch.id != winner.id:
            is_later = (winner.happened_at, winner.created_at, winner.id) > (
                touch.happened_at,
                touch.created_at,
                touch.id,
            )
            outcomes[touch.id] = LATER_WON if is_later else EARLIER_WON
    return Decision(winner, outcomes)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
