"""One referral from its code to its credits, and why it did or did not convert.

The reasons are worked out from what is stored, by the terms that the referral pinned; nothing is copied from what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billfold.domain.analytics.referral_list import ReferralLine, find_referral
from billfold.domain.analytics.subscription_list import SubscriptionLine, subscriptions_of
from billfold.domain.referrals import terms as terms_rows
from billfold.domain.referrals.rewards import Reward, rewards_of_referrals
from billfold.domain.referrals.terms import Terms
from billfold.infrastructure.db.database import Reading

_STARTED: Final = frozenset({"active", "trialing", "past_due", "unpaid", "paused", "canceled"})
_WANTED: Final = {
    "signup": "signs up",
    "verified_signup": "signs up and proves the e-mail address",
    "subscription": "has a subscription that is active or in trial",
    "payment": "pays for the first time",
}

# Status or reason: the answer and what to do. Names are put in as they are: templates escape them.
_ENDED: Final = {
    "converted": ("It converted: {friend} did what the terms ask for", ""),
    "expired": ("It expired before it converted", "An expired referral never converts."),
    "void": ("It was made void", "A void referral never converts and earns nothing."),
}
_NO_ACCOUNT: Final = (
    "Not converted: nobody has signed up with this address yet",
    "As soon as an account with this e-mail address exists and it is proved, Billfold looks again.",
)
_NOT_PROVED: Final = (
    "Not converted yet: {friend} has not finished signing up",
    "It converts by itself once the address is proved.",
)
_NO_SUBSCRIPTION: Final = (
    "Not converted yet: {friend} has no subscription",
    "Nothing is to be done. It converts by itself when a checkout is paid or a trial begins.",
)
_NOT_PAID: Final = (
    "Not converted yet: {friend} began a subscription, but its first payment did not go through",
    "It converts by itself once the first payment succeeds.",
)
_NO_NEWS: Final = (
    "Not converted yet, although {friend} has a subscription",
    "Perhaps news of Stripe is still on its way: look at Stripe events and Jobs for something that failed.",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer first, then its reason, then what to do, in sentences."""

    answer: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class ReferralStory:
    """All that is known of a referral; `terms` are those it pinned."""

    referral: ReferralLine
    terms: Terms
    rewards: list[Reward]
    subscriptions: list[SubscriptionLine]
    verdict: Verdict


def wanted_of(terms: Terms) -> str:
    """Return what converts a referral under these terms, as the end of "converts once the friend …"."""
    return _WANTED[terms.converts_on]


def judge(referral: ReferralLine, terms: Terms, subscriptions: list[SubscriptionLine]) -> Verdict:
    """Say why a referral did or did not convert. Pure."""
    friend = referral.referee_name or referral.referee_email or "The friend"
    wanted = wanted_of(terms)
    version = f"version {referral.terms_version}" if referral.terms_version else "the version that it pinned"
    rule = f"Terms, {version}: a referral converts once the friend {wanted}."
    if referral.status in _ENDED:
        answer, advice = _ENDED[referral.status]
        return Verdict(answer.replace("{friend}", friend), rule, advice)
    answer, advice = _why_pending(referral, terms, subscriptions)
    return Verdict(answer.replace("{friend}", friend), rule, advice)


def _why_pending(referral: ReferralLine, terms: Terms, subscriptions: list[SubscriptionLine]) -> tuple[str, str]:
    if referral.referee_id is None:
        return _NO_ACCOUNT
    if terms.converts_on in {"signup", "verified_signup"}:
        return _NOT_PROVED
    if not subscriptions:
        return _NO_SUBSCRIPTION
    if all(each.status not in _STARTED for each in subscriptions):
        return _NOT_PAID
    return _NO_NEWS


async def story_of(tx: Reading, project_id: str, referral_id: str) -> ReferralStory | None:
    """Return a referral's story, None if the project has no such referral."""
    referral = await find_referral(tx, project_id, referral_id)
    if referral is None:
        return None
    terms = await terms_rows.get(tx, project_id, referral.terms_id)
    subscriptions = []
    if referral.referee_id is not None:
        subscriptions = await subscriptions_of(tx, project_id, referral.referee_id)
    return ReferralStory(
        referral=referral,
        terms=terms,
        rewards=await rewards_of_referrals(tx, project_id, [referral_id]),
        subscriptions=subscriptions,
        verdict=judge(referral, terms, subscriptions),
    )


def moments(story: ReferralStory) -> list[tuple[datetime, str, str, bool]]:
    """Return what happened, oldest first: the moment, what, a remark, and whether it moved money."""
    referral = story.referral
    friend = referral.referee_name or referral.referee_email or "The friend"
    version = (
        f"Terms version {referral.terms_version} is pinned: later changes do not touch it"
        if referral.terms_version
        else ""
    )
    found = [(referral.created_at, f"{friend} was referred with the code {referral.code}", version, False)]
    found += [
        (each.created_at, f"{friend} began a subscription: {each.product or each.stripe_subscription_id}", "", False)
        for each in story.subscriptions
    ]
    if referral.converted_at is not None:
        found.append((referral.converted_at, "The referral converted", f"{friend} {wanted_of(story.terms)}", True))
    # Stripe knows whole seconds only: what happened within one stays in the order in which it must have been.
    return sorted(found, key=lambda each: each[0].replace(microsecond=0))
