"""The console as a member meets it: every page seen wide and on a phone, light and dark; clicked, searched, without a script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from billfold.base.crypto import Sealer
from billfold.domain.analytics import commission_list
from billfold.domain.referrals import reviews
from billfold.domain.tenancy.members import members_of_team
from billfold.domain.tenancy.sessions import create_session
from tests.browser.axe import needs_axe, violations
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_checkout_page import see_it_whole, until
from tests.cli.command_line import SECRET_KEY
from tests.conftest import open_database
from tests.payouts import making
from tests.stories.shop import Shop

Photograph = Callable[[Page, str], Awaitable[None]]

LOOKS: Final = [(width, theme) for width in (WIDE, PHONE) for theme in ("light", "dark")]
_SHIFTS: Final = """
new Promise(done => new PerformanceObserver(list =>
    done(list.getEntries().flatMap(each => each.sources.map(moved => `${each.value}: ` +
        `${moved.node?.outerHTML?.slice(0, 80) ?? moved.node?.textContent} from ${JSON.stringify(moved.previousRect)}` +
        ` to ${JSON.stringify(moved.currentRect)}`)))).observe({type: "layout-shift", buffered: true}) ||
    setTimeout(() => done([]), 150))
"""


async def session_of(shop: Shop) -> str:
    """Return the token of a session of the team's owner."""
    db = open_database(shop.server.database_url)
    await db.start()
    try:
        owner = (await db.read(members_of_team, shop.team.id))[0]

        async def unit(tx: Any) -> str:
            return await create_session(
                tx, user_id=owner.user_id, address="127.0.0.1", user_agent="Chromium", now=datetime.now(UTC)
            )

        return await db.write(unit)
    finally:
        await db.stop()


async def enter(shop: Shop, visitor: Visitor, path: str = "", **look: Any) -> Page:
    """Return a page of the console of the shop's owner."""
    page = await visitor.open(f"{shop.server.base_url}/sign-in", **look)
    cookie = {"name": "billfold_session", "value": await session_of(shop), "url": shop.server.base_url}
    await page.context.add_cookies([cookie])  # type: ignore[list-item] # as its documentation has it
    await page.goto(home(shop) + path)
    return page


def home(shop: Shop) -> str:
    return f"{shop.server.base_url}/console/{shop.team.id}/{shop.team.project_id}"


async def sell(shop: Shop) -> dict[str, str]:
    """Have a friend claim the code and pay; return ids of what is there then."""
    friend = shop.customer("friend@example.com")
    shop.claim(friend)
    shop.pay(shop.checkout(friend))
    await until(lambda: shop.statuses() == ["converted"])
    subscription = shop.send("GET", f"/subscriptions?customerId={friend}")["subscriptions"][0]["id"]
    product = shop.send("GET", "/products")["products"][0]["id"]
    referral = shop.send("GET", f"/referrals/codes/{shop.code}")["code"]["referrals"][0]["id"]
    owed = await owe_somebody(shop, referral)
    # Nobody answers for this name, so there is a failed try to look at.
    webhook = shop.send("POST", "/webhooks", {"url": "https://app.invalid/webhooks", "description": "Production"})
    webhook_id = webhook["webhook"]["id"]
    delivery = shop.send("POST", f"/webhooks/{webhook_id}/test", {"type": "payment.succeeded"})["delivery"]["id"]
    sold = {
        "friend": friend,
        "subscription": subscription,
        "product": product,
        "referral": referral,
        "code": shop.code,
    }
    return {**sold, **owed, "webhook": webhook_id, "delivery": delivery}


