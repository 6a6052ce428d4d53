"""The raw copies are kept fresh by the events too, not by imports alone; the newer answer wins, as everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from billfold.domain.billing import raw_objects
from billfold.domain.billing.raw_objects import RawObject, copy_of, packed, unpacked
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import RunningBillfold
from tests.stripe_import.accounts import one_subscriber, stripe
from tests.stripe_import.test_backfill import forget_webhooks, run_all
from tests.webhooks.fake_stripe import fake_customer


async def copy(app: RunningBillfold, stripe_id: str) -> RawObject | None:
    return await app.services.db.read(raw_objects.find, app.team.team_id, stripe_id)


async def body(app: RunningBillfold, stripe_id: str) -> dict[str, Any]:
    found = await copy(app, stripe_id)
    assert found is not None
    return unpacked(found.body) or {}


async def listed(app: RunningBillfold, kind: str, **params: Any) -> dict[str, Any]:
    """The newest object of a list as an import reads it."""
    page = await stripe(app, "get", kind, limit=1, **params)
    found: dict[str, Any] = page["data"][0]
    return found


async def test_what_happens_in_stripe_is_copied_without_any_import(billfold_app: RunningBillfold) -> None:
    subscription = await one_subscriber(billfold_app)
    await billfold_app.drain()
    charge = await listed(billfold_app, "charges", expand=["data.payment_intent"])
    invoice = await listed(billfold_app, "invoices", expand=["data.payments"])
    for stripe_id, expected in (
        (subscription["id"], await stripe(billfold_app, "get", f"subscriptions/{subscription['id']}")),
        (subscription["customer"], await stripe(billfold_app, "get", f"customers/{subscription['customer']}")),
        (charge["id"], charge),
        (invoice["id"], invoice),
    ):
        assert await body(billfold_app, stripe_id) == expected
    found = await copy(billfold_app, charge["id"])
    assert found is not None
    assert (found.type, found.project_id, found.stripe_customer_id) == ("charge", None, subscription["customer"])
    counts = await billfold_app.services.db.read(raw_objects.count_unassigned, billfold_app.team.team_id)
    assert counts == {"product": 1, "price": 1, "customer": 1, "subscription": 1, "invoice": 1, "charge": 1}


async def test_a_change_in_stripe_refreshes_the_copy_that_an_import_made(billfold_app: RunningBillfold) -> None:
    await forget_webhooks(billfold_app)
    subscription = await one_subscriber(billfold_app)
    await run_all(billfold_app)
    await billfold_app.application.installation.simulator.configure(billfold_app.team.team_id, "delivery", {"drop": 0})
    await stripe(billfold_app, "post", f"subscriptions/{subscription['id']}", cancel_at_period_end=True)
    await billfold_app.drain()
    assert (await body(billfold_app, subscription["id"]))["cancel_at_period_end"] is True


async def test_an_assigned_objects_copy_says_its_project(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    made = await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "old@example.com"})
    assert made.status_code == 201
    await billfold_app.drain()
    customer = await stripe(billfold_app, "get", "customers")
    await stripe(billfold_app, "post", f"customers/{customer['data'][0]['id']}", name="Renamed")
    await billfold_app.drain()
    found = await copy(billfold_app, customer["data"][0]["id"])
    assert found is not None
    assert found.project_id == billfold_app.team.project_id
    assert (unpacked(found.body) or {})["name"] == "Renamed"


async def test_an_older_answer_does_not_overwrite_a_newer_copy(billfold_app: RunningBillfold) -> None:
    now = billfold_app.clock.now()

    async def keep(tx: Writing, name: bytes, seconds: int) -> int:
        kept = RawObject(
            team_id=billfold_app.team.team_id,
            stripe_id="cus_1",
            type="customer",
            project_id=None,
            stripe_customer_id="cus_1",
            body=packed(b'{"name": "%s"}' % name),
            created=now,
            fetched_at=now + timedelta(seconds=seconds),
        )
        return await raw_objects.keep(tx, [kept])

    assert await billfold_app.services.db.write(keep, b"newer", 5) == 1
    assert await billfold_app.services.db.write(keep, b"older", 0) == 0
    assert await body(billfold_app, "cus_1") == {"name": "newer"}


async def test_the_copy_of_what_stripe_no_longer_has_goes(billfold_app: RunningBillfold) -> None:
    product = await stripe(billfold_app, "post", "products", name="Short-lived")
    await billfold_app.drain()
    assert await copy(billfold_app, product["id"]) is not None
    await stripe(billfold_app, "delete", f"products/{product['id']}")
    await billfold_app.drain()
    assert await copy(billfold_app, product["id"]) is None


def test_what_came_without_its_json_or_was_deleted_makes_no_copy(billfold_app: RunningBillfold) -> None:
    now = billfold_app.clock.now()
    assert copy_of("team_1", fake_customer(), project_id=None, fetched_at=now) is None
    gone = fake_customer(body=b"{}", deleted=True)
    assert copy_of("team_1", gone, project_id=None, fetched_at=now) is None
    assert copy_of("team_1", object(), project_id=None, fetched_at=now) is None
