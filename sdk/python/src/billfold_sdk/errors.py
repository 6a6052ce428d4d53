"""What a server answered that is not a success, or why there is no answer. All of them are `BillfoldError`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final


class BillfoldError(Exception):
    """`status` is the HTTP status, 0 if there was no answer; `code` is stable, such as `TOKEN_EXPIRED` or `NOT_FOUND`.

    `body` is the refusal as it came; `retry_after_seconds` is for how long the server asks to wait, where it says so.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "UNKNOWN_ERROR",
        body: Mapping[str, Any] | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.body = body
        self.retry_after_seconds = retry_after_seconds


class InvalidRequestError(BillfoldError):
    """400, 413, 414, 415, 422: the request is not what it must be; the message says what to change."""


class AuthenticationError(BillfoldError):
    """401: the key, the session or the token is missing, wrong or expired."""


class InsufficientCreditsError(BillfoldError):
    """402: the wallet does not hold enough; `body` has its balance."""


class PermissionDeniedError(BillfoldError):
    """403: the key lacks the scope, the member the role, or the feature is switched off."""


class NotFoundError(BillfoldError):
    """404: it is not there, or belongs to another project."""


class ConflictError(BillfoldError):
    """409: it clashes with what is stored already."""


class RateLimitError(BillfoldError):
    """429: too many requests; see `retry_after_seconds`."""


class ServerError(BillfoldError):
    """5xx: the server could not do it now."""


class ConnectionFailedError(BillfoldError):
    """There was no answer: the network failed (`NETWORK_ERROR`), or time ran out (`TIMEOUT`)."""


class WebhookVerificationError(BillfoldError):
    """The body that came as a webhook is not signed with the endpoint's secret, or too old."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="WEBHOOK_VERIFICATION_FAILED")


_CLASSES: Final[Mapping[int, type[BillfoldError]]] = {
    401: AuthenticationError,
    402: InsufficientCreditsError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}
_CODES: Final[Mapping[int, str]] = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    402: "INSUFFICIENT_CREDITS",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    413: "TOO_LARGE",
    429: "RATE_LIMITED",
}
_FIRST_SERVER_ERROR: Final = 500


def error_of(status: int, body: Mapping[str, Any] | None, retry_after_seconds: float | None) -> BillfoldError:
    """Return the error of an answer, with the server's own words and, where it gives one, its own code."""
    is_server = status >= _FIRST_SERVER_ERROR
    said: Any = None if body is None else body.get("message", body.get("error"))
    if isinstance(said, list):
        parts: list[Any] = list(said)  # pyright: ignore[reportUnknownArgumentType]
        said = "; ".join(str(part) for part in parts)
    given = None if body is None else body.get("code")
    code = given if isinstance(given, str) else _CODES.get(status, "SERVER_ERROR" if is_server else "UNKNOWN_ERROR")
    kind = _CLASSES.get(status, ServerError if is_server else InvalidRequestError)
    message = said if isinstance(said, str) else f"The server answered with status {status}."
    return kind(message, status=status, code=code, body=body, retry_after_seconds=retry_after_seconds)
