"""What became of tries, written down for many at once: the delivery, the attempt, the lane and the endpoint's health."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.webhooks.attempts import NewAttempt, attempt_writes
from billfold.domain.webhooks.claims import Claim
from billfold.domain.webhooks.deliveries import DeliveryStatus, webhook_deliveries
from billfold.domain.webhooks.endpoints import Endpoint, OffReason, webhook_endpoints
from billfold.domain.webhooks.lanes import Lane, end_tries
from billfold.domain.webhooks.retries import next_try
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import ListedWrite, listed, query
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.queue import enqueue

# An endpoint is switched off after it took nothing for so long, and so many events failed meanwhile: neither a quiet weekend nor
# a busy bad hour is enough.
OFF_AFTER: Final = timedelta(days=5)
OFF_AFTER_EVENTS: Final = 20
# An endpoint that took nothing for so long and then takes something gets what waits for a later try at once.
WAS_DOWN_AFTER: Final = timedelta(minutes=5)
GONE: Final = 410
# "Gone" is believed when an event meets it for the third time, five minutes after the first, and nothing was taken meanwhile.
_GONE_TRIES: Final = 2
BRING_FORWARD_JOB: Final = "webhooks.bring_forward"

# Tells people that an endpoint was switched off, in the unit that does it.
Tell = Callable[[Writing, Endpoint, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended; `attempt.status` is the answer's."""

    claim: Claim
    attempt: NewAttempt
    is_taken: bool
    # True: no other try would end better, because there is nothing to send.
    is_hopeless: bool = False


_ENDED: Final = listed(
    {
        "of_delivery": sa.Text(),
        "of_project": sa.Text(),
        "new_status": sa.Text(),
        "tried": Moment(),
        "answered": sa.BigInteger(),
        "failure": sa.Text(),
        "again_at": Moment(),
    },
    lambda given: (
        sa.update(webhook_deliveries)
        .where(
            webhook_deliveries.c.id == given["of_delivery"],
            webhook_deliveries.c.project_id == given["of_project"],
            # What was taken stays taken, though a slow second try of another process may fail afterwards.
            webhook_deliveries.c.status == DeliveryStatus.WAITING.value,
        )
        .values(
            status=given["new_status"],
            attempts=webhook_deliveries.c.attempts + 1,
            first_tried_at=sa.func.coalesce(webhook_deliveries.c.first_tried_at, given["tried"]),
            last_tried_at=given["tried"],
            last_status=given["answered"],
            last_error=given["failure"],
            next_try_at=given["again_at"],
        )
        .returning(webhook_deliveries.c.id)
    ),
    str,
)


@dataclass(frozen=True, slots=True)
class _Failing:
    """How an endpoint stands after one more failure."""

    id: str
    project_id: str
    failing_since: datetime
    failed_events: int
    is_enabled: bool


_TOOK: Final = listed(
    {"of_endpoint": sa.Text(), "of_project": sa.Text(), "failing_by": Moment()},
    lambda given: (
        sa.update(webhook_endpoints)
        .where(
            webhook_endpoints.c.id == given["of_endpoint"],
            webhook_endpoints.c.project_id == given["of_project"],
            webhook_endpoints.c.failing_since <= given["failing_by"],
        )
        .values(failing_since=None, failed_events=0)
        .returning(webhook_endpoints.c.id)
    ),
    str,
)
_FAILED: Final = listed(
    {"of_endpoint": sa.Text(), "of_project": sa.Text(), "since": Moment(), "events": sa.BigInteger()},
    lambda given: (
        sa.update(webhook_endpoints)
        .where(
            webhook_endpoints.c.id == given["of_endpoint"],
            webhook_endpoints.c.project_id == given["of_project"],
            webhook_endpoints.c.deleted_at.is_(None),
        )
        .values(
            failing_since=sa.func.coalesce(webhook_endpoints.c.failing_since, given["since"]),
            failed_events=webhook_endpoints.c.failed_events + given["events"],
        )
        .returning(
            webhook_endpoints.c.id,
            webhook_endpoints.c.project_id,
            webhook_endpoints.c.failing_since,
            webhook_endpoints.c.failed_events,
            webhook_endpoints.c.is_enabled,
        )
    ),
    _Failing,
)
_SWITCH_OFF: Final = query(
    sa.update(webhook_endpoints)
    .where(
        webhook_endpoints.c.id == sa.bindparam("of_endpoint"),
        webhook_endpoints.c.project_id == sa.bindparam("of_project"),
        webhook_endpoints.c.is_enabled.is_(True),
        webhook_endpoints.c.deleted_at.is_(None),
    )
    .values(
        is_enabled=False,
        off_reason=sa.bindparam("reason"),
        off_at=sa.bindparam("now", type_=Moment()),
        updated_at=sa.bindparam("now", type_=Moment()),
    )
    .returning(*webhook_endpoints.c),
    Endpoint,
)


