"""Who may call what, and nobody sees anything of another team: `tests/affiliate_permissions.py`, SCENARIOS F1, F2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from billfold.domain.tenancy.api_keys import create_api_key
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.projects import create_project
from tests.affiliate.conftest import Affiliates
from tests.affiliate_permissions import AFFILIATE_DOORS, WHO, AffiliateDoor
from tests.organisation.conftest import ORIGIN, Organisation
from tests.permissions import REACHES, ROLE_OF_SCOPE
from tests.security.database_dump import changed_tables, every_row

EMAIL: Final = "partner@example.com"
_NOT_JSON: Final[dict[str, Any]] = {"content": b"{", "headers": {"Content-Type": "application/json"}}
# A whole click of a code that nobody has: this door is hot and reads the body first, then judges the key, then the code.
_NO_CLICK: Final[dict[str, Any]] = {"json": {"code": "NOBODY", "url": "https://www.example.com/"}}
# Fields of every body of this surface, so that a call gets as far as its rules let it.
_ANY_BODY: Final = {
    "action": "approve",
    "status": "suspended",
    "reference": "bank 1",
    "reason": "mistake",
    "internalNote": "seen",
    "code": "STOLEN",
    "url": "https://www.example.com/",
}


def without_effect(door: AffiliateDoor) -> dict[str, Any]:
    """Return what whoever gets past a door is refused for."""
    return _NO_CLICK if door.name == "POST /affiliate/track" else _NOT_JSON


@dataclass
class TwoTeams:
    """Ours, with a partner, an application and every credential; and theirs, with the same credentials."""

    ours: Affiliates
    theirs: Affiliates
    ids: dict[str, str]
    ours_by: dict[str, str]
    theirs_by: dict[str, str]

    async def knock(self, door: AffiliateDoor, path: str, token: str, **options: Any) -> httpx.Response:
        """Send one request with a bearer."""
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return await self.ours.send(door.method, path, headers=headers, **options)


@pytest.fixture
async def two_teams(affiliates: Affiliates) -> TwoTeams:
    """Two teams whose programs run."""
    installed = await affiliates.app.install()
    theirs = Affiliates(affiliates.app, installed)
    theirs.member_token = await theirs.member("other@example.com")
    await theirs.switch_on()
    tokens = []
    for team in (affiliates, theirs):
        made = await team.enrol(EMAIL)
        await team.configure_sign_in()
        session = await team.sign_in(EMAIL)
        tokens.append({"key": team.team.api_key, "customer": session, "member": team.member_token})
        if team is affiliates:
            partner = made
    pending = await affiliates.apply("pending@example.com")
    ids = {"applicationId": pending, "affiliateId": partner["id"], "customerId": partner["customerId"]}
    return TwoTeams(affiliates, theirs, ids, tokens[0], tokens[1])


def test_every_route_asks_for_what_its_row_says_f2() -> None:
    assert {door.name: door.asks for door in AFFILIATE_DOORS} == WHO


async def test_each_credential_opens_its_own_kind_of_door_f2(two_teams: TwoTeams) -> None:
    for door in AFFILIATE_DOORS:
        if door.kind == "everybody":
            continue
        path = door.at(two_teams.ours.team.project_id)
        for kind, token in two_teams.ours_by.items():
            answer = await two_teams.knock(door, path, token, **without_effect(door))
            assert (answer.status_code == 401) == (kind != door.kind), (door.name, kind, answer.text)
            assert "statusCode" in answer.text or answer.is_success, door.name
            if door.name == "DELETE /apps/{appId}/auth/session" and kind == "customer":
                two_teams.ours_by["customer"] = await two_teams.ours.sign_in(EMAIL)
        bare = await two_teams.ours.send(door.method, path, **without_effect(door))
        assert bare.status_code == 401, door.name


async def test_nothing_of_another_team_is_told_or_changed_f1(two_teams: TwoTeams) -> None:
    before = await every_row(two_teams.ours.app.services.db)
    our_app, their_app = two_teams.ours.team.project_id, two_teams.theirs.team.project_id
    secrets = [*two_teams.ids.values(), "pending@example.com"]
    for door in AFFILIATE_DOORS:
        if door.kind == "everybody" or door.name == "DELETE /apps/{appId}/auth/session":
            continue
        token = two_teams.theirs_by[door.kind]
        body = {} if door.method == "GET" else {"json": _ANY_BODY}
        if "{appId}" in door.path:
            # Our address with their credential: there is no such app, whatever stands behind it.
            answer = await two_teams.knock(door, door.at(our_app, **two_teams.ids), token, **body)
            assert answer.status_code in {401, 404}, (door.name, answer.text)
            unknown = await two_teams.knock(door, door.at("proj_none"), token, **body)
            assert (unknown.status_code, unknown.json()) == (answer.status_code, answer.json()), door.name
        if not any(f"{{{name}}}" in door.path for name in two_teams.ids):
            continue
        # Their own app with our ids: as if they did not exist.
        answer = await two_teams.knock(door, door.at(their_app, **two_teams.ids), token, **body)
        nobody = await two_teams.knock(door, door.at(their_app), token, **body)
        assert (answer.status_code, answer.json()) == (nobody.status_code, nobody.json()), door.name
        assert not any(secret in answer.text for secret in secrets), (door.name, answer.text)
    assert changed_tables(before, await every_row(two_teams.ours.app.services.db)) == {}


async def test_roles_reach_as_far_as_their_scopes_a17(two_teams: TwoTeams) -> None:
    app_id = two_teams.ours.team.project_id
    tokens = {"owner": two_teams.ours.member_token}
    for role in (Role.VIEWER, Role.MEMBER, Role.ADMIN):
        tokens[role.value] = await two_teams.ours.member(f"{role.value}@example.com", role)
    for door in AFFILIATE_DOORS:
        if door.kind != "member":
            continue
        reaching = REACHES[ROLE_OF_SCOPE[door.asks.partition(" ")[2]]]
        for who, token in tokens.items():
            answer = await two_teams.knock(door, door.at(app_id), token, **without_effect(door))
            assert (answer.status_code == 403) == (who not in reaching), (door.name, who, answer.text)


async def test_a_key_needs_the_scope_and_the_app_f2(two_teams: TwoTeams) -> None:
    services, team = two_teams.ours.app.services, two_teams.ours.team
    now = services.clock.now()

    async def make(*scopes: str) -> str:
        _, raw = await services.db.write(
            create_api_key,
            team_id=team.team_id,
            project_id=team.project_id,
            name="k",
            scopes=scopes,
            expires_at=None,
            now=now,
        )
        return raw

    for door in AFFILIATE_DOORS:
        if door.kind != "key":
            continue
        scope = door.asks.partition(" ")[2]
        path = door.at(team.project_id)
        right, wrong = await make(scope), await make("analytics:read")
        refused = await two_teams.knock(door, path, wrong, **without_effect(door))
        assert refused.status_code == 403, door.name
        passed = await two_teams.knock(door, path, right, **without_effect(door))
        assert passed.status_code in {200, 400, 404}, (door.name, passed.text)


async def test_a_key_for_all_projects_names_the_app(two_teams: TwoTeams) -> None:
    ours = two_teams.ours
    owner = {"Cookie": "", "Authorization": f"Bearer {ours.team.api_key}"}
    path = "/v1/affiliate/by-customer/none"
    assert (await ours.send("GET", path, headers=owner)).status_code == 200
    second = await ours.app.services.db.write(
        create_project, team_id=ours.team.team_id, name="Second", now=ours.app.clock.now()
    )
    ours.app.services.known_keys.forget()
    unnamed = await ours.send("GET", path, headers=owner)
    assert unnamed.status_code == 403
    assert "x-app-id" in unnamed.json()["message"]
    for app_id, status in ((second.id, 200), (ours.team.project_id, 200), (two_teams.theirs.team.project_id, 403)):
        answer = await ours.send("GET", path, headers={**owner, "x-app-id": app_id})
        assert answer.status_code == status, app_id


async def test_the_console_s_session_works_with_the_origin_of_our_pages_f5(two_teams: TwoTeams) -> None:
    browser = await Organisation(two_teams.ours.app).owner()
    path = f"{two_teams.ours.apps}/affiliates/settings"
    assert (await browser.client.get(path)).status_code == 200
    change: dict[str, Any] = {"json": {"introduction": "Hello"}}
    assert (await browser.client.patch(path, **change)).status_code == 403
    foreign = await browser.client.patch(path, headers={"Origin": "https://evil.example.com"}, **change)
    assert foreign.status_code == 403
    assert (await browser.client.patch(path, headers=ORIGIN, **change)).status_code == 200
    await browser.client.aclose()
