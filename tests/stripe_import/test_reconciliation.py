"""The comparison with Stripe finds what differs, and nothing else."""

from __future__ import annotations

from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.domain.billing import invoices, payments, prices, products, subscriptions
from billfold.domain.billing.comparisons import Comparison
from billfold.domain.tenancy.members import Role
from billfold.infrastructure.db.statements import command
from tests.app_fixtures import RunningBillfold
from tests.organisation.conftest import Browser, Organisation
from tests.stripe_import.accounts import catalog, one_subscriber, stripe
from tests.stripe_import.test_backfill import forget_webhooks, run_all
from tests.stripe_import.test_connection import path_of

BREAK: Final = {
    "subscription": command(sa.update(subscriptions.subscriptions).values(status="past_due")),
    "invoice": command(sa.update(invoices.invoices).values(amount_paid=1)),
    "charge": command(sa.update(payments.payments).values(amount_refunded=7)),
    "product": command(sa.update(products.products).values(name="Another")),
    "price": command(sa.update(prices.prices).values(unit_amount=1)),
}
FOUND: Final = {
    "subscription": ("status", "past_due", "active"),
    "invoice": ("amount_paid", "1", "1900"),
    "charge": ("amount_refunded", "7", "0"),
    "product": ("name", "Another", "Pro"),
    "price": ("unit_amount", "1", "1900"),
}


@pytest.fixture
async def shop(billfold_app: RunningBillfold) -> RunningBillfold:
    """A team with one of everything, imported."""
    await forget_webhooks(billfold_app)
    project_id = billfold_app.team.project_id
    subscription = await one_subscriber(billfold_app, project_id=project_id)
    product_id = subscription["items"]["data"][0]["price"]["product"]
    await stripe(billfold_app, "post", f"products/{product_id}", metadata={"project_id": project_id})
    await run_all(billfold_app)
    return billfold_app


async def compared(app: RunningBillfold, sample: int | None) -> Comparison:
    return await app.services.reconciliation.compare(app.team.team_id, sample=sample)


@pytest.mark.parametrize("sample", [None, 1, 100])
async def test_what_was_just_imported_does_not_differ(shop: RunningBillfold, sample: int | None) -> None:
    report = await compared(shop, sample)
    assert (report.difference_count, report.differences) == (0, [])
    assert report.compared == dict.fromkeys(BREAK, 1)


@pytest.mark.parametrize("sample", [None, 5])
@pytest.mark.parametrize("kind", sorted(BREAK))
async def test_a_field_that_was_changed_here_is_found(shop: RunningBillfold, kind: str, sample: int | None) -> None:
    await shop.services.db.write(lambda tx: tx.run(BREAK[kind]))
    report = await compared(shop, sample)
    (found,) = report.differences
    assert (found["kind"], found["field"], found["ours"], found["theirs"]) == (kind, *FOUND[kind])


async def test_what_stripe_has_and_we_lack_is_found_only_if_it_is_a_projects(shop: RunningBillfold) -> None:
    nobodys = await one_subscriber(shop, "nobody@example.com")
    await catalog(shop)
    ours = await stripe(shop, "get", "customers", email="old@example.com")
    price = await catalog(shop)
    customer_id = ours["data"][0]["id"]
    card = await stripe(shop, "post", "payment_methods/pm_card_visa/attach", customer=customer_id)
    wanted = {"items": [{"price": price["id"]}], "default_payment_method": card["id"]}
    missed = await stripe(shop, "post", "subscriptions", customer=customer_id, **wanted)
    report = await compared(shop, None)
    found = {(each["kind"], each["stripe_id"]) for each in report.differences}
    assert ("subscription", missed["id"]) in found
    assert not {stripe_id for _, stripe_id in found} & {nobodys["id"], price["id"], price["product"]}
    assert {each["field"] for each in report.differences} == {"object"}
    # A sample of our rows cannot know.
    assert (await compared(shop, 10)).difference_count == 0


async def test_what_we_hold_and_stripe_lacks_is_found(shop: RunningBillfold) -> None:
    rename = command(sa.update(invoices.invoices).values(stripe_invoice_id="in_gone"))
    await shop.services.db.write(lambda tx: tx.run(rename))
    report = await compared(shop, None)
    assert {(each["stripe_id"], each["ours"], each["theirs"]) for each in report.differences} >= {
        ("in_gone", "present", None)
    }


async def test_the_report_is_made_by_the_worker_and_read_over_http(shop: RunningBillfold, admin: Browser) -> None:
    assert (await admin.call("GET", path_of(shop, "reconciliation"))).json() == {"report": None}
    begun = await admin.call("POST", path_of(shop, "reconciliation"), json={"sample": None})
    assert (begun.status_code, begun.json()["report"]["status"]) == (202, "running")
    assert (await admin.call("POST", path_of(shop, "reconciliation"))).status_code == 409
    await shop.services.db.write(lambda tx: tx.run(BREAK["price"]))
    await shop.drain()
    report = (await admin.call("GET", path_of(shop, "reconciliation"))).json()["report"]
    assert (report["status"], report["differenceCount"], report["sample"]) == ("finished", 1, None)
    assert report["differences"][0]["field"] == "unit_amount"
    assert (await admin.call("POST", path_of(shop, "reconciliation"))).status_code == 202


async def test_a_comparison_that_stripe_refuses_says_why(shop: RunningBillfold, admin: Browser) -> None:
    await admin.call("POST", path_of(shop, "reconciliation"))
    await admin.call("DELETE", path_of(shop, "connect"))
    await shop.drain()
    report = (await admin.call("GET", path_of(shop, "reconciliation"))).json()["report"]
    assert report["status"] == "failed"
    assert "not connected" in report["lastError"]


@pytest.mark.parametrize("sample", [0, -1, 10_001, 1.5, "all", True])
async def test_a_bad_sample_is_refused(billfold_app: RunningBillfold, admin: Browser, sample: Any) -> None:
    answer = await admin.call("POST", path_of(billfold_app, "reconciliation"), json={"sample": sample})
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_it_takes_an_admin(billfold_app: RunningBillfold, organisation: Organisation, method: str) -> None:
    member = await organisation.sign_in("member@example.com", Role.MEMBER)
    assert (await member.call(method, path_of(billfold_app, "reconciliation"))).status_code == 403
