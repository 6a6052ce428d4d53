"""Named places where a test makes the process die, raise or run out of disk (SCENARIOS B2).

`reach("before-commit")` does nothing unless the environment names that point when the process starts:
`BILLFOLD_FAIL_POINT=before-commit:kill:3` kills the process with SIGKILL the third time it is reached. The second word
is `kill`, `raise` or `disk-full`; several points are separated by commas. A running server cannot be told to fail: only
whoever starts it can.
"""

from __future__ import annotations

import errno
import os
import signal
from typing import Final

VARIABLE: Final = "BILLFOLD_FAIL_POINT"

POINTS: Final = (
    "after-verify",
    "after-event-insert",
    "before-commit",
    "after-commit",
    "before-send",
    "after-send",
)


_ACTIONS: Final = ("kill", "raise", "disk-full")


class FailPointReached(Exception):
    """What the action `raise` raises."""


class _Point:
    def __init__(self, setting: str) -> None:
        name, action, times = (*setting.split(":"), "", "")[:3]
        self.name, self.action = name, action or "kill"
        # A misspelt name would let a crash test pass without a crash.
        if name not in POINTS or self.action not in _ACTIONS or not (times or "1").isdecimal():
            raise ValueError(
                f"{VARIABLE} must be one of {', '.join(POINTS)}, then :kill, :raise or :disk-full, then :times"
            )
        self.countdown = int(times or "1")


class _Armed:
    def __init__(self, setting: str) -> None:
        self.points = {point.name: point for point in map(_Point, filter(None, setting.split(",")))}


_armed: Final = _Armed(os.environ.get(VARIABLE, ""))


def reach(name: str) -> None:
    """Fail here if the environment asked for it."""
    point = _armed.points.get(name)
    if point is None:
        return
    point.countdown -= 1
    if point.countdown != 0:
        return
    # Past the log, which a killed process would not write any more: a test can see that the point was met.
    os.write(2, f"fail point {name} reached\n".encode())
    if point.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if point.action == "disk-full":
        raise OSError(errno.ENOSPC, "no space left on device (fail point)")
    raise FailPointReached(name)
