"""The whole product as its people meet it, from the first sign-up on an empty server to what the console tells afterwards."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, Visitor
from tests.browser.test_checkout_page import see_it_whole
from tests.browser.test_people_pages import EMAIL, sign_up
from tests.stories.running_server import RunningServer

Photograph = Callable[[Page, str], Awaitable[None]]

CUSTOMER: Final = "mara@example.com"


class Seller:
    """The seller's own software: it has the key that the console showed, and nothing else."""

    def __init__(self, page: Page, project: str, key: str) -> None:
        self._requests = page.request
        self._project = project
        self._headers = {"Authorization": f"Bearer {key}"}

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed."""
        answer = await self._requests.fetch(self._project + path, method=method, headers=self._headers, data=body)
        assert answer.ok, await answer.text()
        return await answer.json()

    async def subscriptions(self, customer: str) -> list[Any]:
        """Return a customer's subscriptions."""
        listed = await self.send("GET", f"/subscriptions?customerId={customer}")
        return list(listed["subscriptions"])


async def follow(page: Page, name: str) -> None:
    """Go to a page of the console by its rail."""
    await page.get_by_role("navigation", name="Console").get_by_role("link", name=name, exact=True).click()


async def make_project(page: Page) -> None:
    """From where a new owner arrives."""
    await expect(page.get_by_role("heading", name="New project")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("Fieldnote")
    await page.get_by_label("Currency of its figures").fill("usd")
    await page.get_by_role("button", name="Make the project").click()
    await expect(page.locator(".notice")).to_contain_text("Fieldnote")


async def connect_the_simulator(page: Page, photograph: Photograph) -> None:
    """The console leads to it by itself."""
    await follow(page, "Overview")
    await see_it_whole(page)
    await photograph(page, "story-new-project")
    await page.get_by_role("link", name="Connect Stripe").click()
    await see_it_whole(page)
    await photograph(page, "story-no-connection")
    await page.get_by_role("button", name="Connect the simulator").click()
    await expect(page.locator(".notice")).to_contain_text("The simulator is connected")
    await expect(page.get_by_text("Customers pay into it, and no money moves")).to_be_visible()


async def make_a_key(page: Page) -> str:
    """Return the key, which is shown this once."""
    await follow(page, "API keys")
    await page.get_by_role("link", name="Make a key").click()
    await page.get_by_label("Name", exact=True).fill("Web server")
    await page.get_by_role("combobox", name="Project").select_option(label="Fieldnote")
    await page.get_by_role("button", name="Make the key").click()
    key = await page.locator("output").inner_text()
    assert re.fullmatch(r"bs_[0-9a-f]+", key)
    await page.get_by_role("link", name="I have copied it").click()
    await expect(page.get_by_role("cell", name="Web server", exact=True)).to_be_visible()
    assert key not in await page.content()
    return key


async def sell_something(page: Page) -> None:
    """Put a product and its price into the catalog."""
    await follow(page, "Catalog")
    await page.get_by_role("link", name="Add a product").first.click()
    await page.get_by_label("Name", exact=True).fill("Pro")
    await page.get_by_role("button", name="Add the product").click()
    await page.get_by_role("link", name="Add a price").click()
    await page.get_by_label("Amount").fill("29")
    await page.get_by_role("button", name="Add the price").click()
    await expect(page.get_by_role("cell", name="$29.00 a month", exact=True)).to_be_visible()


async def add_the_customer(page: Page) -> str:
    """Return the id, which stands in the address of the customer's page."""
    await follow(page, "Customers")
    await page.get_by_role("link", name="Add a customer").first.click()
    await page.get_by_label("E-mail").fill(CUSTOMER)
    await page.get_by_label("Name").fill("Mara Lind")
    await page.get_by_role("button", name="Add the customer").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Mara Lind")
    return page.url.rpartition("/")[2]


async def pay(page: Page, seller_site: str) -> None:
    """Pay on the checkout page."""
    await expect(page.get_by_label("E-mail")).to_have_value(CUSTOMER)
    await page.get_by_role("button", name="Pay $29.00").click()
    await page.wait_for_url(f"{seller_site}/welcome")


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is true: Stripe's events arrive when they do."""
    for _ in range(600):
        if await look():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not happen")


async def cancel_and_come_back(page: Page, has_ending: Callable[[bool], Awaitable[None]]) -> None:
    """Leave the plan, and keep it after all."""
    await page.get_by_role("link", name="Cancel the plan").click()
    await page.get_by_role("button", name="Cancel the plan").click()
    await expect(page.locator(".notice")).to_contain_text("Your plan ends with the period")
    await has_ending(True)  # noqa: FBT003 - it reads as a sentence
    await page.get_by_role("button", name="Keep the plan").click()
    await expect(page.locator(".notice")).to_contain_text("Your plan goes on")
    await has_ending(False)  # noqa: FBT003 - see above


async def use_another_card(page: Page, portal: str) -> None:
    """Save a card on the checkout page that takes nothing."""
    await expect(page.get_by_role("heading", name="Visa ending 4242")).to_be_visible()
    await page.get_by_role("button", name="Use another card").click()
    await page.get_by_label("Mastercard ending 4444").check()
    await page.get_by_role("button", name="Save the card").click()
    await page.wait_for_url(f"{portal}?card=saved")
    await expect(page.locator(".notice")).to_contain_text("Your card is saved")


async def read_the_invoice(page: Page) -> str:
    """Return the invoice's number, read on its page; its file is there as well."""
    link = page.get_by_role("row").nth(1).get_by_role("link").first
    number = await link.inner_text()
    await link.click()
    await expect(page.get_by_role("heading", name=f"Invoice {number}")).to_be_visible()
    await expect(page.get_by_text("1 x Pro")).to_be_visible()
    await expect(page.get_by_text("$29.00").first).to_be_visible()
    file = await page.get_by_role("link", name="PDF").get_attribute("href")
    answer = await page.request.get(urljoin(page.url, file or ""))
    assert answer.headers["content-type"] == "application/pdf"
    assert (await answer.body()).startswith(b"%PDF-")
    return number


async def find_it_in_the_console(page: Page, invoice: str) -> None:
    """The customer's story, Stripe's events, the audit log, the overview."""
    await follow(page, "Customers")
    await page.get_by_label("Search").fill("mara@")
    await page.get_by_role("button", name="Apply").click()
    await page.get_by_role("cell").get_by_role("link", name="Mara Lind").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Active")
    await expect(page.get_by_role("region", name="Subscriptions").get_by_role("row").nth(1)).to_contain_text("$29.00")
    happened = page.get_by_role("region", name="What happened")
    await expect(happened.get_by_text(f"Paid invoice {invoice}")).to_be_visible()
    events = page.get_by_role("region", name="Stripe events")
    await expect(events.get_by_role("link", name="checkout.session.completed").first).to_be_visible()
    here = page.url
    await page.get_by_role("region", name="Invoices").get_by_role("link", name=invoice).click()
    await expect(page.get_by_role("heading", name=f"Invoice {invoice}")).to_be_visible()
    await page.goto(here)

    await follow(page, "Stripe events")
    await page.get_by_role("link", name="invoice.paid").first.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("invoice.paid")
    await page.get_by_role("link", name=re.compile(r"^cus_")).click()
    await expect(page.get_by_role("cell").get_by_role("link", name="Mara Lind")).to_be_visible()

    await follow(page, "Audit log")
    rows = page.get_by_role("row")
    for action in (
        "Project: created",
        "Stripe: connected",
        "API key: created",
        "Product: created",
        "Customer: created",
    ):
        await expect(rows.filter(has_text=action).first).to_contain_text(EMAIL)

    await follow(page, "Overview")
    await expect(page.get_by_text("1 started, 0 ended this month")).to_be_visible()


@pytest.mark.timeout(300)
async def test_from_an_empty_server_to_a_customer_whose_whole_story_is_in_the_console(
    new_server: RunningServer,
    visitor: Visitor,
    photograph: Photograph,
    seller: str,
) -> None:
    page = await visitor.open(new_server.base_url)
    await sign_up(page)
    await make_project(page)
    await connect_the_simulator(page, photograph)
    key = await make_a_key(page)
    await sell_something(page)
    customer = await add_the_customer(page)

    team_id, project_id = re.findall(r"/console/(\w+)/(\w+)/", page.url)[0]
    shop = Seller(page, f"{new_server.base_url}/api/billstack/teams/{team_id}/projects/{project_id}", key)
    product = (await shop.send("GET", "/products"))["products"][0]["id"]
    price = (await shop.send("GET", f"/products/{product}/prices"))["prices"][0]["id"]
    urls = {"successUrl": f"{seller}/welcome", "cancelUrl": f"{seller}/prices"}
    checkout = await shop.send("POST", "/checkout", {"customerId": customer, "priceId": price, **urls})
    phone = await visitor.open(checkout["url"], width=PHONE)
    await pay(phone, seller)

    async def has_ending(expected: bool) -> None:  # noqa: FBT001 - it reads as a sentence
        (subscription,) = await shop.subscriptions(customer)
        assert subscription["cancelAtPeriodEnd"] is expected

    async def is_subscribed() -> bool:
        return bool(await shop.subscriptions(customer))

    await until(is_subscribed)
    portal = (await shop.send("POST", "/portal", {"customerId": customer}))["portalUrl"]
    await phone.goto(portal)
    await cancel_and_come_back(phone, has_ending)
    await use_another_card(phone, portal)

    async def has_new_card() -> bool:
        await phone.goto(portal)
        return await phone.get_by_role("heading", name="Mastercard ending 4444").is_visible()

    await until(has_new_card)
    invoice = await read_the_invoice(phone)
    await find_it_in_the_console(page, invoice)
