"""The load generator: a few keep-alive connections, plain sockets, nothing that could be slower than what is measured.

It runs in the benchmark's own process, the server under test in another. `run` without a rate is a closed loop: each
connection sends its next request when the answer to the last one is in. With a rate it is an open loop: requests are due at
fixed moments whatever the server does, and a latency counts from the moment the request was due, so a server that stalls
pays for every request that had to wait (no coordinated omission).
"""

from __future__ import annotations

import gc
import re
import select
import socket
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

_SILENCE_SECONDS: Final = 30.0
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_RECEIVE_BYTES: Final = 262_144


class LoadFailed(Exception):
    """The server closed a connection, stayed silent or answered something else than expected."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run gave: how long it took, each latency in milliseconds in order of completion, answers per status."""

    seconds: float
    latencies_ms: tuple[float, ...]
    statuses: Counter[int]
    last_body: bytes

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return len(self.latencies_ms) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """Return the latency in milliseconds that `percent` of the requests did not exceed."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    @property
    def median_ms(self) -> float:
        """The latency in the middle, in milliseconds."""
        return statistics.median(self.latencies_ms)

    def expect(self, *statuses: int) -> Outcome:
        """Return itself if every answer had one of these statuses; a fast error is not a measurement."""
        wrong = {status: count for status, count in self.statuses.items() if status not in statuses}
        if wrong:
            raise LoadFailed(f"expected {statuses}, got {wrong}; the last answer was {self.last_body[:300]!r}")
        return self


class _Connection:
    __slots__ = ("buffer", "due", "sock")

    def __init__(self, host: str, port: int) -> None:
        self.sock = socket.create_connection((host, port), timeout=5)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.sock.settimeout(0)
        self.buffer = b""
        self.due = 0.0

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        if self.sock.send(request) != len(request):
            raise LoadFailed("a request did not fit into the socket's buffer")

    def receive(self) -> tuple[int, bytes] | None:
        """Return status and body when the answer is complete."""
        try:
            received = self.sock.recv(_RECEIVE_BYTES)
        except ConnectionResetError:
            received = b""
        if not received:
            raise LoadFailed("the server closed a connection that should have stayed open")
        data = self.buffer + received if self.buffer else received
        end = data.find(b"\r\n\r\n")
        length = _LENGTH.search(data, 0, end + 2) if end >= 0 else None
        if end >= 0 and length is None:
            raise LoadFailed(f"an answer without Content-Length: {data[:200]!r}")
        if length is None or len(data) < end + 4 + int(length[1]):
            self.buffer = data
            return None
        self.buffer = b""
        return int(data[9:12]), data[end + 4 :]


def run(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int = 16,
    per_second: float | None = None,
    host: str = "127.0.0.1",
) -> Outcome:
    """Send every request once over keep-alive connections, at a fixed rate if one is given, and time the answers."""
    idle = [_Connection(host, port) for _ in range(connections)]
    everyone = tuple(idle)
    gc.collect()
    gc.disable()
    try:
        return _run(idle, requests, per_second)
    finally:
        gc.enable()
        for connection in everyone:
            connection.sock.close()


def _run(idle: list[_Connection], requests: Sequence[bytes], per_second: float | None) -> Outcome:
    interval = 0.0 if per_second is None else 1.0 / per_second
    busy: set[_Connection] = set()
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    total, sent, body = len(requests), 0, b""
    start = now = perf_counter()
    while len(latencies) < total:
        while idle and sent < total and start + sent * interval <= now:
            # The one that waited longest: a server closes connections that are never used.
            connection = idle.pop(0)
            connection.send(requests[sent], start + sent * interval if interval else now)
            busy.add(connection)
            sent += 1
            now = perf_counter()
        timeout = _SILENCE_SECONDS
        if interval and idle and sent < total:
            timeout = max(0.0, start + sent * interval - now)
        readable, _, _ = select.select(busy, (), (), timeout)
        now = perf_counter()
        if not readable and timeout == _SILENCE_SECONDS:
            raise LoadFailed(f"the server gave no answer for {_SILENCE_SECONDS:.0f} s")
        for connection in readable:
            answer = connection.receive()
            if answer is not None:
                status, body = answer
                statuses[status] += 1
                latencies.append((now - connection.due) * 1_000)
                busy.discard(connection)
                idle.append(connection)
    return Outcome(now - start, tuple(latencies), statuses, body)


def get(path: str, headers: dict[str, str] | None = None) -> bytes:
    """Return a GET request's bytes."""
    return _request("GET", path, headers or {}, b"")


def post(path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """Return a JSON POST request's bytes."""
    return _request("POST", path, {"content-type": "application/json", **(headers or {})}, body)


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    length = {"content-length": str(len(body))} if body or method == "POST" else {}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"host": "127.0.0.1", **headers, **length}.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
