"""What Stripe tells of somebody after an erasure: the amounts count, and nothing tells who it was (contract A34)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import add_customer, new_customer
from billfold.domain.billing.stripe_events import stripe_events
from billfold.domain.tenancy.projects import create_project
from billfold.entrypoints.stripe_webhook import PREFIX
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.stripe.signature import sign
from tests.app_fixtures import RunningBillfold
from tests.privacy.conftest import ROBIN, Robin, erase, everything, traces_in
from tests.stripe_import.accounts import stripe
from tests.stripe_import.test_backfill import run_all
from tests.webhooks.fake_stripe import event_body

_PERSON: Final = {"name": "Robin Gardner", "email": ROBIN, "metadata": {"shoes": "red wellingtons"}}
# What the events begin with that a test posts: the simulator posts its own.
_OURS: Final = "evt_late_"
_STATUSES: Final = query(
    sa.select(stripe_events.c.type, stripe_events.c.stripe_event_id, stripe_events.c.status, stripe_events.c.body),
    row_tuple,
)


async def post(app: RunningBillfold, event_type: str, about: dict[str, Any]) -> None:
    """Have Stripe post an event that holds the whole object."""
    body = event_body(
        event_type, {**about, "receipt_email": ROBIN, "customer_email": ROBIN}, event_id=f"{_OURS}{about['id']}"
    )
    signature = {"Stripe-Signature": sign(body, app.team.webhook_secret, app.clock.now())}
    answer = await app.anonymous.post(f"{PREFIX}{app.team.team_id}", content=body, headers=signature)
    assert answer.status_code == 200, answer.text


async def statuses(app: RunningBillfold) -> dict[str, tuple[str, bool]]:
    """Return what became of the events that a test posted, and whether their bodies are kept."""

    async def read(tx: Reading) -> list[tuple[Any, ...]]:
        return await tx.all(_STATUSES)

    rows = await app.services.db.read(read)
    return {kind: (status, body is not None) for kind, event_id, status, body in rows if event_id.startswith(_OURS)}


async def test_late_events_of_each_kind_bring_nobody_back(robin: Robin, database_url: str) -> None:
    app = robin.app
    kinds = {
        "invoices": "invoice.updated",
        "charges": "charge.updated",
        "subscriptions": "customer.subscription.updated",
    }
    told = {
        event_type: (await stripe(app, "get", kind, limit=1, **({"status": "all"} if kind == "subscriptions" else {})))[
            "data"
        ][0]
        for kind, event_type in kinds.items()
    }
    (customer,) = (await erase(app, ROBIN)).stripe_customer_ids
    books = (await everything(database_url, app))["invoices"]
    await stripe(app, "post", f"customers/{customer}", **_PERSON)
    told["customer.updated"] = {"object": "customer", "id": customer, **_PERSON}
    # One of a type that nothing is done about, and that no job will look at.
    told["customer.tax_id.created"] = {"object": "tax_id", "id": "txi_1", "customer": customer, "value": "DE Gardner"}
    for event_type, about in told.items():
        await post(app, event_type, about)
    await app.drain()
    await app.feed()
    assert await traces_in(database_url, app) == {}
    became = await statuses(app)
    assert became["invoice.updated"] == ("processed", False)
    assert became["charge.updated"] == ("processed", False)
    assert became["customer.subscription.updated"] == ("processed", False)
    assert became["customer.updated"] == ("ignored", False)
    assert became["customer.tax_id.created"] == ("ignored", False)
    assert len(books.splitlines()) == len((await everything(database_url, app))["invoices"].splitlines())


async def test_an_import_of_the_whole_account_brings_nobody_back(robin: Robin, database_url: str) -> None:
    app = robin.app
    (customer,) = (await erase(app, ROBIN)).stripe_customer_ids
    await stripe(app, "post", f"customers/{customer}", **_PERSON)
    progress = await run_all(app)
    assert sum(line.unreadable for line in progress.lines) == 0
    await app.drain()
    await app.feed()
    assert await traces_in(database_url, app) == {}


async def test_who_is_still_a_customer_of_another_project_is_known_there(robin: Robin, database_url: str) -> None:
    app = robin.app
    mine = await app.client.get(f"{app.path}/customers/{robin.customer_id}")
    stripe_id, at = mine.json()["customer"]["stripeCustomerId"], app.clock.now()
    other = await app.services.db.write(create_project, team_id=app.team.team_id, name="Notes", now=at)
    who: dict[str, Any] = {
        "team_id": app.team.team_id,
        "project_id": other.id,
        "email": ROBIN,
        "name": None,
        "metadata": {},
    }
    row = new_customer(**who, stripe_customer_id=stripe_id, at=at, now=at)
    await app.services.db.write(add_customer, row)
    await erase(app, ROBIN)
    app.clock.advance(timedelta(seconds=1))
    await stripe(app, "post", f"customers/{stripe_id}", name="Robin Gardner-Green")
    await app.drain()
    assert {"customers", "stripe_raw_objects"} <= set(await traces_in(database_url, app))
