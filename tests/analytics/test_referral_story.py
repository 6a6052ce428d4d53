"""Why a referral did or did not convert, for each state that it can be in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from billfold.domain.analytics.referral_list import ReferralLine
from billfold.domain.analytics.referral_story import ReferralStory, judge, moments
from billfold.domain.analytics.subscription_list import SubscriptionLine
from billfold.domain.referrals.presets import customer_referrals, sign_up_bonus

_AT: Final = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_CREDITS: Final = customer_referrals(referrer_cents=1000, referee_cents=500, currency="usd")


def referral(**changes: Any) -> ReferralLine:
    ordinary: dict[str, Any] = {
        "id": "ref_1",
        "program_id": "prog_1",
        "code": "JANE1234",
        "status": "pending",
        "created_at": _AT,
        "converted_at": None,
        "referrer_id": "pc_1",
        "referrer_email": "jane@example.com",
        "referrer_name": "Jane",
        "referee_id": "pc_2",
        "referee_email": "finn@example.com",
        "referee_name": "Finn",
        "terms_id": "terms_1",
        "terms_version": 3,
    }
    return ReferralLine(**{**ordinary, **changes})


def subscription(status: str) -> SubscriptionLine:
    return SubscriptionLine(
        id="ps_1",
        stripe_subscription_id="sub_1",
        status=status,
        quantity=1,
        cancel_at_period_end=False,
        current_period_end=None,
        canceled_at=None,
        created_at=_AT.replace(microsecond=0),
        customer_id="pc_2",
        customer_email="finn@example.com",
        customer_name="Finn",
        product="Solo",
        nickname=None,
        unit_amount=1900,
        currency="usd",
        interval="month",
        interval_count=1,
    )


@pytest.mark.parametrize(
    ("changes", "statuses", "answer"),
    [
        ({"status": "converted"}, ["active"], "It converted: Finn did what the terms ask for"),
        ({"status": "expired"}, [], "It expired before it converted"),
        ({"status": "void"}, [], "It was made void"),
        ({"referee_id": None, "referee_name": None}, [], "Not converted: nobody has signed up with this address yet"),
        ({}, [], "Not converted yet: Finn has no subscription"),
        ({}, ["incomplete"], "Not converted yet: Finn began a subscription, but its first payment did not go through"),
        ({}, ["active"], "Not converted yet, although Finn has a subscription"),
    ],
)
def test_a_referral_says_why(changes: dict[str, Any], statuses: list[str], answer: str) -> None:
    verdict = judge(referral(**changes), _CREDITS, [subscription(each) for each in statuses])
    assert verdict.answer == answer
    assert verdict.reason.startswith("Terms, version 3: a referral converts once the friend has a subscription")


def test_a_sign_up_waits_for_its_proof() -> None:
    verdict = judge(referral(), sign_up_bonus(), [])
    assert verdict.answer == "Not converted yet: Finn has not finished signing up"


def test_a_name_with_braces_is_only_a_name() -> None:
    verdict = judge(referral(referee_name="{friend} {0}"), _CREDITS, [])
    assert verdict.answer == "Not converted yet: {friend} {0} has no subscription"


def test_what_stripe_tells_in_whole_seconds_still_comes_after_the_claim() -> None:
    story = ReferralStory(
        referral=referral(created_at=_AT.replace(microsecond=500_000), status="converted", converted_at=_AT),
        terms=_CREDITS,
        rewards=[],
        subscriptions=[subscription("active")],
        verdict=judge(referral(), _CREDITS, []),
    )
    assert [text for _, text, _, _ in moments(story)] == [
        "Finn was referred with the code JANE1234",
        "Finn began a subscription: Solo",
        "The referral converted",
    ]
