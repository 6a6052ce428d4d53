"""Bringing SQLite's write-ahead log into the file without holding up commits.

By itself SQLite does it inside the commit that finds the log long: some thousand pages are copied and the file is synced while
everybody who waits for that commit waits. Here a thread with a connection of its own copies most pages while commits go
on, and the writer copies the few that came since, right after a commit. Only then can the log begin anew at its start, and it
must: a log that grows costs more at each sync than one that is written over.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from typing import Final

# About a thousand pages of the log, which is SQLite's own measure.
_CHANGES: Final = 500
# Past so many pages the commit does it after all: the thread cannot follow, or something is wrong with it.
PAGES_IN_COMMIT: Final = 8_000
# So few left over are copied by the writer in a fraction of a millisecond.
_FEW_PAGES: Final = 200
_PASSES: Final = 4


class Checkpoints:
    """The thread, and what the writer tells it."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._copied_at = 0
        self._due = threading.Event()
        self._nearly_done = False
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="billfold-checkpoints", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Let the pass under way end."""
        self._stopped = True
        self._due.set()
        self._thread.join()

    def after_commit(self, writer: sqlite3.Connection) -> None:
        """Note what was committed; copy the last pages if the thread has copied the rest. No transaction is open now."""
        if self._nearly_done:
            self._nearly_done = False
            self._copied_at = writer.total_changes
            _copy(writer)
        elif writer.total_changes - self._copied_at >= _CHANGES and not self._due.is_set():
            self._copied_at = writer.total_changes
            self._due.set()

    def _run(self) -> None:
        connection = self._connect()
        with contextlib.closing(connection):
            while True:
                self._due.wait()
                # Before the look at `_stopped`, which is set before the event: whichever comes first, the end is seen.
                self._due.clear()
                if self._stopped:
                    return
                for _ in range(_PASSES):
                    if 0 <= _copy(connection) <= _FEW_PAGES:
                        self._nearly_done = True
                        break


def _copy(connection: sqlite3.Connection) -> int:
    """Copy what nobody reads any more; return how many pages are left, -1 if it could not be done now."""
    try:
        _, pages, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except sqlite3.Error:
        # A full disk, or another process at the same work: the next pass tries again.
        return -1
    return int(pages) - int(copied)
