"""Named places where a test makes the process die, raise or run out of disk (SCENARIOS B2).

`reach("before-commit")` does nothing unless the environment names that point when the process starts:
`BILLFOLD_FAIL_POINT=before-commit:kill:3` kills the process with SIGKILL the third time it is reached. The second word
is `kill`, `raise` or `disk-full`. A running server cannot be told to fail: only whoever starts it can.
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


class FailPointReached(Exception):
    """What the action `raise` raises."""


class _Armed:
    def __init__(self, setting: str) -> None:
        self.name, self.action, countdown = [*setting.split(":"), "kill", "1"][:3] if setting else ("", "", "0")
        self.countdown = int(countdown)


_armed: Final = _Armed(os.environ.get(VARIABLE, ""))


def reach(name: str) -> None:
    """Fail here if the environment asked for it."""
    if not _armed.name or _armed.name != name:
        return
    _armed.countdown -= 1
    if _armed.countdown != 0:
        return
    if _armed.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if _armed.action == "disk-full":
        raise OSError(errno.ENOSPC, "no space left on device (fail point)")
    raise FailPointReached(name)
