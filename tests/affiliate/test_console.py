"""The console's partner pages: the queue, one partner's whole story, the program's settings. A12, A33; SCENARIOS F5."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from billfold.domain.tenancy.members import Role
from tests.affiliate.conftest import JANE, Affiliates
from tests.organisation.conftest import ORIGIN, Browser, Organisation

_CSRF: Final = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@dataclass
class Console:
    """The partner pages in a browser of a member."""

    surface: Affiliates
    browser: Browser
    home: str

    async def show(self, path: str, *, expect: int = 200) -> str:
        """Load a page."""
        answer = await self.browser.client.get(self.home + path)
        assert answer.status_code == expect, answer.text
        return answer.text

    async def press(self, page: str, path: str, data: dict[str, Any] | None = None) -> httpx.Response:
        """Send a form of a page."""
        (csrf, *_) = _CSRF.findall(await self.show(page))
        return await self.browser.client.post(self.home + path, data={"csrf": csrf, **(data or {})}, headers=ORIGIN)


@pytest.fixture
async def console(affiliates: Affiliates) -> AsyncIterator[Console]:
    """A member's console."""
    organisation = Organisation(affiliates.app)
    browser = await organisation.sign_in("member@example.com", Role.MEMBER)
    yield Console(affiliates, browser, f"/console/{affiliates.team.team_id}/{affiliates.team.project_id}")
    await browser.client.aclose()


async def test_every_page_has_something_to_say_before_there_is_anything(console: Console) -> None:
    assert "Nobody waits for an answer" in await console.show("/applications")
    assert "no partners yet" in await console.show("/partners")
    assert "What partners earn" in await console.show("/partner-program")


async def test_an_application_is_approved_from_its_page(console: Console) -> None:
    application_id = await console.surface.apply(reason="<b>Hello</b>")
    page = await console.show(f"/applications/{application_id}")
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert JANE["company"] in page
    answer = await console.press(
        f"/applications/{application_id}", f"/applications/{application_id}/approval", {"code": "jane20"}
    )
    assert answer.status_code == 303
    story = await console.show(answer.headers["location"].removeprefix(console.home))
    assert "JANE20" in story
    assert "who has not signed in yet" in story
    again = await console.press(f"/applications/{application_id}", f"/applications/{application_id}/rejection")
    assert again.status_code == 400
    assert "was approved before" in again.text


async def test_many_are_decided_with_one_press_a33(console: Console) -> None:
    ids = [await console.surface.apply(f"p{number}@example.com") for number in range(4)]
    await console.surface.review(ids[3], {"action": "approve"})
    chosen = {"application": ids, "decision": "reject", "reason": "Not now", "note": "same text four times"}
    answer = await console.press("/applications", "/applications/decisions", chosen)
    assert answer.status_code == 303
    queue = await console.show("/applications")
    assert "3 applications were rejected. 1 could not be" in queue
    told = await console.surface.key("GET", "/v1/affiliate/apply/status?email=p0@example.com")
    assert (told["status"], told["rejectionReason"]) == ("rejected", "Not now")
    assert "same text" not in str(told)
    assert "same text four times" in await console.show(f"/applications/{ids[0]}")
    nothing = await console.press(f"/applications/{ids[0]}", "/applications/decisions", {"decision": "approve"})
    assert nothing.status_code == 303


async def test_a_partner_is_suspended_after_a_question_and_comes_back(console: Console) -> None:
    partner = await console.surface.enrol(code="JANE20")
    path = f"/partners/{partner['id']}"
    assert "brings nobody" in await console.show(f"{path}/standing/suspended")
    await console.press(f"{path}/standing/suspended", f"{path}/standing/suspended")
    assert "Suspended" in await console.show(path)
    await console.press(path, f"{path}/standing/active")
    page = await console.show(path)
    assert "Reactivate" not in page
    assert "status: suspended" in page
    assert "member@example.com" in page


async def test_code_and_rate_are_changed_from_the_page(console: Console) -> None:
    partner = await console.surface.enrol(code="JANE20")
    path = f"/partners/{partner['id']}"
    await console.press(path, f"{path}/code", {"code": "jane-30"})
    await console.press(path, f"{path}/rate", {"rate": "12,5 %", "applies": "new_referrals"})
    page = await console.show(path)
    assert "JANE-30" in page
    assert "12.5 %, agreed with this partner" in page
    bad = await console.press(path, f"{path}/rate", {"rate": "a lot"})
    assert bad.status_code == 400
    taken = await console.press(path, f"{path}/code", {"code": "x"})
    assert taken.status_code == 400
    await console.press(path, f"{path}/rate", {"rate": ""})
    assert "20 %, the program" in await console.show(path)


async def test_partners_are_searched_and_exported(console: Console) -> None:
    await console.surface.enrol(code="JANE20")
    assert "Jane Smith" in await console.show("/partners?q=jane20")
    assert "No partner fits" in await console.show("/partners?q=zz")
    assert "JANE20" in await console.show("/partners?status=active&sort=oldest")
    lines = (await console.show("/partners?format=csv")).splitlines()
    assert lines[0].startswith("id,code,email")
    assert "JANE20,partner@example.com,Jane Smith,partner,active" in lines[1]


