from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billfold.base.crypto import token_hash
from billfold.base.errors import NotFound
from billfold.domain.tenancy.sessions import (
    SessionCaller,
    create_session,
    find_session,
    forget_ended_sessions,
    is_to_be_noted,
    note_seen,
    pass_second_factor,
    renew,
    revoke_session,
    revoke_sessions_of_user,
    sessions_of_user,
)
from billfold.domain.tenancy.users import create_user
from billfold.infrastructure.db.database import Database, Writing

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHERE: Any = {"address": "192.0.2.1", "user_agent": "Firefox"}


async def person(db: Database, email: str = "owner@example.com") -> str:
    return (await db.write(create_user, email=email, password_hash=None, now=NOW)).id


async def begin(db: Database, user_id: str, **more: Any) -> str:
    async def unit(tx: Writing) -> str:
        return await create_session(tx, user_id=user_id, now=NOW, **WHERE, **more)

    return await db.write(unit)


async def find(db: Database, token: str, now: datetime = NOW) -> SessionCaller | None:
    return await db.read(find_session, token_hash(token), now)


async def found(db: Database, token: str, now: datetime = NOW) -> SessionCaller:
    session = await find(db, token, now)
    assert session is not None
    return session


async def test_a_token_opens_its_persons_session_and_has_256_bits(db: Database) -> None:
    user_id = await person(db)
    token = await begin(db, user_id)
    session = await found(db, token)
    assert (session.user_id, session.email, session.second_factor_passed) == (user_id, "owner@example.com", True)
    assert len(bytes.fromhex(token)) == 32
    assert await find(db, token[:-1] + "x") is None


async def test_a_session_ends_30_days_after_it_was_last_seen(db: Database) -> None:
    token = await begin(db, await person(db))
    last = NOW + timedelta(days=30)
    assert await find(db, token, last - timedelta(seconds=1)) is not None
    assert await find(db, token, last) is None


async def test_use_moves_the_end_but_never_beyond_90_days(db: Database) -> None:
    token = await begin(db, await person(db))
    now = NOW
    while (session := await find(db, token, now)) is not None:
        await db.write(note_seen, session, address="192.0.2.2", now=now)
        now += timedelta(days=20)
    assert now == NOW + timedelta(days=100)
    assert (await found(db, token, NOW + timedelta(days=89))).address == "192.0.2.2"
    assert await find(db, token, NOW + timedelta(days=90)) is None


async def test_a_session_that_is_not_kept_ends_after_12_hours_and_after_a_week(db: Database) -> None:
    token = await begin(db, await person(db), is_kept=False)
    assert await find(db, token, NOW + timedelta(hours=12)) is None
    now = NOW
    while (session := await find(db, token, now)) is not None:
        await db.write(note_seen, session, address="192.0.2.1", now=now)
        now += timedelta(hours=11)
    assert NOW + timedelta(days=7) <= now < NOW + timedelta(days=7, hours=11)


async def test_being_seen_is_written_at_most_every_five_minutes(db: Database) -> None:
    session = await found(db, await begin(db, await person(db)))
    assert not is_to_be_noted(session, NOW + timedelta(minutes=4))
    assert is_to_be_noted(session, NOW + timedelta(minutes=5))


async def test_a_late_write_neither_moves_back_nor_brings_back_to_life(db: Database) -> None:
    token = await begin(db, await person(db))
    session = await found(db, token)
    await db.write(note_seen, session, address="192.0.2.1", now=NOW + timedelta(days=2))
    await db.write(note_seen, session, address="192.0.2.1", now=NOW + timedelta(days=1))
    assert (await found(db, token)).last_seen_at == NOW + timedelta(days=2)
    await db.write(note_seen, session, address="192.0.2.1", now=NOW + timedelta(days=33))
    assert await find(db, token, NOW + timedelta(days=34)) is None


