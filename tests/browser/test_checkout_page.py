"""The simulator's checkout as a buyer meets it: seen, clicked, refused, typed through, on a phone, in the dark."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.stories.shop import FRIEND_CREDIT, REFERRER_CREDIT, Shop

Photograph = Callable[[Page, str], Awaitable[None]]

LOOKS = [(width, theme) for width in (WIDE, PHONE) for theme in ("light", "dark")]


def buy(shop: Shop, seller: str, email: str = "friend@example.com", **more: Any) -> tuple[str, str]:
    """Have a friend claim the code and come to the checkout: the session's id and the page's address."""
    friend = shop.customer(email)
    shop.claim(friend)
    return checkout(shop, friend, seller, **more)


def checkout(shop: Shop, customer: str, seller: str, **more: Any) -> tuple[str, str]:
    urls = {"successUrl": f"{seller}/welcome?session={{CHECKOUT_SESSION_ID}}", "cancelUrl": f"{seller}/prices"}
    made = shop.send("POST", "/checkout", {"customerId": customer, "priceId": shop.price, **urls, **more})
    return made["sessionId"], made["url"]


async def until(look: Callable[[], bool]) -> None:
    """Look again and again, away from the browser's loop, until it is true."""
    for _ in range(600):
        if await asyncio.to_thread(look):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not happen")


async def choose(page: Page, outcome: str) -> None:
    await page.locator(f"input[value={outcome}]").check()


async def see_it_whole(page: Page) -> None:
    """See that nothing scrolls sideways and nothing that can be pressed is out of the window."""
    # On a machine under load the page that a click led to may not be there yet.
    await page.locator("main").first.wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    outside = await page.evaluate(
        "[...document.querySelectorAll('main *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1)"
        ".map(each => each.outerHTML.slice(0, 80))"
    )
    assert outside == []


async def test_a_paid_checkout_leads_to_the_seller_and_credits_both_sides(
    shop: Shop, seller: str, visitor: Visitor
) -> None:
    session, url = buy(shop, seller)
    page = await visitor.open(url)
    await page.get_by_role("button", name="Pay $29.00").click()
    await page.wait_for_url(f"{seller}/welcome?session={session}")
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    await until(lambda: shop.statuses() == ["converted"])
    credited = {"friend@example.com": [-FRIEND_CREDIT], "referrer@example.com": [-REFERRER_CREDIT]}
    await until(lambda: shop.credits() == credited)


async def test_a_refused_card_says_what_to_do_and_the_buyer_can_pay_afterwards(
    shop: Shop, seller: str, visitor: Visitor
) -> None:
    session, url = buy(shop, seller)
    page = await visitor.open(url)
    await choose(page, "no")
    await page.get_by_role("button", name="Pay").click()
    notice = page.get_by_role("alert")
    await expect(notice).to_contain_text("The card was refused")
    await expect(notice).to_contain_text("Choose what the bank should do and try again")
    assert page.url == url
    assert shop.statuses() == ["pending"]
    await page.get_by_role("button", name="Pay $29.00").click()
    await page.wait_for_url(f"{seller}/welcome?session={session}")
    await until(lambda: shop.statuses() == ["converted"])


async def test_a_card_that_fails_later_pays_now_and_not_at_the_renewal(
    shop: Shop, seller: str, visitor: Visitor
) -> None:
    _, url = buy(shop, seller)
    page = await visitor.open(url)
    await choose(page, "later")
    await page.get_by_role("button", name="Pay $29.00").click()
    await page.wait_for_url(f"{seller}/welcome?**")
    await until(lambda: shop.statuses() == ["converted"])
    # The credit of the first month pays a part of the second; the card is asked for the rest and refuses.
    shop.control("clock", {"advance_days": 32})
    await until(
        lambda: (
            [each["status"] for each in shop.send("GET", "/subscriptions?activeOnly=false")["subscriptions"]]
            == ["past_due"]
        )
    )


async def test_the_page_works_without_javascript(shop: Shop, seller: str, visitor: Visitor) -> None:
    session, url = buy(shop, seller)
    page = await visitor.open(url, scripts=False)
    await choose(page, "no")
    await page.get_by_role("button", name="Pay").click()
    await expect(page.get_by_role("alert")).to_contain_text("refused")
    await page.get_by_role("button", name="Pay").click()
    await page.wait_for_url(f"{seller}/welcome?session={session}")


async def test_the_page_can_be_paid_with_the_keyboard_alone(shop: Shop, seller: str, visitor: Visitor) -> None:
    session, url = buy(shop, seller)
    page = await visitor.open(url)
    visited: list[str] = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "(() => { const it = document.activeElement, box = it.getBoundingClientRect();"
            " return [it.id || it.value || it.textContent.trim(), box.width > 0 && getComputedStyle(it).outlineStyle,"
            " it.type] })()"
        )
        visited.append(focused[0])
        assert focused[1] not in {False, "none"}, f"{focused[0]} does not show that it has the focus"
        if focused[2] == "radio":
            await page.keyboard.press("ArrowDown")
            await page.keyboard.press("ArrowUp")
        if focused[2] == "submit":
            break
    assert visited[0] == "Skip to the page"
    assert visited[-1] == "Pay $29.00"
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{seller}/welcome?session={session}")


