"""The public application page keeps spam away by itself, and tells nobody who applied: A10, A7; SCENARIOS F5, F7."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from tests.affiliate.conftest import JANE, Affiliates
from tests.app_fixtures import BASE_URL

OWN: Final = {"Origin": BASE_URL}
_STARTED: Final = re.compile(r'name="started" value="([^"]+)"')


@pytest.fixture
def path(affiliates: Affiliates) -> str:
    """The page's address."""
    return f"/apply/{affiliates.team.project_id}"


async def drawn(affiliates: Affiliates, path: str) -> str:
    """Load the page and wait as a person does; return what it signed."""
    page = await affiliates.send("GET", path)
    assert page.status_code == 200
    affiliates.app.clock.advance(timedelta(seconds=20))
    (started,) = _STARTED.findall(page.text)
    return str(started)


async def fill(affiliates: Affiliates, path: str, *, started: str | None = None, **more: Any) -> httpx.Response:
    """Fill the form in and send it."""
    signed = await drawn(affiliates, path) if started is None else started
    data = {**JANE, "started": signed, "address": "", **more.pop("fields", {})}
    return await affiliates.send("POST", path, data=data, headers=more.pop("headers", OWN))


async def listed(affiliates: Affiliates) -> list[Any]:
    """Return the applications."""
    affiliates.member_token = await affiliates.member("owner@example.com")
    found: list[Any] = (await affiliates.admin("GET", "/applications", expect=200))["applications"]
    return found


async def test_a_person_applies_without_an_account_or_script(affiliates: Affiliates, path: str) -> None:
    page = await affiliates.send("GET", path)
    assert "20 %" in page.text
    assert "$50.00" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    answer = await fill(affiliates, path)
    assert answer.status_code == 200
    assert "Thank you" in answer.text
    (application,) = await listed(affiliates)
    assert (application["email"], application["company"], application["status"]) == (
        JANE["email"],
        "Acme Inc",
        "pending",
    )


async def test_the_project_s_questions_are_asked_and_answered(affiliates: Affiliates, path: str) -> None:
    await affiliates.switch_on(
        questions=[
            {
                "key": "reach",
                "label": "How many people?",
                "kind": "choice",
                "required": True,
                "choices": ["Few", "Many"],
            },
            {"key": "where", "label": "Where?", "kind": "long_text"},
        ],
        introduction="Join <us>",
    )
    page = await affiliates.send("GET", path)
    assert "How many people?" in page.text
    assert "Join &lt;us&gt;" in page.text
    refused = await fill(affiliates, path)
    assert refused.status_code == 400
    assert "Please answer: How many people?" in refused.text
    assert 'value="Jane Smith"' in refused.text
    assert (await fill(affiliates, path, fields={"reach": "None"})).status_code == 400
    assert (await fill(affiliates, path, fields={"reach": "Many", "where": "Here"})).status_code == 200
    (application,) = await listed(affiliates)
    assert application["answers"] == {"reach": "Many", "where": "Here"}


async def test_nobody_learns_who_applied_a10(affiliates: Affiliates, path: str) -> None:
    first = await fill(affiliates, path)
    again = await fill(affiliates, path, fields={"email": "PARTNER@example.com"})
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert len(await listed(affiliates)) == 1


async def test_a_machine_fills_the_field_that_nobody_sees(affiliates: Affiliates, path: str) -> None:
    answer = await fill(affiliates, path, fields={"address": "https://spam.example"})
    assert "Thank you" in answer.text
    assert await listed(affiliates) == []


async def test_a_form_that_comes_too_soon_late_or_unsigned_is_shown_again(affiliates: Affiliates, path: str) -> None:
    page = await affiliates.send("GET", path)
    (started,) = _STARTED.findall(page.text)
    assert (await fill(affiliates, path, started=str(started))).status_code == 400
    affiliates.app.clock.advance(timedelta(hours=13))
    assert (await fill(affiliates, path, started=str(started))).status_code == 400
    other = await affiliates.app.install()
    elsewhere = Affiliates(affiliates.app, other)
    elsewhere.member_token = await elsewhere.member("other@example.com")
    await elsewhere.switch_on()
    foreign = await drawn(affiliates, f"/apply/{other.project_id}")
    for forged in ("", "x", foreign):
        assert (await fill(affiliates, path, started=forged)).status_code == 400
    assert await listed(affiliates) == []


