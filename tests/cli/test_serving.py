from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.cli.command_line import CommandLine, free_port, on_connection, running, serving

pytestmark = pytest.mark.usefixtures("migrated_database_url")

INIT = ("init", "--team", "Acme", "--project", "Shop", "--email", "owner@example.com", "--json")


def send(port: int, *pieces: bytes) -> tuple[int, Any]:
    """Send raw bytes, and return the status and the JSON that come back before the connection closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
        answer = connection.recv(65536)
        while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
            piece = connection.recv(65536)
            assert piece, answer
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_a13_hostile_requests_are_refused_on_the_wire(billfold: CommandLine, tmp_path: Path) -> None:
    port = free_port()
    head = b"POST /api/billstack/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with serving(billfold.environment, port, tmp_path / "log"):
        assert send(port, head + b"content-length: 12582912\r\n\r\n", *[b"x" * 65536] * 192)[0] == 413
        assert send(port, head + b"transfer-encoding: chunked\r\n\r\n", *[chunk] * 30)[0] == 413
        assert send(port, head + b"content-encoding: gzip\r\ncontent-length: 1\r\n\r\nx")[0] == 415
        assert send(port, b"GET /api/" + b"x" * 20_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n")[0] == 414
        assert send(port, b"GET /api/ HTTP/1.1\r\nx-long: " + b"x" * 70_000 + b"\r\n\r\n")[0] == 431
        endless = send(port, b"GET /api/ HTTP/1.1\r\n", *[b"x-%d: y\r\n" % number * 1000 for number in range(30)])
        assert endless[0] == 431
        assert send(port, b"this is not HTTP\r\n\r\n")[0] == 400
        assert send(port, b"GET /api/nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n") == (
            404,
            {"error": "There is nothing at this address: see /reference for those that there are."},
        )


@pytest.mark.skipif(os.name != "posix", reason="needs SIGTERM")
def test_b4_sigterm_under_load_loses_nothing_that_was_answered(
    billfold: CommandLine, migrated_database_url: str, tmp_path: Path
) -> None:
    made = json.loads(billfold(*INIT).out)
    port = free_port()
    path = f"http://127.0.0.1:{port}/api/billstack/teams/{made['teamId']}/projects/{made['projectId']}/customers"
    answered: list[str] = []
    statuses: set[int] = set()
    enough = asyncio.Event()

    async def create_until_the_end(client: httpx.AsyncClient, lane: int) -> None:
        with contextlib.suppress(httpx.TransportError):
            for number in range(10_000):
                answer = await client.post(path, json={"email": f"c{lane}-{number}@example.com"})
                statuses.add(answer.status_code)
                if answer.status_code == 201:
                    answered.append(answer.json()["customer"]["id"])
                if len(answered) == 20:
                    enough.set()

    async def load(process: Any) -> float:
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {made['apiKey']}"}, timeout=20) as client:
            lanes = [asyncio.create_task(create_until_the_end(client, lane)) for lane in range(6)]
            await asyncio.wait_for(enough.wait(), 30)
            process.send_signal(signal.SIGTERM)
            told_at = time.monotonic()
            await asyncio.to_thread(process.wait, 30)
            await asyncio.gather(*lanes)
            return time.monotonic() - told_at

    with serving(billfold.environment, port, tmp_path / "log") as process:
        seconds = asyncio.run(load(process))
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert process.returncode == 0, log
    assert statuses == {201}, log
    assert seconds < 10

    def stored(connection: sa.Connection) -> set[str]:
        return {row[0] for row in connection.exec_driver_sql("SELECT id FROM customers")}

    assert set(answered) <= asyncio.run(on_connection(migrated_database_url, stored))
    assert "Traceback" not in log
    assert made["apiKey"] not in log


def test_a_worker_of_its_own_needs_postgresql(billfold: CommandLine) -> None:
    if not billfold.environment["BILLFOLD_DATABASE_URL"].startswith("sqlite"):
        pytest.skip("is about SQLite")
    outcome = billfold("worker")
    assert outcome.status == 1
    assert "billfold serve already runs its jobs" in outcome.err


@pytest.mark.skipif(os.name != "posix", reason="needs SIGTERM")
def test_b4_a_worker_of_its_own_ends_when_it_is_told(billfold: CommandLine, tmp_path: Path) -> None:
    if billfold.environment["BILLFOLD_DATABASE_URL"].startswith("sqlite"):
        pytest.skip("is about PostgreSQL")
    assert billfold(*INIT).status == 0
    with running(["worker"], billfold.environment, tmp_path / "log", until="worker runs") as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
