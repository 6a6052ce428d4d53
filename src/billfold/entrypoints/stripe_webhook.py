"""`POST /api/webhooks/stripe/{teamId}`: takes Stripe's events, many to a commit (DESIGN section 9, contract section 5, G17).

Stripe delivers at least once and tries again for three days after anything but a 2xx, so the answer follows two rules. It is
200 only after the event is durably stored, whether it is new, known, or of no use to us. It is 400 for what no retry
can mend: a signature that does not prove Stripe's hand, or a body that is not an event; nothing is stored then, so
strangers cannot fill the disk. Everything else happens later, from the store.

No framework stands between: verify on the raw bytes (7 µs), decode the few fields that storing needs (2 µs), hand over to
the batch.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import structlog

from billfold.base.errors import Invalid, Unavailable
from billfold.base.fail_points import reach
from billfold.domain.billing.stripe_events import Arrival, receive, refusal_of
from billfold.entrypoints.in_memory import IN_MEMORY
from billfold.entrypoints.limits import (
    AsgiApp,
    Bodies,
    BodyRefused,
    ClientLeft,
    Receive,
    Scope,
    Send,
    refuse,
    whole_body,
)
from billfold.infrastructure.db.batch import Batcher
from billfold.infrastructure.db.pressure import DOORS, Pressure
from billfold.infrastructure.stripe.signature import BadSignature, verify
from billfold.infrastructure.stripe.translate import BadEvent, decode_event

if TYPE_CHECKING:
    from billfold.entrypoints.services import Services

_log = structlog.get_logger(__name__)

PREFIX: Final = "/api/webhooks/stripe/"
# Teams' ids are of these characters only (contract G24); anything else need not be looked up.
_TEAM_ID: Final = re.compile(r"[a-z0-9_]{1,64}")

Header = tuple[bytes, bytes]


class Refused(Exception):
    """The request is answered with `status` and `{"error": message}`."""

    def __init__(self, status: int, message: str, *headers: Header) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


_NOT_FOUND: Final = "No team with a Stripe connection has this webhook address."
_RECEIVED: Final = b'{"received": true}'
_RECEIVED_START: Final = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_RECEIVED))],
}
_RECEIVED_BODY: Final = {"type": "http.response.body", "body": _RECEIVED}


def create_stripe_webhook(services: Services) -> AsgiApp:
    """Return the door as an ASGI application for every path that begins with `PREFIX`."""
    return StripeWebhook(services)


class StripeWebhook:
    """The door itself. It reads bodies within the limits of every other door, without a layer of its own for that."""

    def __init__(self, services: Services, *, pressure: Pressure = DOORS) -> None:
        self._clock = services.clock
        self._stripe = services.stripe
        self._pressure = pressure
        self._bodies = Bodies()
        self._batch: Batcher[Arrival, bool] = Batcher(services.db, receive)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one delivery."""
        try:
            await self._take(scope, receive)
        except ClientLeft:
            return
        except BodyRefused as refusal:
            await refuse(refusal, receive, send)
        except Refused as refused:
            await _refuse(refused, send)
        except Unavailable as error:
            retry_after = (b"retry-after", b"%d" % error.retry_after_seconds)
            await _refuse(Refused(503, error.message, retry_after), send)
        except Invalid as error:
            await _refuse(Refused(400, error.message), send)
        except Exception:  # noqa: BLE001 - whatever it is, Stripe must not hear 200
            _log.exception("stripe_webhook.failed", path=scope["path"])
            await _refuse(Refused(500, "The event was not stored. Stripe will send it again."), send)
        else:
            await send(_RECEIVED_START)
            await send(_RECEIVED_BODY)

    async def _take(self, scope: Scope, receive: Receive) -> None:
        """Store one delivery, or raise what it is answered with instead."""
        body = await self._bodies.read(scope, receive)
        if scope["method"] != "POST":
            raise Refused(405, "Stripe sends events with POST.", (b"allow", b"POST"))
        team_id = scope["path"].rpartition(PREFIX)[2]
        if not _TEAM_ID.fullmatch(team_id):
            raise Refused(404, _NOT_FOUND)
        now = self._clock.now()
        known = await self._stripe.webhook_secrets(team_id, now)
        if known is None:
            raise Refused(404, _NOT_FOUND)
        if IN_MEMORY not in scope.get("extensions", ()):
            # The simulator's own deliveries are jobs: they must not hold up the worker that makes them.
            self._pressure.note(1)
        if body is None:
            body = await whole_body(receive)
        try:
            verify(body, _signature(scope), known.secrets, now)
        except BadSignature as bad:
            _log.warning("stripe_webhook.bad_signature", team_id=team_id, reason=bad.reason)
            raise Refused(400, "The Stripe-Signature header does not match this body.") from bad
        reach("after-verify")
        try:
            event = decode_event(body)
        except BadEvent as bad:
            _log.warning("stripe_webhook.not_an_event", team_id=team_id, reason=str(bad))
            raise Refused(400, "The body is not a Stripe event.") from bad
        refusal = refusal_of(event, livemode=known.livemode, account_id=known.account_id)
        await self._batch.add(Arrival(team_id=team_id, event=event, body=body, received_at=now, refusal=refusal))


def _signature(scope: Scope) -> str | None:
    found = [value for name, value in scope["headers"] if name == b"stripe-signature"]
    # Two such headers come from no Stripe; joined they have two times, which is refused.
    return b",".join(found).decode("latin-1") if found else None


async def _refuse(refused: Refused, send: Send) -> None:
    body = json.dumps({"error": refused.message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *refused.headers]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
