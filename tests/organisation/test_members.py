"""Members, roles and the last owner, through the API (contract G7, SCENARIOS F4)."""

from __future__ import annotations

import asyncio

import pytest

from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.session_cookie import cookie_name
from tests.organisation.conftest import OWNER, Organisation


async def test_members_are_listed_with_their_addresses_and_roles(organisation: Organisation) -> None:
    viewer = await organisation.sign_in("viewer@example.com", Role.VIEWER)
    answer = await viewer.call("GET", f"{organisation.team_path}/members")
    assert [(each["email"], each["role"]) for each in answer.json()["members"]] == [
        (OWNER, "owner"),
        ("viewer@example.com", "viewer"),
    ]


@pytest.mark.parametrize(
    ("acting", "over", "to", "status"),
    [
        (Role.OWNER, Role.VIEWER, "admin", 200),
        (Role.OWNER, Role.ADMIN, "owner", 200),
        (Role.OWNER, Role.OWNER, "viewer", 200),
        (Role.ADMIN, Role.VIEWER, "member", 200),
        (Role.ADMIN, Role.MEMBER, "viewer", 200),
        (Role.ADMIN, Role.MEMBER, "admin", 403),
        (Role.ADMIN, Role.VIEWER, "owner", 403),
        (Role.ADMIN, Role.ADMIN, "viewer", 403),
        (Role.ADMIN, Role.OWNER, "viewer", 403),
        (Role.MEMBER, Role.VIEWER, "member", 403),
        (Role.VIEWER, Role.VIEWER, "member", 403),
        (Role.OWNER, Role.VIEWER, "emperor", 400),
    ],
)
async def test_admins_decide_about_viewers_and_members_and_owners_about_everybody_g7(
    organisation: Organisation, acting: Role, over: Role, to: str, status: int
) -> None:
    actor = await organisation.sign_in("actor@example.com", acting)
    other = await organisation.sign_in("other@example.com", over)
    path = f"{organisation.team_path}/members/{other.user_id}"
    answer = await actor.call("PATCH", path, json={"role": to})
    assert answer.status_code == status, answer.text
    after = {
        each["userId"]: each["role"]
        for each in (await (await organisation.owner()).call("GET", f"{organisation.team_path}/members")).json()[
            "members"
        ]
    }
    assert after[other.user_id] == (to if status == 200 else over.value)


async def test_a_new_role_ends_the_persons_sessions_and_renews_ones_own_f4(organisation: Organisation) -> None:
    owner = await organisation.owner()
    other = await organisation.sign_in("other@example.com", Role.VIEWER)
    second = await organisation.sign_in("second@example.com", Role.OWNER)
    await owner.call("PATCH", f"{organisation.team_path}/members/{other.user_id}", json={"role": "member"})
    assert (await other.call("GET", "/teams")).status_code == 401
    name = cookie_name(organisation.app.services.settings)
    before = second.client.cookies[name]
    answer = await second.call("PATCH", f"{organisation.team_path}/members/{second.user_id}", json={"role": "viewer"})
    assert answer.status_code == 200
    after = answer.cookies[name]
    assert after != before
    second.client.cookies.clear()
    for token, status in ((before, 401), (after, 200)):
        assert (await second.call("GET", "/teams", headers={"Cookie": f"{name}={token}"})).status_code == status


async def test_the_same_role_again_signs_nobody_out_and_is_not_written_down(organisation: Organisation) -> None:
    owner = await organisation.owner()
    other = await organisation.sign_in("other@example.com", Role.VIEWER)
    path = f"{organisation.team_path}/members/{other.user_id}"
    assert (await owner.call("PATCH", path, json={"role": "viewer"})).status_code == 200
    assert (await other.call("GET", "/teams")).status_code == 200
    assert (await owner.call("GET", f"{organisation.team_path}/audit-log")).json() == {"entries": []}


async def test_the_last_owner_can_neither_leave_nor_become_less(organisation: Organisation) -> None:
    owner = await organisation.owner()
    path = f"{organisation.team_path}/members/{owner.user_id}"
    assert (await owner.call("DELETE", path)).status_code == 409
    assert (await owner.call("PATCH", path, json={"role": "admin"})).status_code == 409
    assert (await owner.call("PATCH", path, json={"role": "owner"})).status_code == 200


async def test_of_two_owners_who_leave_at_once_one_stays(organisation: Organisation) -> None:
    first = await organisation.owner()
    second = await organisation.sign_in("second@example.com", Role.OWNER)
    answers = await asyncio.gather(
        *(each.call("DELETE", f"{organisation.team_path}/members/{each.user_id}") for each in (first, second))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_of_two_owners_who_demote_each_other_one_stays(organisation: Organisation) -> None:
    first = await organisation.owner()
    second = await organisation.sign_in("second@example.com", Role.OWNER)
    answers = await asyncio.gather(
        first.call("PATCH", f"{organisation.team_path}/members/{second.user_id}", json={"role": "viewer"}),
        second.call("PATCH", f"{organisation.team_path}/members/{first.user_id}", json={"role": "viewer"}),
    )
    # The one who lost was refused for his new role, or was signed out before he was heard.
    [done, refused] = sorted(answer.status_code for answer in answers)
    assert done == 200
    assert refused in {401, 403}


@pytest.mark.parametrize(
    ("acting", "over", "status"),
    [
        (Role.OWNER, Role.OWNER, 200),
        (Role.ADMIN, Role.MEMBER, 200),
        (Role.ADMIN, Role.ADMIN, 403),
        (Role.MEMBER, Role.VIEWER, 403),
    ],
)
async def test_who_may_remove_whom(organisation: Organisation, acting: Role, over: Role, status: int) -> None:
    actor = await organisation.sign_in("actor@example.com", acting)
    other = await organisation.sign_in("other@example.com", over)
    answer = await actor.call("DELETE", f"{organisation.team_path}/members/{other.user_id}")
    assert answer.status_code == status
    left = await other.call("GET", organisation.team_path)
    assert left.status_code == (401 if status == 200 else 200)


async def test_a_viewer_may_leave_and_is_out_at_once(organisation: Organisation) -> None:
    viewer = await organisation.sign_in("viewer@example.com", Role.VIEWER)
    answer = await viewer.call("DELETE", f"{organisation.team_path}/members/{viewer.user_id}")
    assert answer.status_code == 200
    assert (await viewer.call("GET", organisation.team_path)).status_code == 403
    assert (await viewer.call("GET", "/teams")).json() == {"teams": []}


async def test_a_stranger_a_nobody_and_another_teams_member_are_404(organisation: Organisation) -> None:
    owner = await organisation.owner()
    await organisation.app.install(team="Zebra", email="zebra@example.com")
    zebra = await organisation.sign_in("zebra@example.com", None)
    for user_id in (zebra.user_id, "user_none", "nonsense", "user_%00"):
        path = f"{organisation.team_path}/members/{user_id}"
        assert (await owner.call("DELETE", path)).status_code == 404
        assert (await owner.call("PATCH", path, json={"role": "viewer"})).status_code == 404
