"""What an endpoint answers when it is not simply an object with status 200."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and a JSON body; what the request did stays done, unlike after a raised `StripeError`."""

    status: int
    body: bytes
