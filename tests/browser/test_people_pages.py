"""People at a browser: the first account, signing in and out, a forgotten password, a second factor; and how it all looks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

import pyotp
import pytest
from playwright.async_api import Page, expect

from billfold.base.crypto import Sealer
from billfold.infrastructure.mail.mailbox import Mailbox, all_mails
from tests.browser import axe
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_checkout_page import see_it_whole
from tests.cli.command_line import SECRET_KEY
from tests.conftest import open_database
from tests.stories.running_server import RunningServer

Photograph = Callable[[Page, str], Awaitable[None]]

EMAIL: Final = "ines@example.com"
PASSWORD: Final = "correct horse battery"
NEW: Final = "another horse entirely"
LOOKS: Final = [(width, theme) for width in (WIDE, PHONE) for theme in ("light", "dark")]


async def newest_link(server: RunningServer, kind: str) -> str:
    """Wait for a letter of a kind and return the address that its button leads to."""
    db = open_database(server.database_url)
    await db.start()
    try:
        for _ in range(600):
            for listed in await db.read(all_mails):
                mail = await db.read(Mailbox(Sealer(bytes.fromhex(SECRET_KEY)), is_sending=False).find, listed.id)
                found = re.search(rf"http\S+/{kind}/\S+", mail.content.text if mail and mail.content else "")
                if found:
                    return found[0]
            await asyncio.sleep(0.1)
    finally:
        await db.stop()
    raise AssertionError("no letter came")


async def sign_up(page: Page) -> None:
    await page.get_by_label("Your team", exact=True).fill("Northlight Software")
    await page.get_by_label("E-mail", exact=True).fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign up").click()
    await page.wait_for_url("**/console**")


async def sign_in(page: Page, password: str = PASSWORD) -> None:
    await page.get_by_label("E-mail", exact=True).fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def sign_out(page: Page, server: RunningServer) -> None:
    await page.goto(f"{server.base_url}/account")
    await page.get_by_role("button", name="Sign out here").click()
    await expect(page.get_by_role("status")).to_contain_text("You are signed out")


async def enrol(page: Page, server: RunningServer) -> tuple[pyotp.TOTP, list[str]]:
    await page.goto(f"{server.base_url}/account")
    await page.get_by_role("button", name="Set up a second factor").click()
    app = pyotp.TOTP((await page.get_by_label("Key", exact=True).inner_text()).replace(" ", ""))
    await page.get_by_label("Code", exact=True).fill(app.at(datetime.now(UTC)))
    await page.get_by_role("button", name="Switch it on").click()
    await expect(page.get_by_role("heading", name="The second factor is on")).to_be_visible()
    return app, (await page.get_by_label("Recovery codes", exact=True).inner_text()).split()


@pytest.mark.parametrize("scripts", [True, False])
async def test_from_the_first_account_to_a_forgotten_password(
    new_server: RunningServer, visitor: Visitor, *, scripts: bool
) -> None:
    page = await visitor.open(new_server.base_url + "/sign-in", scripts=scripts)
    await page.wait_for_url("**/sign-up")
    await sign_up(page)
    (cookie,) = [each for each in await page.context.cookies() if "session" in each.get("name", "")]
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    await sign_out(page, new_server)

    await sign_in(page, "wrong password")
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    await expect(page.get_by_label("E-mail", exact=True)).to_have_value(EMAIL)
    await expect(page.get_by_label("Password", exact=True)).to_have_value("")
    await sign_in(page)
    await page.wait_for_url("**/console**")
    await sign_out(page, new_server)

    await page.get_by_role("link", name="Forgot it?").click()
    await page.get_by_label("E-mail", exact=True).fill(EMAIL)
    await page.get_by_role("button", name="Send me the link").click()
    await expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    await page.goto(await newest_link(new_server, "password/reset"))
    await page.get_by_label("New password", exact=True).fill(NEW)
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    await sign_in(page, NEW)
    await page.wait_for_url("**/console**")


async def test_a_link_instead_of_a_password(new_server: RunningServer, visitor: Visitor) -> None:
    page = await visitor.open(new_server.base_url + "/sign-up")
    await sign_up(page)
    await sign_out(page, new_server)
    await page.get_by_label("E-mail", exact=True).fill(EMAIL)
    await page.get_by_role("button", name="Send me a link").click()
    await expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    await page.goto(await newest_link(new_server, "sign-in/link"))
    await expect(page.get_by_text(f"as {EMAIL}")).to_be_visible()
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/console**")


async def test_a_second_factor_is_asked_for_from_then_on(new_server: RunningServer, visitor: Visitor) -> None:
    page = await visitor.open(new_server.base_url + "/sign-up")
    await sign_up(page)
    app, codes = await enrol(page, new_server)
    assert len(codes) == 10
    await sign_out(page, new_server)
    await sign_in(page)
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    await page.goto(f"{new_server.base_url}/account")
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    # The code that the enrolment took is not taken again.
    await page.get_by_label("Code", exact=True).fill(app.at(datetime.now(UTC), counter_offset=-1))
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("alert")).to_contain_text("used before")
    await page.get_by_label("Code", exact=True).fill(codes[3])
    await page.get_by_role("button", name="Go on").click()
    await page.wait_for_url("**/account")


@pytest.mark.looks
async def test_how_the_pages_look(new_server: RunningServer, visitor: Visitor, photograph: Photograph) -> None:
    base = new_server.base_url
    page = await visitor.open(base + "/sign-up")
    await look(photograph, page, "sign-up")
    await sign_up(page)
    await page.goto(base + "/account")
    await look(photograph, page, "account")
    await page.get_by_role("button", name="Set up a second factor").click()
    await look(photograph, page, "enrolment")
    await enrol(page, new_server)
    await look(photograph, page, "recovery-codes")
    await page.goto(base + "/account")
    await look(photograph, page, "account-with-factor")
    await sign_out(page, new_server)
    await look(photograph, page, "sign-in")
    await sign_in(page, "wrong password")
    await look(photograph, page, "sign-in-wrong")
    await sign_in(page)
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    await look(photograph, page, "second-factor")
    await page.goto(base + "/password/forgotten")
    await look(photograph, page, "forgotten")
    await page.goto(base + "/sign-in/link")
    await look(photograph, page, "link-sent")
    await page.goto(base + "/sign-up")
    await look(photograph, page, "closed")
    await page.goto(base + "/sign-in/link/" + "0" * 64)
    await look(photograph, page, "dead-link")


async def look(photograph: Photograph, page: Page, name: str) -> None:
    """See the page whole in each width and theme."""
    for width, theme in LOOKS:
        await page.set_viewport_size({"width": width, "height": 844})
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        await see_it_whole(page)
        if axe.is_installed():
            assert await axe.violations(page) == []
        await photograph(page, f"people-{name}-{width}-{theme}")
    await page.set_viewport_size({"width": WIDE, "height": 844})
    await page.emulate_media(color_scheme="light")
