"""From which address a project writes to its partners: what the operator allows and the mailbox confirms, and nothing else."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from billfold.domain.tenancy.audit_log import audit_rows
from billfold.domain.tenancy.members import Role
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.mail.delivery import build
from billfold.infrastructure.mail.mailbox import Mail, all_mails
from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_commissions import Shop
from tests.affiliate.test_partner_portal import FORM, Portal

ADDRESS: Final = "partners@example.com"
OWN: Final = "Billfold <billfold@example.net>"
_LINK: Final = re.compile(r"http://[^/]+(/partner/senders/\S+)")


@pytest.fixture
def senders(affiliates: Affiliates, monkeypatch: pytest.MonkeyPatch) -> Affiliates:
    """An installation whose operator lets it send for two domains."""
    monkeypatch.setitem(affiliates.app.services.settings.__dict__, "mail_domains", "example.com, Example.org")
    return affiliates


async def newest(affiliates: Affiliates) -> Mail:
    """Return the newest letter of the installation, whosever it is."""

    async def read(tx: Reading) -> Mail | None:
        return await affiliates.app.services.mail.find(tx, (await all_mails(tx))[0].id)

    found = await affiliates.app.services.db.read(read)
    assert found is not None
    return found


async def confirmation(affiliates: Affiliates) -> str:
    """Return the path of the link in the newest letter."""
    mail = await newest(affiliates)
    assert mail.content is not None
    return str(_LINK.findall(mail.content.text)[0])


async def settings(affiliates: Affiliates) -> Any:
    return (await affiliates.admin("GET", "/mail-settings", expect=200))["settings"]


async def sent_from(affiliates: Affiliates, email: str) -> str:
    """Have somebody apply, and return the sender of the mail about it as it goes over the wire."""
    await affiliates.apply(email)
    await affiliates.app.drain()
    mail = next(each for each in await Portal(affiliates, Shop(affiliates)).mails() if each.listed.recipient == email)
    return str(build(mail, mail.content, OWN)["From"])


async def test_an_address_sends_once_its_mailbox_has_agreed_and_as_long_as_the_operator_does(
    senders: Affiliates, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = await senders.admin("PATCH", "/mail-settings", {"senderName": "Fieldnote", "senderAddress": ADDRESS})
    assert chosen["settings"]["senderAddress"] == ADDRESS
    assert chosen["settings"]["senderConfirmedAt"] is None
    assert chosen["settings"]["senderDomains"] == ["example.com", "example.org"]
    assert await sent_from(senders, "a@example.com") == "Fieldnote <billfold@example.net>"
    await senders.admin("PATCH", "/mail-settings", {"senderAddress": ADDRESS}, expect=200)
    letter = await newest(senders)
    # In no team's drawer: whoever typed the address cannot confirm it himself.
    assert (letter.listed.recipient, letter.listed.team_id, letter.listed.is_private) == (ADDRESS, None, True)
    link = await confirmation(senders)
    page = await senders.send("GET", link)
    assert page.status_code == 200
    assert "Yes, it may" in page.text
    assert ADDRESS in page.text
    # A program that only looks at the link agrees to nothing.
    assert (await settings(senders))["senderConfirmedAt"] is None
    foreign = await senders.send("POST", link, headers={**FORM, "Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    for _ in range(2):
        assert "come from this address now" in (await senders.send("POST", link, headers=FORM)).text
    known = await settings(senders)
    assert known["senderConfirmedAt"] is not None
    assert known["from"] == f"Fieldnote <{ADDRESS}>"
    assert await sent_from(senders, "b@example.com") == f"Fieldnote <{ADDRESS}>"
    # Another name leaves it confirmed; the operator's list is asked at each mail.
    await senders.admin("PATCH", "/mail-settings", {"senderName": None}, expect=200)
    assert (await settings(senders))["senderConfirmedAt"] is not None
    monkeypatch.setitem(senders.app.services.settings.__dict__, "mail_domains", "example.org")
    assert (await sent_from(senders, "c@example.com")).endswith("<billfold@example.net>")

    async def read(tx: Reading) -> list[str]:
        return [row.action for row in await audit_rows(tx, senders.team.team_id)]

    actions = await senders.app.services.db.read(read)
    assert actions.count("partner_sender.confirmed") == 2
    assert actions.count("partner_mails.changed") == 3


async def test_a_link_of_an_address_that_is_no_longer_wanted_does_nothing(senders: Affiliates) -> None:
    await senders.admin("PATCH", "/mail-settings", {"senderAddress": ADDRESS}, expect=200)
    link = await confirmation(senders)
    await senders.admin("PATCH", "/mail-settings", {"senderAddress": "other@example.org"}, expect=200)
    assert (await senders.send("GET", link)).status_code == 410
    assert (await senders.send("POST", link, headers=FORM)).status_code == 410
    assert (await settings(senders))["senderConfirmedAt"] is None
    # One that was confirmed, left, and chosen again is asked again.
    await senders.send("POST", await confirmation(senders), headers=FORM)
    assert (await settings(senders))["senderConfirmedAt"] is not None
    await senders.admin("PATCH", "/mail-settings", {"senderAddress": None}, expect=200)
    again = await senders.admin("PATCH", "/mail-settings", {"senderAddress": "other@example.org"}, expect=200)
    assert again["settings"]["senderConfirmedAt"] is None
    for link in (
        "/partner/senders/x",
        f"/partner/senders/{senders.team.project_id}.x",
        "/partner/senders/" + "x" * 3_000,
    ):
        assert (await senders.send("GET", link)).status_code == 410


async def test_what_no_server_may_send_for_is_refused_in_words_that_help(
    senders: Affiliates, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body, words in (
        ({"senderAddress": "owner@example.net"}, "senderAddress must be at example.com or example.org"),
        ({"senderAddress": "owner@mail.example.com"}, "senderAddress must be at example.com or example.org"),
        ({"senderAddress": "a@example.com, b@example.com"}, "senderAddress must be an address such as"),
        ({"senderAddress": "a@example.com\r\nBcc: x@example.com"}, "senderAddress must be an address such as"),
        ({"replyTo": "nobody"}, "replyTo must be an address such as"),
        ({"senderName": "Acme <x@example.com>"}, "senderName must be a name"),
    ):
        refused = await senders.admin("PATCH", "/mail-settings", body, expect=400)
        assert words in refused["message"]
    monkeypatch.setitem(senders.app.services.settings.__dict__, "mail_domains", None)
    refused = await senders.admin("PATCH", "/mail-settings", {"senderAddress": ADDRESS}, expect=400)
    assert "BILLFOLD_MAIL_DOMAINS" in refused["message"]
    assert (await settings(senders))["senderAddress"] is None
    for _ in range(5):
        monkeypatch.setitem(senders.app.services.settings.__dict__, "mail_domains", "example.com")
        await senders.admin("PATCH", "/mail-settings", {"senderAddress": ADDRESS}, expect=200)
    await senders.admin("PATCH", "/mail-settings", {"senderAddress": ADDRESS}, expect=429)
    senders.member_token = await senders.member("viewer@example.com", Role.MEMBER)
    await senders.admin("PATCH", "/mail-settings", {"senderName": "x"}, expect=403)
    await senders.admin("GET", "/mail-settings", expect=200)
