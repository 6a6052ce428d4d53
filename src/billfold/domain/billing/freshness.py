"""Which of two answers of Stripe about one object is the newer one, by the wall clock from just before each was asked for.

The clock of a machine is set back now and then, and the clocks of two workers differ. So what is stored may lie in the
future of the present moment. A little of that is also what two workers at once look like: the other one asked and stored
after we had taken the present moment. The two cannot be told apart, so the object is asked for once more, which settles it.
Farther ahead, only a clock that went back explains it, and what is stored never wins.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict
from billfold.infrastructure.db.types import Moment

# Longer than any look → call → write takes, with Stripe's slowest answer and every repetition of the request.
LONGEST_ROUND: Final = timedelta(minutes=5)


class AskAgain(Conflict):
    """What is stored may be older or newer than the answer at hand: only an answer asked for from now on is surely newer.

    `fetched_at` is that of the stored row, for `asked_after`. Nobody who can ask again needs to show this to a caller; for
    all others it is the conflict that it looks like.
    """

    def __init__(self, fetched_at: datetime) -> None:
        super().__init__("This was stored at the same time; try again.")
        self.fetched_at = fetched_at


def is_older(fetched_at: datetime, known_fetched_at: datetime, now: datetime) -> bool:
    """Tell whether an answer is older than what is stored, which then stays; all three are wall clock.

    `now` is from before the row was locked. Raises `AskAgain` where the clocks cannot tell.
    """
    if known_fetched_at <= fetched_at or known_fetched_at > impossible_after(now):
        return False
    if known_fetched_at > now:
        raise AskAgain(known_fetched_at)
    return True


def asked_after(now: datetime, known_fetched_at: datetime) -> datetime:
    """Return the `fetched_at` of an answer that is asked for at `now` by somebody who has seen the stored row.

    Such an answer is newer, so it never gets an earlier moment than the row's, unless that is one that never wins.
    """
    return known_fetched_at if now < known_fetched_at <= impossible_after(now) else now


def impossible_after(now: datetime) -> datetime:
    """Return the moment after which nobody can have fetched, however late `now` has become; also for `not_older`."""
    return now + LONGEST_ROUND


def not_older(known: sa.ColumnElement[datetime], offered: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """Return the condition that an offered row replaces the known one; parameter `impossible_after`.

    Where the clocks cannot tell, the known row stays: whoever offers finds his row unchanged and has to look again.
    """
    return sa.or_(known <= offered, known > sa.bindparam("impossible_after", type_=Moment()))
