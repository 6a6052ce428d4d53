"""The code of the guides runs as it stands there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from billfold.app import create_app
from billfold.base.settings import load_settings
from billfold.domain.billing.stripe_event_types import EFFECTS
from billfold.domain.ledger.audit import audit
from billfold.infrastructure.db.migrating import migrate
from billfold.infrastructure.db.statements import metadata
from tests.app_fixtures import BASE_URL, SECRET_KEY, InstalledTeam, RunningBillfold, ShiftedClock, install_team
from tests.conftest import ON_POSTGRES
from tests.house.sources import ROOT, text

_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def code_of(page: str) -> dict[str, Any]:
    """Run the code of a guide and return what it defines."""
    source, *_ = _PYTHON.findall(text(ROOT / "docs" / "guide" / page))
    defined: dict[str, Any] = {}
    exec(compile(source, page, "exec"), defined)  # noqa: S102 - our own page
    return defined


async def test_the_code_of_the_referral_guide_brings_a_friend(billfold_app: RunningBillfold) -> None:
    guide = code_of("referrals.md")
    call = (billfold_app.client, billfold_app.path)

    product = (await call[0].post(f"{call[1]}/products", json={"name": "Pro"})).json()["product"]["id"]
    price_body = {"unitAmount": 2900, "interval": "month"}
    price = (await call[0].post(f"{call[1]}/products/{product}/prices", json=price_body)).json()["price"]["id"]
    await guide["set_up"](*call)
    wren, told = await guide["sign_up"](*call, "wren@example.com", None)
    assert told is None
    code = await guide["code_of"](*call, wren)
    assert await guide["code_of"](*call, wren) == code

    robin, told = await guide["sign_up"](*call, "robin@example.com", code.lower())
    assert told == "Your credit is waiting for your first subscription."
    _, told = await guide["sign_up"](*call, "wren+2@example.com", code)
    assert told == "A customer cannot refer themselves."
    _, told = await guide["sign_up"](*call, "finch@example.com", "NOSUCH22")
    assert told == "Referral code not found."

    url = await guide["checkout_url"](*call, robin, price)
    assert (await call[0].post(f"{url}/complete", json={"outcome": "paid"})).status_code == 200
    await billfold_app.drain()
    (referral,) = await guide["friends_of"](*call, code)
    assert referral["status"] == "converted"
    assert [(each["amount"], each["status"]) for each in referral["credits"]] == [(1000, "settled"), (500, "settled")]


def test_the_first_steps_choose_every_event_that_has_an_effect() -> None:
    page = text(ROOT / "docs" / "guide" / "first-steps.md")
    choice = page.partition("choose these events:")[2].partition("Which are used")[0]
    chosen = re.findall(r"`((?:[a-z_]+\.)+(?:\*|[a-z_]+))`", choice)
    patterns = [re.compile(re.escape(each).replace(r"\*", ".*")) for each in chosen]
    assert len(patterns) > 10
    assert not [each for each in EFFECTS if not any(pattern.fullmatch(each) for pattern in patterns)]


async def with_app(
    url: str, work: Callable[[httpx.AsyncClient, InstalledTeam, RunningBillfold], Awaitable[Any]], team: Any = None
) -> InstalledTeam:
    """Run `work` with a server on a database, as the team that is given or as a new one."""
    clock = ShiftedClock()
    application = create_app(load_settings(database_url=url, secret_key=SECRET_KEY), clock=clock, run_worker=False)
    await application.start()
    team = team or await install_team(application, team="Acme", email="owner@example.com")
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=team.headers) as client:
        await work(client, team, RunningBillfold(application, clock, team, client, client))
    await application.stop()
    made: InstalledTeam = team
    return made


@pytest.mark.skipif(not ON_POSTGRES, reason="it moves from SQLite to PostgreSQL")
async def test_the_code_of_the_first_steps_moves_everything_to_postgresql(
    empty_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "billfold.db"
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    metadata.create_all(engine)
    guide = code_of("referrals.md")
    seen: dict[str, Any] = {}

    async def bring(name: str, client: httpx.AsyncClient, path: str, app: RunningBillfold) -> None:
        friend, told = await guide["sign_up"](client, path, f"{name}@example.com", seen["code"])
        assert told == "Your credit is waiting for your first subscription."
        url = await guide["checkout_url"](client, path, friend, seen["price"])
        assert (await client.post(f"{url}/complete", json={"outcome": "paid"})).status_code == 200
        await app.drain()

    async def live(client: httpx.AsyncClient, team: InstalledTeam, app: RunningBillfold) -> None:
        await guide["set_up"](client, team.path)
        product = (await client.post(f"{team.path}/products", json={"name": "Pro"})).json()["product"]["id"]
        price = {"unitAmount": 2900, "interval": "month"}
        made = await client.post(f"{team.path}/products/{product}/prices", json=price)
        seen["price"] = made.json()["price"]["id"]
        wren, _ = await guide["sign_up"](client, team.path, "wren@example.com", None)
        seen["code"] = await guide["code_of"](client, team.path, wren)
        await bring("robin", client, team.path, app)
        seen["friends"] = await guide["friends_of"](client, team.path, seen["code"])

    async def go_on(client: httpx.AsyncClient, team: InstalledTeam, app: RunningBillfold) -> None:
        assert await guide["friends_of"](client, team.path, seen["code"]) == seen["friends"]
        await bring("finch", client, team.path, app)
        friends = await guide["friends_of"](client, team.path, seen["code"])
        assert [[each["status"] for each in friend["credits"]] for friend in friends] == [["settled"] * 2] * 2
        assert await app.services.db.snapshot(audit) == []

    team = await with_app(f"sqlite:///{file}", live)
    await migrate(empty_database_url)
    await code_of("first-steps.md")["move"](str(file), empty_database_url)
    await with_app(empty_database_url, go_on, team)
    engine.dispose()
