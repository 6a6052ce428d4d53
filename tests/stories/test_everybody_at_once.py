"""Many at once on the running server: one claim wins, one conversion happens (issue 2, section 8.3; C1, A2, A6, A15)."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest
import sqlalchemy as sa

from billfold.domain.billing.stripe_events import stripe_events
from billfold.domain.referrals.events import ReferralConverted
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.jobs.events import events as published
from tests.stories.deliveries import deliver_side_by_side
from tests.stories.running_server import wait_until
from tests.stories.shop import Shop

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
TRIGGERS: Final = ("checkout.session.completed", "customer.subscription.created")


async def claim_all_at_once(shop: Shop, friend: str, times: int) -> list[httpx.Response]:
    body = {"code": shop.code, "refereeCustomerId": friend}
    async with httpx.AsyncClient(base_url=shop.server.base_url, headers=shop.team.headers, timeout=30) as client:
        return await asyncio.gather(
            *[client.post(f"{shop.path}/referrals/apply", json=body) for _ in range(times)],
        )


def test_c1_twenty_claims_at_once_make_one_referral(shop: Shop) -> None:
    friend = shop.customer("friend@example.com")
    answers = asyncio.run(claim_all_at_once(shop, friend, 20))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {tuple(answer.json()) for answer in answers} == {("referral",), ("error",)}
    assert len(shop.server.rows(sa.select(referrals.c.id).where(referrals.c.project_id == shop.team.project_id))) == 1
    assert shop.statuses() == ["pending"]


def test_a2_both_trigger_events_convert_once_in_either_order_and_at_once(shop: Shop) -> None:
    """Four friends: one trigger first, the other first, both at once, and both at once many times over."""
    shop.control("delivery", {"drop": 1.0})
    friends = ["first", "second", "third", "fourth"]
    for friend in friends:
        shop.bring(friend)
    assert shop.statuses() == ["pending"] * 4
    triggers = [
        {event["type"]: event for event in shop.events() if event["type"] in TRIGGERS and of(event, shop, friend)}
        for friend in friends
    ]
    first, second, third, fourth = [[each[name] for name in TRIGGERS] for each in triggers]
    shop.deliver(first)
    shop.deliver(second[::-1])
    asyncio.run(deliver_side_by_side(shop, third, lanes=2))
    asyncio.run(deliver_side_by_side(shop, fourth * 8, lanes=16))
    shop.wait_for_credits(*friends)
    assert shop.statuses() == ["converted"] * 4
    mine = rewards.c.project_id == shop.team.project_id
    assert len(shop.server.rows(sa.select(rewards.c.id).where(mine))) == 8
    converted = (published.c.team_id == shop.team.id, published.c.name == ReferralConverted.name)
    assert len(shop.server.rows(sa.select(published.c.sequence).where(*converted))) == 4
    assert shop.server.ledger_findings() == []


def of(event: dict[str, Any], shop: Shop, friend: str) -> bool:
    return bool(event["data"]["object"]["metadata"]["billstack_customer_id"] == shop.emails[f"{friend}@example.com"])


def test_a6_events_that_come_days_late_are_taken_and_change_nothing_that_is_newer(shop: Shop) -> None:
    """Every event arrives first when it is 29 days old, newest first, and once more three days later."""
    shop.control("delivery", {"drop": 1.0})
    shop.bring("friend")
    shop.control("clock", {"advance_days": 29})
    late = shop.events()
    shop.deliver(late[::-1])
    shop.wait_for_credits("friend")
    before = shop.send("GET", "/subscriptions")["subscriptions"]
    assert [each["status"] for each in before] == ["active"]
    shop.control("clock", {"advance_days": 3})
    shop.deliver(late)
    # The renewal of day 30 or 31 was dropped as well; its subscription is fetched because of the old events' repetition
    # only if they had not been dealt with, so the sweep's way is the one that brings it.
    shop.deliver(shop.events())
    wait_until(lambda: period_of(shop) > datetime.now(UTC) + timedelta(days=32), shop.server)
    assert shop.statuses() == ["converted"]
    assert shop.credits() == shop.expected_credits("friend")


def period_of(shop: Shop) -> datetime:
    return datetime.fromisoformat(shop.send("GET", "/subscriptions")["subscriptions"][0]["currentPeriodEnd"])


@pytest.mark.timeout(600 if FULL else 120)
def test_a15_every_event_is_taken_while_stripe_does_not_answer(shop: Shop) -> None:
    shop.control("delivery", {"drop": 1.0})
    shop.bring("friend")
    template = next(event for event in shop.events() if event["type"] == "customer.subscription.created")
    shop.control("faults", {"500": 1000})
    number = 30_000 if FULL else 300
    stream = [{**template, "id": f"evt_{index:024}"} for index in range(number)]
    rate = 500.0 if FULL else None
    acknowledged = asyncio.run(deliver_side_by_side(shop, stream, lanes=16, per_second=rate))
    assert acknowledged == {event["id"] for event in stream}
    shop.control("faults", {})
    shop.wait_for_credits("friend")
    stored = (stripe_events.c.team_id == shop.team.id, stripe_events.c.subject_id == template["data"]["object"]["id"])
    assert len(shop.server.rows(sa.select(stripe_events.c.sequence).where(*stored))) == number


def test_reads_go_on_and_what_needs_stripe_says_when_to_come_back(shop: Shop) -> None:
    friend = shop.customer("friend@example.com")
    shop.control("faults", {"500": 1000})
    for path, body in [
        ("/customers", {"email": "late@example.com"}),
        ("/products", {"name": "Late"}),
        (
            "/checkout",
            {
                "customerId": friend,
                "priceId": shop.price,
                "successUrl": "https://example.com/ok",
                "cancelUrl": "https://example.com/no",
            },
        ),
    ]:
        answer = shop.http.post(shop.path + path, json=body)
        assert answer.status_code == 503, answer.text
        assert set(json.loads(answer.text)) == {"error"}
        assert int(answer.headers["retry-after"]) >= 1
    for path in ("/customers", "/products", "/subscriptions", "/referrals/codes", "/referrals/config", "/analytics"):
        assert shop.http.get(shop.path + path).status_code == 200
    # What needs no Stripe is written too.
    shop.claim(friend)
    shop.control("faults", {})
    assert shop.customer("late@example.com")
