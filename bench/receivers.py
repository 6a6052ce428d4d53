"""Receivers of webhooks in a process of their own: one takes at once, one hangs, one fails, by the first word of the path.

`python -m bench.receivers PORT`. Which object each event is about is remembered with the machine's monotonic time, which all its
processes share; `GET /arrived` tells it as JSON and forgets it.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from typing import Final

_OK: Final = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
_FAILED: Final = b"HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\nno"
# What the events of this benchmark are about.
_OBJECT: Final = re.compile(rb"we_\d{8}")


class _Connection(asyncio.Protocol):
    """One connection; requests on it come one after the other."""

    arrived: Final[list[tuple[str, int]]] = []

    def __init__(self) -> None:
        self._given = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        self._given += data
        while (end := self._given.find(b"\r\n\r\n")) >= 0:
            head = self._given[:end].decode("latin-1")
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
            length = end + 4 + int(fields.get("content-length", "0"))
            if len(self._given) < length:
                return
            found = _OBJECT.search(self._given[end:length])
            self._given = self._given[length:]
            self._answer(head.split(" ", 2)[1], found[0].decode() if found else "")

    def _answer(self, path: str, object_id: str) -> None:
        if path == "/arrived":
            body = json.dumps(self.arrived).encode()
            self.arrived.clear()
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        elif path.startswith("/take"):
            self.arrived.append((object_id, time.monotonic_ns()))
            self._transport.write(_OK)
        elif path.startswith("/fail"):
            self._transport.write(_FAILED)
        elif path == "/":
            self._transport.write(_OK)


async def main(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", port, backlog=1_024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
