"""Which events the house itself goes by: the others only tell the outside, and `tests/feed` looks at those."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.events import SubscriptionEnded
from billfold.infrastructure.jobs.events import events
from billfold.subscribers import SUBSCRIBERS

HEARD: Final = sa.or_(
    *(events.c.name == name for name in sorted({SubscriptionEnded.name, *(each.event.name for each in SUBSCRIBERS)}))
)
