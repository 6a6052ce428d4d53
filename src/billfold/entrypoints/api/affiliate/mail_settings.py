"""`/apps/{appId}/affiliates/mail-settings`: from whom partners get their mails."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.errors import Invalid
from billfold.domain.partners.letter_settings import LetterSettings, find_letter_settings, sender_of
from billfold.entrypoints.api.affiliate.access import MemberAllowed
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp, json_response, moment
from billfold.entrypoints.api.affiliate.fields import text_of
from billfold.entrypoints.api.affiliate.operations import operation
from billfold.entrypoints.caller import FULL_ACCESS, Access
from billfold.entrypoints.json_bodies import ChangeBody, given_fields, read_body
from billfold.entrypoints.partner_senders import choose_sender, with_changes
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(prefix="/apps/{appId}/affiliates/mail-settings", tags=["Settings"])

_READ: Final = MemberAllowed("referrals:read")
_CHANGE: Final = MemberAllowed(FULL_ACCESS)
_NAMES: Final = {"sender_name": "senderName", "reply_to": "replyTo", "sender_address": "senderAddress"}

Address = Annotated[str, text_of(254), Field(description="an address such as partners@example.com, or null")]


class MailSettingsBody(Body):
    """From whom partners get their mails.

    `from` and `replyTo` are what stands in them now. `senderAddress` is the address that was chosen, null for that of the
    installation; it sends once `senderConfirmedAt` says since when whoever reads that mailbox agrees. It is of one of the
    `senderDomains`, for which the server's operator lets it send.
    """

    sender_name: str | None
    sender_address: str | None
    sender_confirmed_at: Timestamp | None
    sender_domains: list[str]
    from_: str
    reply_to: str | None


class MailSettingsAnswer(Body):
    """The settings of mails to partners."""

    settings: MailSettingsBody


class ChangeMailSettings(ChangeBody):
    """What to change; null or an empty text gives the default back.

    A `senderAddress` that nobody has confirmed yet is mailed a link that confirms it, each time it is sent.
    """

    sender_name: Annotated[str, text_of(80), Field(description="a text of up to 80 characters, or null")] | None = None
    reply_to: Address | None = None
    sender_address: Address | None = None


@router.get("", **operation(_READ, answers={200: MailSettingsAnswer}))
async def read_mail_settings(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Read from whom partners get their mails."""
    services: Services = request.app.state.services
    return json_response(MailSettingsAnswer(await services.db.read(_read, services, access)))


@router.patch("", **operation(_CHANGE, answers={200: MailSettingsAnswer}, body=ChangeMailSettings))
async def change_mail_settings(request: Request, access: Annotated[Access, Depends(_CHANGE)]) -> Response:
    """Change from whom partners get their mails."""
    services: Services = request.app.state.services
    body = await read_body(request, ChangeMailSettings)
    fields = given_fields(body)
    record = Record(
        "partner_mails.changed", subject=lambda _: access.project_id, details=lambda _: {"fields": sorted(fields)}
    )
    given = {name: getattr(body, name) for name in fields}
    try:
        await write_recorded(services, access, record, _change, services, access, given)
    except Invalid as error:
        first, _, rest = error.message.partition(" ")
        raise Invalid(f"{_NAMES.get(first, first)} {rest}") from None
    return json_response(MailSettingsAnswer(await services.db.read(_read, services, access)))


async def _read(tx: Reading, services: Services, access: Access) -> MailSettingsBody:
    kept = await find_letter_settings(tx, access.project_id)
    sender = await sender_of(tx, access.project_id, services.settings.sender_domains)
    name, own = parseaddr(services.settings.mail_from)
    address = sender.address or own
    shown = sender.name or name
    return MailSettingsBody(
        sender_name=None if kept is None else kept.sender_name,
        sender_address=None if kept is None else kept.sender_address,
        sender_confirmed_at=None if kept is None else moment(kept.sender_confirmed_at),
        sender_domains=sorted(services.settings.sender_domains),
        from_=f"{shown} <{address}>" if shown else address,
        reply_to=sender.reply_to,
    )


async def _change(tx: Writing, services: Services, access: Access, given: dict[str, Any]) -> LetterSettings:
    now = services.clock.now()
    kept = await find_letter_settings(tx, access.project_id)
    wanted = with_changes(kept, access.project_id, given, at=access.time_at(now))
    return await choose_sender(tx, services, wanted, asks_again="sender_address" in given, now=now)
