"""Our rows of Stripe's objects by Stripe's ids, whichever project they are in: what a comparison with Stripe reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.differences import OurRow
from billfold.domain.billing.invoices import Invoice, invoices
from billfold.domain.billing.payments import Payment, payments
from billfold.domain.billing.prices import Price, prices
from billfold.domain.billing.products import Product, products
from billfold.domain.billing.subscription_items import SubscriptionItem, items_of
from billfold.domain.billing.subscriptions import Subscription, subscriptions
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import Query, any_of, query

# Kind: its table and the column of Stripe's id. Charges are kept as payments, under their intent's id if they have one.
_TABLES: Final[Mapping[str, tuple[sa.Table, str, Any]]] = {
    "product": (products, "stripe_product_id", Product),
    "price": (prices, "stripe_price_id", Price),
    "subscription": (subscriptions, "stripe_subscription_id", Subscription),
    "invoice": (invoices, "stripe_invoice_id", Invoice),
    "charge": (payments, "stripe_payment_id", Payment),
}
COMPARED: Final = tuple(_TABLES)


def _by_ids(table: sa.Table, column: str, row: Any) -> Query[OurRow]:
    return query(
        sa.select(*table.c).where(table.c.team_id == sa.bindparam("team_id"), any_of(table.c[column], "stripe_ids")),
        row,
    )


def _behind(table: sa.Table, column: str, row: Any) -> Query[OurRow]:
    return query(
        sa.select(*table.c)
        .where(table.c.team_id == sa.bindparam("team_id"), table.c[column] > sa.bindparam("after"))
        .order_by(table.c[column])
        .limit(sa.bindparam("limit", type_=sa.Integer())),
        row,
    )


_BY_IDS: Final = {kind: _by_ids(*described) for kind, described in _TABLES.items()}
_BEHIND: Final = {kind: _behind(*described) for kind, described in _TABLES.items()}


def stripe_id_of(kind: str, row: OurRow) -> str:
    """Return the id under which Stripe has a row."""
    stripe_id: str = getattr(row, _TABLES[kind][1])
    return stripe_id


async def find_rows(tx: Reading, team_id: str, kind: str, stripe_ids: Sequence[str]) -> dict[str, OurRow]:
    """Return the rows of these objects by Stripe's id."""
    rows = await tx.all(_BY_IDS[kind], team_id=team_id, stripe_ids=list(stripe_ids))
    return {stripe_id_of(kind, row): row for row in rows}


async def rows_behind(tx: Reading, team_id: str, kind: str, after: str, limit: int) -> list[OurRow]:
    """Return the rows behind an id of Stripe's, in the order of those."""
    return await tx.all(_BEHIND[kind], team_id=team_id, after=after, limit=limit)


async def lines_of(tx: Reading, row: OurRow) -> Sequence[SubscriptionItem]:
    """Return the lines of a subscription, nothing for all else."""
    return await items_of(tx, row.project_id, row.id) if isinstance(row, Subscription) else ()
