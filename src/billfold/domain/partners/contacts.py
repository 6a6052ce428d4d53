"""How a partner can be reached beside his mailbox: what he says himself of his company, website and postal address.

Until he says something, it is what he applied with. His name and e-mail address are the customer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Invalid
from billfold.domain.partners.applications import LONGEST_NAME, LONGEST_WEBSITE, application_of_partner
from billfold.domain.partners.partners import Partner, partners
from billfold.domain.partners.settings import is_web_address
from billfold.domain.partners.texts import optional_text
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

LONGEST_POSTAL_ADDRESS: Final = 500
_MOST_LINES: Final = 8

partner_contacts = sa.Table(
    "partner_contacts",
    metadata,
    sa.Column("partner_id", sa.Text, sa.ForeignKey(partners.c.id), primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("company", sa.Text),
    sa.Column("website", sa.Text),
    # Lines as they stand on an envelope.
    sa.Column("postal_address", sa.Text),
    sa.Column("updated_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """What a partner says of himself; None is what he left out. `updated_at` is in the team's time."""

    partner_id: str
    project_id: str
    company: str | None
    website: str | None
    postal_address: str | None
    updated_at: datetime


_FIND: Final = query(
    sa.select(*partner_contacts.c).where(
        partner_contacts.c.project_id == sa.bindparam("project_id"),
        partner_contacts.c.partner_id == sa.bindparam("partner_id"),
    ),
    Contact,
)
_new = insert_row(partner_contacts)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["partner_id"],
        set_={name: _new.excluded[name] for name in ("company", "website", "postal_address", "updated_at")},
    )
)


async def contact_of(tx: Reading, partner: Partner) -> Contact:
    """Return what a partner says of himself, or what he applied with."""
    found = await tx.first(_FIND, project_id=partner.project_id, partner_id=partner.id)
    if found is not None:
        return found
    applied = await application_of_partner(tx, partner.project_id, partner.id)
    company, website = (None, None) if applied is None else (applied.company, applied.website)
    return Contact(partner.id, partner.project_id, company, website, None, partner.created_at)


async def put_contact(tx: Writing, contact: Contact) -> Contact:
    """Keep what a partner says of himself; raises `Invalid` naming `company`, `website` or `postal_address`."""
    checked = checked_contact(contact)
    await tx.run(_PUT, **values_of(checked))
    return checked


def checked_contact(contact: Contact) -> Contact:
    """Return a contact as it is kept, its texts trimmed; raises as `put_contact`."""
    company = optional_text("company", contact.company, LONGEST_NAME)
    if company is not None and not company.isprintable():
        raise Invalid("company must be a text on one line.")
    website = optional_text("website", contact.website, LONGEST_WEBSITE)
    if website is not None and not is_web_address(website):
        raise Invalid("website must be an address such as https://www.example.com.")
    postal = optional_text("postal_address", contact.postal_address, LONGEST_POSTAL_ADDRESS)
    if postal is not None:
        lines = [" ".join(line.split()) for line in postal.splitlines()]
        if len(lines) > _MOST_LINES or not all(line.isprintable() for line in lines):
            raise Invalid(f"postal_address must be at most {_MOST_LINES} lines of letters, digits and signs.")
        postal = "\n".join(line for line in lines if line) or None
    return Contact(contact.partner_id, contact.project_id, company, website, postal, contact.updated_at)
