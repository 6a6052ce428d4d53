"""The published keys of other people's logins (JWK Sets): fetched when needed, remembered, and never asked for often.

A token with an unknown `kid` makes us look again, because logins rotate their keys; but at most once a minute for each
set, or anybody with a made-up token could have us hammer the login. Of many callers at once one fetch serves all. What was
fetched is renewed after ten minutes beside the requests, and still used for a day while the login does not answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from billfold.base.errors import Unavailable
from billfold.infrastructure.outbound import Limits, Outbound, OutboundError
from billfold.infrastructure.tokens import KeysInvalid, VerifyingKey, published_keys

_log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 60
FRESH_SECONDS: Final = 600
STALE_SECONDS: Final = 24 * 3600
_LIMITS: Final = Limits(total_seconds=5.0, largest_answer=256 * 1024)
_MOST_SETS: Final = 10_000
_OK: Final = 200


@dataclass(slots=True)
class _KeySet:
    """What is known of one address; moments are monotonic seconds."""

    keys: Sequence[VerifyingKey] | None = None
    fetched_at: float = 0.0
    tried_at: float | None = None
    fetching: asyncio.Task[None] | None = None


class KeySets:
    """Keys by the owner and the address of their set: two owners of one address do not share their patience."""

    def __init__(self, outbound: Outbound, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._outbound = outbound
        self._monotonic = monotonic
        self._sets: dict[tuple[str, str], _KeySet] = {}

    async def keys(self, owner: str, url: str) -> Sequence[VerifyingKey]:
        """Return the keys at an address, remembered ones if possible; raises `Unavailable` if none can be had."""
        known = self._known(owner, url)
        now = self._monotonic()
        if known.keys is not None and now - known.fetched_at < STALE_SECONDS:
            if now - known.fetched_at >= FRESH_SECONDS:
                self._begin(known, url)
            return known.keys
        known.keys = None
        await self._look(known, url)
        if known.keys is None:
            raise Unavailable("The login's keys cannot be fetched now.", retry_after_seconds=AGAIN_SECONDS)
        return known.keys

    async def newer_keys(self, owner: str, url: str) -> Sequence[VerifyingKey]:
        """Look again for a key that is not among the known ones, unless that was tried within the last minute."""
        known = self._known(owner, url)
        await self._look(known, url)
        return known.keys or ()

    async def close(self) -> None:
        """End the fetches under way."""
        tasks = [each.fetching for each in self._sets.values() if each.fetching is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _known(self, owner: str, url: str) -> _KeySet:
        if len(self._sets) >= _MOST_SETS:
            self._sets.clear()
        return self._sets.setdefault((owner, url), _KeySet())

    async def _look(self, known: _KeySet, url: str) -> None:
        self._begin(known, url)
        if known.fetching is not None:
            # A caller who leaves must not end the fetch that others wait for.
            await asyncio.shield(known.fetching)

    def _begin(self, known: _KeySet, url: str) -> None:
        """Start a fetch, unless one is under way or was tried within the last minute."""
        now = self._monotonic()
        if known.fetching is not None or (known.tried_at is not None and now - known.tried_at < AGAIN_SECONDS):
            return
        known.tried_at = now
        known.fetching = asyncio.create_task(self._fetch(known, url))

    async def _fetch(self, known: _KeySet, url: str) -> None:
        try:
            answer = await self._outbound.fetch("GET", url, {"accept": "application/json"}, limits=_LIMITS)
            if answer.status != _OK:
                raise KeysInvalid(f"it answers with status {answer.status}")
            known.keys = published_keys(answer.body)
            known.fetched_at = self._monotonic()
        except (OutboundError, KeysInvalid) as error:
            _log.warning("key_set.not_fetched", url=url.partition("?")[0], reason=str(error))
        except Exception:  # noqa: BLE001 - whoever waits is answered from what is known
            _log.exception("key_set.failed", url=url.partition("?")[0])
        finally:
            known.fetching = None
