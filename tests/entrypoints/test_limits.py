from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest

from billfold.entrypoints.limits import LARGEST_BODY, BadKeyLimit, Message, Receive, RequestLimits, Scope, Send


def make_scope(headers: Iterable[tuple[bytes, bytes]] = (), **changes: Any) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": list(headers),
        "client": ("192.0.2.1", 1234),
        **changes,
    }


class Upload:
    """A client that sends its pieces, and counts how many were asked for."""

    def __init__(self, pieces: Iterable[bytes], *, stalls: bool = False) -> None:
        self._pieces = iter(pieces)
        self._stalls = stalls
        self.sent = 0

    async def __call__(self) -> Message:
        piece = next(self._pieces, None)
        if piece is None:
            if self._stalls:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": b"", "more_body": False}
        self.sent += len(piece)
        return {"type": "http.request", "body": piece, "more_body": True}


class Answer:
    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = dict(message["headers"])
        else:
            self.body += message.get("body", b"")

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"])


async def echo_length(scope: Scope, receive: Receive, send: Send) -> None:
    del scope
    message = await receive()
    assert not message.get("more_body")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(len(message.get("body", b""))).encode()})


async def post(upload: Upload, headers: Iterable[tuple[bytes, bytes]], **limits: Any) -> Answer:
    answer = Answer()
    await RequestLimits(echo_length, **limits)(make_scope(headers), upload, answer)
    return answer


async def test_a13_a_body_of_exactly_one_mebibyte_passes_in_pieces() -> None:
    answer = await post(Upload([b"x" * 4096] * 256), [(b"transfer-encoding", b"chunked")])
    assert (answer.status, answer.body) == (200, str(LARGEST_BODY).encode())


async def test_a13_one_byte_more_is_413_without_a_content_length() -> None:
    answer = await post(Upload([b"x" * LARGEST_BODY, b"x"]), [(b"transfer-encoding", b"chunked")])
    assert answer.status == 413
    assert "1048576" in answer.error
    assert answer.headers[b"connection"] == b"close"


async def test_a13_an_announced_body_that_is_too_large_is_answered_before_it_is_read() -> None:
    seen: list[int] = []
    upload = Upload([b"x" * 65536] * 400)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.append(upload.sent)

    scope = make_scope([(b"content-length", b"26214400")])
    await RequestLimits(echo_length)(scope, upload, send)
    assert seen == [0]
    # What follows is thrown away for a while so that the client sees the answer, but not without end.
    assert upload.sent <= 17 * 1024 * 1024


async def test_a13_a_compressed_body_is_415() -> None:
    answer = await post(Upload([b"x"]), [(b"content-length", b"1"), (b"content-encoding", b"gzip")])
    assert answer.status == 415


async def test_a13_a_body_that_does_not_come_is_cut() -> None:
    answer = await post(Upload([b"x"], stalls=True), [(b"content-length", b"100")], body_seconds=0.01)
    assert answer.status == 408


async def test_a13_an_address_or_headers_without_end_are_refused() -> None:
    for changes, status in (
        ({"raw_path": b"/" + b"x" * 17_000}, 414),
        ({"query_string": b"x" * 17_000}, 414),
        ({"headers": [(b"x-long", b"x" * 70_000)]}, 431),
    ):
        answer = Answer()
        await RequestLimits(echo_length)(make_scope(**changes), Upload([]), answer)
        assert answer.status == status


async def test_a_client_that_leaves_is_not_answered() -> None:
    async def leave() -> Message:
        return {"type": "http.disconnect"}

    answer = Answer()
    await RequestLimits(echo_length)(make_scope([(b"content-length", b"10")]), leave, answer)
    assert answer.status == 0


async def answer_401(scope: Scope, receive: Receive, send: Send) -> None:
    del receive
    status = 200 if (b"authorization", b"Bearer right") in scope["headers"] else 401
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


class Stopwatch:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def ask(limit: BadKeyLimit, key: bytes, host: str = "192.0.2.1") -> Answer:
    answer = Answer()
    await limit(make_scope([(b"authorization", b"Bearer " + key)], client=(host, 1)), Upload([]), answer)
    return answer


async def test_g33_wrong_keys_are_429_after_a_minutes_worth_and_right_ones_never() -> None:
    stopwatch = Stopwatch()
    limit = BadKeyLimit(answer_401, per_minute=3, monotonic=stopwatch)
    assert [(await ask(limit, b"wrong")).status for _ in range(4)] == [401, 401, 401, 429]
    answer = await ask(limit, b"wrong")
    assert answer.headers[b"retry-after"] == b"20"
    assert "20 seconds" in answer.error
    assert (await ask(limit, b"right")).status == 200
    assert (await ask(limit, b"wrong", host="192.0.2.2")).status == 401
    stopwatch.seconds = 20
    assert [(await ask(limit, b"wrong")).status for _ in range(2)] == [401, 429]


async def test_g33_an_ipv6_client_is_its_network() -> None:
    limit = BadKeyLimit(answer_401, per_minute=1, monotonic=Stopwatch())
    assert (await ask(limit, b"wrong", host="2001:db8::1")).status == 401
    assert (await ask(limit, b"wrong", host="2001:db8::2")).status == 429
    assert (await ask(limit, b"wrong", host="2001:db8:0:1::1")).status == 401


async def test_g33_the_memory_for_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billfold.entrypoints.limits._MOST_ADDRESSES", 3)
    limit = BadKeyLimit(answer_401, per_minute=5, monotonic=Stopwatch())
    for last in range(10):
        await ask(limit, b"wrong", host=f"192.0.2.{last}")
    assert len(limit._guesses._buckets) == 3
