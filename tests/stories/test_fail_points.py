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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("action", ["kill", "raise", "disk-full"])
def test_b2_a_server_that_fails_at_any_point_loses_and_doubles_nothing(
    init: Callable[[str], Team], server: RunningServer, shop_of: Callable[[RunningServer, Team], Shop], action: str
) -> None:
    team = init("Acme")
    server.start()
    shop = shop_of(server, team)
    shop.control("delivery", {"drop": 1.0})
    shop.open()
    # One friend for each point: all that follows from his payment happens while the server is about to fail there.
    friends = list(TIMES)
    parts: list[list[dict[str, Any]]] = []
    for friend in friends:
        shop.bring(friend)
        parts.append(shop.events()[sum(map(len, parts)) :])
    delivered: list[dict[str, Any]] = []
    for (point, times), part in zip(TIMES.items(), parts, strict=True):
        server.stop()
        reached_before = server.text().count(f"fail point {point} reached")
        server.start(fail_point=f"{point}:{action}:{times}")
        acknowledged = asyncio.run(meet(shop, part, f"{point}@example.org"))
        wait_until(lambda: server.text().count(f"fail point {point} reached") > reached_before, server)
        if action == "kill":
            wait_until(server.died_by_itself, server)
            assert half_applied(server) == []
            assert acknowledged <= set(stored_events(server, team.id))
            server.let_leases_run_out()
            server.start()
        else:
            assert server.is_alive()
            server.let_leases_run_out()
        waiting = [event for event in part if event["id"] not in acknowledged]
        shop.deliver(waiting)
        delivered += part
        assert set(stored_events(server, team.id)) == {event["id"] for event in delivered}
        shop.wait_for_credits(*friends[: friends.index(point) + 1])
    assert shop.statuses() == ["converted"] * len(friends)
    assert half_applied(server) == []


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
