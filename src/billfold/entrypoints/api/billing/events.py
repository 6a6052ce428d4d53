"""`…/events`: the feed of what happened in the project, read by cursor (issue 5, part 2), and test events in it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.base.paging import whole_number
from billfold.domain.webhooks.examples import tell_example
from billfold.domain.webhooks.feed import CursorExpired, PublicEvent, read_feed
from billfold.domain.webhooks.public_types import PING, PUBLIC_TYPES
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_answer, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.errors import error_response
from billfold.entrypoints.api.billing.fields import AnyId
from billfold.entrypoints.api.billing.idempotency import write_once
from billfold.entrypoints.api.billing.operations import operation, query_text
from billfold.entrypoints.caller import Access
from billfold.entrypoints.feed_readers import TooManyReaders
from billfold.entrypoints.recording import Record
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Events"])
READ = "webhooks:read"
WRITE = "webhooks:write"

DEFAULT_EVENTS: Final = 100
MOST_EVENTS: Final = 500
LONGEST_WAIT: Final = 30
_LONGEST_TYPES: Final = 2_000
_AGAIN_SECONDS: Final = 5

_LIMIT: Final[dict[str, Any]] = {
    "name": "limit",
    "in": "query",
    "description": f"How many events at most; more than {MOST_EVENTS} are never given.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999_999, "default": DEFAULT_EVENTS},
}
_WAIT: Final[dict[str, Any]] = {
    "name": "wait",
    "in": "query",
    "description": (
        f"For how many seconds to wait for an event if there is none behind the cursor yet, up to {LONGEST_WAIT}. The answer "
        "comes as soon as there is one, or empty."
    ),
    "schema": {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
}


class EventBody(Body):
    """Something that happened; `event` repeats `type`, `test` says that it only stands for something that did not happen."""

    id: str
    type: str
    event: str
    timestamp: Timestamp
    test: bool
    data: dict[str, Any]


class EventsAnswer(Body):
    """Events in their order; `cursor` goes into the next request's `after`, `hasMore` says that it has events already."""

    events: list[EventBody]
    cursor: str
    has_more: bool


class TriggerEvent(RequestBody):
    """Of which type a test event is wanted."""

    type: Annotated[AnyId, Field(description=f"a type of the catalogue, such as {PING}")] = PING


def shape(event: PublicEvent) -> EventBody:
    """Return an event as this surface shows it; a webhook's body is the same."""
    return EventBody(
        id=event.id,
        type=event.type,
        event=event.type,
        timestamp=iso(event.timestamp),
        test=event.is_test,
        data=dict(event.data),
    )


@router.get(
    "/events",
    **operation(
        scope=READ,
        answers={200: EventsAnswer},
        parameters=(
            query_text(
                "after",
                "The cursor of the answer before; without it the oldest event that is kept comes first. `latest`: no events, "
                "and a cursor for those from now on.",
            ),
            query_text("types", "Only events of these types, separated by commas."),
            _LIMIT,
            _WAIT,
        ),
        is_read=True,
        more_errors=(410,),
    ),
)
async def list_events(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Follow the feed of events.

    In one order for everybody, and whoever goes on from the cursor gets each event once. Kept for 90 days, unless the
    operator has set another number. A cursor whose events are gone is answered with 410: list what you need from the API
    again and follow from `latest`. 429 with Retry-After: too many requests of this caller are waiting.
    """
    services: Services = request.app.state.services
    query = request.query_params
    after, types = query.get("after"), _types(query.get("types"))
    limit = min(whole_number(query.get("limit", str(DEFAULT_EVENTS)), "limit", least=1), MOST_EVENTS)
    seconds = whole_number(query.get("wait", "0"), "wait", least=0)
    if seconds > LONGEST_WAIT:
        raise Invalid(f"wait must be at most {LONGEST_WAIT} seconds.")
    deadline = asyncio.get_running_loop().time() + seconds
    try:
        while True:
            page = await services.db.read(read_feed, access.project_id, after=after, types=types, limit=limit)
            left = deadline - asyncio.get_running_loop().time()
            if (
                page.events
                or left <= 0
                or not await services.feed_readers.wait_with(
                    request, access.actor.id or "", access.project_id, behind=page.looked_to, seconds=left
                )
            ):
                return json_response(EventsAnswer([shape(each) for each in page.events], page.cursor, page.has_more))
            # Whatever there was up to here is none of the wanted types.
            after = page.cursor
    except CursorExpired as gone:
        return error_response(410, gone.message)
    except TooManyReaders as many:
        return error_response(429, many.message, {"retry-after": str(_AGAIN_SECONDS)})


@router.post(
    "/events/test",
    **operation(scope=WRITE, answers={202: Success}, body=TriggerEvent, takes_idempotency_key=True),
)
async def trigger_event(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Put a test event into the feed.

    With the example of the catalogue as its data and `"test": true`. It reaches every webhook that wants its type.
    """
    services: Services = request.app.state.services
    body = await read_body(request, TriggerEvent)
    now = services.clock.now()
    return await write_once(
        request,
        access,
        tell_example,
        team_id=access.team_id,
        project_id=access.project_id,
        event_type=body.type,
        at=access.time_at(now),
        now=now,
        record=Record("event.triggered", subject=lambda _: body.type),
        answer=lambda _: json_answer(202, Success(success=True)),
    )


def _types(given: str | None) -> tuple[str, ...]:
    """Read a list of types; a name that is no type is an error, because it would never come."""
    if given is None:
        return ()
    names = tuple(dict.fromkeys(name.strip() for name in given[:_LONGEST_TYPES].split(",") if name.strip()))
    unknown = next((name for name in names if name not in PUBLIC_TYPES), None)
    if not names or unknown is not None or len(given) > _LONGEST_TYPES:
        raise Invalid("types must be types of the catalogue, separated by commas, such as types=customer.created.")
    return names
