"""Whatever happens in whatever order, in the end everything adds up (D1, G9), also while the clock jumps (E2).

A failing history prints its seed; `BILLFOLD_TEST_SEED` tells it again alone. More and longer ones run with
BILLFOLD_TEST_FULL=1.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.billing.stripe_events import stripe_events
from billfold.domain.billing.subscriptions import subscriptions
from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.referrals.referrals import CONVERTED, PENDING, referrals
from billfold.domain.referrals.rewards import FAILED, SETTLED, rewards
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.queue import stuck
from tests.app_fixtures import InstalledTeam, RunningBillfold
from tests.conftest import ON_POSTGRES
from tests.stories.history import History

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
SEEDS: Final = (
    [int(os.environ.get("BILLFOLD_TEST_SEED", "0"))]
    if "BILLFOLD_TEST_SEED" in os.environ
    # The histories are the same on both databases; the slower one tells half of them unless all are asked for.
    else range(1, 501 if FULL else 13 if ON_POSTGRES else 25)
)
STEPS: Final = 200 if FULL else 80


def of_project(table: sa.Table, *columns: sa.ColumnElement[Any]) -> Any:
    return query(sa.select(*columns).where(table.c.project_id == sa.bindparam("project_id")), row_tuple)


REFERRALS: Final = of_project(referrals, referrals.c.id, referrals.c.status, referrals.c.referee_id)
REWARDS: Final = of_project(
    rewards, rewards.c.id, rewards.c.referral_id, rewards.c.earner_id, rewards.c.status, rewards.c.amount
)
CUSTOMERS: Final = of_project(customers, customers.c.id, customers.c.stripe_customer_id, customers.c.deleted_at)
SUBSCRIPTIONS: Final = of_project(
    subscriptions,
    subscriptions.c.stripe_subscription_id,
    subscriptions.c.status,
    subscriptions.c.cancel_at_period_end,
    subscriptions.c.current_period_end,
    subscriptions.c.customer_id,
    subscriptions.c.started_at,
)
BALANCES: Final = of_project(ledger_balances, ledger_balances.c.owner_id, ledger_balances.c.settled)
EVENTS: Final = query(
    sa.select(stripe_events.c.status, stripe_events.c.reason).where(stripe_events.c.team_id == sa.bindparam("team_id")),
    row_tuple,
)


@pytest.mark.timeout(7_200 if FULL else 240)
async def test_any_history_adds_up_in_the_end_d1(billfold_app: RunningBillfold) -> None:
    for seed in SEEDS:
        team = await billfold_app.install(team=f"Team {seed}", email=f"owner{seed}@example.com")
        # Every third machine has its clock set back now and then.
        history = History(billfold_app, team, seed, with_clock_set_back=seed % 3 == 0)
        try:
            await history.begin()
            await history.act(STEPS)
            await history.heal()
            await check_everything(billfold_app, team)
        except Exception:
            print(f"seed {seed}", *history.told, sep="\n")  # noqa: T201 - pytest shows it beside the failure
            raise


async def check_everything(app: RunningBillfold, team: InstalledTeam) -> None:
    """See that the money, the referrals and the mirror of Stripe agree with each other and with Stripe."""
    db = app.services.db

    async def mine(statement: Any) -> list[Any]:
        return await db.read(lambda tx: tx.all(statement, project_id=team.project_id))

    assert await db.snapshot(audit) == []
    # The credit of somebody who was deleted is shown to a person in the end; nothing else may be.
    given_up = [str(job.last_error) for job in await db.read(stuck)]
    assert [error for error in given_up if "The customer was deleted." not in error] == []
    events = await db.read(lambda tx: tx.all(EVENTS, team_id=team.team_id))
    assert {status for status, _ in events} <= {"processed", "ignored"}, events

    made = await mine(REWARDS)
    count = Counter(referral_id for _, referral_id, *_ in made)
    known = await mine(REFERRALS)
    assert {identifier: count[identifier] for identifier, *_ in known} == {
        identifier: 2 if status == CONVERTED else 0 for identifier, status, _ in known
    }
    assert len({referee for *_, referee in known}) == len(known)
    mirror = await mine(SUBSCRIPTIONS)
    subscribed = {customer for *_, customer, started_at in mirror if started_at is not None}
    assert not [referee for _, status, referee in known if status == PENDING and referee in subscribed]

    people = {identifier: (stripe_id, deleted_at) for identifier, stripe_id, deleted_at in await mine(CUSTOMERS)}
    gateway = await app.services.stripe.gateway(team.team_id)
    settled = dict(await mine(BALANCES))
    for identifier, (stripe_id, deleted_at) in people.items():
        own = [each for each in made if each[2] == identifier]
        # Nobody is credited after he was deleted; everybody else is.
        assert {status for *_, status, _ in own} <= ({SETTLED, FAILED} if deleted_at else {SETTLED}), own
        credited = {
            each.metadata["billfold_reward_id"]: -each.amount
            for each in await gateway.list_balance_transactions(stripe_id)
            if "billfold_reward_id" in each.metadata
        }
        wanted = {reward: amount for reward, _, _, status, amount in own if status == SETTLED}
        # A customer who was deleted and came again has the Stripe customer of before.
        if [person[0] for person in people.values()].count(stripe_id) == 1:
            assert credited == wanted
        assert settled.get(identifier, 0) == sum(wanted.values())

    at_stripe: dict[str, Any] = {}
    for stripe_id, deleted_at in people.values():
        for each in await gateway.list_subscriptions(stripe_id):
            # What begins after its customer was deleted belongs to nobody here (contract G10).
            if deleted_at is None or each.id in {row[0] for row in mirror}:
                at_stripe[each.id] = (each.status, each.cancel_at_period_end, each.current_period_end)
    assert {row[0]: (row[1], row[2], row[3]) for row in mirror} == at_stripe


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=366), timedelta(days=-3653)])
async def test_e2_a_clock_that_jumps_converts_and_credits_once(billfold_app: RunningBillfold, jump: timedelta) -> None:
    app = billfold_app
    history = History(app, app.team, 1)
    await history.begin()
    friends = [await friend_pays(app, history, number) for number in range(2)]
    await app.drain()
    app.clock.advance(jump)
    friends += [await friend_pays(app, history, number) for number in range(2, 4)]
    await app.drain()
    app.clock.advance(-jump)
    await app.drain()
    await history.heal()
    assert len(set(friends)) == 4
    await check_everything(app, app.team)
    referred = (await app.client.get(f"{app.path}/analytics")).json()["referralStats"]
    assert (referred["totalReferrals"], referred["converted"]) == (4, 4)


async def friend_pays(app: RunningBillfold, history: History, number: int) -> str:
    """Have one more friend claim the first customer's code and pay."""
    referrer = await history._call("POST", "/customers", {"email": f"referrer{number}@example.com"})
    code = await history._call("POST", "/referrals/codes", {"customerId": referrer["customer"]["id"]})
    friend = await history._call("POST", "/customers", {"email": f"friend{number}@example.com"})
    customer = friend["customer"]["id"]
    await history._call("POST", "/referrals/apply", {"code": code["code"]["code"], "refereeCustomerId": customer})
    history._customers = [customer]
    await history._open_a_checkout()
    simulator = app.application.installation.simulator
    await simulator.complete_checkout(app.team.team_id, history._sessions[-1], bank="pays")
    return str(customer)
