"""What the public events tell of: many customers, subscriptions and payments at once, of any projects, deleted ones too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from billfold.domain.billing.customers import Customer, customers
from billfold.domain.billing.payments import Payment, payments
from billfold.domain.billing.subscriptions import Subscription, subscriptions
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import ListedStatement, listed

Row = TypeVar("Row")

# A project's id and an object's.
Key = tuple[str, str]


def by_key(table: sa.Table, columns: Iterable[sa.Column[Any]], shape: type[Row]) -> ListedStatement[Row]:
    """Return the look-up of many rows of a table by project and id."""
    return listed(
        {"of_project": sa.Text(), "of_id": sa.Text()},
        lambda given: sa.select(*columns).where(
            table.c.project_id == given["of_project"], table.c.id == given["of_id"]
        ),
        shape,
    )


async def found(tx: Reading, statement: ListedStatement[Row], keys: Iterable[Key]) -> dict[str, Row]:
    """Return the rows by their ids; what is gone is missing."""
    asked = [{"of_project": project_id, "of_id": id_} for project_id, id_ in sorted(set(keys))]
    rows: list[Any] = await tx.all_listed(statement, asked) if asked else []
    return {row.id: row for row in rows}


_CUSTOMERS: Final = by_key(customers, [each for each in customers.c if each.name != "name_normalised"], Customer)
_SUBSCRIPTIONS: Final = by_key(subscriptions, subscriptions.c, Subscription)
_PAYMENTS: Final = by_key(payments, payments.c, Payment)


async def told_customers(tx: Reading, keys: Iterable[Key]) -> dict[str, Customer]:
    """Return customers by their ids, deleted ones too."""
    return await found(tx, _CUSTOMERS, keys)


async def told_subscriptions(tx: Reading, keys: Iterable[Key]) -> dict[str, Subscription]:
    """Return subscriptions by their ids."""
    return await found(tx, _SUBSCRIPTIONS, keys)


async def told_payments(tx: Reading, keys: Iterable[Key]) -> dict[str, Payment]:
    """Return payments by their ids."""
    return await found(tx, _PAYMENTS, keys)
