"""What billing's events mean for referrals (DESIGN section 10, step 4). Each reaction is one unit with the job's end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billfold.domain.billing.sync import Gateways
from billfold.domain.partners.deal_claims import match
from billfold.domain.referrals.checkouts import leave_reading
from billfold.domain.referrals.codes import deactivate_of_customer
from billfold.domain.referrals.reconciliation import convert_referrals, reconcile_payments
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.worker import Handler, UnitHandler


def convert_on_subscription(gateways: Gateways) -> Handler:
    """Convert the referral of a customer who subscribed."""
    del gateways

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        await convert_referrals(tx, **_referee(payload), occasion="subscription", now=now)

    return UnitHandler(unit)


def reward_payment(gateways: Gateways) -> Handler:
    """Convert the referral of a customer who paid, if its terms wait for that, and reward the payment."""
    del gateways

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        at = (await get_team(tx, payload["team_id"])).time_at(now)
        await match(tx, project_id=payload["project_id"], customer_id=payload["customer_id"], at=at, now=now)
        if await leave_reading(tx, payload, now=now):
            # Whose customer this is, is decided once his checkout was read: `domain/referrals/checkouts.py`.
            return
        await convert_referrals(tx, **_referee(payload), occasion="payment", now=now)
        await reconcile_payments(tx, **_referee(payload), now=now)

    return UnitHandler(unit)


def reward_refund(gateways: Gateways) -> Handler:
    """Take back, or give again, what the changed payment of a customer had earned."""
    del gateways

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        await reconcile_payments(tx, **_referee(payload), now=now)

    return UnitHandler(unit)


def deactivate_codes(gateways: Gateways) -> Handler:
    """Have the code of a deleted customer bring nobody any more (contract G10)."""
    del gateways

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        at = (await get_team(tx, payload["team_id"])).time_at(now)
        await deactivate_of_customer(tx, payload["project_id"], payload["customer_id"], at=at)

    return UnitHandler(unit)


def _referee(payload: Any) -> dict[str, str]:
    return {
        "team_id": payload["team_id"],
        "project_id": payload["project_id"],
        "referee_id": payload["customer_id"],
    }
