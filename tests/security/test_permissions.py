"""Role by endpoint and key by endpoint: every cell is tried (contract G1 to G7, SCENARIOS F2, F5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.sessions import create_session
from billfold.domain.tenancy.users import find_user
from billfold.entrypoints.web.session_cookie import cookie_name
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import RunningBillfold
from tests.organisation.conftest import ORIGIN, Browser, Organisation, organisation
from tests.permissions import DOORS, REACHES, ROLE_OF, ROLES, SCOPE_OF, Door
from tests.security.database_dump import changed_tables, every_row
from tests.security.neighbours import make_key

__all__ = ["organisation"]  # a fixture of the organisation's own tests

# A body that is no JSON: whoever gets past the door hears 400, or reads; nothing is changed by it.
NOT_JSON: Final[dict[str, Any]] = {"content": b"{", "headers": {"Content-Type": "application/json"}}
# Doors that do what they are for without a body; tried last, and only by those who may not.
_ENDS_SOMETHING: Final = {"DELETE /teams/{teamId}", "DELETE /teams/{teamId}/stripe/connect"}
_FOREIGN: Final = "https://evil.example.com"


@dataclass
class Crowd:
    """One browser for each role, and for somebody who is in another team."""

    organisation: Organisation
    browsers: dict[str, Browser]

    @property
    def app(self) -> RunningBillfold:
        """The server."""
        return self.organisation.app

    def at(self, door: Door) -> str:
        """Return the door's address in the team, after `/api/billstack`; team and project are real."""
        # The project itself is not to be renamed or deleted on the way.
        is_project = door.path.endswith("/projects/{projectId}") and door.method != "GET"
        project_id = "proj_none" if is_project else self.organisation.team.project_id
        return door.at(self.organisation.team.team_id, project_id)

    async def knock(self, door: Door, who: str, **options: Any) -> httpx.Response:
        """Send one request of somebody's browser."""
        given = {**({} if door.method == "GET" else NOT_JSON), **options}
        return await self.browsers[who].call(door.method, self.at(door), **given)


@pytest.fixture
async def crowd(organisation: Organisation) -> Crowd:
    """The owner that `billfold init` made is joined by one of each other role."""
    browsers = {"owner": await organisation.owner()}
    for role in (Role.VIEWER, Role.MEMBER, Role.ADMIN):
        browsers[role.value] = await organisation.sign_in(f"{role.value}@example.com", role)
    await organisation.app.install(team="Zebra", email="zebra@example.com")
    browsers["stranger"] = await organisation.sign_in("zebra@example.com", None)
    return Crowd(organisation, browsers)


def test_every_route_asks_for_what_its_row_says_f2() -> None:
    assert {door.name: door.asks for door in DOORS} == {**SCOPE_OF, **ROLE_OF}


async def test_each_role_opens_its_doors_and_no_other_g7_f2(crowd: Crowd) -> None:
    before = await every_row(crowd.app.services.db)
    tried = 0
    for door in DOORS:
        for who in ("stranger", *ROLES):
            may = who in REACHES[door.role]
            if may and door.name in _ENDS_SOMETHING:
                continue
            answer = await crowd.knock(door, who)
            tried += 1
            assert (answer.status_code == 403) == (not may), (door.name, who, answer.status_code, answer.text)
            assert answer.status_code not in {401, 405, 500}, (door.name, who, answer.text)
            assert answer.is_success or list(answer.json()) == ["error"]
    assert tried >= 5 * len(DOORS) - 5
    assert changed_tables(before, await every_row(crowd.app.services.db)) == {}


async def test_what_ends_something_is_done_for_those_who_may(crowd: Crowd) -> None:
    for name in ("DELETE /teams/{teamId}/stripe/connect", "DELETE /teams/{teamId}"):
        [door] = [door for door in DOORS if door.name == name]
        assert (await crowd.knock(door, "owner")).status_code == 200, name
    assert (await crowd.browsers["owner"].call("GET", crowd.organisation.team_path)).status_code == 403


async def test_a_stranger_hears_403_whether_a_team_exists_or_not_g1(crowd: Crowd) -> None:
    for door in DOORS:
        if "{teamId}" not in door.path:
            continue
        answers = [
            await crowd.browsers["stranger"].call(door.method, door.at(team_id, "proj_none"), **NOT_JSON)
            for team_id in (crowd.organisation.team.team_id, "team_none", "%00", "%ED%A0%80")
        ]
        assert {answer.status_code for answer in answers} == {403}, door.name
        assert len({answer.text for answer in answers}) == 1


async def test_a_member_hears_404_for_a_project_that_the_team_does_not_have_g2(crowd: Crowd) -> None:
    for door in DOORS:
        if not door.is_of_project:
            continue
        for project_id in ("proj_none", "%00", "%ED%A0%80"):
            path = door.at(crowd.organisation.team.team_id, project_id)
            answer = await crowd.browsers["owner"].call(door.method, path, **NOT_JSON)
            assert (answer.status_code, list(answer.json())) == (404, ["error"]), (door.name, answer.text)


