"""Invitations through the API (contract G7, G38)."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from billfold.base.crypto import token_hash
from billfold.domain.tenancy.members import Role
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.mail.mailbox import Content, mails_of_team
from tests.organisation.conftest import Browser, Organisation
from tests.security.database_dump import every_row


async def invite(organisation: Organisation, by: Browser, email: str, role: str = "member") -> Any:
    """Invite and return the answer."""
    return await by.call("POST", f"{organisation.team_path}/invitations", json={"email": email, "role": role})


async def link_of(organisation: Organisation) -> str:
    """Return the token of the newest letter in the drawer."""
    services = organisation.app.services

    async def newest(tx: Reading) -> Content | None:
        [mail, *_] = await mails_of_team(tx, organisation.team.team_id)
        found = await services.mail.find(tx, mail.id)
        return None if found is None else found.content

    content = await services.db.read(newest)
    assert content is not None
    found = re.search(r"/invitations/([0-9a-f]{64})", content.text)
    assert found is not None
    return found[1]


async def accept(who: Browser, token: str) -> Any:
    """Accept and return the answer."""
    return await who.call("POST", "/invitations/accept", json={"token": token})


async def test_the_invited_person_joins_by_the_link_once(organisation: Organisation) -> None:
    owner = await organisation.owner()
    answer = await invite(organisation, owner, "Jane@example.com", "admin")
    assert answer.status_code == 201
    shown = answer.json()["invitation"]
    assert sorted(shown) == ["createdAt", "email", "expiresAt", "id", "role"]
    token = await link_of(organisation)
    assert token not in answer.text
    jane = await organisation.sign_in("jane@example.com", None)
    joined = await accept(jane, token)
    assert joined.json() == {"membership": {"teamId": organisation.team.team_id, "role": "admin"}}
    assert (await jane.call("GET", organisation.team_path)).json()["team"]["role"] == "admin"
    assert (await accept(jane, token)).status_code == 404
    assert (await owner.call("GET", f"{organisation.team_path}/invitations")).json() == {"invitations": []}


async def test_the_token_is_stored_as_its_hash_only(organisation: Organisation) -> None:
    await invite(organisation, await organisation.owner(), "jane@example.com")
    token = await link_of(organisation)
    rows = str(await every_row(organisation.app.services.db))
    assert token not in rows
    assert token_hash(token) in rows


@pytest.mark.parametrize(
    ("acting", "role", "status"),
    [
        (Role.OWNER, "owner", 201),
        (Role.OWNER, "viewer", 201),
        (Role.ADMIN, "member", 201),
        (Role.ADMIN, "viewer", 201),
        (Role.ADMIN, "admin", 403),
        (Role.ADMIN, "owner", 403),
        (Role.MEMBER, "viewer", 403),
        (Role.OWNER, "emperor", 400),
    ],
)
async def test_nobody_gives_a_role_that_he_does_not_decide_about_g7(
    organisation: Organisation, acting: Role, role: str, status: int
) -> None:
    actor = await organisation.sign_in("actor@example.com", acting)
    assert (await invite(organisation, actor, "jane@example.com", role)).status_code == status


async def test_an_admin_touches_no_invitation_of_an_owner(organisation: Organisation) -> None:
    made = await invite(organisation, await organisation.owner(), "jane@example.com", "owner")
    path = f"{organisation.team_path}/invitations/{made.json()['invitation']['id']}"
    admin = await organisation.sign_in("admin@example.com", Role.ADMIN)
    assert (await admin.call("DELETE", path)).status_code == 403
    assert (await admin.call("POST", f"{path}/resend")).status_code == 403


async def test_a_link_that_was_passed_on_opens_nothing(organisation: Organisation) -> None:
    await invite(organisation, await organisation.owner(), "jane@example.com")
    token = await link_of(organisation)
    eve = await organisation.sign_in("eve@example.com", None)
    assert (await accept(eve, token)).status_code == 403
    jane = await organisation.sign_in("jane@example.com", None)
    assert (await accept(jane, token)).status_code == 200


async def test_a_revoked_an_old_and_an_unknown_link_read_the_same(organisation: Organisation) -> None:
    owner = await organisation.owner()
    jane = await organisation.sign_in("jane@example.com", None)
    made = await invite(organisation, owner, "jane@example.com")
    revoked = await link_of(organisation)
    path = f"{organisation.team_path}/invitations/{made.json()['invitation']['id']}"
    assert (await owner.call("DELETE", path)).json() == {"success": True}
    assert (await owner.call("DELETE", path)).status_code == 404
    await invite(organisation, owner, "jane@example.com")
    old = await link_of(organisation)
    organisation.app.clock.advance(timedelta(days=7))
    texts = set()
    for token in (revoked, old, "0" * 64, "x", "é"):
        answer = await accept(jane, token)
        assert answer.status_code == 404
        texts.add(answer.text)
    assert len(texts) == 1


async def test_sending_again_makes_the_first_link_worthless(organisation: Organisation) -> None:
    owner = await organisation.owner()
    made = await invite(organisation, owner, "jane@example.com")
    first = await link_of(organisation)
    organisation.app.clock.advance(timedelta(days=8))
    path = f"{organisation.team_path}/invitations/{made.json()['invitation']['id']}/resend"
    assert (await owner.call("POST", path)).status_code == 200
    second = await link_of(organisation)
    jane = await organisation.sign_in("jane@example.com", None)
    assert (await accept(jane, first)).status_code == 404
    assert (await accept(jane, second)).status_code == 200


async def test_an_address_has_one_open_invitation_and_an_old_one_makes_room(organisation: Organisation) -> None:
    owner = await organisation.owner()
    answers = await asyncio.gather(
        *(invite(organisation, owner, email) for email in ("jane@example.com", "JANE@example.com"))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    organisation.app.clock.advance(timedelta(days=7))
    assert (await invite(organisation, owner, "jane@example.com", "viewer")).status_code == 201
    listed = (await owner.call("GET", f"{organisation.team_path}/invitations")).json()["invitations"]
    assert [(each["email"].lower(), each["role"]) for each in listed] == [("jane@example.com", "viewer")]


async def test_of_two_who_accept_at_once_one_joins(organisation: Organisation) -> None:
    await invite(organisation, await organisation.owner(), "jane@example.com")
    token = await link_of(organisation)
    jane = await organisation.sign_in("jane@example.com", None)
    answers = await asyncio.gather(*(accept(jane, token) for _ in range(4)))
    # The others find the link used, or were signed out by the new session.
    done, *others = sorted(answer.status_code for answer in answers)
    assert done == 200
    assert set(others) <= {401, 404}


async def test_who_is_in_the_team_is_not_invited(organisation: Organisation) -> None:
    owner = await organisation.owner()
    await organisation.sign_in("viewer@example.com", Role.VIEWER)
    assert (await invite(organisation, owner, "Viewer@example.com")).status_code == 409


@pytest.mark.parametrize("email", ["", "jane", "jane@", "@example.com", "a b@example.com", "a@example.com\nBcc: b@example.com",
                                   "a@example.com, b@example.com", "x" * 250 + "@example.com", None, 1])  # fmt: skip
async def test_what_is_no_address_is_not_invited(organisation: Organisation, email: Any) -> None:
    answer = await invite(organisation, await organisation.owner(), email)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
