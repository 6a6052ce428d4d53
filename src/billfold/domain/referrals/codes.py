"""Referral codes: what a participant passes on; one for each customer of a program (contract G32).

Eight characters that are hard to confuse, or a text that somebody chose (contract A13).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict, Invalid, NotFound, Unavailable
from billfold.base.ids import new_id, new_referral_code
from billfold.base.paging import Page
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import customers
from billfold.domain.referrals import participants
from billfold.domain.referrals.programs import Program, programs
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import metadata, query
from billfold.infrastructure.db.types import Moment

# Forty random bits clash once in a million tries at a million codes; ten clashes in a row mean that something is broken.
_TRIES: Final = 10
# Longer than any code, so that a look-up is not made for what no code can be.
LONGEST_CODE: Final = 64
# A code that somebody chose: contract A13.
CHOSEN_PATTERN: Final = r"^[A-Za-z0-9_\-]{3,32}$"
_CHOSEN: Final = re.compile(r"[A-Z0-9_-]{3,32}")
_ANY_CODE: Final = re.compile(r"[A-Z0-9_-]+")

referral_codes = sa.Table(
    "referral_codes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    # Always upper-case, so the unique index ignores case.
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    # How many referrals it may make in all; None: as many as come.
    sa.Column("max_uses", sa.BigInteger),
    sa.UniqueConstraint("project_id", "code"),
    sa.UniqueConstraint("program_id", "customer_id"),
    sa.Index("ix_referral_codes_created", "project_id", "created_at", "id"),
    sa.Index("ix_referral_codes_active", "project_id", "is_active", "created_at", "id"),
    sa.Index("ix_referral_codes_customer", "customer_id", "created_at", "id"),
)


@dataclass(frozen=True, slots=True)
class Code:
    """A referral code of a customer; moments are in the team's time.

    `max_uses` is how many referrals it may make in all, None for no limit.
    """

    id: str
    project_id: str
    program_id: str
    customer_id: str
    code: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    max_uses: int | None


_in_project = referral_codes.c.project_id == sa.bindparam("project_id")
_active = referral_codes.c.is_active.is_(True)
_of_customer = referral_codes.c.customer_id == sa.bindparam("customer_id")
_at = sa.bindparam("at", type_=Moment())


def _listed(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(*referral_codes.c)
        .where(_in_project, *conditions)
        .order_by(referral_codes.c.created_at.desc(), referral_codes.c.id.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .offset(sa.bindparam("offset", type_=sa.Integer()))
    )


_LIST: Final = query(_listed(), Code)
_LIST_ACTIVE: Final = query(_listed(_active), Code)
_LIST_OF_CUSTOMER: Final = query(_listed(_of_customer), Code)
_LIST_ACTIVE_OF_CUSTOMER: Final = query(_listed(_of_customer, _active), Code)
_GET: Final = query(
    sa.select(*referral_codes.c).where(_in_project, referral_codes.c.code == sa.bindparam("code")), Code
)
_ADD: Final = query(
    insert(referral_codes)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in referral_codes.c})
    .on_conflict_do_nothing()
    .returning(*referral_codes.c),
    Code,
)
_OF_CUSTOMER: Final = query(
    sa.select(*referral_codes.c).where(
        _in_project, referral_codes.c.program_id == sa.bindparam("program_id"), _of_customer
    ),
    Code,
)
_OF_PARTICIPANT: Final = query(
    sa.select(*referral_codes.c)
    .where(_in_project, referral_codes.c.program_id == sa.bindparam("program_id"), _of_customer)
    .with_for_update(),
    Code,
)
_KEPT: Final = query(
    sa.select(*referral_codes.c).where(
        _in_project, referral_codes.c.program_id == sa.bindparam("program_id"), _of_customer
    ),
    Code,
)
_REACTIVATE: Final = query(
    sa.update(referral_codes)
    .where(_in_project, referral_codes.c.id == sa.bindparam("code_id"))
    .values(is_active=True, updated_at=_at)
    .returning(*referral_codes.c),
    Code,
)
_RENAME: Final = query(
    sa.update(referral_codes)
    .where(_in_project, referral_codes.c.id == sa.bindparam("code_id"))
    .values(code=sa.bindparam("new_code"), is_active=True, updated_at=_at)
    .returning(*referral_codes.c),
    Code,
)
_DEACTIVATE: Final = query(
    sa.update(referral_codes)
    .where(_in_project, referral_codes.c.code == sa.bindparam("the_code"))
    .values(is_active=False, updated_at=sa.case((_active, _at), else_=referral_codes.c.updated_at))
    .returning(referral_codes.c.id),
    str,
)
_DEACTIVATE_OF_CUSTOMER: Final = query(
    sa.update(referral_codes)
    .where(_in_project, referral_codes.c.customer_id == sa.bindparam("the_customer_id"), _active)
    .values(is_active=False, updated_at=_at)
    .returning(referral_codes.c.id),
    str,
)


def normalised_code(given: str) -> str:
    """Return the form in which a code is stored: trimmed and upper-case; raises `NotFound` for what no code can be."""
    code = given.strip().upper()
    if len(code) > LONGEST_CODE or not _ANY_CODE.fullmatch(code):
        raise NotFound("Referral code not found.")
    return code


def chosen_code(given: str) -> str:
    """Return a code that somebody chose, trimmed and upper-case, or raise `Invalid` (contract A13)."""
    code = given.strip().upper()
    if not _CHOSEN.fullmatch(code):
        raise Invalid("code must be 3 to 32 of the letters A to Z, digits, _ and -, for example JANE20.")
    return code


async def create_code(tx: Writing, program: Program, customer_id: str, *, at: datetime) -> tuple[Code, bool]:
    """Return a customer's active code and whether it is new; `NotFound` if the project has no such customer.

    The one that the customer has is returned again, reactivated if it was inactive.
    """
    code, is_new = await _make_code(tx, program, customer_id, new_referral_code, at=at)
    if not code.is_active:
        code = await tx.one(_REACTIVATE, project_id=program.project_id, code_id=code.id, at=at)
    return code, is_new


async def keep_code(
    tx: Writing, program: Program, customer_id: str, *, new_code: Callable[[], str], at: datetime
) -> Code:
    """Return the code that a customer has, active or not, or make one by `new_code` (contract B9).

    Raises `NotFound` if a code is to be made and the project has no such customer.
    """
    kept = await tx.first(_KEPT, project_id=program.project_id, program_id=program.id, customer_id=customer_id)
    return kept or (await _make_code(tx, program, customer_id, new_code, at=at))[0]


async def assign(
    tx: Writing, *, project_id: str, program_id: str, customer_id: str, code: str | None, at: datetime
) -> Code:
    """Give a customer of a program a code: the one that was chosen, or a generated one (contract A13).

    Who has one gets it renamed to the chosen text, or keeps it; either way it is active afterwards. What was brought by the
    old text stays brought. Raises `Invalid` for a text that no code can be, `Conflict` if somebody else of the project has
    it, `NotFound` if the project has no such customer.
    """
    chosen = None if code is None else chosen_code(code)
    ids = {"project_id": project_id, "program_id": program_id, "customer_id": customer_id}
    if chosen is None:
        kept = await tx.first(_KEPT, **ids)
        kept = kept or (await _add_code(tx, **ids, new_code=new_referral_code, at=at))[0]
        return kept if kept.is_active else await activate(tx, project_id, kept.id, at=at)
    await customer_rows.lock(tx, project_id, customer_id)
    kept = await tx.first(_OF_PARTICIPANT, **ids)
    holder = await tx.first(_GET, project_id=project_id, code=chosen)
    if holder is not None and (kept is None or holder.id != kept.id):
        raise Conflict(f"The code {chosen} is taken in this project: choose another one.")
    if kept is None:
        # Two who ask for one text at once may both pass the look above; the unique index lets one of them through.
        made = await _add_one(tx, **ids, code=chosen, at=at)
        if made is None:
            raise Conflict(f"The code {chosen} is taken in this project: choose another one.")
        return made
    return await tx.one(_RENAME, project_id=project_id, code_id=kept.id, new_code=chosen, at=at)


async def activate(tx: Writing, project_id: str, code_id: str, *, at: datetime) -> Code:
    """Have a code bring people (again); the id comes from our own rows."""
    return await tx.one(_REACTIVATE, project_id=project_id, code_id=code_id, at=at)


async def _make_code(
    tx: Writing, program: Program, customer_id: str, new_code: Callable[[], str], *, at: datetime
) -> tuple[Code, bool]:
    return await _add_code(
        tx, project_id=program.project_id, program_id=program.id, customer_id=customer_id, new_code=new_code, at=at
    )


async def _add_code(
    tx: Writing, *, project_id: str, program_id: str, customer_id: str, new_code: Callable[[], str], at: datetime
) -> tuple[Code, bool]:
    ids = {"project_id": project_id, "program_id": program_id, "customer_id": customer_id}
    for _ in range(_TRIES):
        added = await _add_one(tx, **ids, code=new_code(), at=at)
        if added is not None:
            return added, True
        existing = await tx.first(_OF_PARTICIPANT, **ids)
        if existing is not None:
            return existing, False
    raise Unavailable("No free referral code was found. Try again.")


async def _add_one(
    tx: Writing, *, project_id: str, program_id: str, customer_id: str, code: str, at: datetime
) -> Code | None:
    """Add a code unless the customer has one or the text is taken."""
    # The lock keeps a deletion of the customer from passing between this look and the code.
    await customer_rows.lock(tx, project_id, customer_id)
    await participants.join(tx, project_id=project_id, program_id=program_id, customer_id=customer_id, at=at)
    return await tx.first(
        _ADD,
        id=new_id("code_"),
        project_id=project_id,
        program_id=program_id,
        customer_id=customer_id,
        code=code,
        is_active=True,
        created_at=at,
        updated_at=at,
        max_uses=None,
    )


async def list_codes(
    tx: Reading, project_id: str, page: Page, *, active_only: bool, customer_id: str | None = None
) -> list[Code]:
    """Return a page of the project's codes, newest first, of one customer if asked."""
    bounds = {"project_id": project_id, "limit": page.limit, "offset": page.offset}
    if customer_id is None:
        return await tx.all(_LIST_ACTIVE if active_only else _LIST, **bounds)
    statement = _LIST_ACTIVE_OF_CUSTOMER if active_only else _LIST_OF_CUSTOMER
    return await tx.all(statement, **bounds, customer_id=customer_id)


async def get(tx: Reading, project_id: str, code: str) -> Code:
    """Return a code of the project in any spelling, inactive ones too, or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, code=normalised_code(code))
    if found is None:
        raise NotFound("Referral code not found.")
    return found


async def find_code(tx: Reading, *, project_id: str, program_id: str, customer_id: str) -> Code | None:
    """Return the code that a customer has in a program, active or not; None before it was made."""
    return await tx.first(_OF_CUSTOMER, project_id=project_id, program_id=program_id, customer_id=customer_id)


async def deactivate(tx: Writing, project_id: str, code: str, *, at: datetime) -> None:
    """Have a code bring nobody any more; doing it again changes nothing. `NotFound` if there is none."""
    if await tx.first(_DEACTIVATE, project_id=project_id, the_code=normalised_code(code), at=at) is None:
        raise NotFound("Referral code not found.")


async def deactivate_of_customer(tx: Writing, project_id: str, customer_id: str, *, at: datetime) -> None:
    """Deactivate every code of a customer who was deleted (contract G10)."""
    await tx.all(_DEACTIVATE_OF_CUSTOMER, project_id=project_id, the_customer_id=customer_id, at=at)
