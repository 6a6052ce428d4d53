from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from billfold.base.crypto import Sealer
from billfold.base.errors import Conflict, Invalid
from billfold.domain.tenancy.second_factors import (
    begin_enrolment,
    check_code,
    confirm_enrolment,
    count_recovery_codes,
    enrolment_address,
    has_second_factor,
    pending_secret,
    remove_second_factor,
    renew_recovery_codes,
)
from billfold.domain.tenancy.users import create_user
from billfold.infrastructure.db.database import Database
from tests.security.database_dump import every_row

NOW = datetime(2026, 1, 1, 12, 0, 15, tzinfo=UTC)
SEALER = Sealer(bytes(32))


def code(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


async def enrolled(db: Database, email: str = "owner@example.com") -> tuple[str, str, list[str]]:
    user = await db.write(create_user, email=email, password_hash=None, now=NOW)
    secret = await db.write(begin_enrolment, SEALER, user_id=user.id, now=NOW)
    codes = await db.write(confirm_enrolment, SEALER, user_id=user.id, code=code(secret, NOW), now=NOW)
    return user.id, secret, codes


async def check(db: Database, user_id: str, typed: str, now: datetime) -> bool:
    return await db.write(check_code, SEALER, user_id=user_id, code=typed, now=now)


async def test_it_counts_only_once_a_first_code_was_right(db: Database) -> None:
    user = await db.write(create_user, email="owner@example.com", password_hash=None, now=NOW)
    with pytest.raises(Conflict):
        await db.write(confirm_enrolment, SEALER, user_id=user.id, code="123456", now=NOW)
    first = await db.write(begin_enrolment, SEALER, user_id=user.id, now=NOW)
    second = await db.write(begin_enrolment, SEALER, user_id=user.id, now=NOW)
    assert first != second
    assert await db.read(pending_secret, SEALER, user.id) == second
    assert not await db.read(has_second_factor, user.id)
    assert not await check(db, user.id, code(second, NOW), NOW)
    with pytest.raises(Invalid):
        await db.write(confirm_enrolment, SEALER, user_id=user.id, code=code(first, NOW), now=NOW)
    await db.write(confirm_enrolment, SEALER, user_id=user.id, code=code(second, NOW), now=NOW)
    assert await db.read(has_second_factor, user.id)
    assert await db.read(pending_secret, SEALER, user.id) is None
    with pytest.raises(Conflict):
        await db.write(begin_enrolment, SEALER, user_id=user.id, now=NOW)


async def test_a_used_code_and_an_older_one_are_refused(db: Database) -> None:
    user_id, secret, _ = await enrolled(db)
    assert not await check(db, user_id, code(secret, NOW), NOW)
    later = NOW + timedelta(seconds=60)
    assert await check(db, user_id, code(secret, later), later)
    assert not await check(db, user_id, code(secret, later), later)
    assert not await check(db, user_id, code(secret, later - timedelta(seconds=30)), later)


async def test_a_code_is_taken_one_step_early_or_late_and_no_more(db: Database) -> None:
    user_id, secret, _ = await enrolled(db)
    later = NOW + timedelta(minutes=10)
    assert not await check(db, user_id, code(secret, later - timedelta(seconds=60)), later)
    assert not await check(db, user_id, code(secret, later + timedelta(seconds=60)), later)
    assert await check(db, user_id, code(secret, later - timedelta(seconds=30)), later)
    assert await check(db, user_id, code(secret, later + timedelta(seconds=30)), later)


async def test_of_two_who_type_the_same_code_at_once_one_is_let_in(db: Database) -> None:
    user_id, secret, codes = await enrolled(db)
    later = NOW + timedelta(minutes=10)
    for typed in (code(secret, later), codes[0]):
        assert sorted(await asyncio.gather(*(check(db, user_id, typed, later) for _ in range(4)))) == [
            False,
            False,
            False,
            True,
        ]


async def test_a_recovery_code_works_once_however_it_is_typed(db: Database) -> None:
    user_id, _, codes = await enrolled(db)
    assert len(set(codes)) == 10
    assert await check(db, user_id, f" {codes[0].upper().replace('-', ' ')} ", NOW)
    assert not await check(db, user_id, codes[0], NOW)
    assert await db.read(count_recovery_codes, user_id) == 9
    other, _, _ = await enrolled(db, "other@example.com")
    assert not await check(db, other, codes[1], NOW)
    await db.write(renew_recovery_codes, user_id)
    assert not await check(db, user_id, codes[1], NOW)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "१२३४५६", "123456\0", "-" * 500])
async def test_what_is_no_code_is_refused(db: Database, typed: str) -> None:
    user_id, _, _ = await enrolled(db)
    assert not await check(db, user_id, typed, NOW + timedelta(minutes=5))


async def test_neither_secret_nor_codes_stand_in_the_database(db: Database) -> None:
    _, secret, codes = await enrolled(db)
    rows = str(await every_row(db))
    assert secret not in rows
    assert not any(each in rows or each.replace("-", "") in rows for each in codes)


async def test_switched_off_nothing_of_it_is_left(db: Database) -> None:
    user_id, secret, codes = await enrolled(db)
    await db.write(remove_second_factor, user_id)
    assert not await db.read(has_second_factor, user_id)
    later = NOW + timedelta(minutes=5)
    assert not await check(db, user_id, codes[0], later)
    assert not await check(db, user_id, code(secret, later), later)


def test_the_address_names_person_and_installation() -> None:
    address = enrolment_address(
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", email="o&x@example.com", issuer="Billfold billing.example.com"
    )
    assert address.startswith(
        "otpauth://totp/Billfold%20billing.example.com:o%26x%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    )
