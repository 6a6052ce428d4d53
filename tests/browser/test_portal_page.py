"""The customer portal as a customer meets it: seen, clicked, changed, on a phone, in the dark, without a script."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_checkout_page import see_it_whole, until
from tests.stories.shop import Shop

Photograph = Callable[[Page, str], Awaitable[None]]

LOOKS = [(width, theme) for width in (WIDE, PHONE) for theme in ("light", "dark")]


def logo() -> str:
    """Return a small PNG of one colour, in base64."""
    rows = b"".join(b"\0" + bytes((163, 68, 28)) * 36 for _ in range(36))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 36, 36, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(png).decode()


def link(shop: Shop, customer: str, **more: Any) -> str:
    """Open a customer's portal and return its address."""
    return str(shop.send("POST", "/portal", {"customerId": customer, **more})["portalUrl"])


async def subscribed(shop: Shop, email: str = "mara@example.com") -> str:
    """Return a customer whose plan is there."""
    customer = shop.customer(email)
    shop.pay(shop.checkout(customer))
    await until(lambda: bool(shop.send("GET", f"/subscriptions?customerId={customer}")["subscriptions"]))
    return customer


def ends(shop: Shop, customer: str) -> bool:
    return bool(shop.send("GET", f"/subscriptions?customerId={customer}")["subscriptions"][0]["cancelAtPeriodEnd"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with a script", "without a script"])
async def test_a_customer_cancels_and_comes_back(shop: Shop, visitor: Visitor, scripts: bool) -> None:  # noqa: FBT001 - a case
    customer = await subscribed(shop)
    page = await visitor.open(link(shop, customer), scripts=scripts)
    await page.get_by_role("link", name="Cancel the plan").click()
    await expect(page.get_by_role("heading", name="Cancel Pro, monthly?")).to_be_visible()
    await page.get_by_role("link", name="Keep it").click()
    await page.get_by_role("link", name="Cancel the plan").click()
    await page.get_by_role("button", name="Cancel the plan").click()
    await expect(page.locator(".notice")).to_contain_text("Your plan ends with the period")
    assert ends(shop, customer)
    await page.get_by_role("button", name="Keep the plan").click()
    await expect(page.locator(".notice")).to_contain_text("Your plan goes on")
    assert not ends(shop, customer)


@pytest.mark.parametrize("scripts", [True, False], ids=["with a script", "without a script"])
async def test_a_customer_uses_another_card(shop: Shop, visitor: Visitor, scripts: bool) -> None:  # noqa: FBT001 - a case
    customer = await subscribed(shop)
    address = link(shop, customer)
    page = await visitor.open(address, scripts=scripts)
    await expect(page.get_by_role("heading", name="Visa ending 4242")).to_be_visible()
    await page.get_by_role("button", name="Use another card").click()
    await page.get_by_label("Mastercard ending 4444").check()
    await page.get_by_role("button", name="Save the card").click()
    await page.wait_for_url(f"{address}?card=saved")
    await expect(page.locator(".notice")).to_contain_text("Your card is saved")

    stripe_customer = shop.send("GET", f"/customers/{customer}")["customer"]["stripeCustomerId"]

    def has_new_card() -> bool:
        found = shop.stripe.v1.customers.retrieve(stripe_customer).to_dict()
        return found["invoice_settings"]["default_payment_method"] is not None

    await until(has_new_card)
    await page.goto(address)
    await expect(page.get_by_role("heading", name="Mastercard ending 4444")).to_be_visible()


async def test_leaving_the_card_form_leads_back_to_the_same_link(shop: Shop, visitor: Visitor) -> None:
    address = link(shop, await subscribed(shop))
    page = await visitor.open(address)
    await page.get_by_role("button", name="Use another card").click()
    await page.get_by_role("link", name="Leave").click()
    await page.wait_for_url(address)


async def test_an_invoice_is_read_and_its_file_is_there(shop: Shop, visitor: Visitor) -> None:
    page = await visitor.open(link(shop, await subscribed(shop)))
    file = page.get_by_role("link", name="PDF of")
    answer = await page.request.get(await file.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    await page.get_by_role("row").nth(1).get_by_role("link").first.click()
    await expect(page.get_by_role("heading", name="Invoice")).to_be_visible()
    await expect(page.get_by_text("1 x Pro")).to_be_visible()
    await see_it_whole(page)


async def test_a_code_is_copied(shop: Shop, visitor: Visitor) -> None:
    page = await visitor.open(link(shop, shop.referrer))
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Copy").first.click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == shop.code


async def test_the_page_can_be_used_with_the_keyboard_alone(shop: Shop, visitor: Visitor) -> None:
    page = await visitor.open(link(shop, await subscribed(shop)))
    visited: list[str] = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "(() => { const it = document.activeElement, box = it.getBoundingClientRect();"
            " return [it.textContent.trim(), box.width > 0 && getComputedStyle(it).outlineStyle] })()"
        )
        visited.append(focused[0])
        assert focused[1] not in {False, "none"}, f"{focused[0]} does not show that it has the focus"
        if focused[0] == "Use another card":
            break
    assert visited[0] == "Skip to the page"
    assert visited[-1] == "Use another card"
    assert any(each.startswith("Cancel the plan") for each in visited)


async def test_no_address_of_the_portal_is_told_to_another_site(shop: Shop, visitor: Visitor, seller: str) -> None:
    page = await visitor.open(link(shop, await subscribed(shop), returnUrl=f"{seller}/account"))
    async with page.expect_request(f"{seller}/account") as sent:
        await page.get_by_role("link", name="Back to").click()
    assert "referer" not in (await (await sent.value).all_headers())


@pytest.mark.looks
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]} {look[1]}")
async def test_every_state_fits_the_window_in_every_look(
    shop: Shop, seller: str, visitor: Visitor, photograph: Photograph, look: tuple[int, str]
) -> None:
    width, theme = look

    async def see(url: str, name: str) -> Page:
        page = await visitor.open(url, width=width, theme=theme)
        await see_it_whole(page)
        await photograph(page, f"{name}-{width}-{theme}")
        return page

    branding = {
        "name": "Fieldnote",
        "accentColor": "#a3441c",
        "supportEmail": "help@example.com",
        "returnUrl": f"{seller}/",
        "logo": logo(),
    }
    await see(link(shop, shop.customer("new@example.com")), "portal-empty")
    shop.send("PUT", "/branding", branding)
    amount = {"type": "fixed", "value": 5, "unit": "ai_credits"}
    program = {
        "enabled": True,
        "convertsOn": "signup",
        "rules": [{"earner": "referrer", "earnedOn": "conversion", "amount": amount, "settlesAs": "wallet"}],
        "linkAddress": "https://app.example.com/a/rather/long/address/of/the/page/where/people/sign/up",
    }
    shop.send("PUT", "/programs/sign_up_bonus", program)
    shop.send("POST", f"/wallets/{shop.referrer}/grant", {"unit": "ai_credits", "amount": 7, "key": "welcome"})
    shop.pay(shop.checkout(shop.referrer))
    shop.bring("friend")
    await until(lambda: shop.statuses() == ["converted"])
    shop.control("clock", {"advance_days": 32})
    await until(lambda: len(shop.send("GET", f"/subscriptions?customerId={shop.referrer}")["subscriptions"]) == 1)
    page = await visitor.open(link(shop, shop.referrer), width=width, theme=theme)
    await page.get_by_role("button", name="Get your code").click()
    await see_it_whole(page)
    await photograph(page, f"portal-{width}-{theme}")
    here = page.url
    await page.get_by_role("link", name="Cancel the plan").click()
    await page.wait_for_url(lambda url: url != here)
    await see_it_whole(page)
    await photograph(page, f"portal-cancellation-{width}-{theme}")
    await page.get_by_role("button", name="Cancel the plan").click()
    await expect(page.locator(".notice")).to_be_visible()
    await see_it_whole(page)
    await photograph(page, f"portal-ending-{width}-{theme}")
    await page.get_by_role("button", name="Use another card").click()
    await see_it_whole(page)
    await photograph(page, f"portal-card-{width}-{theme}")
    address = link(shop, shop.referrer)
    await see(address[:-4] + "0000", "portal-expired")
    await page.goto(address)
    await page.locator(".at-sub a").first.click()
    await see_it_whole(page)
    await photograph(page, f"portal-invoice-{width}-{theme}")
