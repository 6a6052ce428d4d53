"""Every letter as a row: waiting for the mail server, sent, given up, or kept because there is no server.

The content is sealed in the database: a letter may hold a link whose token is stored nowhere else but as a hash. A private
letter's content is dropped as soon as it is sent; rows are dropped after 30 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec
import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.base.ids import new_id
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.mail.letters import Letter, mailable_address

SEND_JOB: Final = "mail.send"
KEPT_FOR: Final = timedelta(days=30)
SEALED_FIELD: Final = "content"
_PAGE: Final = 100
_LONGEST_ERROR: Final = 500


class MailStatus(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    # No mail server is set: it stays in the drawer.
    KEPT = "kept"


mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    # Whose it is; a letter about signing in belongs to the person alone.
    sa.Column("team_id", sa.Text),
    sa.Column("user_id", sa.Text),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("content_sealed", sa.Text),
    sa.Column("is_private", sa.Boolean, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("good_until", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("sent_at", Moment),
    # Of a project that writes under its own name.
    sa.Column("sender_name", sa.Text),
    sa.Column("reply_to", sa.Text),
    sa.Column("sender_address", sa.Text),
    sa.CheckConstraint("status IN ('waiting', 'sent', 'failed', 'kept')", name="status"),
    sa.Index("ix_mails_team_id_created_at", "team_id", "created_at"),
    sa.Index("ix_mails_user_id_created_at", "user_id", "created_at"),
    sa.Index("ix_mails_created_at", "created_at"),
)


@dataclass(frozen=True, slots=True)
class ListedMail:
    """A letter as a list shows it."""

    id: str
    team_id: str | None
    user_id: str | None
    recipient: str
    subject: str
    is_private: bool
    status: str
    error: str | None
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says: plain text, HTML for mail programs, and the HTML that a page of ours may show.

    `unsubscribe_url` lets whoever has it refuse more of its kind, so it is kept as sealed as the rest.
    """

    text: str
    html: str
    article: str
    unsubscribe_url: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A whole letter; no `content` once a private one is sent."""

    listed: ListedMail
    content: Content | None
    good_until: datetime | None
    sender_name: str | None = None
    reply_to: str | None = None
    sender_address: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    team_id: str | None
    user_id: str | None
    recipient: str
    subject: str
    is_private: bool
    status: str
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    content_sealed: str | None
    good_until: datetime | None
    sender_name: str | None
    reply_to: str | None
    sender_address: str | None


_listed = (
    mails.c.id, mails.c.team_id, mails.c.user_id, mails.c.recipient, mails.c.subject, mails.c.is_private, mails.c.status,
    mails.c.error, mails.c.created_at, mails.c.sent_at,
)  # fmt: skip
_ADD: Final = command(insert_row(mails))
_GET: Final = query(
    sa.select(
        *_listed,
        mails.c.content_sealed,
        mails.c.good_until,
        mails.c.sender_name,
        mails.c.reply_to,
        mails.c.sender_address,
    ).where(mails.c.id == sa.bindparam("mail_id")),
    _Row,
)
_LIST: Final = query(sa.select(*_listed).order_by(mails.c.created_at.desc()).limit(_PAGE), ListedMail)
_OF_TEAM: Final = query(
    sa.select(*_listed)
    .where(mails.c.team_id == sa.bindparam("owner_team_id"))
    .order_by(mails.c.created_at.desc())
    .limit(_PAGE),
    ListedMail,
)
_OF_USER: Final = query(
    sa.select(*_listed)
    .where(mails.c.user_id == sa.bindparam("owner_user_id"))
    .order_by(mails.c.created_at.desc())
    .limit(_PAGE),
    ListedMail,
)
_waiting = sa.and_(mails.c.id == sa.bindparam("mail_id"), mails.c.status == MailStatus.WAITING.value)
_NOTE_SENT: Final = command(
    sa.update(mails)
    .where(_waiting)
    .values(
        status=MailStatus.SENT.value,
        error=None,
        sent_at=sa.bindparam("at_moment", type_=Moment()),
        content_sealed=sa.case((mails.c.is_private, None), else_=mails.c.content_sealed),
    )
)
_NOTE_FAILED: Final = command(
    sa.update(mails)
    .where(_waiting)
    .values(
        status=MailStatus.FAILED.value,
        error=sa.bindparam("reason"),
        content_sealed=sa.case((mails.c.is_private, None), else_=mails.c.content_sealed),
    )
)
_NOTE_TROUBLE: Final = command(sa.update(mails).where(_waiting).values(error=sa.bindparam("reason")))
_FORGET: Final = command(sa.delete(mails).where(mails.c.created_at <= sa.bindparam("outlived_at", type_=Moment())))


class Mailbox:
    """Keeps letters. `is_sending` says whether there is a mail server."""

    def __init__(self, sealer: Sealer, *, is_sending: bool) -> None:
        self._sealer = sealer
        self.is_sending = is_sending

    async def send(self, tx: Writing, letter: Letter, *, now: datetime) -> str:
        """Keep a letter in the caller's unit and leave the job that sends it; returns its id.

        Nothing is sent if the unit is rolled back.
        """
        mail_id = new_id("mail_")
        content = Content(letter.text, letter.html, letter.article, letter.unsubscribe_url)
        encoded = msgspec.json.encode(content).decode()
        await tx.run(
            _ADD,
            id=mail_id,
            team_id=letter.team_id,
            user_id=letter.user_id,
            recipient=mailable_address(letter.to),
            subject=letter.subject,
            content_sealed=self._sealer.seal(encoded, owner=mail_id, field=SEALED_FIELD),
            is_private=letter.is_private,
            status=(MailStatus.WAITING if self.is_sending else MailStatus.KEPT).value,
            error=None,
            good_until=letter.good_until,
            created_at=now,
            sent_at=None,
            sender_name=letter.sender_name,
            reply_to=letter.reply_to,
            sender_address=letter.sender_address,
        )
        if self.is_sending:
            await enqueue(tx, SEND_JOB, {"mail_id": mail_id}, now=now, key=mail_id, team_id=letter.team_id)
        return mail_id

    async def find(self, tx: Reading, mail_id: str) -> Mail | None:
        """Return a whole letter, whoever owns it: the caller decides who may read it."""
        row = await tx.first(_GET, mail_id=mail_id)
        if row is None:
            return None
        listed = ListedMail(
            row.id, row.team_id, row.user_id, row.recipient, row.subject, row.is_private, row.status, row.error,
            row.created_at, row.sent_at,
        )  # fmt: skip
        content = None
        if row.content_sealed is not None:
            opened = self._sealer.open(row.content_sealed, owner=mail_id, field=SEALED_FIELD)
            content = msgspec.json.decode(opened, type=Content)
        return Mail(listed, content, row.good_until, row.sender_name, row.reply_to, row.sender_address)


async def all_mails(tx: Reading) -> list[ListedMail]:
    """Return the latest hundred letters of the installation, for whoever runs it."""
    return await tx.all(_LIST)


async def mails_of_team(tx: Reading, team_id: str) -> list[ListedMail]:
    """Return a team's latest hundred letters, newest first."""
    return await tx.all(_OF_TEAM, owner_team_id=team_id)


async def mails_of_user(tx: Reading, user_id: str) -> list[ListedMail]:
    """Return the latest hundred letters to a person about himself, newest first."""
    return await tx.all(_OF_USER, owner_user_id=user_id)


async def note_sent(tx: Writing, mail_id: str, *, now: datetime) -> None:
    """Record that the mail server took a letter."""
    await tx.run(_NOTE_SENT, mail_id=mail_id, at_moment=now)


async def note_failed(tx: Writing, mail_id: str, reason: str) -> None:
    """Record that a letter is given up, and why."""
    await tx.run(_NOTE_FAILED, mail_id=mail_id, reason=reason[:_LONGEST_ERROR])


async def note_trouble(tx: Writing, mail_id: str, reason: str) -> None:
    """Record why the last try failed; the queue tries again."""
    await tx.run(_NOTE_TROUBLE, mail_id=mail_id, reason=reason[:_LONGEST_ERROR])


async def forget_old_mails(tx: Writing, *, now: datetime) -> int:
    """Delete letters after 30 days; for a recurring job."""
    return await tx.run(_FORGET, outlived_at=now - KEPT_FOR)
