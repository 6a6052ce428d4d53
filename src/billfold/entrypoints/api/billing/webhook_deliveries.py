"""`…/webhooks/{webhookId}/deliveries`: what an endpoint was sent, each try of it, and sending again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.base.paging import page_from
from billfold.domain.webhooks import deliveries, resending
from billfold.domain.webhooks.attempts import Attempt, attempts_of_delivery
from billfold.domain.webhooks.deliveries import Delivery, DeliveryStatus
from billfold.domain.webhooks.endpoints import get_endpoint
from billfold.domain.webhooks.public_types import PING, PUBLIC_TYPES
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_answer, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.idempotency import write_once
from billfold.entrypoints.api.billing.operations import LIMIT, operation
from billfold.entrypoints.api.billing.webhooks import READ, WRITE, webhook_id
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(tags=["Webhooks"])

_MOMENT_TEXT: Final = "a moment in ISO 8601 with its offset such as 2027-01-31T00:00:00Z"
_STATUS: Final[dict[str, Any]] = {
    "name": "status",
    "in": "query",
    "description": "Only those in this state.",
    "schema": {"type": "string", "enum": [each.value for each in DeliveryStatus]},
}
_BEFORE: Final[dict[str, Any]] = {
    "name": "before",
    "in": "query",
    "description": "Deliveries older than the one of this id: the last of the page before.",
    "schema": {"type": "string"},
}


def _checked_moment(given: str) -> str:
    if datetime.fromisoformat(given).tzinfo is None:
        raise ValueError
    return given


_Moment = Annotated[
    str,
    AfterValidator(_checked_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40}),
    Field(description=_MOMENT_TEXT),
]


class DeliveryBody(Body):
    """An event on its way to a webhook: `waiting`, `delivered` or `failed` (given up after all its tries).

    `attempts` counts since it was last sent anew; `objectId` is what the event is about.
    """

    id: str
    webhook_id: str
    event_id: str
    type: str
    object_id: str
    status: str
    attempts: int
    last_tried_at: Timestamp | None
    last_status: int | None
    last_error: str | None
    next_try_at: Timestamp | None
    created_at: Timestamp


class AttemptBody(Body):
    """One try: the status of the answer, or an error instead, and the answer's first 1,024 bytes."""

    tried_at: Timestamp
    status: int | None
    latency_ms: int = msgspec.field(name="latencyMs")
    answer: str | None
    error: str | None


class DeliveriesAnswer(Body):
    """A page of deliveries, newest first."""

    deliveries: list[DeliveryBody]


class DeliveryAnswer(Body):
    """The delivery."""

    delivery: DeliveryBody


class DeliveryDetailAnswer(Body):
    """The delivery with its latest hundred tries, newest first."""

    delivery: DeliveryBody
    attempts: list[AttemptBody]


class ResentAnswer(Body):
    """How many deliveries go out again; `hasMore` says that the window holds more than one request sends again."""

    resent: int
    has_more: bool


class TestWebhook(RequestBody):
    """Which event to pretend."""

    type: Annotated[
        Annotated[str, StringConstraints(max_length=100)],
        WithJsonSchema({"type": "string", "enum": list(PUBLIC_TYPES)}),
        Field(description="an event type such as payment.succeeded"),
    ] = PING


class ResendWebhook(RequestBody):
    """A stretch of time: `from` is part of it, `to` is not."""

    since: Annotated[_Moment, Field(alias="from")]
    until: Annotated[_Moment, Field(alias="to")]
    with_delivered: Annotated[
        bool, Field(description="true to send again also what was delivered, false for what was given up only")
    ] = False


def shape(delivery: Delivery) -> DeliveryBody:
    """Return a delivery as this surface shows it."""
    return DeliveryBody(
        id=delivery.id,
        webhook_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        type=delivery.type,
        object_id=delivery.object_id,
        status=delivery.status,
        attempts=delivery.attempts,
        last_tried_at=None if delivery.last_tried_at is None else iso(delivery.last_tried_at),
        last_status=delivery.last_status,
        last_error=delivery.last_error,
        next_try_at=None if delivery.next_try_at is None else iso(delivery.next_try_at),
        created_at=iso(delivery.created_at),
    )


def _attempt(attempt: Attempt) -> AttemptBody:
    return AttemptBody(
        tried_at=iso(attempt.tried_at),
        status=attempt.status,
        latency_ms=attempt.latency_ms,
        answer=attempt.answer,
        error=attempt.error,
    )


