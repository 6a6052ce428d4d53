from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from billfold.base.errors import Forbidden, Invalid
from billfold.domain.tenancy.audit_log import audit_rows
from billfold.domain.tenancy.members import teams_of_user
from billfold.domain.tenancy.registration import is_new_installation, register, register_first
from billfold.domain.tenancy.users import create_user
from billfold.infrastructure.db.database import Database, DuplicateRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FROM: Any = {"password_hash": "x", "address": "192.0.2.1"}


async def test_the_first_user_owns_the_first_team_and_nobody_else_is_first_g36(db: Database) -> None:
    assert await db.read(is_new_installation)
    user = await db.write(register_first, email="owner@example.com", **FROM, team_name=" Acme ", now=NOW)
    (team,) = await db.read(teams_of_user, user.id)
    assert (team.name, team.role) == ("Acme", "owner")
    assert [row.action for row in await db.read(audit_rows, team.id)] == ["team.created"]
    assert not await db.read(is_new_installation)
    with pytest.raises(Forbidden):
        await db.write(register_first, email="b@example.com", **FROM, team_name="B", now=NOW)


async def test_of_ten_who_come_first_at_once_one_is_let_in(db: Database) -> None:
    async def attempt(number: int) -> bool:
        try:
            await db.write(register_first, email=f"p{number}@example.com", **FROM, team_name="Acme", now=NOW)
        except Forbidden:
            return False
        return True

    assert sum(await asyncio.gather(*(attempt(number) for number in range(10)))) == 1


async def test_a_user_of_the_command_line_closes_the_first_sign_up_too(db: Database) -> None:
    await db.write(create_user, email="init@example.com", password_hash="x", now=NOW)
    with pytest.raises(Forbidden):
        await db.write(register_first, email="b@example.com", **FROM, team_name="B", now=NOW)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\x00b"])
async def test_a_team_has_a_name_on_one_line(db: Database, name: str) -> None:
    with pytest.raises(Invalid):
        await db.write(register, email="owner@example.com", **FROM, team_name=name, now=NOW)
    assert await db.read(is_new_installation)


async def test_an_address_that_is_taken_is_refused_whole(db: Database) -> None:
    await db.write(register, email="owner@example.com", **FROM, team_name="A", now=NOW)
    with pytest.raises(DuplicateRow):
        await db.write(register, email="Owner@example.com", **FROM, team_name="B", now=NOW)
