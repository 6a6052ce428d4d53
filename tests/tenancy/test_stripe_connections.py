from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from billfold.base.crypto import SealBroken, Sealer
from billfold.base.errors import Conflict, Invalid, Unavailable
from billfold.domain.tenancy import stripe_connections as module
from billfold.domain.tenancy.stripe_connections import (
    StripeConnection,
    StripeConnections,
    active_connections,
    connect_stripe,
    disconnect,
    find_connection,
    open_secret,
    set_sync_status,
)
from billfold.domain.tenancy.stripe_keys import StripeKeys, check_keys
from billfold.domain.tenancy.teams import create_team
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeAccount

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEALER = Sealer(b"k" * 32)
KEYS = StripeKeys("sk_test_1", "pk_test_1", "whsec_first")
ACCOUNT = StripeAccount(id="acct_1", name="Example", livemode=False)


class Gateway:
    """Stands for the gateway of one key."""

    def __init__(self, made_of: tuple[str, str | None, str]) -> None:
        self.made_of = made_of
        self.closed = False

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
async def team_id(db: Database) -> str:
    return (await db.write(create_team, name="Acme", now=NOW)).id


async def connect(db: Database, team_id: str, keys: StripeKeys = KEYS, **changes: Any) -> StripeConnection:
    fields: Mapping[str, Any] = {
        "kind": "stripe",
        "account": ACCOUNT,
        "api_base": None,
        "has_data": False,
        "now": NOW,
        **changes,
    }

    async def unit(tx: Writing) -> StripeConnection:
        return await connect_stripe(tx, SEALER, team_id=team_id, keys=keys, **fields)

    return await db.write(unit)


def connections_of(db: Database, sealer: Sealer = SEALER) -> StripeConnections:
    def made(secret_key: str, api_base: str | None, kind: str) -> StripeGateway:
        return cast("StripeGateway", Gateway((secret_key, api_base, kind)))

    return StripeConnections(db, sealer, made)


async def gateway_of(connections: StripeConnections, team_id: str) -> Gateway:
    return cast("Gateway", await connections.gateway(team_id))


async def secrets_of(connections: StripeConnections, team_id: str, now: datetime = NOW) -> tuple[str, ...]:
    connections.forget(team_id)
    found = await connections.webhook_secrets(team_id, now)
    assert found is not None
    return found.secrets


async def test_a_connection_is_stored_sealed_and_opens_again(db: Database, team_id: str) -> None:
    made = await connect(db, team_id, kind="simulated", api_base="https://stripe.example.com")
    stored = await db.read(find_connection, team_id)
    assert stored == made
    assert stored.is_active
    assert (stored.account_id, stored.account_name, stored.livemode, stored.sync_status) == (
        "acct_1",
        "Example",
        False,
        "pending",
    )
    for secret in (KEYS.secret_key, KEYS.webhook_secret, str(KEYS.publishable_key)):
        assert secret not in repr(stored)
    assert open_secret(SEALER, stored, "secret_key") == KEYS.secret_key
    assert open_secret(SEALER, stored, "publishable_key") == KEYS.publishable_key
    assert open_secret(SEALER, stored, "webhook_secret") == KEYS.webhook_secret
    assert open_secret(SEALER, stored, "previous_webhook_secret") is None


async def test_a_sealed_value_does_not_open_in_another_row_or_column(db: Database, team_id: str) -> None:
    stored = await connect(db, team_id)
    with pytest.raises(SealBroken):
        open_secret(SEALER, replace(stored, team_id="team_other"), "secret_key")
    with pytest.raises(SealBroken):
        open_secret(SEALER, replace(stored, webhook_secret_sealed=stored.secret_key_sealed), "webhook_secret")


async def test_a_publishable_key_may_be_left_out(db: Database, team_id: str) -> None:
    stored = await connect(db, team_id, StripeKeys("rk_live_1", None, "whsec_1"))
    assert stored.publishable_key_sealed is None
    assert stored.livemode


