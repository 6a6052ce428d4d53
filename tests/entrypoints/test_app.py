from __future__ import annotations

from typing import Any

import pytest

from billfold.app import Application, create_app
from billfold.base.settings import load_settings
from tests.app_fixtures import SECRET_KEY, RunningBillfold

_NOTHING = "There is nothing at this address: see /reference for those that there are."


async def test_an_unknown_address_is_404_in_the_envelope(billfold_app: RunningBillfold) -> None:
    for path in ("/api", "/api/nothing", "/api/billstackx", "/healthz/x"):
        answer = await billfold_app.anonymous.get(path)
        assert (answer.status_code, answer.json()) == (404, {"error": _NOTHING}), path


async def test_an_unknown_address_of_the_affiliate_api_is_404_in_the_envelope_of_that_api(
    billfold_app: RunningBillfold,
) -> None:
    for path in ("/v1", "/v1/nothing", "/v1/affiliate/nothing"):
        answer = await billfold_app.anonymous.get(path)
        told = {
            "statusCode": 404,
            "message": "There is nothing at this address.",
            "error": "Not Found",
            "code": "NOT_FOUND",
        }
        assert (answer.status_code, answer.json()) == (404, told), path


async def test_an_unknown_page_is_a_page(billfold_app: RunningBillfold) -> None:
    answer = await billfold_app.anonymous.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is no such page." in answer.text


async def test_no_answer_of_an_api_is_cached_or_read_as_another_type(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    for path, status in (
        (f"{app.path}/customers", 200),
        (f"{app.path}/nothing", 404),
        ("/api/billstack/openapi.json", 200),
        ("/api/auth/session", 401),
        ("/api/referral/stats", 401),
        ("/v1/affiliate", 401),
        ("/v1/affiliate/track", 405),
        ("/api/nothing", 404),
        ("/healthz", 200),
        ("/sign-in", 200),
        ("/nothing", 404),
        ("/static/nothing.css", 404),
        ("/brand/nothing/logo", 404),
    ):
        answer = await app.client.get(path)
        assert answer.status_code == status, path
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"], path
        assert answer.headers.get_list("cache-control") == ["no-store"], path


async def test_an_address_that_takes_another_method_says_which(billfold_app: RunningBillfold) -> None:
    for path, allowed in (
        (f"{billfold_app.path}/customers", "GET, POST"),
        (f"/v1/apps/{billfold_app.team.project_id}/affiliates", "GET, POST"),
        ("/v1/affiliate/track", "POST, OPTIONS"),
        ("/api/referral/convert", "POST, OPTIONS"),
        ("/api/auth/sign-in", "POST"),
        ("/sign-in", "GET, HEAD, POST"),
    ):
        answer = await billfold_app.client.put(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed), path


async def test_healthz_tells_whether_the_database_answers(billfold_app: RunningBillfold) -> None:
    answer = await billfold_app.anonymous.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_body_that_is_too_large_is_refused_at_every_door(billfold_app: RunningBillfold) -> None:
    team_id = billfold_app.team.team_id
    for path in (f"{billfold_app.path}/customers", f"/api/webhooks/stripe/{team_id}", f"/simulator/{team_id}/clock"):
        answer = await billfold_app.client.post(path, content=b"x" * (1024 * 1024 + 1))
        assert answer.status_code == 413, path


async def test_a_form_that_is_too_large_is_refused_by_a_page(billfold_app: RunningBillfold) -> None:
    for path in ("/sign-in", "/console/theme", "/nothing"):
        answer = await billfold_app.anonymous.post(path, content=b"x" * (1024 * 1024 + 1))
        assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
        assert "The request body is larger than 1048576 bytes." in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_every_door_is_there(billfold_app: RunningBillfold) -> None:
    team = billfold_app.team
    simulator_key = {"Authorization": f"Bearer {team.simulator_secret_key}"}
    assert (await billfold_app.client.get(f"{team.path}/customers")).status_code == 200
    assert (await billfold_app.anonymous.get("/api/billstack/openapi.json")).status_code == 200
    assert (await billfold_app.anonymous.post(f"/api/webhooks/stripe/{team.team_id}")).status_code == 400
    assert (
        await billfold_app.anonymous.get("/simulator/stripe/v1/customers", headers=simulator_key)
    ).status_code == 200
    assert (await billfold_app.client.post(f"/simulator/{team.team_id}/clock", json={})).status_code == 400


async def test_without_the_simulator_its_doors_are_shut(database_url: str) -> None:
    settings = load_settings(database_url=database_url, secret_key=SECRET_KEY, simulator=False)
    application = create_app(settings, run_worker=False)
    doors = [prefix for prefix, _ in application._mounts]
    assert "/api/billstack" in doors
    assert not [prefix for prefix in doors if "simulator" in prefix]


async def test_an_unexpected_failure_is_a_plain_500(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError("something inside")

    monkeypatch.setattr(billfold_app.application, "_dispatch", fail)
    monkeypatch.setattr(billfold_app.application._limited, "_app", fail)
    answer = await billfold_app.anonymous.get("/healthz")
    assert (answer.status_code, answer.json()) == (500, {"error": "Something went wrong on our side. Try again."})


async def test_the_lifespan_starts_and_stops_the_server(database_url: str) -> None:
    settings = load_settings(database_url=database_url, secret_key=SECRET_KEY)
    application: Application = create_app(settings)
    incoming = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]
    sent: list[str] = []

    async def receive() -> Any:
        return incoming.pop()

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await application({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
