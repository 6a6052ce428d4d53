"""People of a team who are signed in, each with a browser of his own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest

from billfold.domain.tenancy.members import Role, add_member
from billfold.domain.tenancy.sessions import create_session
from billfold.domain.tenancy.users import create_user, find_user
from billfold.entrypoints.web.session_cookie import cookie_name
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import BASE_URL, InstalledTeam, RunningBillfold

ORIGIN: Final = {"Origin": BASE_URL}
OWNER: Final = "owner@example.com"


@dataclass
class Browser:
    """A signed-in person: every request carries the cookie, and the origin as browsers send it."""

    app: RunningBillfold
    user_id: str
    email: str
    client: httpx.AsyncClient

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; `path` begins after `/api/billstack`."""
        headers = {**({} if method == "GET" else ORIGIN), **options.pop("headers", {})}
        return await self.client.request(method, f"/api/billstack{path}", headers=headers, **options)


@dataclass
class Organisation:
    """A running server with people in its team."""

    app: RunningBillfold
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def team(self) -> InstalledTeam:
        """The team."""
        return self.app.team

    @property
    def team_path(self) -> str:
        """Where the team's own resources are, after `/api/billstack`."""
        return f"/teams/{self.team.team_id}"

    async def sign_in(self, email: str, role: Role | None, *, team_id: str = "") -> Browser:
        """Return a browser of a person, who is taken into the team if he has a role; makes the person if need be."""
        now = self.app.clock.now()

        async def unit(tx: Writing) -> tuple[str, str]:
            user = await find_user(tx, email) or await create_user(tx, email=email, password_hash=None, now=now)
            if role is not None:
                await add_member(tx, team_id=team_id or self.team.team_id, user_id=user.id, role=role, now=now)
            return user.id, await create_session(tx, user_id=user.id, address="192.0.2.1", user_agent="test", now=now)

        user_id, token = await self.app.services.db.write(unit)
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app.application),
            base_url=BASE_URL,
            cookies={cookie_name(self.app.services.settings): token},
        )
        self.browsers.append(client)
        return Browser(self.app, user_id, email, client)

    async def owner(self) -> Browser:
        """Return a browser of the team's owner."""
        return await self.sign_in(OWNER, None)


@pytest.fixture
async def organisation(billfold_app: RunningBillfold) -> AsyncIterator[Organisation]:
    """The team of `billfold_app`, which its owner has just made."""
    made = Organisation(billfold_app)
    yield made
    for client in made.browsers:
        await client.aclose()
