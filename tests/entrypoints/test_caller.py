from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from billfold.base.clock import MovableClock
from billfold.base.crypto import Sealer
from billfold.base.errors import Forbidden, NotFound
from billfold.base.settings import Settings
from billfold.domain.tenancy.api_keys import ApiKey, api_keys_of_team, create_api_key, revoke_api_key
from billfold.domain.tenancy.projects import create_project
from billfold.domain.tenancy.teams import create_team, move_clock
from billfold.entrypoints.caller import Access, Unauthorized, full_access, project_access
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Database, Writing

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Scene:
    services: Services
    clock: MovableClock
    team_id: str
    project_id: str
    other_project_id: str
    foreign_team_id: str
    foreign_project_id: str

    async def make_key(self, **changes: Any) -> tuple[ApiKey, str]:
        fields = {
            "team_id": self.team_id,
            "project_id": None,
            "name": "server",
            "scopes": (),
            "expires_at": None,
            "now": NOW,
            **changes,
        }

        async def unit(tx: Writing) -> tuple[ApiKey, str]:
            return await create_api_key(tx, **fields)

        return await self.services.db.write(unit)

    async def ask(self, authorization: str | None, **changes: str) -> Access:
        asked = {"team_id": self.team_id, "project_id": self.project_id, "scope": "customers:read", **changes}
        return await project_access(self.services, authorization, **asked)


@pytest.fixture
async def scene(db: Database) -> AsyncIterator[Scene]:
    async def unit(tx: Writing) -> tuple[str, ...]:
        team = await create_team(tx, name="Acme", now=NOW)
        foreign = await create_team(tx, name="Other", now=NOW)
        project = await create_project(tx, team_id=team.id, name="Shop", now=NOW)
        other = await create_project(tx, team_id=team.id, name="Blog", now=NOW)
        foreign_project = await create_project(tx, team_id=foreign.id, name="Shop", now=NOW)
        return team.id, project.id, other.id, foreign.id, foreign_project.id

    clock = MovableClock(NOW)
    services = Services(db=db, clock=clock, settings=Settings(), sealer=Sealer(bytes(32)), stripe=cast("Any", None))
    yield Scene(services, clock, *await db.write(unit))
    await services.key_use.finish()


async def test_a_full_access_key_opens_every_project_of_its_team(scene: Scene) -> None:
    key, raw_key = await scene.make_key()
    access = await scene.ask(f"Bearer {raw_key}", project_id=scene.other_project_id)
    assert (access.team_id, access.project_id, access.key_id) == (scene.team_id, scene.other_project_id, key.id)


async def test_g1_without_a_valid_key_the_answer_is_401_even_for_what_does_not_exist(scene: Scene) -> None:
    for authorization in (None, "", "Bearer", "Bearer ", "Basic abc", "Bearer bs_" + "0" * 48, "Bearer \xff\x00"):
        with pytest.raises(Unauthorized):
            await scene.ask(authorization, team_id="team_none", project_id="proj_none")


async def test_g4_expired_revoked_and_unknown_keys_read_the_same(scene: Scene) -> None:
    _, expired = await scene.make_key(expires_at=NOW + timedelta(hours=1))
    revoked_key, revoked = await scene.make_key()
    await scene.services.db.write(revoke_api_key, team_id=scene.team_id, key_id=revoked_key.id, now=NOW)
    scene.clock.advance(timedelta(hours=1))
    texts = set()
    for raw_key in (expired, revoked, "bs_" + "1" * 48):
        with pytest.raises(Unauthorized) as refusal:
            await scene.ask(f"Bearer {raw_key}")
        texts.add(refusal.value.message)
    assert len(texts) == 1


async def test_g2_another_teams_path_is_403_whether_or_not_it_exists(scene: Scene) -> None:
    _, raw_key = await scene.make_key()
    for team_id, project_id in ((scene.foreign_team_id, scene.foreign_project_id), ("team_none", "proj_none")):
        with pytest.raises(Forbidden):
            await scene.ask(f"Bearer {raw_key}", team_id=team_id, project_id=project_id)


async def test_g2_a_key_of_one_project_is_403_for_another_and_for_one_that_does_not_exist(scene: Scene) -> None:
    _, raw_key = await scene.make_key(project_id=scene.project_id)
    await scene.ask(f"Bearer {raw_key}")
    for project_id in (scene.other_project_id, "proj_none"):
        with pytest.raises(Forbidden):
            await scene.ask(f"Bearer {raw_key}", project_id=project_id)


async def test_g2_an_unknown_or_foreign_project_under_the_own_team_is_404(scene: Scene) -> None:
    _, raw_key = await scene.make_key()
    for project_id in ("proj_none", scene.foreign_project_id, "proj_\x00", "proj_\ud800"):
        with pytest.raises(NotFound):
            await scene.ask(f"Bearer {raw_key}", project_id=project_id)


async def test_g5_a_missing_scope_is_403_before_the_unknown_project_is_404(scene: Scene) -> None:
    _, raw_key = await scene.make_key(scopes=["customers:write"])
    with pytest.raises(Forbidden, match="customers:read"):
        await scene.ask(f"Bearer {raw_key}", project_id="proj_none")
    await scene.ask(f"bearer {raw_key}", scope="customers:write")


async def test_the_access_tells_the_teams_own_time(scene: Scene) -> None:
    await scene.services.db.write(move_clock, scene.team_id, offset=timedelta(days=40))
    _, raw_key = await scene.make_key()
    access = await scene.ask(f"Bearer {raw_key}")
    assert access.time_at(NOW) == NOW + timedelta(days=40)


async def test_the_last_use_is_written_back_once_a_minute(scene: Scene) -> None:
    _, raw_key = await scene.make_key()
    for _ in range(3):
        await scene.ask(f"Bearer {raw_key}")
        scene.clock.advance(timedelta(seconds=25))
    await scene.services.key_use.finish()
    [key] = await scene.services.db.read(api_keys_of_team, scene.team_id)
    assert key.last_used_at == NOW
    await scene.ask(f"Bearer {raw_key}")
    await scene.services.key_use.finish()
    [key] = await scene.services.db.read(api_keys_of_team, scene.team_id)
    assert key.last_used_at == NOW + timedelta(seconds=75)


async def test_only_a_key_without_limits_controls_the_simulator(scene: Scene) -> None:
    _, full = await scene.make_key()
    _, scoped = await scene.make_key(scopes=["customers:read"])
    _, limited = await scene.make_key(project_id=scene.project_id)
    caller = await full_access(scene.services, f"Bearer {full}", scene.team_id)
    assert caller.team_id == scene.team_id
    for raw_key in (scoped, limited):
        with pytest.raises(Forbidden):
            await full_access(scene.services, f"Bearer {raw_key}", scene.team_id)
    with pytest.raises(Forbidden):
        await full_access(scene.services, f"Bearer {full}", scene.foreign_team_id)
    with pytest.raises(Unauthorized):
        await full_access(scene.services, None, scene.team_id)
