"""The main loop on the running server: a friend brings a friend, Stripe says so, both are credited (issue 2, section 8.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.cli.command_line import CommandLine
from tests.stories.running_server import RunningServer, Team, wait_until
from tests.stories.shop import Shop

DELIVERIES: Final[dict[str, dict[str, Any]]] = {
    "InOrder": {},
    "Duplicated": {"duplicate": 3},
    "Shuffled": {"duplicate": 1, "shuffle": True, "seed": 11},
    "Lost": {"drop": 1.0, "seed": 5},
}


def test_the_loop_ends_in_one_state_however_stripe_delivers(
    billfold: CommandLine,
    init: Callable[[str], Team],
    server: RunningServer,
    shop_of: Callable[[RunningServer, Team], Shop],
) -> None:
    teams = {name: init(name) for name in DELIVERIES}
    server.start()
    shops = {name: shop_of(server, team) for name, team in teams.items()}
    for name, shop in shops.items():
        shop.control("delivery", DELIVERIES[name])
        shop.open()
        shop.bring("friend")
    for name, shop in shops.items():
        if name != "Lost":
            shop.wait_for_credits("friend")
    # Nothing was delivered to this one, so nothing is known; the sweep reads Stripe's own list.
    assert shops["Lost"].statuses() == ["pending"]
    assert shops["Lost"].credits() == {}
    outcome = billfold("doctor", "--sweep")
    assert outcome.status == 0, outcome.out
    shops["Lost"].wait_for_credits("friend")
    assert [shop.statuses() for shop in shops.values()] == [["converted"]] * len(shops)
    wait_until(lambda: is_idle(billfold), server)
    # A credit is news at Stripe too, and the lost one's came after the sweep.
    assert billfold("doctor", "--sweep").status == 0
    wait_until(lambda: is_idle(billfold), server)
    assert all(shop.credits() == shop.expected_credits("friend") for shop in shops.values())
    assert "The ledger adds up." in billfold("verify-ledger").out
    states = {name: shop.final_state() for name, shop in shops.items()}
    for state in states.values():
        assert state == states["InOrder"]


def is_idle(billfold: CommandLine) -> bool:
    outcome = billfold("doctor")
    assert outcome.status == 0, outcome.out
    return "jobs: 0 wait or run" in outcome.out
