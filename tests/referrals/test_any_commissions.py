"""Whatever happens in whatever order, with processes that die in between, commissions end the same, and add up (D6, D7, issue 6).

A failing seed is printed; `BILLFOLD_TEST_SEED` tells it again alone. More and longer ones run with BILLFOLD_TEST_FULL=1.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.domain.analytics.explain import explain
from billfold.domain.billing.invoices import invoices
from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.statement import balances
from billfold.domain.ledger.transfers import ledger_balances, ledger_transfers
from billfold.domain.partners.figures import Earnings, earnings_of
from billfold.domain.payouts.audit import audit_payouts
from billfold.domain.payouts.statement import months_of, statement_of
from billfold.domain.referrals.audit import audit_rewards
from billfold.domain.referrals.rewards import rewards
from billfold.domain.referrals.voids import voids
from billfold.domain.referrals.write_offs import WRITE_OFF
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.queue import stuck
from tests.payouts.world import PayoutWorld
from tests.referrals.commission_history import Teller
from tests.referrals.commission_script import Script

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
SEEDS: Final = (
    [int(os.environ["BILLFOLD_TEST_SEED"])] if "BILLFOLD_TEST_SEED" in os.environ else range(1, 201 if FULL else 5)
)
LENGTH: Final = 80 if FULL else 30


def of_project(table: sa.Table, *columns: Any) -> Any:
    return query(sa.select(*columns).where(table.c.project_id == sa.bindparam("project_id")), row_tuple)


_REWARDS: Final = of_project(
    rewards,
    rewards.c.id,
    rewards.c.referral_id,
    rewards.c.rule,
    rewards.c.source_id,
    rewards.c.unit,
    rewards.c.amount,
    rewards.c.paid_amount,
    rewards.c.status,
)
_INVOICES: Final = of_project(invoices, invoices.c.id, invoices.c.stripe_invoice_id, invoices.c.currency)
_VOIDS: Final = of_project(voids, voids.c.subject_id, voids.c.amount)
_TRANSFERS: Final = of_project(
    ledger_transfers, ledger_transfers.c.reason_id, ledger_transfers.c.kind, ledger_transfers.c.amount
)
_BALANCES: Final = of_project(ledger_balances, *(each for each in ledger_balances.c if each.name != "project_id"))


@pytest.mark.timeout(7_200 if FULL else 240)
async def test_d6_any_order_of_events_with_crashes_ends_in_the_same_commissions(db: Database) -> None:
    for seed in SEEDS:
        script = Script(seed).write(LENGTH)
        try:
            in_order = await end_of(db, script, None)
            roughly = await end_of(db, script, random.Random(seed))
            assert roughly == in_order
        except BaseException:
            print(f"seed {seed}", *script.steps, sep="\n")  # noqa: T201 - pytest shows it beside the failure
            raise


async def end_of(db: Database, script: Script, rough: random.Random | None) -> Mapping[str, Any]:
    """Tell the script, check what must hold whatever happened, and return how it ended, in names that both tellings share."""
    teller = Teller(await PayoutWorld(db).start(), script, rough=rough)
    await teller.tell()
    world = teller.world

    async def mine(statement: Any) -> list[Any]:
        return await db.read(lambda tx: tx.all(statement, project_id=world.project.id))

    assert await db.snapshot(audit) == []
    assert await db.snapshot(audit_rewards) == []
    assert await db.snapshot(audit_payouts) == []
    assert await db.read(stuck) == []
    bills = {row[0]: (row[1].rpartition("_")[2], row[2]) for row in await mine(_INVOICES)}
    places = {referral_id: number for number, referral_id in enumerate(teller.referrals)}
    void = dict(await mine(_VOIDS))
    earned: dict[str, int] = {}
    reversed_: dict[str, int] = {}
    for reason_id, kind, amount in await mine(_TRANSFERS):
        kinds = {"earn": earned, "reverse": reversed_}
        if kind in kinds:
            kinds[kind][reason_id] = kinds[kind].get(reason_id, 0) + amount
    made: dict[tuple[int, int, str], tuple[str, int, str | None]] = {}
    due: dict[str, int] = {}
    forgiven: dict[str, int] = {}
    for reward_id, referral_id, rule, source_id, unit, amount, paid_amount, status in await mine(_REWARDS):
        # What was reversed is never more than what was earned, and no currency is mixed with another.
        assert 0 <= reversed_.get(reward_id, 0) <= earned.get(reward_id, 0)
        assert status != "held"
        due[unit] = due.get(unit, 0) + amount - paid_amount
        if rule == WRITE_OFF:
            # How much was below zero when it was written off depends on what had been heard of by then.
            forgiven[unit] = forgiven.get(unit, 0) + amount
            continue
        assert unit == bills[source_id][1]
        if amount or void.get(reward_id, 0):
            key = (places[referral_id], rule, bills[source_id][0])
            made[key] = (unit, amount, void.get(reward_id))
    cost = {}
    for _, _, unit, spent, held, available, in_transit, settled in await mine(_BALANCES):
        assert held == 0
        # The invariant that payouts rely on.
        assert available == due.get(unit, 0)
        assert spent + held + available + in_transit + settled == 0
        cost[unit] = -spent - forgiven.get(unit, 0)
        await check_what_is_shown(teller, unit, Earnings(teller.partner, unit, held, available, in_transit + settled))
    await check_explanations(teller)
    return {"rewards": made, "cost": {unit: amount for unit, amount in cost.items() if amount}}


async def check_what_is_shown(teller: Teller, unit: str, balance: Earnings) -> None:
    """Check that the figures of the dashboard and the statements of all months are the ledger's."""
    world = teller.world
    where = {"project_id": world.project.id, "program_id": world.program.id}
    figures = await world.db.read(earnings_of, **where, customer_ids=[teller.partner])
    assert balance in figures[teller.partner]
    owner = {**where, "owner_id": teller.partner, "unit": unit}
    months = await world.db.read(months_of, **owner, at=world.clock.now())
    closed: int | None = None
    for month in reversed(months):
        statement = await world.db.snapshot(statement_of, **owner, month=month)
        assert closed in {None, statement.opening.total}
        closed = statement.opening.total + sum(each.effect for each in statement.lines)
        assert closed == statement.closing.total
    assert closed == balance.pending_cents + balance.available_cents + balance.paid_cents - await settled(world, owner)


async def settled(world: PayoutWorld, owner: Mapping[str, str]) -> int:
    return (await world.db.read(balances, **owner)).settled


async def check_explanations(teller: Teller) -> None:
    """Check that every payment's commission is worked out again to the cent."""
    world = teller.world
    for friend in teller.friends:
        found = await world.db.read(explain, world.project.id, customer_id=friend, at=world.clock.now())
        assert [line for each in found.payments for line in each.lines if not line.agrees] == []
