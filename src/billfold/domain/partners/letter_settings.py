"""From whom a project's partners get their mails, and which of them a partner does not want."""

from __future__ import annotations

from dataclasses import dataclass
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
    """What the team chose; None leaves it to the project's look."""

    project_id: str
    sender_name: str | None
    reply_to: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """As whom a project writes: `brand` stands in the letter, `name` before the address that sends."""

    brand: str
    name: str
    reply_to: str | None


_FIND: Final = query(
    sa.select(*partner_letter_settings.c).where(partner_letter_settings.c.project_id == sa.bindparam("project_id")),
    LetterSettings,
)
_new = insert_row(partner_letter_settings)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["project_id"],
        set_={name: _new.excluded[name] for name in ("sender_name", "reply_to", "updated_at")},
    )
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


async def put_letter_settings(tx: Writing, settings: LetterSettings) -> LetterSettings:
    """Store from whom mails to partners come; raises `Invalid` naming `sender_name` or `reply_to`."""
    name = " ".join((settings.sender_name or "").split()) or None
    if name is not None and (len(name) > LONGEST_NAME or not name.isprintable() or _UNSAFE & set(name)):
        raise Invalid(f"sender_name must be a name of up to {LONGEST_NAME} characters, such as Fieldnote partners.")
    reply_to = settings.reply_to
    if reply_to is not None:
        try:
            reply_to = mailable_address(checked_email(reply_to))
        except Invalid:
            raise Invalid("reply_to must be an address such as partners@example.com.") from None
    kept = LetterSettings(settings.project_id, name, reply_to, settings.updated_at)
    await tx.run(_PUT, **values_of(kept))
    return kept


async def sender_of(tx: Reading, project_id: str) -> Sender:
    """Return as whom a project writes to its partners."""
    team_id = await find_team_of_project(tx, project_id)
    branding = await find_branding(tx, project_id)
    brand = branding.name if branding is not None else None
    if not brand:
        brand = "" if team_id is None else (await get_project(tx, team_id=team_id, project_id=project_id)).name
    chosen = await find_letter_settings(tx, project_id)
    plain = "".join(each for each in brand if each not in _UNSAFE and each.isprintable())[:LONGEST_NAME].strip()
    reply_to = (chosen.reply_to if chosen is not None else None) or (branding.support_email if branding else None)
    return Sender(brand, (chosen.sender_name if chosen is not None else None) or plain, reply_to)


async def wants_digests(tx: Reading, project_id: str, partner_id: str) -> bool:
    """Tell whether a partner gets the mails that sum up a day."""
    return await tx.first(_REFUSED, project_id=project_id, partner_id=partner_id) is None


async def choose_digests(tx: Writing, project_id: str, partner_id: str, *, wanted: bool, at: datetime) -> None:
    """Keep whether a partner wants the mails that sum up a day; a second time changes nothing."""
    if wanted:
        await tx.run(_ACCEPT, project_id=project_id, partner_id=partner_id)
    else:
        await tx.run(_REFUSE, project_id=project_id, partner_id=partner_id, refused_at=at)
