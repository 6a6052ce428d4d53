"""When a delivery that failed is tried again (SCENARIOS G6)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

# Between the tries: seconds for a restart, minutes for a deployment, hours for a night and a weekend. Twelve tries over
# 72 hours; the first seven pauses are those that receivers know from other senders.
RETRY_SECONDS: Final = (
    5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600, 11 * 3600, 11 * 3600, 11 * 3600, 11 * 3600 + 30 * 60,
)  # fmt: skip
MOST_TRIES: Final = len(RETRY_SECONDS) + 1
# However many tries were made: sooner nothing is given up.
GIVEN_UP_AFTER: Final = timedelta(hours=72)
# A pause is never shorter than the table says, and at most a tenth longer.
JITTER_SHARE: Final = 10


def next_try(tries: int, *, attempts: int, first_tried_at: datetime | None, now: datetime) -> datetime | None:
    """Return when to try again after so many failed tries, None if it is given up.

    `tries` counts those of the table, `attempts` also those that were brought forward. The chance in the pause keeps a
    receiver that comes back from getting everything in the same second.
    """
    is_old = first_tried_at is not None and now - first_tried_at >= GIVEN_UP_AFTER
    if tries >= MOST_TRIES or (is_old and attempts >= MOST_TRIES):
        return None
    milliseconds = RETRY_SECONDS[tries - 1] * 1000
    return now + timedelta(milliseconds=milliseconds + secrets.randbelow(milliseconds // JITTER_SHARE + 1))
