"""`/console/…/stripe-events`: what Stripe told, what became of it, and another try."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.domain.analytics import stripe_event_list
from billfold.domain.analytics.stripe_event_list import EventLine
from billfold.domain.billing.stripe_events import retry_event
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import (
    LAST_PAGE,
    PAGE_SIZE,
    Filter,
    Listing,
    csv_answer,
    read_listing,
    wants_csv,
)
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter

_HERE: Final = "/console/{team_id}/{project_id}/stripe-events"
_FILTERS: Final = (
    Filter(
        "status",
        "State",
        {
            "processed": "Delivered",
            "failed": "Failed",
            "waiting": "Processing, of the whole team",
            "unplaced": "Of no project, of the whole team",
        },
        "All of this project",
    ),
)
_EFFECTS: Final = {
    "customer": "The customer was brought up to date",
    "subscription": "The subscription was brought up to date",
    "invoice": "The invoice was brought up to date",
    "product": "The product was brought up to date",
    "price": "The price was brought up to date",
}
_OF_TEAM: Final = {"waiting": stripe_event_list.waiting_events, "unplaced": stripe_event_list.unplaced_events}
_EXPORTED_AT_ONCE: Final = 500
_LONGEST_BODY: Final = 40_000
_CUSTOMER: Final = re.compile(r"cus_[0-9A-Za-z_]{1,60}")


async def show_list(request: Request) -> Response:
    """Show a page of events, or those of the project that fit as CSV."""
    visit = await enter(request)
    listing = read_listing(request, filters=_FILTERS, search_label="A whole id: evt_…, sub_…, cus_…")
    if wants_csv(request):
        header = ("id", "type", "about", "state", "reason", "created_at", "received_at", "finished_at")
        return csv_answer("stripe-events", header, _exported(visit, listing))
    status = listing.chosen.get("status")
    bounds = {"limit": listing.limit, "offset": listing.offset}
    db = visit.services.db
    if listing.q:
        found = listing.of_found(await _search(visit, listing))
    elif status in _OF_TEAM:
        found = await db.read(_OF_TEAM[status], visit.team_id, **bounds)
    else:
        found = await db.read(stripe_event_list.events_of_project, visit.project_id, status=status, **bounds)
    rows, pager = listing.cut(found)
    values = {"listing": listing, "rows": rows, "pager": pager, "status_of": _status, "effect_of": _effect}
    return visit.show("stripe_events.html", values)


async def _search(visit: Visit, listing: Listing) -> list[EventLine]:
    found = await visit.services.db.read(stripe_event_list.search_events, visit.team_id, visit.project_id, listing.q)
    status = listing.chosen.get("status")
    return [each for each in found if status in {None, each.status}]


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Yield the events that a search found; else those of the project, or the team's own that the state names."""
    db, status = visit.services.db, listing.chosen.get("status")
    before: int | None = None
    while True:
        if listing.q:
            rows = await _search(visit, listing)
        elif status in _OF_TEAM:
            rows = await db.read(_OF_TEAM[status], visit.team_id, limit=LAST_PAGE * PAGE_SIZE, offset=0)
        else:
            rows = await db.read(
                stripe_event_list.export_events, visit.project_id, status=status, before=before, limit=_EXPORTED_AT_ONCE
            )
        yield [
            (
                each.stripe_event_id, each.type, each.subject_id, each.status, each.reason, each.created.isoformat(),
                each.received_at.isoformat(), each.finished_at.isoformat() if each.finished_at else "",
            )
            for each in rows
        ]  # fmt: skip
        if listing.q or status in _OF_TEAM or len(rows) < _EXPORTED_AT_ONCE:
            return
        before = rows[-1].sequence


async def show_one(request: Request) -> Response:
    """Show one event with what Stripe sent."""
    visit = await enter(request)
    row, body = await _found(visit, request)
    return visit.show(
        "stripe_event.html",
        {
            "row": row,
            "status": _status(row.status),
            "effect": _effect(row),
            "may_retry": row.status in {"failed", "received"},
            "customer": None if body is None else _customer_in(body),
            "body": None if body is None else _readable(body),
        },
    )


async def retry(request: Request) -> Response:
    """Have the event's object fetched once more."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    row, _ = await _found(visit, request)
    await Recorded(visit, "stripe_event.retried", row.stripe_event_id).write(
        retry_event, team_id=visit.team_id, event_id=row.stripe_event_id, now=visit.now
    )
    text = "Its object is being fetched again. Look again in a moment."
    return visit.done(f"{visit.home}/stripe-events/{row.stripe_event_id}", text)


async def _found(visit: Visit, request: Request) -> tuple[EventLine, bytes | None]:
    wanted: str = request.path_params["event_id"]
    found = None
    if wanted.isascii() and wanted.isprintable():
        found = await visit.services.db.read(stripe_event_list.find_event, visit.team_id, visit.project_id, wanted)
    if found is None:
        raise NotFound("There is no such event.")
    return found


def _customer_in(body: bytes) -> str | None:
    """Return Stripe's id of the customer whom the event is about."""
    try:
        about = json.loads(body)["data"]["object"]
        found = about["id"] if about["object"] == "customer" else about["customer"]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) and _CUSTOMER.fullmatch(found) else None


def _readable(body: bytes) -> str:
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        text = body.decode("utf-8", "replace")
    return text if len(text) <= _LONGEST_BODY else text[:_LONGEST_BODY] + "\n… (cut here)"


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.STRIPE_EVENT, value)


def _effect(row: EventLine) -> str:
    if row.status == "processed":
        return _EFFECTS.get(row.subject_type or "", "What it is about was brought up to date")
    return "Its object is about to be fetched" if row.status == "received" else ""


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/{{event_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{event_id}}/retry", retry, methods=["POST"]),
]