async def test_throw_away_addresses_and_bad_answers_are_refused_at_their_field(
    affiliates: Affiliates, path: str
) -> None:
    for field, value in (
        ("email", "x@mailinator.com"),
        ("email", "nobody"),
        ("website", "trails dot example"),
        ("name", " "),
    ):
        answer = await fill(affiliates, path, fields={field: value})
        assert answer.status_code == 400
        assert f'id="{field}-e"' in answer.text, field
    assert await listed(affiliates) == []


async def test_a_network_sends_few_applications_and_not_many_forms_f7(affiliates: Affiliates, path: str) -> None:
    pages = [_STARTED.findall((await affiliates.send("GET", path)).text)[0] for _ in range(30)]
    affiliates.app.clock.advance(timedelta(seconds=20))
    seen = []
    for number in range(100):
        answer = await fill(
            affiliates,
            path,
            started=pages[number % 30],
            fields={"email": f"a{number}@example.com"},
            headers={**OWN, "X-Forwarded-For": f"203.0.113.{number}"},
        )
        seen.append(answer.status_code)
    assert seen.count(200) == 5
    assert seen.count(429) == 95
    assert len(await listed(affiliates)) == 5


async def test_a_page_of_another_site_cannot_send_it_f5(affiliates: Affiliates, path: str) -> None:
    for headers in ({"Origin": "https://evil.example.com"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        assert (await fill(affiliates, path, headers=headers)).status_code == 403


async def test_a_program_that_is_off_and_one_that_is_not_look_alike(affiliates: Affiliates, path: str) -> None:
    nowhere = await affiliates.send("GET", "/apply/proj_none")
    assert nowhere.status_code == 404
    await affiliates.admin("PATCH", "/settings", {"enabled": False}, expect=200)
    closed = await affiliates.send("GET", path)
    assert (closed.status_code, closed.text) == (404, nowhere.text)
    assert (await affiliates.send("POST", path, data={}, headers=OWN)).status_code == 404


async def test_a_form_is_good_for_one_application(affiliates: Affiliates, path: str) -> None:
    started = await drawn(affiliates, path)
    assert "Thank you" in (await fill(affiliates, path, started=started)).text
    # A second press of the button, and what a machine makes of one form.
    assert "Thank you" in (await fill(affiliates, path, started=started)).text
    again = await fill(affiliates, path, started=started, fields={"email": "other@example.com"})
    assert (again.status_code, "was sent before" in again.text) == (400, True)
    assert 'value="other@example.com"' in again.text
    affiliates.app.clock.advance(timedelta(seconds=20))
    (fresh,) = _STARTED.findall(again.text)
    assert "Thank you" in (await fill(affiliates, path, started=fresh, fields={"email": "other@example.com"})).text
    assert [each["email"] for each in await listed(affiliates)] == ["other@example.com", JANE["email"]]


@pytest.mark.parametrize(
    "email", ["a@b", "jane@mailinator.com.", "jane@@example.com", '"a b"@example.com', "a,b@example.com"]
)
async def test_an_address_that_no_mail_reaches_is_refused_at_its_field(
    affiliates: Affiliates, path: str, email: str
) -> None:
    answer = await fill(affiliates, path, fields={"email": email})
    assert answer.status_code == 400
    assert "Give the whole address" in answer.text
    assert await listed(affiliates) == []


async def test_a_question_whose_words_stand_in_another_s_keeps_its_own_errors(
    affiliates: Affiliates, path: str
) -> None:
    questions = [
        {"key": "short", "label": "e"},
        {"key": "where", "label": "Where?", "required": True},
        {"key": "kind", "label": "Kind", "kind": "choice", "choices": ["A & <b>", "Ö"]},
    ]
    await affiliates.switch_on(questions=questions)
    answer = await fill(affiliates, path, fields={"short": "x"})
    assert 'id="where-e"' in answer.text
    assert 'id="short-e"' not in answer.text
    answer = await fill(affiliates, path, fields={"where": "Köln", "kind": "A &"})
    assert 'id="kind-e"' in answer.text
    assert "A &amp; &lt;b&gt;" in answer.text
    assert "Thank you" in (await fill(affiliates, path, fields={"where": "Köln", "kind": "A & <b>"})).text