async def owe_somebody(shop: Shop, referral: str) -> dict[str, str]:
    """Have a partner earn twice, and prepare a payout of the first commission."""
    partner = shop.send("POST", "/customers", {"email": "partner@example.com", "name": "Perla Partner"})["customer"][
        "id"
    ]
    db = open_database(shop.server.database_url)
    await db.start()
    try:
        sealer, now = Sealer(bytes.fromhex(SECRET_KEY)), datetime.now(UTC)
        owed: dict[str, Any] = {
            "project_id": shop.team.project_id,
            "customer_id": partner,
            "referral_id": referral,
            "at": now,
        }
        program = await making.owe(db, sealer, **owed)
        batch, payout = await making.prepare(db, program, team_id=shop.team.id, now=now)
        await making.owe(db, sealer, **owed, amount=12_345)
        await making.owe(db, sealer, **owed, amount=700, unit="jpy")
        project_id = shop.team.project_id
        newest = await db.read(commission_list.list_commissions, project_id, program.id, limit=1, offset=0)
        await db.write(
            reviews.open_review,
            project_id=project_id,
            program_id=program.id,
            referral_id=referral,
            signal="same_card",
            evidence={"paymentId": "pay_1"},
            at=now,
        )
    finally:
        await db.stop()
    return {"partner": partner, "batch": batch, "payout": payout, "commission": newest[0].id}


def addresses(ids: dict[str, str]) -> dict[str, str]:
    """Return each page's name and the end of its address; those of the team begin with two dots."""
    return {
        "overview": "",
        "customers": "/customers",
        "customer": f"/customers/{ids['friend']}",
        "customer-new": "/customers/new",
        "customer-deletion": f"/customers/{ids['friend']}/deletion",
        "subscriptions": "/subscriptions",
        "subscription": f"/subscriptions/{ids['subscription']}",
        "subscription-end": f"/subscriptions/{ids['subscription']}/end",
        "catalog": "/catalog",
        "product": f"/catalog/{ids['product']}",
        "price-new": f"/catalog/{ids['product']}/prices/new",
        "referrals": "/referrals",
        "referral": f"/referrals/{ids['referral']}",
        "codes": "/codes",
        "code-limit": f"/codes/{ids['code']}/limit",
        "program": "/program",
        "sign-up-bonus": "/sign-up-bonus",
        "links": "/links",
        "explain-start": "/explain",
        "explain": f"/explain?customer={ids['friend']}",
        "attribution": f"/customers/{ids['partner']}/attribution",
        "payouts": "/payouts",
        "payout": f"/payouts/{ids['payout']}",
        "payout-preview": "/payouts/preview",
        "payout-batches": "/payouts/batches",
        "payout-batch": f"/payouts/batches/{ids['batch']}",
        "payout-approval": f"/payouts/batches/{ids['batch']}/approval",
        "payout-settings": "/payouts/settings",
        "statement": f"/statements/{ids['partner']}",
        "commissions": "/commissions",
        "commission": f"/commissions/{ids['commission']}",
        "fraud-queue": "/fraud-queue",
        "commission-terms": "/commission-terms",
        "ledger": "/ledger?check=now",
        "stripe-events": "/stripe-events",
        "events": "/events",
        "jobs": "/jobs",
        "settings": "/settings",
        "wallets": "/wallets",
        "webhooks": "/webhooks",
        "webhook-new": "/webhooks/new",
        "webhook": f"/webhooks/{ids['webhook']}",
        "webhook-delivery": f"/webhooks/{ids['webhook']}/deliveries/{ids['delivery']}",
        "nothing-fits": "/customers?q=nobody&status=active",
        "api-keys": "/../api-keys",
        "api-key-new": "/../api-keys/new",
        "stripe": "/../stripe",
        "unassigned": "/../stripe/unassigned",
        "comparison": "/../stripe/reconciliation",
        "members": "/../members",
        "mail": "/../mail",
        "audit-log": "/../audit-log",
        "project-new": "/../projects/new",
        "team-new": "/../teams/new",
    }


