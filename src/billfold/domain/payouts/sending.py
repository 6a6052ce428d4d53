"""Sending an approved batch, payout by payout: look, call, write. Every step can die and be taken up again by its job."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from billfold.base.errors import Conflict
from billfold.domain.payouts import batches, outcomes
from billfold.domain.payouts import payouts as payout_rows
from billfold.domain.payouts.batches import SENT as BATCH_SENT
from billfold.domain.payouts.methods import methods_of_ids
from billfold.domain.payouts.payouts import BY_HAND, INTENT, SETTLED, Payout
from billfold.domain.payouts.rails import Order, Rails, Refused
from billfold.infrastructure.db.database import Database, Reading, Write, Writing
from billfold.infrastructure.jobs.queue import enqueue

SEND_JOB: Final = "payouts.send"
_STRETCH: Final = 250

Unit = Callable[[Any], Awaitable[Any]]


async def send_stretch(tx: Writing, *, team_id: str, project_id: str, batch_id: str, now: datetime) -> bool:
    """Leave a job for each of a batch's next payouts; those by hand are sent with this unit. True if none is left."""
    batch = await batches.lock_batch(tx, project_id, batch_id)
    if batch.status != BATCH_SENT:
        return True
    found = await payout_rows.of_batch(
        tx, project_id, batch_id, status=INTENT, after=batch.cursor_payout, limit=_STRETCH
    )
    for each in found:
        if each.payout.rail == BY_HAND:
            await outcomes.begin_sending(tx, project_id=project_id, payout_id=each.payout.id, now=now)
            continue
        payload = {"team_id": team_id, "project_id": project_id, "payout_id": each.payout.id}
        await enqueue(tx, SEND_JOB, payload, now=now, key=each.payout.id, team_id=team_id)
    if found:
        await batches.set_sending_cursor(tx, batch, found[-1].payout.id)
    return len(found) < _STRETCH


async def send_payout(
    db: Database, rails: Mapping[str, Rails], *, team_id: str, project_id: str, payout_id: str, now: datetime
) -> Unit | None:
    """Send one payout and return the unit that writes down what became of it; None if there is nothing to do.

    Before the call the payout is `sent`: from then on it may have been. Raises what the rail raises while nobody knows; the
    next try looks for the transfer first.
    """
    found = await db.read(payout_rows.get, project_id, payout_id)
    # First of all: without a connection nothing may have been sent, and the payout can still be canceled.
    rail = await rails[found.rail](team_id)
    payout = await db.write(outcomes.begin_sending, project_id=project_id, payout_id=payout_id, now=now)
    if payout is None:
        return None
    order = await db.read(_order_of, payout)
    try:
        sent = await rail.send(order)
    except Refused as refusal:
        return partial(
            outcomes.fail_transfer, project_id=project_id, payout_id=payout_id, reason=refusal.reason, now=now
        )
    if sent.reference is None:
        return None
    return partial(
        outcomes.settle_transfer, project_id=project_id, payout_id=payout_id, transfer_id=sent.reference, now=now
    )


async def reverse_payout(
    db: Database,
    rails: Mapping[str, Rails],
    *,
    team_id: str,
    project_id: str,
    payout_id: str,
    reason: str,
    now: datetime,
    write: Write | None = None,
) -> Payout:
    """Take a settled transfer back at Stripe, then make its money available again; `Conflict` for any other payout.

    `write` opens the unit that writes it down, where a surface adds something to it.
    """
    payout = await db.read(payout_rows.get, project_id, payout_id)
    if payout.status != SETTLED or payout.rail == BY_HAND or payout.reference is None:
        raise Conflict("Only a payout that Stripe transferred can be taken back.")
    rail = await rails[payout.rail](team_id)
    reversal_id = await rail.take_back(await db.read(_order_of, payout), payout.reference)
    return await (write or db.write)(
        outcomes.note_reversal,
        project_id=project_id,
        payout_id=payout_id,
        reversal_id=reversal_id,
        reason=reason,
        now=now,
    )


async def _order_of(tx: Reading, payout: Payout) -> Order:
    """Return the order of a payout: the same in every try, or Stripe would take it for another one under the same key."""
    method = (await methods_of_ids(tx, payout.project_id, [payout.method_id]))[payout.method_id]
    return Order(
        payout_id=payout.id,
        amount=payout.amount,
        currency=payout.currency,
        destination_id=method.stripe_account_id,
        description=f"Payout {payout.id}",
    )
