"""Signing up (contract G36)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from billfold.domain.tenancy.members import teams_of_user
from billfold.domain.tenancy.users import find_user
from tests.people.conftest import OWNER, PASSWORD, House

FORM = {"team": "Northlight", "email": OWNER, "password": PASSWORD}


async def test_the_first_person_makes_the_first_team_and_is_signed_in(house: House) -> None:
    visitor = house.visitor()
    assert (await visitor.see("/sign-up")).status_code == 200
    answer = await visitor.send("/sign-up", **FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert await visitor.is_in()
    user = await house.services.db.read(find_user, OWNER)
    assert user is not None
    assert [(team.name, team.role) for team in await house.services.db.read(teams_of_user, user.id)] == [
        ("Northlight", "owner")
    ]


async def test_the_console_then_leads_to_the_first_project(house: House) -> None:
    owner = await house.owner()
    path = "/console"
    answer = await owner.see(path)
    while answer.status_code == 303:
        assert answer.headers["location"] != path
        path = answer.headers["location"]
        answer = await owner.see(path)
    assert answer.status_code == 200
    assert path.endswith("/projects/new")


async def test_after_that_it_is_by_invitation(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    assert (await visitor.see("/sign-up")).status_code == 403
    assert "by invitation" in visitor.text()
    assert (await visitor.send("/sign-up", **FORM | {"email": "b@example.com"})).status_code == 403
    assert await house.services.db.read(find_user, "b@example.com") is None
    assert await house.mails() == []


async def test_of_many_who_are_first_at_once_one_is_let_in(house: House) -> None:
    answers = await asyncio.gather(
        *(house.visitor(f"198.51.{n}.1").send("/sign-up", **FORM | {"email": f"p{n}@example.com"}) for n in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 403, 403, 403, 403]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "ines", "owner@example.com"),
        ("email", "a,b@example.com", "owner@example.com"),
        ("password", "short", "at least 10 characters"),
        ("password", "x" * 1025, "at most 1024"),
        ("team", " ", "name"),
        ("team", "x" * 201, "name"),
    ],
)
async def test_what_is_wrong_is_said_and_the_rest_stays(house: House, field: str, value: str, said: str) -> None:
    visitor = house.visitor()
    assert (await visitor.send("/sign-up", **FORM | {field: value})).status_code == 400
    assert said in visitor.text()
    for kept in {"team", "email"} - {field}:
        assert f'value="{FORM[kept]}"' in visitor.page
    assert PASSWORD not in visitor.page
    assert (await visitor.send("/sign-up", **FORM)).status_code == 303


async def test_where_it_is_open_the_address_is_proved_first(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(sign_up="open")
    await house.owner()
    visitor = house.visitor()
    assert (await visitor.see("/sign-up")).status_code == 200
    assert (await visitor.send("/sign-up", email="b@example.com")).headers["location"] == "/sign-up/sent"
    link = await house.link()
    await visitor.see(link)
    assert "b@example.com" in visitor.text()
    assert (await visitor.send(link, team="", password=PASSWORD)).status_code == 400
    # The address is the link's, whatever the form says.
    answer = await visitor.send(link, team="Second", password=PASSWORD, email=OWNER)
    assert answer.status_code == 303
    assert await visitor.is_in()
    assert await house.services.db.read(find_user, "b@example.com") is not None
    assert (await house.visitor().send(link, team="Third", password=PASSWORD)).status_code == 404


async def test_who_has_an_account_gets_a_link_to_sign_in_instead_and_the_page_does_not_tell(
    open_house: Callable[..., Any],
) -> None:
    house: House = await open_house(sign_up="open")
    await house.owner()
    known = await house.visitor().send("/sign-up", email=OWNER)
    assert (await house.link()).startswith("/sign-in/link/")
    unknown = await house.visitor().send("/sign-up", email="b@example.com")
    assert (await house.link()).startswith("/sign-up/")
    assert (known.status_code, known.headers, known.content) == (unknown.status_code, unknown.headers, unknown.content)
