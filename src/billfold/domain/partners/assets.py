"""What the team gives its partners to use: pictures and texts. A picture is told by its first bytes; an SVG may hold a script."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id
from billfold.domain.tenancy.branding import image_type_of
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

IMAGE: Final = "image"
TEXT: Final = "text"
# A form with a file fits into the 1 MiB that a request may have.
LARGEST_IMAGE: Final = 900 * 1024
MOST_ASSETS: Final = 100
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 5_000
_VERSION_LENGTH: Final = 12

partner_assets = sa.Table(
    "partner_assets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("copy", sa.Text),
    sa.Column("media_type", sa.Text),
    sa.Column("content", sa.LargeBinary),
    # The beginning of the content's SHA-256.
    sa.Column("version", sa.Text),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("kind IN ('image', 'text')", name="kind"),
    sa.CheckConstraint("(kind = 'text') = (copy IS NOT NULL)", name="copy"),
    sa.CheckConstraint("(kind = 'image') = (content IS NOT NULL)", name="content"),
    sa.Index("ix_partner_assets_project", "project_id", "created_at", "id"),
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture without its bytes, or a text; `created_at` is in the team's time."""

    id: str
    project_id: str
    kind: str
    title: str
    copy: str | None
    media_type: str | None
    version: str | None
    size_bytes: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes and what browsers are told that they are."""

    content: bytes
    media_type: str


_shown = [column for column in partner_assets.c if column.name != "content"]
_in_project = partner_assets.c.project_id == sa.bindparam("project_id")
_its = sa.and_(_in_project, partner_assets.c.id == sa.bindparam("asset_id"))
_ADD: Final = command(insert_row(partner_assets))
_LIST: Final = query(
    sa.select(*_shown)
    .where(_in_project)
    .order_by(partner_assets.c.created_at.desc(), partner_assets.c.id.desc())
    .limit(MOST_ASSETS),
    Asset,
)
_GET: Final = query(sa.select(*_shown).where(_its), Asset)
_PICTURE: Final = query(
    sa.select(partner_assets.c.content, partner_assets.c.media_type).where(_its, partner_assets.c.content.is_not(None)),
    Picture,
)
_REMOVE: Final = command(sa.delete(partner_assets).where(_its))
# Held while assets are counted and one is added.
_HOLD: Final = query(sa.select(projects.c.id).where(projects.c.id == sa.bindparam("project_id")).with_for_update(), str)
_COUNT: Final = query(sa.select(sa.func.count()).select_from(partner_assets).where(_in_project), int)


async def list_assets(tx: Reading, project_id: str) -> list[Asset]:
    """Return all assets of a project, newest first."""
    return await tx.all(_LIST, project_id=project_id)


async def get_picture(tx: Reading, project_id: str, asset_id: str) -> Picture:
    """Return a picture's bytes, or raise `NotFound`."""
    found = await tx.first(_PICTURE, project_id=project_id, asset_id=asset_id)
    if found is None:
        raise NotFound("There is no such picture.")
    return found


async def get_asset(tx: Reading, project_id: str, asset_id: str) -> Asset:
    """Return an asset, or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, asset_id=asset_id)
    if found is None:
        raise NotFound("There is no such asset.")
    return found


async def add_picture(tx: Writing, *, project_id: str, title: str, content: bytes, at: datetime) -> Asset:
    """Keep a picture; `Invalid` unless it is a PNG, JPEG, WebP or GIF of at most 900 KiB, `Conflict` for the 101st asset."""
    if len(content) > LARGEST_IMAGE:
        raise Invalid(f"picture must have at most {LARGEST_IMAGE // 1024} KiB: save it smaller.")
    media_type = "image/gif" if content[:6] in {b"GIF87a", b"GIF89a"} else image_type_of(content)
    if media_type is None:
        raise Invalid("picture must be a PNG, JPEG, WebP or GIF image. SVG is not taken, because it can hold a script.")
    version = hashlib.sha256(content).hexdigest()[:_VERSION_LENGTH]
    made = Asset(new_id("asset_"), project_id, IMAGE, _title(title), None, media_type, version, len(content), at)
    return await _add(tx, made, content)


async def add_text(tx: Writing, *, project_id: str, title: str, text: str, at: datetime) -> Asset:
    """Keep a text of up to 5,000 characters; raises as `add_picture`."""
    kept = text.strip()
    if not 0 < len(kept) <= LONGEST_TEXT:
        raise Invalid(f"text must have 1 to {LONGEST_TEXT:,} characters.")
    made = Asset(new_id("asset_"), project_id, TEXT, _title(title), kept, None, None, len(kept.encode()), at)
    return await _add(tx, made, None)


async def remove_asset(tx: Writing, project_id: str, asset_id: str) -> Asset:
    """Take an asset away, or raise `NotFound`."""
    found = await get_asset(tx, project_id, asset_id)
    await tx.run(_REMOVE, project_id=project_id, asset_id=asset_id)
    return found


async def _add(tx: Writing, asset: Asset, content: bytes | None) -> Asset:
    await tx.first(_HOLD, project_id=asset.project_id)
    if await tx.one(_COUNT, project_id=asset.project_id) >= MOST_ASSETS:
        raise Conflict(f"There are {MOST_ASSETS} already: take one away first.")
    await tx.run(
        _ADD,
        id=asset.id,
        project_id=asset.project_id,
        kind=asset.kind,
        title=asset.title,
        copy=asset.copy,
        media_type=asset.media_type,
        content=content,
        version=asset.version,
        size_bytes=asset.size_bytes,
        created_at=asset.created_at,
    )
    return asset


def _title(given: str) -> str:
    title = " ".join(given.split())
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable():
        raise Invalid(f"title must be a line of 1 to {LONGEST_TITLE} characters.")
    return title
