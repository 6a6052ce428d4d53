from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from billfold.domain.referrals import codes
from billfold.domain.referrals.clicks import count_clicks
from tests.attribution.partnership import LANDING, Partnership


async def test_a_link_leads_to_the_landing_address_with_the_code_and_a_token(partnership: Partnership) -> None:
    location = await partnership.click("jane20")
    parts = urlsplit(location)
    assert location.startswith("https://www.example.com/start?lang=en&")
    assert parts.fragment == "top"
    query = parse_qs(parts.query)
    assert query["ref"] == ["JANE20"]
    token = partnership.app.application.installation.click_intake.read(query["ref_click"][0], partnership.project_id)
    assert token is not None
    assert token.code == "JANE20"
    assert len(query["ref_click"][0]) <= 200


@pytest.mark.parametrize("code", ["NOBODY", "x" * 300, "%0d%0aset-cookie:a=b", "JANE20/more", "%ff", ""])
async def test_an_unknown_code_leads_to_the_landing_address_without_attribution(
    partnership: Partnership, code: str
) -> None:
    answer = await partnership.app.anonymous.get(f"/r/{partnership.project_id}/{code}")
    assert (answer.status_code, answer.headers["location"]) == (302, LANDING)
    assert "set-cookie" not in answer.headers


async def test_a_link_of_a_program_that_is_off_leads_on_without_attribution(partnership: Partnership) -> None:
    await partnership.switch(enabled=False)
    assert await partnership.click("JANE20") == LANDING


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example.net",
        "/\\evil.example.net",
        "\\\\evil.example.net",
        "javascript:alert(1)",
        "https://app.example.com@evil.example.net/",
        "https://evil.example.net/https://app.example.com",
        "https://app.example.com.evil.example.net/",
        "https://app%2eexample.com/",
        "https://app\u3002example.com/",
        "https://app.example.com\\@evil.example.net/",
        "https:/evil.example.net",
        "https:evil.example.net",
        "///evil.example.net",
        "https://app.example.com:99999/",
        "http://app.example.com/",
        "https://app.example.com/\r\nset-cookie: a=b",
        " https://evil.example.net",
        "data:text/html,hello",
        "https://app.example.com/" + "a" * 5_000,
    ],
)
async def test_f6_nobody_is_led_to_an_address_that_the_project_does_not_own(
    partnership: Partnership, wanted: str
) -> None:
    answer = await partnership.app.anonymous.get(f"/r/{partnership.project_id}/NOBODY", params={"to": wanted})
    assert (answer.status_code, answer.headers["location"]) == (302, LANDING)
    assert "\r" not in str(answer.headers)
    # The same for a code that counts, which adds its own parameters.
    answer = await partnership.app.anonymous.get(f"/r/{partnership.project_id}/JANE20", params={"to": wanted})
    assert answer.status_code == 302
    led, landing = urlsplit(answer.headers["location"]), urlsplit(LANDING)
    assert (led.scheme, led.netloc, led.path, led.fragment) == (
        landing.scheme,
        landing.netloc,
        landing.path,
        landing.fragment,
    )
    assert "\r" not in str(answer.headers)


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("https://app.example.com/pricing?plan=team", "https://app.example.com/pricing?plan=team"),
        ("/pricing", "https://www.example.com/pricing"),
        ("https://www.example.com/", "https://www.example.com/"),
    ],
)
async def test_a_link_may_lead_to_another_page_of_the_projects_own(
    partnership: Partnership, wanted: str, leads_to: str
) -> None:
    answer = await partnership.app.anonymous.get(f"/r/{partnership.project_id}/NOBODY", params={"to": wanted})
    assert answer.headers["location"] == leads_to


async def test_what_is_passed_on_is_encoded_anew(partnership: Partnership) -> None:
    answer = await partnership.app.anonymous.get(
        f"/r/{partnership.project_id}/JANE20", params={"utm_source": "a b\r\nx: y&ref=EVIL", "other": "1"}
    )
    location = answer.headers["location"]
    query = parse_qs(urlsplit(location).query)
    assert query["ref"] == ["JANE20"]
    assert query["utm_source"] == ["a b\r\nx: y&ref=EVIL"]
    assert "other" not in query
    assert "\r" not in location


