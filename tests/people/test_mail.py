"""From a form to the mail server and back by the link, as the settings say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.mail.smtp_server import smtp_server
from tests.people.conftest import OWNER, PUBLIC, House


async def test_a_sign_in_link_arrives_works_and_is_kept_nowhere(open_house: Callable[..., Any]) -> None:
    async with smtp_server() as server:
        house: House = await open_house(smtp_url=server.url, mail_from="Northlight <billing@example.com>")
        await house.owner()
        visitor = house.visitor()
        await visitor.send("/sign-in/link", email=OWNER)
        assert "No mail leaves" not in (await visitor.see("/sign-in/link")).text
        await house.application.installation.worker.drain()
        (letter,) = server.letters
        assert server.recipients == [OWNER]
        assert letter["From"] == "Northlight <billing@example.com>"
        body = letter.get_body(("plain",))
        assert body is not None
        found = re.search(re.escape(PUBLIC) + r"(/sign-in/link/\w+)", body.get_content())
        assert found is not None
        (mail,) = await house.mails()
        kept = await house.services.db.read(house.services.mail.find, mail.id)
        assert kept is not None
        assert (mail.status, kept.content) == ("sent", None)
        assert (await visitor.send(found[1])).status_code == 303


async def test_a_link_that_expired_while_the_server_was_down_is_not_sent(open_house: Callable[..., Any]) -> None:
    async with smtp_server() as server:
        server.answers["MAIL"] = "451 later"
        house: House = await open_house(smtp_url=server.url)
        await house.owner()
        await house.visitor().send("/sign-in/link", email=OWNER)
        await house.application.installation.worker.drain()
        server.answers.clear()
        house.clock.advance(timedelta(minutes=15))
        await house.application.installation.worker.drain()
        assert server.taken == []
        assert [mail.status for mail in await house.mails()] == ["failed"]


async def test_without_a_mail_server_the_page_says_who_reads_the_letter(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    await visitor.send("/sign-in/link", email=OWNER)
    await visitor.see("/sign-in/link")
    assert "billfold mail" in visitor.text()
    assert [mail.status for mail in await house.mails()] == ["kept"]
