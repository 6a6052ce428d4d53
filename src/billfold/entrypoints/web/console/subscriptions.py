"""`/console/{teamId}/{projectId}/subscriptions`: the list, one subscription, its end and its resumption."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.domain.analytics import subscription_list
from billfold.domain.analytics.subscription_list import SubscriptionLine
from billfold.domain.billing import subscriptions
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter

_HERE: Final = "/console/{team_id}/{project_id}/subscriptions"
_FILTERS: Final = (
    Filter("status", "Status", {name: status.word for name, status in statuses.SUBSCRIPTION.items()}, "Any status"),
)
_EXPORTED_AT_ONCE: Final = 1_000
_FINAL: Final = frozenset({"canceled", "incomplete_expired"})


async def show_list(request: Request) -> Response:
    """Show a page of subscriptions, or all that fit as CSV."""
    visit = await enter(request)
    listing = read_listing(
        request,
        filters=_FILTERS,
        sorts=("newest", "oldest"),
        search_label="Customer’s name, address or id",  # noqa: RUF001
    )
    if wants_csv(request):
        header = (
            "id", "stripe_subscription_id", "status", "customer_id", "customer_email", "product", "price", "quantity",
            "unit_amount_cents", "currency", "interval", "current_period_end", "created_at",
        )  # fmt: skip
        return csv_answer("subscriptions", header, _exported(visit, listing))
    if listing.q:
        found = listing.of_found(await _search(visit, listing))
    else:
        found = await visit.services.db.read(
            subscription_list.list_subscriptions,
            visit.project_id,
            status=listing.chosen.get("status"),
            sort=listing.sort,
            limit=listing.limit,
            offset=listing.offset,
        )
    rows, pager = listing.cut(found)
    return visit.show("subscriptions.html", {"listing": listing, "rows": rows, "pager": pager, "status_of": _status})


async def _search(visit: Visit, listing: Listing) -> list[SubscriptionLine]:
    return await visit.services.db.read(
        subscription_list.search_subscriptions,
        visit.team_id,
        visit.project_id,
        listing.q,
        status=listing.chosen.get("status"),
        sort=listing.sort,
    )


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    if listing.q:
        yield [_row(each) for each in await _search(visit, listing)]
        return
    status = listing.chosen.get("status")
    after = (datetime(1970, 1, 1, tzinfo=UTC), "")
    while True:
        rows = await visit.services.db.read(
            subscription_list.export_subscriptions, visit.project_id, after=after, limit=_EXPORTED_AT_ONCE
        )
        yield [_row(each) for each in rows if status in {None, each.status}]
        if len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1].created_at, rows[-1].id)


def _row(line: SubscriptionLine) -> tuple[object, ...]:
    return (
        line.id, line.stripe_subscription_id, line.status, line.customer_id, line.customer_email, line.product,
        line.nickname, line.quantity, line.unit_amount, line.currency, line.interval,
        line.current_period_end.isoformat() if line.current_period_end else "", line.created_at.isoformat(),
    )  # fmt: skip


async def show_one(request: Request) -> Response:
    """Show one subscription with what can be done about it."""
    visit = await enter(request)
    found = await _found(visit, request)
    return visit.show(
        "subscription.html", {"row": found, "status": _status(found.status), "is_over": found.status in _FINAL}
    )


async def ask_end(request: Request) -> Response:
    """Ask before a subscription ends, at the end of its period or now."""
    visit = await enter(request, Role.MEMBER)
    found = await _found(visit, request)
    return visit.show("subscription_end.html", {"row": found, "here": f"{visit.home}/subscriptions/{found.id}"})


async def end(request: Request) -> Response:
    """End a subscription: `when` is `period` or `now`."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    found = await _found(visit, request)
    stripe = await visit.services.stripe.gateway(visit.team_id)
    here = f"{visit.home}/subscriptions/{found.id}"
    if form.text("when") == "now":
        await subscriptions.cancel_now(
            Recorded(visit, "subscription.canceled", found.id),
            stripe,
            project_id=visit.project_id,
            subscription_id=found.id,
            at=visit.at,
            now=visit.now,
        )
        return visit.done(here, "The subscription has ended.")
    await _set_end(visit, found, cancel=True)
    return visit.done(here, "The subscription ends with its period.")


async def resume(request: Request) -> Response:
    """Have a subscription go on after all."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    found = await _found(visit, request)
    await _set_end(visit, found, cancel=False)
    return visit.done(f"{visit.home}/subscriptions/{found.id}", "The subscription goes on.")


async def _set_end(visit: Visit, found: SubscriptionLine, *, cancel: bool) -> None:
    stripe = await visit.services.stripe.gateway(visit.team_id)
    action = "subscription.cancel_scheduled" if cancel else "subscription.resumed"
    await subscriptions.set_cancel_at_period_end(
        Recorded(visit, action, found.id),
        stripe,
        project_id=visit.project_id,
        subscription_id=found.id,
        cancel=cancel,
        at=visit.at,
        now=visit.now,
    )


async def _found(visit: Visit, request: Request) -> SubscriptionLine:
    wanted: str = request.path_params["subscription_id"]
    found = None
    if wanted.startswith("ps_") and wanted.isascii() and wanted.isprintable():
        found = await visit.services.db.read(subscription_list.find_subscription, visit.project_id, wanted)
    if found is None:
        raise NotFound("There is no such subscription.")
    return found


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.SUBSCRIPTION, value)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/{{subscription_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{subscription_id}}/end", ask_end, methods=["GET"]),
    Route(f"{_HERE}/{{subscription_id}}/end", end, methods=["POST"]),
    Route(f"{_HERE}/{{subscription_id}}/resumption", resume, methods=["POST"]),
]
