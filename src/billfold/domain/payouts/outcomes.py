"""What becomes of a payout: it is settled, fails, is cancelled, or its transfer is reversed. Each in one unit, each once.

Whoever changes a payout holds its row. Failing, cancelling and reversing give the money back: to the ledger's available account,
and to the rewards that the lines took.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.money import to_major
from billfold.domain.ledger import transfers
from billfold.domain.payouts import payouts as payout_rows
from billfold.domain.payouts.batches import APPROVED, get_batch
from billfold.domain.payouts.batches import SENT as BATCH_SENT
from billfold.domain.payouts.events import PayoutFailed, PayoutPaid, PayoutSent
from billfold.domain.payouts.part_reversals import add_parts, spread_back, taken_back
from billfold.domain.payouts.payouts import (
    BY_HAND,
    CANCELLED,
    FAILED,
    INTENT,
    LONGEST_TEXT,
    SENT,
    SETTLED,
    STRIPE_TRANSFER,
    Payout,
    payout_lines,
    payout_steps,
    payouts,
)
from billfold.domain.payouts.preparation import ADD_PAID
from billfold.domain.referrals.rewards import rewards
from billfold.domain.tenancy.projects import find_team_of_project
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, query, row_tuple
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.events import publish

_at = sa.bindparam("at", type_=Moment())
_mine = sa.and_(payouts.c.project_id == sa.bindparam("of_project"), payouts.c.id == sa.bindparam("payout_id"))
_CHANGE: Final = command(
    sa.update(payouts)
    .where(_mine)
    .values(
        status=sa.bindparam("new_status"),
        attempted_at=sa.bindparam("first_tried", type_=Moment()),
        reference=sa.bindparam("new_reference"),
        failure=sa.bindparam("new_failure"),
        settled_at=sa.bindparam("settled", type_=Moment()),
        updated_at=_at,
    )
)
_ADD_STEP: Final = command(
    sa.insert(payout_steps).values(
        project_id=sa.bindparam("project_id"),
        payout_id=sa.bindparam("payout_id"),
        status=sa.bindparam("status"),
        detail=sa.bindparam("detail"),
        at=_at,
    )
)
_LINES: Final = query(
    sa.select(payout_lines.c.reward_id, payout_lines.c.amount)
    .where(
        payout_lines.c.project_id == sa.bindparam("project_id"), payout_lines.c.payout_id == sa.bindparam("payout_id")
    )
    .order_by(payout_lines.c.reward_id),
    row_tuple,
)
_rewards_of_it = sa.and_(rewards.c.project_id == sa.bindparam("of_project"), any_of(rewards.c.id, "reward_ids"))
# Paid wholly: with amount 0 it would have been taken back, not paid.
_SETTLE_REWARDS: Final = command(
    sa.update(rewards)
    .where(
        _rewards_of_it,
        rewards.c.amount > 0,
        rewards.c.amount == rewards.c.paid_amount,
        rewards.c.status.in_([sa.literal_column("'available'"), sa.literal_column("'failed'")]),
    )
    .values(status="settled", failure=None, settlement_id=sa.bindparam("settlement_id"), settled_at=_at, updated_at=_at)
)
# Not wholly paid any more, by whichever payout; one that went down after it was paid stays so.
_UNSETTLE_REWARDS: Final = command(
    sa.update(rewards)
    .where(
        _rewards_of_it,
        rewards.c.status == "settled",
        sa.or_(rewards.c.paid_amount < rewards.c.amount, rewards.c.paid_amount == 0),
    )
    .values(status="available", settlement_id=sa.null(), settled_at=sa.null(), updated_at=_at)
)


async def begin_sending(tx: Writing, *, project_id: str, payout_id: str, now: datetime) -> Payout | None:
    """Write down, before anything is called, that a payout may have been sent from now on.

    Returns it if there is something to call: its transfer may have been tried before. None if it is over, or is paid by hand.
    """
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.status == INTENT:
        at = await _team_time(tx, project_id, now)
        await _change(tx, payout, SENT, at=at, attempted_at=now)
        if payout.rail == BY_HAND:
            sent = PayoutSent(await _team_id(tx, project_id), project_id, payout_id)
            await publish(tx, sent, happened_at=at, now=now)
    elif payout.status != SENT:
        return None
    return None if payout.rail == BY_HAND else await payout_rows.get(tx, project_id, payout_id)


async def mark_paid(tx: Writing, *, project_id: str, payout_id: str, reference: str, now: datetime) -> Payout:
    """Settle a payout that somebody paid by hand; `reference` is what finds it again at the bank.

    The same reference a second time changes nothing. Raises `Conflict` for one that is over, that Stripe pays, or whose batch
    nobody approved.
    """
    kept = _text(reference, "Reference")
    if not kept:
        raise Invalid("Reference: say how the payment is found again, such as the bank's transaction number.")
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.rail != BY_HAND:
        raise Conflict("Stripe pays this payout: it is marked when the transfer is made.")
    if payout.status == SETTLED and payout.reference == kept:
        return payout
    _require(payout, INTENT, SENT)
    batch = await get_batch(tx, project_id, payout.batch_id)
    if batch.status not in {APPROVED, BATCH_SENT}:
        raise Conflict("Approve the batch of this payout before it is marked as paid.")
    return await _settle(tx, payout, kept, now=now)


async def settle_transfer(tx: Writing, *, project_id: str, payout_id: str, transfer_id: str, now: datetime) -> None:
    """Settle a payout whose transfer Stripe made; a second time changes nothing."""
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.status == SENT:
        await _settle(tx, payout, transfer_id, now=now)


async def fail(tx: Writing, *, project_id: str, payout_id: str, reason: str, now: datetime) -> Payout:
    """Write down that a payout by hand did not arrive, or came back, and make its money available again.

    A bank returns a payment days after it was marked as paid. `Conflict` if it failed or was canceled before.
    """
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.rail != BY_HAND:
        raise Conflict("Stripe says itself whether a transfer failed.")
    _require(payout, INTENT, SENT, SETTLED)
    return await _give_back(tx, payout, FAILED, _text(reason, "Reason"), now=now)


async def fail_transfer(tx: Writing, *, project_id: str, payout_id: str, reason: str, now: datetime) -> None:
    """Write down that Stripe refused a payout's transfer for good; the caller has looked that none was made."""
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.status == SENT and payout.rail == STRIPE_TRANSFER:
        await _give_back(tx, payout, FAILED, reason[:LONGEST_TEXT], now=now)


