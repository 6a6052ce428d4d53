"""The same promises with the real client, the simulator's own events and its rough delivery, up to the credits (A1, A2, A5)."""

from __future__ import annotations

import os
from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.domain.billing.stripe_event_types import EFFECTS
from billfold.domain.billing.stripe_events import reported_events, stripe_events
from billfold.domain.billing.sweep import SWEEP_JOB
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.queue import enqueue
from tests.app_fixtures import RunningBillfold

FRIENDS: Final = 200 if os.environ.get("BILLFOLD_TEST_FULL") == "1" else 4

STATUSES = query(
    sa.select(stripe_events.c.status, sa.func.count())
    .group_by(stripe_events.c.status)
    .order_by(stripe_events.c.status),
    row_tuple,
)


async def send(app: RunningBillfold, method: str, path: str, body: Any = None) -> Any:
    answer = await app.client.request(method, path, json=body)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def deliver_roughly(app: RunningBillfold, **how: Any) -> None:
    await app.application.installation.simulator.configure(app.team.team_id, "delivery", how)


async def customer(app: RunningBillfold, name: str) -> str:
    made = await send(app, "POST", f"{app.path}/customers", {"email": f"{name}@example.com"})
    return str(made["customer"]["id"])


async def friends_subscribe(app: RunningBillfold, number: int = FRIENDS) -> None:
    """One customer brings friends; each subscribes through checkout."""
    config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500}
    await send(app, "PUT", f"{app.path}/referrals/config", config)
    product = (await send(app, "POST", f"{app.path}/products", {"name": "Pro"}))["product"]["id"]
    price = await send(
        app,
        "POST",
        f"{app.path}/products/{product}/prices",
        {"unitAmount": 2900, "interval": "month", "type": "recurring"},
    )
    referrer = await customer(app, "referrer")
    code = (await send(app, "POST", f"{app.path}/referrals/codes", {"customerId": referrer}))["code"]["code"]
    for index in range(number):
        friend = await customer(app, f"friend{index}")
        await send(app, "POST", f"{app.path}/referrals/apply", {"code": code, "refereeCustomerId": friend})
        checkout = await send(
            app,
            "POST",
            f"{app.path}/checkout",
            {
                "customerId": friend,
                "priceId": price["price"]["id"],
                "successUrl": "https://example.com/ok",
                "cancelUrl": "https://example.com/no",
            },
        )
        simulator = app.application.installation.simulator
        await simulator.complete_checkout(app.team.team_id, checkout["sessionId"], bank="pays")


async def numbers(app: RunningBillfold) -> tuple[int, int, int]:
    """Return active subscriptions, conversions and MRR in cents."""
    analytics = await send(app, "GET", f"{app.path}/analytics")
    return (
        analytics["subscriptionBreakdown"]["active"],
        analytics["referralStats"]["converted"],
        round(analytics["mrr"] * 100),
    )


@pytest.mark.parametrize(
    "how", [{}, {"duplicate": 3, "shuffle": True, "seed": 7}, {"duplicate": 1, "drop": 0.5, "seed": 3}]
)
async def test_every_friend_converts_once_however_the_events_come_a1_a2(
    billfold_app: RunningBillfold, how: dict[str, Any]
) -> None:
    app = billfold_app
    await deliver_roughly(app, **how)
    await friends_subscribe(app)
    await app.drain()
    if "drop" in how:
        await sweep(app)
    assert await numbers(app) == (FRIENDS, FRIENDS, FRIENDS * 2900)
    statuses = dict(await app.services.db.read(lambda tx: tx.all(STATUSES)))
    assert set(statuses) <= {"processed", "ignored"}


async def test_what_is_never_delivered_is_healed_by_the_sweep_alone(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    await friends_subscribe(app, 0)
    await app.drain()
    await deliver_roughly(app, drop=1.0)
    await somebody_subscribes(app)
    await app.drain()
    assert await numbers(app) == (0, 0, 0)
    await sweep(app)
    assert await numbers(app) == (1, 0, 2900)
    # A second one finds nothing new.
    await sweep(app)
    assert await numbers(app) == (1, 0, 2900)


async def somebody_subscribes(app: RunningBillfold) -> None:
    products = await send(app, "GET", f"{app.path}/products")
    prices = await send(app, "GET", f"{app.path}/products/{products['products'][0]['id']}/prices")
    checkout = await send(
        app,
        "POST",
        f"{app.path}/checkout",
        {
            "customerId": await customer(app, "late"),
            "priceId": prices["prices"][0]["id"],
            "successUrl": "https://example.com/ok",
            "cancelUrl": "https://example.com/no",
        },
    )
    await app.application.installation.simulator.complete_checkout(app.team.team_id, checkout["sessionId"], bank="pays")


async def sweep(app: RunningBillfold) -> None:
    async def unit(tx: Writing) -> None:
        await enqueue(tx, SWEEP_JOB, {}, now=app.clock.now(), key=SWEEP_JOB)

    await app.services.db.write(unit)
    await app.drain()


async def test_no_event_of_a_whole_checkout_fails(billfold_app: RunningBillfold) -> None:
    await friends_subscribe(billfold_app, 1)
    await billfold_app.drain()
    reports = await billfold_app.services.db.read(reported_events, billfold_app.team.team_id)
    assert {report.status for report in reports} <= {"ignored"}
    # Only types that are nothing to us; the rest was routed, `customer.created` to the customer that our API had made.
    assert not {report.type for report in reports} & set(EFFECTS)
