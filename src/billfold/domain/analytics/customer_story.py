"""One customer's whole story: what he has, what he paid, whom he brought, what he earned, what Stripe said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.base.paging import Page
from billfold.domain.analytics.referral_list import ReferralLine, referral_of, referrals_by
from billfold.domain.analytics.stripe_event_list import EventLine, events_about
from billfold.domain.analytics.subscription_list import SubscriptionLine, subscriptions_of
from billfold.domain.billing import customers
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.invoices import Invoice, invoices_of_customer
from billfold.domain.ledger.transfers import Transfer, ledger_transfers
from billfold.domain.referrals.codes import Code, list_codes
from billfold.domain.referrals.rewards import Reward, rewards_of_referrals
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import any_of, query

_INVOICES: Final = 24
_EVENTS: Final = 30
_CODES: Final = Page(limit=20)


@dataclass(frozen=True, slots=True)
class CustomerStory:
    """All of it; `brought` newest first, `sponsor` is the referral that brought him."""

    customer: Customer
    subscriptions: list[SubscriptionLine]
    invoices: list[Invoice]
    codes: list[Code]
    brought: list[ReferralLine]
    sponsor: ReferralLine | None
    rewards: list[Reward]
    transfers: list[Transfer]
    events: list[EventLine]


_TRANSFERS: Final = query(
    sa.select(*ledger_transfers.c)
    .where(
        only_checked(ledger_transfers.c.project_id) == sa.bindparam("project_id"),
        any_of(ledger_transfers.c.program_id, "program_ids"),
        ledger_transfers.c.owner_id == sa.bindparam("owner_id"),
    )
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    Transfer,
)


async def story_of(tx: Reading, project_id: str, customer_id: str) -> CustomerStory:
    """Return a live customer's story, or raise `NotFound`."""
    customer = await customers.get(tx, project_id, customer_id)
    subscriptions = await subscriptions_of(tx, project_id, customer_id)
    invoices = await invoices_of_customer(tx, project_id, customer_id, limit=_INVOICES)
    codes = await list_codes(tx, project_id, _CODES, active_only=False, customer_id=customer_id)
    brought = await referrals_by(tx, project_id, customer_id)
    sponsor = await referral_of(tx, project_id, customer_id)
    referral_ids = [each.id for each in brought] + ([sponsor.id] if sponsor else [])
    rewards = await rewards_of_referrals(tx, project_id, referral_ids) if referral_ids else []
    subjects = [customer.stripe_customer_id, *(each.stripe_subscription_id for each in subscriptions)]
    subjects += [each.stripe_invoice_id for each in invoices]
    program_ids = sorted({each.program_id for each in rewards})
    transfers = []
    if program_ids:
        transfers = await tx.all(
            _TRANSFERS, project_id=project_id, program_ids=program_ids, owner_id=customer_id, limit=200
        )
    return CustomerStory(
        customer=customer,
        subscriptions=subscriptions,
        invoices=invoices,
        codes=codes,
        brought=brought,
        sponsor=sponsor,
        rewards=[each for each in rewards if each.earner_id == customer_id],
        transfers=sorted(transfers, key=lambda each: each.sequence, reverse=True),
        events=await events_about(tx, project_id, subjects, limit=_EVENTS),
    )
