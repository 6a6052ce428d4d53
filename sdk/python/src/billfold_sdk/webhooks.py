"""Checks that a webhook comes from your server (Standard Webhooks signatures)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final, TypedDict

from billfold_sdk.errors import WebhookVerificationError

DEFAULT_TOLERANCE_SECONDS: Final = 300


class WebhookEvent(TypedDict):
    """`id` is the same in every try: remember it to handle an event once. `event` repeats `type`."""

    id: str
    type: str
    event: str
    timestamp: str
    data: dict[str, Any]


def verify_webhook(
    raw_body: bytes | bytearray | str,
    headers: Mapping[str, str],
    secret: str,
    *,
    tolerance_seconds: int = DEFAULT_TOLERANCE_SECONDS,
    now: float | None = None,
) -> WebhookEvent:
    """Return the event of a webhook, or raise `WebhookVerificationError`.

    `raw_body` is the body exactly as it came, before any JSON parser; `secret` is the endpoint's `whsec_…`; `now` is in
    seconds since 1970.
    """
    values = {name.lower(): value for name, value in headers.items()}
    try:
        identifier, moment = values["webhook-id"], values["webhook-timestamp"]
        signatures = values["webhook-signature"]
    except KeyError:
        raise WebhookVerificationError(
            "The headers webhook-id, webhook-timestamp and webhook-signature are needed."
        ) from None
    if not re.fullmatch(r"[0-9]{1,12}", moment):
        raise WebhookVerificationError("The webhook-timestamp is no moment.")
    if abs((time.time() if now is None else now) - int(moment)) > tolerance_seconds:
        raise WebhookVerificationError("The signature is too old or from the future: check the clock.")
    body = _bytes_of(raw_body)
    expected = hmac.digest(_key(secret), f"{identifier}.{moment}.".encode() + body, hashlib.sha256)
    # While a secret is rotated there are two signatures, and one match is enough.
    for candidate in signatures.split(" "):
        version, _, signature = candidate.partition(",")
        if version == "v1" and hmac.compare_digest(base64.b64encode(expected), signature.encode()):
            event: WebhookEvent = json.loads(body)
            return event
    raise WebhookVerificationError("No signature fits: is it the right secret, and the body as it came?")


def _bytes_of(raw_body: object) -> bytes:
    if isinstance(raw_body, str):
        return raw_body.encode()
    # Frameworks hand out what their parser made of a body, and its bytes cannot be had back.
    if not isinstance(raw_body, bytes | bytearray):
        raise WebhookVerificationError("raw_body must be the text or bytes as they came.")
    return bytes(raw_body)


def _key(secret: str) -> bytes:
    try:
        # What was read from a file may end in a line break.
        key = base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise WebhookVerificationError("The secret is not one of a webhook endpoint.")
    return key
