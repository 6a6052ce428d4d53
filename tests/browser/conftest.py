"""A headless Chromium that clicks through pages of a running server, and watches what a person would not forgive."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
import structlog
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.cli.command_line import CommandLine
from tests.conftest import ON_POSTGRES, PostgresAdministrator
from tests.stories.conftest import create_team
from tests.stories.running_server import RunningServer, server_environment
from tests.stories.shop import Shop

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Ignored by git.
_PICTURES: Final = Path(__file__).parents[2] / ".pictures"
WIDE: Final = 1280
PHONE: Final = 390
# Nothing but the loopback can be reached, and the browser does not even try by itself.
SWITCHES: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
# Tells the test of each thing that the policy in the page's headers forbade.
_WATCH_POLICY: Final = """
addEventListener("securitypolicyviolation", event =>
    console.error(`policy violated: ${event.effectiveDirective} ${event.blockedURI}`));
"""
# Pages that say no with a status of their own.
_REFUSING: Final = (
    "/apply/",
    "/checkout/",
    "/partner/",
    "/portal/",
    "/sign-in",
    "/sign-up",
    "/password/",
    "/account",
    "/invitations/",
    "/console/",
)
# Playwright's own patience; a machine under load needs all of it.
_PATIENCE_MS: Final = 30_000
expect.set_options(timeout=_PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests on the event loop that their browser lives on, and skip them where there is none."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(autouse=True)
def untouched_log() -> Iterator[None]:
    """Leave the log of the tests' own process as it was: `billfold init` sets it up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def browsed_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for every page; each test has a team of its own."""
    folder = tmp_path_factory.mktemp("browsed")
    url = f"sqlite:///{folder / 'billfold.db'}"
    if ON_POSTGRES:
        administrator: PostgresAdministrator = request.getfixturevalue("postgres_administrator")
        url = administrator.create(f"billfold_{os.getpid()}_browsed", with_tables=False)
    made = RunningServer(server_environment(url), folder / "server.log")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def new_server(migrated_database_url: str, tmp_path: Path) -> Iterator[RunningServer]:
    """A server where nobody has been yet."""
    made = RunningServer(server_environment(migrated_database_url), tmp_path / "server.log")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def shop(
    browsed_server: RunningServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shop]:
    """An open shop of a team of its own."""
    billfold = CommandLine(browsed_server.database_url, monkeypatch, capsys)
    made = Shop(browsed_server, create_team(billfold, f"Team{uuid.uuid4().hex[:8]}"))
    made.open()
    yield made
    made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def seller() -> AsyncIterator[str]:
    """The address of a seller's own site, which thanks on every page."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"<!doctype html><title>Seller</title><link rel=icon href=data:,><h1>Thank you</h1>"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(
            body
        )
        writer.write(head + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"


@dataclass
class Visitor:
    """A person at the browser; `complaints` is what the browser said against a page."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, url: str, *, width: int = WIDE, theme: Any = "light", scripts: bool = True) -> Page:
        """Open an address in a window of its own."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=theme,
            java_script_enabled=scripts,
            is_mobile=width == PHONE,
            has_touch=width == PHONE,
        )
        context.set_default_timeout(_PATIENCE_MS)
        self._contexts.append(context)
        await context.add_init_script(_WATCH_POLICY)
        page = await context.new_page()
        page.on("console", lambda message: self._hear(message.type, f"{message.text} {message.location.get('url')}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", lambda request: self._hear_failure(str(request.failure), request.url))
        await page.goto(url)
        return page

    async def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            await context.close()

    def _hear_failure(self, failure: str, url: str) -> None:
        # Whoever leaves a page while its icon is still on the way takes that request along.
        if not (failure == "net::ERR_ABORTED" and "/static/" in url):
            self.complaints.append(f"{failure}: {url}")

    def _hear(self, kind: str, text: str) -> None:
        # Chromium calls a page that is answered with 402, 403, 404 or 410 an error; these pages are meant to be shown.
        is_status = "the server responded with a status of 4" in text and any(path in text for path in _REFUSING)
        if kind in {"error", "warning"} and not is_status:
            self.complaints.append(text)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests, because starting it takes a second; each window of a visitor has its own cookies and store."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser) -> AsyncIterator[Visitor]:
    """A person who has been nowhere yet; the test fails if the browser complained of anything."""
    made = Visitor(browser)
    yield made
    await made.close()
    assert made.complaints == []


@pytest.fixture
def photograph() -> Callable[[Page, str], Awaitable[None]]:
    """Keep a picture of a page in `.pictures`, or where `BILLFOLD_TEST_PICTURES` says, for people who look at the pages."""
    folder = Path(os.environ.get("BILLFOLD_TEST_PICTURES") or _PICTURES)
    folder.mkdir(exist_ok=True)

    async def take(page: Page, name: str) -> None:
        await page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
