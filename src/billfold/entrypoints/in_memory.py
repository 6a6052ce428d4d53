"""Asks one of our own applications something without a socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billfold.entrypoints.limits import AsgiApp, Message, Scope

IN_MEMORY: Final = "billfold.in_memory"


async def post_in_memory(app: AsgiApp, path: str, headers: Mapping[str, str], body: bytes) -> int:
    """Send a POST to an ASGI application and return the status that it answers."""
    status = 500
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            *((name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()),
            (b"content-length", str(len(body)).encode()),
        ],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
        # Nobody outside waits for this answer: a door does not count it as load from the network.
        "extensions": {IN_MEMORY: {}},
    }

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    await app(scope, receive, send)
    return status
