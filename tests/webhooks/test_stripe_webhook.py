"""The door: what it accepts, what it refuses, and that nothing refused is ever stored (SCENARIOS A8 to A14, contract G17)."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import tracemalloc
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa

from billfold.base.errors import Unavailable
from billfold.domain.billing.stripe_events import stripe_events
from billfold.entrypoints.in_memory import post_in_memory
from billfold.entrypoints.limits import LARGEST_BODY
from billfold.entrypoints.stripe_webhook import PREFIX, StripeWebhook
from billfold.infrastructure.db.batch import Batcher
from billfold.infrastructure.db.pressure import Pressure
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.stripe.signature import sign
from tests.security.database_dump import changed_tables, every_row
from tests.webhooks.conftest import Shop, call
from tests.webhooks.fake_stripe import SECRET, about, event_body, fake_subscription

COUNT = query(sa.select(sa.func.count()).select_from(stripe_events), int)
BODIES = query(sa.select(stripe_events.c.body), bytes)


async def stored(shop: Shop) -> int:
    return await shop.db.read(lambda tx: tx.one(COUNT))


def updated(**more: Any) -> bytes:
    return event_body("customer.subscription.updated", about("subscription", "sub_1"), **more)


async def test_an_event_is_stored_as_it_came_and_acknowledged(shop: Shop) -> None:
    body = updated()
    assert await shop.post_and_read(body) == (200, b'{"received": true}')
    assert await shop.db.read(lambda tx: tx.all(BODIES)) == [body]


def moved(seconds: int) -> Any:
    return lambda shop, body: sign(body, SECRET, shop.clock.now() + timedelta(seconds=seconds))


def right(shop: Shop, body: bytes) -> str:
    return sign(body, SECRET, shop.clock.now())


def of(shop: Shop, body: bytes) -> tuple[str, str]:
    moment, _, signature = right(shop, body).partition(",v1=")
    return moment, signature


BAD_SIGNATURES: dict[str, Any] = {
    "missing": lambda shop, body: None,  # noqa: ARG005 - all have one shape
    "empty": lambda shop, body: " ",  # noqa: ARG005 - as above
    "garbage": lambda shop, body: "t=x,v1=y,,=;",  # noqa: ARG005 - as above
    "flipped": lambda shop, body: right(shop, body)[:-1] + ("0" if right(shop, body)[-1] != "0" else "1"),
    "wrong secret": lambda shop, body: sign(body, "whsec_of_somebody_else", shop.clock.now()),
    "of another body": lambda shop, body: right(shop, body + b" "),
    "v0 only": lambda shop, body: right(shop, body).replace("v1=", "v0="),
    "301 s old": moved(-301),
    "an hour old": moved(-3600),
    "an hour in the future": moved(3600),
    "two times": lambda shop, body: right(shop, body) + "," + of(shop, body)[0],
    "a header of 16 KiB": lambda shop, body: right(shop, body) + ",v1=" + "0" * 16_384,
}
GOOD_SIGNATURES: dict[str, Any] = {
    "290 s old": moved(-290),
    "290 s in the future": moved(290),
    "two v1, one good": lambda shop, body: "{0},v1={2},v1={1}".format(*of(shop, body), "0" * 64),
    "100 v1": lambda shop, body: of(shop, body)[0] + f",v1={'0' * 64}" * 99 + ",v1=" + of(shop, body)[1],
}


@pytest.mark.parametrize("case", BAD_SIGNATURES)
async def test_a_bad_signature_is_400_and_stores_nothing_a8(shop: Shop, case: str) -> None:
    body = updated()
    assert await shop.post(body, signature=BAD_SIGNATURES[case](shop, body)) == 400
    assert await stored(shop) == 0


@pytest.mark.parametrize("case", GOOD_SIGNATURES)
async def test_a_good_signature_is_accepted_a8(shop: Shop, case: str) -> None:
    body = updated()
    assert await shop.post(body, signature=GOOD_SIGNATURES[case](shop, body)) == 200


async def test_both_secrets_of_a_rotation_are_accepted_a8(shop: Shop) -> None:
    shop.connections.secrets = ("whsec_new", SECRET)
    for secret in shop.connections.secrets:
        body = updated()
        assert await shop.post(body, signature=sign(body, secret, shop.clock.now())) == 200
    assert await stored(shop) == 2


class CountedLines:
    """A log that only counts: what tests keep of each line would look like memory that the door keeps."""

    def __init__(self) -> None:
        self.lines = 0

    def warning(self, event: str, **values: object) -> None:
        assert event == "stripe_webhook.bad_signature"
        assert len(repr(values)) < 300
        self.lines += 1


async def test_a_flood_of_bad_signatures_stores_nothing_and_costs_no_memory_a9(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 10_000 if os.environ.get("BILLFOLD_TEST_FULL") == "1" else 2_000
    log = CountedLines()
    monkeypatch.setattr("billfold.entrypoints.stripe_webhook._log", log)

    async def flood(times: int) -> None:
        for index in range(times):
            # Each body and signature its own: what is kept of one could not be shared with the next.
            body = event_body("invoice.paid", {**about("invoice", "in_1"), "padding": f"{index:05}" * 1_000})
            assert await shop.post(body, signature=f"t={index},v1={index:064x}") == 400
            # As between two requests of a network: the loop drops timers that were called off.
            await asyncio.sleep(0)

    await flood(100)
    rows = await every_row(shop.db)
    gc.collect()
    tracemalloc.start()
    try:
        await flood(number)
        gc.collect()
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # All of them together had more than ten megabytes.
    assert kept < 256 * 1024
    assert most < 1024 * 1024
    assert log.lines == number + 100
    assert changed_tables(rows, await every_row(shop.db)) == {}


@pytest.mark.parametrize("path", ["team_nobody", "", "TEAM", "a/b", "%00", "x" * 65])
async def test_an_unknown_team_is_404(shop: Shop, path: str) -> None:
    shop.connections.unknown_teams = {"team_nobody"}
    status, body = await call(shop.door, PREFIX + path, [updated()], headers=[])
    assert status == 404
    assert set(json.loads(body)) == {"error"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_another_method_is_405(shop: Shop, method: str) -> None:
    assert await shop.post(updated(), method=method) == 405


@pytest.mark.parametrize(
    ("event_type", "subject"),
    [
        ("unheard.of", about("thing", "thing_1")),
        ("invoice.upcoming", {"object": "invoice", "customer": "cus_1"}),
        ("invoice.paid", {"object": "invoice"}),
        ("customer.subscription.updated", {"id": 7, "object": "subscription"}),
    ],
)
async def test_what_has_no_effect_is_stored_as_ignored_and_acknowledged_a10(
    shop: Shop, event_type: str, subject: dict[str, Any]
) -> None:
    await shop.deliver(event_body(event_type, subject))
    [report] = await shop.reported()
    assert report.status == "ignored"
    assert shop.stripe.calls == []


@pytest.mark.parametrize(
    "subject",
    [
        about("subscription", "sub_1", name="a\x00b"),
        about("subscription", "sub_1", amount=2**63),
        about("subscription", "sub_1", amount=10**400),
        about("subscription", "sub_1", name="\ud800"),
    ],
)
async def test_poison_values_are_stored_as_they_came_a11(shop: Shop, subject: dict[str, Any]) -> None:
    shop.stripe.put(fake_subscription())
    body = event_body("customer.subscription.updated", subject)
    await shop.deliver(body)
    assert await shop.db.read(lambda tx: tx.all(BODIES)) == [body]
    assert await shop.reported() == []


async def test_deep_json_never_makes_a_500_a11(shop: Shop) -> None:
    deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
    body = updated().replace(b'"subscription"', b'"subscription", "deep": ' + deep)
    assert await shop.post(body) in {200, 400}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"evt_1"',
        b"{}",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe",
        b'{"id":"evt_1","object":"event"}',
        b'{"id":"","object":"event","type":"x","created":1,"data":{"object":{}}}',
        b'{"id":"evt_\\u0000","object":"event","type":"x","created":1,"data":{"object":{}}}',
        b'{"id":"evt_1","object":"event","type":"x","created":1e400,"data":{"object":{}}}',
        b'{"id":"evt_1","object":"event","type":"x","created":99999999999999999,"data":{"object":{}}}',
        b'{"id":"evt_1","object":"event","type":"x","created":-99999999999999,"data":{"object":{}}}',
    ],
)
async def test_a_signed_body_that_is_no_event_is_400_a12(shop: Shop, body: bytes) -> None:
    assert await shop.post(body) == 400
    assert await stored(shop) == 0


async def test_a_body_of_1_mib_is_accepted_and_one_byte_more_is_413_a13(shop: Shop) -> None:
    short = len(updated(padding="", event_id="evt_big"))
    largest = updated(padding="x" * (LARGEST_BODY - short), event_id="evt_big")
    assert len(largest) == LARGEST_BODY
    assert await shop.post(largest) == 200
    assert await shop.post(largest + b" ") == 413
    assert await stored(shop) == 1


async def test_a_chunked_body_is_cut_off_when_it_grows_too_large_a13(shop: Shop) -> None:
    chunks = [b"x" * 65_536] * 40
    headers = [(b"transfer-encoding", b"chunked")]
    status, _ = await call(shop.door, PREFIX + shop.team_id, chunks, headers=headers)
    assert status == 413


async def test_a_compressed_body_is_415_a13(shop: Shop) -> None:
    headers = [(b"content-encoding", b"gzip"), (b"content-length", b"3")]
    status, _ = await call(shop.door, PREFIX + shop.team_id, [b"abc"], headers=headers)
    assert status == 415


@pytest.mark.parametrize("more", [{"livemode": True}, {"account": "acct_of_somebody_else"}])
async def test_an_event_of_the_other_mode_or_another_account_is_ignored_a14(shop: Shop, more: dict[str, Any]) -> None:
    shop.stripe.put(fake_subscription())
    body = json.dumps({**json.loads(updated()), **more}).encode()
    await shop.deliver(body)
    [report] = await shop.reported()
    assert report.status == "ignored"
    assert shop.stripe.calls == []


async def test_a_database_that_is_down_is_503_and_never_a_false_200_b3(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise Unavailable("The database does not answer. Nothing was changed.")

    monkeypatch.setattr(shop.db, "write", down)
    bodies = [updated() for _ in range(20)]
    answers = await asyncio.gather(*(shop.post_and_read(body) for body in bodies))
    assert {status for status, _ in answers} == {503}
    monkeypatch.undo()
    assert {await shop.post(body) for body in bodies} == {200}
    assert await stored(shop) == 20


async def test_a_fault_of_ours_is_500_with_a_plain_message_b2(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(shop.db, "write", broken)
    status, body = await shop.post_and_read(updated())
    assert status == 500
    assert b"secret" not in body


async def test_one_item_that_cannot_be_stored_fails_alone(shop: Shop) -> None:
    async def unit(tx: Any, items: Sequence[int]) -> list[int]:
        del tx
        if 13 in items:
            raise ValueError("13 is poison")
        return [item * 2 for item in items]

    batch: Batcher[int, int] = Batcher(shop.db, unit)
    results = await asyncio.gather(*(batch.add(item) for item in range(20)), return_exceptions=True)
    assert isinstance(results[13], ValueError)
    assert [result for item, result in enumerate(results) if item != 13] == [
        item * 2 for item in range(20) if item != 13
    ]


async def test_every_item_of_a_long_stream_is_answered_with_its_own_result(shop: Shop) -> None:
    async def unit(tx: Any, items: Sequence[int]) -> list[int]:
        del tx
        return [item * 2 for item in items]

    batch: Batcher[int, int] = Batcher(shop.db, unit, largest=16)

    async def lane(first: int) -> list[int]:
        return [await batch.add(item) for item in range(first, first + 40)]

    results = await asyncio.gather(*(lane(first) for first in range(0, 1600, 40)))
    assert [result for each in results for result in each] == [item * 2 for item in range(1600)]


async def test_where_units_run_one_after_the_other_two_halves_take_turns() -> None:
    """All at once would be answered at once and come back at once, while the disk rests."""
    sizes: list[int] = []
    turns = asyncio.Semaphore(0)

    class OneAtATime:
        units_side_by_side = 1

        async def write(self, unit: Any, items: Sequence[int]) -> Sequence[int]:
            del unit
            sizes.append(len(items))
            await turns.acquire()
            return items

    batch: Batcher[int, int] = Batcher(cast("Any", OneAtATime()), None)  # type: ignore[arg-type]
    tasks = [batch.add(number) for number in range(17)]
    for _ in range(6):
        turns.release()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert sorted(await asyncio.gather(*tasks)) == list(range(17))
    assert sizes == [9, 8]


async def test_a_caller_who_left_does_not_stop_the_others(shop: Shop) -> None:
    async def unit(tx: Any, items: Sequence[int]) -> Sequence[int]:
        del tx
        return items

    batch: Batcher[int, int] = Batcher(shop.db, unit)
    tasks = [batch.add(item) for item in range(5)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [result for result in results if isinstance(result, int)] == [0, 1, 3, 4]


async def test_deliveries_from_the_network_hold_the_worker_back_and_the_simulators_do_not(shop: Shop) -> None:
    moment = 0.0
    pressure = Pressure(lambda: moment)
    door = StripeWebhook(
        cast("Any", SimpleNamespace(db=shop.db, clock=shop.clock, stripe=shop.connections)), pressure=pressure
    )
    moment = 10.0
    for _ in range(150):
        body = updated()
        headers = {"stripe-signature": sign(body, SECRET, shop.clock.now())}
        assert await post_in_memory(door, PREFIX + shop.team_id, headers, body) == 200
    assert not pressure.is_high()
    for _ in range(150):
        assert (await call(door, PREFIX + shop.team_id, [b""], headers=[]))[0] == 400
    assert pressure.is_high()
    moment = 10.3
    assert pressure.is_high()
    moment = 11.0
    assert not pressure.is_high()
