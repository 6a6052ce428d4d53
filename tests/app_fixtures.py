"""The whole server inside a test: `billfold_app` is started, has a team with a project, a key and a simulated Stripe account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from billfold.app import Application, create_app
from billfold.base.settings import load_settings
from billfold.cli.installing import Wanted, create_everything
from billfold.entrypoints.services import Services

SECRET_KEY: Final = "01" * 32
BASE_URL: Final = "http://127.0.0.1:8000"


class ShiftedClock:
    """The machine's clock, which a test can move: two moments are never the same, as in life."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the machine's moment, moved."""
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move forward; a negative step moves back."""
        self._ahead += by


@dataclass(frozen=True, slots=True)
class InstalledTeam:
    """What `billfold init` tells about a team."""

    team_id: str
    project_id: str
    api_key: str
    webhook_secret: str
    simulator_secret_key: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a caller with full access."""
        return {"Authorization": f"Bearer {self.api_key}"}

    @property
    def path(self) -> str:
        """Where the project's resources are."""
        return f"/api/billstack/teams/{self.team_id}/projects/{self.project_id}"


@dataclass(frozen=True, slots=True)
class RunningBillfold:
    """A started server without sockets and without a worker of its own: `drain` runs the jobs when the test says so.

    `client` sends the team's key with every request; `anonymous` sends none.
    """

    application: Application
    clock: ShiftedClock
    team: InstalledTeam
    client: httpx.AsyncClient
    anonymous: httpx.AsyncClient

    @property
    def services(self) -> Services:
        """What the surfaces use."""
        return self.application.installation.services

    @property
    def path(self) -> str:
        """Where the project's resources are."""
        return self.team.path

    async def drain(self) -> int:
        """Run due jobs, and those that they leave, until none is due; returns how many ran."""
        return await self.application.installation.worker.drain()

    async def feed(self) -> int:
        """Put what was published into the feeds; returns how many events of the house were taken."""
        return await self.application.installation.sequencer.drain()

    async def install(self, *, team: str = "Other", email: str = "other@example.com") -> InstalledTeam:
        """Create one more team."""
        return await install_team(self.application, team=team, email=email)


async def install_team(application: Application, *, team: str, email: str) -> InstalledTeam:
    """Create what `billfold init` creates, without the slow hashing of a password."""
    installation = application.installation
    wanted = Wanted(team=team, project="Shop", email=email, stripe_secret_key=None, webhook_secret=None)
    made: dict[str, Any] = await installation.services.db.write(
        create_everything, installation, wanted, None, "no password"
    )
    return InstalledTeam(
        team_id=made["teamId"],
        project_id=made["projectId"],
        api_key=made["apiKey"],
        webhook_secret=made["webhookSecret"],
        simulator_secret_key=made["simulatorSecretKey"],
    )


@pytest.fixture
async def billfold_app(database_url: str) -> AsyncIterator[RunningBillfold]:
    """A server on a database of its own."""
    clock = ShiftedClock()
    settings = load_settings(database_url=database_url, secret_key=SECRET_KEY, bad_keys_per_minute=0)
    application = create_app(settings, clock=clock, run_worker=False)
    await application.start()
    team = await install_team(application, team="Acme", email="owner@example.com")
    transport = httpx.ASGITransport(app=application)
    async with (
        httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=team.headers) as client,
        httpx.AsyncClient(transport=transport, base_url=BASE_URL) as anonymous,
    ):
        yield RunningBillfold(application, clock, team, client, anonymous)
    await application.stop()
