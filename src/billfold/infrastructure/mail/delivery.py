"""Handing letters to the mail server: look, connect, write down.

A server that does not answer, or says "later" (4xx), is tried again by the queue for about ten hours. A refusal for good (5xx) is
written beside the letter and not tried again. A crash after the server took a letter sends it twice, under the same Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from functools import partial
from typing import Final
from urllib.parse import unquote, urlsplit

from billfold.base.crypto import SealBroken
from billfold.base.errors import Unavailable
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler
from billfold.infrastructure.mail.letters import mailable_address
from billfold.infrastructure.mail.mailbox import (
    Content,
    Mail,
    Mailbox,
    MailStatus,
    note_failed,
    note_sent,
    note_trouble,
)

_PORTS: Final = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
_TIMEOUT_SECONDS: Final = 20.0
_FIRST_REFUSAL_FOR_GOOD: Final = 500


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that stands on one line: the library would fold a long address by encoding it, and nobody could follow it."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header as it is."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _WholeHeader)
_POLICY: Final = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; `tls` is `smtps` (from the start), `smtp` (STARTTLS) or `smtp+plain` (none)."""

    host: str
    port: int
    tls: str
    username: str | None
    password: str | None


def parse_server(url: str) -> MailServer:
    """Return the mail server that `BILLFOLD_SMTP_URL` names."""
    parts = urlsplit(url)
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        tls=parts.scheme,
        username=None if not parts.username else unquote(parts.username),
        password=None if not parts.password else unquote(parts.password),
    )


def send_handler(mailbox: Mailbox, server: MailServer | None, sender: str) -> Handler:
    """Return the handler of the job `mail.send`."""

    async def steps(run: Run) -> None:
        mail_id: str = run.payload["mail_id"]
        now = run.clock.now()
        try:
            mail = await run.db.read(mailbox.find, mail_id)
        except SealBroken as broken:
            await run.finish(partial(note_failed, mail_id=mail_id, reason=str(broken)))
            return
        if mail is None or mail.content is None or mail.listed.status != MailStatus.WAITING:
            await run.finish()
            return
        if mail.good_until is not None and mail.good_until <= now:
            await run.finish(partial(note_failed, mail_id=mail_id, reason="What it is about has expired."))
            return
        if server is None:
            raise Unavailable("No mail server is set: set BILLFOLD_SMTP_URL.")
        refusal = await _hand_in(run, server, build(mail, mail.content, sender))
        if refusal is None:
            await run.finish(partial(note_sent, mail_id=mail_id, now=now))
        else:
            await run.finish(partial(note_failed, mail_id=mail_id, reason=refusal))

    return StepHandler(steps)


def build(mail: Mail, content: Content, sender: str) -> EmailMessage:
    """Return the message as it goes over the wire; the library refuses any line break in a header."""
    name, own_address = parseaddr(sender)
    address = mailable_address(mail.sender_address or own_address)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=mail.sender_name or name, addr_spec=address)
    if mail.reply_to is not None:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["To"] = Address(addr_spec=mail.listed.recipient)
    message["Subject"] = mail.listed.subject
    message["Date"] = format_datetime(mail.listed.created_at)
    message["Message-ID"] = f"<{mail.listed.id}@{address.rpartition('@')[2]}>"
    # Keeps holiday replies from answering.
    message["Auto-Submitted"] = "auto-generated"
    if content.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{content.unsubscribe_url}>"
        # Mail programs press the button only over TLS (RFC 8058, section 3.1).
        if content.unsubscribe_url.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(content.text)
    message.add_alternative(content.html, subtype="html")
    return message


async def _hand_in(run: Run, server: MailServer, message: EmailMessage) -> str | None:
    """Hand a message in; returns why it was refused for good, raises `Unavailable` if it may be taken later."""
    import aiosmtplib  # noqa: PLC0415 - only the worker of an installation with a mail server needs it

    try:
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls == "smtps",
            start_tls=server.tls == "smtp",
            # The library would look up this machine's name, which may take the resolver's whole patience.
            local_hostname=message["From"].addresses[0].domain,
            timeout=_TIMEOUT_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [each.code for each in error.recipients]
        reason = f"The mail server refused the recipient: {error.recipients[0].message}" if codes else "It was refused."
        if codes and min(codes) >= _FIRST_REFUSAL_FOR_GOOD:
            return reason
        trouble = reason
    except aiosmtplib.SMTPAuthenticationError as error:
        # A setting to be mended, not a fault of the letter.
        trouble = f"The mail server refused user name and password: {error.code}"
    except aiosmtplib.SMTPResponseException as error:
        trouble = f"The mail server answered {error.code}: {error.message}"
        if error.code >= _FIRST_REFUSAL_FOR_GOOD and isinstance(
            error, aiosmtplib.SMTPDataError | aiosmtplib.SMTPSenderRefused
        ):
            return trouble
    except (aiosmtplib.SMTPException, OSError) as error:
        trouble = f"The mail server does not answer: {error}"
    else:
        return None
    await run.db.write(note_trouble, mail_id=run.payload["mail_id"], reason=trouble)
    raise Unavailable(trouble)
