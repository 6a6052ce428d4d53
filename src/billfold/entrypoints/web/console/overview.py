"""`/console/{teamId}/{projectId}`: how the business does, and what needs somebody."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.money import minor_digits
from billfold.domain.analytics.attention import Attention
from billfold.domain.analytics.months import Month
from billfold.domain.analytics.revenue import percent
from billfold.domain.tenancy.members import Role
from billfold.domain.webhooks.endpoints import OffReason, switched_off
from billfold.entrypoints.web.amounts import money_text
from billfold.entrypoints.web.console.charts import bar_chart, line_chart, spark
from billfold.entrypoints.web.console.figures import Figures, FiguresCache
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.console.webhooks import short_address

_CACHE: Final = FiguresCache()


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs a person: a class of the status, what it is, what it means, and where to act."""

    kind: str
    title: str
    text: str
    href: str
    act: str


async def show(request: Request) -> Response:
    """Show the overview."""
    visit = await enter(request)
    currency = visit.place.currency or "usd"
    figures = await _CACHE.figures(
        visit.services.db,
        team_id=visit.team_id,
        project_id=visit.project_id,
        currency=currency,
        at=visit.at,
        now=visit.now,
    )
    if figures is None:
        return visit.show("overview_summing.html", {})
    months, found = figures.months, figures.overview
    revenue = [_minor(each.revenue, currency) for each in months]
    before, now = months[-2], months[-1]
    line = line_chart(revenue)
    bars = bar_chart([each.started for each in months], [each.ended for each in months])
    change = revenue[-1] - revenue[-2]
    return visit.show(
        "overview.html",
        {
            "figures": figures,
            "currency": currency,
            "revenue": revenue,
            "revenue_change": change,
            "revenue_percent": percent(abs(change), revenue[-2]),
            "revenue_spark": spark(revenue),
            "running_spark": spark([each.running for each in months]),
            "running_now": found.subscription_breakdown["active"] + found.subscription_breakdown["trialing"],
            "now": now,
            "before": before,
            "customer_spark": spark([each.count for each in found.customer_growth]),
            "churn_spark": spark([_churn(earlier, later) for earlier, later in pairwise(months)]),
            "line": line,
            "line_words": axis_words(line.axis.values, currency),
            "line_says": _line_says(months, revenue, currency),
            "bars": bars,
            "bar_words": [abs(value) for value in bars.axis.values],
            "bars_say": f"In {now.start:%B} so far {now.started} started and {now.ended} ended.",
            "conversion": percent(found.referral_stats.converted, found.referral_stats.total_referrals),
            "needs": [*_needs(visit, figures), *await _switched_off_webhooks(visit)],
            "other_currencies": {
                code: _minor(amount, code) for code, amount in found.mrr_by_currency.items() if code != currency
            },
            "is_connected": visit.is_connected,
            "is_new": not found.customer_count and not visit_has_history(figures),
        },
    )


def visit_has_history(figures: Figures) -> bool:
    """Tell whether the project ever had a subscription."""
    return any(figures.overview.subscription_breakdown.values())


def _needs(visit: Visit, figures: Figures) -> list[Need]:
    found, attention = [], figures.attention
    if not visit.is_connected:
        # Whoever may not connect it finds no page behind the button.
        href, act = (f"{visit.team_home}/stripe", "Connect it") if visit.may(Role.ADMIN) else ("", "")
        found.append(Need("warn", "Stripe is not connected", "Nothing can be sold or synced until it is.", href, act))
    if attention.unpaid:
        risk = " and ".join(money_text(_minor(amount, code), code) for code, amount in attention.at_risk.items())
        found.append(
            Need(
                "warn",
                f"{attention.unpaid} {'payment' if attention.unpaid == 1 else 'payments'} failed",
                f"{risk or 'Nothing'} a month is at risk. Stripe tries again by itself; an e-mail often works sooner.",
                f"{visit.home}/subscriptions?status=past_due",
                "See them",
            )
        )
    if visit.stuck_jobs:
        found.append(
            Need(
                "bad",
                f"{visit.stuck_jobs} {'job is' if visit.stuck_jobs == 1 else 'jobs are'} stuck",
                "Billfold tried for ten hours and gave up. What is wrong stands beside each.",
                f"{visit.home}/jobs",
                "Read why",
            )
        )
    if attention.failed_events:
        found.append(
            Need(
                "bad",
                f"{attention.failed_events} Stripe {'event' if attention.failed_events == 1 else 'events'} failed",
                attention.failed_event_reason or "",
                f"{visit.home}/stripe-events?status=failed",
                "Look at them",
            )
        )
    if attention.failed_rewards:
        found.append(
            Need(
                "bad",
                f"{attention.failed_rewards} {'credit' if attention.failed_rewards == 1 else 'credits'} could not be given",
                attention.failed_reward_reason or "",
                f"{visit.home}/rewards",
                "See whose",
            )
        )
    return [*found, *_decisions(visit, attention)]


def _decisions(visit: Visit, attention: Attention) -> list[Need]:
    """Return what partners wait for."""
    person = "of a partner bringing himself"
    waiting = (
        (attention.reviews, "sign", "signs", person, "What proves it earns nothing until released.", "/fraud-queue"),
        (attention.applications, "application", "applications", "to decide", "To become a partner.", "/applications"),
        (attention.deals, "deal", "deals", "to decide", "Leads that partners registered.", "/deals"),
    )
    return [
        Need("warn", f"{count} {one if count == 1 else many} {what}", text, f"{visit.home}{end}", "Decide")
        for count, one, many, what, text, end in waiting
        if count
    ]


async def _switched_off_webhooks(visit: Visit) -> list[Need]:
    """Return the webhooks that were switched off because of how they answered."""
    return [
        Need(
            "bad",
            f"The webhook at {short_address(each.url)} was switched off",
            "It did not take what it was sent. Nothing is lost: what waits goes out in order when it is on again.",
            f"{visit.home}/webhooks/{each.id}",
            "Look at it",
        )
        for each in await visit.services.db.read(switched_off, visit.project_id)
        if each.off_reason != OffReason.PERSON
    ]


def _minor(amount: Decimal, currency: str) -> int:
    return int(amount.scaleb(minor_digits(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _churn(earlier: Month, later: Month) -> int:
    """Return a month's churn in tenths of a percent, for its trend."""
    return int(percent(later.ended, earlier.running) * 10)


def axis_words(values: list[int], currency: str) -> list[str]:
    """Return the amounts at the grid lines, all in one form: short, as `$10k`, where that loses nothing on any of them."""
    minor = 10 ** minor_digits(currency)
    if any(value % minor for value in values):
        return [money_text(value, currency) for value in values]
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if all(value % (size * minor) == 0 for value in values):
            return [_whole_money(value // (size * minor), currency) + (letter if value else "") for value in values]
    return [_whole_money(value // minor, currency) for value in values]


def _whole_money(whole: int, currency: str) -> str:
    return money_text(whole * 10 ** minor_digits(currency), currency).partition(".")[0]


def _line_says(months: list[Month], revenue: list[int], currency: str) -> str:
    first, last = money_text(revenue[0], currency), money_text(revenue[-1], currency)
    verb = "rose" if revenue[-1] > revenue[0] else "fell" if revenue[-1] < revenue[0] else "stayed the same"
    return f"It {verb} from {first} in {months[0].start:%B %Y} to {last}."


ROUTES: Final[list[Any]] = [Route("/console/{team_id}/{project_id}", show, methods=["GET"])]
