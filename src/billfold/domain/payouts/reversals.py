"""Transfers that were reversed at Stripe itself, in its dashboard: what came back is due again here too.

Stripe's answer for each payout of the last sixty days is compared with what is written down: the whole cancels the payout, of a
part the payout keeps the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from billfold.domain.payouts import outcomes
from billfold.domain.payouts.methods import StaleAccount
from billfold.domain.payouts.payouts import SETTLED, STRIPE_TRANSFER, payouts
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.stripe.port import StripeGateway

_log = structlog.get_logger(__name__)

LOOKED_BACK: Final = timedelta(days=60)
_MOST: Final = 50
_TRANSFERRED: Final = query(
    sa.select(payouts.c.id, payouts.c.reference, payouts.c.amount_reversed)
    .where(
        payouts.c.project_id == sa.bindparam("project_id"),
        payouts.c.customer_id == sa.bindparam("customer_id"),
        payouts.c.created_at >= sa.bindparam("since", type_=Moment()),
        payouts.c.status == SETTLED,
        payouts.c.rail == STRIPE_TRANSFER,
    )
    .order_by(payouts.c.created_at.desc(), payouts.c.id.desc())
    .limit(_MOST),
    row_tuple,
)


async def note_reversals(db: Database, gateway: StripeGateway, account: StaleAccount, *, now: datetime) -> int:
    """Ask Stripe about a payee's transfers of the last sixty days and write down what came back of them.

    Returns of how many something did; each minor unit comes back once, however often it is asked about.
    """
    noted = 0
    for payout_id, transfer_id, known in await db.read(_transferred, account, now):
        for transfer in await gateway.list_transfers(payout_id):
            if transfer.id != transfer_id or transfer.amount_reversed <= known:
                continue
            if transfer.amount_reversed < transfer.amount:
                _log.warning("payout.reversed_in_part", payout=payout_id, amount_reversed=transfer.amount_reversed)
            await db.write(
                outcomes.note_part_reversal,
                project_id=account.project_id,
                payout_id=payout_id,
                reversed_to=transfer.amount_reversed,
                reference=transfer_id,
                now=now,
            )
            noted += 1
    return noted


async def _transferred(tx: Reading, account: StaleAccount, now: datetime) -> list[tuple[str, str, int]]:
    since = (await get_team(tx, account.team_id)).time_at(now) - LOOKED_BACK
    found = await tx.all(_TRANSFERRED, project_id=account.project_id, customer_id=account.customer_id, since=since)
    return [(payout_id, reference, amount_reversed) for payout_id, reference, amount_reversed in found]
