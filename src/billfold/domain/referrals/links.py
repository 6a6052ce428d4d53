"""Links: where the codes of a project lead, on which host they are short, and which hosts are the project's own.

`find_link` is what the hot door asks: a code with everything that its click depends on, in one query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict, Invalid
from billfold.domain.billing.customers import customers
from billfold.domain.referrals.codes import referral_codes
from billfold.domain.referrals.destinations import checked_hosts, checked_landing
from billfold.domain.referrals.programs import programs
from billfold.domain.referrals.terms import Terms, terms
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, row_tuple
from billfold.infrastructure.db.types import Json, Moment

_FEWEST_LABELS: Final = 2

link_settings = sa.Table(
    "link_settings",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    # Where every link leads unless it names another page of the project's own.
    sa.Column("landing_url", sa.Text),
    # Hosts beside the landing address's that a link may lead to and a click may be told of.
    sa.Column("own_hosts", Json, nullable=False),
    # Which cookies the link host sets: its own (None), or those of the domain above it, so that the app sees them.
    sa.Column("cookie_domain", sa.Text),
    # False: links set none, and a visitor who comes back is counted as a new one.
    sa.Column("sets_cookies", sa.Boolean, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)
# The primary key alone: a host finds one project of the whole installation.
link_hosts = sa.Table(
    "link_hosts",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Index("ix_link_hosts_project_id", "project_id"),
)


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """What a project says about its links; without a landing address they lead nowhere."""

    landing_url: str | None = None
    own_hosts: tuple[str, ...] = ()
    link_host: str | None = None
    cookie_domain: str | None = None
    sets_cookies: bool = True


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A code with what a click on its link depends on; `code_id` is None if nobody is brought by it any more."""

    project_id: str
    clock_offset_us: int
    settings: LinkSettings
    code: str | None = None
    code_id: str | None = None
    program_id: str | None = None
    attribution_days: int | None = None


@dataclass(frozen=True, slots=True)
class _Project:
    clock_offset_us: int
    landing_url: str | None
    own_hosts: list[str] | None
    cookie_domain: str | None
    sets_cookies: bool | None


@dataclass(frozen=True, slots=True)
class _Code:
    id: str
    code: str
    program_id: str
    content: Terms


_PROJECT: Final = query(
    sa.select(
        teams.c.clock_offset_us,
        link_settings.c.landing_url,
        link_settings.c.own_hosts,
        link_settings.c.cookie_domain,
        link_settings.c.sets_cookies,
    )
    .join_from(projects, teams, teams.c.id == projects.c.team_id)
    .outerjoin(link_settings, link_settings.c.project_id == projects.c.id)
    .where(projects.c.id == sa.bindparam("project_id"), projects.c.deleted_at.is_(None), teams.c.deleted_at.is_(None)),
    _Project,
)
_CODE: Final = query(
    sa.select(referral_codes.c.id, referral_codes.c.code, referral_codes.c.program_id, terms.c.content)
    .join_from(referral_codes, programs, programs.c.id == referral_codes.c.program_id)
    .join(
        terms,
        sa.and_(
            terms.c.project_id == programs.c.project_id,
            terms.c.program_id == programs.c.id,
            terms.c.version == programs.c.terms_version,
        ),
    )
    .join(customers, customers.c.id == referral_codes.c.customer_id)
    .where(
        referral_codes.c.project_id == sa.bindparam("project_id"),
        referral_codes.c.code == sa.bindparam("code"),
        referral_codes.c.is_active.is_(True),
        programs.c.enabled.is_(True),
        customers.c.deleted_at.is_(None),
    ),
    _Code,
)
_HOST_OF: Final = query(
    sa.select(link_hosts.c.host).where(link_hosts.c.project_id == sa.bindparam("project_id")).limit(1), str
)
_OF_HOST: Final = query(sa.select(link_hosts.c.project_id).where(link_hosts.c.host == sa.bindparam("host")), str)
_GET: Final = query(
    sa.select(
        link_settings.c.landing_url,
        link_settings.c.own_hosts,
        link_settings.c.cookie_domain,
        link_settings.c.sets_cookies,
    ).where(link_settings.c.project_id == sa.bindparam("project_id")),
    row_tuple,
)
_new_settings = insert_row(link_settings)
_SET: Final = command(
    _new_settings.on_conflict_do_update(
        index_elements=["project_id"],
        set_={
            name: _new_settings.excluded[name]
            for name in ("landing_url", "own_hosts", "cookie_domain", "sets_cookies", "updated_at")
        },
    )
)
_FORGET_HOST: Final = command(sa.delete(link_hosts).where(link_hosts.c.project_id == sa.bindparam("project_id")))
_ADD_HOST: Final = query(
    insert(link_hosts)
    .values(host=sa.bindparam("host"), project_id=sa.bindparam("project_id"))
    .on_conflict_do_nothing()
    .returning(link_hosts.c.host),
    str,
)