async def cancel(tx: Writing, *, project_id: str, payout_id: str, reason: str, now: datetime) -> Payout:
    """Take a payout back before it is sent, or one by hand that is not paid; its money is available again.

    Raises `Conflict` for a transfer that may be on its way, and for what is over.
    """
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.status == CANCELLED:
        return payout
    if payout.status == SENT and payout.rail == STRIPE_TRANSFER:
        raise Conflict("The transfer may have been made already. Wait until Stripe has answered.")
    _require(payout, INTENT, SENT)
    return await _give_back(tx, payout, CANCELLED, _text(reason, "Reason"), now=now)


async def note_reversal(
    tx: Writing, *, project_id: str, payout_id: str, reversal_id: str, reason: str, now: datetime
) -> Payout:
    """Cancel a settled payout whose whole transfer was reversed at Stripe; a second time changes nothing."""
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.status != SETTLED:
        return payout
    return await _give_back(tx, payout, CANCELLED, _text(f"{reversal_id} {reason}", "Reason"), now=now)


async def note_part_reversal(
    tx: Writing, *, project_id: str, payout_id: str, reversed_to: int, reference: str, now: datetime
) -> Payout:
    """Take back what is new of `reversed_to`, minor units of a settled transfer that were reversed at Stripe in all.

    What the partner was paid falls by it, and is due again. Hearing of it again, or of less, changes nothing; the whole cancels
    the payout.
    """
    payout = await payout_rows.lock(tx, project_id, payout_id)
    if payout.status != SETTLED or reversed_to <= payout.amount_reversed:
        return payout
    if reversed_to >= payout.amount:
        return await _give_back(tx, payout, CANCELLED, f"{reference} was reversed at Stripe", now=now)
    at = await _team_time(tx, project_id, now)
    part = reversed_to - payout.amount_reversed
    posting = payout_rows.posting_of(payout, f"recall:{reversed_to}", at=at)
    await transfers.recall(tx, replace(posting, amount=part))
    parts = spread_back(dict(await _lines(tx, payout)), await taken_back(tx, payout), part)
    await add_parts(tx, payout, parts, reversed_to=reversed_to, at=at)
    await _give_to_rewards(tx, payout, {each.reward_id: each.amount for each in parts}, at=at)
    shown = f"{to_major(part, payout.currency)} {payout.currency.upper()}"
    return await _change(tx, payout, SETTLED, at=at, detail=f"{shown} of it came back: reversed at Stripe")