async def test_a_renewed_session_has_another_token_and_the_old_one_is_dead_f4(db: Database) -> None:
    token = await begin(db, await person(db))
    session = await found(db, token)
    new = await db.write(renew, session.session_id, now=NOW)
    assert new != token
    assert await find(db, token) is None
    assert (await found(db, new)).session_id == session.session_id
    assert (await found(db, new)).csrf_key != session.csrf_key


async def test_a_session_without_its_second_factor_waits_15_minutes_then_lasts_as_any(db: Database) -> None:
    user_id = await person(db)
    token = await begin(db, user_id, second_factor_passed=False)
    session = await found(db, token, NOW + timedelta(minutes=14))
    assert not session.second_factor_passed
    assert not is_to_be_noted(session, NOW + timedelta(minutes=14))
    assert await find(db, token, NOW + timedelta(minutes=15)) is None
    now = NOW + timedelta(minutes=5)
    passed = await db.write(pass_second_factor, session, now=now)
    assert await find(db, token, now) is None
    assert (await found(db, passed, now)).second_factor_passed
    assert (await found(db, passed, now)).expires_at == now + timedelta(days=30)
    with pytest.raises(NotFound):
        await db.write(pass_second_factor, session, now=NOW + timedelta(days=60))


async def test_a_revoked_session_is_out_and_nobody_revokes_anothers(db: Database) -> None:
    mine, other = await person(db), await person(db, "other@example.com")
    token = await begin(db, mine)
    session = await found(db, token)
    with pytest.raises(NotFound):
        await db.write(revoke_session, user_id=other, session_id=session.session_id)
    await db.write(revoke_session, user_id=mine, session_id=session.session_id)
    assert await find(db, token) is None
    with pytest.raises(NotFound):
        await db.write(renew, session.session_id, now=NOW)


async def test_signing_out_everywhere_may_spare_the_present_session(db: Database) -> None:
    mine, other = await person(db), await person(db, "other@example.com")
    tokens = [await begin(db, mine) for _ in range(3)]
    foreign = await begin(db, other)
    spared = (await found(db, tokens[0])).session_id
    assert await db.write(revoke_sessions_of_user, mine, except_session_id=spared) == 2
    assert [await find(db, token) is not None for token in (*tokens, foreign)] == [True, False, False, True]
    assert await db.write(revoke_sessions_of_user, mine) == 1


async def test_a_person_sees_his_own_living_sessions_with_device_and_address(db: Database) -> None:
    mine, other = await person(db), await person(db, "other@example.com")
    await begin(db, mine)
    await begin(db, other)
    (listed,) = await db.read(sessions_of_user, mine, now=NOW)
    assert (listed.address, listed.user_agent, listed.last_seen_at) == ("192.0.2.1", "Firefox", NOW)
    assert await db.read(sessions_of_user, mine, now=NOW + timedelta(days=31)) == []


async def test_the_51st_session_drops_the_one_that_was_quiet_longest(db: Database) -> None:
    user_id = await person(db)
    first = await begin(db, user_id)
    for minutes in range(1, 51):

        async def unit(tx: Writing, minutes: int = minutes) -> str:
            return await create_session(tx, user_id=user_id, now=NOW + timedelta(minutes=minutes), **WHERE)

        await db.write(unit)
    assert await find(db, first) is None
    assert len(await db.read(sessions_of_user, user_id, now=NOW)) == 50


async def test_whoever_lacks_the_second_factor_pushes_nobody_out(db: Database) -> None:
    user_id = await person(db)
    token = await begin(db, user_id)
    for _ in range(60):
        await begin(db, user_id, second_factor_passed=False)
    assert await find(db, token) is not None


async def test_ended_sessions_are_forgotten(db: Database) -> None:
    user_id = await person(db)
    await begin(db, user_id)
    await begin(db, user_id, is_kept=False)
    assert await db.write(forget_ended_sessions, now=NOW + timedelta(days=1)) == 1
