"""The five ways in which the business says no.

The domain raises these and nothing else; each HTTP surface has one table that turns them into its own status codes
and envelope (DESIGN section 2). The message is shown to the caller: it says what is wrong and what to do, and never
holds a secret, an address of another tenant or a stack trace.
"""

from __future__ import annotations


class BillfoldError(Exception):
    """Base of every expected failure; `message` is safe to show to the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(BillfoldError):
    """What was sent cannot be right, whoever sends it and whenever."""


class Forbidden(BillfoldError):
    """The caller is known and may not do this."""


class NotFound(BillfoldError):
    """It does not exist, or belongs to someone else: the caller cannot tell which."""


class Conflict(BillfoldError):
    """It clashes with what is already stored."""


class Unavailable(BillfoldError):
    """Something we depend on does not answer; the same request may succeed after `retry_after_seconds`."""

    def __init__(self, message: str, *, retry_after_seconds: int = 5) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
