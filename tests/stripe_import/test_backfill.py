"""What an import does: copies everything, stores what belongs to a project, and goes on wherever it was interrupted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, Unavailable
from billfold.domain.billing import customers, imports, invoices, payments, raw_objects, subscriptions
from billfold.domain.billing.adoption import SETTLED_AFTER
from billfold.domain.billing.backfill import Outcome
from billfold.domain.billing.imports import HOLD, Progress, checked_kinds
from billfold.domain.billing.raw_objects import KINDS, unpacked
from billfold.domain.tenancy.stripe_connections import find_connection
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.jobs.queue import RETRY_SECONDS
from tests.app_fixtures import RunningBillfold
from tests.published import HEARD
from tests.stripe_import.accounts import catalog, multiply, one_subscriber, stripe

PUBLISHED = query(sa.select(events.c.name).where(HEARD), str)
COUNTS = {
    table.name: query(sa.select(sa.func.count()).select_from(table), int)
    for table in (
        customers.customers,
        subscriptions.subscriptions,
        invoices.invoices,
        payments.payments,
        raw_objects.stripe_raw_objects,
    )
}
COPIES = query(
    sa.select(raw_objects.stripe_raw_objects.c.type, sa.func.count()).group_by(raw_objects.stripe_raw_objects.c.type),
    row_tuple,
)


async def run_all(app: RunningBillfold, kinds: tuple[str, ...] = KINDS, **wishes: Any) -> Progress:
    # What Stripe made a moment ago is nobody's yet: a request may be under way.
    app.clock.advance(SETTLED_AFTER + timedelta(seconds=1))
    holder = await app.services.backfill.start(app.team.team_id, kinds=kinds, **{"created_since": None, **wishes})
    assert await app.services.backfill.go_on(app.team.team_id, holder) is Outcome.FINISHED
    return await progress_of(app)


async def progress_of(app: RunningBillfold) -> Progress:
    found = await app.services.db.read(imports.find_progress, app.team.team_id)
    assert found is not None
    return found


async def sync_status(app: RunningBillfold) -> str:
    connection = await app.services.db.read(find_connection, app.team.team_id)
    assert connection is not None
    return connection.sync_status


async def counts(app: RunningBillfold) -> dict[str, int]:
    async def count_all(tx: Reading) -> dict[str, int]:
        return {name: await tx.one(each) for name, each in COUNTS.items()}

    return await app.services.db.read(count_all)


async def published(app: RunningBillfold) -> list[str]:
    return await app.services.db.read(lambda tx: tx.all(PUBLISHED))


async def forget_webhooks(app: RunningBillfold) -> None:
    """Have the simulated account tell nobody what happens in it."""
    await app.application.installation.simulator.configure(app.team.team_id, "delivery", {"drop": 1})


async def test_everything_is_copied_and_what_is_nobodys_stays_nobodys(billfold_app: RunningBillfold) -> None:
    await forget_webhooks(billfold_app)
    await one_subscriber(billfold_app)
    await multiply(billfold_app.services.db, billfold_app.team.team_id, 130)
    progress = await run_all(billfold_app)
    assert {line.kind: (line.read, line.assigned, line.unreadable) for line in progress.lines} == {
        "product": (1, 0, 0),
        "price": (1, 0, 0),
        "customer": (131, 0, 0),
        "subscription": (131, 0, 0),
        "invoice": (131, 0, 0),
        "charge": (131, 0, 0),
    }
    assert dict(await billfold_app.services.db.read(lambda tx: tx.all(COPIES))) == {
        line.kind: line.read for line in progress.lines
    }
    assert (await counts(billfold_app))["customers"] == 0
    assert await sync_status(billfold_app) == "ready"
    unassigned = await billfold_app.services.db.read(raw_objects.count_unassigned, billfold_app.team.team_id)
    assert unassigned == {line.kind: line.read for line in progress.lines}


async def test_a_copy_is_the_object_as_stripe_sent_it(billfold_app: RunningBillfold) -> None:
    subscription = await one_subscriber(billfold_app)
    await run_all(billfold_app)
    copy = await billfold_app.services.db.read(raw_objects.find, billfold_app.team.team_id, subscription["id"])
    assert copy is not None
    assert unpacked(copy.body) == await stripe(billfold_app, "get", f"subscriptions/{subscription['id']}")
    assert (copy.type, copy.project_id, copy.stripe_customer_id) == ("subscription", None, subscription["customer"])


async def test_what_is_stamped_for_a_project_comes_into_it_with_all_that_hangs_on_it(
    billfold_app: RunningBillfold,
) -> None:
    await forget_webhooks(billfold_app)
    project_id = billfold_app.team.project_id
    subscription = await one_subscriber(billfold_app, project_id=project_id, plan="old")
    progress = await run_all(billfold_app)
    assert {line.kind: line.assigned for line in progress.lines} == {
        "product": 0, "price": 0, "customer": 1, "subscription": 1, "invoice": 1, "charge": 1
    }  # fmt: skip
    (customer,) = await billfold_app.services.db.read(
        customers.find_by_stripe_id, billfold_app.team.team_id, subscription["customer"]
    )
    assert (customer.project_id, customer.email, customer.metadata) == (project_id, "old@example.com", {"plan": "old"})
    stored = await billfold_app.services.db.read(
        subscriptions.find_by_stripe_id, billfold_app.team.team_id, subscription["id"]
    )
    assert stored is not None
    assert (stored.customer_id, stored.status) == (customer.id, "active")
    (invoice,) = await billfold_app.services.db.read(invoices.invoices_of_customer, project_id, customer.id)
    assert invoice.status == "paid"
    payment = await billfold_app.services.db.read(
        lambda tx: tx.one(query(sa.select(*payments.payments.c), payments.Payment))
    )
    assert (payment.customer_id, payment.status, payment.amount_received) == (customer.id, "succeeded", 1900)


async def test_the_past_of_an_imported_customer_is_no_news(billfold_app: RunningBillfold) -> None:
    await forget_webhooks(billfold_app)
    await one_subscriber(billfold_app, project_id=billfold_app.team.project_id)
    billfold_app.clock.advance(timedelta(minutes=1))
    await run_all(billfold_app)
    assert await published(billfold_app) == []


async def test_what_happened_after_the_customer_came_is_news_even_if_the_import_meets_it_first(
    billfold_app: RunningBillfold,
) -> None:
    await forget_webhooks(billfold_app)
    made = await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "new@example.com"})
    price = await catalog(billfold_app)
    stripe_id = made.json()["customer"]["stripeCustomerId"]
    card = await stripe(billfold_app, "post", "payment_methods/pm_card_visa/attach", customer=stripe_id)
    await stripe(
        billfold_app,
        "post",
        "subscriptions",
        customer=stripe_id,
        items=[{"price": price["id"]}],
        default_payment_method=card["id"],
    )
    await run_all(billfold_app)
    assert sorted(await published(billfold_app)) == ["invoice.paid", "subscription.started"]


async def test_importing_again_changes_nothing(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app, project_id=billfold_app.team.project_id)
    await run_all(billfold_app)
    before = await counts(billfold_app)
    again = await run_all(billfold_app)
    assert await counts(billfold_app) == before
    assert {line.kind: (line.read, line.expected) for line in again.lines} == dict.fromkeys(KINDS, (1, 1))


async def test_a_customer_who_was_removed_here_is_not_made_again(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app, project_id=billfold_app.team.project_id)
    await run_all(billfold_app)
    (row,) = (await billfold_app.client.get(f"{billfold_app.path}/customers")).json()["customers"]
    await billfold_app.client.delete(f"{billfold_app.path}/customers/{row['id']}")
    progress = await run_all(billfold_app)
    assert progress.lines[2].assigned == 0
    assert (await billfold_app.client.get(f"{billfold_app.path}/customers")).json()["customers"] == []


async def test_a_customer_whom_a_request_is_just_making_is_left_to_it(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app, project_id=billfold_app.team.project_id)
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    holder = await backfill.start(team_id, kinds=KINDS, created_since=None)
    assert await backfill.go_on(team_id, holder) is Outcome.FINISHED
    assert (await counts(billfold_app))["customers"] == 0


async def test_a_stamp_for_another_teams_project_leads_nowhere(billfold_app: RunningBillfold) -> None:
    stranger = await billfold_app.install()
    await one_subscriber(billfold_app, project_id=stranger.project_id)
    progress = await run_all(billfold_app)
    assert sum(line.assigned for line in progress.lines) == 0


async def test_a_run_interrupted_between_pages_goes_on_behind_the_last_one(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    await multiply(billfold_app.services.db, billfold_app.team.team_id, 250)
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    holder = await backfill.start(team_id, kinds=("customer",), created_since=None)
    assert await backfill.go_on(team_id, holder, pages=2) is Outcome.MORE
    assert [line.read for line in (await progress_of(billfold_app)).lines] == [200]
    # Whoever held it is dead: nobody else may go on for a minute, then the worker's job does.
    assert await backfill.go_on(team_id, "another") is Outcome.NOT_MINE
    billfold_app.clock.advance(HOLD)
    await billfold_app.drain()
    progress = await progress_of(billfold_app)
    assert [(line.read, line.pages) for line in progress.lines] == [(251, 3)]
    assert await sync_status(billfold_app) == "ready"


async def test_a_hold_stands_for_clocks_that_differ_and_falls_when_the_clock_was_set_back(
    billfold_app: RunningBillfold,
) -> None:
    backfill, team_id, db = billfold_app.services.backfill, billfold_app.team.team_id, billfold_app.services.db
    await backfill.start(team_id, kinds=("customer",), created_since=None)
    now = billfold_app.clock.now()
    assert await db.write(imports.hold, team_id, "another", now=now - timedelta(seconds=5)) is None
    assert await db.write(imports.hold, team_id, "another", now=now - timedelta(hours=5)) is not None


async def test_of_two_who_read_the_same_page_one_stores_it(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    backfill, team_id, db = billfold_app.services.backfill, billfold_app.team.team_id, billfold_app.services.db
    holder = await backfill.start(team_id, kinds=("customer",), created_since=None)
    seen = await progress_of(billfold_app)
    assert await backfill.go_on(team_id, holder) is Outcome.FINISHED
    with pytest.raises(imports.Overtaken):
        await db.write(
            imports.move, seen.run, seen.lines[0], cursor="x", read=1, assigned=0, unreadable=0, is_last=False,
            now=billfold_app.clock.now(),
        )  # fmt: skip


async def test_a_second_run_beside_a_running_one_is_refused(billfold_app: RunningBillfold) -> None:
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    await backfill.start(team_id, kinds=KINDS, created_since=None)
    with pytest.raises(Conflict, match="running already"):
        await backfill.start(team_id, kinds=("customer",), created_since=None)


async def test_a_stopped_run_goes_on_when_it_is_asked_for_again(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    await multiply(billfold_app.services.db, billfold_app.team.team_id, 150)
    backfill, team_id, db = billfold_app.services.backfill, billfold_app.team.team_id, billfold_app.services.db
    holder = await backfill.start(team_id, kinds=("customer",), created_since=None)
    await backfill.go_on(team_id, holder, pages=1)
    await db.write(imports.end, team_id, "stopped", now=billfold_app.clock.now())
    assert await sync_status(billfold_app) == "pending"
    # Other wishes would begin anew; the same ones go on.
    holder = await backfill.start(team_id, kinds=("customer",), created_since=None)
    assert [line.read for line in (await progress_of(billfold_app)).lines] == [100]
    assert await backfill.go_on(team_id, holder) is Outcome.FINISHED
    assert [line.pages for line in (await progress_of(billfold_app)).lines] == [2]


async def test_only_what_was_made_since_a_moment_is_read_if_that_is_asked(billfold_app: RunningBillfold) -> None:
    await stripe(billfold_app, "post", "customers", email="before@example.com")
    billfold_app.clock.advance(timedelta(days=2))
    since = billfold_app.clock.now() - timedelta(days=1)
    await stripe(billfold_app, "post", "customers", email="after@example.com")
    progress = await run_all(billfold_app, ("customer",), created_since=since)
    assert [line.read for line in progress.lines] == [1]


async def test_archived_products_and_ended_subscriptions_come_too(billfold_app: RunningBillfold) -> None:
    price = await catalog(billfold_app, project_id=billfold_app.team.project_id)
    await stripe(billfold_app, "post", f"products/{price['product']}", active=False)
    subscription = await one_subscriber(billfold_app, project_id=billfold_app.team.project_id)
    await stripe(billfold_app, "delete", f"subscriptions/{subscription['id']}")
    await run_all(billfold_app)
    stored = await billfold_app.services.db.read(
        subscriptions.find_by_stripe_id, billfold_app.team.team_id, subscription["id"]
    )
    assert stored is not None
    assert stored.status == "canceled"
    listed = await billfold_app.client.get(f"{billfold_app.path}/products?activeOnly=false")
    assert [each["isActive"] for each in listed.json()["products"]] == [False]


async def test_what_stripe_refuses_ends_the_run_with_its_words_and_it_goes_on_later(
    billfold_app: RunningBillfold,
) -> None:
    await one_subscriber(billfold_app)
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    simulator = billfold_app.application.installation.simulator
    await backfill.start(team_id, kinds=("customer",), created_since=None)
    await simulator.configure(team_id, "faults", {"429": 3})
    billfold_app.clock.advance(HOLD)
    assert await billfold_app.drain() >= 1
    assert (await progress_of(billfold_app)).run.status == "finished"


async def test_the_cursor_that_left_stripes_list_lets_the_kind_begin_again(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    backfill, team_id, db = billfold_app.services.backfill, billfold_app.team.team_id, billfold_app.services.db
    holder = await backfill.start(team_id, kinds=("customer",), created_since=None)
    seen = await progress_of(billfold_app)
    await db.write(
        imports.move, seen.run, seen.lines[0], cursor="cus_gone", read=100, assigned=0, unreadable=0, is_last=False,
        now=billfold_app.clock.now(),
    )  # fmt: skip
    assert await backfill.go_on(team_id, holder) is Outcome.FINISHED
    assert [line.read for line in (await progress_of(billfold_app)).lines] == [1]


async def test_the_share_counts_kinds_at_first_and_objects_from_the_second_run_on(
    billfold_app: RunningBillfold,
) -> None:
    await one_subscriber(billfold_app)
    await multiply(billfold_app.services.db, billfold_app.team.team_id, 250)
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    kinds = ("product", "customer")
    shares = []
    for _ in range(2):
        holder = await backfill.start(team_id, kinds=kinds, created_since=None)
        shares.append([(await progress_of(billfold_app)).percent])
        for _ in range(4):
            await backfill.go_on(team_id, holder, pages=1)
            shares[-1].append((await progress_of(billfold_app)).percent)
        await backfill.go_on(team_id, holder)
    # A product, then 251 customers in pages of a hundred.
    assert shares == [[0, 50, 50, 50, 100], [0, 50, 69, 89, 100]]


def test_an_unknown_kind_is_refused_and_none_means_all() -> None:
    assert checked_kinds(None) == KINDS
    assert checked_kinds(["charge", "customer"]) == ("customer", "charge")
    with pytest.raises(Invalid, match="coupon"):
        checked_kinds(["customer", "coupon"])


async def test_an_outage_is_shown_and_waited_for(billfold_app: RunningBillfold) -> None:
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    holder = await backfill.start(team_id, kinds=("customer",), created_since=None)
    await billfold_app.application.installation.simulator.configure(team_id, "faults", {"500": 1_000})
    with pytest.raises(Unavailable):
        await backfill.go_on(team_id, holder)
    assert await backfill.go_on_or_give_up(team_id, holder) is Outcome.MORE
    progress = await progress_of(billfold_app)
    assert progress.run.status == "running"
    assert "Try again" in (progress.run.last_error or "")


async def test_a_run_that_fails_to_the_end_of_the_jobs_patience_ends_as_failed(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    await backfill.start(team_id, kinds=("customer",), created_since=None)

    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(backfill, "_step", broken)
    for _ in range(len(RETRY_SECONDS) + 1):
        assert (await progress_of(billfold_app)).run.status == "running"
        billfold_app.clock.advance(timedelta(hours=2))
        await billfold_app.drain()
    run = (await progress_of(billfold_app)).run
    assert (run.status, run.last_error) == ("failed", "RuntimeError: a defect")
    assert await sync_status(billfold_app) == "error"
