"""`billfold listen` and `billfold trigger`, against a server in the same process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from standardwebhooks import Webhook

from billfold.cli.listening import Forwarding, Listener, secret_for
from tests.app_fixtures import BASE_URL, RunningBillfold
from tests.cli.command_line import CommandLine


class LocalApp:
    """What somebody is writing: it checks the signature of all it gets."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)
        self.got: list[dict[str, Any]] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(self._webhook.verify(request.content, dict(request.headers)))
        return httpx.Response(self.status)


class Setting:
    """A listener between a server and a local app."""

    def __init__(self, app: RunningBillfold, cursor_file: Path) -> None:
        self.server = app
        self.secret = secret_for(app.team.api_key)
        self.app = LocalApp(self.secret)
        self.said: list[str] = []
        self.cursor_file = cursor_file

    def listener(self, transport: httpx.AsyncBaseTransport | None = None, **forwarding: Any) -> Listener:
        """Return a listener as a new run of the command has it."""
        feed = httpx.AsyncClient(
            base_url=f"{BASE_URL}{self.server.path}/",
            headers=self.server.team.headers,
            transport=transport or httpx.ASGITransport(app=self.server.application),
        )
        local = httpx.AsyncClient(transport=httpx.MockTransport(self.app))
        wanted = Forwarding("http://127.0.0.1:3000/hooks", self.secret, **forwarding)
        return Listener(feed, local, wanted, self.cursor_file, say=self.said.append)

    async def happen(self, *types: str) -> None:
        """Have test events come into the feed."""
        for name in types:
            answer = await self.server.client.post(f"{self.server.path}/events/test", json={"type": name})
            assert answer.is_success
        await self.server.feed()


@pytest.fixture
def setting(billfold_app: RunningBillfold, tmp_path: Path) -> Setting:
    return Setting(billfold_app, tmp_path / "listen" / "cursor")


async def test_it_begins_with_now_forwards_what_comes_and_goes_on_after_a_restart(setting: Setting) -> None:
    await setting.happen("customer.created")
    assert await setting.listener().go_on(wait=0) == 0
    await setting.happen("subscription.created", "test.ping")
    assert await setting.listener().go_on(wait=0) == 2
    assert [event["type"] for event in setting.app.got] == ["subscription.created", "test.ping"]
    assert await setting.listener().go_on(wait=0) == 0
    assert [line.endswith("  200") for line in setting.said] == [True, True]


async def test_it_can_begin_with_the_oldest_and_take_some_types_only(setting: Setting) -> None:
    await setting.happen("customer.created", "test.ping", "customer.created")
    assert await setting.listener(types="test.ping").go_on(from_start=True, wait=0) == 1
    assert setting.app.got[0]["test"] is True


async def test_what_the_app_answers_is_said_and_stops_nothing(setting: Setting) -> None:
    await setting.listener().go_on(wait=0)
    setting.app.status = 500
    await setting.happen("test.ping", "test.ping")
    assert await setting.listener().go_on(wait=0) == 2
    assert [line.rpartition("  ")[2] for line in setting.said] == ["500", "500"]


async def test_a_server_that_is_down_is_asked_again(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def rest(seconds: float) -> None:
        pauses.append(seconds)

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    monkeypatch.setattr("asyncio.sleep", rest)
    listener = setting.listener(httpx.MockTransport(refuse))
    for _ in range(7):
        assert await listener.go_on(wait=0) == 0
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert len(setting.said) == 1


async def test_a_place_that_is_gone_is_begun_anew(setting: Setting) -> None:
    setting.cursor_file.parent.mkdir()
    setting.cursor_file.write_text("OTkuZXZ0X25vYm9keQ")
    await setting.listener().go_on(wait=0)
    assert "restored" in setting.said[0]
    await setting.listener().go_on(wait=0)
    await setting.happen("test.ping")
    assert await setting.listener().go_on(wait=0) == 1


async def test_a_wrong_key_ends_it(setting: Setting) -> None:
    listener = setting.listener()
    listener.feed.headers["authorization"] = "Bearer bs_wrong"
    with pytest.raises(typer.Exit):
        await listener.go_on(wait=0)


def test_a_test_event_needs_a_server(billfold: CommandLine) -> None:
    billfold.environment |= {"BILLFOLD_PROJECT_URL": "http://127.0.0.1:9/api", "BILLFOLD_API_KEY": "bs_x"}
    outcome = billfold("trigger", "test.ping")
    assert outcome.status == 1
    assert "cannot be reached" in outcome.err


def test_only_a_web_address_is_forwarded_to(billfold: CommandLine) -> None:
    billfold.environment |= {"BILLFOLD_PROJECT_URL": "http://127.0.0.1:9/api", "BILLFOLD_API_KEY": "bs_x"}
    assert billfold("listen", "--forward-to", "localhost:3000").status == 2
