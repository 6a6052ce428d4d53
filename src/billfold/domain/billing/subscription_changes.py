"""What of a stored subscription is news, and which public event tells of it: one for each change, the most telling."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from billfold.domain.billing.events import SubscriptionChanged, SubscriptionEnded, SubscriptionStarted
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish

if TYPE_CHECKING:
    from billfold.domain.billing.subscriptions import Subscription

_ENDED: Final = "canceled"
_PAUSED: Final = "paused"
# What the API shows of a subscription.
_SHOWN: Final = (
    "customer_id", "status", "price_id", "quantity", "cancel_at_period_end", "current_period_start", "current_period_end",
    "metadata",
)  # fmt: skip


async def publish_changes(
    tx: Writing, known: Subscription | None, fresh: Subscription, *, announce: bool, at: datetime, now: datetime
) -> None:
    """Publish what changed, at most one event: `SubscriptionStarted`, `SubscriptionEnded` or `SubscriptionChanged`.

    `announce` False says that what was unknown, or had not started, is somebody's past and no news.
    """
    ids = (fresh.team_id, fresh.project_id, fresh.customer_id, fresh.id)
    if announce and fresh.started_at is not None and (known is None or known.started_at is None):
        changes = _changes(known, fresh, announce=announce)
        await publish(tx, SubscriptionStarted(*ids, changes=changes), happened_at=at, now=now)
    elif known is not None and fresh.status == _ENDED:
        await publish(tx, SubscriptionEnded(*ids), happened_at=at, now=now)
    elif changes := _changes(known, fresh, announce=announce):
        await publish(tx, SubscriptionChanged(*ids, changes=changes), happened_at=at, now=now)


def _changes(known: Subscription | None, fresh: Subscription, *, announce: bool) -> tuple[str, ...]:
    if known is None:
        if not announce:
            return ()
        # Its whole life may have passed before the first event about it was looked at.
        return ("subscription.created", *(("subscription.canceled",) if fresh.status == _ENDED else ()))
    if all(getattr(known, name) == getattr(fresh, name) for name in _SHOWN):
        return ()
    if fresh.status == _PAUSED != known.status:
        return ("subscription.paused",)
    if known.status == _PAUSED != fresh.status:
        return ("subscription.resumed",)
    return ("subscription.updated",)
