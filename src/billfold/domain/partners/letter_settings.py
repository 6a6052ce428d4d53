"""From whom a project's partners get their mails, and which of them a partner does not want.

A name and where answers go are free. The address that sends is another thing: it must be of a domain for which the server of the
installation may send, which its operator says, and whoever reads that mailbox must have said so. Until then, and when the
operator takes the domain away again, the installation's own address sends.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Invalid
from billfold.domain.billing.customers import checked_email
from billfold.domain.partners.partners import partners
from billfold.domain.tenancy.branding import find_branding
from billfold.domain.tenancy.projects import find_team_of_project, get_project, projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.mail.letters import mailable_address

LONGEST_NAME: Final = 80
# What would end a name in a list of addresses, or begin an address.
_UNSAFE: Final = frozenset('<>"@,;:\\')

partner_letter_settings = sa.Table(
    "partner_letter_settings",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    # NULL: what the project calls itself.
    sa.Column("sender_name", sa.Text),
    # NULL: the project's support address.
    sa.Column("reply_to", sa.Text),
    # The address that sends, NULL: the server's; and when its owner said that it may.
    sa.Column("sender_address", sa.Text),
    sa.Column("sender_confirmed_at", Moment),
    sa.Column("updated_at", Moment, nullable=False),
)
# Partners who want no digests; everybody else does.
partner_letter_refusals = sa.Table(
    "partner_letter_refusals",
    metadata,
    sa.Column("partner_id", sa.Text, sa.ForeignKey(partners.c.id), primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("refused_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class LetterSettings:
    """What the team chose; None leaves it to the project's look, an address to the installation.

    `sender_confirmed_at` is the wall clock's: when the address was confirmed, None if it was not.
    """

    project_id: str
    sender_name: str | None
    reply_to: str | None
    updated_at: datetime
    sender_address: str | None = None
    sender_confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """As whom a project writes: `brand` stands in the letter, `name` before the address that sends.

    `address` is the project's own, None for the installation's.
    """

    brand: str
    name: str
    reply_to: str | None
    address: str | None = None


_FIND: Final = query(
    sa.select(*(partner_letter_settings.c[each.name] for each in fields(LetterSettings))).where(
        partner_letter_settings.c.project_id == sa.bindparam("project_id")
    ),
    LetterSettings,
)
_new = insert_row(partner_letter_settings)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["project_id"],
        set_={each.name: _new.excluded[each.name] for each in fields(LetterSettings) if each.name != "project_id"},
    )
)
_CONFIRM: Final = query(
    sa.update(partner_letter_settings)
    .where(
        partner_letter_settings.c.project_id == sa.bindparam("of_project"),
        partner_letter_settings.c.sender_address == sa.bindparam("address"),
    )
    .values(
        sender_confirmed_at=sa.func.coalesce(
            partner_letter_settings.c.sender_confirmed_at, sa.bindparam("now", type_=Moment())
        )
    )
    .returning(partner_letter_settings.c.sender_address),
    str,
)
_mine = sa.and_(
    partner_letter_refusals.c.project_id == sa.bindparam("project_id"),
    partner_letter_refusals.c.partner_id == sa.bindparam("partner_id"),
)
_REFUSED: Final = query(sa.select(partner_letter_refusals.c.partner_id).where(_mine), str)
_REFUSE: Final = command(insert_row(partner_letter_refusals).on_conflict_do_nothing())
_ACCEPT: Final = command(sa.delete(partner_letter_refusals).where(_mine))


async def find_letter_settings(tx: Reading, project_id: str) -> LetterSettings | None:
    """Return what the team chose, None if it never did."""
    return await tx.first(_FIND, project_id=project_id)


async def put_letter_settings(
    tx: Writing, settings: LetterSettings, *, sender_domains: Collection[str] = ()
) -> LetterSettings:
    """Store from whom mails to partners come; raises `Invalid` naming `sender_name`, `reply_to` or `sender_address`.

    An address that was confirmed stays so; another one is to be confirmed, whatever `settings` say.
    """
    name = " ".join((settings.sender_name or "").split()) or None
    if name is not None and (len(name) > LONGEST_NAME or not name.isprintable() or _UNSAFE & set(name)):
        raise Invalid(f"sender_name must be a name of up to {LONGEST_NAME} characters, such as Fieldnote partners.")
    reply_to = settings.reply_to
    if reply_to is not None:
        try:
            reply_to = mailable_address(checked_email(reply_to))
        except Invalid:
            raise Invalid("reply_to must be an address such as partners@example.com.") from None
    address = None if settings.sender_address is None else _checked_sender(settings.sender_address, sender_domains)
    before = await find_letter_settings(tx, settings.project_id)
    stays = before is not None and address is not None and before.sender_address == address
    kept = LetterSettings(
        settings.project_id,
        name,
        reply_to,
        settings.updated_at,
        address,
        before.sender_confirmed_at if stays and before is not None else None,
    )
    await tx.run(_PUT, **values_of(kept))
    return kept


async def confirm_sender(tx: Writing, project_id: str, address: str, *, now: datetime) -> bool:
    """Note that whoever reads a mailbox lets the project write from it; False if the project wants another one by now."""
    return await tx.first(_CONFIRM, of_project=project_id, address=address, now=now) is not None


def may_send_from(address: str, sender_domains: Collection[str]) -> bool:
    """Tell whether the installation's mail server may send for an address."""
    return address.rpartition("@")[2].lower() in sender_domains