@router.get(
    "/webhooks/{webhookId}/deliveries",
    **operation(scope=READ, answers={200: DeliveriesAnswer}, parameters=(_STATUS, _BEFORE, LIMIT), is_read=True),
)
async def list_deliveries(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List a webhook's deliveries.

    Newest first; the next page begins `before` the last id of this one. They are kept as long as events are.
    """
    services: Services = request.app.state.services
    query = request.query_params
    status = query.get("status")
    if status is not None and status not in {each.value for each in DeliveryStatus}:
        raise Invalid(f"status must be one of {', '.join(each.value for each in DeliveryStatus)}.")

    async def unit(tx: Reading) -> list[Delivery]:
        await get_endpoint(tx, access.project_id, webhook_id(request))
        before = query.get("before")
        last = None
        if before is not None:
            last = await deliveries.get_delivery(tx, access.project_id, webhook_id(request), before)
        return await deliveries.deliveries_of_endpoint(
            tx,
            access.project_id,
            webhook_id(request),
            status=status,
            before=last,
            now=services.clock.now(),
            limit=page_from(query.get("limit"), None).limit,
        )

    return json_response(DeliveriesAnswer([shape(each) for each in await services.db.read(unit)]))


@router.get(
    "/webhooks/{webhookId}/deliveries/{deliveryId}",
    **operation(scope=READ, answers={200: DeliveryDetailAnswer}, is_read=True),
)
async def get_delivery(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a delivery with its tries."""
    services: Services = request.app.state.services
    wanted = (access.project_id, webhook_id(request), _delivery_id(request))
    found = await services.db.read(deliveries.get_delivery, *wanted)
    tries = await services.db.read(attempts_of_delivery, access.project_id, found.id)
    return json_response(DeliveryDetailAnswer(shape(found), [_attempt(each) for each in tries]))


@router.post(
    "/webhooks/{webhookId}/deliveries/{deliveryId}/resend",
    **operation(scope=WRITE, answers={202: DeliveryAnswer}, takes_idempotency_key=True),
)
async def resend_delivery(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Resend a delivery.

    Whatever became of it: it goes out at once, under the same event id, and has all its tries before it.
    """
    services: Services = request.app.state.services
    return await write_once(
        request,
        access,
        resending.resend,
        project_id=access.project_id,
        endpoint_id=webhook_id(request),
        delivery_id=_delivery_id(request),
        now=services.clock.now(),
        record=Record("webhook.resent", subject=lambda sent: sent.id),
        answer=lambda sent: json_answer(202, DeliveryAnswer(shape(sent))),
    )


@router.post("/webhooks/{webhookId}/resend", **operation(scope=WRITE, answers={202: ResentAnswer}, body=ResendWebhook))
async def resend_webhook(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Resend a stretch of time.

    What was given up, and with `withDelivered` also what was delivered, oldest first and 10,000 at most: while `hasMore` is true,
    send the request again with a later `from`. Moments are those at which deliveries were made (`createdAt`).
    """
    services: Services = request.app.state.services
    body = await read_body(request, ResendWebhook)
    endpoint = await services.db.read(get_endpoint, access.project_id, webhook_id(request))
    now = services.clock.now()
    sent, has_more = await resending.resend_window(
        services.db,
        project_id=access.project_id,
        endpoint_id=endpoint.id,
        since=datetime.fromisoformat(body.since).astimezone(UTC),
        until=datetime.fromisoformat(body.until).astimezone(UTC),
        with_delivered=body.with_delivered,
        now=now,
    )
    # Afterwards, because it is many units: sending again is no secret and undoes nothing.
    await write_recorded(
        services, access, Record("webhook.window_resent", lambda _: endpoint.id, lambda _: {"count": sent}), _nothing
    )
    return json_response(ResentAnswer(sent, has_more), 202)


@router.post(
    "/webhooks/{webhookId}/test",
    **operation(scope=WRITE, answers={202: DeliveryAnswer}, body=TestWebhook, takes_idempotency_key=True),
)
async def test_webhook(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Send a test event.

    To this webhook alone, with `"test": true` and the example of the catalogue as its data.
    """
    services: Services = request.app.state.services
    body = await read_body(request, TestWebhook)
    if body.type not in PUBLIC_TYPES:
        raise Invalid(f"type must be one of the catalogue's, such as {PING}.")
    now = services.clock.now()

    async def unit(tx: Writing) -> Delivery:
        endpoint = await get_endpoint(tx, access.project_id, webhook_id(request))
        example = PUBLIC_TYPES[body.type].example
        return await deliveries.send_test(
            tx, endpoint, event_type=body.type, data=example, at=access.time_at(now), now=now
        )

    return await write_once(
        request,
        access,
        unit,
        record=Record("webhook.tested", subject=lambda sent: sent.endpoint_id),
        answer=lambda sent: json_answer(202, DeliveryAnswer(shape(sent))),
    )


def _delivery_id(request: Request) -> str:
    return path_id(request, "deliveryId", "del_", "Delivery")


async def _nothing(tx: Writing) -> None:
    del tx
