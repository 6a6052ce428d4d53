"""How the simulator refuses, in Stripe's own words: `{"error": {"type", "code", "message", "param"}}`."""

from __future__ import annotations

from typing import Any

import msgspec


class StripeError(Exception):
    """A refusal; raised inside a unit it undoes everything that the request did."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "code": code, "message": message, "param": param, **more}

    def body(self) -> bytes:
        """Return the JSON that Stripe would answer; empty fields are left out as Stripe does."""
        return msgspec.json.encode({"error": {name: value for name, value in self.error.items() if value is not None}})


def error_body(status: int, message: str) -> bytes:
    """Return the JSON of a refusal that was made before the simulator saw the request."""
    return StripeError(status, message).body()


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> StripeError:
    """Return a 400 for a request that cannot be right."""
    return StripeError(400, message, param=param, code=code)


def missing(kind: str, object_id: str, *, param: str = "id", status: int = 404) -> StripeError:
    """Return Stripe's answer about an object that does not exist; 400 if a parameter named it, 404 if the path did."""
    name = "checkout.session" if kind == "checkout.session" else kind
    return StripeError(status, f"No such {name}: '{object_id}'", code="resource_missing", param=param)


def unauthorized(message: str) -> StripeError:
    """Return a 401; the message never repeats the key."""
    return StripeError(401, message)


def idempotency_conflict(key: str) -> StripeError:
    """Return the 400 for a key that was used with other parameters."""
    return StripeError(
        400,
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        kind="idempotency_error",
    )


def card_declined(*, charge: str | None, intent: dict[str, Any] | None, reason: str) -> StripeError:
    """Return the 402 for a card that the bank refused; `reason` is the bank's decline code."""
    return StripeError(
        402,
        DECLINE_MESSAGES[reason],
        kind="card_error",
        code="card_declined",
        decline_code=reason,
        charge=charge,
        payment_intent=intent,
    )


DECLINE_MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "generic_decline": "Your card was declined.",
}