async def test_a_project_without_a_landing_address_and_an_unknown_one_lead_nowhere(partnership: Partnership) -> None:
    other = await partnership.app.install()
    for project_id in (other.project_id, "proj_unknown", "x"):
        answer = await partnership.app.anonymous.get(f"/r/{project_id}/JANE20")
        assert answer.status_code == 404
        assert "location" not in answer.headers


async def test_the_cookie_is_the_contracts_and_holds_for_the_window(partnership: Partnership) -> None:
    answer = await partnership.app.anonymous.get(f"/r/{partnership.project_id}/JANE20")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("stackbe_ref=")
    assert f"Path=/r/{partnership.project_id};" in cookie
    assert "Max-Age=2592000" in cookie
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert "Domain" not in cookie


async def test_on_the_link_host_links_are_short_and_the_cookie_is_the_domains(partnership: Partnership) -> None:
    answer = await partnership.app.anonymous.get("/jane20", headers={"host": "GO.example.com:8000"})
    assert answer.status_code == 302
    assert "ref=JANE20" in answer.headers["location"]
    assert "Path=/;" in answer.headers["set-cookie"]
    assert "Domain=example.com" in answer.headers["set-cookie"]
    unknown = await partnership.app.anonymous.get("/sign-in", headers={"host": "go.example.com"})
    assert (unknown.status_code, unknown.headers["location"]) == (302, LANDING)
    own = await partnership.app.anonymous.get("/sign-in")
    assert own.status_code == 200


async def test_the_same_visitor_and_code_count_once_in_half_an_hour(partnership: Partnership) -> None:
    async def clicks() -> int:
        code = await partnership.app.services.db.read(codes.get, partnership.project_id, "JANE20")
        return (await partnership.app.services.db.read(count_clicks, [code.id]))[code.id].clicks

    first = await partnership.app.anonymous.get(
        f"/r/{partnership.project_id}/JANE20", headers={"user-agent": "Mozilla/5.0"}
    )
    cookie = first.headers["set-cookie"].partition(";")[0]
    again = {"cookie": cookie, "user-agent": "Mozilla/5.0"}
    partnership.app.anonymous.cookies.clear()
    same = await partnership.app.anonymous.get(f"/r/{partnership.project_id}/JANE20", headers=again)
    assert await clicks() == 1
    assert same.headers["location"] == first.headers["location"]
    partnership.app.clock.advance(timedelta(minutes=29))
    partnership.app.anonymous.cookies.clear()
    await partnership.app.anonymous.get(f"/r/{partnership.project_id}/JANE20", headers=again)
    assert await clicks() == 1
    partnership.app.clock.advance(timedelta(minutes=2))
    partnership.app.anonymous.cookies.clear()
    await partnership.app.anonymous.get(f"/r/{partnership.project_id}/JANE20", headers=again)
    assert await clicks() == 2


async def test_machines_are_marked_and_counted_apart(partnership: Partnership) -> None:
    for agent in ("Googlebot/2.1", "curl/8.0", ""):
        await partnership.click("JANE20", **{"user-agent": agent})
        partnership.app.anonymous.cookies.clear()
    await partnership.click("JANE20", **{"sec-purpose": "prefetch"})
    code = await partnership.app.services.db.read(codes.get, partnership.project_id, "JANE20")
    counted = (await partnership.app.services.db.read(count_clicks, [code.id]))[code.id]
    assert (counted.clicks, counted.marked) == (0, 4)


async def test_a_burst_from_one_network_is_marked(partnership: Partnership) -> None:
    for _ in range(33):
        await partnership.click("JANE20")
        partnership.app.anonymous.cookies.clear()
    code = await partnership.app.services.db.read(codes.get, partnership.project_id, "JANE20")
    counted = (await partnership.app.services.db.read(count_clicks, [code.id]))[code.id]
    assert (counted.clicks, counted.marked) == (30, 3)


async def test_only_get_and_head_are_answered_and_head_counts_nothing(partnership: Partnership) -> None:
    path = f"/r/{partnership.project_id}/JANE20"
    assert (await partnership.app.anonymous.post(path)).status_code == 405
    answer = await partnership.app.anonymous.head(path)
    assert answer.status_code == 302
    code = await partnership.app.services.db.read(codes.get, partnership.project_id, "JANE20")
    assert (await partnership.app.services.db.read(count_clicks, [code.id]))[code.id].clicks == 0