@pytest.mark.parametrize(
    "keys",
    [
        StripeKeys("pk_test_1", "pk_test_1", "whsec_1"),
        StripeKeys("sk_1", "pk_test_1", "whsec_1"),
        StripeKeys("", None, "whsec_1"),
        StripeKeys("sk_test_1 ", None, "whsec_1"),
        StripeKeys("sk_test_1\n", None, "whsec_1"),
        StripeKeys("sk_test_1\r\nX-Header: 1", None, "whsec_1"),
        StripeKeys("sk_test_é", None, "whsec_1"),
        StripeKeys("sk_test_" + "1" * 300, None, "whsec_1"),
        StripeKeys("sk_test_1", "sk_test_1", "whsec_1"),
        StripeKeys("sk_test_1", "", "whsec_1"),
        StripeKeys("sk_test_1", "pk_live_1", "whsec_1"),
        StripeKeys("sk_live_1", "pk_test_1", "whsec_1"),
        StripeKeys("sk_test_1", "pk_test_1", ""),
        StripeKeys("sk_test_1", "pk_test_1", "whsec_"),
        StripeKeys("sk_test_1", "pk_test_1", "secret"),
    ],
)
def test_keys_of_a_wrong_shape_or_of_two_modes_are_refused(keys: StripeKeys) -> None:
    with pytest.raises(Invalid) as refused:
        check_keys(keys)
    assert not keys.secret_key or keys.secret_key not in refused.value.message


def test_keys_do_not_show_in_a_traceback() -> None:
    assert repr(KEYS) == "StripeKeys(…)"


async def test_another_account_or_mode_is_a_conflict_once_there_is_data(db: Database, team_id: str) -> None:
    await connect(db, team_id)
    other = StripeAccount(id="acct_2", name=None, livemode=False)
    with pytest.raises(Conflict):
        await connect(db, team_id, account=other, has_data=True)
    with pytest.raises(Conflict):
        await connect(db, team_id, StripeKeys("sk_live_1", None, "whsec_1"), has_data=True)
    stored = await db.read(find_connection, team_id)
    assert stored is not None
    assert stored.account_id == "acct_1"
    assert (await connect(db, team_id, has_data=True)).account_id == "acct_1"
    assert (await connect(db, team_id, account=other)).account_id == "acct_2"


async def test_the_import_starts_anew_only_for_another_account(db: Database, team_id: str) -> None:
    await connect(db, team_id)
    await db.write(set_sync_status, team_id=team_id, status="ready")
    assert (await connect(db, team_id)).sync_status == "ready"
    other = StripeAccount(id="acct_2", name=None, livemode=False)
    assert (await connect(db, team_id, account=other)).sync_status == "pending"


async def test_a8_after_a_rotation_both_secrets_are_good_for_24_hours(db: Database, team_id: str) -> None:
    connections = connections_of(db)
    await connect(db, team_id)
    assert await secrets_of(connections, team_id) == ("whsec_first",)
    await connect(db, team_id, replace(KEYS, webhook_secret="whsec_second"))
    day = timedelta(hours=24)
    assert await secrets_of(connections, team_id) == ("whsec_second", "whsec_first")
    assert await secrets_of(connections, team_id, NOW + day - timedelta(seconds=1)) == ("whsec_second", "whsec_first")
    assert await secrets_of(connections, team_id, NOW + day) == ("whsec_second",)


async def test_a8_posting_the_same_secret_again_does_not_end_or_prolong_a_rotation(db: Database, team_id: str) -> None:
    connections = connections_of(db)
    await connect(db, team_id)
    second = replace(KEYS, webhook_secret="whsec_second")
    await connect(db, team_id, second)
    await connect(db, team_id, second, now=NOW + timedelta(hours=23))
    assert await secrets_of(connections, team_id, NOW + timedelta(hours=23)) == ("whsec_second", "whsec_first")
    assert await secrets_of(connections, team_id, NOW + timedelta(hours=25)) == ("whsec_second",)


async def test_what_the_webhook_door_learns(db: Database, team_id: str) -> None:
    connections = connections_of(db)
    assert await connections.webhook_secrets("team_unknown", NOW) is None
    await connect(db, team_id)
    found = await connections.webhook_secrets(team_id, NOW)
    assert found is not None
    assert (found.secrets, found.livemode, found.account_id) == (("whsec_first",), False, "acct_1")
    assert "whsec" not in repr(found)


async def test_a_gateway_is_made_once_and_anew_after_a_change(db: Database, team_id: str) -> None:
    connections = connections_of(db)
    await connect(db, team_id, kind="simulated")
    first = await gateway_of(connections, team_id)
    assert first.made_of == ("sk_test_1", None, "simulated")
    assert await gateway_of(connections, team_id) is first
    await connect(db, team_id, replace(KEYS, secret_key="sk_test_2"), api_base="https://stripe.example.com")
    connections.forget(team_id)
    second = await gateway_of(connections, team_id)
    assert second.made_of == ("sk_test_2", "https://stripe.example.com", "stripe")
    await asyncio.sleep(0)
    assert first.closed
    assert not second.closed
    await connections.close()
    assert second.closed


