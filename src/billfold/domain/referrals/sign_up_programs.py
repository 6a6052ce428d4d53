"""Programs that convert on sign-up, with what only they need: where a link leads and which hosts and origins are theirs.

Which program that is, its terms say (`converts_on`). What it pays by is in the terms too, and so versioned; the settings here
are about the surface alone and change nothing about the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict
from billfold.domain.referrals.programs import programs
from billfold.domain.referrals.terms import Terms, terms
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Json, Moment

SIGN_UP: Final = "signup"
VERIFIED_SIGN_UP: Final = "verified_signup"
# The published page prints links to it; a project that sets nothing answers as the page does (contract B14).
DEFAULT_LINK_ADDRESS: Final = "https://app.creatiq.com/login"

Mode = Literal["signup", "verified_signup"]

sign_up_settings = sa.Table(
    "sign_up_settings",
    metadata,
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("link_address", sa.Text),
    # What a browser says in `Origin`: who may call from a page (CORS).
    sa.Column("origins", Json, nullable=False),
    sa.Column("refuse_disposable", sa.Boolean, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)
# The primary key alone: a host finds one project of the whole installation.
sign_up_hosts = sa.Table(
    "sign_up_hosts",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), nullable=False),
    sa.Index("ix_sign_up_hosts_program_id", "program_id"),
)


@dataclass(frozen=True, slots=True)
class SignUpSettings:
    """What a project says about its sign-ups beside the terms; `link_address` None means the published one."""

    link_address: str | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    refuse_disposable: bool = False


@dataclass(frozen=True, slots=True)
class SignUpProgram:
    """A program of the project that converts on sign-up, switched on or not.

    `cap` is the most whole units that a referrer is awarded a month, None for no limit (contract B5).
    """

    program_id: str
    project_id: str
    key: str
    enabled: bool
    mode: Mode
    cap: int | None
    link_address: str
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    refuse_disposable: bool

    def link_of(self, code: str) -> str:
        """Return the address that a participant passes on."""
        return f"{self.link_address}{'&' if '?' in self.link_address else '?'}ref={code}"


@dataclass(frozen=True, slots=True)
class _Found:
    id: str
    project_id: str
    key: str
    enabled: bool
    content: Terms
    link_address: str | None
    origins: list[str] | None
    refuse_disposable: bool | None


_sign_up: Final = terms.c.converts_on.in_([sa.literal_column(f"'{mode}'") for mode in (SIGN_UP, VERIFIED_SIGN_UP)])
_in_force: Final = sa.and_(
    terms.c.project_id == programs.c.project_id,
    terms.c.program_id == programs.c.id,
    terms.c.version == programs.c.terms_version,
)
_FIND: Final = query(
    sa.select(
        programs.c.id,
        programs.c.project_id,
        programs.c.key,
        programs.c.enabled,
        terms.c.content,
        sign_up_settings.c.link_address,
        sign_up_settings.c.origins,
        sign_up_settings.c.refuse_disposable,
    )
    .join_from(programs, terms, _in_force)
    .outerjoin(sign_up_settings, sign_up_settings.c.program_id == programs.c.id)
    .where(programs.c.project_id == sa.bindparam("project_id"), _sign_up)
    .order_by(programs.c.created_at, programs.c.id),
    _Found,
)
_HOSTS: Final = query(
    sa.select(sign_up_hosts.c.host)
    .where(
        sign_up_hosts.c.project_id == sa.bindparam("project_id"),
        sign_up_hosts.c.program_id == sa.bindparam("program_id"),
    )
    .order_by(sign_up_hosts.c.host),
    str,
)
# Over the whole installation: the public call names no project (issue 3, part 2).
_SOLE: Final = query(
    sa.select(programs.c.project_id)
    .join_from(terms, programs, _in_force)
    .where(_sign_up, programs.c.enabled.is_(True))
    .distinct()
    .limit(2),
    str,
)
_OF_HOST: Final = query(sa.select(sign_up_hosts.c.project_id).where(sign_up_hosts.c.host == sa.bindparam("host")), str)
_new_settings = insert(sign_up_settings).values(
    {column.name: sa.bindparam(column.name, type_=column.type) for column in sign_up_settings.c}
)
_SET: Final = command(
    _new_settings.on_conflict_do_update(
        index_elements=["program_id"],
        set_={
            name: _new_settings.excluded[name]
            for name in ("link_address", "origins", "refuse_disposable", "updated_at")
        },
    )
)
_GET: Final = query(
    sa.select(sign_up_settings.c.link_address, sign_up_settings.c.origins, sign_up_settings.c.refuse_disposable).where(
        sign_up_settings.c.project_id == sa.bindparam("project_id"),
        sign_up_settings.c.program_id == sa.bindparam("program_id"),
    ),
    lambda link_address, origins, refuse_disposable: SignUpSettings(
        link_address, (), tuple(origins), refuse_disposable
    ),
)
_FORGET_HOSTS: Final = command(
    sa.delete(sign_up_hosts).where(
        sign_up_hosts.c.project_id == sa.bindparam("project_id"),
        sign_up_hosts.c.program_id == sa.bindparam("program_id"),
    )
)
_ADD_HOST: Final = query(
    insert(sign_up_hosts)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in sign_up_hosts.c})
    .on_conflict_do_nothing()
    .returning(sign_up_hosts.c.host),
    str,
)


async def sign_up_program(tx: Reading, project_id: str) -> SignUpProgram | None:
    """Return the project's program that converts on sign-up: the oldest that is switched on, else the oldest."""
    found = await tx.all(_FIND, project_id=project_id)
    if not found:
        return None
    program = next((each for each in found if each.enabled), found[0])
    hosts = await tx.all(_HOSTS, project_id=project_id, program_id=program.id)
    return SignUpProgram(
        program_id=program.id,
        project_id=program.project_id,
        key=program.key,
        enabled=program.enabled,
        mode="verified_signup" if program.content.converts_on == VERIFIED_SIGN_UP else "signup",
        cap=program.content.monthly_cap,
        link_address=program.link_address or DEFAULT_LINK_ADDRESS,
        hosts=tuple(hosts),
        origins=tuple(program.origins or ()),
        # Unless the project says otherwise: an address for ten minutes is nobody who signed up.
        refuse_disposable=program.refuse_disposable is not False,
    )


