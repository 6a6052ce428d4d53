from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from billfold.domain.referrals import codes, publishable_keys
from billfold.domain.referrals.clicks import count_clicks, count_step, prune
from tests.attribution.partnership import Partnership

PAGE = "https://app.example.com/pricing?ref=JANE20"
ORIGIN = "https://www.example.com"


async def track(partnership: Partnership, key: str | None = None, **body: object) -> httpx.Response:
    headers = {"x-api-key": key or partnership.app.team.api_key}
    return await partnership.app.anonymous.post(
        "/v1/affiliate/track", json={"code": "jane20", "url": PAGE, **body}, headers=headers
    )


async def page_key(partnership: Partnership) -> str:
    made = await partnership.app.services.db.write(
        publishable_keys.add_key, project_id=partnership.project_id, origins=[ORIGIN], now=partnership.at()
    )
    return made.key


async def from_page(partnership: Partnership, key: str, origin: str = ORIGIN, **body: object) -> httpx.Response:
    given = {"code": "JANE20", "url": "https://www.example.com/", "consent": "granted", **body}
    return await partnership.app.anonymous.post(
        "/v1/affiliate/track", json=given, headers={"x-api-key": key, "origin": origin, "user-agent": "Mozilla/5.0"}
    )


async def test_a_backend_tells_of_a_click_and_hears_what_binds_a_customer(partnership: Partnership) -> None:
    answer = await track(partnership)
    assert answer.status_code == 201
    told = answer.json()
    assert told["tracked"] is True
    assert told["referralId"].startswith("clk_")
    assert told["visitorId"].startswith("vis_")
    assert told["expiresAt"].endswith("Z")
    assert answer.headers["x-ratelimit-limit"] == "60000"
    bound = await partnership.customer("buyer@example.com", referralId=told["referralId"])
    assert bound["attribution"]["bound"] is True  # type: ignore[index]


@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
async def test_both_ways_to_send_the_key_are_taken(partnership: Partnership, header: str) -> None:
    key = partnership.app.team.api_key
    sent = {header: key if header == "x-api-key" else f"Bearer {key}"}
    answer = await partnership.app.anonymous.post(
        "/v1/affiliate/track", json={"code": "JANE20", "landingUrl": PAGE}, headers=sent
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("code", ["NOBODY", "//", "a b"])
async def test_an_unknown_code_is_answered_404_with_the_contracts_code(partnership: Partnership, code: str) -> None:
    answer = await track(partnership, code=code)
    assert (answer.status_code, answer.json()["code"]) == (404, "AFFILIATE_NOT_FOUND")


async def test_a_program_that_is_off_and_a_code_that_is_off_are_answered_404(partnership: Partnership) -> None:
    await partnership.app.services.db.write(codes.deactivate, partnership.project_id, "JANE20", at=partnership.at())
    assert (await track(partnership)).status_code == 404
    assert (await track(partnership, code="OWEN15")).status_code == 201
    await partnership.switch(enabled=False)
    assert (await track(partnership, code="OWEN15")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"url": "javascript:alert(1)"},
        {"url": "https://evil.example.net/"},
        {"url": "https://app.example.com@evil.example.net/"},
        {"url": None},
        {"url": 5},
        {"code": ""},
        {"code": "x" * 65},
        {"url": "https://app.example.com/" + "a" * 3_000},
    ],
)
async def test_what_is_no_page_of_the_apps_is_refused(partnership: Partnership, body: dict[str, Any]) -> None:
    answer = await track(partnership, **body)
    assert answer.status_code == 400
    assert answer.json()["error"] == "Bad Request"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"code": 5}, "code must be the partner's code, in any case."),
        ({"ip": []}, "ip must be the browser's address; it is not stored."),
        ({"consent": 5}, "consent is not valid."),
    ],
)
async def test_what_is_wrong_with_a_click_is_told_in_words(
    partnership: Partnership, body: dict[str, Any], told: str
) -> None:
    assert (await track(partnership, **body)).json()["message"] == told


async def test_a_click_without_a_code_is_told_so(partnership: Partnership) -> None:
    key = {"x-api-key": partnership.app.team.api_key}
    answer = await partnership.app.anonymous.post("/v1/affiliate/track", json={"url": PAGE}, headers=key)
    assert answer.json()["message"] == "code is required: the partner's code, in any case."


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"null", b"\xff"])
async def test_what_is_no_json_object_is_refused(partnership: Partnership, content: bytes) -> None:
    answer = await partnership.app.anonymous.post(
        "/v1/affiliate/track", content=content, headers={"x-api-key": partnership.app.team.api_key}
    )
    assert answer.status_code == 400


async def test_without_a_good_key_nothing_is_taken(partnership: Partnership) -> None:
    for key in ("bs_wrong", "pk_wrong", " "):
        assert (await track(partnership, key)).status_code == 401
    other = await partnership.app.install()
    assert (await track(partnership, other.api_key)).status_code == 404
    assert (await partnership.app.anonymous.get("/v1/affiliate/track")).status_code == 405


