"""Mails to partners: one for each step, under the project's name, once; summaries once a day, unless they are refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from billfold.domain.partners.letter_settings import LetterSettings, put_letter_settings
from billfold.domain.partners.letters import PartnerLetter, PartnerPost
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.mail.delivery import build
from billfold.subscribers.partner_letters import LETTERS, ROUND_JOB
from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_commissions import Shop
from tests.affiliate.test_partner_portal import FORM, JANE, Portal
from tests.app_fixtures import BASE_URL


async def subjects(portal: Portal, to: str = JANE) -> list[str]:
    """Return the subjects of what was mailed to an address, without sign-in links, oldest first."""
    return [
        mail.listed.subject
        for mail in await portal.mails()
        if mail.listed.recipient == to and "sign-in link" not in mail.listed.subject
    ]


async def pass_time(portal: Portal, time: timedelta) -> None:
    """Let time pass, and have the job come round that tells many."""
    await portal.shop.wait(time)
    app = portal.affiliates.app
    await app.services.db.write(enqueue, ROUND_JOB, {}, now=app.clock.now())
    await app.drain()


async def test_an_applicant_hears_that_it_arrived_and_how_it_ended(affiliates: Affiliates) -> None:
    await affiliates.app.services.db.write(
        put_letter_settings,
        LetterSettings(
            affiliates.team.project_id, "Fieldnote partners", "partners@example.com", affiliates.app.clock.now()
        ),
    )
    portal = Portal(affiliates, Shop(affiliates))
    approved = await affiliates.apply("a@example.com")
    rejected = await affiliates.apply("b@example.com", name="Bo <b>")
    await affiliates.app.drain()
    await affiliates.review(approved, {"action": "approve", "code": "JANE20"})
    await affiliates.review(rejected, {"action": "reject", "rejectionReason": "Too few readers & <i>late</i>"})
    await affiliates.app.drain()
    await affiliates.app.drain()
    (first, second) = await subjects(portal, "a@example.com")
    assert "has arrived" in first
    assert "partner now" in second
    assert len(await subjects(portal, "b@example.com")) == 2
    mails = await portal.mails()
    welcome = next(each for each in mails if "partner now" in each.listed.subject)
    assert f"/partner/sign-in/{affiliates.team.project_id}" in welcome.content.text
    assert "JANE20" in welcome.content.text
    no = next(each for each in mails if "not accepted" in each.listed.subject)
    # A stranger's words go out in nobody's name before somebody has read them.
    receipt = next(
        each for each in mails if each.listed.recipient == "b@example.com" and "arrived" in each.listed.subject
    )
    assert "Bo" not in receipt.content.text
    # The plain text is written for itself, the article is escaped and carries no style.
    assert "Too few readers & <i>late</i>" in no.content.text
    assert "Too few readers &amp; &lt;i&gt;late&lt;/i&gt;" in no.content.article
    assert "style=" not in no.content.article
    assert "Bo &lt;b&gt;" in no.content.html
    message = build(welcome, welcome.content, "Billfold <billfold@example.com>")
    assert str(message["From"]) == "Fieldnote partners <billfold@example.com>"
    assert str(message["Reply-To"]) == "partners@example.com"


async def test_payouts_and_deals_are_told_once_each(affiliates: Affiliates) -> None:
    await affiliates.switch_on(minPayoutAmount=1)
    portal = await Portal(affiliates, await Shop(affiliates).open()).open()
    await portal.sign_in_by_mail()
    await portal.press("/profile/payout-method", kind="paypal", email="jane@example.com")
    for email in ("lead@company.example.com", "other@firm.example.org"):
        assert (await portal.press("/deals", email=email)).status_code == 303
    affiliates.member_token = await affiliates.member("owner@example.com")
    deals = (await affiliates.admin("GET", "/deals", expect=200))["deals"]
    for each, action in zip(deals, ("accept", "decline"), strict=True):
        await affiliates.admin("POST", f"/deals/{each['deal']['id']}/review", {"action": action}, expect=200)
    await portal.shop.wait(timedelta(days=31))
    run = await affiliates.admin("POST", "/payouts", {}, expect=201)
    payout = run["payouts"][0]["id"]
    await affiliates.admin("POST", f"/payouts/batches/{run['batch']['id']}/approve", expect=200)
    await affiliates.admin("POST", f"/payouts/batches/{run['batch']['id']}/approve", {}, expect=200)
    await affiliates.admin("POST", f"/payouts/{payout}/mark-paid", {"reference": "bank 1"}, expect=200)
    await affiliates.app.drain()
    found = await subjects(portal)
    assert sum("accepted" in each for each in found) == 1
    assert sum("declined" in each for each in found) == 1
    assert sum("paid you $5.80" in each for each in found) == 1


async def test_a_summary_comes_once_a_day_and_not_to_who_refused_it(affiliates: Affiliates) -> None:
    portal = await Portal(affiliates, await Shop(affiliates).open()).open()
    await pass_time(portal, timedelta(hours=3))
    assert sum("earned new commissions" in each for each in await subjects(portal)) == 1
    await pass_time(portal, timedelta(hours=3))
    await pass_time(portal, timedelta(hours=21))
    # Nothing new, so no second one.
    assert sum("commissions" in each for each in await subjects(portal)) == 1
    await pass_time(portal, timedelta(days=31))
    await pass_time(portal, timedelta(hours=26))
    found = await subjects(portal)
    assert sum("ready to be paid" in each for each in found) == 1
    digest = next(each for each in await portal.mails() if "ready to be paid" in each.listed.subject)
    (refusal,) = set(re.findall(r"/partner/mails/\S+", digest.content.text))
    shown = await affiliates.send("GET", refusal)
    assert (shown.status_code, JANE in shown.text) == (200, False)
    # A mail program's own button: one POST from no page (RFC 8058). What is not refusable has no such header.
    message = build(digest, digest.content, "Billfold <billfold@example.com>")
    assert str(message["List-Unsubscribe"]) == f"<{BASE_URL}{refusal}>"
    others = [each for each in await portal.mails() if "commissions" not in each.listed.subject]
    assert all(build(each, each.content, "b@example.com")["List-Unsubscribe"] is None for each in others)
    foreign = {"Origin": "https://elsewhere.example"}
    pressed = await affiliates.send("POST", refusal, data={"List-Unsubscribe": "One-Click"}, headers=foreign)
    assert pressed.status_code == 403
    pressed = await affiliates.send("POST", refusal, data={"List-Unsubscribe": "One-Click"})
    assert (pressed.status_code, "no more summaries" in pressed.text) == (200, True)
    pressed = await affiliates.send("POST", refusal, files={"List-Unsubscribe": (None, "One-Click")})
    assert pressed.status_code == 200
    on_again = await affiliates.send("POST", refusal, data={"wanted": "yes"}, headers=FORM)
    assert "You get the summaries" in on_again.text
    done = await affiliates.send("POST", refusal, data={"wanted": "no"}, headers=FORM)
    assert "no more summaries" in done.text
    assert (await affiliates.send("GET", refusal[:-3] + "xyz")).status_code == 410
    before = len(await subjects(portal))
    await portal.shop.control("clock", advance_days=31)
    await pass_time(portal, timedelta(days=2))
    assert len(await subjects(portal)) == before


async def test_changed_terms_are_told_to_those_whom_they_concern_once(affiliates: Affiliates) -> None:
    portal = await Portal(affiliates, await Shop(affiliates).open()).open()
    affiliates.member_token = await affiliates.member("owner@example.com")
    await affiliates.admin("PATCH", "/settings", {"defaultCommissionRate": 30, "appliesTo": "from_date"}, expect=200)
    for _ in range(2):
        await pass_time(portal, timedelta(hours=2))
    assert sum("terms of the" in each for each in await subjects(portal)) == 1


async def test_every_letter_can_be_drawn(affiliates: Affiliates) -> None:
    kinds = {each.job.partition(".")[2] for each in LETTERS} | {"terms_changed", "address_asked", "address_changed"}
    at = affiliates.app.clock.now()
    facts: dict[str, Any] = {
        "reason": None, "code": "JANE20", "amount_cents": 580, "currency": "usd", "way": "IBAN ••••1234", "reference": "bank 1",
        "lead": "Lee", "company": None, "expires_at": at, "version": 2, "from_at": at,
        "confirm": "https://billfold.example.com/x", "new": "new@example.com",
    }  # fmt: skip
    post: PartnerPost = affiliates.app.application.installation.partner_post
    before = len(await Portal(affiliates, Shop(affiliates)).mails())

    async def unit(tx: Writing) -> None:
        for kind in sorted(kinds):
            letter = PartnerLetter(
                kind, affiliates.team.team_id, affiliates.team.project_id, "jane@example.com", None, facts
            )
            await post.send(tx, letter, now=at)
        nowhere = PartnerLetter("deal_won", affiliates.team.team_id, affiliates.team.project_id, "a b@x", None, facts)
        await post.send(tx, nowhere, now=at)

    await affiliates.app.services.db.write(unit)
    mails = await Portal(affiliates, Shop(affiliates)).mails()
    assert len(mails) - before == len(kinds)
    assert all("None" not in each.content.text + each.content.article for each in mails)
