"""Terms: the rules of a program as data, in immutable versions (DESIGN section 3).

An edit adds a version; a referral pins the version in force when it was made. So an edit never rewrites the past, and "why
did I earn this" is a recomputation. The database refuses to change a row.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect

from billfold.base.ids import new_id
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

Earner = Literal["referrer", "referee"]
EarnedOn = Literal["conversion", "payment"]
SettlesAs = Literal["stripe_balance", "payout", "wallet"]
ConvertsOn = Literal["signup", "verified_signup", "subscription", "payment"]
Enrolment = Literal["open", "application"]
TouchKind = Literal["deal", "checkout_code", "coupon", "link", "manual"]


# msgspec structs and not dataclasses: their tag keeps the two kinds of amount apart in the stored JSON.
class Fixed(msgspec.Struct, frozen=True, tag="fixed"):
    """The same amount each time: `value` whole minor units of `unit` (a currency or a unit such as `ai_credits`)."""

    value: int
    unit: str


class Share(msgspec.Struct, frozen=True, tag="share"):
    """A share of what was paid, in basis points (2000 = 20 %), in the payment's own currency."""

    basis_points: int


class ProductRate(msgspec.Struct, frozen=True):
    """What a rule gives for the part of a payment that one product's lines make up; `product_id` is ours."""

    product_id: str
    amount: Fixed | Share


class Tier(msgspec.Struct, frozen=True):
    """What a rule gives once its earner brought `at_least` minor units of `unit`, a currency, before the payment in question.

    What was brought is what the earner's customers paid in that currency before this payment in time order, less tax. Refunds
    do not count against it: what one customer gets back changes nothing for what another one paid.
    """

    at_least: int
    unit: str
    amount: Fixed | Share


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who earns how much on what, held for `hold_days`.

    A payment rule covers the first `payments_max` payments of the referee, and those within `months_max` calendar months of
    the first one. Of several rates the most particular counts: the partner's own (`participants.set_rate`), a product's, a
    tier's, the rule's `amount`. A fixed amount in a currency is earned on payments in that currency only.
    """

    earner: Earner
    earned_on: EarnedOn
    amount: Fixed | Share
    settles_as: SettlesAs
    hold_days: int = 0
    payments_max: int | None = None
    months_max: int | None = None
    product_rates: tuple[ProductRate, ...] = ()
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.amount, Share) and self.earned_on == "conversion":
            raise ValueError("a share needs a payment to be a share of: use earned_on='payment'")


class Attribution(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who counts as having brought a customer (contract A21): kinds are asked in the order of `precedence`, missing ones never.

    Of several touches of one kind the `last` or the `first` wins. A link counts if it was followed within `attribution_days`
    before the first `payment`, or before the `signup`. What a member of the team says by hand goes before everything.
    """

    precedence: tuple[TouchKind, ...] = ("deal", "checkout_code", "coupon", "link")
    touch: Literal["last", "first"] = "last"
    counted_until: Literal["payment", "signup"] = "payment"


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """The conditions of a program; `min_payout` is in minor units, `attribution_days` None means no limit.

    `monthly_cap` is the most whole units that a referrer is awarded for conversions a month; what goes beyond it converts
    and earns nothing (contract B5). `take_back_after_days` is when a sign-up without an account goes back to pending (contract
    B1): 0 is never, None is the rule of `sign_up_sweep.py`.
    """

    converts_on: ConvertsOn
    rules: tuple[Rule, ...]
    enrolment: Enrolment = "open"
    attribution_days: int | None = None
    min_payout: int = 0
    monthly_cap: int | None = None
    take_back_after_days: int | None = None
    attribution: Attribution = Attribution()


class _TermsAsJson(Json):
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Terms | None:
        """Decode and check."""
        del dialect
        return None if value is None else _decoded(value)


@functools.lru_cache(maxsize=256)
def _decoded(content: str) -> Terms:
    # What stands there never changes and cannot be changed, and the doors read the same few again and again.
    return msgspec.json.decode(content, type=Terms)


terms = sa.Table(
    "terms",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("program_id", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    # Beside the JSON, because conversion selects referrals by it.
    sa.Column("converts_on", sa.Text, nullable=False),
    sa.Column("content", _TermsAsJson, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("project_id", "program_id", "version"),
    sa.Index("ix_terms_converts_on", "converts_on", "project_id"),
)
forbid_changes(terms)


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """One version of a program's terms; `version` counts from 1."""

    id: str
    project_id: str
    program_id: str
    version: int
    converts_on: ConvertsOn
    content: Terms
    created_at: datetime


_ADD: Final = command(insert_row(terms))
_GET: Final = query(
    sa.select(*terms.c).where(terms.c.project_id == sa.bindparam("project_id"), terms.c.id == sa.bindparam("terms_id")),
    TermsVersion,
)


async def add_version(
    tx: Writing, *, project_id: str, program_id: str, version: int, content: Terms, at: datetime
) -> TermsVersion:
    """Add a version; two that are added at once with one number clash, so the caller holds the program's row."""
    added = TermsVersion(
        id=new_id("terms_"),
        project_id=project_id,
        program_id=program_id,
        version=version,
        converts_on=content.converts_on,
        content=content,
        created_at=at,
    )
    await tx.run(_ADD, **values_of(added))
    return added


async def get(tx: Reading, project_id: str, terms_id: str) -> Terms:
    """Return the terms that a referral pinned."""
    return (await get_version(tx, project_id, terms_id)).content


async def get_version(tx: Reading, project_id: str, terms_id: str) -> TermsVersion:
    """Return a version of a program's terms."""
    return await tx.one(_GET, project_id=project_id, terms_id=terms_id)
