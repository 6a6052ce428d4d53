"""The main loop while Stripe falters at every step: answers lost after they took effect, 429, 500 (issue 2, section 6)."""

from __future__ import annotations

from typing import Final

import pytest

from tests.stories.running_server import wait_until
from tests.stories.shop import Shop

# The client tries three times, so fewer than three are its own business and more are the caller's.
FAULTS: Final = (2, 4, 7)


@pytest.mark.parametrize("kind", ["timeout", "429", "500"])
def test_stripe_falters_at_every_step_and_everybody_is_credited_once(shop: Shop, kind: str) -> None:
    friends = [f"friend{number}" for number in FAULTS]
    for friend, number in zip(friends, FAULTS, strict=True):
        faults = {kind: number}
        shop.control("faults", faults)
        customer = shop.customer(f"{friend}@example.com")
        shop.control("faults", faults)
        shop.claim(customer)
        session = shop.checkout(customer)
        shop.control("faults", faults)
        shop.pay(session)
        # What was asked for here is used up by the sync, the sweep of the next friend, or the credits themselves.
    shop.wait_for_credits(*friends)
    assert shop.statuses() == ["converted"] * len(friends)
    assert len(shop.emails) == len(list(shop.stripe.v1.customers.list({"limit": 100}).data))
    assert shop.server.ledger_findings() == []


def test_the_answers_about_the_credits_are_lost_and_each_is_made_once(shop: Shop) -> None:
    """Every event is delivered one by one with the next answers lost, so each call of the loop meets it (G29)."""
    shop.control("delivery", {"drop": 1.0})
    shop.bring("friend")
    for event in shop.events():
        shop.control("faults", {"timeout": 3})
        shop.deliver([event])
    wait_until(lambda: shop.statuses() == ["converted"], shop.server)
    shop.control("faults", {"timeout": 3})
    shop.wait_for_credits("friend")
