"""Answers of this surface as bytes: camel case, exact decimals as JSON numbers, never kept by a cache."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from fastapi import Request, Response

from billfold.base.clock import iso
from billfold.base.paging import Page, page_from

_encoder: Final = msgspec.json.Encoder(decimal_format="number")

Timestamp: TypeAlias = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]


class Body(msgspec.Struct, rename="camel"):
    """Base of every answer: fields in camel case."""


class PageBody(Body):
    """Base of a page of a list: `total` counts all rows of the list."""

    total: int
    limit: int
    offset: int


def json_response(payload: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Encode and send."""
    return Response(
        _encoder.encode(payload),
        status,
        headers={"cache-control": "no-store", **(headers or {})},
        media_type="application/json",
    )


def moment(at: datetime | None) -> str | None:
    """Return a moment as this surface writes it, None for one that has not come."""
    return None if at is None else iso(at)


def read_page(request: Request) -> Page:
    """Read `limit` (50, at most 100) and `offset` from the query; raises `Invalid`."""
    query: Mapping[str, Any] = request.query_params
    return page_from(query.get("limit"), query.get("offset"))
