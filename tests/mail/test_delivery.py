"""Letters on their way, on a real connection to a small mail server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from billfold.base.clock import MovableClock
from billfold.base.crypto import Sealer
from billfold.base.errors import Invalid
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.mail.composition import Message, compose
from billfold.infrastructure.mail.delivery import MailServer, build, parse_server, send_handler
from billfold.infrastructure.mail.letters import Letter
from billfold.infrastructure.mail.mailbox import (
    SEND_JOB,
    Mailbox,
    all_mails,
    forget_old_mails,
    mails_of_team,
    mails_of_user,
)
from tests.mail.smtp_server import SmtpServer, smtp_server

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEALER = Sealer(bytes(32))
SENDER = "Northlight Billing <billing@example.com>"
COMPOSED = compose(
    Message("Your sign-in link", ("It works once, für 15 minutes.",), "You asked.", ("Sign in", "https://x.example/t"))
)
LETTER = Letter("ines@example.com", "Your sign-in link ✓", COMPOSED.text, COMPOSED.html, COMPOSED.article)


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as made:
        yield made


def a_worker(db: Database, clock: MovableClock, url: str) -> Worker:
    handler = send_handler(Mailbox(SEALER, is_sending=True), parse_server(url), SENDER)
    return Worker(db, {SEND_JOB: handler}, clock)


async def post(db: Database, letter: Letter, *, is_sending: bool = True) -> str:
    async def unit(tx: Writing) -> str:
        return await Mailbox(SEALER, is_sending=is_sending).send(tx, letter, now=NOW)

    return await db.write(unit)


async def test_a_letter_arrives_as_it_was_written(db: Database, server: SmtpServer) -> None:
    mail_id = await post(db, LETTER)
    await a_worker(db, MovableClock(NOW), server.url).drain()
    (letter,) = server.letters
    assert letter["From"] == SENDER
    assert letter["To"] == "ines@example.com"
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == f"<{mail_id}@example.com>"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().split() == COMPOSED.text.split()
    assert "für 15 minutes" in html.get_content()
    assert [mail.status for mail in await db.read(all_mails)] == ["sent"]


async def test_while_the_server_is_down_the_letter_waits_and_is_sent_later(db: Database, server: SmtpServer) -> None:
    await post(db, LETTER)
    clock = MovableClock(NOW)
    await a_worker(db, clock, "smtp+plain://127.0.0.1:1").drain()
    (mail,) = await db.read(all_mails)
    assert mail.status == "waiting"
    assert "does not answer" in (mail.error or "")
    server.answers["MAIL"] = "451 try again later"
    clock.advance(timedelta(minutes=1))
    await a_worker(db, clock, server.url).drain()
    assert server.taken == []
    server.answers.clear()
    clock.advance(timedelta(minutes=1))
    await a_worker(db, clock, server.url).drain()
    assert len(server.taken) == 1
    (mail,) = await db.read(all_mails)
    assert (mail.status, mail.error) == ("sent", None)
    assert await db.read(queue.waiting_count) == 0


async def test_a_recipient_refused_for_good_is_not_tried_again(db: Database, server: SmtpServer) -> None:
    server.answers["RCPT"] = "550 no such mailbox"
    await post(db, LETTER)
    await a_worker(db, MovableClock(NOW), server.url).drain()
    (mail,) = await db.read(all_mails)
    assert mail.status == "failed"
    assert "no such mailbox" in (mail.error or "")
    assert await db.read(queue.waiting_count) == 0


async def test_a_letter_whose_link_has_expired_is_not_sent(db: Database, server: SmtpServer) -> None:
    await post(db, replace(LETTER, good_until=NOW + timedelta(minutes=15)))
    await a_worker(db, MovableClock(NOW + timedelta(minutes=15)), server.url).drain()
    assert server.taken == []
    assert [mail.status for mail in await db.read(all_mails)] == ["failed"]


async def test_without_a_server_letters_are_kept_and_no_job_waits(db: Database) -> None:
    mail_id = await post(db, replace(LETTER, team_id="team_1", is_private=True), is_sending=False)
    await post(db, replace(LETTER, user_id="user_1"), is_sending=False)
    assert await db.read(queue.waiting_count) == 0
    assert [mail.id for mail in await db.read(mails_of_team, "team_1")] == [mail_id]
    assert [mail.status for mail in await db.read(mails_of_user, "user_1")] == ["kept"]
    mail = await db.read(Mailbox(SEALER, is_sending=False).find, mail_id)
    assert mail is not None
    assert mail.content is not None
    assert mail.content.article == COMPOSED.article


async def test_a_private_letter_is_sealed_and_its_content_dropped_once_it_is_sent(
    db: Database, server: SmtpServer
) -> None:
    mail_id = await post(db, replace(LETTER, is_private=True))
    await a_worker(db, MovableClock(NOW), server.url).drain()
    mail = await db.read(Mailbox(SEALER, is_sending=True).find, mail_id)
    assert mail is not None
    assert mail.content is None
    assert len(server.taken) == 1


async def test_letters_are_forgotten_after_30_days(db: Database) -> None:
    await post(db, LETTER, is_sending=False)
    await db.write(forget_old_mails, now=NOW + timedelta(days=29))
    assert len(await db.read(all_mails)) == 1
    await db.write(forget_old_mails, now=NOW + timedelta(days=30))
    assert await db.read(all_mails) == []


async def test_a_line_break_that_got_into_a_stored_header_is_refused_by_the_library_too(db: Database) -> None:
    mail = await db.read(
        Mailbox(SEALER, is_sending=False).find, await post(db, replace(LETTER, to="a@example.com"), is_sending=False)
    )
    assert mail is not None
    assert mail.content is not None
    forged = replace(mail, listed=replace(mail.listed, subject="Hello\r\nBcc: b@example.com"))
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        build(forged, mail.content, SENDER)


def test_the_setting_names_server_and_tls() -> None:
    assert parse_server("smtps://u%40x:p%2Fw@mail.example.com") == MailServer(
        "mail.example.com", 465, "smtps", "u@x", "p/w"
    )
    assert parse_server("smtp://mail.example.com").port == 587
    assert parse_server("smtp+plain://127.0.0.1:2525") == MailServer("127.0.0.1", 2525, "smtp+plain", None, None)


async def test_a_letter_of_a_project_comes_from_its_address_and_says_where_it_is_refused(
    db: Database, server: SmtpServer
) -> None:
    refusal = "https://billfold.example.com/partner/mails/proj_1." + "A" * 180
    await post(
        db,
        replace(LETTER, sender_name="Fieldnote", sender_address="partners@example.org", unsubscribe_url=refusal),
    )
    await a_worker(db, MovableClock(NOW), server.url).drain()
    (letter,) = server.letters
    assert letter["From"] == "Fieldnote <partners@example.org>"
    assert letter["Message-ID"].endswith("@example.org>")
    # Whole and on one line: a mail program does not decode it.
    assert letter["List-Unsubscribe"] == f"<{refusal}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for bad in ("https://x.example/> Bcc: y", "ftp://x.example", "https://x.example/\r\nBcc: y"):
        with pytest.raises(Invalid):
            replace(LETTER, unsubscribe_url=bad)
    with pytest.raises(Invalid):
        replace(LETTER, sender_address="a@example.org, b@example.org")
