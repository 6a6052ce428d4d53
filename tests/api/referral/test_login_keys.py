"""Tokens checked with keys that a login publishes at an address: a real server on the loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web

from billfold.app import create_app
from billfold.base.settings import load_settings
from billfold.domain.tenancy.identities import WantedProvider, put_provider
from billfold.infrastructure import key_sets
from tests.api.referral.conftest import ReferralApi
from tests.app_fixtures import BASE_URL, SECRET_KEY, RunningBillfold, ShiftedClock, install_team
from tests.logins import AUDIENCE, ISSUER, ec_key, published, rsa_key, token


class LoginServer:
    """What a login publishes, and how often it was asked."""

    def __init__(self) -> None:
        self.document: Any = published(rsa=rsa_key())
        self.status = 200
        self.asked = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        del request
        self.asked += 1
        return web.json_response(self.document, status=self.status)


@pytest.fixture
async def login() -> AsyncIterator[tuple[LoginServer, str]]:
    server = LoginServer()
    runner = web.ServerRunner(web.Server(server.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield server, f"http://127.0.0.1:{runner.addresses[0][1]}/keys"
    await runner.cleanup()


@pytest.fixture
async def development(database_url: str) -> AsyncIterator[ReferralApi]:
    """A server that may call private addresses."""
    clock = ShiftedClock()
    settings = load_settings(
        database_url=database_url, secret_key=SECRET_KEY, bad_keys_per_minute=0, outbound_private=True
    )
    application = create_app(settings, clock=clock, run_worker=False)
    await application.start()
    team = await install_team(application, team="Acme", email="owner@example.com")
    transport = httpx.ASGITransport(app=application)
    async with (
        httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=team.headers) as client,
        httpx.AsyncClient(transport=transport, base_url=BASE_URL) as anonymous,
    ):
        api = ReferralApi(RunningBillfold(application, clock, team, client, anonymous))
        await api.put_program()
        yield api
    await application.stop()


async def test_a_new_key_of_the_login_is_found_and_the_old_one_is_dropped(
    development: ReferralApi, login: tuple[LoginServer, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, url = login
    await development.put_login(kind="jwks_url", jwks_url=url)
    assert (await development.get("link", token())).status_code == 200
    assert server.asked == 1
    server.document = published(next=ec_key())
    newer = token(ec_key(), alg="ES256", kid="next")
    # Within the minute nobody makes us ask again.
    assert (await development.get("link", newer)).status_code == 401
    assert server.asked == 1
    monkeypatch.setattr(key_sets, "AGAIN_SECONDS", 0)
    assert (await development.get("link", newer)).status_code == 200
    assert (await development.get("link", token())).status_code == 401


async def test_a_login_that_is_down_from_the_start_is_503_and_no_401(
    development: ReferralApi, login: tuple[LoginServer, str]
) -> None:
    server, url = login
    server.status = 500
    await development.put_login(kind="jwks_url", jwks_url=url)
    answer = await development.get("link", token())
    assert (answer.status_code, answer.json()["success"]) == (503, False)
    assert int(answer.headers["retry-after"]) > 0


async def test_without_the_setting_a_private_address_is_neither_set_nor_called(
    referral: ReferralApi, login: tuple[LoginServer, str]
) -> None:
    server, url = login
    body = {"issuer": ISSUER, "audiences": [AUDIENCE], "kind": "jwks_url", "jwksUrl": url}
    answer = await referral.app.client.put(f"{referral.app.path}/identity-provider", json=body)
    assert answer.status_code == 400
    services = referral.app.services
    await services.db.write(
        put_provider,
        services.sealer,
        team_id=referral.app.team.team_id,
        project_id=referral.app.team.project_id,
        wanted=WantedProvider(
            issuer=ISSUER, audiences=(AUDIENCE,), kind="jwks_url", jwks_url=url.replace("http:", "https:")
        ),
        now=services.clock.now(),
    )
    assert (await referral.get("link", token())).status_code == 503
    assert server.asked == 0
