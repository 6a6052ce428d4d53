"""A server without anybody, a visitor's browser without a window, and cheap password hashing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from billfold.app import Application, create_app
from billfold.base import passwords
from billfold.base.settings import load_settings
from billfold.entrypoints.services import Services
from billfold.infrastructure.mail.mailbox import ListedMail, all_mails
from tests.app_fixtures import SECRET_KEY, ShiftedClock

PUBLIC: Final = "https://billing.example.com"
OWNER: Final = "ines@example.com"
PASSWORD: Final = "correct horse battery"
COOKIE: Final = "__Host-billfold_session"
_LINK: Final = re.compile(re.escape(PUBLIC) + r"(/\S+)")
_CSRF: Final = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass
class Visitor:
    """Somebody with a cookie jar who sends forms as a browser does."""

    client: httpx.AsyncClient
    page: str = ""

    async def see(self, path: str) -> httpx.Response:
        answer = await self.client.get(path)
        self.page = answer.text
        return answer

    async def send(self, path: str, /, **fields: str) -> httpx.Response:
        """Send a form with the token of the page that was seen last."""
        found = _CSRF.search(self.page)
        given = {"csrf": found[1], **fields} if found else fields
        sent = {"Origin": PUBLIC, "Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.client.post(path, content=urlencode(given), headers=sent)
        self.page = answer.text
        return answer

    async def sign_in(self, email: str = OWNER, password: str = PASSWORD, **fields: str) -> httpx.Response:
        return await self.send("/sign-in", email=email, password=password, keep="on", **fields)

    @property
    def token(self) -> str | None:
        return self.client.cookies.get(COOKIE)

    async def is_in(self) -> bool:
        return (await self.client.get("/account")).status_code == 200

    def text(self) -> str:
        return unescape(re.sub(r"<[^>]+>", " ", self.page))


@dataclass
class House:
    """A server without anybody at first."""

    application: Application
    clock: ShiftedClock
    opened: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def services(self) -> Services:
        return self.application.installation.services

    def visitor(self, address: str = "192.0.2.1", **headers: str) -> Visitor:
        transport = httpx.ASGITransport(app=self.application, client=(address, 1))
        client = httpx.AsyncClient(transport=transport, base_url=PUBLIC, headers=headers)
        self.opened.append(client)
        return Visitor(client)

    async def owner(self, address: str = "192.0.2.1") -> Visitor:
        """Have the first user sign up; who comes back is signed in."""
        made = self.visitor(address)
        answer = await made.send("/sign-up", team="Northlight", email=OWNER, password=PASSWORD)
        assert answer.status_code == 303, made.text()
        return made

    async def mails(self) -> list[ListedMail]:
        """The letters, newest first."""
        return await self.services.db.read(all_mails)

    async def link(self) -> str:
        """The path that the newest letter's link leads to."""
        mail = await self.services.db.read(self.services.mail.find, (await self.mails())[0].id)
        assert mail is not None
        assert mail.content is not None
        found = _LINK.search(mail.content.text)
        assert found is not None
        return found[1]


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm at a hundredth of the cost."""
    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "_hasher", hasher)
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
async def open_house(database_url: str) -> AsyncIterator[Callable[..., Any]]:
    """Makes servers with settings of the test's own."""
    houses: list[House] = []

    async def make(**settings: Any) -> House:
        clock = ShiftedClock()
        given = {"database_url": database_url, "secret_key": SECRET_KEY, "public_url": PUBLIC, **settings}
        application = create_app(load_settings(**given), clock=clock, run_worker=False)
        await application.start()
        houses.append(House(application, clock))
        return houses[-1]

    yield make
    for house in houses:
        for client in house.opened:
            await client.aclose()
        await house.application.stop()


@pytest.fixture
async def house(open_house: Callable[..., Any]) -> House:
    """A server with the usual settings."""
    made: House = await open_house()
    return made
