"""The partner portal: what a link shows a partner, what takes a fresh sign-in, what nobody is shown (A12, A16, A29, A31)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from billfold.domain.ledger.transfers import Posting, earn
from billfold.domain.partners import assets
from billfold.domain.partners.partners import find_by_customer
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.mail.mailbox import mails_of_team
from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_commissions import Shop
from tests.app_fixtures import BASE_URL

OWN: Final = {"Origin": BASE_URL}
JANE: Final = "partner@agency.example.com"
PNG: Final = b"\x89PNG\r\n\x1a\n" + bytes(40)
_LINK: Final = re.compile(r"/partner/sign-in/[a-z0-9_]+/([0-9a-f]{64})")
_WHY: Final = re.compile(r"/commissions/([a-z0-9_]+)")


class Portal:
    """A partner whose friend has paid $29.00, at his page."""

    def __init__(self, affiliates: Affiliates, shop: Shop) -> None:
        self.affiliates = affiliates
        self.shop = shop
        self.path = ""
        self.cookies: dict[str, str] = {}

    @property
    def sign_in(self) -> str:
        return f"/partner/sign-in/{self.affiliates.team.project_id}"

    async def open(self) -> Portal:
        """Open a link as the API makes it: without a fresh sign-in."""
        await self.affiliates.configure_sign_in()
        session = await self.affiliates.sign_in(JANE)
        made = await self.affiliates.customer(session, "GET", "/v1/affiliate/portal-link", expect=200)
        self.path = made["url"].removeprefix(BASE_URL)
        return self

    async def show(self, end: str = "") -> httpx.Response:
        return await self.affiliates.send("GET", self.path + end, headers=self.cookies)

    async def press(self, end: str, headers: Any = None, **fields: str) -> httpx.Response:
        return await self.affiliates.send(
            "POST", self.path + end, data=fields, headers={**(headers or OWN), **self.cookies}
        )

    async def mails(self) -> list[Any]:
        """Return what was mailed, newest last: recipient, subject, text, sender."""
        services, team_id = self.affiliates.app.services, self.affiliates.team.team_id

        async def read(tx: Reading) -> list[Any]:
            listed = [await services.mail.find(tx, each.id) for each in await mails_of_team(tx, team_id)]
            return [each for each in reversed(listed) if each is not None]

        return await services.db.read(read)

    async def mailed_link(self, email: str = JANE) -> str | None:
        """Ask for a link on the page; return its token, None if none was mailed."""
        before = len(await self.mails())
        answer = await self.affiliates.send("POST", self.sign_in, data={"email": email}, headers=OWN)
        assert answer.status_code == 200
        assert "Look into your mailbox" in answer.text
        mails = await self.mails()
        if len(mails) == before:
            return None
        found = [each for mail in mails for each in _LINK.findall(mail.content.text)]
        return str(found[-1])

    async def use(self, token: str) -> httpx.Response:
        return await self.affiliates.send("POST", f"{self.sign_in}/{token}", headers=FORM)

    async def sign_in_by_mail(self) -> Portal:
        token = await self.mailed_link()
        assert token is not None
        answer = await self.use(token)
        assert answer.status_code == 303, answer.text
        self.affiliates.app.anonymous.cookies.clear()
        self.path = answer.headers["location"]
        self.cookies = {"cookie": f"billfold_partner={answer.cookies['billfold_partner']}"}
        return self


FORM: Final = {**OWN, "content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def portal(affiliates: Affiliates) -> Portal:
    return await Portal(affiliates, await Shop(affiliates).open()).open()


async def test_a_link_shows_what_was_earned_and_hides_who_paid(portal: Portal) -> None:
    page = await portal.show()
    assert page.status_code == 200
    for header, value in (
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex"),
    ):
        assert page.headers[header] == value
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert "$5.80" in page.text
    assert "f***@e***.com" in page.text
    assert "next: $5.80 on" in page.text
    assert f"/r/{portal.affiliates.team.project_id}/JANE20" in page.text
    assert 'class="qr"' in page.text
    (reward_id,) = set(_WHY.findall(page.text))
    why = await portal.show(f"/commissions/{reward_id}")
    assert why.status_code == 200
    assert "Agrees with the ledger" in why.text
    assert "$29.00" in why.text
    for each in (page, why, await portal.show("/payouts"), await portal.show("/deals"), await portal.show("/assets")):
        assert each.status_code == 200, each.text
        assert "friend@example.com" not in each.text
    statement = await portal.show("/statement?format=csv")
    assert statement.headers["content-type"] == "text/csv; charset=utf-8"
    assert "earn" in statement.text
    assert (await portal.show("/statement?format=pdf")).content.startswith(b"%PDF")
    assert (await portal.show("/statement?month=x")).status_code == 400
    to_come = await portal.show("/statement?month=9000-01")
    assert (to_come.status_code, "has not begun" in to_come.text) == (404, True)
    assert "Balance so far" in (await portal.show("/statement")).text
    assert "Closing balance" in (await portal.show("/statement?month=2020-01")).text
    month = f"{portal.affiliates.app.clock.now():%B %Y}".replace(" ", "\N{NO-BREAK SPACE}")
    assert f"<h1>Statement {month}, USD</h1>" in (await portal.show("/statement")).text


async def test_another_partners_things_are_not_there(portal: Portal) -> None:
    reward_id = _WHY.findall((await portal.show()).text)[0]
    portal.affiliates.member_token = await portal.affiliates.member("owner@example.com")
    await portal.affiliates.enrol("kim@consultants.example.com", "KIM20")
    token = await portal.mailed_link("kim@consultants.example.com")
    assert token is not None
    kim = (await portal.use(token)).headers["location"]
    assert (await portal.affiliates.send("GET", kim)).status_code == 200
    assert (await portal.affiliates.send("GET", f"{kim}/commissions/{reward_id}")).status_code == 404
    # Kim's fresh sign-in does not make Jane's link fresh.
    answer = await portal.use(await portal.mailed_link("kim@consultants.example.com") or "")
    portal.cookies = {"cookie": f"billfold_partner={answer.cookies['billfold_partner']}"}
    refused = await portal.press("/profile/payout-method", kind="paypal", email="kim@example.com")
    assert refused.status_code == 403


async def test_a_link_alone_changes_nothing_about_where_the_money_goes(portal: Portal) -> None:
    profile = await portal.show("/profile")
    assert "sign in by mail" in profile.text
    assert 'name="iban"' not in profile.text
    for end, fields in (
        ("/profile/payout-method", {"kind": "paypal", "email": "thief@example.com"}),
        ("/profile/tax", {"legal_name": "T", "tax_country": "DE", "tax_form": "w8ben"}),
        ("/profile/stripe", {}),
    ):
        answer = await portal.press(end, FORM, **fields)
        assert (answer.status_code, "sign in by mail" in answer.text) == (403, True)
    await portal.sign_in_by_mail()
    assert 'name="iban"' in (await portal.show("/profile")).text
    wrong = await portal.press("/profile/payout-method", kind="bank", holder="Jane", country="DE", iban="DE00")
    assert (wrong.status_code, "IBAN" in wrong.text) == (400, True)
    done = await portal.press("/profile/payout-method", kind="paypal", email="jane@example.com")
    assert done.status_code == 303
    assert "j•••@example.com" in (await portal.show("/profile?done=method")).text
    tax = {"legal_name": "Jane Smith", "tax_country": "DE", "tax_id": "DE 123 4567", "tax_form": "w8ben"}
    assert (await portal.press("/profile/tax", **tax)).status_code == 303
    shown = (await portal.show("/profile")).text
    assert "•••• 4567" in shown
    assert "1234567" not in shown
    leads = await portal.press("/profile/stripe", FORM)
    assert leads.status_code == 200
    assert "Go on to Stripe" in leads.text
    # A page of another site presses none of it.
    foreign = await portal.press(
        "/profile/payout-method", {"Origin": "https://evil.example.com"}, kind="paypal", email="thief@example.com"
    )
    assert foreign.status_code == 403


async def test_a_fresh_sign_in_ends_after_half_an_hour_and_when_he_signs_out(portal: Portal) -> None:
    await portal.sign_in_by_mail()
    portal.affiliates.app.clock.advance(timedelta(minutes=31))
    assert 'name="iban"' not in (await portal.show("/profile")).text
    await portal.sign_in_by_mail()
    out = await portal.press("/sign-out", FORM)
    assert out.status_code == 303
    assert (await portal.show()).status_code == 410


async def test_a_sign_in_link_works_once_and_tells_nobody_who_is_a_partner(portal: Portal) -> None:
    assert await portal.mailed_link("nobody@example.com") is None
    token = await portal.mailed_link()
    assert token is not None
    looked = await portal.affiliates.send("GET", f"{portal.sign_in}/{token}")
    assert "One press" in looked.text
    assert (await portal.use(token)).status_code == 303
    assert (await portal.use(token)).status_code == 410
    assert (await portal.use("f" * 64)).status_code == 410
    # A customer who is no partner gets no link here; with one that the app asked for he learns that he is none.
    assert await portal.mailed_link("friend@example.com") is None
    stranger = await portal.affiliates.mailed_token("friend@example.com")
    answer = await portal.use(stranger)
    assert (answer.status_code, "no partner" in answer.text) == (403, True)
    assert (await portal.affiliates.send("GET", "/partner/sign-in/proj_unknown")).status_code == 404


async def test_a_suspended_partner_finds_his_link_dead_and_is_told_why_when_he_signs_in(portal: Portal) -> None:
    portal.affiliates.member_token = await portal.affiliates.member("owner@example.com")
    partner_id = portal.shop.partner["id"]
    await portal.affiliates.admin("PATCH", f"/{partner_id}", {"status": "suspended"}, expect=200)
    dead = await portal.show()
    assert (dead.status_code, "does not work any more" in dead.text) == (410, True)
    token = await portal.mailed_link()
    assert token is not None
    answer = await portal.use(token)
    assert (answer.status_code, "not active" in answer.text) == (403, True)


async def test_a_partner_registers_a_lead_and_renews_it(portal: Portal) -> None:
    wrong = await portal.press("/deals", email="no address")
    assert wrong.status_code == 400
    own = await portal.press("/deals", email=JANE)
    assert (own.status_code, "not your own" in own.text) == (400, True)
    lead = {"email": "lead@company.example.com", "name": "Lee", "value": "1,200", "notes": "Met at a fair"}
    assert (await portal.press("/deals", **lead)).status_code == 303
    twice = await portal.press("/deals", **lead)
    assert (twice.status_code, "first claim stands" in twice.text) == (400, True)
    page = (await portal.show("/deals")).text
    assert "Lee" in page
    (renewal,) = re.findall(r"/deals/(deal_[a-z0-9]+)/renewal", page)
    assert (await portal.press(f"/deals/{renewal}/renewal", FORM)).status_code == 303
    assert (await portal.press(f"/deals/{renewal}/renewal", FORM)).status_code == 409
    assert (await portal.press("/deals/deal_x/renewal", FORM)).status_code == 404


async def test_assets_are_pictures_by_their_content_and_texts(portal: Portal) -> None:
    db, project_id = portal.affiliates.app.services.db, portal.affiliates.team.project_id
    at = portal.affiliates.app.clock.now()

    async def unit(tx: Writing) -> str:
        await assets.add_text(tx, project_id=project_id, title="For a letter", text="<b>Plan</b> better.", at=at)
        made = await assets.add_picture(tx, project_id=project_id, title="Banner", content=PNG, at=at)
        return made.id

    asset_id = await db.write(unit)
    page = (await portal.show("/assets")).text
    assert "Banner" in page
    assert "&lt;b&gt;Plan" in page
    picture = await portal.show(f"/assets/{asset_id}?keep=1")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert picture.headers["content-disposition"].startswith("attachment")
    assert (await portal.show("/assets/asset_x")).status_code == 404


async def test_each_currency_stands_by_itself_with_its_own_decimals_and_months(portal: Portal) -> None:
    affiliates = portal.affiliates
    affiliates.member_token = await affiliates.member("owner@example.com")
    (jane,) = (await affiliates.admin("GET", "", expect=200))["affiliates"]
    partner = await affiliates.app.services.db.read(find_by_customer, affiliates.team.project_id, jane["customerId"])
    assert partner is not None
    owed = Posting(
        "", affiliates.team.project_id, partner.program_id, partner.customer_id, "", 0, "rw_x", "ref_x",
        affiliates.app.clock.now() - timedelta(days=62),
    )  # fmt: skip
    for unit, amount in (("jpy", 1000), ("kwd", 2468)):
        await affiliates.app.services.db.write(earn, replace(owed, key=unit, unit=unit, amount=amount))
    page = (await portal.show("/payouts")).text
    assert [page.count(f"currency={unit}") for unit in ("jpy", "kwd", "usd")] == [3, 3, 1]
    kwd = (await portal.show("/statement?currency=kwd")).text
    assert "KWD\N{NO-BREAK SPACE}2.468" in kwd
    assert "2.468" in (await portal.show("/statement?currency=kwd&format=csv")).text
    assert "¥1,000" in (await portal.show("/statement?currency=jpy")).text
    assert "nothing is available now" in (await portal.show()).text
