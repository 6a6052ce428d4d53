"""Nothing is changed without a line in the audit log, and nothing is read with one: every door is tried with a right request.

The ids of another team's keys, members, invitations and projects lead nowhere (SCENARIOS F1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from billfold.domain.tenancy.audit_log import AuditRow, audit_rows
from billfold.domain.tenancy.members import Role
from tests.organisation.conftest import Browser, Organisation, organisation
from tests.permissions import DOORS, Door
from tests.security.database_dump import changed_tables, every_row
from tests.security.neighbours import Neighbours
from tests.security.test_tenants import BILLING, knock

__all__ = ["organisation"]  # a fixture of the organisation's own tests

# Right requests of the team's own doors, in an order in which one team can answer all of them: what ends something comes last.
TEAM: Final[dict[str, Callable[[Mapping[str, str]], Any] | None]] = {
    "GET /teams": None,
    "POST /teams": lambda _: {"name": "Heron"},
    "GET /teams/{teamId}": None,
    "PATCH /teams/{teamId}": lambda _: {"name": "Otter"},
    "GET /teams/{teamId}/projects": None,
    "POST /teams/{teamId}/projects": lambda _: {"name": "Journal"},
    "GET /teams/{teamId}/projects/{projectId}": None,
    "PATCH /teams/{teamId}/projects/{projectId}": lambda _: {"name": "Magazine"},
    "GET /teams/{teamId}/members": None,
    "PATCH /teams/{teamId}/members/{userId}": lambda _: {"role": "member"},
    "DELETE /teams/{teamId}/members/{userId}": None,
    "GET /teams/{teamId}/invitations": None,
    "POST /teams/{teamId}/invitations": lambda _: {"email": "new@example.com", "role": "viewer"},
    "POST /teams/{teamId}/invitations/{invitationId}/resend": None,
    "DELETE /teams/{teamId}/invitations/{invitationId}": None,
    "GET /teams/{teamId}/api-keys": None,
    "POST /teams/{teamId}/api-keys": lambda ids: {"name": "server", "projectId": ids["projectId"]},
    "DELETE /teams/{teamId}/api-keys/{keyId}": None,
    "GET /teams/{teamId}/audit-log": None,
    "DELETE /teams/{teamId}/projects/{projectId}": None,
    "DELETE /teams/{teamId}": None,
}
# Tried with valid requests by tests of their own: joining (tests/organisation) and the connection (tests/stripe_import).
ELSEWHERE: Final = {"POST /invitations/accept"}


async def log_of(app: Any, team_id: str) -> list[AuditRow]:
    rows: list[AuditRow] = await app.services.db.read(audit_rows, team_id, limit=1000)
    return rows


async def test_each_change_by_a_key_is_written_down_and_no_look_is(neighbours: Neighbours) -> None:
    own = neighbours.own
    for door in BILLING:
        before = await log_of(neighbours.app, own.team.team_id)
        answer = await knock(neighbours, door, own.path, own.ids, own.team.api_key)
        assert answer.is_success, (door, answer.text)
        rows = await log_of(neighbours.app, own.team.team_id)
        new = rows[: len(rows) - len(before)]
        # A preview is only sent as a POST because it has a body.
        is_look = door.startswith("GET ") or door.endswith("/preview")
        assert (len(new) == 0) == is_look, (door, new)
        for row in new:
            assert (row.actor_kind, row.actor_name, row.project_id) == ("key", "init", own.project_id), door
            assert row.address == "127.0.0.1"


async def everything_of(organisation: Organisation, team_id: str, owner: Browser, word: str) -> dict[str, str]:
    """Make one of each thing that hangs on a team and return their ids as paths name them."""
    path = f"/teams/{team_id}"
    project = await owner.call("POST", f"{path}/projects", json={"name": word})
    key = await owner.call("POST", f"{path}/api-keys", json={"name": word})
    invited = await owner.call("POST", f"{path}/invitations", json={"email": f"i-{word}@example.com", "role": "viewer"})
    member = await organisation.sign_in(f"m-{word}@example.com", Role.VIEWER, team_id=team_id)
    return {
        "projectId": project.json()["project"]["id"],
        "keyId": key.json()["key"]["id"],
        "invitationId": invited.json()["invitation"]["id"],
        "userId": member.user_id,
    }


def door_of(name: str) -> Door:
    [door] = [door for door in DOORS if door.name == name]
    return door


async def ask(name: str, owner: Browser, team_id: str, ids: Mapping[str, str]) -> Any:
    body = TEAM[name]
    options = {} if body is None else {"json": body(ids)}
    others = {key: value for key, value in ids.items() if key != "projectId"}
    return await owner.call(door_of(name).method, door_of(name).at(team_id, ids["projectId"], **others), **options)


def test_every_door_of_the_team_has_an_entry() -> None:
    of_team = {door.name for door in DOORS if not door.is_of_project and "/stripe/" not in door.path}
    assert of_team == TEAM.keys() | ELSEWHERE


async def test_each_change_by_a_member_is_written_down_and_no_look_is(organisation: Organisation) -> None:
    owner = await organisation.owner()
    team_id = organisation.team.team_id
    ids = await everything_of(organisation, team_id, owner, "own")
    for name in TEAM:
        before = len(await log_of(organisation.app, team_id))
        answer = await ask(name, owner, team_id, ids)
        assert answer.is_success, (name, answer.text)
        logged_in = answer.json()["team"]["id"] if name == "POST /teams" else team_id
        rows = await log_of(organisation.app, logged_in)
        new = rows[: len(rows) - (before if logged_in == team_id else 0)]
        assert (len(new) == 0) == name.startswith("GET "), (name, new)
        for row in new:
            assert (row.actor_kind, row.actor_id, row.actor_name) == ("member", owner.user_id, "owner@example.com")


@pytest.mark.parametrize(
    "name", [name for name in TEAM if name.count("{") > 1 or name == "POST /teams/{teamId}/api-keys"]
)
async def test_what_hangs_on_another_team_is_404_and_stays_f1(organisation: Organisation, name: str) -> None:
    owner = await organisation.owner()
    team_id = organisation.team.team_id
    foreign = await organisation.app.install(team="Zebra", email="zebra@example.com")
    zebra = await organisation.sign_in("zebra@example.com", None)
    ids = await everything_of(organisation, team_id, owner, "own")
    theirs = await everything_of(organisation, foreign.team_id, zebra, "zebra")
    before = await every_row(organisation.app.services.db)
    for which in ids:
        if f"{{{which}}}" not in name and (which, name) != ("projectId", "POST /teams/{teamId}/api-keys"):
            continue
        for other in (theirs[which], which.replace("Id", "_none"), "%00"):
            answer = await ask(name, owner, team_id, {**ids, which: other})
            assert (answer.status_code, list(answer.json())) == (404, ["error"]), (name, other, answer.text)
        # And in their own place the caller is nobody.
        assert (await ask(name, owner, foreign.team_id, theirs)).status_code == 403
    assert changed_tables(before, await every_row(organisation.app.services.db)) == {}
