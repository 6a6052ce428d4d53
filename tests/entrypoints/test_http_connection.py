from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import uvicorn
from uvicorn.server import ServerState

from billfold.entrypoints import http_connection
from billfold.entrypoints.http_connection import HttpConnection
from billfold.entrypoints.limits import Receive, RequestLimits, Scope, Send


async def answer_ok(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(http_connection, "_HEAD_SECONDS", 0.05)
    monkeypatch.setattr(http_connection, "_LINGER_SECONDS", 0.05)
    config = uvicorn.Config(answer_ok, log_config=None, ws="none", lifespan="off")
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: HttpConnection(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def limited_port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server whose bodies may take a twentieth of a second."""
    monkeypatch.setattr(http_connection, "BODY_SECONDS", 0.0)
    monkeypatch.setattr(http_connection, "_LINGER_SECONDS", 0.05)
    config = uvicorn.Config(RequestLimits(answer_ok, body_seconds=0.05), log_config=None, ws="none", lifespan="off")
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: HttpConnection(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def exchange(port: int, *pieces: bytes) -> bytes:
    """Send the pieces a little apart, and return all that came until the server closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.01)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def test_a13_headers_that_do_not_end_are_cut(port: int) -> None:
    answer = await exchange(port, b"GET / HTTP/1.1\r\nx-slow: ")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body) == {"error": "The request took too long to arrive."}


async def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    assert await exchange(port) == b""


async def test_the_second_request_of_a_connection_has_its_time_too(port: int) -> None:
    answer = await exchange(port, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", b"GET / HTTP/1.1\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


async def test_a_head_that_comes_in_pieces_is_served(port: int) -> None:
    answer = await exchange(port, b"GET / HT", b"TP/1.1\r\nhost: x\r\n", b"connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"ok")


async def test_a13_headers_without_measure_are_refused(port: int) -> None:
    answer = await exchange(port, b"GET / HTTP/1.1\r\n", *[b"x: " + b"y" * 30_000 + b"\r\n"] * 3)
    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a13_a_body_that_does_not_come_is_answered_and_cut(limited_port: int) -> None:
    head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n"
    answer = await exchange(limited_port, head, b"slow")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"The request body took longer" in answer


async def test_a_body_that_comes_in_pieces_is_served(limited_port: int) -> None:
    head = b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n"
    answer = await exchange(limited_port, head, b"in ", b"pieces")
    assert answer.startswith(b"HTTP/1.1 200 ")
