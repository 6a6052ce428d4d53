"""Every guide ends in something that works: its commands and its code run here as they are printed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command_line import free_port, running
from tests.conftest import ON_POSTGRES
from tests.guides.guide import follow, require, surroundings

# Some twenty processes, one after the other, on a machine that may be busy.
pytestmark = pytest.mark.timeout(240)
# Ends as the guide promises: its last words.
_ON_A_RUNNING_SERVER = {
    "move-from-stripe.md": "converted",
    "partner-program.md": "JANE20 has earned 5.8",
    "privacy.md": "tells of nobody any more",
    "receive-webhooks.md": "[('customer.created', 'delivered'), ('payment.succeeded', 'delivered')]",
    "referrals.md": "Robin is converted, the credits are ['settled', 'settled']",
    "sign-up-bonus.md": "A picture may be made: True",
}


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One server for several guides, each of which makes a team of its own."""
    folder = tmp_path_factory.mktemp("server")
    port = free_port()
    database_url = f"sqlite:///{folder / 'billfold.db'}"
    if ON_POSTGRES:
        administrator = request.getfixturevalue("postgres_administrator")
        database_url = administrator.create(f"billfold_test_{os.getpid()}_guides", with_tables=False)
    environment = {
        **surroundings(),
        "BILLFOLD_DATABASE_URL": database_url,
        "BILLFOLD_PORT": str(port),
        "BILLFOLD_URL": f"http://127.0.0.1:{port}",
        # An app beside the server hears its webhooks.
        "BILLFOLD_OUTBOUND_PRIVATE": "true",
        "PORT": str(free_port()),
    }
    with running(["serve"], environment, folder / "log", until="running on"):
        yield environment


@pytest.mark.parametrize("page", sorted(_ON_A_RUNNING_SERVER))
def test_a_guide_works_on_a_running_server(page: str, server: dict[str, str], tmp_path: Path) -> None:
    require("curl")
    assert _ON_A_RUNNING_SERVER[page] in follow(page, tmp_path, server)


@pytest.mark.parametrize(("page", "end"), [("quick-start.md", "2 credits settled"), ("test-your-app.md", "1 passed")])
def test_a_guide_works_from_nothing(page: str, end: str, empty_database_url: str, tmp_path: Path) -> None:
    require("curl")
    environment = {"BILLFOLD_PORT": str(free_port()), "BILLFOLD_DATABASE_URL": empty_database_url}
    assert end in follow(page, tmp_path, environment)


@pytest.mark.skipif(not ON_POSTGRES, reason="production is PostgreSQL")
def test_production_is_served_backed_up_restored_and_given_a_new_key(empty_database_url: str, tmp_path: Path) -> None:
    require("curl", "openssl", "pg_dump", "pg_restore", "psql")
    environment = {"BILLFOLD_PORT": str(free_port()), "BILLFOLD_DATABASE_URL": empty_database_url}
    assert "All is well." in follow("run-in-production.md", tmp_path, environment)
