"""Somebody who is in no team: whom he is told to ask, and where he may make a team of his own (contract G36)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from billfold.domain.tenancy.members import Role, add_member, teams_of_user
from billfold.domain.tenancy.users import create_user, find_user
from tests.people.conftest import OWNER, PASSWORD, PUBLIC, House, Visitor

LONER: Final = "loner@example.com"
_JSON: Final = {"Origin": PUBLIC}


async def loner(house: House) -> Visitor:
    """Somebody who was taken out of his only team, signed in."""
    hashed = await house.services.passwords.hash(PASSWORD)
    await house.services.db.write(create_user, email=LONER, password_hash=hashed, now=house.clock.now())
    visitor = house.visitor()
    await visitor.sign_in(LONER)
    return visitor


async def test_where_one_comes_by_invitation_he_is_told_whom_to_ask(house: House) -> None:
    await house.owner()
    visitor = await loner(house)
    assert (await visitor.see("/console")).headers["location"] == "/account/team"
    assert (await visitor.see("/account/team")).status_code == 403
    assert f"invite {LONER}" in visitor.text()
    await visitor.see("/account")
    refused = await visitor.send("/account/team", team="Mine")
    assert refused.status_code == 403
    made = await visitor.client.post("/api/billstack/teams", json={"name": "Mine"}, headers=_JSON)
    assert made.status_code == 403
    assert "ask an admin or owner" in made.json()["error"]
    assert (await visitor.client.get("/api/billstack/teams")).json() == {"teams": []}


async def test_where_sign_up_is_open_he_makes_one(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(sign_up="open")
    await house.owner()
    visitor = await loner(house)
    assert (await visitor.see("/account/team")).status_code == 200
    assert (await visitor.send("/account/team", team="two\nlines")).status_code == 400
    assert "two lines" in visitor.page.replace("\n", " ")
    answer = await visitor.send("/account/team", team="Mine")
    assert answer.headers["location"].endswith("/projects/new")
    assert (await visitor.see(answer.headers["location"])).status_code == 200


async def test_who_deleted_the_last_team_of_all_makes_the_next_one(house: House) -> None:
    owner = await house.owner()
    team = (await owner.client.get("/api/billstack/teams")).json()["teams"][0]["id"]
    assert (await owner.client.delete(f"/api/billstack/teams/{team}", headers=_JSON)).status_code == 200
    assert (await owner.see("/console")).headers["location"] == "/account/team"
    assert (await owner.see("/account/team")).status_code == 200
    assert "You are in no team" in owner.text()
    answer = await owner.send("/account/team", team="Again")
    assert answer.headers["location"].endswith("/projects/new")


async def test_who_is_in_a_team_makes_more_whatever_his_role(house: House) -> None:
    owner = await house.owner()
    team = (await owner.client.get("/api/billstack/teams")).json()["teams"][0]["id"]
    viewer = await loner(house)

    found = await house.services.db.read(find_user, LONER)
    assert found is not None
    user = found.id
    await house.services.db.write(add_member, team_id=team, user_id=user, role=Role.VIEWER, now=house.clock.now())
    made = await viewer.client.post("/api/billstack/teams", json={"name": "Mine"}, headers=_JSON)
    assert made.status_code == 201
    assert [each.name for each in await house.services.db.read(teams_of_user, user)] == ["Northlight", "Mine"]
    await viewer.see("/account/team")
    assert "Back to the console" in viewer.text()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_who_is_not_signed_in_goes_to_the_sign_in_page(house: House, method: str) -> None:
    await house.owner()
    answer = await house.visitor().client.request(method, "/account/team", headers=_JSON)
    assert answer.status_code in {303, 403}
    assert OWNER not in answer.text
