"""What each earner's customers have paid, as the tiers of a program count it.

A row for each payment of each referral that earns on payments: what was paid, less tax, before anything was given back. A
payment's tier depends on what was paid before it in time order by all customers of the earner; when an older payment is heard of
late, the ones behind it are reconciled once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.referrals.derivations import Payment
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

# No foreign keys: what they would check is read in the same unit, and the table can be rebuilt from what it repeats.
brought_payments = sa.Table(
    "brought_payments",
    metadata,
    sa.Column("referral_id", sa.Text, primary_key=True),
    sa.Column("invoice_id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("program_id", sa.Text, nullable=False),
    sa.Column("referrer_id", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("paid_at", Moment, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Index(
        "ix_brought_payments_referrer", "program_id", "referrer_id", "currency", "paid_at", "invoice_id", "amount"
    ),
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A payment as it counts: minor units of its currency."""

    invoice_id: str
    currency: str
    paid_at: datetime
    amount: int


def _whole(amount: Any) -> int:
    # PostgreSQL sums whole numbers to a decimal.
    return int(amount)


_OF_REFERRAL: Final = query(
    sa.select(
        brought_payments.c.invoice_id,
        brought_payments.c.currency,
        brought_payments.c.paid_at,
        brought_payments.c.amount,
    ).where(
        brought_payments.c.project_id == sa.bindparam("project_id"),
        brought_payments.c.referral_id == sa.bindparam("referral_id"),
    ),
    Brought,
)
_new = insert_row(brought_payments)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["referral_id", "invoice_id"],
        set_={name: _new.excluded[name] for name in ("currency", "paid_at", "amount")},
    )
)
_REMOVE: Final = command(
    sa.delete(brought_payments).where(
        brought_payments.c.project_id == sa.bindparam("project_id"),
        brought_payments.c.referral_id == sa.bindparam("referral_id"),
        brought_payments.c.invoice_id == sa.bindparam("invoice_id"),
    )
)
_mine = sa.and_(
    brought_payments.c.project_id == sa.bindparam("project_id"),
    brought_payments.c.program_id == sa.bindparam("program_id"),
    brought_payments.c.referrer_id == sa.bindparam("referrer_id"),
    brought_payments.c.currency == sa.bindparam("currency"),
)
_BEFORE: Final = query(
    sa.select(sa.func.coalesce(sa.func.sum(brought_payments.c.amount), 0)).where(
        _mine,
        sa.tuple_(brought_payments.c.paid_at, brought_payments.c.invoice_id)
        < sa.tuple_(sa.bindparam("paid_at", type_=Moment()), sa.bindparam("invoice_id")),
    ),
    _whole,
)
_LATER: Final = query(
    sa.select(brought_payments.c.referral_id)
    .where(
        _mine,
        brought_payments.c.paid_at >= sa.bindparam("paid_at", type_=Moment()),
        brought_payments.c.referral_id != sa.bindparam("referral_id"),
    )
    .limit(1),
    str,
)


async def put_brought(
    tx: Writing, *, project_id: str, program_id: str, referrer_id: str, referral_id: str, payments: Sequence[Payment]
) -> list[Brought]:
    """Have the rows of a referral say these payments; return what changed, each as it was or as it is now."""
    should = {each.id: Brought(each.id, each.currency, each.paid_at, each.gross) for each in payments if each.gross > 0}
    there = {
        each.invoice_id: each for each in await tx.all(_OF_REFERRAL, project_id=project_id, referral_id=referral_id)
    }
    gone = [each for invoice_id, each in there.items() if invoice_id not in should]
    new = [each for invoice_id, each in should.items() if there.get(invoice_id) != each]
    for each in gone:
        await tx.run(_REMOVE, project_id=project_id, referral_id=referral_id, invoice_id=each.invoice_id)
    for each in new:
        await tx.run(
            _PUT,
            referral_id=referral_id,
            invoice_id=each.invoice_id,
            project_id=project_id,
            program_id=program_id,
            referrer_id=referrer_id,
            currency=each.currency,
            paid_at=each.paid_at,
            amount=each.amount,
        )
    return [*gone, *new]


async def brought_before(
    tx: Reading, *, project_id: str, program_id: str, referrer_id: str, payments: Sequence[Payment]
) -> dict[str, int]:
    """Return for each payment's id what its earner had brought before it in its currency, in minor units."""
    return {
        each.id: await tx.one(
            _BEFORE,
            project_id=project_id,
            program_id=program_id,
            referrer_id=referrer_id,
            currency=each.currency,
            paid_at=each.paid_at,
            invoice_id=each.id,
        )
        for each in payments
    }


async def has_later(
    tx: Reading, *, project_id: str, program_id: str, referrer_id: str, referral_id: str, changed: Sequence[Brought]
) -> bool:
    """Tell whether another referral of the earner has a payment at the time of one of the changed ones or later."""
    for each in changed:
        found = await tx.first(
            _LATER,
            project_id=project_id,
            program_id=program_id,
            referrer_id=referrer_id,
            currency=each.currency,
            paid_at=each.paid_at,
            referral_id=referral_id,
        )
        if found is not None:
            return True
    return False
