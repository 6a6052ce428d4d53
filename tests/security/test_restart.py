"""What must outlive the process: an idempotency key and its answer (SCENARIOS C9)."""

from __future__ import annotations

import httpx

from billfold.app import Application, create_app
from billfold.base.settings import load_settings
from tests.app_fixtures import BASE_URL, SECRET_KEY, InstalledTeam, RunningBillfold, install_team
from tests.security.neighbours import make_key


def server(database_url: str) -> Application:
    settings = load_settings(database_url=database_url, secret_key=SECRET_KEY, bad_keys_per_minute=0)
    return create_app(settings, run_worker=False)


async def post_customer(app: Application, team: InstalledTeam, key: str, email: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "the same"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
        return await client.post(team.path + "/customers", json={"email": email}, headers=headers)


async def test_a_request_repeated_after_a_restart_gets_its_first_answer_c9(database_url: str) -> None:
    first = server(database_url)
    await first.start()
    team = await install_team(first, team="Acme", email="owner@example.com")
    before = await post_customer(first, team, team.api_key, "jane@example.com")
    await first.stop()
    assert before.status_code == 201
    second = server(database_url)
    await second.start()
    try:
        after = await post_customer(second, team, team.api_key, "jane@example.com")
        assert (after.status_code, after.content) == (201, before.content)
        assert after.headers["idempotent-replayed"] == "true"
        assert (await post_customer(second, team, team.api_key, "john@example.com")).status_code == 409
    finally:
        await second.stop()


async def test_the_key_belongs_to_the_project_and_not_to_the_caller_c9(billfold_app: RunningBillfold) -> None:
    """Two API keys of one project are two servers of one shop: the second one repeats what the first one did not hear."""
    app, team = billfold_app.application, billfold_app.team
    other = await make_key(billfold_app, team.team_id, project_id=team.project_id, scopes=["customers:write"])
    first = await post_customer(app, team, team.api_key, "jane@example.com")
    second = await post_customer(app, team, other, "jane@example.com")
    assert (second.status_code, second.content) == (201, first.content)
    # A key without the scope is refused before anything recorded is looked at.
    reader = await make_key(billfold_app, team.team_id, scopes=["customers:read"])
    assert (await post_customer(app, team, reader, "jane@example.com")).status_code == 403
