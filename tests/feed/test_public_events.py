"""What is told of a whole story, once for each fact, as the API shows it and as the catalogue describes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from billfold.domain.webhooks.feed import read_feed
from billfold.domain.webhooks.public_types import PUBLIC_TYPES, example_envelope, json_schema
from billfold.domain.webhooks.sequencer import Sequencer
from billfold.entrypoints.public_events import RENDERERS
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs.events import CarriedEvent, Event
from tests.api.billing.test_through_simulator import control, sell, send, stripe_of
from tests.app_fixtures import RunningBillfold
from tests.referrals.world import World
from tests.stripe_import.accounts import one_subscriber
from tests.stripe_import.test_backfill import counts, forget_webhooks, run_all

SCHEMA = json_schema()


def closed(schema: Any) -> Any:
    """Return a schema that allows no other fields than it names: what the house tells, the catalogue must describe."""
    if isinstance(schema, dict):
        inner = {key: closed(value) for key, value in schema.items()}
        return {**inner, "additionalProperties": False} if "properties" in inner else inner
    return [closed(each) for each in schema] if isinstance(schema, list) else schema


CLOSED = closed(SCHEMA)


async def told(app: RunningBillfold, after: str | None = None) -> tuple[list[dict[str, Any]], str]:
    """Run what is due, and return what the feed tells since then; each is checked against the catalogue."""
    await app.drain()
    await app.feed()
    page = await send(app, "GET", f"/events?limit=500&after={after}" if after else "/events?limit=500")
    for event in page["events"]:
        jsonschema.validate(event, CLOSED | {"oneOf": [{"$ref": f"#/$defs/{event['type']}"}]})
    return page["events"], page["cursor"]


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


async def test_a_friend_brings_a_friend(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    await send(app, "PUT", "/referrals/config", {
        "enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd",
    })  # fmt: skip
    referrer = (await send(app, "POST", "/customers", {"email": "rita@example.com"}))["customer"]
    code = (await send(app, "POST", "/referrals/codes", {"customerId": referrer["id"]}))["code"]["code"]
    events, cursor = await told(app)
    assert types(events) == ["customer.created"]
    assert events[0]["data"]["customer"] == referrer

    friend, _ = await sell_to_friend(app, code)
    events, cursor = await told(app, cursor)
    assert Counter(types(events)) == {
        "customer.created": 1,
        "referral.applied": 1,
        "subscription.created": 1,
        "payment.succeeded": 1,
        "referral.converted": 1,
        "reward.earned": 2,
        "reward.settled": 2,
    }
    by_type = {event["type"]: event["data"] for event in events}
    (subscription,) = (await send(app, "GET", f"/subscriptions?customerId={friend}"))["subscriptions"]
    assert by_type["subscription.created"]["subscription"] == subscription
    assert by_type["referral.converted"]["referral"]["refereeCustomerId"] == friend
    assert {event["data"]["reward"]["amount"] for event in events if event["type"] == "reward.settled"} == {1000, 500}

    await send(app, "PATCH", f"/subscriptions/{subscription['id']}", {"cancelAtPeriodEnd": True})
    await send(app, "PATCH", f"/customers/{friend}", {"name": "Fred"})
    await send(app, "PATCH", f"/customers/{friend}", {"name": "Fred"})
    events, cursor = await told(app, cursor)
    assert types(events) == ["subscription.updated", "customer.updated"]
    await send(app, "DELETE", f"/subscriptions/{subscription['id']}")
    await send(app, "DELETE", f"/customers/{friend}")
    events, cursor = await told(app, cursor)
    assert types(events) == ["subscription.canceled", "customer.deleted"]
    assert events[0]["data"]["subscription"]["status"] == "canceled"
    assert events[1]["data"]["customer"]["name"] == "Fred"
    assert (await told(app, cursor))[0] == []


async def sell_to_friend(app: RunningBillfold, code: str) -> tuple[str, str]:
    """Have a friend come with a code, buy, and everything happen that follows."""
    friend = (await send(app, "POST", "/customers", {"email": "fred@example.com"}))["customer"]["id"]
    await send(app, "POST", "/referrals/apply", {"code": code, "refereeCustomerId": friend})
    product = (await send(app, "POST", "/products", {"name": "Pro"}))["product"]["id"]
    price = (await send(app, "POST", f"/products/{product}/prices", {"unitAmount": 1000, "interval": "month"}))["price"]
    session = await send(app, "POST", "/checkout", {
        "customerId": friend, "priceId": price["id"],
        "successUrl": "https://app.example.com/done", "cancelUrl": "https://app.example.com/",
    })  # fmt: skip
    await control(app, f"/checkout/{session['sessionId']}/complete", {"outcome": "paid"})
    return friend, price["id"]


async def test_refunds_and_disputes_are_told_in_both_directions(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    customer, _ = await sell(app)
    _, cursor = await told(app)
    (subscription,) = (await send(app, "GET", f"/subscriptions?customerId={customer}"))["subscriptions"]
    of_it = {"subscriptionId": subscription["id"]}
    refund = await control(app, "/refunds", {**of_it, "amount": 400})
    refunded, cursor = await told(app, cursor)
    await control(app, f"/refunds/{refund['refund']['id']}/fail", {})
    failed, cursor = await told(app, cursor)
    dispute = await control(app, "/disputes", of_it)
    opened, cursor = await told(app, cursor)
    await control(app, f"/disputes/{dispute['dispute']['id']}/close", {"outcome": "won"})
    won, cursor = await told(app, cursor)
    payments = [event["data"]["payment"] for event in (*refunded, *failed, *opened, *won)]
    assert types([*refunded, *failed, *opened, *won]) == [
        "payment.refunded", "payment.refunded", "payment.disputed", "payment.disputed",
    ]  # fmt: skip
    assert [each["amountRefunded"] for each in payments] == [400, 0, 0, 0]
    assert [each["amountDisputed"] for each in payments] == [0, 0, 1000, 0]


async def test_a_renewal_is_an_update_and_a_payment_and_a_declined_one_a_failure(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    customer, price = await sell(app)
    _, cursor = await told(app)
    await control(app, "/clock", {"advance_days": 32})
    events, cursor = await told(app, cursor)
    assert sorted(types(events)) == ["payment.succeeded", "subscription.updated"]
    (subscription,) = (await send(app, "GET", f"/subscriptions?customerId={customer}"))["subscriptions"]
    assert events[types(events).index("subscription.updated")]["data"]["subscription"] == subscription

    other = (await send(app, "POST", "/customers", {"email": "poor@example.com"}))["customer"]["id"]
    session = await send(app, "POST", "/checkout", {
        "customerId": other, "priceId": price,
        "successUrl": "https://app.example.com/done", "cancelUrl": "https://app.example.com/",
    })  # fmt: skip
    await control(app, f"/checkout/{session['sessionId']}/complete", {"outcome": "paid", "renewals": "declined"})
    _, cursor = await told(app, cursor)
    await control(app, "/clock", {"advance_days": 32})
    failures = [event for event in (await told(app, cursor))[0] if event["type"] == "payment.failed"]
    assert failures
    assert {event["data"]["payment"]["customerId"] for event in failures} == {other}
    assert all(event["data"]["payment"]["failureMessage"] for event in failures)


async def test_a_stripe_customer_that_changes_or_goes_is_told_of_once(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    customer = (await send(app, "POST", "/customers", {"email": "jane@example.com"}))["customer"]
    stripe = await stripe_of(app)
    _, cursor = await told(app)
    await stripe.update_customer(customer["stripeCustomerId"], name="Jane")
    events, cursor = await told(app, cursor)
    assert types(events) == ["customer.updated"]
    assert events[0]["data"]["customer"]["name"] == "Jane"
    await stripe.delete_customer(customer["stripeCustomerId"])
    assert types((await told(app, cursor))[0]) == ["customer.deleted"]


async def test_the_past_that_an_import_brings_tells_nobody(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    await forget_webhooks(app)
    await one_subscriber(app, project_id=app.team.project_id)
    app.clock.advance(timedelta(minutes=20))
    await run_all(app)
    assert (await counts(app))["customers"] == 1
    assert (await told(app))[0] == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, "trialing", ["subscription.created"]),
        (None, "incomplete", ["subscription.created"]),
        (None, "canceled", ["subscription.created", "subscription.canceled"]),
        ("incomplete", "active", ["subscription.updated"]),
        ("incomplete", "incomplete_expired", ["subscription.updated"]),
        ("active", "past_due", ["subscription.updated"]),
        ("trialing", "paused", ["subscription.paused"]),
        ("paused", "active", ["subscription.resumed"]),
        ("paused", "canceled", ["subscription.canceled"]),
        ("active", "canceled", ["subscription.canceled"]),
        ("active", "active", []),
    ],
)
async def test_each_change_of_a_subscription_has_one_name(
    db: Database, before: str | None, after: str, expected: list[str]
) -> None:
    world = await World(db).start()
    customer = await world.customer()
    if before is not None:
        await world.subscribe(customer, before, stripe_id="sub_1")
    sequencer = Sequencer(db, world.clock, RENDERERS, _no_fan_out)
    await sequencer.drain()
    behind = (await db.read(read_feed, world.project.id, after="latest", limit=1)).cursor
    if before != after:
        world.clock.advance(timedelta(seconds=5))
    await world.subscribe(customer, after, stripe_id="sub_1")
    await sequencer.drain()
    # A customer is told of in front of the subscription that he was made for.
    page = await db.read(read_feed, world.project.id, after=behind, types=list(PUBLIC_TYPES), limit=50)
    assert [event.type for event in page.events if not event.type.startswith("customer")] == expected


def test_every_event_of_the_house_is_told_or_known_to_be_nobodys_business() -> None:
    unknown = {each.name for each in _all_events(Event)} - set(RENDERERS)
    assert not unknown, "say in entrypoints/public_events.py what is told of these"


def _all_events(kind: type[Event]) -> Iterator[type[Event]]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("billfold.") and hasattr(each, "name") and each is not CarriedEvent:
            yield each
        yield from _all_events(each)


async def _no_fan_out(tx: Writing, fed: object) -> None:
    del tx, fed


@pytest.mark.parametrize("name", PUBLIC_TYPES)
async def test_the_example_is_as_described(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(example_envelope(PUBLIC_TYPES[name]), CLOSED | {"oneOf": [{"$ref": f"#/$defs/{name}"}]})