async def test_a_change_in_another_process_counts_within_a_second(
    db: Database, team_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = connections_of(db)
    await connect(db, team_id)
    first = await gateway_of(connections, team_id)
    await db.write(disconnect, team_id=team_id, now=NOW)
    assert await gateway_of(connections, team_id) is first
    later = time.monotonic_ns() + 1_000_000_001
    monkeypatch.setattr(time, "monotonic_ns", lambda: later)
    with pytest.raises(Invalid, match="Stripe is not connected"):
        await connections.gateway(team_id)
    assert await connections.webhook_secrets(team_id, NOW) is None


async def test_without_a_connection_there_is_no_gateway(db: Database, team_id: str) -> None:
    with pytest.raises(Invalid, match="Stripe is not connected"):
        await connections_of(db).gateway(team_id)


async def test_disconnecting_wipes_the_keys_and_keeps_the_row(db: Database, team_id: str) -> None:
    connections = connections_of(db)
    await db.write(disconnect, team_id=team_id, now=NOW)
    await connect(db, team_id)
    gateway = await gateway_of(connections, team_id)
    await db.write(disconnect, team_id=team_id, now=NOW)
    connections.forget(team_id)
    stored = await db.read(find_connection, team_id)
    assert stored is not None
    assert not stored.is_active
    assert (stored.secret_key_sealed, stored.webhook_secret_sealed, stored.account_id) == (None, None, "acct_1")
    with pytest.raises(Invalid, match="Stripe is not connected"):
        await connections.gateway(team_id)
    await connections.close()
    assert gateway.closed


async def test_g23_another_secret_key_of_the_installation_is_said_clearly(db: Database, team_id: str) -> None:
    await connect(db, team_id)
    connections = connections_of(db, Sealer(b"x" * 32))
    with pytest.raises(Invalid, match="BILLFOLD_SECRET_KEY"):
        await connections.gateway(team_id)
    with pytest.raises(Unavailable, match="BILLFOLD_SECRET_KEY"):
        await connections.webhook_secrets(team_id, NOW)


async def test_g23_the_previous_secret_key_of_the_installation_still_opens(db: Database, team_id: str) -> None:
    await connect(db, team_id)
    connections = connections_of(db, Sealer(b"x" * 32, previous=b"k" * 32))
    assert (await gateway_of(connections, team_id)).made_of[0] == "sk_test_1"


async def test_g23_connecting_again_gets_out_of_a_lost_key(db: Database, team_id: str) -> None:
    await connect(db, team_id)

    async def unit(tx: Writing) -> StripeConnection:
        return await connect_stripe(
            tx,
            Sealer(b"x" * 32),
            team_id=team_id,
            kind="stripe",
            account=ACCOUNT,
            keys=KEYS,
            api_base=None,
            has_data=True,
            now=NOW,
        )

    await db.write(unit)
    connections = connections_of(db, Sealer(b"x" * 32))
    assert await secrets_of(connections, team_id) == ("whsec_first",)


async def test_the_connections_in_use_are_listed_page_by_page(db: Database, team_id: str) -> None:
    other = (await db.write(create_team, name="Other", now=NOW)).id
    gone = (await db.write(create_team, name="Gone", now=NOW)).id
    for each in (team_id, other, gone):
        await connect(db, each)
    await db.write(disconnect, team_id=gone, now=NOW)
    first, second = sorted([team_id, other])
    assert [each.team_id for each in await db.read(active_connections)] == [first, second]
    assert [each.team_id for each in await db.read(active_connections, limit=1)] == [first]
    assert [each.team_id for each in await db.read(active_connections, after=first)] == [second]


async def test_a_flood_of_unknown_teams_is_not_remembered_for_ever(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_REMEMBERED", 10)
    connections = connections_of(db)
    for number in range(35):
        assert await connections.webhook_secrets(f"team_{number}", NOW) is None
    assert len(connections._remembered) <= 10


async def test_the_gateway_used_longest_ago_is_closed_when_there_are_too_many(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_GATEWAYS", 2)
    connections = connections_of(db)
    teams = [(await db.write(create_team, name="Acme", now=NOW)).id for _ in range(3)]
    for each in teams:
        await connect(db, each)
    first, second = await gateway_of(connections, teams[0]), await gateway_of(connections, teams[1])
    await gateway_of(connections, teams[0])
    await gateway_of(connections, teams[2])
    await asyncio.sleep(0)
    assert (first.closed, second.closed) == (False, True)
