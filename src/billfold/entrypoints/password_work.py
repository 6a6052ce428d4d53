"""Hashing passwords off the event loop, a few at a time.

argon2id takes about 50 ms and 64 MiB by design. Two threads bound the memory, and a bounded queue in front of them answers "busy"
instead of holding everybody up: whoever floods the sign-in fills that queue, and nothing else of the server.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from billfold.base.errors import Unavailable

Result = TypeVar("Result")

_THREADS: Final = 2
_MOST_WAITING: Final = 32


class PasswordWork:
    """Hashes and compares passwords for the whole process."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="passwords")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return what is stored of a password."""
        from billfold.base.passwords import hash_password  # noqa: PLC0415 - its import costs 40 ms

        return await self._run(hash_password, _composed(password))

    async def is_right(self, password: str, stored: str | None) -> bool:
        """Tell whether a password is the one that was hashed; takes as long when there is none to compare with."""
        from billfold.base.passwords import is_password  # noqa: PLC0415 - see above

        return await self._run(is_password, _composed(password), stored)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        if self._waiting >= _MOST_WAITING:
            raise Unavailable("Too many people are signing in at this moment. Try again in a few seconds.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1


def _composed(password: str) -> str:
    """Return the password in one way of writing: keyboards differ in how they make an é."""
    return unicodedata.normalize("NFC", password)
