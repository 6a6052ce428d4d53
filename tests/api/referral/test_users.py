"""Users who become customers at their first call, and what their e-mail address is worth (decision 0013)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.base.errors import Conflict
from billfold.domain.billing.customer_sessions import create_customer_session, revoke_customer_session
from billfold.domain.billing.deletions import delete_project
from billfold.domain.referrals.referrals import referrals
from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.db.statements import query
from tests.api.referral.conftest import ReferralApi
from tests.logins import token


async def _customers(referral: ReferralApi) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await referral.app.client.get(f"{referral.app.path}/customers")).json()["customers"]
    return found


async def _make_customer(referral: ReferralApi, email: str = "jane@example.com") -> dict[str, Any]:
    answer = await referral.app.client.post(f"{referral.app.path}/customers", json={"email": email})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["customer"]
    return made


async def test_the_first_call_makes_a_customer_without_asking_stripe(referral: ReferralApi, jane: str) -> None:
    await referral.stats_of(jane)
    (customer,) = await _customers(referral)
    assert (customer["email"], customer["name"]) == ("jane@example.com", "Jane Doe")
    assert customer["stripeCustomerId"] is None


async def test_a_proved_address_is_the_customer_who_has_it(referral: ReferralApi, jane: str) -> None:
    made = await _make_customer(referral)
    await referral.code_of(jane)
    assert [each["id"] for each in await _customers(referral)] == [made["id"]]


@pytest.mark.parametrize("verified", [None, False, 1, "yes", "false", []])
async def test_an_unproved_address_takes_no_customer_over(referral: ReferralApi, verified: Any) -> None:
    made = await _make_customer(referral)
    code = await referral.code_of(token(email_verified=verified, sub="stranger"))
    assert len(await _customers(referral)) == 2
    codes = (await referral.app.client.get(f"{referral.app.path}/referrals/codes")).json()
    assert made["id"] not in str([each for each in codes["codes"] if each["code"] == code])


async def test_who_types_in_an_address_first_does_not_keep_its_owner_out(referral: ReferralApi, jane: str) -> None:
    stranger = await referral.code_of(token(email_verified=False, sub="stranger"))
    owner = await referral.code_of(jane)
    assert stranger != owner
    assert len(await _customers(referral)) == 2
    # And the owner's customer is the one that holds the address.
    answer = await referral.app.client.post(f"{referral.app.path}/customers", json={"email": "JANE@example.com"})
    assert answer.status_code == 409


async def test_an_address_that_is_proved_later_is_held_from_then_on(referral: ReferralApi) -> None:
    code = await referral.code_of(token(email_verified=False))
    assert await referral.code_of(token()) == code
    answer = await referral.app.client.post(f"{referral.app.path}/customers", json={"email": "jane@example.com"})
    assert answer.status_code == 409


async def test_a_user_who_proves_a_customers_address_later_is_that_customer(referral: ReferralApi) -> None:
    unproved = await referral.code_of(token(email_verified=False))
    made = await _make_customer(referral)
    proved = await referral.code_of(token())
    assert proved != unproved
    codes = (await referral.app.client.get(f"{referral.app.path}/referrals/codes")).json()["codes"]
    assert [each["customerId"] for each in codes if each["code"] == proved] == [made["id"]]


async def test_a_login_that_proves_every_address_is_believed(referral: ReferralApi) -> None:
    made = await _make_customer(referral)
    await referral.put_login(proves_emails=True)
    await referral.code_of(token(email_verified=None))
    assert [each["id"] for each in await _customers(referral)] == [made["id"]]
    await referral.code_of(token(email_verified=False, sub="stranger"))
    assert len(await _customers(referral)) == 2


async def test_a_token_without_an_address_is_a_customer_too(referral: ReferralApi) -> None:
    first = await referral.code_of(token(email=None, sub="one"))
    second = await referral.code_of(token(email="no address", sub="two"))
    assert first != second
    assert [each["email"] for each in await _customers(referral)] == ["", ""]


async def test_a_user_stays_the_same_customer_when_the_login_tells_another_address(referral: ReferralApi) -> None:
    assert await referral.code_of(token()) == await referral.code_of(token(email="new@example.com"))
    assert [each["email"] for each in await _customers(referral)] == ["jane@example.com"]


async def test_a_deleted_customers_user_begins_anew(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    (customer,) = await _customers(referral)
    await referral.app.client.delete(f"{referral.app.path}/customers/{customer['id']}")
    await referral.app.drain()
    assert await referral.code_of(jane) != code
    (again,) = await _customers(referral)
    assert again["id"] != customer["id"]


@pytest.mark.parametrize("verified", [True, False])
async def test_first_calls_at_once_make_one_customer(referral: ReferralApi, *, verified: bool) -> None:
    text = token(email_verified=verified)
    await asyncio.gather(*(referral.get("stats", text) for _ in range(10)))
    assert len(await _customers(referral)) == 1


async def test_two_logins_with_one_proved_address_are_one_customer(referral: ReferralApi, jane: str) -> None:
    other = "https://other.example.com"
    await referral.put_login(issuer=other)
    answers = await asyncio.gather(referral.get("link", jane), referral.get("link", token(iss=other, sub="other")))
    assert len({answer.json()["data"]["code"] for answer in answers}) == 1
    assert len(await _customers(referral)) == 1


async def test_later_calls_write_nothing(referral: ReferralApi, jane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await referral.code_of(jane)

    async def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a later call writes")

    database: type[Database] = type(referral.app.services.db)
    monkeypatch.setattr(database, "write", refuse)
    assert (await referral.get("link", jane)).status_code == 200
    assert (await referral.get("stats", jane)).status_code == 200


async def test_a_proved_address_is_linked_to_who_brought_it(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    assert (await referral.convert(code, "newuser@example.com")).json()["data"]["converted"]
    await referral.stats_of(token(sub="newcomer", email="newuser@example.com"))
    newcomer = next(each for each in await _customers(referral) if each["email"] == "newuser@example.com")
    brought = await referral.app.services.db.read(_brought, referral.app.team.project_id, newcomer["id"])
    assert brought == ["converted"]


_STATUS = query(
    sa.select(referrals.c.status).where(
        referrals.c.project_id == sa.bindparam("project_id"), referrals.c.referee_id == sa.bindparam("referee_id")
    ),
    str,
)


async def _brought(tx: Reading, project_id: str, referee_id: str) -> list[str]:
    return await tx.all(_STATUS, project_id=project_id, referee_id=referee_id)


async def _session(referral: ReferralApi, **options: Any) -> str:
    made = await _make_customer(referral)
    services = referral.app.services
    return await services.db.write(
        create_customer_session,
        project_id=referral.app.team.project_id,
        customer_id=made["id"],
        now=services.clock.now(),
        **options,
    )


async def test_a_customers_session_is_taken_in_place_of_a_token(referral: ReferralApi, jane: str) -> None:
    session = await _session(referral)
    assert len(session) >= 64
    assert await referral.code_of(session) == await referral.code_of(jane)


async def test_a_session_ends_with_its_time_its_revocation_or_its_customer(referral: ReferralApi) -> None:
    session = await _session(referral, lives=timedelta(hours=1))
    referral.app.clock.advance(timedelta(hours=1))
    assert (await referral.get("link", session)).status_code == 401
    referral.app.clock.advance(-timedelta(hours=1))
    assert (await referral.get("link", session)).status_code == 200
    assert (await referral.get("link", session[:-1])).status_code == 401
    (customer,) = await _customers(referral)
    await referral.app.client.delete(f"{referral.app.path}/customers/{customer['id']}")
    assert (await referral.get("link", session)).status_code == 401


async def test_another_project_cannot_end_a_session(referral: ReferralApi) -> None:
    await _session(referral)
    services = referral.app.services
    other = await referral.app.install()
    assert not await services.db.write(
        revoke_customer_session, project_id=other.project_id, session_id="cs_x", now=services.clock.now()
    )


async def test_a_deleted_project_believes_nobody_and_its_audience_is_free(referral: ReferralApi, jane: str) -> None:
    assert (await referral.get("link", jane)).status_code == 200
    services, team = referral.app.services, referral.app.team
    (customer,) = await _customers(referral)
    session = await services.db.write(
        create_customer_session, project_id=team.project_id, customer_id=customer["id"], now=services.clock.now()
    )
    other = await referral.app.install()
    with pytest.raises(Conflict):
        await referral.put_login(other)
    await services.db.write(delete_project, team_id=team.team_id, project_id=team.project_id, now=services.clock.now())
    await referral.put_login(other)
    await referral.put_program(other)
    assert (await referral.get("link", session)).status_code == 401
    services.known_keys.forget()
    referral.app.application.installation.identities.forget()
    assert (await referral.get("link", jane)).status_code == 200
    found = await referral.app.anonymous.get(f"{other.path}/customers", headers=other.headers)
    assert [each["email"] for each in found.json()["customers"]] == ["jane@example.com"]
