"""Signed Stripe events as they arrive at the door: ten of one subscription's first minute, 1.4 to 6.4 kB each.

Each customer's story uses the same subscription, invoice and payment intent, as it does in life. The bodies are indented by two
spaces, as Stripe sends them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from bench.stripe_objects import STORY

API_VERSION: Final = "2026-10-28.clover"
_EVENT: Final = b"EVENTSERIAL"
_CUSTOMER: Final = b"CUSTOMERSERIAL"
SMALLEST_BYTES: Final = 1_400
LARGEST_BYTES: Final = 6_400
_NOW: Final = int(time.time())


def _template(event_type: str, about: Mapping[str, Any]) -> bytes:
    event = {
        "id": "evt_EVENTSERIAL",
        "object": "event",
        "api_version": API_VERSION,
        "created": _NOW,
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": "req_benchmark", "idempotency_key": "06bz3k9q-benchmark"},
        "type": event_type,
    }
    body = json.dumps(event, indent=2).encode()
    if not SMALLEST_BYTES <= len(body) <= LARGEST_BYTES:
        raise AssertionError(f"{event_type} has {len(body)} bytes")
    return body


_TEMPLATES: Final = tuple(_template(event_type, about) for event_type, about in STORY)
_serial = count(int(time.time()) % 10_000_000 * 1_000_000)


def fresh_bodies() -> Iterator[bytes]:
    """Yield the bodies of events that no server has seen, one customer's story after the other."""
    while True:
        customer = f"{next(_serial):014d}".encode()
        for template in _TEMPLATES:
            event = f"{next(_serial):014d}".encode()
            yield template.replace(_EVENT, event).replace(_CUSTOMER, customer)


def signed(path: str, body: bytes, secret: str) -> bytes:
    """Return the whole HTTP request of a delivery, signed now: it is good for 300 seconds."""
    moment = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: */*; q=0.5, application/xml\r\n"
        f"content-type: application/json; charset=utf-8\r\nuser-agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
        f"stripe-signature: t={moment},v1={signature}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def deliveries(path: str, secret: str, number: int) -> list[bytes]:
    """Return so many signed deliveries of events that no server has seen."""
    bodies = fresh_bodies()
    return [signed(path, next(bodies), secret) for _ in range(number)]
