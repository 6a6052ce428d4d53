"""Rate limits and their headers, the envelope, and codes: contract section 1, A10, A13; SCENARIOS F7, F8."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from billfold.app import create_app
from billfold.base.ids import new_referral_code
from billfold.base.settings import load_settings
from billfold.domain.referrals import codes
from billfold.domain.referrals.codes import normalised_code
from tests.affiliate.conftest import Affiliates
from tests.app_fixtures import BASE_URL, SECRET_KEY, RunningBillfold, ShiftedClock, install_team

_STATUS: Final = "/v1/affiliate/apply/status?email=partner@example.com"


@pytest.fixture
async def limited(database_url: str) -> AsyncIterator[Affiliates]:
    """A server whose limits are small."""
    settings = load_settings(
        database_url=database_url,
        secret_key=SECRET_KEY,
        bad_keys_per_minute=5,
        key_requests_per_minute=7,
        session_requests_per_minute=3,
    )
    clock = ShiftedClock()
    application = create_app(settings, clock=clock, run_worker=False)
    await application.start()
    team = await install_team(application, team="Acme", email="owner@example.com")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url=BASE_URL) as client:
        yield Affiliates(RunningBillfold(application, clock, team, client, client), team)
    await application.stop()


async def test_every_answer_counts_down_and_says_when_it_starts_anew(limited: Affiliates) -> None:
    key = {"x-api-key": limited.team.api_key}
    left = []
    for _ in range(7):
        answer = await limited.send("GET", "/v1/affiliate/by-customer/none", headers=key)
        assert answer.status_code == 200
        assert answer.headers["x-ratelimit-limit"] == "7"
        assert int(answer.headers["x-ratelimit-reset"]) > limited.app.clock.now().timestamp()
        left.append(int(answer.headers["x-ratelimit-remaining"]))
    assert left == [6, 5, 4, 3, 2, 1, 0]
    refused = await limited.send("GET", "/v1/affiliate/by-customer/none", headers=key)
    assert refused.status_code == 429
    assert refused.json()["error"] == "Too Many Requests"
    assert 0 < int(refused.headers["retry-after"]) <= 60


async def test_the_limits_are_those_of_the_page(affiliates: Affiliates) -> None:
    settings = affiliates.app.services.settings
    assert (settings.key_requests_per_minute, settings.session_requests_per_minute) == (1_000, 100)


async def test_a_status_by_address_is_asked_sixty_times_a_minute_by_a_key_a10(affiliates: Affiliates) -> None:
    key = {"x-api-key": affiliates.team.api_key}
    answers = [await affiliates.send("GET", _STATUS, headers=key) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]


async def test_a_status_without_a_key_is_401_and_guessing_keys_ends_f7(limited: Affiliates) -> None:
    assert (await limited.send("GET", _STATUS)).status_code == 401
    seen = []
    for number in range(8):
        # A header that no trusted proxy wrote is not looked at, so it makes nobody a stranger.
        headers = {"x-api-key": f"bs_{number:048d}", "X-Forwarded-For": f"203.0.113.{number}"}
        seen.append((await limited.send("GET", _STATUS, headers=headers)).status_code)
    assert seen == [401] * 4 + [429] * 4
    right = await limited.send("GET", _STATUS, headers={"x-api-key": limited.team.api_key})
    assert right.status_code == 200


async def test_refusals_are_in_the_envelope(affiliates: Affiliates) -> None:
    missing = await affiliates.send("GET", "/v1/affiliate/none")
    assert missing.json() == {
        "statusCode": 404,
        "message": "There is nothing at this address.",
        "error": "Not Found",
        "code": "NOT_FOUND",
    }
    assert (await affiliates.send("PUT", "/v1/affiliate/apply")).json()["statusCode"] == 405
    large = await affiliates.send("POST", "/v1/affiliate/apply", content=b"x" * 70_000)
    assert (large.status_code, large.json()["statusCode"]) == (413, 413)
    key: dict[str, Any] = {"headers": {"x-api-key": affiliates.team.api_key, "content-type": "application/json"}}
    for body in (b"{", b"[]", b"", b'{"email":1,"name":"x"}', b'{"name":"a","name":"b"}', b"\xff"):
        answer = await affiliates.send("POST", "/v1/affiliate/apply", content=body, **key)
        assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR"), body


def test_generated_codes_are_normal_and_do_not_look_alike_f8() -> None:
    made = {new_referral_code() for _ in range(20_000)}
    assert len(made) > 19_990
    assert not any(set(code) & set("01OI") for code in made)
    assert all(normalised_code(code.lower()) == code for code in made)


async def test_a_clash_of_codes_is_noticed_and_tried_again_f8(
    affiliates: Affiliates, monkeypatch: pytest.MonkeyPatch
) -> None:
    await affiliates.enrol("first@example.com", "AAAAAAAA")
    drawn = iter(["AAAAAAAA", "AAAAAAAA", "BBBBBBBB"])
    monkeypatch.setattr(codes, "new_referral_code", lambda: next(drawn))
    assert (await affiliates.enrol("second@example.com"))["code"] == "BBBBBBBB"


async def test_one_text_goes_to_one_of_many_who_ask_at_once_f8(affiliates: Affiliates) -> None:
    applications = [await affiliates.apply(f"p{number}@example.com") for number in range(6)]
    decisions = [
        affiliates.review(each, {"action": "approve", "code": "ONLYONE"}, expect=None) for each in applications
    ]
    outcomes = await asyncio.gather(*decisions)
    assert sorted(outcome.get("statusCode", 201) for outcome in outcomes) == [201] + [409] * 5