async def test_leaving_without_paying_leads_back_to_the_seller(shop: Shop, seller: str, visitor: Visitor) -> None:
    _, url = buy(shop, seller)
    page = await visitor.open(url)
    await page.get_by_role("link", name="Leave without paying").click()
    await page.wait_for_url(f"{seller}/prices")
    assert shop.statuses() == ["pending"]


async def test_a_paid_checkout_says_so_and_leads_on(shop: Shop, seller: str, visitor: Visitor) -> None:
    session, url = buy(shop, seller)
    shop.pay(session)
    page = await visitor.open(url)
    await expect(page.get_by_role("heading", name="This checkout is paid")).to_be_visible()
    assert await page.get_by_role("button").count() == 0
    await page.get_by_role("link", name="Go on to").click()
    await page.wait_for_url(f"{seller}/welcome?session={session}")


async def test_a_page_left_open_while_another_pays_leads_on_as_well(shop: Shop, seller: str, visitor: Visitor) -> None:
    session, url = buy(shop, seller)
    page = await visitor.open(url)
    shop.pay(session)
    await page.get_by_role("button", name="Pay").click()
    await page.wait_for_url(f"{seller}/welcome?session={session}")


async def test_an_expired_checkout_says_so_and_leads_back(shop: Shop, seller: str, visitor: Visitor) -> None:
    _, url = buy(shop, seller)
    shop.control("clock", {"advance_days": 2})
    page = await visitor.open(url)
    await expect(page.get_by_role("heading", name="This checkout has expired")).to_be_visible()
    assert await page.get_by_role("button").count() == 0
    await page.get_by_role("link", name="Back to").click()
    await page.wait_for_url(f"{seller}/prices")


async def test_an_unknown_checkout_and_that_of_another_team_say_no_more_than_that(
    shop: Shop, seller: str, visitor: Visitor
) -> None:
    _, url = buy(shop, seller)
    for address in (url[:-4] + "0000", url.replace(shop.team.id, "team_of_nobody")):
        page = await visitor.open(address)
        await expect(page.get_by_role("heading", name="No such checkout")).to_be_visible()
        await see_it_whole(page)


def one_time(shop: Shop, seller: str, customer: str) -> tuple[str, str]:
    """A single payment in a currency without minor units."""
    product = shop.send("POST", "/products", {"name": "A workshop with a name that is longer than most are"})["product"]
    price = shop.send("POST", f"/products/{product['id']}/prices", {"unitAmount": 120_000, "currency": "jpy"})["price"]
    return checkout(shop, customer, seller, priceId=price["id"], mode="payment")


def save_card(shop: Shop, seller: str, customer: str) -> str:
    """A checkout that takes nothing and saves a card, which only Stripe's own API opens."""
    stripe_customer = shop.send("GET", f"/customers/{customer}")["customer"]["stripeCustomerId"]
    made = shop.stripe.v1.checkout.sessions.create(
        {"mode": "setup", "customer": stripe_customer, "currency": "usd", "success_url": f"{seller}/saved"}
    )
    assert made.url
    return made.url


async def test_a_single_payment_has_no_renewal_to_refuse(shop: Shop, seller: str, visitor: Visitor) -> None:
    session, url = one_time(shop, seller, shop.customer("friend@example.com"))
    page = await visitor.open(url)
    assert await page.get_by_role("radio").count() == 2
    await page.get_by_role("button", name="Pay ¥120,000").click()
    await page.wait_for_url(f"{seller}/welcome?session={session}")


async def test_a_card_is_saved_without_a_payment(shop: Shop, seller: str, visitor: Visitor) -> None:
    page = await visitor.open(save_card(shop, seller, shop.customer("friend@example.com")))
    await page.get_by_role("button", name="Save the card").click()
    await page.wait_for_url(f"{seller}/saved")


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

    expired, paid = (buy(shop, seller, f"{name}@example.com") for name in ("late", "quick"))
    shop.control("clock", {"advance_days": 2})
    await see(expired[1], "expired")
    shop_paid = buy(shop, seller, "paid@example.com")
    shop.pay(shop_paid[0])
    await see(shop_paid[1], "paid")
    await see(paid[1][:-3] + "000", "unknown")
    friend = shop.customer("a.rather.long.name.of.a.friend.who.brought.friends@subdomain.example.com")
    page = await see(checkout(shop, friend, seller, quantity=12)[1], "open")
    await choose(page, "no")
    await page.get_by_role("button", name="Pay").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await see_it_whole(page)
    await photograph(page, f"refused-{width}-{theme}")
    await see(checkout(shop, friend, seller, trialDays=14)[1], "trial")
    await see(one_time(shop, seller, friend)[1], "payment")
    await see(save_card(shop, seller, friend), "setup")
