"""What the sync does about each kind of object: fetched once, routed, stored, settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.domain.billing import customers, invoices, payments, prices, products, subscriptions
from billfold.domain.billing.stripe_events import count_by_status
from billfold.domain.billing.sync import import_customer
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.jobs.queue import waiting_count
from tests.billing.stripe_values import START
from tests.published import HEARD
from tests.webhooks.conftest import Shop
from tests.webhooks.fake_stripe import (
    about,
    event_body,
    fake_checkout,
    fake_customer,
    fake_invoice,
    fake_payment,
    fake_price,
    fake_product,
    fake_setup,
    fake_subscription,
)

PUBLISHED = query(sa.select(events.c.name, events.c.project_id).where(HEARD).order_by(events.c.sequence), row_tuple)


async def published(shop: Shop) -> list[str]:
    return [name for name, _ in await shop.db.read(lambda tx: tx.all(PUBLISHED))]


def created(stripe_id: str = "sub_1") -> bytes:
    return event_body("customer.subscription.created", about("subscription", stripe_id))


async def test_a_subscription_is_stored_in_the_customers_project_and_its_event_is_processed(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    await shop.deliver(created())
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert (stored.project_id, stored.status) == (shop.project_id, "active")
    assert await shop.db.read(count_by_status, shop.project_id) == {"processed": 1}
    assert await published(shop) == ["subscription.started"]


async def test_a_burst_about_one_subscription_is_fetched_once(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    await shop.deliver(created(), *(event_body("customer.subscription.updated", about("subscription", "sub_1")),) * 1)
    for _ in range(20):
        await shop.post(event_body("customer.subscription.updated", about("subscription", "sub_1")))
    calls_before = len(shop.stripe.calls)
    await shop.worker.drain()
    assert len(shop.stripe.calls) == calls_before + 1
    assert await shop.db.read(count_by_status, shop.project_id) == {"processed": 22}


async def test_the_metadata_of_an_object_decides_between_two_projects_with_one_stripe_customer(shop: Shop) -> None:
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    shop.stripe.put(fake_subscription(metadata={"project_id": shop.house.other_project_id}))
    await shop.deliver(created())
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.project_id == shop.house.other_project_id


async def test_the_stripe_customers_stamp_decides_where_two_projects_have_him(shop: Shop) -> None:
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    shop.stripe.put(fake_subscription(), fake_customer(metadata={"project_id": shop.house.other_project_id}))
    await shop.deliver(created())
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.project_id == shop.house.other_project_id


async def test_a_shared_stripe_customer_without_a_stamp_routes_nowhere(shop: Shop) -> None:
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    shop.stripe.put(fake_subscription(), fake_customer())
    await shop.deliver(created())
    assert await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1") is None
    [report] = await shop.reported()
    assert report.status == "ignored"


async def test_a_known_object_stays_in_its_project_whatever_its_metadata_says_later(shop: Shop) -> None:
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    shop.stripe.put(fake_subscription(metadata={"project_id": shop.project_id}))
    await shop.deliver(created())
    shop.stripe.put(fake_subscription(status="past_due", metadata={"project_id": shop.house.other_project_id}))
    await shop.deliver(event_body("customer.subscription.updated", about("subscription", "sub_1")))
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert (stored.project_id, stored.status) == (shop.project_id, "past_due")


@pytest.mark.parametrize("stamp", ["of another team", "proj_nowhere"])
async def test_metadata_that_names_another_teams_project_is_ignored_a14(shop: Shop, stamp: str) -> None:
    stranger = await shop.another()
    project_id = stranger.project_id if stamp == "of another team" else stamp
    shop.stripe.put(fake_subscription(metadata={"project_id": project_id}))
    await shop.deliver(created())
    assert await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1") is None
    assert await shop.db.read(subscriptions.find_by_stripe_id, stranger.team_id, "sub_1") is None
    [report] = await shop.reported()
    assert (report.status, report.reason) == (
        "ignored",
        "The object's project_id metadata names no project of this team.",
    )


async def test_an_object_that_stripe_does_not_have_is_ignored_with_a_reason(shop: Shop) -> None:
    await shop.deliver(created("sub_gone"))
    [report] = await shop.reported()
    assert (report.status, report.reason) == ("ignored", "Stripe has no such object (any more).")


async def test_the_first_paid_state_of_an_invoice_is_published_once(shop: Shop) -> None:
    open_invoice = fake_invoice(status="open", amount_paid=0, amount_remaining=1000, paid_at=None)
    shop.stripe.put(fake_subscription(), open_invoice)
    await shop.deliver(event_body("invoice.finalized", about("invoice", "in_1")))
    assert await published(shop) == []
    shop.stripe.put(fake_invoice())
    for event_type in ("invoice.paid", "invoice.payment_succeeded", "invoice.updated"):
        await shop.deliver(event_body(event_type, about("invoice", "in_1")))
    assert await published(shop) == ["invoice.paid"]
    stored = await shop.db.read(invoices.find_by_stripe_id, shop.team_id, "in_1")
    assert stored is not None
    assert (stored.status, stored.amount_paid) == ("paid", 1000)


async def test_an_older_answer_never_overwrites_a_newer_one(shop: Shop) -> None:
    [customer] = await shop.db.read(customers.find_by_stripe_id, shop.team_id, "cus_1")

    async def store(value: Any, seconds: int) -> str:
        stored = await shop.db.write(
            invoices.store,
            team_id=shop.team_id,
            project_id=shop.project_id,
            customer_id=customer.id,
            value=value,
            fetched_at=shop.clock.now() + timedelta(seconds=seconds),
            at=shop.clock.now(),
            now=shop.clock.now() + timedelta(minutes=1),
        )
        return stored.status

    assert await store(fake_invoice(), 10) == "paid"
    assert await store(fake_invoice(status="open", paid_at=None), 9) == "paid"
    assert await store(fake_invoice(status="void", paid_at=None), 11) == "void"


async def test_a_payment_of_an_invoice_is_routed_by_the_invoice(shop: Shop) -> None:
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    shop.stripe.put(fake_invoice(metadata={"project_id": shop.house.other_project_id}), fake_payment())
    await shop.deliver(event_body("invoice.paid", about("invoice", "in_1")))
    await shop.deliver(event_body("payment_intent.succeeded", about("payment_intent", "pi_1")))
    stored = await shop.db.read(payments.find_by_stripe_id, shop.team_id, "pi_1")
    assert stored is not None
    assert (stored.project_id, stored.amount_received) == (shop.house.other_project_id, 1000)


async def test_refunds_and_disputes_are_published_in_both_directions(shop: Shop) -> None:
    shop.stripe.put(fake_payment())
    charge = about("charge", "ch_1", payment_intent="pi_1")
    await shop.deliver(event_body("charge.succeeded", charge))
    assert await published(shop) == []
    for amount in (300, 1000, 700):
        shop.stripe.put(fake_payment(amount_refunded=amount))
        await shop.deliver(event_body("charge.refunded", charge), event_body("charge.refunded", charge))
    assert await published(shop) == ["payment.refunded"] * 3
    shop.stripe.put(fake_payment(disputed=True, amount_disputed=300, amount_refunded=700))
    dispute = about("dispute", "dp_1", charge="ch_1", payment_intent="pi_1")
    await shop.deliver(event_body("charge.dispute.created", dispute))
    shop.stripe.put(fake_payment(amount_refunded=700))
    await shop.deliver(event_body("charge.dispute.closed", dispute))
    assert await published(shop) == ["payment.refunded"] * 5


async def test_a_charge_without_an_intent_is_a_payment_of_its_own(shop: Shop) -> None:
    shop.stripe.put(fake_payment(None, status="failed", failure_message="Your card was declined."))
    await shop.deliver(event_body("charge.failed", about("charge", "ch_1")))
    stored = await shop.db.read(payments.find_by_stripe_id, shop.team_id, "ch_1")
    assert stored is not None
    assert (stored.status, stored.failure_message) == ("failed", "Your card was declined.")


async def test_a_checkout_in_payment_mode_records_the_payment_only(shop: Shop) -> None:
    shop.stripe.put(fake_payment(metadata={"project_id": shop.project_id}))
    checkout = about("checkout.session", "cs_1", mode="payment", payment_intent="pi_1")
    await shop.deliver(event_body("checkout.session.completed", checkout))
    assert await shop.db.read(payments.find_by_stripe_id, shop.team_id, "pi_1") is not None
    assert await published(shop) == []


async def test_a_checkout_whose_event_names_nothing_is_followed_to_what_it_made(shop: Shop) -> None:
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    stamps = {"project_id": shop.house.other_project_id}
    shop.stripe.put(fake_checkout(metadata=stamps), fake_subscription())
    await shop.deliver(event_body("checkout.session.completed", about("checkout.session", "cs_1", mode="subscription")))
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.project_id == shop.house.other_project_id


async def test_a_setup_that_we_did_not_open_is_processed_and_changes_nothing(shop: Shop) -> None:
    shop.stripe.put(fake_checkout(mode="setup", subscription_id=None, setup_intent_id="seti_1"), fake_setup())
    await shop.deliver(event_body("checkout.session.completed", about("checkout.session", "cs_1", mode="setup")))
    assert await shop.db.read(count_by_status, shop.project_id) == {"processed": 1}
    assert (await published(shop), shop.stripe.defaults) == ([], {})


async def test_a_created_stripe_customer_never_becomes_a_customer_of_a_project_g21(shop: Shop) -> None:
    shop.stripe.put(fake_customer("cus_2", metadata={"project_id": shop.project_id}))
    await shop.deliver(event_body("customer.created", about("customer", "cus_2")))
    assert await shop.db.read(customers.find_by_stripe_id, shop.team_id, "cus_2") == []


async def test_an_updated_stripe_customer_updates_ours_but_never_takes_anothers_address(shop: Shop) -> None:
    await shop.add_customer("cus_2")
    shop.stripe.put(fake_customer(email="new@example.com", name="Jane Example"))
    await shop.deliver(event_body("customer.updated", about("customer", "cus_1")))
    [customer] = await shop.db.read(customers.find_by_stripe_id, shop.team_id, "cus_1")
    assert (customer.email, customer.name) == ("new@example.com", "Jane Example")
    shop.stripe.put(fake_customer(email="CUS_2@example.com", name="Other Name"))
    await shop.deliver(event_body("customer.updated", about("customer", "cus_1")))
    [customer] = await shop.db.read(customers.find_by_stripe_id, shop.team_id, "cus_1")
    assert (customer.email, customer.name) == ("new@example.com", "Other Name")


async def test_a_deleted_stripe_customer_is_hidden_and_his_later_events_are_unrouted(shop: Shop) -> None:
    shop.stripe.put(fake_customer(deleted=True, email=None), fake_subscription())
    await shop.deliver(event_body("customer.deleted", about("customer", "cus_1")))
    assert await shop.db.read(customers.find_by_stripe_id, shop.team_id, "cus_1") == []
    await shop.deliver(created())
    assert await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1") is None
    assert await published(shop) == ["customer.deleted"]


async def test_a_stamped_product_and_its_prices_are_imported_and_updated(shop: Shop) -> None:
    shop.stripe.put(fake_product(metadata={"project_id": shop.project_id}), fake_price())
    await shop.deliver(event_body("product.created", about("product", "prod_1")))
    await shop.deliver(event_body("price.created", about("price", "price_1")))
    shop.stripe.put(fake_product(name="Pro plus"), fake_price(active=False))
    await shop.deliver(event_body("product.updated", about("product", "prod_1")))
    await shop.deliver(event_body("price.updated", about("price", "price_1")))
    product = await shop.db.read(products.find_by_stripe_id, shop.team_id, "prod_1")
    price = await shop.db.read(prices.find_by_stripe_id, shop.team_id, "price_1")
    assert product is not None
    assert price is not None
    assert (product.project_id, product.name, price.is_active) == (shop.project_id, "Pro plus", False)


async def test_an_unstamped_product_and_a_price_of_an_unknown_product_are_ignored(shop: Shop) -> None:
    shop.stripe.put(fake_product(), fake_price())
    await shop.deliver(event_body("product.created", about("product", "prod_1")))
    await shop.deliver(event_body("price.created", about("price", "price_1")))
    assert [report.status for report in await shop.reported()] == ["ignored", "ignored"]


async def test_deleted_products_and_prices_are_archived(shop: Shop) -> None:
    shop.stripe.put(fake_product(metadata={"project_id": shop.project_id}), fake_price())
    await shop.deliver(event_body("product.created", about("product", "prod_1")))
    await shop.deliver(event_body("price.created", about("price", "price_1")))
    shop.stripe.objects.clear()
    await shop.deliver(event_body("price.deleted", about("price", "price_1")))
    await shop.deliver(event_body("product.deleted", about("product", "prod_1")))
    product = await shop.db.read(products.find_by_stripe_id, shop.team_id, "prod_1")
    price = await shop.db.read(prices.find_by_stripe_id, shop.team_id, "price_1")
    assert product is not None
    assert price is not None
    assert (product.is_active, price.is_active) == (False, False)


async def test_an_unknown_price_comes_in_with_a_subscription_if_its_product_is_the_projects(shop: Shop) -> None:
    shop.stripe.put(fake_product(metadata={"project_id": shop.project_id}), fake_subscription())
    # Without the product's own event: it is asked for.
    await shop.deliver(created())
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.price_id is not None


async def test_an_event_waits_while_stripe_is_down_and_is_processed_when_it_is_back_a15(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    shop.stripe.is_down = True
    await shop.deliver(created())
    assert await shop.reported() == []
    assert await shop.db.read(waiting_count) == 1
    shop.stripe.is_down = False
    shop.clock.advance(timedelta(minutes=1))
    await shop.worker.drain()
    assert await shop.db.read(count_by_status, shop.project_id) == {"processed": 1}
    assert await shop.db.read(waiting_count) == 0


async def test_what_cannot_be_stored_is_failed_visibly_and_processed_once_it_is_mended_a11(shop: Shop) -> None:
    shop.stripe.put(fake_subscription(quantity=2**63))
    await shop.deliver(created())
    [report] = await shop.reported()
    assert report.status == "failed"
    assert report.reason
    shop.stripe.put(fake_subscription())
    shop.clock.advance(timedelta(minutes=1))
    await shop.worker.drain()
    assert await shop.reported() == []
    assert await shop.db.read(count_by_status, shop.project_id) == {"processed": 1}


async def test_linking_imports_subscriptions_and_invoices_but_not_those_of_another_project_g9(shop: Shop) -> None:
    elsewhere = {"project_id": shop.house.other_project_id}
    before = START - timedelta(days=1)
    shop.stripe.put(
        replace(fake_subscription(), created=before),
        fake_invoice(created=before, paid_at=before),
        fake_subscription("sub_2", metadata=elsewhere),
        replace(fake_invoice("in_2"), subscription_id="sub_2", subscription_metadata=elsewhere),
    )
    [customer] = await shop.db.read(customers.find_by_stripe_id, shop.team_id, "cus_1")
    for _ in range(2):
        imported = await import_customer(
            shop.db,
            await shop.connections.gateway(shop.team_id),
            team_id=shop.team_id,
            project_id=shop.project_id,
            customer_id=customer.id,
            now=shop.clock.now(),
        )
        assert (imported.subscriptions, imported.invoices) == (1, 1)
    # What is older than the customer here is no news: it pays nobody a credit.
    assert await published(shop) == []
    assert await shop.db.read(invoices.find_by_stripe_id, shop.team_id, "in_2") is None
