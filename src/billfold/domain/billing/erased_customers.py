"""Customers of whom an erasure left nothing: what Stripe goes on telling about them is stored without them (contract A34).

Stripe has its own record of a person, and events of it come late: a dispute, a refund, a letter that bounced. The amounts count,
so such an object is stored, but without what says who it was, and neither a copy of it nor the event's body is kept. Somebody who
is still a customer of another project of the team is known there, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.billing.metadata import is_reserved
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, query
from billfold.infrastructure.stripe.values import StripeInvoice, StripePayment, StripeSubscription

# How the address ends that an erasure leaves; reserved for what must never be an address (RFC 2606).
ADDRESS_END: Final = "@erased.invalid"

_is_erased = customers.c.email.endswith(ADDRESS_END)
_AMONG: Final = query(
    sa.select(customers.c.stripe_customer_id)
    .where(
        customers.c.team_id == sa.bindparam("team_id"),
        any_of(customers.c.stripe_customer_id, "stripe_customer_ids"),
    )
    .group_by(customers.c.stripe_customer_id)
    .having(
        sa.func.max(sa.case((_is_erased, 1), else_=0)) == sa.literal_column("1"),
        sa.func.max(sa.case((customers.c.deleted_at.is_(None), 1), else_=0)) == sa.literal_column("0"),
    ),
    str,
)


class TellsOfErased(Exception):
    """What is being stored tells of somebody who was erased: take the unit back, and store it without him."""


def is_erased_holder(table: str) -> sa.ColumnElement[bool]:
    """Return the condition that the Stripe customer of a table's row was erased, for a RETURNING: nothing is asked besides."""
    # By name: in a RETURNING columns are written without their table, and these have namesakes here.
    mine = sa.and_(
        customers.c.team_id == sa.literal_column(f"{table}.team_id"),
        customers.c.stripe_customer_id == sa.literal_column(f"{table}.stripe_customer_id"),
    )
    lives = sa.exists().where(mine, customers.c.deleted_at.is_(None))
    return sa.and_(sa.exists().where(mine, _is_erased), sa.not_(lives))


async def erased_among(tx: Reading, team_id: str, stripe_customer_ids: Sequence[str | None]) -> frozenset[str]:
    """Return which of these Stripe customers were erased here."""
    known = sorted({each for each in stripe_customer_ids if each})
    if not known:
        return frozenset()
    return frozenset(await tx.all(_AMONG, team_id=team_id, stripe_customer_ids=known))


def without_person(value: Any) -> Any:
    """Return what Stripe told of an object without what tells of a person; our own stamps in its metadata stay."""
    match value:
        case StripeSubscription():
            return replace(value, metadata=_stamps(value.metadata), body=None)
        case StripeInvoice():
            return replace(
                value,
                metadata=_stamps(value.metadata),
                subscription_metadata=_stamps(value.subscription_metadata),
                hosted_invoice_url=None,
                invoice_pdf=None,
                body=None,
            )
        case StripePayment():
            stamps = _stamps(value.metadata)
            return replace(value, metadata=stamps, failure_message=None, fingerprint=None, body=None)
        case _:
            return value


def _stamps(metadata: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in metadata.items() if is_reserved(key)}
