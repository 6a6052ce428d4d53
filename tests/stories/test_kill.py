"""Scenario B1: `kill -9` at any point of the main loop loses nothing that was acknowledged and doubles nothing.

The full numbers (50 kills in 1,500 events) run with BILLFOLD_TEST_FULL=1.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from typing import Final

import pytest

from tests.conftest import ON_POSTGRES
from tests.stories.crashes import half_applied, stored_events
from tests.stories.deliveries import deliver_side_by_side
from tests.stories.running_server import RunningServer, Team
from tests.stories.shop import Shop

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
KILLS: Final = 50 if FULL else 6
# About a dozen events a friend: 1,500 in all, or 150.
FRIENDS: Final = 125 if FULL else 12
SEED: Final = 20_261


@pytest.mark.timeout(3_600 if FULL else 300)
def test_b1_a_server_killed_in_a_stream_of_events_loses_none_it_acknowledged(
    init: Callable[[str], Team], server: RunningServer, shop_of: Callable[[RunningServer, Team], Shop]
) -> None:
    team = init("Acme")
    server.start()
    shop = shop_of(server, team)
    # Nothing comes by itself: this test is Stripe's hand.
    shop.control("delivery", {"drop": 1.0})
    shop.open()
    friends = [f"friend{number}" for number in range(FRIENDS)]
    for friend in friends:
        shop.bring(friend)
    events = shop.events()
    acknowledged: set[str] = set()
    chance = random.Random(SEED)
    for kills_left in range(KILLS, 0, -1):
        waiting = [event for event in events if event["id"] not in acknowledged]
        chance.shuffle(waiting)
        answers_left = chance.randint(1, max(1, 2 * len(waiting) // (kills_left + 1)))

        def count_down(status: int) -> None:
            nonlocal answers_left
            answers_left -= status == 200
            if answers_left == 0:
                server.kill()

        acknowledged |= asyncio.run(deliver_side_by_side(shop, waiting, on_answer=count_down))
        server.kill()
        assert acknowledged <= set(stored_events(server, team.id)), f"seed {SEED}"
        assert half_applied(server) == [], f"seed {SEED}"
        server.let_leases_run_out()
        server.start()
    waiting = [event for event in events if event["id"] not in acknowledged]
    acknowledged |= asyncio.run(deliver_side_by_side(shop, waiting))
    assert acknowledged == {event["id"] for event in events}
    shop.wait_for_credits(*friends)
    # Everything once more, three times over: nothing is missing and nothing is there twice.
    asyncio.run(deliver_side_by_side(shop, events * 3))
    assert stored_events(server, team.id) == sorted(event["id"] for event in events)
    assert shop.statuses() == ["converted"] * len(friends)
    shop.wait_for_credits(*friends)
    assert half_applied(server) == []


def test_b1_a_server_killed_before_and_after_the_payment_goes_on_where_it_was(
    init: Callable[[str], Team], server: RunningServer, shop_of: Callable[[RunningServer, Team], Shop]
) -> None:
    team = init("Acme")
    server.start()
    shop = shop_of(server, team)
    shop.open()

    def die() -> None:
        server.kill()
        assert half_applied(server) == []
        if ON_POSTGRES:
            # On SQLite, which is for one process, a server that starts takes its dead forerunner's jobs over at once.
            server.let_leases_run_out()
        server.start()

    friend = shop.customer("friend@example.com")
    shop.claim(friend)
    session = shop.checkout(friend)
    die()
    shop.pay(session)
    die()
    shop.wait_for_credits("friend")
    assert shop.statuses() == ["converted"]
