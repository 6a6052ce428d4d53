"""Issue 5, part 1: endpoints and what they were sent, over the billing API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from billfold.domain.tenancy.audit_log import audit_rows
from billfold.domain.webhooks.deliveries import fan_out
from billfold.domain.webhooks.feed import PublicEvent, public_events
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, insert_row, values_of
from billfold.infrastructure.outbound import Response
from tests.app_fixtures import RunningBillfold

_FEED = command(insert_row(public_events))
URL = "https://app.example.com/webhooks"


async def _create(billfold_app: RunningBillfold, **given: Any) -> dict[str, Any]:
    answer = await billfold_app.client.post(f"{billfold_app.path}/webhooks", json={"url": URL, **given})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _happen(billfold_app: RunningBillfold, position: int) -> PublicEvent:
    now = billfold_app.clock.now()
    event = PublicEvent(
        project_id=billfold_app.team.project_id, position=position, id=f"evt_{position}", type="customer.created",
        object_id="pc_1", timestamp=now, data={"customer": {"id": "pc_1"}}, is_test=False, fed_at=now,
    )  # fmt: skip

    async def unit(tx: Writing) -> None:
        await tx.run(_FEED, **values_of(event))
        await fan_out(tx, [event])

    await billfold_app.services.db.write(unit)
    return event


async def test_a_secret_is_shown_once_when_it_is_made_and_once_when_it_is_rotated(
    billfold_app: RunningBillfold,
) -> None:
    made = await _create(billfold_app, description="Production", types=["payment.succeeded", "customer.created"])
    assert made["secret"].startswith("whsec_")
    webhook = made["webhook"]
    assert webhook == {
        "id": webhook["id"],
        "projectId": billfold_app.team.project_id,
        "url": URL,
        "types": ["customer.created", "payment.succeeded"],
        "description": "Production",
        "enabled": True,
        "disabledReason": None,
        "disabledAt": None,
        "failingSince": None,
        "previousSecretUntil": None,
        "createdAt": webhook["createdAt"],
        "updatedAt": webhook["createdAt"],
    }
    path = f"{billfold_app.path}/webhooks/{webhook['id']}"
    rotated = (await billfold_app.client.post(f"{path}/rotate-secret")).json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != made["secret"]
    assert rotated["webhook"]["previousSecretUntil"] is not None
    for address in (path, f"{billfold_app.path}/webhooks"):
        answer = await billfold_app.client.get(address)
        assert answer.status_code == 200
        assert "whsec_" not in answer.text


async def test_a_webhook_is_listed_changed_disabled_and_deleted(billfold_app: RunningBillfold) -> None:
    client = billfold_app.client
    webhook = (await _create(billfold_app))["webhook"]
    assert webhook["types"] == ["*"]
    path = f"{billfold_app.path}/webhooks/{webhook['id']}"
    changed = await client.patch(
        path, json={"types": ["reward.earned"], "enabled": False, "description": "Now described"}
    )
    assert changed.json()["webhook"]["types"] == ["reward.earned"]
    assert changed.json()["webhook"]["disabledReason"] == "person"
    assert changed.json()["webhook"]["description"] == "Now described"
    cleared = await client.patch(path, json={"description": None, "enabled": True, "url": URL + "/2"})
    assert cleared.json()["webhook"]["description"] is None
    assert cleared.json()["webhook"]["enabled"] is True
    assert cleared.json()["webhook"]["url"] == URL + "/2"
    assert [each["id"] for each in (await client.get(f"{billfold_app.path}/webhooks")).json()["webhooks"]] == [
        webhook["id"]
    ]
    assert (await client.delete(path)).json() == {"success": True}
    assert (await client.get(path)).status_code == 404
    assert (await client.delete(path)).status_code == 404
    assert (await client.get(f"{billfold_app.path}/webhooks")).json() == {"webhooks": []}


_NO_WEBHOOKS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"url": ""},
    {"url": "http://app.example.com/"},
    {"url": "https://user:word@app.example.com/"},
    {"url": "https://app.example.com:22/"},
    {"url": "ftp://app.example.com/"},
    {"url": "https://" + "a" * 2_050 + ".example.com/"},
    {"url": URL, "types": []},
    {"url": URL, "types": ["no.such"]},
    {"url": URL, "types": "*"},
    {"url": URL, "description": "a\nb"},
    {"url": URL, "description": "a" * 201},
    {"url": URL, "enabled": "yes"},
)


async def test_what_makes_no_webhook_is_refused_in_words(billfold_app: RunningBillfold) -> None:
    for body in _NO_WEBHOOKS:
        answer = await billfold_app.client.post(f"{billfold_app.path}/webhooks", json=body)
        assert answer.status_code == 400, body
        assert answer.json()["error"]
    assert (await billfold_app.client.get(f"{billfold_app.path}/webhooks")).json() == {"webhooks": []}


async def test_a_project_has_at_most_a_hundred_webhooks(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billfold.domain.webhooks.endpoints.MOST_ENDPOINTS", 2)
    await _create(billfold_app)
    await _create(billfold_app)
    answer = await billfold_app.client.post(f"{billfold_app.path}/webhooks", json={"url": URL})
    assert answer.status_code == 409


async def test_another_project_has_none_of_it(billfold_app: RunningBillfold) -> None:
    webhook = (await _create(billfold_app))["webhook"]
    event = await _happen(billfold_app, 1)
    assert event
    other = await billfold_app.install()
    path = f"{other.path}/webhooks/{webhook['id']}"
    own = f"{billfold_app.path}/webhooks/{webhook['id']}"
    (delivery,) = (await billfold_app.client.get(f"{own}/deliveries")).json()["deliveries"]
    window = {"from": "2020-01-01T00:00:00Z", "to": "2090-01-01T00:00:00Z"}
    for method, address, body in (
        ("GET", path, None),
        ("PATCH", path, {"enabled": False}),
        ("DELETE", path, None),
        ("POST", f"{path}/rotate-secret", None),
        ("POST", f"{path}/test", {}),
        ("POST", f"{path}/resend", window),
        ("GET", f"{path}/deliveries", None),
        ("GET", f"{path}/deliveries/{delivery['id']}", None),
        ("POST", f"{path}/deliveries/{delivery['id']}/resend", None),
    ):
        answer = await billfold_app.anonymous.request(method, address, json=body, headers=other.headers)
        assert answer.status_code == 404, (method, address)


async def _deliver(billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch, status: int) -> list[bytes]:
    """Have a receiver answer whatever is due, and return the bodies that it got."""
    got: list[bytes] = []

    async def post(method: str, url: str, headers: object, body: bytes, limits: object) -> Response:
        del method, url, headers, limits
        got.append(body)
        return Response(status, {}, b"heard")

    dispatcher = billfold_app.application.installation.dispatcher
    monkeypatch.setattr(dispatcher, "_post", post)
    await dispatcher.drain()
    return got


async def test_deliveries_are_listed_with_their_tries_and_sent_again(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = billfold_app.client
    webhook = (await _create(billfold_app))["webhook"]
    path = f"{billfold_app.path}/webhooks/{webhook['id']}"
    for position in (1, 2, 3):
        await _happen(billfold_app, position)
    await _deliver(billfold_app, monkeypatch, 200)
    rows = (await client.get(f"{path}/deliveries", params={"limit": 2})).json()["deliveries"]
    assert [each["eventId"] for each in rows] == ["evt_3", "evt_2"]
    rest = (await client.get(f"{path}/deliveries", params={"before": rows[-1]["id"]})).json()["deliveries"]
    assert [each["eventId"] for each in rest] == ["evt_1"]
    assert (await client.get(f"{path}/deliveries", params={"status": "failed"})).json() == {"deliveries": []}
    found = (await client.get(f"{path}/deliveries/{rest[0]['id']}")).json()
    assert found["delivery"]["status"] == "delivered"
    assert found["delivery"]["webhookId"] == webhook["id"]
    (attempt,) = found["attempts"]
    assert (attempt["status"], attempt["answer"], attempt["error"]) == (200, "heard", None)
    assert attempt["latencyMs"] >= 0
    sent = await client.post(f"{path}/deliveries/{rest[0]['id']}/resend")
    assert sent.status_code == 202
    assert (sent.json()["delivery"]["status"], sent.json()["delivery"]["attempts"]) == ("waiting", 0)
    await _deliver(billfold_app, monkeypatch, 204)
    found = (await client.get(f"{path}/deliveries/{rest[0]['id']}")).json()
    assert found["delivery"]["status"] == "delivered"
    assert [each["status"] for each in found["attempts"]] == [204, 200]


async def test_a_window_is_sent_again_from_its_beginning_to_before_its_end(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = billfold_app.client
    webhook = (await _create(billfold_app))["webhook"]
    path = f"{billfold_app.path}/webhooks/{webhook['id']}"
    moments = []
    for position in (1, 2, 3):
        billfold_app.clock.advance(timedelta(hours=1))
        moments.append((await _happen(billfold_app, position)).fed_at)
    await _deliver(billfold_app, monkeypatch, 200)
    window = {"from": moments[0].isoformat(), "to": moments[2].isoformat()}
    failed = await client.post(f"{path}/resend", json=window)
    assert (failed.status_code, failed.json()) == (202, {"resent": 0, "hasMore": False})
    both = await client.post(f"{path}/resend", json={**window, "withDelivered": True})
    assert both.json() == {"resent": 2, "hasMore": False}
    waiting = (await client.get(f"{path}/deliveries", params={"status": "waiting"})).json()["deliveries"]
    assert [each["eventId"] for each in waiting] == ["evt_2", "evt_1"]
    wrong = await client.post(f"{path}/resend", json={"from": window["to"], "to": window["from"]})
    assert wrong.status_code == 400
    naive = await client.post(f"{path}/resend", json={"from": "2026-01-01T00:00:00", "to": window["to"]})
    assert naive.status_code == 400


async def test_a_test_goes_to_one_webhook_alone_and_says_that_it_is_one(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = billfold_app.client
    webhook = (await _create(billfold_app))["webhook"]
    other = (await _create(billfold_app))["webhook"]
    path = f"{billfold_app.path}/webhooks/{webhook['id']}"
    sent = await client.post(f"{path}/test", json={"type": "payment.succeeded"})
    assert sent.status_code == 202
    assert sent.json()["delivery"]["type"] == "payment.succeeded"
    (body,) = await _deliver(billfold_app, monkeypatch, 200)
    assert b'"test":true' in body
    assert (await client.get(f"{billfold_app.path}/webhooks/{other['id']}/deliveries")).json() == {"deliveries": []}
    assert (await client.post(f"{path}/test", json={"type": "no.such"})).status_code == 400


async def test_what_is_done_stands_in_the_audit_log_without_secrets(billfold_app: RunningBillfold) -> None:
    webhook = (await _create(billfold_app))["webhook"]
    path = f"{billfold_app.path}/webhooks/{webhook['id']}"
    await billfold_app.client.post(f"{path}/rotate-secret")
    await billfold_app.client.patch(path, json={"enabled": False})
    await billfold_app.client.delete(path)
    rows = await billfold_app.services.db.read(audit_rows, billfold_app.team.team_id, limit=10)
    actions = [each.action for each in rows if each.action.startswith("webhook.")]
    assert actions == ["webhook.deleted", "webhook.updated", "webhook.secret_rotated", "webhook.created"]
    assert "whsec_" not in str(rows)
