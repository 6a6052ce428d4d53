"""The application page as a stranger meets it, and the console's partner pages as a member does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from billfold.base.signing import Signer
from billfold.domain.partners import joining, program_settings
from billfold.domain.partners.applications import NewApplication
from billfold.domain.partners.joining import Review
from billfold.domain.partners.program_settings import SettingsChange
from billfold.domain.partners.questions import Question
from tests.browser.axe import needs_axe, violations
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_checkout_page import see_it_whole
from tests.browser.test_console import enter
from tests.cli.command_line import SECRET_KEY
from tests.conftest import open_database
from tests.stories.shop import Shop

Photograph = Callable[[Page, str], Awaitable[None]]
_LOOKS: Final = [(WIDE, "light"), (PHONE, "dark")]
_QUESTION: Final = Question("reach", "How many people could you reach?", "choice", True, ("Fewer than 1,000", "More"))  # noqa: FBT003 - a row


@dataclass(frozen=True, slots=True)
class Program:
    """A shop with a program that asks a question, one partner and two applications that wait."""

    shop: Shop
    partner_id: str
    application_id: str

    @property
    def apply_url(self) -> str:
        """The public page."""
        return f"{self.shop.server.base_url}/apply/{self.shop.team.project_id}"

    def pages(self) -> dict[str, str]:
        """The console's pages by name."""
        return {
            "applications": "/applications",
            "application": f"/applications/{self.application_id}",
            "partners": "/partners",
            "partner": f"/partners/{self.partner_id}",
            "partner-suspension": f"/partners/{self.partner_id}/standing/suspended",
            "partner-program": "/partner-program",
        }


async def run_program(shop: Shop) -> Program:
    """Switch the program on and have three people apply."""
    db = open_database(shop.server.database_url)
    await db.start()
    now = datetime.now(UTC)
    place = {"team_id": shop.team.id, "project_id": shop.team.project_id}

    async def unit(tx: Any) -> tuple[str, str]:
        change = SettingsChange(
            frozenset({"enabled", "questions", "introduction"}),
            enabled=True,
            questions=(_QUESTION,),
            introduction="Tell people who work outdoors about Fieldnote and earn a fifth of what they pay.",
        )
        await program_settings.change_program_settings(tx, change, **place, reserved=(), at=now)
        made = []
        for name, company in (
            ("Petra Novak", "Novak Trails"),
            ("Jane Smith", None),
            ("Ode Amari", "Amari & Daughters"),
        ):
            email = f"{name.partition(' ')[0].lower()}@example.com"
            given = NewApplication(
                email, name, company, "https://trails.example.com", "A monthly letter for trail crews."
            )
            answers = {"reach": "More"}
            made.append(await joining.apply(tx, given, **place, answers=answers, must_answer=True, at=now, now=now))
        approval = Review("approved", reviewed_by="rule:existing_customer", code="JANE20")
        reviewed = await joining.review(tx, shop.team.project_id, made[1].id, approval, at=now, now=now)
        assert reviewed.partner is not None
        return reviewed.partner.id, made[0].id

    try:
        return Program(shop, *await db.write(unit))
    finally:
        await db.stop()


async def fill(page: Page, program: Program) -> None:
    """Fill the form in as somebody does who took a minute."""
    await page.get_by_label("Your name").fill("Wren Castellanos")
    await page.get_by_label("E-mail").fill("wren@example.com")
    await page.get_by_label("Website").fill("trails dot example")
    await page.get_by_label("More").check()
    drawn = f"{int(datetime.now(UTC).timestamp()) - 60} {program.shop.team.project_id}".encode()
    signed = Signer(bytes.fromhex(SECRET_KEY), purpose="application form").sign(drawn)
    await page.evaluate("signed => { document.querySelector('[name=started]').value = signed }", signed)


@pytest.mark.parametrize(("width", "theme"), _LOOKS)
async def test_a_stranger_applies_and_mends_an_answer(
    shop: Shop, visitor: Visitor, photograph: Photograph, width: int, theme: str
) -> None:
    program = await run_program(shop)
    page = await visitor.open(program.apply_url, width=width, theme=theme)
    await see_it_whole(page)
    await photograph(page, f"apply-{width}-{theme}")
    await fill(page, program)
    await page.get_by_role("button", name="Send the application").click()
    await expect(page.get_by_role("alert")).to_contain_text("Website")
    await photograph(page, f"apply-refused-{width}-{theme}")
    await page.get_by_label("Website").fill("https://trails.example.com")
    signed = Signer(bytes.fromhex(SECRET_KEY), purpose="application form").sign(
        f"{int(datetime.now(UTC).timestamp()) - 60} {shop.team.project_id}".encode()
    )
    await page.evaluate("signed => { document.querySelector('[name=started]').value = signed }", signed)
    await page.get_by_role("button", name="Send the application").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


@pytest.mark.parametrize(("width", "theme"), _LOOKS)
async def test_the_partner_pages_are_whole(
    shop: Shop, visitor: Visitor, photograph: Photograph, width: int, theme: str
) -> None:
    program = await run_program(shop)
    page = await enter(shop, visitor, width=width, theme=theme)
    home = page.url
    for name, path in program.pages().items():
        await page.goto(home + path)
        await see_it_whole(page)
        await photograph(page, f"{name}-{width}-{theme}")


async def test_two_applications_are_approved_with_one_press(shop: Shop, visitor: Visitor) -> None:
    await run_program(shop)
    page = await enter(shop, visitor, "/applications")
    await page.get_by_label("Choose Petra Novak").check()
    await page.get_by_label("Choose Ode Amari").check()
    await page.get_by_role("button", name="Approve them").click()
    await expect(page.get_by_text("2 applications were approved.")).to_be_visible()


@pytest.mark.looks
@needs_axe
@pytest.mark.parametrize(("width", "theme"), _LOOKS)
async def test_axe_finds_no_violation_on_the_partner_pages(
    shop: Shop, visitor: Visitor, width: int, theme: str
) -> None:
    program = await run_program(shop)
    page = await visitor.open(program.apply_url, width=width, theme=theme)
    found = {"apply": await violations(page)}
    page = await enter(shop, visitor, width=width, theme=theme)
    home = page.url
    for name, path in program.pages().items():
        await page.goto(home + path)
        found[name] = await violations(page)
    assert not {name: each for name, each in found.items() if each}
