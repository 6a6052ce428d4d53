"""The API's documents: the OpenAPI file is what is served, and the reference's examples answer as printed."""

from __future__ import annotations

import os
import re
from datetime import datetime

import pytest

from billfold.domain.tenancy.sessions import create_session
from billfold.domain.tenancy.users import find_user
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import RunningBillfold
from tests.house import api_examples
from tests.house.openapi_document import SERVED, as_text, file_of, served_document
from tests.house.reference import PAGE, Example, Meanings, read_examples, written
from tests.house.sources import ROOT, files, text

_SETTLED_RULES = 35
REFERRAL_PAGE = ROOT / "docs" / "api" / "referral.md"
AFFILIATE_PAGE = ROOT / "docs" / "api" / "affiliate.md"


@pytest.mark.parametrize("surface", SERVED)
def test_the_openapi_file_is_the_document_that_is_served(surface: str) -> None:
    assert text(file_of(surface)) == as_text(SERVED[surface]()), "run: just openapi"


def test_the_reference_shows_every_operation() -> None:
    examples = [(each.method, each.url.partition("?")[0]) for each in read_examples(text(PAGE))]
    missing = []
    for path, methods in served_document()["paths"].items():
        pattern = re.compile(".*/api/billstack" + re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
        missing += [
            f"{method.upper()} {path}"
            for method in methods
            if not any(shown == method.upper() and pattern.fullmatch(url) for shown, url in examples)
        ]
    assert not missing


async def test_every_example_of_the_reference_is_answered_as_printed(billfold_app: RunningBillfold) -> None:
    page = text(PAGE)
    examples = read_examples(page)
    team = billfold_app.team
    meanings = Meanings()
    shown_team, shown_project = re.findall(r"(team_\w+)/projects/(proj_\w+)", examples[0].url)[0]
    meanings.learn(shown_team, team.team_id)
    meanings.learn(shown_project, team.project_id)
    shown_key, *_ = re.findall(r"bs_[0-9a-f]{48}", page)
    shown_stripe_key, *_ = re.findall(r"sk_test_[0-9a-f]{48}", page)
    shown_session, *_ = re.findall(r"\b[0-9a-f]{64}\b", page)
    session = await billfold_app.services.db.write(_sign_in_the_owner, billfold_app.clock.now())
    changed: list[tuple[Example, str]] = []
    for each in examples:
        headers = {
            name: value.replace(shown_key, team.api_key).replace(shown_session, session)
            for name, value in each.headers.items()
        }
        body = None if each.body is None else meanings.resolve(each.body)
        if body is not None:
            body = body.replace(shown_stripe_key, team.simulator_secret_key)
        answer = await billfold_app.anonymous.request(
            each.method, meanings.resolve(each.url), headers=headers, content=body
        )
        await billfold_app.drain()
        if "/events" in each.url:
            await billfold_app.feed()
        got = None if each.answer is None else answer.json()
        try:
            assert (each.method, each.url, answer.status_code) == (each.method, each.url, each.status), answer.text
            if got is not None:
                meanings.compare(each.answer, got)
        except AssertionError:
            if not os.environ.get("BILLFOLD_WRITE_EXAMPLES"):
                raise
            meanings.learn_alike(each.answer, got)
            changed.append((each, written(answer.status_code, None if got is None else meanings.shorten(got))))
    for each, answer_text in reversed(changed):
        page = page[: each.start] + answer_text + page[each.end :]
    if changed:
        PAGE.write_text(page, encoding="utf-8")


async def _sign_in_the_owner(tx: Writing, now: datetime) -> str:
    owner = await find_user(tx, "owner@example.com")
    assert owner is not None
    return await create_session(tx, user_id=owner.id, address="192.0.2.1", user_agent="curl", now=now)


def test_every_rule_of_the_contract_that_the_code_names_stands_in_the_reference() -> None:
    stated = set(re.findall(r"^\| \*\*G(\d+)\*\* \|", text(PAGE), re.MULTILINE))
    assert stated >= {str(number) for number in range(1, _SETTLED_RULES + 1)}
    named = {number for path in files("src") for number in re.findall(r"\bG(\d{1,2})\b", text(path))}
    assert named <= stated, f"only in code: {sorted(named - stated)}"


def test_no_document_and_no_comment_names_a_section_that_the_reference_lacks() -> None:
    pages = text(PAGE) + text(REFERRAL_PAGE) + text(AFFILIATE_PAGE)
    sections = set(re.findall(r"^\| ([\d.]+) \|", pages, re.MULTILINE))
    named = {
        number.rstrip(".")
        for path in [*files("src"), ROOT / "STYLE.md"]
        for number in re.findall(r"contract section (\d[\d.]*)", text(path))
    }
    assert named <= sections


@pytest.mark.parametrize("surface", SERVED)
def test_the_documents_examples_are_those_of_the_tested_pages(surface: str) -> None:
    written_down = text(api_examples.FOLDER / f"{surface}.json")
    assert written_down == api_examples.examples_text(surface, SERVED[surface]()), "run: just openapi"
