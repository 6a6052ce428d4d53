"""Scenario B2: the server dies, errs or runs out of disk at each named point of its work, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest

from billfold.base.fail_points import POINTS
from tests.stories.crashes import half_applied, stored_events
from tests.stories.deliveries import deliver_side_by_side
from tests.stories.running_server import RunningServer, Team, wait_until
from tests.stories.shop import Shop

# How often the work passes each point before it fails there: somewhere in the midst of it.
TIMES: Final = {
    "after-verify": 3,
    "after-event-insert": 2,
    "before-commit": 12,
    "after-commit": 12,
    "before-send": 1,
    "after-send": 2,
}


def test_every_point_is_tried() -> None:
    assert set(TIMES) == set(POINTS)


@pytest.fixture
def shop(init: Callable[[str], Team], server: RunningServer, shop_of: Callable[[RunningServer, Team], Shop]) -> Shop:
    """A shop that Stripe sends nothing to: the test delivers the events."""
    team = init("Acme")
    server.start()
    made = shop_of(server, team)
    made.control("delivery", {"drop": 1.0})
    made.open()
    return made


@pytest.mark.timeout(300)
def test_b2_a_server_killed_at_each_point_loses_and_doubles_nothing(shop: Shop) -> None:
    # One friend for each point: all that follows from his payment happens while the server is about to die there.
    server = shop.server
    parts: list[list[dict[str, Any]]] = []
    for friend in TIMES:
        shop.bring(friend)
        parts.append(shop.events()[sum(map(len, parts)) :])
    server.stop()
    acknowledged: set[str] = set()
    waiting: list[dict[str, Any]] = []
    for (point, times), part in zip(TIMES.items(), parts, strict=True):
        # It comes up again only to die at the next point.
        server.start(fail_point=f"{point}:kill:{times}")
        waiting = [event for event in (*waiting, *part) if event["id"] not in acknowledged]
        acknowledged |= asyncio.run(meet(shop, waiting, f"{point}@example.org"))
        wait_until(server.died_by_itself, server)
        assert f"fail point {point} reached" in server.text()
        assert half_applied(server) == []
        assert acknowledged <= set(stored_events(server, shop.team.id))
        server.let_leases_run_out()
    server.start()
    everything = [event for part in parts for event in part]
    shop.deliver([event for event in everything if event["id"] not in acknowledged])
    shop.wait_for_credits(*TIMES)
    check_the_end(shop, everything)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("action", ["raise", "disk-full"])
def test_b2_a_server_that_errs_at_each_point_goes_on_and_loses_and_doubles_nothing(shop: Shop, action: str) -> None:
    server = shop.server
    for friend in TIMES:
        shop.bring(friend)
    everything = shop.events()
    server.stop()
    server.start(fail_point=",".join(f"{point}:{action}:{times}" for point, times in TIMES.items()))
    acknowledged = asyncio.run(meet(shop, everything, "late@example.org"))
    wait_until(lambda: all(f"fail point {point} reached" in server.text() for point in TIMES), server)
    assert server.is_alive()
    assert acknowledged <= set(stored_events(server, shop.team.id))
    # A claim that failed after its commit holds its jobs until its lease runs out.
    server.let_leases_run_out()
    shop.deliver([event for event in everything if event["id"] not in acknowledged])
    shop.wait_for_credits(*TIMES)
    check_the_end(shop, everything)


def check_the_end(shop: Shop, everything: list[dict[str, Any]]) -> None:
    assert stored_events(shop.server, shop.team.id) == sorted(event["id"] for event in everything)
    assert shop.statuses() == ["converted"] * len(TIMES)
    assert half_applied(shop.server) == []


async def meet(shop: Shop, events: list[dict[str, Any]], email: str) -> set[str]:
    """Deliver events while a customer is made, into whatever failure is ahead."""
    headers = {**shop.team.headers, "Idempotency-Key": uuid.uuid4().hex}

    async def create() -> None:
        async with httpx.AsyncClient(base_url=shop.server.base_url, headers=headers, timeout=30) as client:
            try:
                await client.post(f"{shop.path}/customers", json={"email": email})
            except httpx.TransportError:
                return

    acknowledged, _ = await asyncio.gather(deliver_side_by_side(shop, events, lanes=4), create())
    return acknowledged