async def find_link(tx: Reading, project_id: str, code: str | None) -> LinkTarget | None:
    """Return what a link of a project is, None without such a project; `code` in its stored form, None if it can be none."""
    project = await tx.first(_PROJECT, project_id=project_id)
    if project is None:
        return None
    settings = LinkSettings(
        project.landing_url,
        tuple(project.own_hosts or ()),
        None,
        project.cookie_domain,
        project.sets_cookies is not False,
    )
    found: _Code | None = None
    if code is not None:
        found = await tx.first(_CODE, project_id=project_id, code=code)
    if found is None:
        return LinkTarget(project_id, project.clock_offset_us, settings)
    return LinkTarget(
        project_id,
        project.clock_offset_us,
        settings,
        found.code,
        found.id,
        found.program_id,
        found.content.attribution_days,
    )


async def project_of_host(tx: Reading, host: str) -> str | None:
    """Return the project whose links are short on a host (lower-case, without port)."""
    return await tx.first(_OF_HOST, host=host)


async def get_settings(tx: Reading, project_id: str) -> LinkSettings:
    """Return a project's settings; empty ones if they were never set."""
    found = await tx.first(_GET, project_id=project_id)
    host = await tx.first(_HOST_OF, project_id=project_id)
    if found is None:
        return LinkSettings()
    landing_url, own_hosts, cookie_domain, sets_cookies = found
    return LinkSettings(landing_url, tuple(own_hosts), host, cookie_domain, sets_cookies)


async def set_settings(
    tx: Writing, *, project_id: str, settings: LinkSettings, reserved: Sequence[str], at: datetime
) -> LinkSettings:
    """Put settings in force and return them.

    `reserved` are hosts that are this server's own. Raises `Invalid` for what cannot work, `Conflict` for a link host that
    another project of this installation has.
    """
    wanted = checked(settings, reserved)
    await tx.run(
        _SET,
        project_id=project_id,
        landing_url=wanted.landing_url,
        own_hosts=list(wanted.own_hosts),
        cookie_domain=wanted.cookie_domain,
        sets_cookies=wanted.sets_cookies,
        updated_at=at,
    )
    await tx.run(_FORGET_HOST, project_id=project_id)
    if wanted.link_host and await tx.first(_ADD_HOST, host=wanted.link_host, project_id=project_id) is None:
        raise Conflict(f"The host {wanted.link_host} belongs to another project already.")
    return wanted


def checked(settings: LinkSettings, reserved: Sequence[str]) -> LinkSettings:
    """Return settings in their stored form, or raise `Invalid`."""
    landing = checked_landing(settings.landing_url) if settings.landing_url else None
    host = None
    if settings.link_host:
        (host,) = checked_hosts([settings.link_host], "linkHost")
        if ":" in host or host in reserved:
            raise Invalid("linkHost must be a name of its own, such as go.example.com, without a port.")
    domain = settings.cookie_domain.strip().lower().lstrip(".") if settings.cookie_domain else None
    if domain is not None:
        checked_hosts([domain], "cookieDomain")
        if host is None or ":" in domain or not f".{host}".endswith(f".{domain}"):
            raise Invalid("cookieDomain must be the domain above linkHost: example.com for go.example.com.")
        if len(domain.split(".")) < _FEWEST_LABELS:
            raise Invalid("cookieDomain must be a domain of yours, such as example.com.")
    own_hosts = checked_hosts(settings.own_hosts, "ownHosts")
    return LinkSettings(landing, own_hosts, host, domain, settings.sets_cookies)
