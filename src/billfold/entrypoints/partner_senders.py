"""Choosing the address from which a project writes to its partners: what the API and the console share.

Whoever reads the new mailbox confirms it by a link. The mail with it is in no team's drawer: otherwise whoever typed the address
could confirm it himself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from billfold.base.crypto import Sealer
from billfold.domain.partners.letter_settings import (
    LetterSettings,
    find_letter_settings,
    put_letter_settings,
    sender_of,
)
from billfold.domain.tenancy.attempts import attempt_key, take
from billfold.entrypoints.sealed_links import link_handle, open_handle
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import TooManyAttempts, wait_text
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.mail.composition import Message, compose
from billfold.infrastructure.mail.letters import Letter

LIVES: Final = timedelta(days=7)
_HANDLE_FIELD: Final = "sender"
_MAILS_OF_PROJECT: Final = (5, timedelta(hours=1))


class SenderWish(msgspec.Struct, frozen=True):
    """What the link in such a mail stands for; `until` is a second of the wall clock."""

    address: str
    until: int


async def choose_sender(
    tx: Writing, services: Services, wanted: LetterSettings, *, asks_again: bool, now: datetime
) -> LetterSettings:
    """Store from whom mails come, and ask at an address that is new; `asks_again` at one that never answered, too.

    Raises `Invalid` as `put_letter_settings`, `TooManyAttempts` after five such mails in an hour.
    """
    before = await find_letter_settings(tx, wanted.project_id)
    kept = await put_letter_settings(tx, wanted, sender_domains=services.settings.sender_domains)
    is_new = before is None or before.sender_address != kept.sender_address
    if kept.sender_address is not None and kept.sender_confirmed_at is None and (is_new or asks_again):
        seconds = await take(tx, attempt_key("senders of", kept.project_id), *_MAILS_OF_PROJECT, now)
        if seconds:
            raise TooManyAttempts(f"Too many addresses were asked to confirm. Wait {wait_text(seconds)}.", seconds)
        await services.mail.send(tx, await _letter(tx, services, kept, now=now), now=now)
    return kept


def sender_handle(sealer: Sealer, project_id: str, address: str, *, now: datetime) -> str:
    """Return what stands in the address by which a mailbox confirms that a project may write from it."""
    wish = msgspec.json.encode(SenderWish(address, int((now + LIVES).timestamp()))).decode()
    return link_handle(sealer, project_id, wish, field=_HANDLE_FIELD)


def open_sender(sealer: Sealer, handle: str, *, now: datetime) -> tuple[str, str] | None:
    """Return the project's id and the address of such a link, None if it is not one of ours or a week old."""
    found = open_handle(sealer, handle, field=_HANDLE_FIELD)
    if found is None:
        return None
    wish = msgspec.json.decode(found[1], type=SenderWish)
    return (found[0], wish.address) if now.timestamp() < wish.until else None


async def _letter(tx: Reading, services: Services, kept: LetterSettings, *, now: datetime) -> Letter:
    address = kept.sender_address or ""
    brand = (await sender_of(tx, kept.project_id)).brand
    handle = sender_handle(services.sealer, kept.project_id, address, now=now)
    composed = compose(
        Message(
            heading="May this address write to partners?",
            paragraphs=(
                f"{brand} wants to send its mails to partners from {address}.",
                "If that is right, say so within seven days: until then they come from another address.",
            ),
            button=("See who asks, and answer", f"{services.settings.public_url}/partner/senders/{handle}"),
            after=("If you do not know what this is about, do nothing: nothing is sent from your address then.",),
            reason=f"You get this because somebody who administers {brand} entered {address}.",
        )
    )
    return Letter(
        to=address,
        subject="May this address write to partners?",
        text=composed.text,
        html=composed.html,
        article=composed.article,
        is_private=True,
        good_until=now + LIVES,
    )


def with_changes(
    kept: LetterSettings | None, project_id: str, given: Mapping[str, str | None], *, at: datetime
) -> LetterSettings:
    """Return settings with the texts that are given, by their names; an empty one is none."""

    def chosen(name: str) -> str | None:
        text: str | None = given[name] if name in given else getattr(kept, name, None)
        return text or None

    return LetterSettings(
        project_id, chosen("sender_name"), chosen("reply_to"), at, sender_address=chosen("sender_address")
    )
