"""The public route: what it takes, what it answers, and whom it holds up (contract sections 9.2, 10 and 11)."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import httpx
import pytest

from billfold.app import create_app
from billfold.base.settings import load_settings
from billfold.domain.referrals import code_limits
from billfold.entrypoints.api.referral.convert import is_disposable
from billfold.entrypoints.rate_limits import RateLimit
from tests.api.referral.conftest import PROGRAM, ReferralApi
from tests.app_fixtures import SECRET_KEY, RunningBillfold, ShiftedClock, install_team
from tests.logins import token

NOT_CONVERTED: Final = {"success": True, "data": {"converted": False, "referrerId": None}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"1",
        b'{"referralCode":"A1B2C3D4"}',
        b'{"email":"a@example.com"}',
        b'{"referralCode":"","email":"a@example.com"}',
        b'{"referralCode":"123456789012345678901","email":"a@example.com"}',
        b'{"referralCode":1,"email":"a@example.com"}',
        b'{"referralCode":null,"email":"a@example.com"}',
        b'{"referralCode":["A"],"email":"a@example.com"}',
        b'{"referralCode":"A1B2C3D4","email":""}',
        b'{"referralCode":"A1B2C3D4","email":"no address"}',
        b'{"referralCode":"A1B2C3D4","email":"@example.com"}',
        b'{"referralCode":"A1B2C3D4","email":"a@"}',
        b'{"referralCode":"A1B2C3D4","email":"a@b@example.com"}',
        b'{"referralCode":"A1B2C3D4","email":"a b@example.com"}',
        b'{"referralCode":"A1B2C3D4","email":1}',
        b'{"referralCode":"A1B2C3D4","email":{}}',
        b'{"referralCode":"A1B2C3D4","email":"a\\u0000@example.com"}',
        b'{"referralCode":"A1B2C3D4","email":"\\ud800@example.com"}',
        b'{"referralCode":"A1B2C3D4","email":"\xff@example.com"}',
        b'{"referralCode":"A1B2C3D4","email":"' + b"a" * 244 + b'@example.com"}',
        b"[" * 2_000,
    ],
)
async def test_a_body_that_is_wrong_is_answered_400(referral: ReferralApi, body: bytes) -> None:
    answer = await referral.app.anonymous.post(
        "/api/referral/convert", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["success", "error"]
    assert answer.json()["success"] is False
    assert answer.json()["error"].startswith("Validation error: ")


async def test_unknown_fields_are_ignored_and_both_limits_are_inclusive(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    longest = "a" * 243 + "@example.com"
    assert len(longest) == 255
    answer = await referral.app.anonymous.post(
        "/api/referral/convert", json={"referralCode": code, "email": longest, "name": "x", "referrerId": "pc_x"}
    )
    assert answer.json()["data"]["converted"] is True
    assert (await referral.convert("A" * 20, "a@example.com")).json() == NOT_CONVERTED
    assert (await referral.convert("\0" * 5, "a@example.com")).json() == NOT_CONVERTED


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{lower}", "\t{lower}\n"])
async def test_codes_are_taken_in_every_spelling(referral: ReferralApi, jane: str, spelling: str) -> None:
    code = await referral.code_of(jane)
    answer = await referral.convert(spelling.format(code, lower=code.lower()), "newuser@example.com")
    assert answer.json()["data"]["converted"] is True


async def test_the_answer_of_the_published_page_for_an_unknown_code(referral: ReferralApi) -> None:
    assert (await referral.convert("A1B2C3D4", "newuser@example.com")).json() == NOT_CONVERTED


async def test_the_same_address_converts_once_for_ever(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    other = await referral.code_of(token(sub="other", email="other@example.com"))
    assert (await referral.convert(code, "newuser@example.com")).json()["data"]["converted"]
    for again in ("newuser@example.com", "NewUser@Example.com", " newuser@example.com "):
        assert (await referral.convert(code, again)).json() == NOT_CONVERTED
        assert (await referral.convert(other, again)).json() == NOT_CONVERTED
    assert (await referral.stats_of(jane))["totalReferrals"] == 1


async def test_the_owners_own_address_does_not_convert(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    for own in ("jane@example.com", "JANE@example.com", "jane+new@example.com"):
        assert (await referral.convert(code, own)).json() == NOT_CONVERTED
    assert (await referral.stats_of(jane))["totalReferrals"] == 0


async def test_a_disposable_domain_has_the_answer_of_an_unknown_code(referral: ReferralApi, jane: str) -> None:
    await referral.put_program(refuse_disposable=True)
    code = await referral.code_of(jane)
    assert (await referral.convert(code, "x@mailinator.com")).json() == NOT_CONVERTED
    assert (await referral.convert(code, "x@mail.Mailinator.com")).json() == NOT_CONVERTED
    assert (await referral.convert(code, "x@example.com")).json()["data"]["converted"]


async def test_a_project_may_take_disposable_domains(referral: ReferralApi, jane: str) -> None:
    await referral.put_program(refuse_disposable=False)
    code = await referral.code_of(jane)
    assert (await referral.convert(code, "x@mailinator.com")).json()["data"]["converted"]


async def test_a_program_that_does_not_say_refuses_disposable_domains(referral: ReferralApi, jane: str) -> None:
    rule = {
        "earner": "referrer",
        "earnedOn": "conversion",
        "amount": {"type": "fixed", "value": 5, "unit": "ai_credits"},
        "settlesAs": "wallet",
    }
    body = {"enabled": True, "convertsOn": "signup", "rules": [rule]}
    answer = await referral.app.client.put(f"{referral.app.path}/programs/{PROGRAM}", json=body)
    assert answer.status_code == 200, answer.text
    code = await referral.code_of(jane)
    assert (await referral.convert(code, "x@mailinator.com")).json() == NOT_CONVERTED


def test_a_domain_that_ends_alike_is_not_disposable() -> None:
    assert is_disposable("a@mailinator.com")
    assert not is_disposable("a@mailinator.com.example.com")
    assert not is_disposable("a@xmailinator.example.com")
    assert not is_disposable("mailinator.com@example.com")
    assert not is_disposable("")


async def test_a_body_over_two_kibibytes_is_answered_413(referral: ReferralApi) -> None:
    answer = await referral.app.anonymous.post(
        "/api/referral/convert", json={"referralCode": "A1B2C3D4", "email": "a@example.com", "x": "x" * 2_048}
    )
    assert (answer.status_code, answer.json()["success"]) == (413, False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "application/json", "content-encoding": "gzip"}, 415),
        ({"content-type": "Application/JSON; charset=utf-8"}, 200),
        ({"content-type": "application/vnd.app+json"}, 200),
    ],
)
async def test_a_body_that_is_no_json_is_answered_415(
    referral: ReferralApi, headers: dict[str, str], status: int
) -> None:
    answer = await referral.app.anonymous.post(
        "/api/referral/convert", content=b'{"referralCode":"A1B2C3D4","email":"a@example.com"}', headers=headers
    )
    assert answer.status_code == status
    assert answer.json()["success"] is (status == 200)


@pytest.mark.parametrize(
    ("method", "name", "status"),
    [
        ("GET", "convert", 405),
        ("PUT", "convert", 405),
        ("POST", "link", 405),
        ("HEAD", "link", 405),
        ("DELETE", "stats", 405),
        ("GET", "", 404),
        ("GET", "other", 404),
        ("GET", "link/", 404),
        ("POST", "convert/x", 404),
        ("GET", "../billstack", 404),
    ],
)
async def test_other_addresses_and_methods_are_answered_in_the_envelope(
    referral: ReferralApi, method: str, name: str, status: int
) -> None:
    answer = await referral.app.anonymous.request(method, f"/api/referral/{name}")
    assert answer.status_code == status
    if method != "HEAD" and "billstack" not in name:
        assert answer.json()["success"] is False
    if status == 405:
        assert "OPTIONS" in answer.headers["allow"]


async def test_what_goes_wrong_on_our_side_has_the_words_of_the_page(
    referral: ReferralApi, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await referral.code_of(jane)

    async def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the disk is gone")

    database = type(referral.app.services.db)
    monkeypatch.setattr(database, "write", fail)
    convert = await referral.convert(code, "newuser@example.com")
    monkeypatch.setattr(database, "read", fail)
    link, stats = await referral.get("link", jane), await referral.get("stats", jane)
    answers = [(answer.status_code, answer.json()) for answer in (link, convert, stats)]
    assert answers == [
        (500, {"success": False, "error": "Failed to get referral link"}),
        (500, {"success": False, "error": "Failed to convert referral"}),
        (500, {"success": False, "error": "Failed to get referral stats"}),
    ]


async def test_a_server_without_such_a_program_says_what_to_do(billfold_app: RunningBillfold) -> None:
    api = ReferralApi(billfold_app)
    answer = await api.convert("A1B2C3D4", "newuser@example.com")
    assert answer.status_code == 400
    assert "BILLFOLD_REFERRAL_PROJECT" in answer.json()["error"]
    await api.put_login()
    assert (await api.get("link", token())).status_code == 404
    assert await api.stats_of(token()) == {
        "totalReferrals": 0,
        "convertedReferrals": 0,
        "pendingReferrals": 0,
        "totalRewards": 0,
    }


async def test_with_two_programs_the_host_tells_the_project(referral: ReferralApi, jane: str) -> None:
    other = await referral.app.install()
    await referral.put_program(other, hosts=("second.example.com",))
    code = await referral.code_of(jane)
    assert (await referral.convert(code, "a@example.com")).status_code == 400
    await referral.put_program(hosts=("first.example.com",))
    for host, converts in (("second.example.com", False), ("First.example.com:8000", True)):
        answer = await referral.convert(code, "a@example.com", headers={"host": host})
        assert answer.json()["data"]["converted"] is converts, host


async def test_a_project_is_not_told_by_a_host_that_is_written_like_its_id(referral: ReferralApi, jane: str) -> None:
    other = await referral.app.install()
    await referral.put_program(other)
    await referral.put_program(hosts=("first.example.com",))
    code = await referral.code_of(jane)
    # What was just found by its id is remembered.
    assert (await referral.get("link", token())).status_code == 200
    answer = await referral.convert(code, "a@example.com", headers={"host": referral.app.team.project_id})
    assert answer.status_code == 400


async def _limited(database_url: str, **settings: Any) -> tuple[ReferralApi, RunningBillfold]:
    clock = ShiftedClock()
    application = create_app(
        load_settings(database_url=database_url, secret_key=SECRET_KEY, **settings), clock=clock, run_worker=False
    )
    await application.start()
    team = await install_team(application, team="Acme", email="owner@example.com")
    transport = httpx.ASGITransport(app=application, client=("203.0.113.7", 5_000))
    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=team.headers)
    anonymous = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
    app = RunningBillfold(application, clock, team, client, anonymous)
    api = ReferralApi(app)
    await api.put_login()
    await api.put_program()
    return api, app


async def _close(app: RunningBillfold) -> None:
    await app.client.aclose()
    await app.anonymous.aclose()
    await app.application.stop()


async def test_an_address_that_asks_too_often_is_answered_429(database_url: str) -> None:
    api, app = await _limited(database_url, referral_address_limit=3)
    answers = [await api.convert("A1B2C3D4", f"a{number}@example.com") for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["success"] is False
    assert 1 <= int(answers[3].headers["retry-after"]) <= 15 * 60
    await _close(app)


async def test_a_code_that_is_asked_for_too_often_is_answered_429_and_another_is_not(database_url: str) -> None:
    api, app = await _limited(database_url, referral_code_limit=2)
    asked = ("A1B2C3D4", "a1b2c3d4 ", "A1B2C3D4", "B1B2C3D4")
    answers = [await api.convert(code, f"a{number}@example.com") for number, code in enumerate(asked)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    await _close(app)


async def test_who_guesses_codes_is_stopped_and_does_not_find_the_right_one_f8(database_url: str) -> None:
    api, app = await _limited(database_url)
    code = await api.code_of(token())
    guesses = [await api.convert(f"A1B2C{number:03}", f"a{number}@example.com") for number in range(101)]
    assert [answer.status_code for answer in guesses] == [200] * 100 + [429]
    assert not any(answer.json()["data"]["converted"] for answer in guesses[:100])
    found = await api.convert(code, "friend@example.com")
    assert found.status_code == 429
    elsewhere = httpx.ASGITransport(app=app.application, client=("198.51.100.9", 5_000))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://127.0.0.1:8000") as friend:
        body = {"referralCode": f" {code.lower()} ", "email": "friend@example.com"}
        assert (await friend.post("/api/referral/convert", json=body)).json()["data"]["converted"] is True
    await _close(app)


async def test_the_named_project_is_meant_when_the_host_does_not_tell(database_url: str) -> None:
    api, app = await _limited(database_url, referral_project="proj_unknown")
    answer = await api.convert("A1B2C3D4", "newuser@example.com")
    assert answer.status_code == 400
    await _close(app)


async def test_wrong_tokens_without_end_are_answered_429_and_right_ones_are_not(database_url: str) -> None:
    api, app = await _limited(database_url, bad_keys_per_minute=3)
    answers = [await api.get("link", "x") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert (await api.get("link", token())).status_code == 200
    await _close(app)


def test_a_limit_refills_evenly_and_zero_is_none() -> None:
    seconds = [0.0]
    limit = RateLimit(2, 60, monotonic=lambda: seconds[0])
    assert [limit.take("a"), limit.take("a"), limit.take("a"), limit.take("b")] == [0, 0, 30, 0]
    seconds[0] = 30
    assert [limit.take("a"), limit.take("a")] == [0, 30]
    assert not any(RateLimit(0, 60).take("a") for _ in range(100))


ORIGIN: Final = "https://app.example.com"


async def test_a_listed_origin_may_call_and_read_even_a_refusal(referral: ReferralApi, jane: str) -> None:
    await referral.put_program(origins=(ORIGIN,))
    origin = {"origin": ORIGIN}
    for answer in (
        await referral.convert("A1B2C3D4", "a@example.com", headers=origin),
        await referral.convert("", "a@example.com", headers=origin),
        await referral.get("link", jane, headers=origin),
        await referral.get("stats", "x", headers=origin),
    ):
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in answer.headers


async def test_a_preflight_is_answered_for_a_listed_origin_only(referral: ReferralApi) -> None:
    await referral.put_program(origins=(ORIGIN,))
    for name, method in (("convert", "POST"), ("link", "GET"), ("stats", "GET")):
        answer = await referral.app.anonymous.options(
            f"/api/referral/{name}", headers={"origin": ORIGIN, "access-control-request-method": method}
        )
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["access-control-allow-methods"] == method
        assert "authorization" in answer.headers["access-control-allow-headers"]
    for origin in ("https://evil.example.com", "null", ORIGIN + ".evil.example", "http://app.example.com"):
        answer = await referral.app.anonymous.options("/api/referral/link", headers={"origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        answer = await referral.convert("A1B2C3D4", "a@example.com", headers={"origin": origin})
        assert "access-control-allow-origin" not in answer.headers


async def test_many_addresses_at_once_are_each_counted(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    answers = await asyncio.gather(*(referral.convert(code, f"user{number}@example.com") for number in range(40)))
    assert all(answer.json()["data"]["converted"] for answer in answers)
    assert await referral.stats_of(jane) == {
        "totalReferrals": 40,
        "convertedReferrals": 40,
        "pendingReferrals": 0,
        "totalRewards": 200,
    }


async def test_c3_a_code_with_a_limit_converts_that_many_however_many_come_at_once(
    referral: ReferralApi, jane: str
) -> None:
    code = await referral.code_of(jane)
    services, project_id = referral.app.services, referral.app.team.project_id
    await services.db.write(code_limits.set_limit, project_id, code, max_uses=3, at=services.clock.now())
    answers = await asyncio.gather(*(referral.convert(code, f"friend-{number}@example.com") for number in range(12)))
    assert sum(answer.json()["data"]["converted"] for answer in answers) == 3
    assert (await referral.stats_of(jane))["totalReferrals"] == 3
