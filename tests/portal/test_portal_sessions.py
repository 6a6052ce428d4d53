"""`POST …/portal`: what a link is, how long it lives, and with what it dies (contract section 3.6, G15)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.base.crypto import token_hash
from billfold.domain.billing.portal_sessions import portal_sessions
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.wiring import PRUNE_PORTAL_JOB
from tests.app_fixtures import BASE_URL
from tests.portal.conftest import Portal

_ALL = query(sa.select(*portal_sessions.c), row_tuple)
_COUNT = query(sa.select(sa.func.count()).select_from(portal_sessions), int)


async def count(portal: Portal) -> int:
    return await portal.app.services.db.read(lambda tx: tx.one(_COUNT))


async def test_the_answer_is_the_published_one(portal: Portal) -> None:
    now = portal.app.clock.now()
    made = await portal.open()
    assert set(made) == {"sessionId", "token", "portalUrl", "expiresAt"}
    assert re.fullmatch(r"portal_sess_[0-9a-z]+", made["sessionId"])
    assert re.fullmatch(r"[0-9a-f]{32}", made["token"])
    assert made["portalUrl"] == f"{BASE_URL}/portal/{made['token']}"
    lives = datetime.fromisoformat(made["expiresAt"]) - now
    assert timedelta(minutes=59) < lives <= timedelta(minutes=60, seconds=1)


async def test_only_the_hash_of_the_token_is_stored(portal: Portal) -> None:
    made = await portal.open()
    rows = await portal.app.services.db.read(lambda tx: tx.all(_ALL))
    assert made["token"] not in str(rows)
    assert token_hash(made["token"]) in str(rows)


async def test_a_link_may_be_used_again_and_again_until_it_expires(portal: Portal) -> None:
    token = (await portal.open(ttlMs=60_000))["token"]
    for _ in range(3):
        assert (await portal.show(token=token)).status_code == 200
    portal.app.clock.advance(timedelta(seconds=61))
    assert (await portal.show(token=token)).status_code == 410
    assert (await portal.ask("GET", token=token)).status_code == 401


@pytest.mark.parametrize("ttl", [59_999, 86_400_001, 0, -1, 3_600_000.5, "3600000", True, None])
async def test_a_lifetime_beyond_the_bounds_is_refused(portal: Portal, ttl: Any) -> None:
    refused = await portal.call("POST", "/portal", {"customerId": portal.customer["id"], "ttlMs": ttl}, expect=400)
    assert "ttlMs" in refused["error"]


@pytest.mark.parametrize("ttl", [60_000, 86_400_000])
async def test_the_bounds_themselves_are_allowed(portal: Portal, ttl: int) -> None:
    assert (await portal.open(ttlMs=ttl))["token"]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//evil.example.com", "/account", "data:text/html,x", "https://a b.example.com", 7],
)
async def test_a_way_back_that_is_no_web_address_is_refused(portal: Portal, address: Any) -> None:
    body = {"customerId": portal.customer["id"], "returnUrl": address}
    assert "returnUrl" in (await portal.call("POST", "/portal", body, expect=400))["error"]


async def test_the_way_back_stands_on_the_page(portal: Portal) -> None:
    token = (await portal.open(returnUrl="https://app.example.com/account?a=1&b=2"))["token"]
    assert 'href="https://app.example.com/account?a=1&amp;b=2"' in (await portal.show(token=token)).text


async def test_a_customer_of_another_project_gets_no_link(portal: Portal) -> None:
    other = await portal.app.install()
    made = await portal.app.anonymous.post(
        other.path + "/customers", json={"email": "x@example.com"}, headers=other.headers
    )
    foreign = made.json()["customer"]["id"]
    for customer_id in (foreign, "pc_unknown", "nobody"):
        refused = await portal.call("POST", "/portal", {"customerId": customer_id}, expect=404)
        assert refused == {"error": "Customer not found"}


async def test_a_deleted_customers_links_die_at_once(portal: Portal) -> None:
    assert (await portal.show()).status_code == 200
    await portal.call("DELETE", f"/customers/{portal.customer['id']}", expect=200)
    assert (await portal.show()).status_code == 410
    assert (await portal.ask("GET", "/subscriptions")).status_code == 401
    # Somebody who comes back under the same address is somebody else.
    await portal.call("POST", "/customers", {"email": "mara@example.com"}, expect=201)
    assert (await portal.show()).status_code == 410


async def test_opening_a_link_is_in_the_audit_log_without_its_token(portal: Portal) -> None:
    from billfold.domain.tenancy.audit_log import audit_rows  # noqa: PLC0415 - only this test needs it

    made = await portal.open()
    row = (await portal.app.services.db.read(audit_rows, portal.app.team.team_id))[0]
    assert (row.action, row.subject) == ("portal_session.created", portal.customer["id"])
    assert made["token"] not in str(row)


async def test_an_idempotency_key_keeps_no_token(portal: Portal) -> None:
    body = {"customerId": portal.customer["id"]}
    answers = [
        await portal.app.client.post(portal.app.path + "/portal", json=body, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json()["token"] != answers[1].json()["token"]


async def test_expired_links_are_pruned(portal: Portal) -> None:
    from billfold.infrastructure.jobs.queue import enqueue  # noqa: PLC0415 - only this test needs it

    await portal.open(ttlMs=86_400_000)
    portal.app.clock.advance(timedelta(hours=2))
    now = portal.app.clock.now()
    await portal.app.services.db.write(enqueue, PRUNE_PORTAL_JOB, {}, now=now)
    await portal.app.drain()
    assert await count(portal) == 1
