"""Remembers when API keys were last used, without a write in the request's way."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from billfold.base.errors import BillfoldError
from billfold.domain.tenancy.api_keys import KeyCaller, note_use
from billfold.infrastructure.db.database import Database

_log = structlog.get_logger(__name__)

# A person asks "is this key still used?", and a minute answers that; a write for each request would double their cost.
_EVERY: Final = timedelta(minutes=1)
# One entry for each key used by this process. Past this many the oldest are forgotten, which costs one write more.
_MOST_KEYS: Final = 10_000


class KeyUse:
    """Writes a key's last use back at most once a minute, in a task of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._written: dict[str, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def note(self, caller: KeyCaller, now: datetime) -> None:
        """Take down that a key was used now."""
        written = self._written.get(caller.key_id, caller.last_used_at)
        if written is not None and now - written < _EVERY:
            return
        if len(self._written) >= _MOST_KEYS:
            del self._written[next(iter(self._written))]
        self._written[caller.key_id] = now
        task = asyncio.create_task(self._write(caller.key_id, now))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for what is being written, before the database is stopped."""
        await asyncio.gather(*self._tasks)

    async def _write(self, key_id: str, now: datetime) -> None:
        try:
            await self._db.write(note_use, key_id=key_id, used_at=now)
        except BillfoldError as error:
            _log.warning("api_key.use_not_written", key_id=key_id, reason=error.message)
            self._written.pop(key_id, None)
