from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from billfold.base.crypto import token_hash
from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.tenancy.api_keys import (
    SCOPES,
    ApiKey,
    api_keys_of_team,
    create_api_key,
    find_caller,
    note_use,
    revoke_api_key,
)
from billfold.domain.tenancy.projects import Project, create_project
from billfold.domain.tenancy.teams import Team, create_team
from billfold.infrastructure.db.database import Database, Writing

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def make_team(tx: Writing) -> tuple[Team, Project]:
    team = await create_team(tx, name="Acme", now=NOW)
    return team, await create_project(tx, team_id=team.id, name="Shop", now=NOW)


async def make_key(db: Database, team_id: str, **changes: object) -> tuple[ApiKey, str]:
    fields = {"project_id": None, "name": "server", "scopes": (), "expires_at": None, "now": NOW, **changes}

    async def unit(tx: Writing) -> tuple[ApiKey, str]:
        return await create_api_key(tx, team_id=team_id, **fields)  # type: ignore[arg-type]

    return await db.write(unit)


async def test_a_key_reads_bs_and_48_hexadecimal_digits_and_is_stored_as_its_hash_only(db: Database) -> None:
    team, _ = await db.write(make_team)
    key, raw_key = await make_key(db, team.id)
    assert raw_key.startswith("bs_")
    assert len(bytes.fromhex(raw_key[3:])) == 24
    assert key.key_hash == token_hash(raw_key)
    assert key.prefix == raw_key[:7]
    assert raw_key not in repr(await db.read(api_keys_of_team, team.id))


async def test_one_look_up_tells_team_scopes_clock_and_whether_the_project_exists(db: Database) -> None:
    team, project = await db.write(make_team)
    key, raw_key = await make_key(db, team.id, scopes=("customers:read", "analytics:read"))
    caller = await db.read(find_caller, token_hash(raw_key), project.id)
    assert caller is not None
    assert (caller.key_id, caller.team_id, caller.found_project_id) == (key.id, team.id, project.id)
    assert caller.scopes == ["customers:read", "analytics:read"]
    assert caller.clock_offset_us == 0


async def test_a_project_of_another_team_is_not_found_by_the_look_up(db: Database) -> None:
    team, _ = await db.write(make_team)
    _, foreign = await db.write(make_team)
    _, raw_key = await make_key(db, team.id)
    caller = await db.read(find_caller, token_hash(raw_key), foreign.id)
    assert caller is not None
    assert caller.found_project_id is None


async def test_g5_an_unknown_scope_a_past_expiry_and_a_foreign_project_are_refused(db: Database) -> None:
    team, _ = await db.write(make_team)
    _, foreign = await db.write(make_team)
    with pytest.raises(Invalid, match="Unknown scope 'invoices:read'"):
        await make_key(db, team.id, scopes=("invoices:read",))
    with pytest.raises(Invalid, match="future"):
        await make_key(db, team.id, expires_at=NOW)
    with pytest.raises(NotFound):
        await make_key(db, team.id, project_id=foreign.id)
    with pytest.raises(Invalid, match="name"):
        await make_key(db, team.id, name=" ")
    assert await db.read(api_keys_of_team, team.id) == []


async def test_a_revoked_or_expired_key_is_no_longer_valid(db: Database) -> None:
    team, _ = await db.write(make_team)
    key, raw_key = await make_key(db, team.id, expires_at=NOW + timedelta(days=1))
    caller = await db.read(find_caller, token_hash(raw_key))
    assert caller is not None
    assert caller.is_valid(NOW)
    assert not caller.is_valid(NOW + timedelta(days=1))
    await db.write(revoke_api_key, team_id=team.id, key_id=key.id, now=NOW)
    caller = await db.read(find_caller, token_hash(raw_key))
    assert caller is not None
    assert not caller.is_valid(NOW)
    assert await db.read(api_keys_of_team, team.id) == []


async def test_a_team_cannot_revoke_the_key_of_another(db: Database) -> None:
    team, _ = await db.write(make_team)
    other, _ = await db.write(make_team)
    key, _ = await make_key(db, team.id)
    with pytest.raises(NotFound):
        await db.write(revoke_api_key, team_id=other.id, key_id=key.id, now=NOW)


async def test_the_last_use_never_moves_back(db: Database) -> None:
    team, _ = await db.write(make_team)
    key, _ = await make_key(db, team.id)
    await db.write(note_use, key_id=key.id, used_at=NOW + timedelta(hours=1))
    await db.write(note_use, key_id=key.id, used_at=NOW)
    [listed] = await db.read(api_keys_of_team, team.id)
    assert listed.last_used_at == NOW + timedelta(hours=1)


def test_the_scopes_are_the_nine_of_the_contract_and_two_each_for_wallets_and_webhooks() -> None:
    ours = {f"{thing}:{may}" for thing in ("wallets", "webhooks") for may in ("read", "write")}
    assert len(SCOPES) == len(set(SCOPES)) == 9 + len(ours)
    assert ours < set(SCOPES)


async def test_a_team_has_a_bounded_number_of_keys(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billfold.domain.tenancy.api_keys.MOST_KEYS", 2)
    team, _ = await db.write(make_team)
    first, _ = await make_key(db, team.id)
    await make_key(db, team.id)
    with pytest.raises(Conflict, match="revoke"):
        await make_key(db, team.id)
    await db.write(revoke_api_key, team_id=team.id, key_id=first.id, now=NOW)
    await make_key(db, team.id)
