"""Programs: one per way in which a project rewards bringing someone; their conditions are versions of terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.ids import new_id
from billfold.domain.referrals.terms import Terms, add_version, terms
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Moment

programs = sa.Table(
    "programs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    # What a surface calls it by; a project has one program of each name.
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    # The version in force; older ones stay for what was pinned to them.
    sa.Column("terms_version", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("project_id", "key"),
)


@dataclass(frozen=True, slots=True)
class Program:
    """A program with the terms in force."""

    id: str
    project_id: str
    key: str
    enabled: bool
    terms_version: int
    created_at: datetime
    updated_at: datetime
    terms_id: str
    content: Terms


_of_project = (
    sa.select(*programs.c, terms.c.id.label("terms_id"), terms.c.content)
    .join_from(
        programs,
        terms,
        sa.and_(
            terms.c.project_id == programs.c.project_id,
            terms.c.program_id == programs.c.id,
            terms.c.version == programs.c.terms_version,
        ),
    )
    .where(programs.c.project_id == sa.bindparam("project_id"))
)
_with_terms = _of_project.where(programs.c.key == sa.bindparam("key"))
_LIST: Final = query(_of_project.order_by(programs.c.created_at, programs.c.id), Program)
_FIND: Final = query(_with_terms, Program)
_LOCK: Final = query(_with_terms.with_for_update(of=programs), Program)
_ADD: Final = query(
    insert(programs)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in programs.c})
    .on_conflict_do_nothing(index_elements=["project_id", "key"])
    .returning(programs.c.id),
    str,
)
_CHANGE: Final = command(
    sa.update(programs)
    .where(programs.c.project_id == sa.bindparam("project_id"), programs.c.id == sa.bindparam("program_id"))
    .values(
        enabled=sa.bindparam("enabled"),
        terms_version=sa.bindparam("terms_version"),
        updated_at=sa.bindparam("updated_at", type_=Moment()),
    )
)


async def find(tx: Reading, project_id: str, key: str) -> Program | None:
    """Return the project's program of this name, or None if it was never set up."""
    return await tx.first(_FIND, project_id=project_id, key=key)


async def list_programs(tx: Reading, project_id: str) -> list[Program]:
    """Return the project's programs, oldest first; `configurations.py` bounds how many there are."""
    return await tx.all(_LIST, project_id=project_id)


async def ensure(tx: Writing, *, project_id: str, key: str, content: Terms, at: datetime) -> Program:
    """Return the project's program of this name and hold its row; set it up, disabled, if there is none."""
    existing = await tx.first(_LOCK, project_id=project_id, key=key)
    if existing is not None:
        return existing
    program_id = await tx.first(
        _ADD,
        id=new_id("prog_"),
        project_id=project_id,
        key=key,
        enabled=False,
        terms_version=1,
        created_at=at,
        updated_at=at,
    )
    if program_id is not None:
        await add_version(tx, project_id=project_id, program_id=program_id, version=1, content=content, at=at)
    # If another unit was first, the INSERT waited for its commit, so its program is there now.
    return await tx.one(_LOCK, project_id=project_id, key=key)


async def configure(tx: Writing, *, project_id: str, key: str, enabled: bool, content: Terms, at: datetime) -> Program:
    """Switch a program on or off and put terms in force; terms that differ become a new version (contract G29)."""
    program = await ensure(tx, project_id=project_id, key=key, content=content, at=at)
    version, terms_id = program.terms_version, program.terms_id
    if content != program.content:
        version += 1
        added = await add_version(
            tx, project_id=project_id, program_id=program.id, version=version, content=content, at=at
        )
        terms_id = added.id
    await tx.run(
        _CHANGE, project_id=project_id, program_id=program.id, enabled=enabled, terms_version=version, updated_at=at
    )
    return replace(program, enabled=enabled, terms_version=version, terms_id=terms_id, content=content, updated_at=at)
