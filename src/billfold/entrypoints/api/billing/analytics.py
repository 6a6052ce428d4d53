"""`…/analytics`: a project's numbers (contract section 3.7, G26 to G28)."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from billfold.base.errors import Invalid
from billfold.domain.analytics.overview import DEFAULT_DAYS, LARGEST_DAYS, Overview, overview
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, json_response
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Analytics"])
READ = "analytics:read"

_GROWTH_DAYS: Final[dict[str, Any]] = {
    "name": "growthDays",
    "in": "query",
    "description": "The window of growth and churn: the last so many days.",
    "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_DAYS, "default": DEFAULT_DAYS},
}
_Day = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})]


class SubscriptionBreakdownBody(msgspec.Struct):
    """How many subscriptions there are in each status."""

    active: int
    trialing: int
    past_due: int
    canceled: int
    unpaid: int
    incomplete: int
    paused: int


class GrowthPointBody(Body):
    """How many customers there were at the end of a day in UTC."""

    date: _Day
    count: int


class WebhookStatsBody(Body):
    """Stripe events of the project since the beginning; `total` includes those still being worked on."""

    total: int
    processed: int
    failed: int


class ReferralStatsBody(Body):
    """Codes and referrals of the project since the beginning."""

    total_codes: int
    total_referrals: int
    converted: int


class Analytics(Body):
    """A project's numbers: `mrr` in major units of its currency, `churnRate` in percent."""

    mrr: float
    mrr_by_currency: dict[str, float]
    customer_count: int
    churn_rate: float
    subscription_breakdown: SubscriptionBreakdownBody
    customer_growth: list[GrowthPointBody]
    webhook_stats: WebhookStatsBody
    referral_stats: ReferralStatsBody


@router.get("/analytics", **operation(scope=READ, answers={200: Analytics}, parameters=(_GROWTH_DAYS,), is_read=True))
async def get_analytics(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a project's analytics.

    Monthly recurring revenue counts active and trialing subscriptions in the project's currency; other currencies stand in
    `mrrByCurrency`. Churn is the share of the subscriptions that ran at the window's start and ended within it.
    """
    services: Services = request.app.state.services
    days = _growth_days(request.query_params.get("growthDays"))
    at = access.time_at(services.clock.now())
    found = await services.db.snapshot(overview, team_id=access.team_id, project_id=access.project_id, days=days, at=at)
    return json_response(_shape(found))


def _growth_days(text: str | None) -> int:
    if text is None:
        return DEFAULT_DAYS
    # isascii: int() also reads other scripts' digits, which no client means.
    if not (
        text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_DAYS)) and 1 <= int(text) <= LARGEST_DAYS
    ):
        raise Invalid(f"growthDays must be a whole number from 1 to {LARGEST_DAYS}.")
    return int(text)


def _shape(found: Overview) -> Analytics:
    referrals = found.referral_stats
    webhooks = found.webhook_stats
    return Analytics(
        # The only place where money becomes a float: JSON has no other number, and no sum is made of it.
        mrr=float(found.mrr),
        mrr_by_currency={currency: float(amount) for currency, amount in found.mrr_by_currency.items()},
        customer_count=found.customer_count,
        churn_rate=float(found.churn_rate),
        subscription_breakdown=SubscriptionBreakdownBody(**found.subscription_breakdown),
        customer_growth=[GrowthPointBody(point.date.isoformat(), point.count) for point in found.customer_growth],
        webhook_stats=WebhookStatsBody(webhooks.total, webhooks.processed, webhooks.failed),
        referral_stats=ReferralStatsBody(referrals.total_codes, referrals.total_referrals, referrals.converted),
    )
