"""`/console/…/webhooks/{id}`: what a webhook was sent, each try of it, and sending again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Invalid
from billfold.domain.tenancy.members import Role
from billfold.domain.webhooks import deliveries, resending
from billfold.domain.webhooks.attempts import attempts_of_delivery
from billfold.domain.webhooks.claims import body_of
from billfold.domain.webhooks.deliveries import Delivery, DeliveryStatus
from billfold.domain.webhooks.endpoints import Endpoint
from billfold.domain.webhooks.public_types import PING, PUBLIC_TYPES
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import PAGE_SIZE, Filter, read_listing
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.console.webhooks import find, short_address, state_of
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading, Writing

_ONE: Final = "/console/{team_id}/{project_id}/webhooks/{webhook_id}"
_DELIVERY: Final = f"{_ONE}/deliveries/{{delivery_id}}"
_FILTERS: Final = (
    Filter("status", "State", {"waiting": "Waiting", "delivered": "Delivered", "failed": "Failed"}, "All states"),
)
_WHY_OFF: Final = {
    "person": "A member of the team switched it off. It goes on collecting: everything goes out, in order, when it is on again.",
    "failing": (
        "It took nothing for five days, and at least twenty events failed, so it was switched off. What it has not taken waits, "
        "new events wait behind it, and all of it goes out in order when it is on again."
    ),
    "gone": (
        "It answered 410 Gone to every try of an event, so it was switched off. What it has not taken waits, and goes out in "
        "order when it is on again."
    ),
}
_LONGEST_BODY: Final = 40_000


async def show_one(request: Request) -> Response:
    """Show a webhook with a page of what it was sent."""
    visit = await enter(request)
    found = await find(visit, request)
    return await _page(visit, found, Form([]), {})


async def show_delivery(request: Request) -> Response:
    """Show one delivery: its body and its tries."""
    visit = await enter(request)
    found = await find(visit, request)
    delivery = await _delivery(visit, request, found)
    tries = await visit.services.db.read(attempts_of_delivery, visit.project_id, delivery.id)
    body = await visit.services.db.read(body_of, delivery)
    return visit.show(
        "webhook_delivery.html",
        {
            "webhook": found,
            "delivery": delivery,
            "status": _status(delivery.status),
            "tries": tries,
            "body": None if body is None else _readable(body),
            "short": short_address,
        },
    )


async def resend(request: Request) -> Response:
    """Send one delivery again."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    found = await find(visit, request)
    delivery = await _delivery(visit, request, found)
    await Recorded(visit, "webhook.resent", delivery.id).write(
        resending.resend, project_id=visit.project_id, endpoint_id=found.id, delivery_id=delivery.id, now=visit.now
    )
    text = (
        "It is sent again. Look again in a moment." if found.is_enabled else "It waits until the webhook is on again."
    )
    return visit.done(f"{visit.home}/webhooks/{found.id}/deliveries/{delivery.id}", text)


async def resend_window(request: Request) -> Response:
    """Send all of a stretch of time again."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    found = await find(visit, request)
    errors: dict[str, str] = {}
    since, until = _moment(form, "since", errors), _moment(form, "until", errors)
    if since is None or until is None:
        return await _page(visit, found, form, errors)
    recorded = Recorded(visit, "webhook.window_resent", found.id)
    try:
        sent, has_more = await resending.resend_window(
            visit.services.db,
            project_id=visit.project_id,
            endpoint_id=found.id,
            since=since,
            until=until,
            with_delivered=form.text("which") == "all",
            now=visit.now,
        )
    except Invalid:
        return await _page(visit, found, form, {"until": "Until: it must lie after the first moment."})
    await recorded.write(_nothing)
    text = f"{sent:,} {'event goes' if sent == 1 else 'events go'} out again."
    if has_more:
        text += " There are more: send the rest of the time again afterwards."
    return visit.done(f"{visit.home}/webhooks/{found.id}", text, "good" if sent else "warn")


async def send_test(request: Request) -> Response:
    """Send an event that did not happen to this webhook alone."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    found = await find(visit, request)
    event_type = form.text("type") if form.text("type") in PUBLIC_TYPES else PING
    sent = await Recorded(visit, "webhook.tested", found.id).write(
        deliveries.send_test,
        found,
        event_type=event_type,
        data=PUBLIC_TYPES[event_type].example,
        at=visit.at,
        now=visit.now,
    )
    text = f"A {event_type} is on its way. Load this page again to see how it was answered."
    return visit.done(f"{visit.home}/webhooks/{found.id}/deliveries/{sent.id}", text)


async def _page(visit: Visit, found: Endpoint, form: Form, errors: dict[str, str]) -> Response:
    listing = read_listing(visit.request, filters=_FILTERS)
    status, before = listing.chosen.get("status"), visit.request.query_params.get("before")

    async def unit(tx: Reading) -> tuple[list[Delivery], dict[str, int]]:
        last = None if before is None else await deliveries.get_delivery(tx, visit.project_id, found.id, before)
        rows = await deliveries.deliveries_of_endpoint(
            tx, visit.project_id, found.id, status=status, before=last, now=visit.now, limit=PAGE_SIZE + 1
        )
        counts = {
            each.value: await deliveries.count_deliveries(tx, visit.project_id, found.id, each)
            for each in (DeliveryStatus.WAITING, DeliveryStatus.FAILED)
        }
        return rows, counts

    rows, counts = await visit.services.db.read(unit)
    older = None
    if len(rows) > PAGE_SIZE:
        query = {"status": status or "", "before": rows[PAGE_SIZE - 1].id}
        older = f"{visit.home}/webhooks/{found.id}?{urlencode({name: value for name, value in query.items() if value})}"
    values = {
        "webhook": found,
        "state": state_of(found),
        "why_off": None if found.is_enabled else _WHY_OFF.get(found.off_reason or "person"),
        "listing": listing,
        "rows": rows[:PAGE_SIZE],
        "older": older,
        "is_first": before is None,
        "counts": counts,
        "most": deliveries.COUNTED_UP_TO,
        "status_of": _status,
        "short": short_address,
        "types": list(PUBLIC_TYPES),
        "ping": PING,
        "form": form,
        "errors": errors,
        "now": visit.now,
    }
    return visit.show("webhook.html", values, 400 if errors else 200)


async def _delivery(visit: Visit, request: Request, found: Endpoint) -> Delivery:
    wanted: str = request.path_params["delivery_id"]
    return await visit.services.db.read(deliveries.get_delivery, visit.project_id, found.id, wanted)


def _moment(form: Form, name: str, errors: dict[str, str]) -> datetime | None:
    """Read a moment as a browser's own field writes it, in UTC."""
    try:
        given = datetime.fromisoformat(form.text(name))
    except ValueError:
        errors[name] = (
            f"{'From' if name == 'since' else 'Until'}: give a day and a time. It should look like 2027-01-31T09:30."
        )
        return None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.DELIVERY, value)


def _readable(body: str) -> str:
    text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    return text if len(text) <= _LONGEST_BODY else text[:_LONGEST_BODY] + "\n… (cut here)"


async def _nothing(tx: Writing) -> None:
    del tx


ROUTES: Final = [
    Route(_ONE, show_one, methods=["GET"]),
    Route(f"{_ONE}/test", send_test, methods=["POST"]),
    Route(f"{_ONE}/resending", resend_window, methods=["POST"]),
    Route(_DELIVERY, show_delivery, methods=["GET"]),
    Route(f"{_DELIVERY}/resending", resend, methods=["POST"]),
]
