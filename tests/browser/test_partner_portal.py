"""The partner portal as a partner meets it, on a wide screen and on a phone, by day and by night."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import pytest
from playwright.async_api import Page, expect

from billfold.base.crypto import Sealer
from billfold.domain.analytics.commission_list import list_commissions
from billfold.domain.billing.customer_sign_in import get_settings, issue_token
from billfold.domain.partners import assets, deal_claims
from billfold.domain.partners.deal_claims import Lead
from billfold.domain.partners.letter_settings import LetterSettings, put_letter_settings
from billfold.domain.partners.partners import get_partner
from billfold.domain.partners.portal_links import open_link
from billfold.domain.payouts.methods import PayPal, set_method
from billfold.domain.tenancy.branding import Branding, set_branding
from billfold.entrypoints.partner_senders import sender_handle
from billfold.entrypoints.sealed_links import link_handle
from billfold.entrypoints.web.partner.address import HANDLE_FIELD, AddressWish
from tests.browser.axe import needs_axe, violations
from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.test_checkout_page import see_it_whole
from tests.browser.test_console import enter
from tests.browser.test_partner_pages import run_program
from tests.cli.command_line import SECRET_KEY
from tests.conftest import open_database
from tests.stories.shop import Shop

Photograph = Callable[[Page, str], Awaitable[None]]
_LOOKS: Final = [(WIDE, "light"), (PHONE, "dark")]


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner with a commission, a deal and assets; `path` is his link, `token` a sign-in link's."""

    shop: Shop
    path: str
    token: str
    reward_id: str
    deal_id: str
    # The ends of two links that were mailed.
    sender: str
    address: str

    @property
    def sign_in(self) -> str:
        return f"/partner/sign-in/{self.shop.team.project_id}"

    def url(self, path: str) -> str:
        return self.shop.server.base_url + path

    def pages(self) -> dict[str, str]:
        """The portal's pages by name."""
        return {
            "portal": self.path,
            "portal-why": f"{self.path}/commissions/{self.reward_id}",
            "portal-payouts": f"{self.path}/payouts",
            "portal-statement": f"{self.path}/statement",
            "portal-deals": f"{self.path}/deals",
            "portal-assets": f"{self.path}/assets",
            "portal-profile": f"{self.path}/profile",
            "portal-sign-in": self.sign_in,
            "portal-sender": f"/partner/senders/{self.sender}",
            "portal-address": f"/partner/address/{self.address}",
        }

    def console_pages(self) -> dict[str, str]:
        """The console's pages of this part by name."""
        return {
            "commissions": "/commissions",
            "commission": f"/commissions/{self.reward_id}",
            "payouts": "/payouts",
            "fraud-queue": "/fraud-queue",
            "deals": "/deals",
            "deal": f"/deals/{self.deal_id}",
            "deal-settings": "/deals/settings",
            "assets": "/partner-assets",
            "mails": "/partner-mails",
        }


def banner() -> bytes:
    """Draw a small picture: 120 by 40 pixels of one colour."""
    rows = (b"\0" + b"\x9c\x4a\x2f" * 120) * 40

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 120, 40, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def make_partner(shop: Shop) -> Partner:
    """Run the program, bring somebody who pays, and leave a deal and assets."""
    program = await run_program(shop)
    made = shop.send("POST", "/customers", {"email": "dana@example.com", "referralCode": "JANE20"})
    shop.pay(shop.checkout(made["customer"]["id"]))
    db = open_database(shop.server.database_url)
    await db.start()
    project_id = shop.team.project_id

    async def rewards(tx: Any) -> list[Any]:
        partner = await get_partner(tx, project_id, program.partner_id)
        return await list_commissions(
            tx, project_id, partner.program_id, earner_id=partner.customer_id, limit=1, offset=0
        )

    found: list[Any] = []

    async def look() -> None:
        found[:] = await db.read(rewards)

    async def unit(tx: Any) -> Partner:
        now = datetime.now(UTC)
        partner = await get_partner(tx, project_id, program.partner_id)
        look_ = Branding(
            project_id, shop.team.id, "Fieldnote", "#8a4b2a", "partners@example.com", None, None, None, now
        )
        await set_branding(tx, look_, logo=None, keep_logo=True)
        await assets.add_text(tx, project_id=project_id, title="For a letter", text="Plan better trails.", at=now)
        await assets.add_picture(tx, project_id=project_id, title="Banner", content=banner(), at=now)
        lead = Lead("lee@company.example.com", "Lee Okonkwo", "Company Ltd", None, "Met at a fair", 120_000)
        deal = await deal_claims.register(tx, partner, lead, at=now, now=now)
        sealer = Sealer(bytes.fromhex(SECRET_KEY), None)
        await set_method(
            tx,
            sealer,
            project_id=project_id,
            customer_id=partner.customer_id,
            details=PayPal("jane@example.com"),
            at=now,
        )
        link, _ = await open_link(tx, partner, now=now)
        settings = await get_settings(tx, team_id=shop.team.id, project_id=project_id, at=now)
        issued = await issue_token(tx, settings, "jane@example.com", leads_to=None, at=now, now=now)
        assert issued is not None
        wanted = LetterSettings(project_id, "Fieldnote", None, now, "partners@example.com")
        await put_letter_settings(tx, wanted, sender_domains=("example.com",))
        sender = sender_handle(sealer, project_id, "partners@example.com", now=now)
        wish = AddressWish(partner.id, "jane@example.com", "jane.long@example.com", int(now.timestamp()) + 3_600)
        address = link_handle(sealer, project_id, msgspec.json.encode(wish).decode(), field=HANDLE_FIELD)
        return Partner(shop, f"/partner/{link}", issued[1], found[0].id, deal.id, sender, address)

    try:
        for _ in range(300):
            await look()
            if found:
                break
            await asyncio.sleep(0.1)
        return await db.write(unit)
    finally:
        await db.stop()


