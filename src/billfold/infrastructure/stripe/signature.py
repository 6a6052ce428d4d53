"""Signatures of Stripe's webhooks: `Stripe-Signature: t=<unix time>,v1=<hex>[,v1=…][,v0=…]` (contract G17).

The official library's `WebhookSignature.verify_header` is not enough for an open door: it accepts any moment in the future,
takes the first of two `t`, reads the machine's clock by itself, checks one secret a call, and raises `UnicodeDecodeError`
for a body that is no UTF-8. The scheme is Stripe's (document "Verify webhook signatures manually"), and a test checks that
the library and this file accept each other's signatures.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

TOLERANCE_SECONDS: Final = 300
LARGEST_HEADER: Final = 8 * 1024
# While a secret is being rotated Stripe sends two; each costs a comparison, so a stranger may not ask for thousands.
MOST_SIGNATURES: Final = 100

_HEX_DIGITS: Final = 64
_LONGEST_TIME: Final = 12


class BadSignature(Exception):
    """The header does not prove that the body comes from Stripe; `reason` is for the log and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def verify(body: bytes, header: str | None, secrets: Sequence[str], now: datetime) -> None:
    """Return if one of the header's `v1` signatures of the raw body was made with one of the secrets.

    The moment must lie within 300 seconds of `now` on both sides. Raises `BadSignature`.
    """
    signed_at, candidates = _parsed(header)
    signed = signed_at.encode() + b"." + body
    # Constant time hides how much of a signature was right. Which of the secrets made it is nothing to hide: the present one
    # comes first, and the previous one is tried only if it did not match.
    matched = False
    usable = False
    for secret in secrets:
        if not secret.strip():
            continue  # anybody can sign with an empty secret
        usable = True
        expected = hmac.digest(secret.encode(), signed, "sha256").hex().encode()
        for candidate in candidates:
            matched |= hmac.compare_digest(expected, candidate)
        if matched:
            break
    if not usable:
        raise BadSignature("no signing secret is stored for this team")
    if not matched:
        raise BadSignature("no v1 signature matches the body")
    skew = int(now.timestamp()) - int(signed_at)
    if abs(skew) > TOLERANCE_SECONDS:
        side = f"{skew} s in the past" if skew > 0 else f"{-skew} s in the future"
        raise BadSignature(f"it was signed {side}, {TOLERANCE_SECONDS} s are allowed; check this server's clock")


def sign(body: bytes, secret: str, at: datetime) -> str:
    """Return the header that Stripe would send with this body at this moment."""
    signed_at = str(int(at.timestamp()))
    return f"t={signed_at},v1={hmac.digest(secret.encode(), signed_at.encode() + b'.' + body, 'sha256').hex()}"


def _parsed(header: str | None) -> tuple[str, list[bytes]]:
    if not header:
        raise BadSignature("the Stripe-Signature header is missing")
    if len(header) > LARGEST_HEADER:
        raise BadSignature("the Stripe-Signature header is too long")
    times: list[str] = []
    candidates: list[bytes] = []
    for item in header.split(","):
        name, _, value = item.strip().partition("=")
        if name == "t":
            times.append(value)
        elif name == "v1" and len(value) == _HEX_DIGITS and value.isascii():
            candidates.append(value.encode())
    if len(times) != 1 or not _is_unix_time(times[0]):
        raise BadSignature("the Stripe-Signature header does not have exactly one time in Unix seconds")
    if not 0 < len(candidates) <= MOST_SIGNATURES:
        raise BadSignature(f"the Stripe-Signature header has {len(candidates)} v1 signatures")
    return times[0], candidates


def _is_unix_time(text: str) -> bool:
    # isascii: isdigit() alone also accepts other scripts' digits.
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_TIME
