"""Signed webhooks: one job for each delivery, written with the events in one transaction, so none is lost in a crash.

Deliveries are as unreliable as asked for: `{"duplicate": n, "shuffle": bool, "delay_ms": n, "drop": 0..1, "seed": n}`.
`duplicate` sends each event n times more; `drop` loses that share of the events for good (they stay in `/v1/events`, where a
sweep finds them); the seed makes the same choices again for the same events.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from billfold.base.clock import Clock
from billfold.base.crypto import Sealer
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.jobs.worker import Run
from billfold.infrastructure.stripe.signature import sign
from billfold.infrastructure.stripe_simulator import tables
from billfold.infrastructure.stripe_simulator.workspace import Workspace

DELIVER: Final = "simulator.deliver"
SEALED_FIELD: Final = "simulator_webhook_secret"
SendWebhook = Callable[[str, Mapping[str, str], bytes], Awaitable[int]]

_ACCEPTED: Final = range(200, 300)
_SHUFFLE_MICROSECONDS: Final = 3_600_000_000


class WebhookRefused(Exception):
    """The receiver did not answer 2xx: the job is tried again, as Stripe would."""


async def enqueue_deliveries(ws: Workspace) -> None:
    """Leave a job for each delivery of the unit's events; called after `flush`."""
    plan = ws.account.delivery
    chance = random.Random()  # noqa: S311 - bad weather for tests, no secret
    count = len(ws.events)
    for index, event in enumerate(ws.events):
        if plan.get("seed") is not None:
            chance.seed(f"{plan['seed']}:{event.sequence}")
        if chance.random() < plan.get("drop", 0):
            continue
        for copy in range(1 + plan.get("duplicate", 0)):
            # Jobs start in the order of their due times: a little in the past keeps the events' own order.
            earlier = chance.randrange(_SHUFFLE_MICROSECONDS) if plan.get("shuffle") else count - index
            await enqueue(
                ws.tx,
                DELIVER,
                {"account_id": ws.account.id, "event_id": event.id, "copy": copy},
                now=ws.now,
                run_at=ws.now - timedelta(microseconds=earlier) + timedelta(milliseconds=plan.get("delay_ms", 0)),
                team_id=ws.account.team_id,
            )


class Delivery:
    """Sends what the jobs ask for."""

    def __init__(self, db: Database, clock: Clock, sealer: Sealer, send_webhook: SendWebhook) -> None:
        self._db = db
        self._clock = clock
        self._sealer = sealer
        self._send = send_webhook

    async def deliver(self, run: Run) -> None:
        """Sign one event at the present moment and send it; raises `WebhookRefused` unless it is accepted."""
        found = await self._db.read(_look, run.payload["account_id"], run.payload["event_id"])
        if found is None:
            return
        account, body = found
        secret = self._sealer.open(account.webhook_secret_sealed, owner=account.id, field=SEALED_FIELD)
        signature = sign(body, secret, self._clock.now())
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "stripe-signature": signature,
        }
        status = await self._send(account.team_id, headers, body)
        if status not in _ACCEPTED:
            raise WebhookRefused(f"the webhook was answered with {status}")
        await run.finish(_mark, account.id, run.payload["event_id"], self._clock.now())


async def _look(tx: Reading, account_id: str, event_id: str) -> tuple[tables.Account, bytes] | None:
    account = await tx.first(tables.ACCOUNT_BY_ID, account_id=account_id)
    event = await tx.first(tables.GET_EVENT, account_id=account_id, id=event_id)
    return None if account is None or event is None else (account, event.document.encode())


async def _mark(tx: Writing, account_id: str, event_id: str, now: Any) -> None:
    await tx.run(tables.MARK_DELIVERED, owner_id=account_id, delivered_id=event_id, now=now)
