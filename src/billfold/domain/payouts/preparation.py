"""Preparing a batch: what is due becomes payouts, a stretch of owners a unit; and the preview, which changes nothing.

Both judge by the same rules over the same figures. A preparation holds the rewards that it takes; whoever waits for them finds
them taken, so two batches at once pay everybody once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.domain.ledger.withdrawals import OwnerUnit, withdraw_together
from billfold.domain.payouts import batches, dues, payouts
from billfold.domain.payouts.batches import PREPARING, Batch
from billfold.domain.payouts.dues import Account, Cursor, OpenReward
from billfold.domain.payouts.methods import STRIPE_CONNECT
from billfold.domain.payouts.payouts import BY_HAND, INTENT, STRIPE_TRANSFER, Payout, PayoutLine
from billfold.domain.payouts.rules import Due, Person, fee_for, judge
from billfold.domain.payouts.settings import PayoutSettings, settings_of
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.programs import find as find_program
from billfold.domain.referrals.rewards import rewards
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import any_of, command, listed, values_of

# Owners a unit: on SQLite it keeps other writers waiting for some ten milliseconds.
STRETCH: Final = 250
_BEGINNING: Final = Cursor()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer with what is due to him in one currency; `reason` is why he is left out, None if he is to be paid."""

    due: Due
    person: Person
    fee_amount: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A stretch of a batch that was not made; `next` is where the following one begins, None at the end."""

    candidates: list[Candidate]
    next: Cursor | None


def _set_paid(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    return (
        sa.update(rewards)
        .where(rewards.c.project_id == given["in_project"], rewards.c.id == given["reward"])
        .values(paid_amount=rewards.c.paid_amount + given["taken"])
        .returning(rewards.c.id)
    )


# What payouts that came back give back to their rewards, as an amount below zero.
ADD_PAID: Final = listed({"in_project": sa.Text(), "reward": sa.Text(), "taken": sa.BigInteger()}, _set_paid, str)


_TAKE_ALL: Final = command(
    sa.update(rewards)
    .where(only_checked(rewards.c.project_id) == sa.bindparam("of_project"), any_of(rewards.c.id, "reward_ids"))
    .values(paid_amount=rewards.c.amount)
)


async def preview(tx: Reading, program: Program, *, after: Cursor = _BEGINNING, limit: int = STRETCH) -> Preview:
    """Return who would be paid what, and who is left out and why; nothing changes. `limit` counts accounts."""
    settings = await settings_of(tx, program.project_id, program.id)
    accounts = await dues.accounts_page(
        tx, project_id=program.project_id, program_id=program.id, after=after, limit=limit
    )
    owed = await dues.dues_of(tx, project_id=program.project_id, program_id=program.id, accounts=accounts)
    people = await dues.people_of(tx, program.project_id, [each.owner_id for each in accounts])
    found = [_judged(each, people[each.customer_id], settings, program.content.min_payout) for each in owed]
    last = Cursor(accounts[-1].owner_id, accounts[-1].unit) if len(accounts) == limit else None
    return Preview(found, last)


async def preview_of(tx: Reading, program: Program, customer_ids: Sequence[str]) -> list[Candidate]:
    """Return what would become of some customers; whoever is owed nothing at all is not among them."""
    settings = await settings_of(tx, program.project_id, program.id)
    where = {"project_id": program.project_id, "program_id": program.id}
    accounts = await dues.accounts_of(tx, **where, owner_ids=customer_ids)
    owed = await dues.dues_of(tx, **where, accounts=accounts)
    people = await dues.people_of(tx, program.project_id, [each.owner_id for each in accounts])
    return [_judged(each, people[each.customer_id], settings, program.content.min_payout) for each in owed]


async def preview_all(db: Database, program: Program) -> list[Candidate]:
    """Return every candidate of a program, read in stretches."""
    found: list[Candidate] = []
    after: Cursor | None = _BEGINNING
    while after is not None:
        page: Preview = await db.read(_preview_stretch, program, after)
        found += page.candidates
        after = page.next
    return found


async def prepare_batch(
    db: Database, *, project_id: str, batch_id: str, now: datetime, most: int | None = None
) -> bool:
    """Prepare a batch from where it stands, at most `most` stretches of it; True once it is prepared."""
    done = 0
    while most is None or done < most:
        if await db.write(prepare_stretch, project_id=project_id, batch_id=batch_id, now=now):
            return True
        done += 1
    return False


async def prepare_stretch(tx: Writing, *, project_id: str, batch_id: str, now: datetime) -> bool:
    """Prepare the next owners of a batch; True if there is nothing left to prepare."""
    batch = await batches.lock_batch(tx, project_id, batch_id)
    if batch.status != PREPARING:
        return True
    program = await find_program(tx, project_id, batch.program_key)
    if program is None:
        raise NotFound("Program not found.")
    accounts, is_last = await _stretch_of(tx, batch)
    wanted = [each for each in accounts if batch.currency in {None, each.unit}]
    made = await _make(tx, batch, program, wanted, now=now)
    last = accounts[-1] if accounts else Account(batch.cursor_owner, batch.cursor_unit, 0)
    await batches.move_on(
        tx, batch, owner=last.owner_id, unit=last.unit, made=made, left=len(wanted) - made, is_last=is_last
    )
    return is_last


async def _preview_stretch(tx: Reading, program: Program, after: Cursor) -> Preview:
    return await preview(tx, program, after=after)


async def _stretch_of(tx: Reading, batch: Batch) -> tuple[list[Account], bool]:
    where = {"project_id": batch.project_id, "program_id": batch.program_id}
    if batch.customer_ids is not None:
        return await dues.accounts_of(tx, **where, owner_ids=batch.customer_ids), True
    after = Cursor(batch.cursor_owner, batch.cursor_unit)
    accounts = await dues.accounts_page(tx, **where, after=after, limit=STRETCH)
    return accounts, len(accounts) < STRETCH


async def _make(tx: Writing, batch: Batch, program: Program, accounts: Sequence[Account], *, now: datetime) -> int:
    """Make the payouts of some accounts and return how many."""
    if not accounts:
        return 0
    at = (await get_team(tx, batch.team_id)).time_at(now)
    settings = await settings_of(tx, batch.project_id, batch.program_id)
    people = await dues.people_of(tx, batch.project_id, [each.owner_id for each in accounts])
    open_rewards = await dues.lock_open_rewards(
        tx, project_id=batch.project_id, program_id=batch.program_id, accounts=accounts
    )
    planned: dict[OwnerUnit, Payout] = {}
    for account in accounts:
        due = dues.due_of(account, open_rewards[account.owner_id, account.unit])
        candidate = _judged(due, people[account.owner_id], settings, program.content.min_payout)
        if candidate.reason is None:
            planned[OwnerUnit(account.owner_id, account.unit)] = _new_payout(batch, candidate, at=at)
    # What was read of the balance may be older than the rewards that are held now: the guarded update decides.
    taken = await withdraw_together(tx, [payouts.posting_of(each, "withdraw", at=at) for each in planned.values()])
    made = {key: payout for key, payout in planned.items() if key in taken}
    await _write(tx, made, open_rewards)
    return len(made)


async def _write(
    tx: Writing,
    made: Mapping[OwnerUnit, Payout],
    open_rewards: Mapping[tuple[str, str], Sequence[OpenReward]],
) -> None:
    if not made:
        return
    lines = [
        PayoutLine(payout.id, reward.id, payout.project_id, reward.open_amount)
        for key, payout in made.items()
        for reward in open_rewards[key.owner_id, key.unit]
    ]
    await tx.insert_many(payouts.ADD_PAYOUTS, [values_of(each) for each in made.values()])
    await tx.insert_many(payouts.ADD_LINES, [values_of(each) for each in lines])
    # Each line takes all that is open, and the rewards are held: one statement for the stretch.
    await tx.run(_TAKE_ALL, of_project=lines[0].project_id, reward_ids=[each.reward_id for each in lines])


def _judged(due: Due, person: Person, settings: PayoutSettings, min_payout: int) -> Candidate:
    reason = judge(due, person, settings, min_payout)
    fee = 0 if reason is not None else fee_for(settings, person.method_kind, due.unit, due.amount)
    return Candidate(due, person, fee, reason)


def _new_payout(batch: Batch, candidate: Candidate, *, at: datetime) -> Payout:
    person = candidate.person
    assert person.method_id is not None  # noqa: S101 - whoever has no method is left out
    return Payout(
        id=new_id("po_"),
        project_id=batch.project_id,
        program_id=batch.program_id,
        batch_id=batch.id,
        customer_id=person.customer_id,
        currency=candidate.due.unit,
        amount=candidate.due.amount,
        fee_amount=candidate.fee_amount,
        rail=STRIPE_TRANSFER if person.method_kind == STRIPE_CONNECT else BY_HAND,
        method_id=person.method_id,
        status=INTENT,
        attempted_at=None,
        reference=None,
        failure=None,
        settled_at=None,
        created_at=at,
        updated_at=at,
    )
