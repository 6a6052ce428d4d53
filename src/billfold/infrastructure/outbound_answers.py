"""What a guarded outgoing call may cost, what it brings, and why it brings nothing: without what speaks HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class OutboundError(Exception):
    """No answer was had; the text says why and holds nothing of the answer."""


class AddressRefused(OutboundError):
    """This address is not called: its form, its scheme, or where it leads. Trying again changes nothing."""


class Unreachable(OutboundError):
    """Nobody answered in time: an unknown name, a closed port, bad TLS, a broken or slow connection."""


class AnswerTooLarge(OutboundError):
    """The answer is longer than the limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may cost: seconds from the look-up to the last byte, and the bytes of the answer's body.

    `cuts_answer`: of a longer answer the beginning is given, instead of `AnswerTooLarge` being raised.
    """

    total_seconds: float = 10.0
    largest_answer: int = 1024 * 1024
    cuts_answer: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of any status; header names are lower-case, of repeated ones the last is kept."""

    status: int
    headers: Mapping[str, str]
    body: bytes
