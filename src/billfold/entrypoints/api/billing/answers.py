"""Answers as bytes: encoded once, from msgspec structs, past the framework's own serialisation.

`json_answer` makes what an `Idempotency-Key` records; `respond` sends it; `json_response` does both for a read.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeAlias

import msgspec
from fastapi import Response

from billfold.domain.tenancy.idempotency_keys import Answer

_JSON: Final = "application/json"

# The types of the document: a moment in ISO 8601 to the second, and the caller's own key-value pairs.
Timestamp: TypeAlias = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
MetadataObject: TypeAlias = dict[str, Any]


class Body(msgspec.Struct, rename="camel"):
    """Base of every answer: fields in camel case."""


class Success(Body):
    """It was done."""

    success: bool


def json_answer(status: int, payload: object) -> Answer:
    """Return an answer that can be recorded and sent."""
    return Answer(status, msgspec.json.encode(payload))


def respond(answer: Answer, *, replayed: bool = False) -> Response:
    """Send an answer; a recorded one says so, as Stripe's do."""
    headers = {"idempotent-replayed": "true"} if replayed else None
    return Response(answer.body, answer.status, headers=headers, media_type=_JSON)


def json_response(payload: object, status: int = 200) -> Response:
    """Encode and send."""
    return Response(msgspec.json.encode(payload), status, media_type=_JSON)
