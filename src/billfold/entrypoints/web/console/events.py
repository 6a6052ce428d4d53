"""`/console/…/events`: what a project's apps were told, each with its payload, and test events for whoever tries a receiver."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.domain.analytics.public_event_list import FeedLine, feed_lines, search_feed, sent_to
from billfold.domain.tenancy.members import Role
from billfold.domain.webhooks.examples import tell_example
from billfold.domain.webhooks.feed import find_event
from billfold.domain.webhooks.public_types import PING, PUBLIC_TYPES
from billfold.entrypoints.api.billing.events import shape
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.console.webhooks import short_address

_HERE: Final = "/console/{team_id}/{project_id}/events"
_FILTERS: Final = (Filter("type", "Type", {name: name for name in PUBLIC_TYPES}, "All types"),)
_EXPORTED_AT_ONCE: Final = 500


async def show_list(request: Request) -> Response:
    """Show a page of events, or those that fit as CSV."""
    visit = await enter(request)
    listing = read_listing(request, filters=_FILTERS, search_label="A whole id: evt_…, pc_…, ps_…")
    if wants_csv(request):
        return csv_answer("events", ("id", "type", "about", "happened_at", "test"), _exported(visit, listing))
    wanted = listing.chosen.get("type")
    if listing.q:
        found = listing.of_found(await _search(visit, listing))
    else:
        found = await visit.services.db.read(
            feed_lines, visit.project_id, event_type=wanted, limit=listing.limit, offset=listing.offset
        )
    rows, pager = listing.cut(found)
    values = {"listing": listing, "rows": rows, "pager": pager, "types": PUBLIC_TYPES, "ping": PING}
    return visit.show("events.html", values)


async def show_one(request: Request) -> Response:
    """Show one event: what was told, and to which webhooks it went."""
    visit = await enter(request)
    wanted: str = request.path_params["public_event_id"]
    db = visit.services.db
    event = await db.read(find_event, visit.project_id, wanted) if wanted.isascii() and wanted.isprintable() else None
    if event is None:
        raise NotFound("There is no such event, or it is not kept any more.")
    told = msgspec.to_builtins(shape(event))
    return visit.show(
        "event.html",
        {
            "event": event,
            "when": PUBLIC_TYPES[event.type].when if event.type in PUBLIC_TYPES else "",
            "body": json.dumps(told, indent=2, ensure_ascii=False),
            "sent": await db.read(sent_to, visit.project_id, event.id),
            "status_of": _status,
            "short": short_address,
        },
    )


async def trigger(request: Request) -> Response:
    """Put a test event into the feed."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    wanted = form.text("type")
    await Recorded(visit, "event.triggered", wanted).write(
        tell_example,
        team_id=visit.team_id,
        project_id=visit.project_id,
        event_type=wanted,
        at=visit.at,
        now=visit.now,
    )
    return visit.done(f"{visit.home}/events", f"A test event {wanted} is on its way. Look again in a moment.")


async def _search(visit: Visit, listing: Listing) -> list[FeedLine]:
    found = await visit.services.db.read(search_feed, visit.project_id, listing.q)
    wanted = listing.chosen.get("type")
    return [each for each in found if wanted in {None, each.type}]


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    before: int | None = None
    while True:
        if listing.q:
            rows = await _search(visit, listing)
        else:
            rows = await visit.services.db.read(
                feed_lines,
                visit.project_id,
                event_type=listing.chosen.get("type"),
                limit=_EXPORTED_AT_ONCE,
                before=before,
            )
        yield [(each.id, each.type, each.object_id, each.timestamp.isoformat(), each.is_test) for each in rows]
        if listing.q or len(rows) < _EXPORTED_AT_ONCE:
            return
        before = rows[-1].position


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.DELIVERY, value)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/test", trigger, methods=["POST"]),
    Route(f"{_HERE}/{{public_event_id}}", show_one, methods=["GET"]),
]
