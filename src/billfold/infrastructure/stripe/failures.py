"""What the official library's errors mean to the rest of the program.

Stripe's own message is passed on only where Stripe understood the request and refused it. Messages about the key are ours,
because Stripe's repeat a part of it; and whatever looks like a key in any other message is blotted out.
"""

from __future__ import annotations

import re
from typing import Final

import stripe

from billfold.infrastructure.stripe.port import StripeKeyInvalid, StripeRejected, StripeUnavailable

_SECRET: Final = re.compile(r"\b(sk|rk|pk|whsec|bs)_[A-Za-z0-9_*]+")
_BAD_REQUEST: Final = range(400, 500)
# Not refusals: request timeout, a lock or idempotency key in use, a dependency of Stripe's that failed, too early, too many.
_PASSING: Final = frozenset({408, 409, 424, 425, 429})
_RETRY_SECONDS: Final = 5
_LONGEST_WAIT: Final = 60


def failure_from(error: stripe.StripeError) -> StripeRejected | StripeKeyInvalid | StripeUnavailable:
    """Return the error of ours that a library's error stands for."""
    if isinstance(error, stripe.AuthenticationError):
        return StripeKeyInvalid("Stripe does not accept the team's secret key. Connect Stripe again with a valid key.")
    if isinstance(error, stripe.PermissionError):
        return StripeKeyInvalid(
            "The team's Stripe key lacks a permission that is needed. Connect Stripe again with a secret key, or give "
            "the restricted key this permission."
        )
    if isinstance(error, (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)):
        return _rejected(error)
    if isinstance(error, stripe.RateLimitError):
        return StripeUnavailable("Stripe asks us to slow down. Try again.", retry_after_seconds=_wait_seconds(error))
    status = error.http_status
    if status in _BAD_REQUEST and status not in _PASSING:
        return _rejected(error)
    return StripeUnavailable(
        "Stripe does not answer at the moment. Try again.", retry_after_seconds=_wait_seconds(error)
    )


def is_missing(error: stripe.StripeError) -> bool:
    """Tell whether Stripe says that the object does not exist."""
    return isinstance(error, stripe.InvalidRequestError) and error.code == "resource_missing"


def _rejected(error: stripe.StripeError) -> StripeRejected:
    said = error.user_message or "The request was refused."
    return StripeRejected("Stripe: " + _SECRET.sub(r"\1_…", said), code=error.code)


def _wait_seconds(error: stripe.StripeError) -> int:
    asked = str((error.headers or {}).get("retry-after", ""))
    return min(int(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() else _RETRY_SECONDS
