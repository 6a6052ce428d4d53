"""A Stripe that answers just enough for a connection to be made, and then nothing at all."""

from __future__ import annotations

import json
import socket
import threading
from types import TracebackType
from typing import Final, Self

_ACCOUNT: Final = {
    "id": "acct_1Qbenchmark",
    "object": "account",
    "business_profile": {"name": "Example Software"},
    "settings": {"dashboard": {"display_name": "Example Software"}},
    "email": "bench@example.com",
    "charges_enabled": True,
}


class SilentStripe:
    """Listens on the loopback; after `fall_silent` it accepts connections and never answers, the worst kind of outage."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=1_024)
        self._silent = False
        self._kept: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        """The API base to give to Billfold."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Start answering."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close everything."""
        self._socket.close()
        for each in self._kept:
            each.close()

    def fall_silent(self) -> None:
        """From now on accept and say nothing."""
        self._silent = True

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._kept.append(connection)
            if not self._silent:
                connection.recv(65_536)
                body = json.dumps(_ACCOUNT).encode()
                head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
                connection.sendall(head.encode() + b"connection: close\r\n\r\n" + body)
                connection.shutdown(socket.SHUT_WR)
