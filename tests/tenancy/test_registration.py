from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from billfold.base.errors import Forbidden, Invalid
from billfold.domain.tenancy.members import members_of_team
from billfold.domain.tenancy.registration import is_new_installation, register, register_first
from billfold.domain.tenancy.users import create_user
from billfold.infrastructure.db.database import Database, DuplicateRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_the_first_user_owns_the_first_team_and_nobody_else_is_first_g36(db: Database) -> None:
    assert await db.read(is_new_installation)
    user, team = await db.write(
        register_first, email="owner@example.com", password_hash="x", team_name=" Acme ", now=NOW
    )
    assert team.name == "Acme"
    assert [(each.user_id, each.role) for each in await db.read(members_of_team, team.id)] == [(user.id, "owner")]
    assert not await db.read(is_new_installation)
    with pytest.raises(Forbidden):
        await db.write(register_first, email="b@example.com", password_hash="x", team_name="B", now=NOW)


async def test_of_ten_who_come_first_at_once_one_is_let_in(db: Database) -> None:
    async def attempt(number: int) -> bool:
        try:
            await db.write(register_first, email=f"p{number}@example.com", password_hash="x", team_name="Acme", now=NOW)
        except Forbidden:
            return False
        return True

    assert sum(await asyncio.gather(*(attempt(number) for number in range(10)))) == 1


async def test_a_user_of_the_command_line_closes_the_first_sign_up_too(db: Database) -> None:
    await db.write(create_user, email="init@example.com", password_hash="x", now=NOW)
    with pytest.raises(Forbidden):
        await db.write(register_first, email="b@example.com", password_hash="x", team_name="B", now=NOW)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\x00b"])
async def test_a_team_has_a_name_on_one_line(db: Database, name: str) -> None:
    with pytest.raises(Invalid):
        await db.write(register, email="owner@example.com", password_hash="x", team_name=name, now=NOW)
    assert await db.read(is_new_installation)


async def test_an_address_that_is_taken_is_refused_whole(db: Database) -> None:
    await db.write(register, email="owner@example.com", password_hash="x", team_name="A", now=NOW)
    with pytest.raises(DuplicateRow):
        await db.write(register, email="Owner@example.com", password_hash="x", team_name="B", now=NOW)
