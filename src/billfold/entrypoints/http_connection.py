"""One HTTP connection: uvicorn's on httptools, with bounds on what comes before a request is complete enough to judge.

The parser itself keeps headers of any length for any time. Here a request whose headers do not end within 80 KiB is answered 431
and one whose headers do not end within 15 seconds is cut; finer limits are in `limits.py`. A body that is slow to come has
whoever waits for it woken up, and `limits.py` judges.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from billfold.entrypoints.limits import BODY_SECONDS, LARGEST_HEADERS, LARGEST_URL, WAKES_SLOW_BODIES

_HEAD_SECONDS: Final = 15.0
_LINGER_SECONDS: Final = 2.0
_EXTENSIONS: Final[dict[str, dict[str, Any]]] = {WAKES_SLOW_BODIES: {}}


class HttpConnection(HttpToolsProtocol):
    """Counts and times the head of each request."""

    def connection_made(self, transport: Any) -> None:
        """Start the time for the first request."""
        super().connection_made(transport)
        self._head_bytes = 0
        self._in_head = True
        self._head_started = False
        self._lingering = False
        self._in_body = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._body_timer: asyncio.TimerHandle | None = None
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._stop_timer()
        self._stop_body_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, then count if the head is still open."""
        if self._lingering:
            return
        super().data_received(data)
        if self._in_head and self._head_started and not self._lingering:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_URL + LARGEST_HEADERS:
                self._answer_and_close(431, "The headers are too long.")
            elif self._head_timer is None:
                self._start_timer()
        elif self._in_body and self._body_timer is None and not self._lingering:
            # A little later than the time that is allowed, so that whoever wakes up finds it over.
            self._body_timer = self.loop.call_later(BODY_SECONDS + 0.1, self._wake_reader)

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._head_started = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop counting."""
        self.scope["extensions"] = _EXTENSIONS  # type: ignore[typeddict-item]
        self._in_body = True
        self._in_head = False
        self._head_started = False
        self._head_bytes = 0
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Be ready for the next request on this connection."""
        self._in_body = False
        self._in_head = True
        self._stop_body_timer()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP in the envelope of every other error."""
        self._answer_and_close(400, msg)

    def _start_timer(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._cut)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_body_timer(self) -> None:
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None

    def _wake_reader(self) -> None:
        self._body_timer = None
        # The request now read gives what there is of its body, and that more is to come.
        self.cycle.message_event.set()

    def _cut(self) -> None:
        self._head_timer = None
        if self._head_started:
            self._answer_and_close(408, "The request took too long to arrive.")
        else:
            self.transport.close()

    def _answer_and_close(self, status: int, message: str) -> None:
        if self._lingering or self.transport.is_closing():
            return
        body = json.dumps({"error": message}).encode()
        head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + body)
        # Closed with unread bytes, a connection is reset and the client sees no answer: take in what still comes for a moment.
        self._lingering = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._stop_timer()
        self._head_timer = self.loop.call_later(_LINGER_SECONDS, self.transport.close)
