"""Partners: customers with a code in the partner program, and whether they may use it (contract A12).

*active* brings people and earns; *suspended* and *terminated* have a code that brings nobody and earn on no payment, but what
is available is still owed to them. A suspended partner can be made active again, a terminated one cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Forbidden, NotFound
from billfold.base.ids import new_id
from billfold.domain.billing.customers import customers
from billfold.domain.partners.programs import ProgramOff, find_program
from billfold.domain.referrals import codes
from billfold.domain.referrals.codes import Code, referral_codes
from billfold.domain.referrals.programs import Program, programs
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
TERMINATED: Final = "terminated"
# Came through an application and may register deals, or was enrolled by the team (contract section 6).
PARTNER: Final = "partner"
AFFILIATE: Final = "affiliate"
TYPES: Final = (PARTNER, AFFILIATE)
STATUSES: Final = (ACTIVE, SUSPENDED, TERMINATED)

partners = sa.Table(
    "partners",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("code_id", sa.Text, sa.ForeignKey(referral_codes.c.id), nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.CheckConstraint("status IN ('active', 'suspended', 'terminated')", name="status"),
    sa.CheckConstraint("type IN ('partner', 'affiliate')", name="type"),
    sa.UniqueConstraint("project_id", "customer_id"),
    sa.Index("ix_partners_project_status", "project_id", "status", "created_at", "id"),
    sa.Index("ix_partners_project_created", "project_id", "created_at", "id"),
)


class NotAPartner(Forbidden):
    """The customer is no partner of this project (contract section 3.5)."""

    def __init__(self) -> None:
        super().__init__("This customer is not a partner of this app.")


class PartnerSuspended(Forbidden):
    """The partner may not use the portal now (contract A12)."""

    def __init__(self) -> None:
        super().__init__("This partner is not active: ask the team of this app.")


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner with his code; moments are in the team's time."""

    id: str
    team_id: str
    project_id: str
    program_id: str
    customer_id: str
    code_id: str
    type: str
    status: str
    created_at: datetime
    updated_at: datetime
    code: str

    @property
    def is_active(self) -> bool:
        """Whether he brings people and earns now."""
        return self.status == ACTIVE


_with_code = sa.select(*partners.c, referral_codes.c.code).join_from(
    partners,
    referral_codes,
    sa.and_(referral_codes.c.project_id == partners.c.project_id, referral_codes.c.id == partners.c.code_id),
)
_in_project = partners.c.project_id == sa.bindparam("project_id")
_mine = sa.and_(_in_project, partners.c.id == sa.bindparam("partner_id"))
_GET: Final = query(_with_code.where(_mine), Partner)
_BY_CUSTOMER: Final = query(
    _with_code.where(_in_project, partners.c.customer_id == sa.bindparam("customer_id")), Partner
)
_LOCK: Final = query(_with_code.where(_mine).with_for_update(of=partners), Partner)
_ADD: Final = query(
    insert_row(partners).on_conflict_do_nothing(index_elements=["project_id", "customer_id"]).returning(partners.c.id),
    str,
)
_SET_STATUS: Final = query(
    sa.update(partners)
    .where(
        partners.c.project_id == sa.bindparam("of_project"),
        partners.c.id == sa.bindparam("partner_id"),
        partners.c.status == sa.bindparam("old_status"),
    )
    .values(status=sa.bindparam("new_status"), updated_at=sa.bindparam("at", type_=Moment()))
    .returning(partners.c.id),
    str,
)


async def find_partner(tx: Reading, project_id: str, partner_id: str) -> Partner | None:
    """Return a partner of the project, whatever his status."""
    return await tx.first(_GET, project_id=project_id, partner_id=partner_id)


async def get_partner(tx: Reading, project_id: str, partner_id: str) -> Partner:
    """Return a partner of the project or raise `NotFound`."""
    found = await find_partner(tx, project_id, partner_id)
    if found is None:
        raise NotFound("Partner not found.")
    return found


async def find_by_customer(tx: Reading, project_id: str, customer_id: str) -> Partner | None:
    """Return the partner who is this customer, None for who is none and for a customer of another project (contract A11)."""
    return await tx.first(_BY_CUSTOMER, project_id=project_id, customer_id=customer_id)


async def own_partner(tx: Reading, project_id: str, customer_id: str, *, must_be_active: bool = False) -> Partner:
    """Return the partner that a signed-in customer is; raises `NotAPartner`, or `PartnerSuspended` if he must be active."""
    found = await find_by_customer(tx, project_id, customer_id)
    if found is None:
        raise NotAPartner
    if must_be_active and not found.is_active:
        raise PartnerSuspended
    return found


async def lock_partner(tx: Writing, project_id: str, partner_id: str) -> Partner:
    """As `get_partner`, and hold the row: what changes one partner happens one after the other."""
    found = await tx.first(_LOCK, project_id=project_id, partner_id=partner_id)
    if found is None:
        raise NotFound("Partner not found.")
    return found


async def enrol(
    tx: Writing, program: Program, *, team_id: str, customer_id: str, code: str | None, kind: str, at: datetime
) -> Partner:
    """Make a customer a partner with this code, or a generated one.

    Raises `Conflict` if he is one already or the code is taken, `Invalid` for a text that no code can be.
    """
    assigned = await codes.assign(
        tx, project_id=program.project_id, program_id=program.id, customer_id=customer_id, code=code, at=at
    )
    partner = _new_partner(program, assigned, team_id=team_id, kind=kind, at=at)
    added = await tx.first(
        _ADD,
        id=partner.id,
        team_id=team_id,
        project_id=partner.project_id,
        program_id=partner.program_id,
        customer_id=customer_id,
        code_id=partner.code_id,
        type=kind,
        status=ACTIVE,
        created_at=at,
        updated_at=at,
    )
    if added is None:
        raise Conflict("This customer is a partner of this app already.")
    return partner


async def rename_code(tx: Writing, project_id: str, partner_id: str, code: str, *, at: datetime) -> Partner:
    """Give a partner another code; links with the old one bring nobody any more."""
    partner = await lock_partner(tx, project_id, partner_id)
    if not partner.is_active:
        raise Conflict("Only an active partner's code can be changed: reactivate the partner first.")
    await codes.assign(
        tx,
        project_id=project_id,
        program_id=partner.program_id,
        customer_id=partner.customer_id,
        code=code,
        at=at,
    )
    return await get_partner(tx, project_id, partner_id)


async def set_status(tx: Writing, partner: Partner, status: str, *, at: datetime) -> bool:
    """Move a partner from the status he was read with to another one; False if somebody else moved him meanwhile."""
    moved = await tx.first(
        _SET_STATUS,
        of_project=partner.project_id,
        partner_id=partner.id,
        old_status=partner.status,
        new_status=status,
        at=at,
    )
    return moved is not None


async def program_of(tx: Reading, project_id: str) -> Program:
    """Return the partner program of a project that has partners, or raise `ProgramOff`."""
    program = await find_program(tx, project_id)
    if program is None:
        raise ProgramOff
    return program


def _new_partner(program: Program, code: Code, *, team_id: str, kind: str, at: datetime) -> Partner:
    return Partner(
        id=new_id("aff_"),
        team_id=team_id,
        project_id=program.project_id,
        program_id=program.id,
        customer_id=code.customer_id,
        code_id=code.id,
        type=kind,
        status=ACTIVE,
        created_at=at,
        updated_at=at,
        code=code.code,
    )
