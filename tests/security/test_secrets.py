"""After a main loop in which everything goes wrong once, no secret stands anywhere in clear (SCENARIOS F9)."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import structlog

from billfold.app import create_app
from billfold.base.log import configure_log
from billfold.base.settings import load_settings
from billfold.cli.installing import Wanted, create_team_with_everything
from billfold.domain.billing.stripe_objects import store_answer
from billfold.infrastructure.stripe.signature import sign
from billfold.infrastructure.stripe_simulator.errors import StripeError
from billfold.infrastructure.stripe_simulator.server import StripeServer
from tests.app_fixtures import BASE_URL, SECRET_KEY, ShiftedClock
from tests.security.database_dump import every_row
from tests.security.neighbours import URLS
from tests.webhooks.fake_stripe import event_body

# A key's first characters may be shown, to tell it from others; more than that of any secret may not.
CLEAR: Final = re.compile(r"\b(?:[sr]k_(?:test|live)_|whsec_)[A-Za-z0-9]{4,}|\bbs_[0-9a-f]{8,}")
# Longer than a failed job waits for its next try.
PATIENCE: Final = timedelta(minutes=10)


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the server would write to standard error, down to the least important line."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    configure_log("debug", as_json=True)
    yield lines
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


class Story:
    """One server, everything that it answered, and the secrets of its team."""

    def __init__(self, database_url: str) -> None:
        settings = load_settings(database_url=database_url, secret_key=SECRET_KEY, bad_keys_per_minute=0)
        self.clock = ShiftedClock()
        self.app = create_app(settings, clock=self.clock, run_worker=False)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False), base_url=BASE_URL
        )
        self.answers: list[str] = []
        self.made: dict[str, Any] = {}

    @property
    def secrets(self) -> dict[str, str]:
        names = ("apiKey", "ownerPassword", "webhookSecret", "simulatorSecretKey")
        return {name: self.made[name] for name in names} | {"settings": SECRET_KEY}

    async def install(self) -> None:
        wanted = Wanted(
            team="Acme", project="Shop", email="owner@example.com", stripe_secret_key=None, webhook_secret=None
        )
        self.made = await create_team_with_everything(self.app.installation, wanted)

    async def send(self, method: str, path: str, key: str | None = None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.made['apiKey']}", **options.pop("headers", {})}
        answer = await self.client.request(method, path, headers=headers, **options)
        self.answers.append(f"{answer.headers}\n{answer.text}")
        return answer

    async def api(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        place = f"/api/billstack/teams/{self.made['teamId']}/projects/{self.made['projectId']}"
        return (await self.send(method, place + path, json=body, **options)).json()

    async def control(self, path: str, body: object) -> Any:
        return (await self.send("POST", f"/simulator/{self.made['teamId']}/{path}", json=body)).json()

    async def work(self) -> None:
        for _ in range(4):
            await self.app.installation.worker.drain()
            self.clock.advance(PATIENCE)


async def a_bad_day(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A friend brings a friend while keys are wrong, Stripe refuses, falters and echoes its key, and a job crashes."""
    secrets = story.secrets
    # What can be told by its form. A password is nowhere but in the hand of who hashes it, so no exception can quote it.
    everything = " ".join(secrets[name] for name in ("apiKey", "webhookSecret", "simulatorSecretKey"))
    for wrong in (secrets["apiKey"][:-1] + "0", secrets["simulatorSecretKey"], secrets["webhookSecret"], "x" * 9):
        await story.api("GET", "/customers", key=wrong)
        await story.send("GET", "/simulator/stripe/v1/customers", key=wrong)
        await story.send("GET", f"/simulator/{story.made['teamId']}/clock", key=wrong)
    body = event_body("invoice.paid", {"id": "in_1", "object": "invoice", "note": everything})
    for header in (everything, sign(body, secrets["webhookSecret"], story.clock.now())[:-1] + "x"):
        path = f"/api/webhooks/stripe/{story.made['teamId']}"
        await story.send("POST", path, content=body, headers={"Stripe-Signature": header})

    await story.api(
        "PUT", "/referrals/config", {"enabled": True, "referrerCreditAmount": 100, "refereeCreditAmount": 50}
    )
    referrer = (await story.api("POST", "/customers", {"email": "referrer@example.com"}))["customer"]["id"]

    whole = StripeServer._answer

    async def echo(server: StripeServer, scope: Any, headers: dict[bytes, bytes], *more: Any) -> Any:
        del server, scope, more
        raise StripeError(400, f"Refused for {headers[b'authorization'].decode()} and {everything}")

    monkeypatch.setattr(StripeServer, "_answer", echo)
    refused = await story.api("POST", "/customers", {"email": "refused@example.com"})
    assert "Refused" in refused["error"]
    monkeypatch.setattr(StripeServer, "_answer", whole)

    friend = (await story.api("POST", "/customers", {"email": "friend@example.com"}))["customer"]["id"]
    code = (await story.api("POST", "/referrals/codes", {"customerId": referrer}))["code"]["code"]
    await story.api("POST", "/referrals/apply", {"code": code, "refereeCustomerId": friend})
    product = (await story.api("POST", "/products", {"name": "Pro"}))["product"]["id"]
    terms = {"unitAmount": 4900, "interval": "month"}
    price = (await story.api("POST", f"/products/{product}/prices", terms))["price"]["id"]
    for faults in ({"500": 9}, {"429": 9}, {"timeout": 9}):
        await story.control("faults", faults)
        await story.api("POST", "/checkout", {"customerId": friend, "priceId": price, **URLS})
    await story.control("faults", {})
    session = await story.api("POST", "/checkout", {"customerId": friend, "priceId": price, **URLS})

    # The account's own webhook endpoint is told its secret once, and once more to whoever repeats the request.
    endpoint = {"url": "https://example.com/", "enabled_events[]": "*"}
    for _ in range(2):
        await story.client.post(
            "/simulator/stripe/v1/webhook_endpoints",
            data=endpoint,
            headers={"Authorization": f"Bearer {secrets['simulatorSecretKey']}", "Idempotency-Key": "endpoint"},
        )

    left = 2

    async def crash(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left >= 0:
            raise RuntimeError(f"it crashed with {everything}")
        return await store_answer(*arguments, **named)

    monkeypatch.setattr("billfold.domain.billing.sync.store_answer", crash)
    await story.control(f"checkout/{session['sessionId']}/complete", {"outcome": "paid"})
    await story.app.installation.worker.drain()
    kept_while_failing = str(await every_row(story.app.installation.services.db))
    assert "it crashed with" in kept_while_failing
    check(story, "the database while a job fails", kept_while_failing)
    monkeypatch.setattr(StripeServer, "_answer", echo)
    await story.work()
    monkeypatch.setattr(StripeServer, "_answer", whole)
    await story.work()
    history = (await story.api("GET", f"/referrals/codes/{code}"))["code"]["referrals"]
    assert [each["status"] for each in history] == ["converted"], history


def check(story: Story, where: str, text: str) -> None:
    for name, secret in story.secrets.items():
        assert secret not in text, f"{name} stands in {where}"
    found = CLEAR.search(text)
    assert found is None, f"{where}: …{text[max(0, found.start() - 200) : found.start() + 12]}…"


def files_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode("latin-1") for path in folder.glob("billfold.db*")}


async def test_a_bad_day_leaves_no_secret_behind_f9(
    database_url: str, tmp_path: Path, log_lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(database_url)
    await story.app.start()
    try:
        await story.install()
        await a_bad_day(story, monkeypatch)
        rows = await every_row(story.app.installation.services.db)
    finally:
        await story.client.aclose()
        await story.app.stop()
    log = log_lines.getvalue()
    assert "job.failed" in log
    assert "stripe_webhook.bad_signature" in log
    assert story.made["teamId"] in str(rows)
    check(story, "the database", str(rows))
    check(story, "the log", log)
    for answer in story.answers:
        check(story, "an answer", answer)
    # What was deleted or overwritten may still stand in the file's free pages.
    for name, content in files_of(tmp_path).items():
        check(story, name, content)
