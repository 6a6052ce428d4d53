"""The pages of the feed: what was told, with its payload and where it went."""

from __future__ import annotations

import re

from tests.console.conftest import Console, texts


async def test_an_event_is_shown_with_its_payload_and_its_webhooks(console: Console) -> None:
    owner = await console.sign_in()
    assert "No events yet" in texts(await owner.get(f"{console.home}/events"))
    webhook = (await console.call("POST", "/webhooks", {"url": "https://app.example.com/hooks?token=sesame"}))[
        "webhook"
    ]
    customer = (await console.call("POST", "/customers", {"email": "jane@example.com"}))["customer"]
    await console.app.feed()
    page = await owner.get(f"{console.home}/events")
    found = re.search(r"/events/(evt_\w+)", page.text)
    assert found is not None
    assert customer["id"] in texts(page)
    event = await owner.get(f"{console.home}/events/{found[1]}")
    shown = texts(event)
    assert "jane@example.com" in shown
    assert "Waiting" in shown
    assert f"/webhooks/{webhook['id']}/deliveries/del_" in event.text
    assert "sesame" not in event.text
    assert (await owner.get(f"{console.home}/events/evt_nobody")).status_code == 404


async def test_events_are_found_by_type_and_by_what_they_are_about(console: Console) -> None:
    owner = await console.sign_in()
    first = (await console.call("POST", "/customers", {"email": "jane@example.com"}))["customer"]["id"]
    second = (await console.call("POST", "/customers", {"email": "fred@example.com"}))["customer"]["id"]
    await console.call("PATCH", f"/customers/{second}", {"name": "Fred"})
    await console.app.feed()
    created = texts(await owner.get(f"{console.home}/events?type=customer.created"))
    assert (first in created, second in created) == (True, True)
    updated = texts(await owner.get(f"{console.home}/events?type=customer.updated"))
    assert (first in updated, second in updated) == (False, True)
    about = texts(await owner.get(f"{console.home}/events?q={first}"))
    assert (first in about, second in about) == (True, False)
    rows = (await owner.get(f"{console.home}/events?format=csv")).text.splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == ["customer.updated", "customer.created", "customer.created"]


async def test_a_test_event_is_made_and_marked(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/events")
    made = await owner.post(f"{console.home}/events/test", {"type": "payment.failed"})
    assert "A test event payment.failed is on its way" in texts(made)
    await console.app.feed()
    page = texts(await owner.get(f"{console.home}/events"))
    assert "Test" in page
    refused = await owner.post(f"{console.home}/events/test", {"type": "payment.fail"})
    assert refused.status_code == 400