async def record(tx: Writing, tell: Tell, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write down how these tries ended, in the order in which they did."""
    done: list[tuple[Lane, bool]] = []
    waiting: list[tuple[Lane, datetime]] = []
    ends: list[dict[str, Any]] = []
    for outcome in outcomes:
        again_at = None
        if outcome.is_taken or outcome.is_hopeless:
            status = DeliveryStatus.DELIVERED if outcome.is_taken else DeliveryStatus.FAILED
        else:
            again_at = next_try(
                outcome.claim.lane.tries + 1,
                attempts=outcome.claim.attempts + 1,
                first_tried_at=outcome.claim.first_tried_at,
                now=now,
            )
            status = DeliveryStatus.FAILED if again_at is None else DeliveryStatus.WAITING
        if again_at is None:
            done.append((outcome.claim.lane, outcome.claim.has_more))
        else:
            waiting.append((outcome.claim.lane, again_at))
        ends.append(_end(outcome, status, again_at))
    writes = [ListedWrite(_ENDED, ends), attempt_writes([outcome.attempt for outcome in outcomes])]
    await end_tries(tx, done=done, waiting=waiting, writes=writes, now=now)
    await _note_health(tx, tell, outcomes, now)


def _end(outcome: Outcome, status: DeliveryStatus, again_at: datetime | None) -> dict[str, Any]:
    return {
        "of_delivery": outcome.claim.delivery_id,
        "of_project": outcome.claim.lane.project_id,
        "new_status": status.value,
        "tried": outcome.attempt.tried_at,
        "answered": outcome.attempt.status,
        "failure": outcome.attempt.error,
        "again_at": again_at,
    }


async def _note_health(tx: Writing, tell: Tell, outcomes: Sequence[Outcome], now: datetime) -> None:
    took: set[tuple[str, str]] = set()
    failed: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        endpoint = (outcome.claim.lane.endpoint_id, outcome.claim.lane.project_id)
        if outcome.is_taken:
            took.add(endpoint)
            # What failed before it in this batch is no longer part of anything.
            failed.pop(endpoint, None)
        elif not outcome.is_hopeless:
            failed.setdefault(endpoint, []).append(outcome)
    if took:
        # Those that were down for longer first: what waits for them is brought forward.
        for endpoint_id in await tx.all_listed(_TOOK, _takers(took, now - WAS_DOWN_AFTER)):
            await enqueue(tx, BRING_FORWARD_JOB, {"endpoint_id": endpoint_id}, now=now, key=endpoint_id)
        await tx.all_listed(_TOOK, _takers(took, now))
    if failed:
        standing = await tx.all_listed(_FAILED, [_failures(*endpoint, failed[endpoint]) for endpoint in sorted(failed)])
        for each in standing:
            reason = _reason_to_switch_off(each, failed[each.id, each.project_id], now)
            if reason is not None and each.is_enabled:
                await _switch_off(tx, tell, each, reason, now)


def _takers(took: set[tuple[str, str]], failing_by: datetime) -> list[Mapping[str, Any]]:
    return [
        {"of_endpoint": endpoint_id, "of_project": project_id, "failing_by": failing_by}
        for endpoint_id, project_id in sorted(took)
    ]


def _failures(endpoint_id: str, project_id: str, failed: Sequence[Outcome]) -> Mapping[str, Any]:
    return {
        "of_endpoint": endpoint_id,
        "of_project": project_id,
        "since": failed[0].attempt.tried_at,
        # Each event once, at its first failure.
        "events": sum(outcome.claim.attempts == 0 for outcome in failed),
    }


def _reason_to_switch_off(standing: _Failing, failed: Sequence[Outcome], now: datetime) -> OffReason | None:
    if now - standing.failing_since >= OFF_AFTER and standing.failed_events >= OFF_AFTER_EVENTS:
        return OffReason.FAILING
    for outcome in failed:
        first = outcome.claim.first_tried_at
        is_again_gone = outcome.attempt.status == GONE == outcome.claim.last_status
        if (
            is_again_gone
            and outcome.claim.attempts >= _GONE_TRIES
            and first is not None
            and standing.failing_since <= first
        ):
            return OffReason.GONE
    return None


async def _switch_off(tx: Writing, tell: Tell, standing: _Failing, reason: OffReason, now: datetime) -> None:
    endpoint = await tx.first(
        _SWITCH_OFF, of_endpoint=standing.id, of_project=standing.project_id, reason=reason.value, now=now
    )
    if endpoint is not None:
        await tell(tx, endpoint, now)