async def test_without_a_session_every_door_is_401(crowd: Crowd) -> None:
    services = crowd.app.services
    name = cookie_name(services.settings)
    now = services.clock.now()

    async def half_way(tx: Writing) -> str:
        user = await find_user(tx, "owner@example.com")
        assert user is not None
        return await create_session(
            tx, user_id=user.id, address="192.0.2.1", user_agent="test", now=now, second_factor_passed=False
        )

    # Nobody, a made-up token, one whose second factor is missing, and one of a session that has ended.
    ended = crowd.browsers["owner"].client.cookies[name]
    await crowd.browsers["owner"].client.get("/")
    tokens = [None, "0" * 64, "\u00e9", await services.db.write(half_way)]
    for door in DOORS:
        for token in tokens:
            # As bytes: a token need not be ASCII.
            headers = [(key.encode(), value.encode()) for key, value in ORIGIN.items()]
            headers += [] if token is None else [(b"cookie", f"{name}={token}".encode())]
            answer = await crowd.app.anonymous.request(
                door.method, f"/api/billstack{crowd.at(door)}", headers=headers, content=b"{"
            )
            assert (answer.status_code, list(answer.json())) == (401, ["error"]), (door.name, token, answer.text)
    crowd.app.clock.advance(timedelta(days=31))
    for door in DOORS:
        answer = await crowd.app.anonymous.request(
            door.method, f"/api/billstack{crowd.at(door)}", headers={**ORIGIN, "Cookie": f"{name}={ended}"}
        )
        assert answer.status_code == 401, door.name


async def test_no_key_opens_a_door_of_the_team_g3_f2(crowd: Crowd) -> None:
    team_id = crowd.organisation.team.team_id
    project_id = crowd.organisation.team.project_id
    foreign = await crowd.app.install(team="Heron", email="heron@example.com")
    keys = [
        crowd.organisation.team.api_key,
        await make_key(crowd.app, team_id, project_id=project_id),
        await make_key(crowd.app, team_id, scopes=["customers:read"]),
        foreign.api_key,
        "bs_" + "0" * 48,
        "",
    ]
    for door in DOORS:
        if door.is_of_project:
            continue
        for key in keys:
            headers = {"Authorization": f"Bearer {key}"}
            path = f"/api/billstack{crowd.at(door)}"
            for client in (crowd.app.anonymous, crowd.browsers["owner"].client):
                # The owner's cookie beside it does not help: if a key is sent, only the key is judged.
                answer = await client.request(door.method, path, headers={**headers, **ORIGIN}, content=b"{")
                assert (answer.status_code, list(answer.json())) == (401, ["error"]), (door.name, answer.text)


async def test_if_a_key_is_sent_the_cookie_beside_it_is_not_looked_at_g3(crowd: Crowd) -> None:
    owner = crowd.browsers["owner"]
    foreign = await crowd.app.install(team="Heron", email="heron@example.com")
    scoped = await make_key(crowd.app, crowd.organisation.team.team_id, scopes=["analytics:read"])
    for door in DOORS:
        if not door.is_of_project:
            continue
        path = f"/api/billstack{crowd.at(door)}"
        for authorization, status in (
            ("Bearer bs_" + "0" * 48, 401),
            ("Basic abc", 401),
            ("", 401),
            (f"Bearer {foreign.api_key}", 403),
        ):
            headers = {"Authorization": authorization, **ORIGIN}
            answer = await owner.client.request(door.method, path, headers=headers, content=b"{")
            assert answer.status_code == status, (door.name, authorization)
        headers = {"Authorization": f"Bearer {scoped}", **ORIGIN}
        answer = await owner.client.request(door.method, path, headers=headers, content=b"{")
        assert (answer.status_code == 403) == (SCOPE_OF[door.name] != "analytics:read"), door.name


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": _FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "http://127.0.0.1:8000.evil.example.com"},
        {"Origin": _FOREIGN, "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": "http://127.0.0.1:8000/"},
    ],
    ids=str,
)
async def test_no_other_site_writes_with_somebodys_cookie_f5(crowd: Crowd, headers: dict[str, str]) -> None:
    owner = crowd.browsers["owner"].client
    before = await every_row(crowd.app.services.db)
    for door in DOORS:
        if door.method == "GET":
            continue
        path = f"/api/billstack{crowd.at(door)}"
        for content_type in (
            "application/json",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        ):
            answer = await owner.request(
                door.method, path, headers={**headers, "Content-Type": content_type}, content=b'{"name": "x"}'
            )
            assert (answer.status_code, list(answer.json())) == (403, ["error"]), (door.name, answer.text)
    assert changed_tables(before, await every_row(crowd.app.services.db)) == {}


async def test_a_program_with_a_key_needs_no_origin_f5(crowd: Crowd) -> None:
    path = f"{crowd.app.path}/products"
    for headers in ({}, {"Origin": _FOREIGN}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}):
        answer = await crowd.app.client.post(path, json={"name": "x"}, headers=headers)
        assert answer.status_code == 201


async def test_no_reading_door_changes_anything_f5(crowd: Crowd) -> None:
    await crowd.app.services.key_use.finish()
    before = await every_row(crowd.app.services.db)
    for door in DOORS:
        if door.method == "GET":
            for who in ("owner", "viewer"):
                await crowd.knock(door, who, headers={"Origin": _FOREIGN})
    assert changed_tables(before, await every_row(crowd.app.services.db)) == {}
