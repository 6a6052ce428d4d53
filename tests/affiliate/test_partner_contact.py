"""What a partner says of himself, which address he is known by, and that the log says that it was he."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

import pytest

from billfold.domain.billing.customer_sign_in import mailbox_proved_at
from billfold.domain.billing.customers import Customer, get
from billfold.domain.partners.partners import find_by_customer
from billfold.domain.tenancy.audit_log import AuditRow, audit_rows
from billfold.infrastructure.db.database import Reading
from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_commissions import Shop
from tests.affiliate.test_partner_portal import FORM, JANE, Portal

NEW: Final = "jane.muster@büro.example.com"
_CONFIRM: Final = re.compile(r"http://[^/]+(/partner/address/\S+)")
_NAMED: Final = {"name": "Jané Müster", "company": "Weiß & Söhne <b>", "website": "https://www.example.com/über"}


@pytest.fixture
async def portal(affiliates: Affiliates) -> Portal:
    return await Portal(affiliates, await Shop(affiliates).open()).open()


async def audit(portal: Portal) -> list[AuditRow]:
    team_id = portal.affiliates.team.team_id

    async def read(tx: Reading) -> list[AuditRow]:
        return [row for row in await audit_rows(tx, team_id) if row.actor_kind == "customer"]

    return await portal.affiliates.app.services.db.read(read)


async def customer_of(portal: Portal, email: str) -> Customer:
    """Return the customer whose address it is, as the billing API finds him."""
    found = await portal.affiliates.app.client.get(f"{portal.affiliates.app.path}/customers", params={"limit": 100})
    (customer_id,) = [each["id"] for each in found.json()["customers"] if each["email"] == email]
    return await portal.affiliates.app.services.db.read(get, portal.affiliates.team.project_id, customer_id)


async def test_a_partner_changes_how_he_can_be_reached_and_the_log_names_him(portal: Portal) -> None:
    before = (await portal.show("/profile")).text
    # What he applied with stands there until he says something else.
    assert 'value="Acme Inc"' in before
    saved = await portal.press("/profile/contact", **_NAMED, postal_address="Am Weg 1\r\n\r\n 10115  Berlin ")
    assert saved.status_code == 303
    page = (await portal.show("/profile?done=contact")).text
    assert "Saved." in page
    assert 'value="Jané Müster"' in page
    assert "Weiß &amp; Söhne &lt;b&gt;" in page
    assert "Am Weg 1\n10115 Berlin" in page
    customer = await customer_of(portal, JANE)
    assert customer.name == "Jané Müster"
    (row,) = await audit(portal)
    assert (row.action, row.actor_id, row.actor_name) == ("partner_contact.changed", customer.id, "Partner JANE20")
    assert JANE not in f"{row.actor_name} {row.details} {row.subject}"
    # The same again with another company needs no Stripe.
    assert (await portal.press("/profile/contact", **{**_NAMED, "company": ""})).status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Name: give it in 1 to 200 characters."),
        ({"name": "x" * 201}, "Name: give it in 1 to 200 characters."),
        ({"company": "x" * 201}, "Company must have at most 200 characters."),
        ({"website": "javascript:alert(1)"}, "Website must be an address such as https://www.example.com."),
        ({"postal_address": "\n".join("abcdefghi")}, "Postal address must be at most 8 lines"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    portal: Portal, fields: dict[str, str], words: str
) -> None:
    typed = {"name": "Jane", "company": "Typed company", "website": "", "postal_address": "", **fields}
    refused = await portal.press("/profile/contact", **typed)
    assert refused.status_code == 400
    assert words in refused.text
    assert 'aria-invalid="true"' in refused.text
    if "company" not in fields:
        assert 'value="Typed company"' in refused.text
    assert "Typed company" not in (await portal.show("/profile")).text


async def asked(portal: Portal, email: str) -> str | None:
    """Ask for another address; return the path of the link that was mailed there, None if none was."""
    before = len(await portal.mails())
    answer = await portal.press("/profile/email", new_email=email)
    assert answer.status_code == 303, answer.text
    mails: list[Any] = (await portal.mails())[before:]
    return str(_CONFIRM.findall(mails[-1].content.text)[0]) if mails else None


async def test_another_address_takes_a_fresh_sign_in_the_new_mailbox_and_tells_the_old_one(portal: Portal) -> None:
    assert (await portal.press("/profile/email", new_email=NEW)).status_code == 403
    assert "new_email" not in (await portal.show("/profile")).text
    await portal.sign_in_by_mail()
    link = await asked(portal, NEW)
    assert link is not None
    assert (await customer_of(portal, JANE)).email == JANE
    assert "Be known by" in (await portal.affiliates.send("GET", link)).text
    assert (await customer_of(portal, JANE)).email == JANE
    done = await portal.affiliates.send("POST", link, headers=FORM)
    assert "You are known by" in done.text
    customer = await customer_of(portal, NEW)
    assert "jane.muster" in (await portal.show("/profile")).text
    told = (await portal.mails())[-1]
    assert told.listed.recipient == JANE
    assert NEW in told.content.text
    # Whoever reads the new mailbox signs in before anything is paid (contract A16).
    services, project_id = portal.affiliates.app.services, portal.affiliates.team.project_id
    assert await services.db.read(mailbox_proved_at, project_id, customer.id) is None
    assert (await services.db.read(find_by_customer, project_id, customer.id)) is not None
    assert next(row.action for row in await audit(portal)) == "partner_address.changed"
    for again in ("GET", "POST"):
        assert (await portal.affiliates.send(again, link, headers=FORM)).status_code == 410


async def test_an_address_of_somebody_else_is_neither_taken_nor_told(portal: Portal) -> None:
    await portal.sign_in_by_mail()
    assert await asked(portal, "FRIEND@example.com") is None
    for typed, words in (("nobody", "give the whole address"), (JANE.upper(), "the address that you have")):
        refused = await portal.press("/profile/email", new_email=typed)
        assert refused.status_code == 400
        assert words in refused.text
        assert f'value="{typed}"' in refused.text
    link = await asked(portal, "late@example.com")
    assert link is not None
    taken = await portal.affiliates.app.client.post(
        f"{portal.affiliates.app.path}/customers", json={"email": "late@example.com"}
    )
    assert taken.status_code == 201
    assert (await portal.affiliates.send("POST", link, headers=FORM)).status_code == 410
    assert (await customer_of(portal, JANE)).email == JANE
    link = await asked(portal, "older@example.com")
    assert link is not None
    portal.affiliates.app.clock.advance(timedelta(hours=25))
    assert (await portal.affiliates.send("GET", link)).status_code == 410
    assert (await portal.affiliates.send("GET", "/partner/address/x.y")).status_code == 410
