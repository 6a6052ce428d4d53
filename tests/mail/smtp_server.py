"""A mail server of a few lines on the loopback: takes letters, or answers what the test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class SmtpServer:
    """What was taken in, and what to answer instead of taking: command → answer."""

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    # The certificate to show, from the start or after STARTTLS; None speaks plainly.
    tls: ssl.SSLContext | None = None
    from_the_start: bool = False
    # What was said, with whether it was said under TLS.
    heard: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.taken]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        await say("220 mail.example.com")
        while line := (await reader.readline()).decode("ascii", "replace").strip():
            word = line.split(" ", 1)[0].upper()
            is_safe = writer.get_extra_info("ssl_object") is not None
            self.heard.append((word, is_safe))
            if word == "EHLO" and self.tls is not None:
                await say(
                    "250-mail.example.com\r\n250 AUTH PLAIN" if is_safe else "250-mail.example.com\r\n250 STARTTLS"
                )
            elif word == "STARTTLS" and self.tls is not None:
                await say("220 go ahead")
                await writer.start_tls(self.tls)
            elif word == "AUTH":
                await say("235 welcome")
            elif word in self.answers:
                await say(self.answers[word])
            elif word == "RCPT":
                self.recipients.append(line.partition("<")[2].partition(">")[0])
                await say("250 fine")
            elif word == "DATA":
                await say("354 go on")
                body = await reader.readuntil(b"\r\n.\r\n")
                self.taken.append(body[:-5].replace(b"\r\n..", b"\r\n."))
                await say("250 taken")
            elif word == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 mail.example.com")
        writer.close()


@asynccontextmanager
async def smtp_server(tls: ssl.SSLContext | None = None, *, from_the_start: bool = False) -> AsyncIterator[SmtpServer]:
    made = SmtpServer(tls=tls, from_the_start=from_the_start)
    context = tls if from_the_start else None
    async with await asyncio.start_server(made.talk, "127.0.0.1", 0, ssl=context) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made
