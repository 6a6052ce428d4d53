"""What of an import is news: only what happened since the customer is one of the project.

Somebody else's past must pay nobody a credit. But an import also meets what happened a moment ago, before the event of it was
looked at; to store that silently would swallow the event.
"""

from __future__ import annotations

from datetime import datetime

from billfold.domain.billing.customers import Customer


def is_news(customer: Customer, happened_at: datetime) -> bool:
    """Tell whether something of a Stripe customer happened since the customer's row here was made; both in the team's time.

    Stripe writes whole seconds, so the first second counts whole.
    """
    return happened_at >= customer.created_at.replace(microsecond=0)