async def sole_sign_up_project(tx: Reading) -> str | None:
    """Return the one project whose program for sign-ups is switched on, or None if there is none or more than one."""
    found = await tx.all(_SOLE)
    return found[0] if len(found) == 1 else None


async def project_of_host(tx: Reading, host: str) -> str | None:
    """Return the project that a host (lower-case, without port) was given to."""
    return await tx.first(_OF_HOST, host=host)


async def get_settings(tx: Reading, project_id: str, program_id: str) -> SignUpSettings:
    """Return a program's settings; the plain ones if they were never set."""
    found: SignUpSettings | None = await tx.first(_GET, project_id=project_id, program_id=program_id)
    hosts = await tx.all(_HOSTS, project_id=project_id, program_id=program_id)
    kept = found or SignUpSettings()
    return SignUpSettings(kept.link_address, tuple(hosts), kept.origins, kept.refuse_disposable)


async def set_settings(
    tx: Writing, *, project_id: str, program_id: str, settings: SignUpSettings, at: datetime
) -> None:
    """Put settings in force; `Conflict` if one of the hosts belongs to another program of this installation."""
    await tx.run(
        _SET,
        program_id=program_id,
        project_id=project_id,
        link_address=settings.link_address,
        origins=list(settings.origins),
        refuse_disposable=settings.refuse_disposable,
        updated_at=at,
    )
    await tx.run(_FORGET_HOSTS, project_id=project_id, program_id=program_id)
    await _add_hosts(tx, project_id, program_id, sorted(set(settings.hosts)))


async def _add_hosts(tx: Writing, project_id: str, program_id: str, hosts: Sequence[str]) -> None:
    # In one order, so that two units that want the same hosts wait for each other instead of deadlocking.
    for host in hosts:
        if await tx.first(_ADD_HOST, host=host, project_id=project_id, program_id=program_id) is None:
            raise Conflict(f"The host {host} belongs to another program already.")
