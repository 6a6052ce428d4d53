"""Members sign in at `/v1/auth/login`: contract section 1, credential 3; SCENARIOS F4."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pyotp
import pytest

from billfold.base.passwords import hash_password
from billfold.domain.tenancy import second_factors
from billfold.domain.tenancy.members import Role, add_member
from billfold.domain.tenancy.sessions import revoke_sessions_of_user
from billfold.domain.tenancy.sign_in import take_password_attempt
from billfold.domain.tenancy.users import create_user, find_user
from billfold.infrastructure.db.database import Writing
from tests.affiliate.conftest import Affiliates

EMAIL: Final = "ann@example.com"
PASSWORD: Final = "a long enough password"


@pytest.fixture
async def ann(affiliates: Affiliates) -> Affiliates:
    """A member of the team who has a password."""
    now = affiliates.app.clock.now()
    hashed = hash_password(PASSWORD)

    async def unit(tx: Writing) -> None:
        user = await create_user(tx, email=EMAIL, password_hash=hashed, now=now)
        await add_member(tx, team_id=affiliates.team.team_id, user_id=user.id, role=Role.MEMBER, now=now)

    await affiliates.app.services.db.write(unit)
    return affiliates


async def login(surface: Affiliates, **body: Any) -> Any:
    """Try to sign in."""
    return await surface.send("POST", "/v1/auth/login", json={"email": EMAIL, "password": PASSWORD, **body})


async def test_a_password_gets_a_token_for_the_admin_routes(ann: Affiliates) -> None:
    answer = await login(ann)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["user"]["email"] == EMAIL
    assert [each["role"] for each in body["tenants"]] == ["member"]
    assert "set-cookie" not in answer.headers
    bearer = {"Authorization": f"Bearer {body['token']}"}
    assert (await ann.send("GET", f"{ann.apps}/affiliates", headers=bearer)).status_code == 200
    # A member may not change how customers sign in: that takes an admin.
    settings = await ann.send("PATCH", f"{ann.apps}/auth/settings", headers=bearer, json={"autoCreateCustomer": True})
    assert settings.status_code == 403


async def test_a_wrong_password_is_401_and_tries_are_counted(ann: Affiliates) -> None:
    refused = await login(ann, password="something else entirely")
    assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHORIZED")
    # The rest of the allowance, without the slow hashing of nine more.
    for _ in range(9):
        await ann.app.services.db.write(
            take_password_attempt, email=EMAIL, network="127.0.0.1", now=ann.app.clock.now()
        )
    limited = await login(ann)
    assert limited.status_code == 429
    assert int(limited.headers["retry-after"]) > 0


async def test_a_session_that_was_ended_in_the_console_ends_the_token(ann: Affiliates) -> None:
    body = (await login(ann)).json()
    bearer = {"Authorization": f"Bearer {body['token']}"}
    await ann.app.services.db.write(revoke_sessions_of_user, body["user"]["id"])
    assert (await ann.send("GET", f"{ann.apps}/affiliates", headers=bearer)).status_code == 401


async def test_a_second_factor_is_asked_for_and_counts_once(ann: Affiliates) -> None:
    sealer, now = ann.app.services.sealer, ann.app.clock.now()

    async def unit(tx: Writing) -> str:
        user = await find_user(tx, EMAIL)
        assert user is not None
        secret = await second_factors.begin_enrolment(tx, sealer, user_id=user.id, now=now)
        code = pyotp.TOTP(secret).at(now)
        await second_factors.confirm_enrolment(tx, sealer, user_id=user.id, code=code, now=now)
        return secret

    app = pyotp.TOTP(await ann.app.services.db.write(unit))
    bare = await login(ann)
    assert (bare.status_code, bare.json()["code"]) == (401, "SECOND_FACTOR_REQUIRED")
    assert (await login(ann, code="000000")).status_code == 401
    ann.app.clock.advance(timedelta(seconds=60))
    right = app.at(ann.app.clock.now())
    assert (await login(ann, code=right)).status_code == 200
    assert (await login(ann, code=right)).status_code == 401