async def test_a_publishable_key_tells_of_clicks_on_its_origins_only(partnership: Partnership) -> None:
    key = await page_key(partnership)
    answer = await from_page(partnership, key)
    assert answer.status_code == 201
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers
    foreign = await from_page(partnership, key, "https://evil.example.net")
    assert foreign.status_code == 403
    assert "access-control-allow-origin" not in foreign.headers
    assert (await from_page(partnership, key, "")).status_code == 403
    assert (await from_page(partnership, key, url="https://evil.example.net/")).status_code == 400


async def test_a_publishable_key_opens_nothing_else(partnership: Partnership) -> None:
    key = await page_key(partnership)
    for method, path in (
        ("GET", f"{partnership.app.path}/customers"),
        ("GET", "/v1/affiliate/by-customer/pc_1"),
        ("POST", "/v1/affiliate/apply"),
    ):
        answer = await partnership.app.anonymous.request(
            method, path, headers={"authorization": f"Bearer {key}", "x-api-key": key}
        )
        assert answer.status_code == 401


async def test_a_revoked_publishable_key_is_refused(partnership: Partnership) -> None:
    db, project_id = partnership.app.services.db, partnership.project_id
    key = await page_key(partnership)
    (found,) = await db.read(publishable_keys.keys_of_project, project_id)
    await db.write(publishable_keys.revoke_key, project_id=project_id, key_id=found.id, now=partnership.at())
    assert (await from_page(partnership, key)).status_code == 401


async def test_a_preflight_is_answered_without_a_key(partnership: Partnership) -> None:
    answer = await partnership.app.anonymous.options("/v1/affiliate/track", headers={"origin": ORIGIN})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "content-type, x-api-key, authorization"


async def test_a_network_that_tells_too_much_by_a_page_is_answered_429(partnership: Partnership) -> None:
    key = await page_key(partnership)
    for _ in range(120):
        assert (await from_page(partnership, key)).status_code == 201
    answer = await from_page(partnership, key)
    assert answer.status_code == 429
    assert answer.headers["retry-after"]
    assert answer.headers["x-ratelimit-remaining"] == "0"


async def test_the_same_visitor_is_one_click_and_one_token(partnership: Partnership) -> None:
    first = (await track(partnership, visitorId="visitor-0001")).json()
    again = (await track(partnership, visitorId="visitor-0001")).json()
    assert again == first
    other = (await track(partnership, visitorId="visitor-0001", code="OWEN15")).json()
    assert other["referralId"] != first["referralId"]


async def test_counting_takes_each_click_once_and_leaves_those_that_are_perhaps_not_all_there(
    partnership: Partnership,
) -> None:
    db = partnership.app.services.db
    code = await db.read(codes.get, partnership.project_id, "JANE20")
    real, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)

    async def counted() -> tuple[int, int]:
        found = (await db.read(count_clicks, [code.id]))[code.id]
        return found.clicks, found.marked

    assert not await db.write(count_step, now=later), "there is nothing yet"
    await track(partnership, userAgent="Mozilla/5.0")
    await track(partnership, userAgent="Googlebot/2.1")
    assert not await db.write(count_step, now=real), "they are too young"
    assert await counted() == (1, 1)
    assert await db.write(count_step, now=later)
    assert await counted() == (1, 1)
    await track(partnership, userAgent="Mozilla/5.0")
    assert await counted() == (2, 1), "one more after the border"
    both = await asyncio.gather(db.write(count_step, now=later), db.write(count_step, now=later))
    assert sorted(both) == [False, True]
    assert await counted() == (2, 1)


async def test_pruning_forgets_clicks_and_keeps_their_number_and_what_they_bound(partnership: Partnership) -> None:
    db = partnership.app.services.db
    told = (await track(partnership, userAgent="Mozilla/5.0")).json()
    await track(partnership, userAgent="Googlebot/2.1")
    code = await db.read(codes.get, partnership.project_id, "JANE20")
    before = await db.read(count_clicks, [code.id])
    assert await db.write(prune, before=partnership.at() - timedelta(days=1)) == 0
    assert await db.write(prune, before=partnership.at() + timedelta(days=1)) == 0, "nothing is pruned uncounted"
    assert await db.write(count_step, now=partnership.at() + timedelta(days=1))
    assert await db.write(prune, before=partnership.at() + timedelta(days=1)) == 2
    assert await db.write(prune, before=partnership.at() + timedelta(days=1)) == 0
    assert await db.read(count_clicks, [code.id]) == before
    bound = await partnership.customer("buyer@example.com", clickToken=told["clickToken"])
    assert bound["attribution"]["code"] == "JANE20"  # type: ignore[index]
