from __future__ import annotations

import json
import logging
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from tests.cli.command_line import CommandLine
from tests.conftest import ON_POSTGRES, PostgresAdministrator
from tests.stories.running_server import RunningServer, Team, server_environment, team_of
from tests.stories.shop import Shop


@pytest.fixture(autouse=True)
def untouched_log() -> Iterator[None]:
    """Leave the log of the tests' own process as it was: each command sets it up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def billfold(
    migrated_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    """The command line on a database that nobody has used."""
    return CommandLine(migrated_database_url, monkeypatch, capsys)


@pytest.fixture
def init(billfold: CommandLine) -> Callable[[str], Team]:
    """Create a team as `billfold init` does."""
    return lambda name: create_team(billfold, name)


def create_team(billfold: CommandLine, name: str) -> Team:
    """Run `billfold init`."""
    arguments = ("--team", name, "--project", "Shop", "--email", f"{name.lower()}@example.com", "--json")
    outcome = billfold("init", *arguments)
    assert outcome.status == 0, outcome.err
    return team_of(json.loads(outcome.out))


@pytest.fixture
def server(billfold: CommandLine, tmp_path: Path) -> Iterator[RunningServer]:
    """A server on the command line's database, not yet started; the test leaves it however it likes."""
    made = RunningServer(billfold.environment, tmp_path / "server.log")
    yield made
    made.kill()


@pytest.fixture
def shop_of() -> Iterator[Callable[[RunningServer, Team], Shop]]:
    """Make the shop of a team, whose connections are closed at the end."""
    made: list[Shop] = []

    def make(server: RunningServer, team: Team) -> Shop:
        made.append(Shop(server, team))
        return made[-1]

    yield make
    for shop in made:
        shop.close()


@pytest.fixture(scope="session")
def standing_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """One server for all stories that leave it as it is; each has a team of its own."""
    folder = tmp_path_factory.mktemp("standing")
    url = f"sqlite:///{folder / 'billfold.db'}"
    if ON_POSTGRES:
        administrator: PostgresAdministrator = request.getfixturevalue("postgres_administrator")
        url = administrator.create(f"billfold_{os.getpid()}_standing", with_tables=False)
    made = RunningServer(server_environment(url), folder / "server.log")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def open_shop(
    standing_server: RunningServer,
    shop_of: Callable[[RunningServer, Team], Shop],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[str], Shop]:
    """Open the shop of a new team on the standing server."""
    billfold = CommandLine(standing_server.database_url, monkeypatch, capsys)

    def make(name: str) -> Shop:
        shop = shop_of(standing_server, create_team(billfold, name))
        shop.open()
        return shop

    return make


@pytest.fixture
def shop(open_shop: Callable[[str], Shop]) -> Shop:
    """An open shop of a team of its own on the standing server."""
    return open_shop(f"Team{uuid.uuid4().hex[:8]}")