@pytest.mark.looks
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "theme"), LOOKS)
async def test_every_page_is_whole_and_does_not_jump(
    shop: Shop, visitor: Visitor, photograph: Photograph, width: int, theme: str
) -> None:
    ids = await sell(shop)
    page = await enter(shop, visitor, width=width, theme=theme)
    for name, path in addresses(ids).items():
        answer = await page.goto(home(shop) + path)
        assert answer is not None
        assert answer.status == 200, name
        await see_it_whole(page)
        assert await page.evaluate(_SHIFTS) == [], name
        await photograph(page, f"console-{name}-{width}-{theme}")


@pytest.mark.looks
@needs_axe
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (PHONE, "dark")])
async def test_axe_finds_no_violation_on_any_page(shop: Shop, visitor: Visitor, width: int, theme: str) -> None:
    ids = await sell(shop)
    page = await enter(shop, visitor, width=width, theme=theme)
    found: list[str] = []
    for name, path in addresses(ids).items():
        await page.goto(home(shop) + path)
        found += [f"{name}: {each}" for each in await violations(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_member_finds_a_customer_and_reads_the_whole_story(
    shop: Shop, visitor: Visitor, *, scripts: bool
) -> None:
    await sell(shop)
    page = await enter(shop, visitor, scripts=scripts)
    await page.get_by_role("link", name="Customers", exact=True).click()
    await page.get_by_label("Search").fill("friend@")
    await page.get_by_role("button", name="Apply").click()
    await page.get_by_role("cell").get_by_role("link", name="friend@example.com").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Active")
    await expect(page.get_by_text("Paid invoice")).to_be_visible()
    await expect(page.get_by_text("Was referred by")).to_be_visible()
    await page.get_by_role("link", name=f"Code {shop.code}").click()
    await expect(page.get_by_role("heading", name="It converted")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_member_sells_something_new(shop: Shop, visitor: Visitor, *, scripts: bool) -> None:
    page = await enter(shop, visitor, "/catalog", scripts=scripts)
    await page.get_by_role("link", name="Add a product").click()
    await page.get_by_label("Name").fill("Studio")
    await page.get_by_role("button", name="Add the product").click()
    await expect(page.get_by_role("status")).to_contain_text("Studio is in the catalog")
    await page.get_by_role("link", name="Add a price").click()
    await page.get_by_label("Amount").fill("twelve")
    await page.get_by_role("button", name="Add the price").click()
    await expect(page.get_by_role("alert")).to_contain_text("It should look like 19.00")
    assert await page.get_by_label("Amount").input_value() == "twelve"
    await page.get_by_label("Amount").fill("129")
    await page.get_by_role("button", name="Add the price").click()
    await expect(page.get_by_role("cell", name="$129.00 a month")).to_be_visible()


async def test_a_phone_opens_the_rail_as_a_menu(shop: Shop, visitor: Visitor) -> None:
    page = await enter(shop, visitor, width=PHONE)
    rail = page.get_by_role("navigation", name="Console")
    await expect(rail).to_be_hidden()
    await page.get_by_role("button", name="Menu").click()
    await expect(rail).to_be_visible()
    await rail.get_by_role("link", name="Ledger").click()
    await expect(page.get_by_role("heading", name="Ledger", level=1)).to_be_visible()


async def test_the_keyboard_comes_first_to_the_page_then_to_the_rail(shop: Shop, visitor: Visitor) -> None:
    page = await enter(shop, visitor, "/customers")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the page"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    inside = await page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside


async def test_a_chosen_theme_is_stronger_than_the_system(shop: Shop, visitor: Visitor) -> None:
    page = await enter(shop, visitor, theme="light")
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.locator(".switcher summary").click()
    await page.get_by_role("button", name="Dark", exact=True).click()
    await page.wait_for_url(home(shop))
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != light


async def test_a_key_is_copied_with_one_press(shop: Shop, visitor: Visitor) -> None:
    page = await enter(shop, visitor, "/../api-keys/new")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_label("Name", exact=True).fill("Web server")
    await page.get_by_role("button", name="Make the key").click()
    shown = await page.locator("output").inner_text()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == shown
