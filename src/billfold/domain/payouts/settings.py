"""What a program asks before it pays: minimum per currency, ways to be paid, tax forms, and what each way costs the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Invalid, NotFound
from billfold.base.money import LARGEST_AMOUNT
from billfold.domain.payouts.methods import KINDS
from billfold.domain.referrals.programs import programs
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

_MOST_CURRENCIES: Final = 40
_CURRENCY_LENGTH: Final = 3
_LARGEST_SHARE: Final = 10_000

payout_settings = sa.Table(
    "payout_settings",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("program_id", sa.Text, sa.ForeignKey(programs.c.id), primary_key=True),
    sa.Column("minimums", Json, nullable=False),
    sa.Column("fees", Json, nullable=False),
    sa.Column("methods", Json, nullable=False),
    sa.Column("tax_profile_required", sa.Boolean, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PayoutSettings:
    """A program's settings for payouts.

    `minimums` are minor units by currency, `methods` the kinds of `methods.KINDS` that are offered, and `fees` what a payout of
    a kind costs the project: minor units of `currency`, and basis points of the amount. `currency` is the project's, in which
    the program's terms state their minimum.
    """

    project_id: str
    program_id: str
    currency: str
    minimums: Mapping[str, int] = field(default_factory=dict)
    fees: Mapping[str, list[int]] = field(default_factory=dict)
    methods: list[str] = field(default_factory=lambda: list(KINDS))
    tax_profile_required: bool = False
    updated_at: datetime | None = None


def _settings(project_id: str, currency: str, *kept: Any) -> PayoutSettings:
    program_id, *values = kept
    if program_id is None:
        return PayoutSettings(project_id, "", currency)
    return PayoutSettings(project_id, program_id, currency, *values)


_KEPT: Final = tuple(column for column in payout_settings.c if column.name != "project_id")
_FIND: Final = query(
    sa.select(projects.c.id.label("of_project"), projects.c.currency, *_KEPT)
    .select_from(
        projects.outerjoin(
            payout_settings,
            sa.and_(
                payout_settings.c.project_id == projects.c.id,
                payout_settings.c.program_id == sa.bindparam("program_id"),
            ),
        )
    )
    .where(projects.c.id == sa.bindparam("project_id")),
    _settings,
)
_new = insert(payout_settings).values(
    {column.name: sa.bindparam(column.name, type_=column.type) for column in payout_settings.c}
)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["project_id", "program_id"],
        set_={
            name: _new.excluded[name] for name in ("minimums", "fees", "methods", "tax_profile_required", "updated_at")
        },
    )
)


async def settings_of(tx: Reading, project_id: str, program_id: str) -> PayoutSettings:
    """Return a program's settings; what a new program has if nobody set any."""
    found = await tx.first(_FIND, project_id=project_id, program_id=program_id)
    if found is None:
        raise NotFound("Project not found.")
    return replace(found, program_id=program_id)


async def put_settings(tx: Writing, settings: PayoutSettings, *, at: datetime) -> PayoutSettings:
    """Put settings in force for the batches to come; raises `Invalid` for what cannot be."""
    checked = replace(_checked(settings), updated_at=at)
    values = values_of(checked)
    del values["currency"]
    await tx.run(_PUT, **values)
    return checked


def _checked(settings: PayoutSettings) -> PayoutSettings:
    if len(settings.minimums) > _MOST_CURRENCIES:
        raise Invalid(f"At most {_MOST_CURRENCIES} currencies can have a minimum of their own.")
    for currency, minimum in settings.minimums.items():
        checked_currency(currency)
        if not 0 <= minimum <= LARGEST_AMOUNT:
            raise Invalid(f"The minimum must be 0 to {LARGEST_AMOUNT} minor units.")
    unknown = [each for each in (*settings.methods, *settings.fees) if each not in KINDS]
    if unknown:
        raise Invalid(f"A payout method is one of {', '.join(KINDS)}.")
    for fixed, share in settings.fees.values():
        if not 0 <= fixed <= LARGEST_AMOUNT or not 0 <= share <= _LARGEST_SHARE:
            raise Invalid("A fee is 0 to 999999.99 and 0 to 100 percent.")
    return replace(settings, methods=[each for each in KINDS if each in settings.methods])


def checked_currency(currency: str) -> str:
    """Return a currency's code or raise `Invalid`: three lower-case letters."""
    if len(currency) != _CURRENCY_LENGTH or not (currency.isascii() and currency.isalpha() and currency.islower()):
        raise Invalid("A currency is three letters, such as usd.")
    return currency
