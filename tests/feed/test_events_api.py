"""`GET …/events`: the feed over HTTP, by cursor, with waiting."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from billfold.domain.webhooks.pruning import forget_some
from billfold.entrypoints.feed_readers import MOST_OF_A_CALLER
from tests.app_fixtures import RunningBillfold


async def trigger(app: RunningBillfold, *types: str) -> None:
    """Put test events into the feed."""
    for name in types:
        answer = await app.client.post(f"{app.path}/events/test", json={"type": name})
        assert answer.status_code == 202, answer.text
    await app.feed()


async def get(app: RunningBillfold, status: int = 200, **query: Any) -> Any:
    """Read the feed."""
    answer = await app.client.get(f"{app.path}/events", params=query)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_an_empty_feed_has_a_cursor_too(billfold_app: RunningBillfold) -> None:
    first = await get(billfold_app)
    assert first == {"events": [], "cursor": first["cursor"], "hasMore": False}
    await trigger(billfold_app, "test.ping")
    page = await get(billfold_app, after=first["cursor"])
    assert [event["type"] for event in page["events"]] == ["test.ping"]


async def test_pages_follow_each_other(billfold_app: RunningBillfold) -> None:
    await trigger(billfold_app, "customer.created", "test.ping", "reward.earned")
    first = await get(billfold_app, limit=2)
    assert first["hasMore"]
    second = await get(billfold_app, after=first["cursor"], limit=2)
    assert not second["hasMore"]
    assert [event["type"] for event in first["events"] + second["events"]] == [
        "customer.created", "test.ping", "reward.earned",
    ]  # fmt: skip
    again = await get(billfold_app, after=second["cursor"])
    assert again == {"events": [], "cursor": second["cursor"], "hasMore": False}


async def test_an_event_is_what_a_webhook_sends(billfold_app: RunningBillfold) -> None:
    await trigger(billfold_app, "test.ping")
    (event,) = (await get(billfold_app))["events"]
    assert list(event) == ["id", "type", "event", "timestamp", "test", "data"]
    assert (event["event"], event["test"]) == ("test.ping", True)
    assert event["data"]["test"]["message"] == "It works."


async def test_only_some_types_are_read_and_the_cursor_still_moves_on(billfold_app: RunningBillfold) -> None:
    await trigger(billfold_app, "customer.created", "test.ping", "customer.created", "reward.earned")
    page = await get(billfold_app, types="reward.earned,customer.created", limit=2)
    assert [event["type"] for event in page["events"]] == ["customer.created", "customer.created"]
    assert page["hasMore"]
    page = await get(billfold_app, types="reward.earned,customer.created", after=page["cursor"])
    assert [event["type"] for event in page["events"]] == ["reward.earned"]
    everything = await get(billfold_app)
    assert (await get(billfold_app, types="payment.failed"))["cursor"] == everything["cursor"]


async def test_from_now_on(billfold_app: RunningBillfold) -> None:
    await trigger(billfold_app, "test.ping")
    latest = await get(billfold_app, after="latest")
    assert (latest["events"], latest["hasMore"]) == ([], False)
    await trigger(billfold_app, "customer.deleted")
    page = await get(billfold_app, after=latest["cursor"])
    assert [event["type"] for event in page["events"]] == ["customer.deleted"]


@pytest.mark.parametrize("cursor", ["x", "abc=", "%%", "MTIz", "LTEuZXZ0", "4oKs"])
async def test_a_text_that_is_no_cursor_is_refused(billfold_app: RunningBillfold, cursor: str) -> None:
    assert "cursor" in (await get(billfold_app, 400, after=cursor))["error"]


async def test_a_cursor_of_another_project_is_refused(billfold_app: RunningBillfold) -> None:
    await trigger(billfold_app, "test.ping", "test.ping")
    other = await billfold_app.install()
    await billfold_app.client.post(f"{other.path}/events/test", json={}, headers=other.headers)
    await billfold_app.feed()
    foreign = await billfold_app.client.get(f"{other.path}/events", headers=other.headers)
    refused = await get(billfold_app, 410, after=foreign.json()["cursor"])
    assert "after=latest" in refused["error"]


async def test_a_cursor_whose_events_are_gone_says_what_to_do(billfold_app: RunningBillfold) -> None:
    start = (await get(billfold_app))["cursor"]
    await trigger(billfold_app, "test.ping")
    kept = (await get(billfold_app))["cursor"]
    billfold_app.clock.advance(timedelta(days=91))
    await trigger(billfold_app, "customer.created")
    before = billfold_app.clock.now() - timedelta(days=90)
    assert not await billfold_app.services.db.write(forget_some, billfold_app.team.project_id, before=before)
    assert "not kept any more" in (await get(billfold_app, 410, after=start))["error"]
    # Up to here it had read, and nothing behind is missing.
    assert [event["type"] for event in (await get(billfold_app, after=kept))["events"]] == ["customer.created"]
    assert [event["type"] for event in (await get(billfold_app))["events"]] == ["customer.created"]


async def test_one_who_waits_is_answered_when_there_is_something(billfold_app: RunningBillfold) -> None:
    cursor = (await get(billfold_app, after="latest"))["cursor"]
    waiting = asyncio.create_task(get(billfold_app, after=cursor, wait=30, types="reward.earned"))
    await trigger(billfold_app, "test.ping")
    assert not waiting.done()
    await trigger(billfold_app, "reward.earned")
    async with asyncio.timeout(10):
        page = await waiting
    assert [event["type"] for event in page["events"]] == ["reward.earned"]


async def test_one_who_waits_in_vain_is_answered_too(billfold_app: RunningBillfold) -> None:
    assert (await get(billfold_app, wait=1))["events"] == []
    await get(billfold_app, 400, wait=31)
    await get(billfold_app, 400, wait="long")


async def test_only_so_many_of_one_caller_may_wait_and_the_end_of_the_server_lets_them_go(
    billfold_app: RunningBillfold,
) -> None:
    readers = billfold_app.services.feed_readers
    waiting = [asyncio.create_task(get(billfold_app, wait=30)) for _ in range(MOST_OF_A_CALLER)]
    while sum(readers.waiting.values()) < MOST_OF_A_CALLER:  # noqa: ASYNC110 - a turn of the loop, not a time
        await asyncio.sleep(0)
    refused = await billfold_app.client.get(f"{billfold_app.path}/events", params={"wait": 30})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "5"
    # Who does not wait is answered.
    await get(billfold_app)
    readers.release()
    async with asyncio.timeout(10):
        assert {len(page["events"]) for page in await asyncio.gather(*waiting)} == {0}


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"types": "customer.crated"}, {"types": ","}])
async def test_what_makes_no_sense_is_refused(billfold_app: RunningBillfold, query: dict[str, str]) -> None:
    await get(billfold_app, 400, **query)


async def test_an_unknown_type_cannot_be_triggered(billfold_app: RunningBillfold) -> None:
    answer = await billfold_app.client.post(f"{billfold_app.path}/events/test", json={"type": "customer.crated"})
    assert answer.status_code == 400


async def test_a_key_without_the_scope_reads_nothing(billfold_app: RunningBillfold) -> None:
    answer: httpx.Response = await billfold_app.anonymous.get(f"{billfold_app.path}/events")
    assert answer.status_code == 401