async def _settle(tx: Writing, payout: Payout, reference: str, *, now: datetime) -> Payout:
    at = await _team_time(tx, payout.project_id, now)
    await transfers.paid(tx, payout_rows.posting_of(payout, "paid", at=at))
    changed = await _change(tx, payout, SETTLED, at=at, detail=reference, reference=reference, settled_at=at)
    reward_ids = [reward_id for reward_id, _ in await _lines(tx, payout)]
    await tx.run(_SETTLE_REWARDS, of_project=payout.project_id, reward_ids=reward_ids, settlement_id=payout.id, at=at)
    await _publish(tx, PayoutPaid, changed, at=at, now=now)
    return changed


async def _give_back(tx: Writing, payout: Payout, status: str, reason: str, *, now: datetime) -> Payout:
    at = await _team_time(tx, payout.project_id, now)
    if payout.status == SETTLED:
        # Of a part of it Stripe may have taken back before.
        rest = payout.amount - payout.amount_reversed
        await transfers.recall(tx, replace(payout_rows.posting_of(payout, "recall", at=at), amount=rest))
    else:
        await transfers.returned(tx, payout_rows.posting_of(payout, "returned", at=at))
    before = await taken_back(tx, payout)
    left = {reward_id: amount - before.get(reward_id, 0) for reward_id, amount in await _lines(tx, payout)}
    await _give_to_rewards(tx, payout, left, at=at)
    changed = await _change(tx, payout, status, at=at, detail=reason or None, failure=reason or None)
    await _publish(tx, PayoutFailed, changed, at=at, now=now)
    return changed


async def _give_to_rewards(tx: Writing, payout: Payout, amounts: Mapping[str, int], *, at: datetime) -> None:
    """Have rewards be open again by these amounts, minor units that a payout took of them and that came back."""
    rows = [{"in_project": payout.project_id, "reward": each, "taken": -amount} for each, amount in amounts.items()]
    await tx.all_listed(ADD_PAID, rows)
    await tx.run(_UNSETTLE_REWARDS, of_project=payout.project_id, reward_ids=list(amounts), at=at)


async def _change(
    tx: Writing,
    payout: Payout,
    status: str,
    *,
    at: datetime,
    detail: str | None = None,
    attempted_at: datetime | None = None,
    reference: str | None = None,
    failure: str | None = None,
    settled_at: datetime | None = None,
) -> Payout:
    await tx.run(
        _CHANGE,
        of_project=payout.project_id,
        payout_id=payout.id,
        new_status=status,
        first_tried=attempted_at or payout.attempted_at,
        new_reference=reference or payout.reference,
        new_failure=failure,
        settled=settled_at or payout.settled_at,
        at=at,
    )
    await tx.run(_ADD_STEP, project_id=payout.project_id, payout_id=payout.id, status=status, detail=detail, at=at)
    return await payout_rows.get(tx, payout.project_id, payout.id)


async def _lines(tx: Reading, payout: Payout) -> list[tuple[Any, ...]]:
    return await tx.all(_LINES, project_id=payout.project_id, payout_id=payout.id)


async def _team_time(tx: Reading, project_id: str, now: datetime) -> datetime:
    return (await get_team(tx, await _team_id(tx, project_id))).time_at(now)


async def _team_id(tx: Reading, project_id: str) -> str:
    found = await find_team_of_project(tx, project_id)
    if found is None:
        raise NotFound("Project not found.")
    return found


async def _publish(
    tx: Writing, kind: type[PayoutPaid | PayoutFailed], payout: Payout, *, at: datetime, now: datetime
) -> None:
    event = kind(
        team_id=await _team_id(tx, payout.project_id),
        project_id=payout.project_id,
        object_id=payout.id,
        data={"payout": told(payout)},
    )
    await publish(tx, event, happened_at=at, now=now)


# The words of the affiliate contract, section 6.
WIRE_STATUS: Final = {
    INTENT: "pending", SENT: "processing", SETTLED: "paid", FAILED: "failed", CANCELLED: "cancelled",
}  # fmt: skip


def told(payout: Payout) -> dict[str, object]:
    """Return a payout as events tell it; `amountCents` counts minor units of `currency`."""
    known = {"reference": payout.reference, "failureReason": payout.failure}
    return {
        "id": payout.id,
        "customerId": payout.customer_id,
        "amountCents": payout.amount,
        "currency": payout.currency,
        "status": WIRE_STATUS[payout.status],
        **{name: value for name, value in known.items() if value is not None},
    }


def _require(payout: Payout, *statuses: str) -> None:
    if payout.status not in statuses:
        raise Conflict(f"This payout is {WIRE_STATUS[payout.status]} already.")


def _text(text: str, name: str) -> str:
    kept = " ".join(text.split())
    if len(kept) > LONGEST_TEXT or not kept.isprintable():
        raise Invalid(f"{name}: at most {LONGEST_TEXT} characters that can be read.")
    return kept
