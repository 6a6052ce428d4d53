"""Connecting, status, webhook address, import and disconnecting over HTTP (contract section 4.1, G22 to G25)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.domain.billing import imports
from billfold.domain.billing.imports import HOLD
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.stripe_connections import find_connection, open_secret, stripe_connections
from billfold.entrypoints.api.billing import stripe_connection
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command
from billfold.infrastructure.stripe_simulator import SimulatedAccount
from tests.app_fixtures import RunningBillfold
from tests.organisation.conftest import Browser, Organisation
from tests.stripe_import.accounts import multiply, one_subscriber

_SEAL: Final = command(sa.update(stripe_connections).values(secret_key_sealed=sa.bindparam("sealed")))
NOT_CONNECTED: Final = {
    "connected": False,
    "isActive": False,
    "syncStatus": "pending",
    "schemaExists": False,
    "accountName": None,
    "keyValid": False,
    "backfill": None,
}


def path_of(app: RunningBillfold, rest: str) -> str:
    return f"/teams/{app.team.team_id}/stripe/{rest}"


def keys_of(app: RunningBillfold, **changes: Any) -> dict[str, Any]:
    return {
        "secretKey": app.team.simulator_secret_key,
        "publishableKey": "pk_test_1",
        "webhookSecret": "whsec_placeholder",
        **changes,
    }


async def test_a_team_that_never_connected_is_told_so_as_printed(admin: Browser) -> None:
    made = await admin.call("POST", "/teams", json={"name": "Fresh"})
    team_id = made.json()["team"]["id"]
    status = await admin.call("GET", f"/teams/{team_id}/stripe/status")
    assert (status.status_code, status.json()) == (200, NOT_CONNECTED)
    refused = await admin.call("POST", f"/teams/{team_id}/stripe/backfill")
    assert refused.status_code == 400
    assert "not connected" in refused.json()["error"]


async def test_the_status_of_a_connected_team(billfold_app: RunningBillfold, admin: Browser) -> None:
    status = (await admin.call("GET", path_of(billfold_app, "status"))).json()
    assert status == {
        "connected": True,
        "isActive": True,
        "syncStatus": "pending",
        "schemaExists": True,
        "accountName": "Acme",
        "keyValid": True,
        "backfill": None,
    }


async def test_new_keys_are_tried_and_the_signing_secret_before_stays_good_for_a_day(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    team = billfold_app.team
    answer = await admin.call("POST", path_of(billfold_app, "connect"), json=keys_of(billfold_app))
    assert answer.status_code == 200
    assert answer.json() == {
        "success": True,
        "webhookUrl": f"http://127.0.0.1:8000/api/webhooks/stripe/{team.team_id}",
        "syncStatus": "pending",
    }
    services = billfold_app.services
    secrets = await services.stripe.webhook_secrets(team.team_id, services.clock.now())
    assert secrets is not None
    assert set(secrets.secrets) == {"whsec_placeholder", team.webhook_secret}
    later = await services.stripe.webhook_secrets(team.team_id, services.clock.now() + timedelta(hours=25))
    assert later is not None
    assert later.secrets == ("whsec_placeholder",)
    connection = await services.db.read(find_connection, team.team_id)
    assert connection is not None
    assert connection.kind == "simulated"


@pytest.mark.parametrize(
    "changes",
    [
        {"secretKey": "sk_test_nobodys"},
        {"secretKey": "sk_live_1"},
        {"publishableKey": "pk_live_1"},
        {"webhookSecret": "placeholder"},
        {"webhookSecret": None},
        {"secretKey": 1},
        {"secretKey": "x" * 5_000},
        {"secretKey": "sk_test_a\nb"},
    ],
)
async def test_a_bad_key_is_refused_and_nothing_is_stored(
    billfold_app: RunningBillfold, admin: Browser, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # No key that the simulator does not know may reach the network.
    monkeypatch.setattr(
        billfold_app.services.stripe, "_connect", _only_simulated(billfold_app.services.stripe._connect)
    )
    before = await billfold_app.services.db.read(find_connection, billfold_app.team.team_id)
    answer = await admin.call("POST", path_of(billfold_app, "connect"), json=keys_of(billfold_app, **changes))
    assert answer.status_code == 400
    given = changes.get("secretKey")
    assert not isinstance(given, str) or given not in answer.text
    assert await billfold_app.services.db.read(find_connection, billfold_app.team.team_id) == before


def _only_simulated(connect: Any) -> Any:
    return lambda secret_key, *_: connect(secret_key, None, "simulated")


async def test_the_key_of_another_teams_simulated_account_is_refused(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    other = await billfold_app.install()
    keys = keys_of(billfold_app, secretKey=other.simulator_secret_key)
    answer = await admin.call("POST", path_of(billfold_app, "connect"), json=keys)
    assert answer.status_code == 400
    assert "another team" in answer.json()["error"]


async def test_another_account_is_refused_while_there_is_data(
    billfold_app: RunningBillfold, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await billfold_app.client.post(f"{billfold_app.path}/products", json={"name": "Pro"})
    connection = await billfold_app.services.db.read(find_connection, billfold_app.team.team_id)
    assert connection is not None

    async def elsewhere(team_id: str, keys: Any) -> Any:
        source, account = await type(billfold_app.services.stripe).try_keys(billfold_app.services.stripe, team_id, keys)
        return source, type(account)(id="acct_other", name="Other", livemode=False)

    monkeypatch.setattr(billfold_app.services.stripe, "try_keys", elsewhere)
    answer = await admin.call("POST", path_of(billfold_app, "connect"), json=keys_of(billfold_app))
    assert answer.status_code == 409
    assert await billfold_app.services.db.read(find_connection, billfold_app.team.team_id) == connection


async def test_no_answer_and_no_row_of_the_log_repeats_a_key(billfold_app: RunningBillfold, admin: Browser) -> None:
    texts = [
        (await admin.call("POST", path_of(billfold_app, "connect"), json=keys_of(billfold_app))).text,
        (await admin.call("GET", path_of(billfold_app, "status"))).text,
        (await admin.call("GET", path_of(billfold_app, "webhook-url"))).text,
        (await admin.call("GET", f"/teams/{billfold_app.team.team_id}/audit-log")).text,
        (await admin.call("DELETE", path_of(billfold_app, "connect"))).text,
    ]
    assert "stripe.connected" in texts[3]
    for text in texts:
        assert billfold_app.team.simulator_secret_key not in text
        assert "whsec_placeholder" not in text
        assert "pk_test_1" not in text


async def test_disconnecting_wipes_the_keys_and_keeps_the_data(billfold_app: RunningBillfold, admin: Browser) -> None:
    await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "jane@example.com"})
    answer = await admin.call("DELETE", path_of(billfold_app, "connect"))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    connection = await billfold_app.services.db.read(find_connection, billfold_app.team.team_id)
    assert connection is not None
    assert (connection.is_active, connection.secret_key_sealed, connection.webhook_secret_sealed) == (False, None, None)
    status = (await admin.call("GET", path_of(billfold_app, "status"))).json()
    assert (status["connected"], status["isActive"], status["keyValid"]) == (False, False, False)
    listed = await billfold_app.client.get(f"{billfold_app.path}/customers")
    assert len(listed.json()["customers"]) == 1
    refused = await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "joe@example.com"})
    assert refused.status_code == 400
    assert "not connected" in refused.json()["error"]
    # And back: the same account takes up its data again.
    again = await admin.call("POST", path_of(billfold_app, "connect"), json=keys_of(billfold_app))
    assert again.status_code == 200
    assert (await admin.call("GET", path_of(billfold_app, "status"))).json()["keyValid"] is True


async def test_keys_that_another_secret_key_sealed_are_not_valid_and_crash_nothing(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    sealed = Sealer(b"x" * 32).seal("sk_test_1", owner=billfold_app.team.team_id, field="secret_key")
    await billfold_app.services.db.write(lambda tx: tx.run(_SEAL, sealed=sealed))
    billfold_app.services.stripe.forget(billfold_app.team.team_id)
    status = await admin.call("GET", path_of(billfold_app, "status"))
    assert status.status_code == 200
    assert (status.json()["connected"], status.json()["keyValid"]) == (True, False)


async def test_a_new_team_gets_an_account_in_the_box_and_gets_it_back_with_new_keys(admin: Browser) -> None:
    team_id = (await admin.call("POST", "/teams", json={"name": "Fresh"})).json()["team"]["id"]
    first = await admin.call("POST", f"/teams/{team_id}/stripe/simulate")
    assert first.status_code == 200
    status = (await admin.call("GET", f"/teams/{team_id}/stripe/status")).json()
    assert (status["connected"], status["keyValid"], status["accountName"]) == (True, True, "Fresh")
    assert (await admin.call("POST", f"/teams/{team_id}/stripe/simulate")).status_code == 409
    await admin.call("DELETE", f"/teams/{team_id}/stripe/connect")
    second = await admin.call("POST", f"/teams/{team_id}/stripe/simulate")
    assert second.status_code == 200
    assert second.json()["simulatorSecretKey"] != first.json()["simulatorSecretKey"]
    assert (await admin.call("GET", f"/teams/{team_id}/stripe/status")).json()["keyValid"] is True
    stale = {"secretKey": first.json()["simulatorSecretKey"], "webhookSecret": "whsec_1"}
    log = (await admin.call("GET", f"/teams/{team_id}/audit-log")).text
    assert stale["secretKey"] not in log
    assert second.json()["simulatorSecretKey"] not in log


async def test_an_import_that_is_short_is_done_when_it_is_answered(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    await one_subscriber(billfold_app)
    answer = await admin.call("POST", path_of(billfold_app, "backfill"))
    assert answer.status_code == 200
    assert answer.json() == {
        "success": True,
        "message": "Backfill finished",
        "syncStatus": "ready",
        "result": {
            kind: {"synced": 1} for kind in ("product", "price", "customer", "subscription", "invoice", "charge")
        },
    }
    status = (await admin.call("GET", path_of(billfold_app, "status"))).json()
    assert status["syncStatus"] == "ready"
    assert status["backfill"]["status"] == "finished"
    assert status["backfill"]["objects"]["customer"] == {
        "synced": 1,
        "assigned": 0,
        "unreadable": 0,
        "expected": None,
        "finished": True,
    }


async def test_an_import_that_is_long_goes_on_by_itself_and_a_second_one_is_refused_meanwhile(
    billfold_app: RunningBillfold, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_connection, "INLINE", timedelta(0))
    await one_subscriber(billfold_app)
    await multiply(billfold_app.services.db, billfold_app.team.team_id, 120)
    answer = await admin.call("POST", path_of(billfold_app, "backfill"), json={"objects": ["customer"]})
    assert answer.json() == {
        "success": True,
        "message": "Backfill started",
        "syncStatus": "syncing",
        "result": {"customer": {"synced": 0}},
    }
    assert (await admin.call("GET", path_of(billfold_app, "status"))).json()["syncStatus"] == "syncing"
    second = await admin.call("POST", path_of(billfold_app, "backfill"))
    assert second.status_code == 409
    await billfold_app.drain()
    status = (await admin.call("GET", path_of(billfold_app, "status"))).json()
    assert (status["syncStatus"], status["backfill"]["objects"]["customer"]["synced"]) == ("ready", 121)


@pytest.mark.parametrize(
    "body",
    [
        {"objects": ["coupon"]},
        {"objects": "customer"},
        {"objects": ["customer"] * 21},
        {"createdAfter": "yesterday"},
        {"createdAfter": "2026-01-01"},
        {"createdAfter": "1900-01-01T00:00:00Z"},
        [],
    ],
)
async def test_a_bad_wish_is_refused(billfold_app: RunningBillfold, admin: Browser, body: Any) -> None:
    answer = await admin.call("POST", path_of(billfold_app, "backfill"), json=body)
    assert answer.status_code == 400
    assert await billfold_app.services.db.read(imports.find_progress, billfold_app.team.team_id) is None


async def test_a_key_that_stripe_withdrew_ends_the_import_with_an_error(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    simulator = billfold_app.application.installation.simulator
    await billfold_app.services.stripe.gateway(billfold_app.team.team_id)

    async def renew(tx: Writing) -> SimulatedAccount | None:
        return await simulator.renew_keys(tx, team_id=billfold_app.team.team_id)

    renewed = await billfold_app.services.db.write(renew)
    assert renewed is not None
    answer = await admin.call("POST", path_of(billfold_app, "backfill"))
    assert answer.status_code == 400
    assert "does not accept" in answer.json()["error"]
    status = (await admin.call("GET", path_of(billfold_app, "status"))).json()
    assert (status["syncStatus"], status["keyValid"]) == ("error", False)
    assert "does not accept" in status["backfill"]["lastError"]
    # With a good key the same wish goes on.
    await admin.call("POST", path_of(billfold_app, "connect"), json=keys_of(billfold_app, secretKey=renewed.secret_key))
    again = await admin.call("POST", path_of(billfold_app, "backfill"))
    assert again.json()["syncStatus"] == "ready"


async def test_disconnecting_stops_an_import(
    billfold_app: RunningBillfold, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_connection, "INLINE", timedelta(0))
    await admin.call("POST", path_of(billfold_app, "backfill"))
    await admin.call("DELETE", path_of(billfold_app, "connect"))
    billfold_app.clock.advance(HOLD)
    await billfold_app.drain()
    progress = await billfold_app.services.db.read(imports.find_progress, billfold_app.team.team_id)
    assert progress is not None
    assert progress.run.status == "stopped"


async def test_an_import_is_stopped_and_started_again(
    billfold_app: RunningBillfold, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await admin.call("DELETE", path_of(billfold_app, "backfill"))).status_code == 409
    with monkeypatch.context() as patched:
        patched.setattr(stripe_connection, "INLINE", timedelta(0))
        await admin.call("POST", path_of(billfold_app, "backfill"))
    stopped = await admin.call("DELETE", path_of(billfold_app, "backfill"))
    assert (stopped.status_code, stopped.json()["syncStatus"]) == (200, "pending")
    assert stopped.json()["message"] == "Backfill stopped"
    billfold_app.clock.advance(HOLD)
    await billfold_app.drain()
    status = (await admin.call("GET", path_of(billfold_app, "status"))).json()
    assert (status["syncStatus"], status["backfill"]["status"]) == ("pending", "stopped")
    assert (await admin.call("POST", path_of(billfold_app, "backfill"))).json()["syncStatus"] == "ready"


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("POST", "connect"),
        ("DELETE", "connect"),
        ("GET", "status"),
        ("GET", "webhook-url"),
        ("POST", "backfill"),
        ("DELETE", "backfill"),
        ("POST", "simulate"),
        ("GET", "unassigned"),
        ("POST", "assign"),
    ],
)
async def test_it_takes_an_admins_session_and_nothing_else(
    billfold_app: RunningBillfold, organisation: Organisation, method: str, rest: str
) -> None:
    path = path_of(billfold_app, rest)
    member = await organisation.sign_in("member@example.com", Role.MEMBER)
    assert (await member.call(method, path)).status_code == 403
    stranger = await organisation.sign_in("stranger@example.com", None)
    assert (await stranger.call(method, path)).status_code == 403
    assert (await billfold_app.client.request(method, f"/api/billstack{path}")).status_code == 401
    assert (await billfold_app.anonymous.request(method, f"/api/billstack{path}")).status_code == 401


async def test_the_stored_keys_are_sealed_and_open_with_the_installations_key(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    await admin.call("POST", path_of(billfold_app, "connect"), json=keys_of(billfold_app))
    stored = await billfold_app.services.db.read(find_connection, billfold_app.team.team_id)
    assert stored is not None
    assert open_secret(billfold_app.services.sealer, stored, "publishable_key") == "pk_test_1"
    assert "pk_test_1" not in repr(stored)
