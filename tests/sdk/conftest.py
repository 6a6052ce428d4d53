"""A server on the loopback that writes down which operations of its documents were called."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest
import uvicorn

from billfold.app import Application, create_app
from billfold.base.settings import load_settings
from tests.affiliate.conftest import Affiliates
from tests.app_fixtures import SECRET_KEY, RunningBillfold, ShiftedClock, install_team
from tests.house.openapi_document import SERVED

# Where each surface's paths begin.
BASES: Final = {"billing": "/api/billstack", "referral": "/api/referral", "affiliate": ""}


@dataclass
class Recorder:
    """The server's application with a notebook in front: `called` holds what came, as method and path."""

    application: Application
    called: set[tuple[str, str]] = field(default_factory=set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.called.add((scope["method"], scope["path"]))
        await self.application(scope, receive, send)


@dataclass(frozen=True)
class SignedInPartner:
    """Jane, a partner with the code JANE20; `links` are two more tokens that were mailed to her."""

    customer_id: str
    session_token: str
    member_token: str
    links: tuple[str, str]


@dataclass(frozen=True)
class RecordedServer:
    """A running server and its notebook."""

    billfold: RunningBillfold
    base_url: str
    recorder: Recorder
    partner: SignedInPartner

    def operations_not_called(self) -> list[str]:
        """Return what the OpenAPI documents offer and nobody called."""
        return sorted(
            operation
            for operation, (method, pattern) in documented_operations().items()
            if not any(called == method and pattern.fullmatch(path) for called, path in self.recorder.called)
        )


def documented_operations() -> dict[str, tuple[str, re.Pattern[str]]]:
    """Return every operation of every surface with its method and a pattern of its path."""
    found: dict[str, tuple[str, re.Pattern[str]]] = {}
    for surface, served in SERVED.items():
        for path, methods in served()["paths"].items():
            whole = f"{BASES[surface]}{path}"
            for method in methods:
                pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(whole)))
                found[f"{method.upper()} {whole}"] = (method.upper(), pattern)
    return found


@pytest.fixture
async def recorded_server(database_url: str) -> AsyncIterator[RecordedServer]:
    """A server on a port of the loopback, with a team, a project and a key."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    host, port = listening.getsockname()
    base_url, clock = f"http://{host}:{port}", ShiftedClock()
    settings = load_settings(database_url=database_url, secret_key=SECRET_KEY, public_url=base_url)
    application = create_app(settings, clock=clock, run_worker=False)
    await application.start()
    team = await install_team(application, team="Acme", email="owner@example.com")
    recorder = Recorder(application)
    server = uvicorn.Server(uvicorn.Config(recorder, lifespan="off", log_config=None, ws="none"))
    async with (
        httpx.AsyncClient(base_url=base_url, headers=team.headers) as client,
        httpx.AsyncClient(base_url=base_url) as anonymous,
    ):
        # The socket listens already: who connects before the server runs waits for it.
        listening.listen()
        task = asyncio.create_task(server.serve(sockets=[listening]))
        billfold = RunningBillfold(application, clock, team, client, anonymous)
        partner = await _sign_in_a_partner(billfold)
        recorder.called.clear()
        yield RecordedServer(billfold, base_url, recorder, partner)
        server.should_exit = True
        await task
    await application.stop()


async def _sign_in_a_partner(billfold: RunningBillfold) -> SignedInPartner:
    program = Affiliates(billfold, billfold.team)
    program.member_token = await program.member("owner@example.com")
    await program.switch_on()
    await program.configure_sign_in()
    jane = await program.enrol("jane@example.com", "JANE20")
    session = await program.sign_in("jane@example.com")
    links = [await program.mailed_token("jane@example.com") for _ in range(2)]
    return SignedInPartner(jane["customerId"], session, program.member_token, (links[0], links[1]))
