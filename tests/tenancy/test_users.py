from __future__ import annotations

from datetime import UTC, datetime

import pytest

from billfold.base.errors import Invalid
from billfold.domain.tenancy.users import create_user, find_user
from billfold.infrastructure.db.database import Database, DuplicateRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_person_is_found_by_the_address_in_any_capitals(db: Database) -> None:
    user = await db.write(create_user, email=" Owner@Example.com ", password_hash=None, now=NOW)
    assert user.email == "Owner@Example.com"
    assert await db.read(find_user, "OWNER@example.com") == user
    assert await db.read(find_user, "somebody@example.com") is None


async def test_one_address_is_one_person(db: Database) -> None:
    await db.write(create_user, email="owner@example.com", password_hash=None, now=NOW)
    with pytest.raises(DuplicateRow):
        await db.write(create_user, email="Owner@example.com", password_hash=None, now=NOW)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.com", "@example.com", "a@.", "a@b.c" * 60])
async def test_what_cannot_be_an_address_is_refused(db: Database, email: str) -> None:
    with pytest.raises(Invalid):
        await db.write(create_user, email=email, password_hash=None, now=NOW)
