"""A partner program that is switched on, with callers of each of the three kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from billfold.base.crypto import token_hash
from billfold.domain.tenancy.members import Role, add_member
from billfold.domain.tenancy.sessions import create_session, find_session
from billfold.domain.tenancy.users import create_user, find_user
from billfold.entrypoints.session_tokens import SessionTokens
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.mail.mailbox import mails_of_team
from tests.app_fixtures import InstalledTeam, RunningBillfold

# The body that the published page prints.
JANE: Final = {
    "email": "partner@example.com",
    "name": "Jane Smith",
    "company": "Acme Inc",
    "website": "https://acme.com",
    "reason": "I have a large audience in the SaaS space",
}
CALLBACK: Final = "https://app.example.com/signed-in"
_LINK_TOKEN: Final = re.compile(r"token=([0-9a-f]{64})")


@dataclass
class Affiliates:
    """The surface of one project: calls with its key, as a member, and as a customer."""

    app: RunningBillfold
    team: InstalledTeam
    member_token: str = ""

    @property
    def apps(self) -> str:
        """Where the project's admin routes are."""
        return f"/v1/apps/{self.team.project_id}"

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request without any credential."""
        return await self.app.anonymous.request(method, path, **options)

    async def key(self, method: str, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        """Call with the API key as the page prints it."""
        return await self._call(method, path, body, expect, {"x-api-key": self.team.api_key})

    async def admin(self, method: str, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        """Call an admin route of the project as its owner; `path` begins after `/affiliates`."""
        bearer = {"Authorization": f"Bearer {self.member_token}"}
        return await self._call(method, f"{self.apps}/affiliates{path}", body, expect, bearer)

    async def customer(self, token: str, method: str, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        """Call with a customer's session token."""
        return await self._call(method, path, body, expect, {"Authorization": f"Bearer {token}"})

    async def _call(self, method: str, path: str, body: Any, expect: int | None, headers: dict[str, str]) -> Any:
        options: dict[str, Any] = {} if body is None else {"json": body}
        answer = await self.app.anonymous.request(method, path, headers=headers, **options)
        assert expect is None or answer.status_code == expect, (answer.status_code, answer.text)
        return answer.json()

    async def switch_on(self, **settings: Any) -> None:
        """Switch the program on."""
        await self.admin("PATCH", "/settings", {"enabled": True, **settings}, expect=200)

    async def apply(self, email: str = "partner@example.com", **more: Any) -> str:
        """Apply and return the application's id."""
        made = await self.key("POST", "/v1/affiliate/apply", {**JANE, "email": email, **more}, expect=201)
        return str(made["id"])

    async def review(self, application_id: str, body: dict[str, Any], *, expect: int | None = 201) -> Any:
        """Decide an application."""
        return await self.admin("POST", f"/applications/{application_id}/review", body, expect=expect)

    async def enrol(self, email: str = "partner@example.com", code: str | None = None) -> dict[str, Any]:
        """Apply, approve, and return the partner."""
        application_id = await self.apply(email)
        decision = {"action": "approve"} if code is None else {"action": "approve", "code": code}
        made: dict[str, Any] = (await self.review(application_id, decision))["affiliate"]
        return made

    async def configure_sign_in(self, **settings: Any) -> None:
        """Let customers sign in by mail."""
        headers = {"Authorization": f"Bearer {self.member_token}"}
        body = {"redirectUrls": [CALLBACK], **settings}
        answer = await self.app.anonymous.patch(f"{self.apps}/auth/settings", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    async def mailed_token(self, email: str, **more: Any) -> str:
        """Ask for a sign-in link and return the token that was mailed."""
        await self.key("POST", f"{self.apps}/auth/magic-link", {"email": email, **more}, expect=200)
        return await self.last_token()

    async def last_token(self) -> str:
        """Return the token of the newest mail."""
        team_id = self.team.team_id

        async def read(tx: Reading) -> str:
            listed = await mails_of_team(tx, team_id)
            mail = await self.app.services.mail.find(tx, listed[0].id)
            assert mail is not None
            assert mail.content is not None
            return mail.content.text

        (found,) = _LINK_TOKEN.findall(await self.app.services.db.read(read))
        return str(found)

    async def sign_in(self, email: str) -> str:
        """Sign a customer in by mail and return his session token."""
        token = await self.mailed_token(email)
        answer = await self.send("POST", f"{self.apps}/auth/verify", json={"token": token})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["sessionToken"])

    async def member(self, email: str, role: Role | None = None) -> str:
        """Return a member's token; he joins the team if he gets a role."""
        return await member_token(self.app, self.team.team_id, email, role)


async def member_token(app: RunningBillfold, team_id: str, email: str, role: Role | None = None) -> str:
    """Return the token of a person's new session, who is taken into the team if he gets a role."""
    now = app.clock.now()

    async def unit(tx: Writing) -> tuple[str, str]:
        user = await find_user(tx, email) or await create_user(tx, email=email, password_hash=None, now=now)
        if role is not None:
            await add_member(tx, team_id=team_id, user_id=user.id, role=role, now=now)
        token = await create_session(tx, user_id=user.id, address="192.0.2.1", user_agent="test", now=now)
        session = await find_session(tx, token_hash(token), now)
        assert session is not None
        return user.id, session.session_id

    user_id, session_id = await app.services.db.write(unit)
    return SessionTokens(app.services.settings).issue(
        "member", subject=user_id, session_id=session_id, now=now, lives=timedelta(days=1)
    )


@pytest.fixture
async def affiliates(billfold_app: RunningBillfold) -> Affiliates:
    """The program of the team, switched on; the owner is signed in."""
    made = Affiliates(billfold_app, billfold_app.team)
    made.member_token = await made.member("owner@example.com")
    await made.switch_on()
    return made
