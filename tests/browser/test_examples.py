"""The two example shops, each run by its command and used in a browser: a friend, a subscription, a partner."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, expect

from billfold.domain.partners.programs import KEY, ensure_program
from billfold.domain.referrals.programs import configure
from billfold.infrastructure.db.database import Writing
from tests.browser.conftest import Visitor
from tests.cli.command_line import CommandLine, free_port
from tests.conftest import open_database
from tests.house.sources import ROOT
from tests.stories.conftest import create_team
from tests.stories.running_server import RunningServer, Team, server_environment

_TYPESCRIPT: Final = ROOT / "examples" / "typescript"
_START_SECONDS: Final = 60
_TRIES: Final = 40


def _command(language: str) -> list[str]:
    if language == "python":
        return [sys.executable, str(ROOT / "examples" / "python" / "saas.py")]
    node = shutil.which("node")
    if node is None or not (_TYPESCRIPT / "dist" / "saas.js").exists():
        pytest.skip("the TypeScript example is not built: npm install && npx tsc in examples/typescript")
    return [node, "dist/saas.js"]


@contextlib.contextmanager
def _running(language: str, server: RunningServer, team: Team, log: Path) -> Iterator[str]:
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "sdk" / "python" / "src"),
        "BILLFOLD_URL": server.base_url,
        "BILLFOLD_TEAM": team.id,
        "BILLFOLD_PROJECT": team.project_id,
        "BILLFOLD_API_KEY": team.api_key,
        "PORT": str(port),
    }
    folder = _TYPESCRIPT if language == "typescript" else ROOT
    with log.open("wb") as out:
        process = subprocess.Popen(_command(language), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=out)
        assert process.stdout is not None
        try:
            line = process.stdout.readline().decode()
            assert f"Notes runs at http://127.0.0.1:{port}" in line, line + log.read_text()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=_START_SECONDS)
            process.stdout.close()


async def _open_the_partner_program(server: RunningServer, project_id: str) -> None:
    at = datetime.now(UTC)

    async def unit(tx: Writing) -> None:
        program = await ensure_program(tx, project_id, at=at)
        await configure(tx, project_id=project_id, key=KEY, enabled=True, content=program.content, at=at)

    database = open_database(server.database_url)
    await database.start()
    await database.write(unit)
    await database.stop()


async def _sign_up(page: Page, email: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Sign up").click()
    await expect(page.get_by_role("heading", name=f"Hello, {email}")).to_be_visible()


async def _reload_until(page: Page, place: str, text: str) -> None:
    """What a webhook or a job changes is there a moment later."""
    for _ in range(_TRIES):
        if text in await page.locator(place).inner_text():
            return
        await page.wait_for_timeout(500)
        await page.reload()
    await expect(page.locator(place)).to_contain_text(text)


@pytest.fixture
def server(migrated_database_url: str, tmp_path: Path) -> Iterator[RunningServer]:
    """A server that may call a shop on this machine, as a developer's does."""
    environment = {**server_environment(migrated_database_url), "BILLFOLD_OUTBOUND_PRIVATE": "true"}
    made = RunningServer(environment, tmp_path / "server.log")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def team(server: RunningServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    """Who runs the shop."""
    return create_team(CommandLine(server.database_url, monkeypatch, capsys), "Notes")


@pytest.mark.parametrize("language", ["python", "typescript"])
async def test_a_friend_comes_subscribes_and_both_are_credited(
    server: RunningServer, team: Team, visitor: Visitor, language: str, tmp_path: Path
) -> None:
    await _open_the_partner_program(server, team.project_id)
    with _running(language, server, team, tmp_path / "example.log") as address:
        ann = await visitor.open(address)
        await _sign_up(ann, "ann@example.com")
        link = await ann.locator("#link").get_attribute("href")
        assert link is not None

        ben = await visitor.open(link)
        await expect(ben.get_by_text("A friend sent you")).to_be_visible()
        await _sign_up(ben, "ben@example.com")
        await ben.get_by_role("button", name="Subscribe for $29 a month").click()
        await ben.get_by_role("button", name="Pay").click()
        await expect(ben.get_by_role("heading", name="Hello, ben@example.com")).to_be_visible()
        await _reload_until(ben, "#plan", "You have Notes Pro.")
        await _reload_until(ann, "#friends", "converted: $10.00 settled, $5.00 settled")

        await ben.get_by_role("button", name="Manage the plan").click()
        await expect(ben.get_by_text("Notes Pro").first).to_be_visible()

        jane = await visitor.open(f"{address}/partners")
        await jane.get_by_label("Name").fill("Jane")
        await jane.get_by_label("E-mail").fill("jane@example.com")
        await jane.get_by_role("button", name="Apply").click()
        await expect(jane.locator("#status")).not_to_be_empty()
