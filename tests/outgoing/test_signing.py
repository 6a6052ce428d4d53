"""Issue 5, Show 4: what goes out verifies with the published packages, in Python and in JavaScript, and through rotations."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from billfold.base.clock import MovableClock
from billfold.base.crypto import Sealer
from billfold.domain.webhooks.endpoints import rotate_secret, webhook_endpoints
from billfold.domain.webhooks.signing import signed_headers
from billfold.domain.webhooks.signing_secrets import FIELD, OVERLAP, PREVIOUS_FIELD, new_secret
from billfold.infrastructure.db.resealing import SealedColumn, reseal
from tests.outgoing.npm_package import javascript  # noqa: F401 - a fixture
from tests.outgoing.world import Received, World

_SCRIPT: Final = """
const { Webhook } = require("standardwebhooks");
let given = "";
process.stdin.on("data", (part) => (given += part)).on("end", () => {
  const results = JSON.parse(given).map(({ secret, body, headers }) => {
    try { return new Webhook(secret).verify(body, headers).id; } catch (error) { return `refused: ${error.message}`; }
  });
  console.log(JSON.stringify(results));
});
"""


def _verified_in_javascript(folder: Path, cases: list[dict[str, Any]]) -> list[str]:
    finished = subprocess.run(
        ["node", "-e", _SCRIPT],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=folder,
    )
    found: list[str] = json.loads(finished.stdout)
    return found


async def _received(world: World) -> list[tuple[str, Received]]:
    """Return what a receiver gets with its secret: at first, and after a rotation with the old and with the new one."""
    world.clock = MovableClock(datetime.now(UTC))
    world.receivers.clock = world.clock
    world.dispatcher = world.new_dispatcher()
    endpoint, first = await world.endpoint()
    await world.happen("pc_1")
    await world.drain()
    _, second = await world.db.write(
        rotate_secret, world.sealer, project_id=world.project.id, endpoint_id=endpoint.id, now=world.clock.now()
    )
    await world.happen("pc_2")
    await world.drain()
    before, after = world.receivers.taken
    return [(first, before), (first, after), (second, after)]


async def test_the_published_python_package_verifies_it(world: World) -> None:
    for secret, got in await _received(world):
        assert Webhook(secret).verify(got.body, dict(got.headers))["id"] == got.id
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(got.body + " ", dict(got.headers))
        with pytest.raises(WebhookVerificationError):
            Webhook(new_secret()).verify(got.body, dict(got.headers))


async def test_the_published_javascript_package_verifies_it(world: World, javascript: Path) -> None:  # noqa: F811 - the fixture
    received = await _received(world)
    cases = [{"secret": secret, "body": got.body, "headers": dict(got.headers)} for secret, got in received]
    changed = {**cases[0], "body": received[0][1].body + " "}
    foreign = {**cases[0], "secret": new_secret()}
    found = _verified_in_javascript(javascript, [*cases, changed, foreign])
    assert found[:3] == [got.id for _, got in received]
    assert all(each.startswith("refused") for each in found[3:])


async def test_the_affiliate_contracts_own_header_signs_the_same_body(world: World) -> None:
    """Contract affiliate, section 7: `t=<unix>,v1=<hex>`, HMAC-SHA256 over `<t>.<raw body>`."""
    received = await _received(world)
    for secret, got in received:
        fields = got.headers["x-stackbe-signature"].split(",")
        moment = fields[0].removeprefix("t=")
        assert moment == got.headers["webhook-timestamp"]
        wanted = hmac.new(secret.encode(), f"{moment}.{got.body}".encode(), hashlib.sha256).hexdigest()
        assert f"v1={wanted}" in fields[1:]
        assert got.headers["x-stackbe-event"] == got.event["event"] == got.event["type"]
    assert len(received[1][1].headers["x-stackbe-signature"].split(",")) == 3


async def test_a_day_after_a_rotation_the_new_secret_signs_alone(world: World) -> None:
    endpoint, first = await world.endpoint()
    now = world.clock.now()
    _, second = await world.db.write(
        rotate_secret, world.sealer, project_id=world.project.id, endpoint_id=endpoint.id, now=now
    )
    await world.happen("pc_1")
    await world.drain()
    world.clock.advance(OVERLAP)
    await world.happen("pc_2")
    await world.drain()
    during, after = (each.headers["webhook-signature"].split(" ") for each in world.receivers.taken)
    assert (len(during), len(after)) == (2, 1)
    got = world.receivers.taken[1]
    by_each = [
        signed_headers(
            event_id=got.id, event_type="customer.updated", body=got.body, secrets=[secret], now=world.clock.now()
        )["webhook-signature"]
        for secret in (first, second)
    ]
    assert by_each.index(got.headers["webhook-signature"]) == 1


async def test_secrets_are_sealed_and_sealed_anew_with_a_new_key(world: World) -> None:
    endpoint, first = await world.endpoint()
    _, second = await world.db.write(
        rotate_secret, world.sealer, project_id=world.project.id, endpoint_id=endpoint.id, now=world.clock.now()
    )
    stored = await world.now_is(endpoint)
    assert first not in repr(stored)
    assert second not in repr(stored)
    changed = Sealer(b"\2" * 32, b"\1" * 32)
    for column, field in (("secret_sealed", FIELD), ("previous_secret_sealed", PREVIOUS_FIELD)):
        done = await reseal(world.db, changed, SealedColumn(webhook_endpoints.c[column], owner="id", field=field))
        assert (done.resealed, done.broken) == (1, ())
    world.sealer = Sealer(b"\2" * 32)
    world.dispatcher = world.new_dispatcher()
    await world.happen("pc_1")
    await world.drain()
    assert len(world.receivers.taken[0].headers["webhook-signature"].split(" ")) == 2


async def test_a_secret_that_does_not_open_is_told_and_loses_nothing(world: World) -> None:
    endpoint, _ = await world.endpoint()
    world.sealer = Sealer(b"\3" * 32)
    world.dispatcher = world.new_dispatcher()
    await world.happen("pc_1")
    await world.drain()
    (delivery,) = await world.deliveries(endpoint)
    assert "BILLFOLD_SECRET_KEY" in (delivery.last_error or "")
    assert not world.receivers.received
    await world.db.write(
        rotate_secret, world.sealer, project_id=world.project.id, endpoint_id=endpoint.id, now=world.clock.now()
    )
    await world.pass_time(timedelta(minutes=1))
    assert len(world.receivers.taken) == 1
