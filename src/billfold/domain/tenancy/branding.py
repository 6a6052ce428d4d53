"""How a project looks to its customers: name, logo, accent colour, support address, and the way back.

One row for each project, written whole. The logo's bytes are kept here, so that a page asks no other origin for it; only raster
images are taken, told by their first bytes, because an SVG may hold a script.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Invalid
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

LARGEST_LOGO: Final = 64 * 1024
LONGEST_NAME: Final = 80
_ACCENT: Final = re.compile(r"#[0-9a-f]{6}")
_VERSION_LENGTH: Final = 12

branding = sa.Table(
    "branding",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    # NULL: the project's own name.
    sa.Column("name", sa.Text),
    # `#rrggbb` in lower case; only its hue reaches the page, so no choice makes a text unreadable.
    sa.Column("accent_color", sa.Text),
    sa.Column("support_email", sa.Text),
    sa.Column("return_url", sa.Text),
    sa.Column("logo", sa.LargeBinary),
    sa.Column("logo_type", sa.Text),
    # The beginning of the logo's SHA-256: its address changes with it, so that browsers may keep it.
    sa.Column("logo_version", sa.Text),
    sa.Column("updated_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Branding:
    """A project's look without the logo's bytes; `logo_version` is None if there is no logo."""

    project_id: str
    team_id: str
    name: str | None
    accent_color: str | None
    support_email: str | None
    return_url: str | None
    logo_type: str | None
    logo_version: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Logo:
    """An image: its bytes and what browsers are told that they are."""

    content: bytes
    media_type: str

    @property
    def version(self) -> str:
        """What tells this content from every other."""
        return hashlib.sha256(self.content).hexdigest()[:_VERSION_LENGTH]


_shown = [column for column in branding.c if column.name != "logo"]
_mine = branding.c.project_id == sa.bindparam("project_id")
_FIND: Final = query(sa.select(*_shown).where(_mine), Branding)
_LOGO: Final = query(
    sa.select(branding.c.logo.label("content"), branding.c.logo_type.label("media_type"))
    .join(projects, projects.c.id == branding.c.project_id)
    .where(_mine, branding.c.logo.is_not(None), projects.c.deleted_at.is_(None)),
    Logo,
)
_new = insert(branding).values({each.name: sa.bindparam(each.name, type_=each.type) for each in _shown})
_CHANGED: Final = ("name", "accent_color", "support_email", "return_url", "updated_at")
_SET: Final = command(
    _new.on_conflict_do_update(index_elements=["project_id"], set_={each: _new.excluded[each] for each in _CHANGED})
)
_ADD: Final = command(_new.on_conflict_do_nothing(index_elements=["project_id"]))
_SET_LOGO: Final = command(
    sa.update(branding)
    .where(branding.c.project_id == sa.bindparam("of_project_id"))
    .values(
        logo=sa.bindparam("new_logo", type_=sa.LargeBinary()),
        logo_type=sa.bindparam("new_type"),
        logo_version=sa.bindparam("new_version"),
    )
)


def checked_accent(given: str) -> str:
    """Return a colour as `#rrggbb` in lower case, or raise `Invalid`."""
    accent = given.strip().lower()
    if _ACCENT.fullmatch(accent) is None:
        raise Invalid("accentColor must be a colour such as #a3441c: a hash and six hexadecimal digits.")
    return accent


def checked_logo(content: bytes) -> Logo:
    """Return an image as a logo, or raise `Invalid`: PNG, JPEG or WebP by its first bytes, at most 64 KiB."""
    if len(content) > LARGEST_LOGO:
        raise Invalid(f"logo must have at most {LARGEST_LOGO // 1024} KiB: save it smaller.")
    media_type = image_type_of(content)
    if media_type is None:
        raise Invalid("logo must be a PNG, JPEG or WebP image. SVG is not taken, because it can hold a script.")
    return Logo(content, media_type)


def image_type_of(content: bytes) -> str | None:
    """Return what an image is by its first bytes: PNG, JPEG or WebP; None for everything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


async def find_branding(tx: Reading, project_id: str) -> Branding | None:
    """Return a project's look, or None if nobody chose one."""
    return await tx.first(_FIND, project_id=project_id)


async def find_logo(tx: Reading, project_id: str) -> Logo | None:
    """Return a project's logo, or None."""
    return await tx.first(_LOGO, project_id=project_id)


async def set_branding(tx: Writing, wanted: Branding, *, logo: Logo | None, keep_logo: bool) -> Branding:
    """Write a project's look whole; with `keep_logo` the logo stays as it is. Returns what is stored."""
    await tx.run(_SET, **values_of(wanted))
    if not keep_logo:
        await _set_logo(tx, wanted.project_id, logo)
    return await tx.one(_FIND, project_id=wanted.project_id)


async def set_logo(tx: Writing, *, project_id: str, team_id: str, logo: Logo | None, at: datetime) -> Branding:
    """Replace a project's logo, or take it away for None; the rest of its look stays. Returns what is stored."""
    plain = Branding(project_id, team_id, None, None, None, None, None, None, at)
    await tx.run(_ADD, **values_of(plain))
    await _set_logo(tx, project_id, logo)
    return await tx.one(_FIND, project_id=project_id)


async def _set_logo(tx: Writing, project_id: str, logo: Logo | None) -> None:
    await tx.run(
        _SET_LOGO,
        of_project_id=project_id,
        new_logo=None if logo is None else logo.content,
        new_type=None if logo is None else logo.media_type,
        new_version=None if logo is None else logo.version,
    )