async def test_the_program_is_set_up_from_its_page(console: Console) -> None:
    form = {
        "enabled": "yes",
        "hold_days": "14",
        "minimum": "99.50",
        "cookie_days": "60",
        "applies": "new_referrals",
        "landing_url": "https://www.example.com/",
        "introduction": "Join us",
        "domains": "example.org",
        "label-1": "How many?",
        "kind-1": "choice",
        "choices-1": "Few\nMany",
        "required-1": "yes",
        "label-2": "Where?",
    }
    answer = await console.press("/partner-program", "/partner-program", form)
    assert answer.status_code == 303, answer.text
    settings = (await console.surface.admin("GET", "/settings", expect=200))["settings"]
    # The rate is changed with its preview only, so this form does not touch it.
    assert (settings["defaultCommissionRate"], settings["minPayoutAmountCents"]) == (20, 9950)
    assert "Change the rate, and see first what that does" in await console.show("/partner-program")
    assert (settings["holdingPeriodDays"], settings["cookieDurationDays"]) == (14, 60)
    assert [(each["label"], each["kind"], each["required"]) for each in settings["questions"]] == [
        ("How many?", "choice", True),
        ("Where?", "text", False),
    ]
    keys = [each["key"] for each in settings["questions"]]
    # A question keeps its key while it keeps its words.
    swapped = {**form, "label-1": "Where?", "kind-1": "text", "choices-1": "", "label-2": "New?"}
    await console.press("/partner-program", "/partner-program", swapped)
    settings = (await console.surface.admin("GET", "/settings", expect=200))["settings"]
    assert [each["key"] for each in settings["questions"]] == [keys[1], "question_3"]
    bad = await console.press("/partner-program", "/partner-program", {**form, "hold_days": "soon"})
    assert bad.status_code == 400
    assert "Holding period: a whole number of days." in bad.text


async def test_a_viewer_sees_and_decides_nothing(console: Console) -> None:
    application_id = await console.surface.apply()
    viewer = await Organisation(console.surface.app).sign_in("viewer@example.com", Role.VIEWER)
    seen = Console(console.surface, viewer, console.home)
    page = await seen.show(f"/applications/{application_id}")
    assert "Approve" not in page
    csrf = _CSRF.findall(await seen.show("/partner-program"))[0]
    for path in (f"/applications/{application_id}/approval", "/applications/decisions", "/partner-program"):
        answer = await viewer.client.post(console.home + path, data={"csrf": csrf}, headers=ORIGIN)
        assert answer.status_code == 403, path
    unsigned = await console.browser.client.post(
        f"{console.home}/applications/{application_id}/approval", data={}, headers=ORIGIN
    )
    assert unsigned.status_code == 403
    await viewer.client.aclose()


async def test_what_was_typed_about_an_application_stays_when_it_is_refused(console: Console) -> None:
    first = await console.surface.apply("first@example.com")
    await console.surface.review(first, {"action": "approve", "code": "TAKEN1"})
    second = await console.surface.apply("second@example.com")
    path = f"/applications/{second}"
    for code, words in (("taken1", "The code TAKEN1 is taken"), ("a b", "Code must be 3 to 32")):
        refused = await console.press(path, f"{path}/approval", {"code": code})
        assert refused.status_code == 400
        assert words in refused.text
        assert f'value="{code}"' in refused.text
        assert 'id="code-e"' in refused.text
    refused = await console.press(path, f"{path}/rejection", {"reason": "Zu kurz <i>" + "x" * 5_000})
    assert refused.status_code == 400
    assert "Reason must have at most 5000 characters" in refused.text
    assert "Zu kurz &lt;i&gt;" in refused.text


async def test_what_is_wrong_with_the_program_s_settings_is_said_in_the_page_s_words(console: Console) -> None:
    right = {"hold_days": "30", "minimum": "50", "cookie_days": "30", "applies": "new_referrals"}
    for fields, words in (
        ({"reapply_after_days": "0"}, "After a rejection, again after days: leave it empty, or give 1 to 3,650 days."),
        ({"landing_url": "javascript:x"}, "Where links lead must be a web address"),
        ({"hold_days": "366"}, "Held for days must be 0 to 365."),
        ({"domains": "example.com\nno domain"}, "E-mail domains: &#39;no&#39; is no domain"),
    ):
        refused = await console.press("/partner-program", "/partner-program", {**right, **fields})
        assert refused.status_code == 400
        assert words in refused.text
        assert 'aria-invalid="true"' in refused.text


async def test_a_picture_that_is_too_large_is_refused_on_its_own_page(console: Console) -> None:
    (csrf, *_) = _CSRF.findall(await console.show("/partner-assets"))
    picture = b"\x89PNG\r\n\x1a\n" + bytes(1_000_000)
    answer = await console.browser.client.post(
        f"{console.home}/partner-assets/pictures",
        data={"title": "Banner", "csrf": csrf},
        files={"picture": ("x.png", picture, "image/png")},
        headers=ORIGIN,
    )
    assert answer.status_code == 400
    assert "The file is too large: at most 900 KiB." in answer.text
    assert 'id="p-picture-e"' in answer.text