@pytest.mark.looks
@pytest.mark.parametrize(("width", "theme"), _LOOKS)
async def test_the_partner_portal_is_whole(
    shop: Shop, visitor: Visitor, photograph: Photograph, width: int, theme: str
) -> None:
    partner = await make_partner(shop)
    page = await visitor.open(partner.url(partner.path), width=width, theme=theme)
    for name, path in partner.pages().items():
        await page.goto(partner.url(path))
        await see_it_whole(page)
        await photograph(page, f"{name}-{width}-{theme}")
    await page.goto(partner.url(f"{partner.sign_in}/{partner.token}"))
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Good to see you")
    await page.get_by_role("link", name="Profile").click()
    await see_it_whole(page)
    for each in await page.get_by_role("group").all():
        await each.locator("summary").click()
    await see_it_whole(page)
    await photograph(page, f"portal-profile-fresh-{width}-{theme}")


async def test_a_partner_without_scripts_signs_in_and_says_how_to_be_paid(shop: Shop, visitor: Visitor) -> None:
    partner = await make_partner(shop)
    page = await visitor.open(partner.url(f"{partner.sign_in}/{partner.token}"), scripts=False)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("link", name="Profile").click()
    await page.locator("summary", has_text="PayPal").click()
    await page.get_by_label("E-mail at PayPal").fill("jane.paid@example.com")
    await page.get_by_role("button", name="Be paid by PayPal").click()
    await expect(page.get_by_role("status")).to_contain_text("from the next payout on")
    await page.get_by_label("Postal address").fill("Am Weg 1\n10115 Köln")
    await page.get_by_role("button", name="Save the details").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved")
    await expect(page.get_by_label("Postal address")).to_have_value("Am Weg 1\n10115 Köln")
    await page.get_by_role("link", name="Deals").click()
    await page.get_by_label("E-mail").fill("new@firm.example.org")
    await page.get_by_role("button", name="Register the lead").click()
    await expect(page.get_by_role("status")).to_contain_text("registered")
    await expect(page.get_by_role("rowheader", name="new@firm.example.org")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), _LOOKS)
async def test_the_consoles_pages_of_money_and_deals_are_whole(
    shop: Shop, visitor: Visitor, photograph: Photograph, width: int, theme: str
) -> None:
    partner = await make_partner(shop)
    page = await enter(shop, visitor, width=width, theme=theme)
    home = page.url
    for name, path in partner.console_pages().items():
        await page.goto(home + path)
        await see_it_whole(page)
        await photograph(page, f"console-{name}-{width}-{theme}")


@pytest.mark.looks
@needs_axe
@pytest.mark.parametrize(("width", "theme"), _LOOKS)
async def test_axe_finds_no_violation_in_the_portal_and_on_the_new_pages(
    shop: Shop, visitor: Visitor, width: int, theme: str
) -> None:
    partner = await make_partner(shop)
    found = {}
    page = await visitor.open(partner.url(f"{partner.sign_in}/{partner.token}"), width=width, theme=theme)
    found["use-link"] = await violations(page)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Good to see you")
    for name, path in partner.pages().items():
        await page.goto(partner.url(path))
        found[name] = await violations(page)
    await page.goto(partner.url("/partner/unknown"))
    found["dead"] = await violations(page)
    page = await enter(shop, visitor, width=width, theme=theme)
    home = page.url
    for name, path in partner.console_pages().items():
        await page.goto(home + path)
        found[f"console-{name}"] = await violations(page)
    assert not {name: each for name, each in found.items() if each}