def _checked_sender(given: str, sender_domains: Collection[str]) -> str:
    try:
        address = mailable_address(checked_email(given))
    except Invalid:
        raise Invalid("sender_address must be an address such as partners@example.com.") from None
    if not sender_domains:
        raise Invalid(
            "sender_address cannot be chosen: whoever runs this server has named no domain for which it may send mail "
            "(BILLFOLD_MAIL_DOMAINS)."
        )
    if not may_send_from(address, sender_domains):
        raise Invalid(
            f"sender_address must be at {' or '.join(sorted(sender_domains))}: this server may send for no other."
        )
    return address


async def sender_of(tx: Reading, project_id: str, sender_domains: Collection[str] = ()) -> Sender:
    """Return as whom a project writes to its partners; `sender_domains` are those for which the server may send."""
    team_id = await find_team_of_project(tx, project_id)
    branding = await find_branding(tx, project_id)
    brand = branding.name if branding is not None else None
    if not brand:
        brand = "" if team_id is None else (await get_project(tx, team_id=team_id, project_id=project_id)).name
    chosen = await find_letter_settings(tx, project_id)
    plain = "".join(each for each in brand if each not in _UNSAFE and each.isprintable())[:LONGEST_NAME].strip()
    reply_to = (chosen.reply_to if chosen is not None else None) or (branding.support_email if branding else None)
    address = None
    if (
        chosen is not None
        and chosen.sender_address is not None
        and chosen.sender_confirmed_at is not None
        and may_send_from(chosen.sender_address, sender_domains)
    ):
        address = chosen.sender_address
    return Sender(brand, (chosen.sender_name if chosen is not None else None) or plain, reply_to, address)


async def wants_digests(tx: Reading, project_id: str, partner_id: str) -> bool:
    """Tell whether a partner gets the mails that sum up a day."""
    return await tx.first(_REFUSED, project_id=project_id, partner_id=partner_id) is None


async def choose_digests(tx: Writing, project_id: str, partner_id: str, *, wanted: bool, at: datetime) -> None:
    """Keep whether a partner wants the mails that sum up a day; a second time changes nothing."""
    if wanted:
        await tx.run(_ACCEPT, project_id=project_id, partner_id=partner_id)
    else:
        await tx.run(_REFUSE, project_id=project_id, partner_id=partner_id, refused_at=at)
