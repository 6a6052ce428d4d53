"""How many tries of each endpoint run at once, so that a slow or dead receiver never delays another (SCENARIOS G7).

All endpoints share a number of places. One that answers quickly may have more and more of them; one that lets us wait gets one at
a time, and all those that let us wait together have half of the places at most. So whoever is quick always finds one free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

# At most so many tries of one endpoint at once: its receiver is somebody's small server.
MOST_FOR_ONE: Final = 32
_AT_FIRST: Final = 2
SLOW_NS: Final = 2_000_000_000
# What is remembered of endpoints that have nothing under way.
_MOST_REMEMBERED: Final = 10_000


@dataclass(slots=True)
class _Pace:
    """What is known of one endpoint; moments are monotonic nanoseconds."""

    allowed: int
    is_slow: bool = False
    begun: dict[str, int] = field(default_factory=dict)

    def waits(self, time: int) -> bool:
        """Tell whether the endpoint lets us wait: its last answer, or one that is awaited now."""
        return self.is_slow or any(time - begun >= SLOW_NS for begun in self.begun.values())


class Paces:
    """The places of one process."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._known: dict[str, _Pace] = {}
        self._taken = 0

    @property
    def is_full(self) -> bool:
        """Whether no place is free for anybody."""
        return self._taken >= self._places

    def shares(self, endpoints: Sequence[tuple[str, bool]], time: int) -> list[tuple[str, int]]:
        """Say how many tries may begin for each of these endpoints that have some due; `True`: it is known to be failing.

        Places are dealt out one at a time, so that the first endpoint does not take what the last one needs.
        """
        slow_taken = sum(len(pace.begun) for pace in self._known.values() if pace.begun and pace.waits(time))
        free, slow_free = self._places - self._taken, self._places // 2 - slow_taken
        open_to: dict[str, int] = {}
        is_slow: dict[str, bool] = {}
        for endpoint_id, is_failing in endpoints:
            pace = self._known.get(endpoint_id)
            waits = is_failing if pace is None else pace.waits(time)
            is_slow[endpoint_id] = waits
            allowed = 1 if waits else _AT_FIRST if pace is None else pace.allowed
            open_to[endpoint_id] = allowed - (0 if pace is None else len(pace.begun))
        given: dict[str, int] = {}
        while free > 0:
            takers = [each for each, room in open_to.items() if room > 0 and (slow_free > 0 or not is_slow[each])]
            if not takers:
                break
            for each in takers[:free]:
                if is_slow[each]:
                    if slow_free <= 0:
                        continue
                    slow_free -= 1
                given[each] = given.get(each, 0) + 1
                open_to[each] -= 1
                free -= 1
        return list(given.items())

    def begin(self, endpoint_id: str, key: str, time: int, *, is_failing: bool) -> None:
        """Take a place for a try; `key` names it."""
        pace = self._known.get(endpoint_id)
        if pace is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known = {each: kept for each, kept in self._known.items() if kept.begun}
            pace = self._known[endpoint_id] = _Pace(1 if is_failing else _AT_FIRST, is_failing)
        pace.begun[key] = time
        self._taken += 1

    def end(self, endpoint_id: str, key: str, *, is_taken: bool | None, took_ns: int) -> None:
        """Give the place back, with how the try ended; `is_taken` None: nothing was learnt."""
        pace = self._known[endpoint_id]
        del pace.begun[key]
        self._taken -= 1
        if is_taken is None:
            return
        pace.is_slow = took_ns >= SLOW_NS
        if pace.is_slow:
            pace.allowed = 1
        elif is_taken:
            pace.allowed = min(pace.allowed + 1, MOST_FOR_ONE)
        else:
            pace.allowed = max(pace.allowed // 2, 1)
