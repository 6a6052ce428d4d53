"""A finished setup-mode checkout makes its card the one that is charged (contract G16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billfold.domain.billing import customers
from billfold.domain.billing.customers import delete_customer
from billfold.domain.billing.stripe_events import count_by_status
from tests.billing.stripe_values import START
from tests.webhooks.conftest import Shop
from tests.webhooks.fake_stripe import (
    about,
    event_body,
    fake_card,
    fake_checkout,
    fake_setup,
    fake_subscription,
)


async def customer_id(shop: Shop) -> str:
    (found,) = await shop.db.read(customers.find_by_stripe_id, shop.team_id, "cus_1")
    return found.id


async def stamps(shop: Shop, **changes: str) -> dict[str, str]:
    return {"project_id": shop.project_id, "billstack_customer_id": await customer_id(shop), **changes}


async def saved(shop: Shop, number: int = 1, *, minute: int = 0, **changes: Any) -> bytes:
    """Put a finished setup into the account and return its event."""
    card = fake_card(f"pm_{number}", created=START + timedelta(minutes=minute))
    if "metadata" not in changes:
        changes["metadata"] = await stamps(shop)
    setup = fake_setup(f"seti_{number}", **{"method": card, **changes})
    session = fake_checkout(f"cs_{number}", mode="setup", subscription_id=None, setup_intent_id=setup.id)
    shop.stripe.put(setup, session)
    return event_body("checkout.session.completed", about("checkout.session", session.id, mode="setup"))


async def subscribe(shop: Shop, number: int = 1, **changes: Any) -> None:
    shop.stripe.put(fake_subscription(f"sub_{number}", **changes))
    await shop.deliver(event_body("customer.subscription.created", about("subscription", f"sub_{number}")))


async def test_the_card_becomes_the_default_of_the_customer_and_of_the_live_subscriptions(shop: Shop) -> None:
    await subscribe(shop, 1)
    await subscribe(shop, 2, status="past_due")
    await subscribe(shop, 3, status="canceled")
    await shop.deliver(await saved(shop))
    assert shop.stripe.defaults == {"cus_1": "pm_1", "sub_1": "pm_1", "sub_2": "pm_1"}
    assert await shop.db.read(count_by_status, shop.project_id) == {"processed": 4}


async def test_a_subscription_of_another_project_keeps_its_own_card(shop: Shop) -> None:
    here = await customer_id(shop)
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    await subscribe(shop, 1, metadata={"project_id": shop.house.other_project_id})
    await subscribe(shop, 2, metadata={"project_id": shop.project_id})
    metadata = {"project_id": shop.project_id, "billstack_customer_id": here}
    await shop.deliver(await saved(shop, metadata=metadata))
    assert shop.stripe.defaults == {"cus_1": "pm_1", "sub_2": "pm_1"}


async def test_the_same_event_again_changes_nothing(shop: Shop) -> None:
    body = await saved(shop)
    await shop.deliver(body)
    shop.stripe.defaults.clear()
    await shop.deliver(body, event_body("checkout.session.completed", about("checkout.session", "cs_1", mode="setup")))
    assert shop.stripe.defaults == {}


async def test_the_newest_card_wins_whatever_order_the_events_come_in(shop: Shop) -> None:
    older, newer = await saved(shop, 1, minute=1), await saved(shop, 2, minute=2)
    await shop.deliver(newer)
    await shop.deliver(older)
    assert shop.stripe.defaults == {"cus_1": "pm_2"}


@pytest.mark.parametrize("missing", ["project_id", "billstack_customer_id"])
async def test_a_setup_without_our_stamps_changes_nothing(shop: Shop, missing: str) -> None:
    metadata = await stamps(shop)
    del metadata[missing]
    await shop.deliver(await saved(shop, metadata=metadata))
    assert shop.stripe.defaults == {}


async def test_a_setup_stamped_for_somebody_else_changes_nothing(shop: Shop) -> None:
    other = await shop.add_customer("cus_2")
    await shop.deliver(await saved(shop, metadata=await stamps(shop, billstack_customer_id=other.id)))
    assert shop.stripe.defaults == {}


async def test_a_setup_that_did_not_succeed_changes_nothing(shop: Shop) -> None:
    await shop.deliver(await saved(shop, status="requires_payment_method", method=None))
    assert shop.stripe.defaults == {}


async def test_a_deleted_customer_gets_no_new_default(shop: Shop) -> None:
    body = await saved(shop)
    await shop.db.write(
        delete_customer, project_id=shop.project_id, customer_id=await customer_id(shop), at=START, now=START
    )
    await shop.deliver(body)
    assert shop.stripe.defaults == {}


async def test_an_outage_between_two_calls_is_mended_by_the_next_try(shop: Shop) -> None:
    await subscribe(shop, 1)
    body = await saved(shop)
    shop.stripe.is_down = True
    await shop.deliver(body)
    shop.stripe.is_down = False
    shop.clock.advance(timedelta(hours=1))
    await shop.worker.drain()
    assert shop.stripe.defaults == {"cus_1": "pm_1", "sub_1": "pm_1"}


async def test_a_subscription_that_ended_at_stripe_meanwhile_holds_nothing_up(shop: Shop) -> None:
    await subscribe(shop, 1)
    shop.stripe.put(fake_subscription("sub_1", status="canceled"))
    await shop.deliver(await saved(shop))
    assert shop.stripe.defaults == {"cus_1": "pm_1"}
