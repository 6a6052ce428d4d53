"""Commission terms as a member edits them: several rules, wrong answers that stay where they were typed, the preview."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import needs_axe, violations
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_checkout_page import see_it_whole
from tests.browser.test_console import enter
from tests.stories.shop import Shop

Photograph = Callable[[Page, str], Awaitable[None]]


@needs_axe
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("width", "theme", "scripts"), [(WIDE, "light", False), (PHONE, "dark", True)])
async def test_a_member_edits_several_rules_and_sees_first_what_they_change(
    shop: Shop, visitor: Visitor, photograph: Photograph, width: int, theme: str, *, scripts: bool
) -> None:
    page = await enter(shop, visitor, "/commission-terms", width=width, theme=theme, scripts=scripts)
    await page.get_by_role("button", name="Add a rule").click()
    second = page.get_by_role("region", name="Rule 2")
    await second.get_by_label("Amount", exact=False).first.fill("500.5")
    await second.get_by_label("Currency of the amount").fill("jpy")
    first = page.get_by_role("region", name="Rule 1")
    await first.get_by_text("Tiers", exact=True).click()
    await first.get_by_label("From an amount of").first.fill("1,000.00")
    await first.get_by_label("Gives").first.fill("thirty")
    # Enter is the preview, not one more rule.
    await first.get_by_label("Rate in percent").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Some answers need another look")
    await expect(first.get_by_label("Gives").first).to_have_value("thirty")
    assert not (scripts and await violations(page))
    await see_it_whole(page)
    await photograph(page, f"console-commission-terms-wrong-{width}-{theme}")
    await first.get_by_label("Gives").first.fill("25")
    await second.get_by_label("Amount", exact=False).first.fill("500")
    await page.get_by_role("button", name="Preview the change").click()
    await expect(page.get_by_role("heading", name="What it would have changed in the last 90 days")).to_be_visible()
    assert not (scripts and await violations(page))
    await see_it_whole(page)
    await photograph(page, f"console-commission-terms-preview-{width}-{theme}")
    await page.get_by_role("button", name="Put it in force").click()
    await expect(page.get_by_role("status")).to_contain_text("In force")
    await expect(page.get_by_role("region", name="Rule 2").get_by_label("Currency of the amount")).to_have_value("jpy")
