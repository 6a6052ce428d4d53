"""The script on a page of the project's own, and the pages that explain what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Route, expect

from billfold.domain.referrals import codes, links, presets, programs, publishable_keys
from billfold.domain.referrals.links import LinkSettings
from tests.browser.axe import needs_axe, violations
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_checkout_page import see_it_whole, until
from tests.browser.test_console import LOOKS, enter
from tests.conftest import open_database
from tests.stories.shop import Shop

Photograph = Callable[[Page, str], Awaitable[None]]
_PAGE: Final = "/our-page.html"


@dataclass(frozen=True, slots=True)
class Tracked:
    """A shop with a partner JANE20, links and a key for its own origin."""

    shop: Shop
    key: str

    @property
    def base(self) -> str:
        return self.shop.server.base_url


async def track(shop: Shop) -> Tracked:
    jane = shop.send("POST", "/customers", {"email": "jane@partners.example.com", "name": "Jane Whitlock"})
    db = open_database(shop.server.database_url)
    await db.start()
    try:

        async def unit(tx: Any) -> str:
            at, project_id = datetime.now(UTC), shop.team.project_id
            program = await programs.configure(
                tx, project_id=project_id, key="partners", enabled=True, content=presets.partner_program(), at=at
            )
            await codes.assign(
                tx,
                project_id=project_id,
                program_id=program.id,
                customer_id=jane["customer"]["id"],
                code="JANE20",
                at=at,
            )
            settings = LinkSettings(f"{shop.server.base_url}{_PAGE}", (), None)
            await links.set_settings(tx, project_id=project_id, settings=settings, reserved=(), at=at)
            key = await publishable_keys.add_key(
                tx, project_id=project_id, origins=[shop.server.base_url], now=datetime.now(UTC)
            )
            return key.key

        return Tracked(shop, await db.write(unit))
    finally:
        await db.stop()


async def visit(tracked: Tracked, visitor: Visitor, query: str, attributes: str = "") -> Page:
    """Open a page of the project's own that holds the snippet."""
    script = f'<script async src="{tracked.base}/js/track.js" data-key="{tracked.key}" {attributes}></script>'
    field = "<input name=billfold_click aria-label=click>"
    content = f"<!doctype html><html lang=en><title>Ours</title><link rel=icon href=data:,>{script}{field}"

    async def serve(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body=content)

    page = await visitor.open("about:blank")
    await page.route(f"**{_PAGE}*", serve)
    await page.goto(f"{tracked.base}{_PAGE}?{query}")
    return page


async def stored(page: Page) -> list[str]:
    cookies = [each["name"] for each in await page.context.cookies()]
    kept = await page.evaluate("[localStorage.length, sessionStorage.length]")
    assert kept == [0, 0]
    return cookies


async def token_of(page: Page) -> str:
    await page.wait_for_function("window.billfold && billfold.token()")
    return str(await page.evaluate("billfold.token()"))


async def test_a_code_in_the_address_becomes_a_click_and_one_cookie(shop: Shop, visitor: Visitor) -> None:
    page = await visit(await track(shop), visitor, "ref=jane20&other=1")
    token = await token_of(page)
    assert await stored(page) == ["stackbe_ref"]
    assert await page.evaluate("document.querySelector('input').value") == token
    made = shop.send("POST", "/customers", {"email": "wren@example.com", "clickToken": token})
    assert made["attribution"]["code"] == "JANE20"


async def test_a_followed_link_is_kept_and_leaves_the_address(shop: Shop, visitor: Visitor) -> None:
    tracked = await track(shop)
    location = shop.http.get(f"/r/{shop.team.project_id}/JANE20", follow_redirects=False).headers["location"]
    page = await visit(tracked, visitor, urlsplit(location).query)
    token = await token_of(page)
    assert urlsplit(page.url).query == "ref=JANE20"
    made = shop.send("POST", "/customers", {"email": "wren@example.com", "clickToken": token})
    assert made["attribution"]["bound"] is True


async def test_without_consent_nothing_is_stored_or_sent(shop: Shop, visitor: Visitor) -> None:
    page = await visit(await track(shop), visitor, "ref=JANE20", 'data-consent="required"')
    await page.wait_for_function("window.billfold")
    assert await stored(page) == []
    assert await page.evaluate("billfold.token()") is None
    await page.evaluate("billfold.consent(true)")
    await token_of(page)
    assert await stored(page) == ["stackbe_ref"]
    await page.evaluate("billfold.consent(false)")
    assert await stored(page) == []
    assert await page.evaluate("billfold.token()") is None


async def test_without_cookies_nothing_is_stored_and_the_token_is_there(shop: Shop, visitor: Visitor) -> None:
    page = await visit(await track(shop), visitor, "ref=JANE20", 'data-cookie="none"')
    await token_of(page)
    assert await stored(page) == []


async def test_a_page_without_a_code_sends_nothing(shop: Shop, visitor: Visitor) -> None:
    page = await visit(await track(shop), visitor, "other=1")
    await page.wait_for_function("window.billfold")
    assert await page.evaluate("billfold.token()") is None
    assert await stored(page) == []


def test_the_script_is_at_most_two_kilobytes(shop: Shop) -> None:
    answer = shop.http.get("/js/track.js")
    assert answer.status_code == 200
    assert len(answer.content) <= 2_000


async def bought(tracked: Tracked) -> str:
    """Have a customer come by the partner's link and pay; return the customer's id."""
    shop = tracked.shop
    location = shop.http.get(f"/r/{shop.team.project_id}/JANE20", follow_redirects=False).headers["location"]
    token = location.partition("ref_click=")[2]
    wren = shop.send(
        "POST", "/customers", {"email": "wren@example.com", "name": "Wren Castellanos", "clickToken": token}
    )
    customer = str(wren["customer"]["id"])
    shop.pay(shop.checkout(customer))

    def is_explained() -> bool:
        told = shop.send("GET", f"/referrals/explain?customer={customer}")["explanation"]
        return any(each["outcome"] == "earned" for each in told["payments"])

    await until(is_explained)
    return customer


@pytest.mark.parametrize(("width", "theme"), LOOKS)
async def test_the_explanation_and_the_settings_of_links_are_whole(
    shop: Shop, visitor: Visitor, photograph: Photograph, width: int, theme: str
) -> None:
    tracked = await track(shop)
    customer = await bought(tracked)
    page = await enter(shop, visitor, f"/explain?customer={customer}", width=width, theme=theme)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Why Jane Whitlock earned this")
    await expect(page.get_by_text("Agrees with the ledger")).to_be_visible()
    await see_it_whole(page)
    await photograph(page, f"explanation-{width}-{theme}")
    await page.goto(page.url.partition("/explain")[0] + "/links")
    await see_it_whole(page)
    await photograph(page, f"links-{width}-{theme}")


@pytest.mark.looks
@needs_axe
@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (PHONE, "dark")])
async def test_axe_finds_no_violation_on_an_explanation(shop: Shop, visitor: Visitor, width: int, theme: str) -> None:
    tracked = await track(shop)
    customer = await bought(tracked)
    page = await enter(shop, visitor, f"/explain?customer={customer}", width=width, theme=theme)
    found = await violations(page)
    await page.goto(page.url.partition("/explain")[0] + "/links")
    assert not [*found, *await violations(page)]
