"""A subscription's life: renewals, trials, dunning, cancellation, changes inside a period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from tests.stripe_simulator.conftest import START, TEAM, World


def day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


async def subscription(world: World, sub: dict[str, Any]) -> dict[str, Any]:
    return await world.raw("get", f"subscriptions/{sub['id']}")


async def invoices(world: World, sub: dict[str, Any]) -> list[dict[str, Any]]:
    listed = await world.raw("get", "invoices", subscription=sub["id"], limit=100)
    return list(reversed(listed["data"]))


async def test_e1_an_anchor_on_the_31st_renews_on_the_last_day_of_short_months(world: World) -> None:
    sub = await world.subscribe()
    await world.advance(days=95)
    ends = [day(invoice["lines"]["data"][0]["period"]["start"]) for invoice in await invoices(world, sub)]
    assert ends == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert {invoice["status"] for invoice in await invoices(world, sub)} == {"paid"}


async def test_a_renewal_happens_at_its_own_moment_however_far_the_clock_jumps(world: World) -> None:
    sub = await world.subscribe()
    await world.advance(days=365)
    found = await invoices(world, sub)
    assert len(found) == 13
    assert found[1]["created"] == int(START.replace(month=2, day=28).timestamp())
    assert found[1]["billing_reason"] == "subscription_cycle"
    assert day(found[1]["period_start"]) == "2026-01-31"


async def test_a_trial_costs_nothing_until_it_ends(world: World) -> None:
    sub = await world.subscribe(3000, subscription_data={"trial_period_days": 14})
    assert sub["status"] == "trialing"
    first = (await invoices(world, sub))[0]
    assert (first["total"], first["status"], first["billing_reason"]) == (0, "paid", "subscription_create")
    types = await world.advance(days=15)
    after = await subscription(world, sub)
    assert after["status"] == "active"
    assert day(after["items"]["data"][0]["current_period_end"]) == "2026-03-14"
    assert [invoice["amount_paid"] for invoice in await invoices(world, sub)] == [0, 3000]
    assert types.index("customer.subscription.updated") < types.index("invoice.paid")


async def test_a_failing_renewal_is_tried_three_times_and_then_ends_it(world: World) -> None:
    sub = await world.subscribe(bank="fails_later")
    await world.advance(to=datetime(2026, 2, 28, 13, tzinfo=UTC))
    assert (await subscription(world, sub))["status"] == "past_due"
    invoice = (await invoices(world, sub))[-1]
    assert (invoice["attempt_count"], day(invoice["next_payment_attempt"])) == (1, "2026-03-03")
    assert (await world.raw("get", f"customers/{sub['customer']}"))["delinquent"] is True
    types = await world.advance(to=datetime(2026, 3, 8, 13, tzinfo=UTC))
    assert types.count("invoice.payment_failed") == 2
    types = await world.advance(to=datetime(2026, 3, 15, 13, tzinfo=UTC))
    assert types.count("invoice.payment_failed") == 1
    after = await subscription(world, sub)
    assert (after["status"], day(after["ended_at"])) == ("canceled", "2026-03-15")
    assert after["cancellation_details"]["reason"] == "payment_failed"
    invoice = (await invoices(world, sub))[-1]
    assert (invoice["status"], invoice["attempt_count"], invoice["next_payment_attempt"]) == ("open", 4, None)
    assert await world.advance(days=365) == []


async def test_an_account_may_keep_what_is_not_paid_as_unpaid(world: World) -> None:
    await world.simulator.configure(TEAM, "settings", {"failed_renewals_end_as": "unpaid"})
    sub = await world.subscribe(bank="fails_later")
    await world.advance(days=50)
    assert (await subscription(world, sub))["status"] == "unpaid"


async def test_another_card_brings_a_past_due_subscription_back(world: World) -> None:
    sub = await world.subscribe(bank="fails_later")
    await world.advance(days=29)
    await world.raw("post", f"subscriptions/{sub['id']}", default_payment_method="pm_card_visa")
    types = await world.advance(days=3)
    assert "invoice.paid" in types
    assert (await subscription(world, sub))["status"] == "active"
    assert (await world.raw("get", f"customers/{sub['customer']}"))["delinquent"] is False


async def test_an_open_invoice_is_paid_by_hand(world: World) -> None:
    sub = await world.subscribe(bank="fails_later")
    await world.advance(days=29)
    invoice = (await invoices(world, sub))[-1]
    with pytest.raises(stripe.CardError, match="insufficient funds"):
        await world.raw("post", f"invoices/{invoice['id']}/pay", off_session=True)
    # What the bank refused is kept: the failed try counts.
    assert (await invoices(world, sub))[-1]["attempt_count"] == 2
    paid = await world.raw("post", f"invoices/{invoice['id']}/pay", payment_method="pm_card_visa")
    assert (paid["status"], paid["amount_remaining"]) == ("paid", 0)
    assert (await subscription(world, sub))["status"] == "active"


async def test_a_subscription_can_end_with_its_period_or_go_on_after_all(world: World) -> None:
    sub = await world.subscribe()
    asked = await world.raw("post", f"subscriptions/{sub['id']}", cancel_at_period_end=True)
    assert (day(asked["cancel_at"]), asked["status"]) == ("2026-02-28", "active")
    kept = await world.raw("post", f"subscriptions/{sub['id']}", cancel_at_period_end=False)
    assert (kept["cancel_at"], kept["canceled_at"]) == (None, None)
    await world.raw("post", f"subscriptions/{sub['id']}", cancel_at_period_end=True)
    types = await world.advance(days=29)
    assert types == ["customer.subscription.deleted"]
    assert (await subscription(world, sub))["status"] == "canceled"


async def test_canceling_now_ends_it_and_twice_is_an_error(world: World) -> None:
    sub = await world.subscribe()
    ended = await world.raw("delete", f"subscriptions/{sub['id']}")
    assert (ended["status"], ended["ended_at"]) == ("canceled", await world.at())
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("delete", f"subscriptions/{sub['id']}")
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("post", f"subscriptions/{sub['id']}", cancel_at_period_end=True)


async def test_more_seats_inside_a_period_cost_their_share_with_the_next_invoice(world: World) -> None:
    sub = await world.subscribe(2800)
    await world.advance(days=14)
    item = sub["items"]["data"][0]["id"]
    await world.raw("post", f"subscriptions/{sub['id']}", items=[{"id": item, "quantity": 3}])
    await world.advance(days=15)
    lines = (await invoices(world, sub))[-1]["lines"]["data"]
    assert [line["amount"] for line in lines] == [-1400, 4200, 8400]
    assert [line["parent"]["subscription_item_details"]["proration"] for line in lines] == [True, True, False]


async def test_a_change_can_be_charged_at_once_or_not_at_all(world: World) -> None:
    sub = await world.subscribe(2800)
    await world.advance(days=14)
    item = sub["items"]["data"][0]["id"]
    change = {"items": [{"id": item, "quantity": 2}]}
    await world.raw("post", f"subscriptions/{sub['id']}", proration_behavior="always_invoice", **change)
    assert [invoice["total"] for invoice in await invoices(world, sub)] == [2800, 1400]
    change = {"items": [{"id": item, "quantity": 1}]}
    await world.raw("post", f"subscriptions/{sub['id']}", proration_behavior="none", **change)
    await world.advance(days=15)
    assert [invoice["total"] for invoice in await invoices(world, sub)] == [2800, 1400, 2800]


async def test_a_yearly_price_begins_a_new_period(world: World) -> None:
    sub = await world.subscribe(2800)
    await world.advance(days=14)
    yearly = await world.price(28_000, "year")
    item = sub["items"]["data"][0]["id"]
    after = await world.raw("post", f"subscriptions/{sub['id']}", items=[{"id": item, "price": yearly["id"]}])
    assert day(after["items"]["data"][0]["current_period_end"]) == "2027-02-14"
    assert (await invoices(world, sub))[-1]["total"] == 28_000 - 1_400


async def test_a_subscription_without_a_card_needs_a_trial_or_an_open_first_invoice(world: World) -> None:
    customer = await world.raw("post", "customers", email="wren@example.com")
    values = {"customer": customer["id"], "items": [{"price": (await world.price())["id"]}]}
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        await world.raw("post", "subscriptions", **values)
    sub = await world.raw("post", "subscriptions", payment_behavior="default_incomplete", **values)
    assert sub["status"] == "incomplete"
    await world.raw("post", f"invoices/{sub['latest_invoice']}/pay", payment_method="pm_card_visa")
    assert (await subscription(world, sub))["status"] == "active"
    late = await world.raw("post", "subscriptions", payment_behavior="default_incomplete", **values)
    types = await world.advance(days=1)
    assert "invoice.voided" in types
    assert (await subscription(world, late))["status"] == "incomplete_expired"


async def test_a_card_that_refuses_makes_an_incomplete_subscription(world: World) -> None:
    customer = await world.raw("post", "customers", email="wren@example.com")
    values = {"customer": customer["id"], "items": [{"price": (await world.price())["id"]}]}
    sub = await world.raw("post", "subscriptions", default_payment_method="pm_card_chargeDeclined", **values)
    assert sub["status"] == "incomplete"
    good = await world.raw("post", "subscriptions", default_payment_method="pm_card_visa", **values)
    assert good["status"] == "active"
    await world.worker.drain()
    told = [
        event["data"]["object"]["status"]
        for event in world.received
        if event["type"].startswith("customer.subscription.") and event["data"]["object"]["id"] == good["id"]
    ]
    assert told == ["incomplete", "active"]


async def test_a_coupon_for_two_months_ends_after_two(world: World) -> None:
    await world.raw("post", "coupons", id="HALF", percent_off=33.33, duration="repeating", duration_in_months=2)
    sub = await world.subscribe(discounts=[{"coupon": "HALF"}])
    await world.advance(to=START + timedelta(days=62))
    assert [invoice["total"] for invoice in await invoices(world, sub)] == [667, 667, 1000]
    assert (await world.raw("get", "coupons/HALF"))["times_redeemed"] == 1


async def test_lists_leave_canceled_subscriptions_out_unless_asked(world: World) -> None:
    sub = await world.subscribe()
    other = await world.subscribe()
    await world.raw("delete", f"subscriptions/{other['id']}")
    assert [each["id"] for each in (await world.raw("get", "subscriptions"))["data"]] == [sub["id"]]
    assert len((await world.raw("get", "subscriptions", status="all"))["data"]) == 2
    ended = await world.raw("get", "subscriptions", customer=other["customer"], status="canceled")
    assert [each["id"] for each in ended["data"]] == [other["id"]]


async def test_a_date_to_end_on_is_kept_and_can_be_taken_back(world: World) -> None:
    sub = await world.subscribe()
    moment = int((START + timedelta(days=40)).timestamp())
    await world.raw("post", f"subscriptions/{sub['id']}", cancel_at=moment)
    cleared = await world.raw("post", f"subscriptions/{sub['id']}", cancel_at="")
    assert cleared["cancel_at"] is None
    await world.raw("post", f"subscriptions/{sub['id']}", cancel_at=moment)
    await world.advance(days=60)
    assert (await subscription(world, sub))["ended_at"] == moment
    assert len(await invoices(world, sub)) == 2


async def test_a_trial_that_is_ended_is_charged_at_once(world: World) -> None:
    sub = await world.subscribe(3000, subscription_data={"trial_period_days": 14})
    await world.advance(days=3)
    after = await world.raw("post", f"subscriptions/{sub['id']}", trial_end="now")
    assert after["status"] == "active"
    assert [invoice["amount_paid"] for invoice in await invoices(world, sub)] == [0, 3000]
    assert day(after["items"]["data"][0]["current_period_end"]) == "2026-03-03"


async def test_an_item_is_read_and_changed_by_itself(world: World) -> None:
    sub = await world.subscribe()
    item = sub["items"]["data"][0]["id"]
    changed = await world.raw("post", f"subscription_items/{item}", quantity=4, proration_behavior="none")
    assert changed["quantity"] == 4
    assert (await world.raw("get", f"subscription_items/{item}"))["quantity"] == 4
    listed = await world.raw("get", "subscription_items", subscription=sub["id"])
    assert [each["id"] for each in listed["data"]] == [item]
