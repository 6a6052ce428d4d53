"""Signing in for programs (contract G38)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.people.conftest import COOKIE, OWNER, PASSWORD, House
from tests.people.test_account import enrol

RIGHT = {"email": OWNER, "password": PASSWORD}


async def post(house: House, path: str, body: Any, **headers: str) -> httpx.Response:
    return await house.visitor().client.post(f"/api/auth{path}", json=body, headers=headers)


async def test_a_program_signs_in_looks_and_signs_out(house: House) -> None:
    await house.owner()
    client = house.visitor().client
    answer = await client.post("/api/auth/sign-in", json=RIGHT)
    assert answer.status_code == 200
    assert answer.json()["session"]["email"] == OWNER
    token = client.cookies.get(COOKIE)
    assert token
    assert token not in answer.text
    seen = (await client.get("/api/auth/session")).json()
    assert [(team["name"], team["role"]) for team in seen["teams"]] == [("Northlight", "owner")]
    assert (await client.get(f"/api/billstack/teams/{seen['teams'][0]['id']}")).status_code == 200
    assert (await client.post("/api/auth/sign-out")).json() == {"success": True}
    assert client.cookies.get(COOKIE) is None
    answer = await house.visitor().client.get("/api/auth/session", headers={"Cookie": f"{COOKIE}={token}"})
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "no-store"


async def test_signing_out_everywhere_ends_every_session(house: House) -> None:
    owner = await house.owner()
    client = house.visitor().client
    await client.post("/api/auth/sign-in", json=RIGHT)
    await client.post("/api/auth/sign-out", json={"everywhere": True})
    assert not await owner.is_in()


async def test_wrong_passwords_are_401_and_then_429_with_a_time_to_wait(house: House) -> None:
    await house.owner()
    answers = [await post(house, "/sign-in", RIGHT | {"password": "wrong"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "do not belong together" in answers[0].json()["error"]


async def test_the_second_factor_goes_with_the_password_or_after_it(house: House) -> None:
    app, codes = await enrol(house, await house.owner())
    client = house.visitor().client
    answer = await client.post("/api/auth/sign-in", json=RIGHT)
    assert answer.json()["session"]["secondFactorPassed"] is False
    assert (await client.get("/api/auth/session")).status_code == 401
    assert (await client.post("/api/auth/second-factor", json={"code": "000000"})).status_code == 401
    answer = await client.post("/api/auth/second-factor", json={"code": app.at(house.clock.now())})
    assert answer.json()["session"]["secondFactorPassed"] is True
    assert (await client.get("/api/auth/session")).status_code == 200
    assert (await client.post("/api/auth/second-factor", json={"code": codes[0]})).status_code == 401
    assert (await post(house, "/sign-in", RIGHT | {"code": codes[0]})).json()["session"]["secondFactorPassed"] is True
    assert (await post(house, "/sign-in", RIGHT | {"code": codes[0]})).status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/second-factor", "/sign-out"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_page_of_another_site_is_refused_f5(house: House, path: str, headers: dict[str, str]) -> None:
    await house.owner()
    answer = await post(house, path, RIGHT | {"code": "1"}, **headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"email":"ines@example.com","password":"correct horse battery"}', "text/plain"),
        (b"email=ines@example.com", "application/x-www-form-urlencoded"),
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"email":1,"password":"x"}', "application/json"),
        (b'{"email":"a@example.com"}', "application/json"),
        (b'{"email":"a@example.com","password":"\\ud800"}', "application/json"),
        (b'{"email":"a\\u0000@example.com","password":""}', "application/json"),
        (b"\xff", "application/json"),
    ],
)
async def test_a_bad_body_is_refused_with_a_sentence(house: House, content: bytes, content_type: str) -> None:
    await house.owner()
    answer = await house.visitor().client.post(
        "/api/auth/sign-in", content=content, headers={"Content-Type": content_type}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_unknown_addresses_and_methods_speak_json(house: House) -> None:
    client = house.visitor().client
    assert (await client.get("/api/auth/sign-in")).status_code == 405
    assert (await client.get("/api/auth/nothing")).json() == {"error": "There is nothing here."}
