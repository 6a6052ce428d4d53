from __future__ import annotations

import asyncio
from datetime import timedelta

from billfold.domain.tenancy.api_keys import create_api_key, revoke_api_key
from billfold.entrypoints import known_keys
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import RunningBillfold


async def new_key(app: RunningBillfold, lifetime: timedelta | None = None) -> tuple[str, str]:
    async def unit(tx: Writing) -> tuple[str, str]:
        now = app.clock.now()
        expires_at = None if lifetime is None else now + lifetime
        key, raw = await create_api_key(
            tx, team_id=app.team.team_id, project_id=None, name="k", scopes=(), expires_at=expires_at, now=now
        )
        return key.id, raw

    return await app.services.db.write(unit)


async def status_of(app: RunningBillfold, raw_key: str) -> int:
    answer = await app.anonymous.get(f"{app.path}/customers", headers={"Authorization": f"Bearer {raw_key}"})
    return answer.status_code


async def test_f2_a_revoked_key_stops_working_within_a_second(billfold_app: RunningBillfold) -> None:
    key_id, raw_key = await new_key(billfold_app)
    assert await status_of(billfold_app, raw_key) == 200

    async def revoke(tx: Writing) -> None:
        await revoke_api_key(tx, team_id=billfold_app.team.team_id, key_id=key_id, now=billfold_app.clock.now())

    await billfold_app.services.db.write(revoke)
    await asyncio.sleep(known_keys.KEPT_SECONDS)
    assert known_keys.KEPT_SECONDS < 1
    assert await status_of(billfold_app, raw_key) == 401


async def test_a_remembered_key_expires_on_time(billfold_app: RunningBillfold) -> None:
    _, raw_key = await new_key(billfold_app, timedelta(hours=1))
    assert await status_of(billfold_app, raw_key) == 200
    billfold_app.clock.advance(timedelta(hours=1))
    assert await status_of(billfold_app, raw_key) == 401


async def test_a_team_whose_clock_was_moved_lives_in_its_new_time_at_once(billfold_app: RunningBillfold) -> None:
    first = await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "a@example.com"})
    moved = await billfold_app.client.post(f"/simulator/{billfold_app.team.team_id}/clock", json={"advance_days": 400})
    assert moved.status_code == 200
    second = await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "b@example.com"})
    years = [int(answer.json()["customer"]["createdAt"][:4]) for answer in (first, second)]
    assert years[0] < years[1]


async def test_the_memory_is_bounded_and_can_be_dropped(
    billfold_app: RunningBillfold,
) -> None:
    known = billfold_app.services.known_keys
    assert await status_of(billfold_app, billfold_app.team.api_key) == 200
    (caller,) = [kept for _, kept in known._callers.values()]
    for number in range(10_001):
        known.keep(f"hash{number}", None, caller)
    assert len(known._callers) <= 10_000
    known.forget()
    assert known.find("hash10000", None) is None
