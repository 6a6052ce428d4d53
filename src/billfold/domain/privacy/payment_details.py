"""Where a customer's money went: bank, PayPal and Wise details and the tax profile, emptied once nobody needs them.

An erasure empties them at once. For a customer who was merely deleted they are kept as long as something is owed to him or on its
way, and then go by themselves. What is shown of a payout keeps its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.domain.billing.customers import find_even_deleted
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.payouts.methods import KINDS, SEALED_FIELD, STRIPE_CONNECT, PayPal, payout_methods
from billfold.domain.payouts.payees import payees
from billfold.domain.payouts.payouts import payouts
from billfold.domain.privacy.scrubbing import ERASED, address_of_nobody
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, query
from billfold.infrastructure.db.types import Moment

_METHODS: Final = query(
    sa.select(payout_methods.c.id).where(
        payout_methods.c.project_id == sa.bindparam("project_id"),
        any_of(payout_methods.c.customer_id, "ids"),
        any_of(payout_methods.c.kind, "kinds"),
        payout_methods.c.shown != ERASED,
    ),
    str,
)
_BLANK_METHOD: Final = command(
    sa.update(payout_methods)
    .where(payout_methods.c.project_id == sa.bindparam("project_id"), payout_methods.c.id == sa.bindparam("method_id"))
    .values(
        details_sealed=sa.bindparam("sealed"),
        shown=sa.bindparam("shown_now"),
        stripe_account_id=sa.null(),
        is_ready=sa.false(),
        replaced_at=sa.func.coalesce(payout_methods.c.replaced_at, sa.bindparam("at", type_=Moment())),
    )
)
_REMOVE_PAYEE: Final = command(
    sa.delete(payees).where(
        payees.c.project_id == sa.bindparam("project_id"), payees.c.customer_id == sa.bindparam("customer_id")
    )
)
_OWED: Final = query(
    sa.select(ledger_balances.c.unit)
    .where(
        ledger_balances.c.project_id == sa.bindparam("project_id"),
        ledger_balances.c.owner_id == sa.bindparam("customer_id"),
        ledger_balances.c.held + ledger_balances.c.available + ledger_balances.c.in_transit > 0,
    )
    .limit(1),
    str,
)
_ON_ITS_WAY: Final = query(
    sa.select(payouts.c.id)
    .where(
        payouts.c.project_id == sa.bindparam("project_id"),
        payouts.c.customer_id == sa.bindparam("customer_id"),
        payouts.c.status.in_([sa.literal_column("'intent'"), sa.literal_column("'sent'")]),
    )
    .limit(1),
    str,
)


async def blank_methods(
    tx: Writing,
    sealer: Sealer,
    *,
    project_id: str,
    customer_ids: Sequence[str],
    at: datetime,
    kinds: Sequence[str] = KINDS,
) -> int:
    """Empty the ways in which customers were paid, replaced ones too; return how many there were."""
    found = await tx.all(_METHODS, project_id=project_id, ids=list(customer_ids), kinds=list(kinds))
    for method_id in found:
        # Details that can be opened, so that a file of old payouts and a new secret key find nothing broken.
        nobody = msgspec.json.encode(PayPal(email=address_of_nobody(method_id))).decode()
        sealed = sealer.seal(nobody, owner=method_id, field=SEALED_FIELD)
        await tx.run(_BLANK_METHOD, project_id=project_id, method_id=method_id, sealed=sealed, shown_now=ERASED, at=at)
    return len(found)


async def forget_details_of_deleted(
    tx: Writing, sealer: Sealer, *, project_id: str, customer_id: str, at: datetime
) -> bool:
    """Empty what a deleted customer said of his bank and his taxes; False as long as something is owed to him or on its way.

    A connected account's id stays: it is how a transfer that Stripe takes back later is noticed.
    """
    customer = await find_even_deleted(tx, project_id, customer_id)
    if customer.deleted_at is None:
        return True
    if await _is_owed(tx, project_id, customer_id):
        return False
    kinds = [kind for kind in KINDS if kind != STRIPE_CONNECT]
    await blank_methods(tx, sealer, project_id=project_id, customer_ids=[customer_id], at=at, kinds=kinds)
    await tx.run(_REMOVE_PAYEE, project_id=project_id, customer_id=customer_id)
    return True


async def _is_owed(tx: Reading, project_id: str, customer_id: str) -> bool:
    who = {"project_id": project_id, "customer_id": customer_id}
    return await tx.first(_OWED, **who) is not None or await tx.first(_ON_ITS_WAY, **who) is not None
