"""SCENARIOS G7: a slow or dead receiver never delays another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from billfold.domain.webhooks.paces import MOST_FOR_ONE, SLOW_NS, Paces
from billfold.infrastructure.outbound import Limits, Response, Unreachable
from tests.outgoing.world import World


def _begin(paces: Paces, endpoint_id: str, count: int, *, first: int = 0, time: int = 0) -> None:
    for number in range(first, first + count):
        paces.begin(endpoint_id, f"{endpoint_id}-{number}", time, is_failing=False)


def test_one_that_answers_quickly_gets_more_places_and_never_too_many() -> None:
    paces = Paces(256)
    for number in range(100):
        assert 1 <= dict(paces.shares([("a", False)], 0))["a"] <= MOST_FOR_ONE
        paces.begin("a", f"{number}", 0, is_failing=False)
        paces.end("a", f"{number}", is_taken=True, took_ns=1)
    assert paces.shares([("a", False)], 0) == [("a", MOST_FOR_ONE)]


def test_one_that_fails_quickly_gets_fewer_and_one_that_hangs_gets_one_at_a_time() -> None:
    paces = Paces(256)
    _begin(paces, "a", 2)
    assert paces.shares([("a", False)], 0) == []
    assert paces.shares([("a", False)], SLOW_NS) == []
    paces.end("a", "a-0", is_taken=False, took_ns=SLOW_NS)
    paces.end("a", "a-1", is_taken=False, took_ns=SLOW_NS)
    assert paces.shares([("a", False)], 0) == [("a", 1)]


def test_those_that_hang_share_half_of_the_places_however_many_they_are() -> None:
    paces = Paces(8)
    for number in range(6):
        for endpoint_id, share in paces.shares([(f"slow-{number}", True)], 0):
            _begin(paces, endpoint_id, share)
    assert not paces.is_full
    shares = dict(paces.shares([("slow-9", True), ("quick", False)], SLOW_NS))
    assert shares == {"quick": 2}


def test_places_are_dealt_out_in_turn() -> None:
    shares = Paces(3).shares([("a", False), ("b", False)], 0)
    assert sorted(shares) == [("a", 2), ("b", 1)]


def test_a_place_is_given_back_though_nothing_was_learnt() -> None:
    paces = Paces(2)
    _begin(paces, "a", 2)
    assert paces.is_full
    paces.end("a", "a-0", is_taken=None, took_ns=0)
    assert not paces.is_full


async def test_of_a_hundred_endpoints_one_hangs_one_fails_one_redirects_and_the_others_get_everything(
    world: World,
) -> None:
    """SCENARIOS G7; how soon is measured by `python -m bench deliveries`."""
    let_go, all_taken = asyncio.Event(), asyncio.Event()
    hanging = {"now": 0, "most": 0}
    plain = world.receivers.post

    async def post(method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits) -> Response:
        if "hangs" in url and not let_go.is_set():
            hanging["now"] += 1
            hanging["most"] = max(hanging["most"], hanging["now"])
            await let_go.wait()
            hanging["now"] -= 1
            raise Unreachable("No answer within 15 seconds.")
        answer = await plain(method, url, headers, body, limits)
        if sum("good" in each.url for each in world.receivers.taken) == 97 * 3:
            all_taken.set()
        return answer

    world.receivers.answer = lambda asked: 500 if "fails" in asked.url else 302 if "redirects" in asked.url else 200
    world.receivers.post = post  # type: ignore[method-assign] # it wraps itself
    world.dispatcher = world.new_dispatcher(places=64)
    for name in ("hangs", "fails", "redirects", *(f"good-{number}" for number in range(97))):
        await world.endpoint(f"https://{name}.example.com/")
    await world.happen("pc_1", "pc_2", "pc_3")
    running = asyncio.create_task(world.dispatcher.run())
    await all_taken.wait()
    assert 1 <= hanging["most"] <= 2
    let_go.set()
    await world.dispatcher.stop()
    await running
    good = [each for each in world.receivers.taken if "good" in each.url]
    assert len({(each.url, each.id) for each in good}) == len(good) == 97 * 3
    world.receivers.answer = lambda _: 200
    world.dispatcher = world.new_dispatcher()
    await world.pass_time(timedelta(hours=1))
    assert len({(each.url, each.id) for each in world.receivers.taken}) == 300
