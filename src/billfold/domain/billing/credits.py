"""Credits on a Stripe customer balance: at most one for each reason, however often and however late it is tried.

Stripe's document "Customer credit balance": a negative transaction is credit that the customer's next invoices use up. Stripe
replays the answer of an idempotency key for at least 24 hours; after that the same request would credit again. So a credit
is first looked for on the balance, by the reason that its metadata carries: among the latest hundred always (a restored
backup does not know that it was given), on the whole balance if it may have been tried longer ago.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from billfold.base.errors import Invalid
from billfold.base.fail_points import reach
from billfold.infrastructure.stripe.port import StripeGateway

REASON_STAMP: Final = "billfold_reward_id"
# Four hours less than Stripe's 24, for clocks that differ and calls that wait.
_KEY_IS_GOOD_FOR: Final = timedelta(hours=20)
_PAGE: Final = 100


class NeverCreditable(Invalid):
    """There is nobody to credit and never will be: trying again cannot help."""


async def push_credit(
    stripe: StripeGateway,
    *,
    stripe_customer_id: str,
    amount_cents: int,
    currency: str,
    description: str,
    reason_id: str,
    first_tried: datetime,
    now: datetime,
) -> str:
    """Credit `amount_cents` of `currency` to a Stripe customer and return the id of the balance transaction.

    `reason_id` is the idempotency key; `first_tried` is the wall clock before which it was surely not tried. Raises
    `Invalid` with a reason to show if Stripe refuses for good, `Unavailable` if it does not answer.
    """
    made = await _find(stripe, stripe_customer_id, reason_id, all_pages=now - first_tried > _KEY_IS_GOOD_FOR)
    if made is not None:
        return made
    reach("before-send")
    transaction = await stripe.create_balance_transaction(
        stripe_customer_id,
        amount=-amount_cents,
        currency=currency,
        description=description,
        metadata={REASON_STAMP: reason_id},
        idempotency_key=reason_id,
    )
    reach("after-send")
    return transaction.id


def require_creditable(stripe_customer_id: str, *, is_deleted: bool) -> None:
    """Raise `NeverCreditable` if a customer cannot be credited, with the words that people are shown."""
    if not stripe_customer_id:
        raise NeverCreditable("The customer has no Stripe customer to credit.")
    if is_deleted:
        raise NeverCreditable("The customer was deleted.")


async def _find(stripe: StripeGateway, stripe_customer_id: str, reason_id: str, *, all_pages: bool) -> str | None:
    # Whoever brings many customers has more credits than one page shows.
    after: str | None = None
    while True:
        page = await stripe.list_balance_transactions(stripe_customer_id, after=after)
        for made in page:
            if made.metadata.get(REASON_STAMP) == reason_id:
                return made.id
        if len(page) < _PAGE or not all_pages:
            return None
        after = page[-1].id
