"""The page of an invitation's link."""

from __future__ import annotations

import pytest

from billfold.domain.tenancy.invitations import invite
from billfold.domain.tenancy.members import Role, find_role
from billfold.domain.tenancy.registration import register
from billfold.domain.tenancy.users import find_user
from tests.people.conftest import COOKIE, OWNER, PASSWORD, House, Visitor

GUEST = "guest@example.com"


async def invitation(house: House, owner: Visitor, email: str = GUEST) -> tuple[str, str]:
    """The team, and the path of the link."""
    teams = (await owner.client.get("/api/auth/session")).json()
    team_id, user_id = teams["teams"][0]["id"], teams["session"]["userId"]
    _, token = await house.services.db.write(
        invite, team_id=team_id, email=email, role=Role.MEMBER, by=user_id, now=house.clock.now()
    )
    return team_id, f"/invitations/{token}"


async def role(house: House, team_id: str, email: str = GUEST) -> str | None:
    user = await house.services.db.read(find_user, email)
    return None if user is None else await house.services.db.read(find_role, team_id, user.id)


async def a_stranger(house: House, email: str) -> Visitor:
    password_hash = await house.services.passwords.hash(PASSWORD)
    await house.services.db.write(
        register,
        email=email,
        password_hash=password_hash,
        team_name="Other",
        address="192.0.2.1",
        now=house.clock.now(),
    )
    visitor = house.visitor()
    await visitor.sign_in(email=email)
    return visitor


async def test_somebody_new_chooses_a_password_and_is_in_the_team(house: House) -> None:
    team_id, path = await invitation(house, await house.owner())
    visitor = house.visitor()
    await visitor.see(path)
    assert "Join Northlight" in visitor.text()
    assert (await visitor.send(path, password="short")).status_code == 400
    answer = await visitor.send(path, password=PASSWORD, email="somebody@example.com")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/{team_id}")
    assert await visitor.is_in()
    assert await role(house, team_id) == "member"
    assert (await house.visitor().see(path)).status_code == 404


async def test_somebody_known_signs_in_comes_back_and_gets_a_new_session_token_f4(house: House) -> None:
    owner = await house.owner()
    team_id, path = await invitation(house, owner)
    visitor = await a_stranger(house, GUEST)
    token = visitor.token
    await visitor.see("/account")
    await visitor.send("/sign-out")
    await visitor.see(path)
    assert f'href="/sign-in?next={path}"' in visitor.page
    assert (await visitor.send(path, password=PASSWORD + "!")).status_code == 409
    await visitor.sign_in(email=GUEST)
    before = visitor.token
    await visitor.see(path)
    assert (await visitor.send(path)).headers["location"] == f"/console/{team_id}"
    assert visitor.token not in {before, token}
    assert await role(house, team_id) == "member"


async def test_a_link_that_was_passed_on_opens_nothing(house: House) -> None:
    team_id, path = await invitation(house, await house.owner())
    thief = await a_stranger(house, "thief@example.com")
    await thief.see(path)
    assert "another address" in thief.text()
    assert (await thief.send(path)).status_code == 403
    assert await role(house, team_id, "thief@example.com") is None


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {}])
async def test_no_other_site_makes_a_person_join_f5(house: House, headers: dict[str, str]) -> None:
    _, path = await invitation(house, await house.owner())
    answer = await house.visitor().client.post(path, data={"password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert await house.services.db.read(find_user, GUEST) is None


async def test_the_invitations_token_is_not_kept_with_a_sign_in_link(house: House) -> None:
    owner = await house.owner()
    _, path = await invitation(house, owner, "x@example.com")
    await house.visitor().send("/sign-in/link", email=OWNER, next=path)
    visitor = house.visitor()
    assert (await visitor.send(await house.link())).headers["location"] == "/console"
    assert visitor.client.cookies.get(COOKIE)
