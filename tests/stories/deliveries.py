"""Stripe's side of the webhook under load: many connections, every answer written down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from tests.stories.shop import Shop


async def deliver_side_by_side(
    shop: Shop,
    events: Iterable[dict[str, Any]],
    *,
    lanes: int = 16,
    per_second: float | None = None,
    on_answer: Callable[[int], None] | None = None,
) -> set[str]:
    """Deliver events over `lanes` connections and return the ids of those that were answered with 200.

    A connection that breaks ends its delivery without an answer, as for Stripe. `on_answer(status)` is told each answer;
    with `per_second` the events start at that rate, whatever became of those before.
    """
    acknowledged: set[str] = set()
    waiting = iter(list(events))
    loop = asyncio.get_running_loop()
    started = loop.time()
    count = 0

    async def lane(client: httpx.AsyncClient) -> None:
        nonlocal count
        for event in waiting:
            count += 1
            if per_second is not None:
                await asyncio.sleep(max(0.0, started + count / per_second - loop.time()))
            address, body, headers = shop.signed(event)
            try:
                answer = await client.post(address, content=body, headers=headers)
            except httpx.TransportError:
                continue
            if answer.status_code == httpx.codes.OK:
                acknowledged.add(event["id"])
            if on_answer is not None:
                on_answer(answer.status_code)

    limits = httpx.Limits(max_connections=lanes, max_keepalive_connections=lanes)
    async with httpx.AsyncClient(timeout=30, limits=limits) as client:
        await asyncio.gather(*(lane(client) for _ in range(lanes)))
    return acknowledged
