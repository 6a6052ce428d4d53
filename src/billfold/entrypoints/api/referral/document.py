"""The OpenAPI 3.1 document of this surface, written by hand: three routes that no framework describes."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any, Final

import msgspec

from billfold.entrypoints.api.referral.convert import LONGEST_CODE, LONGEST_EMAIL
from billfold.entrypoints.examples import add_examples

Schema = dict[str, Any]

_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_REFUSALS: Final = {
    400: "Something in the body is not valid (`Validation error: …`), or which project is meant cannot be told.",
    401: "The token is missing or proves nothing.",
    404: "The project has no program for sign-ups.",
    405: "The address does not answer to that method.",
    408: "The request took too long to arrive.",
    413: "The body is larger than 2 KiB.",
    414: "The address is longer than 16 KiB.",
    415: "The body is not JSON, or is compressed.",
    429: "Too many requests; wait for the seconds in Retry-After.",
    431: "The headers are longer than 64 KiB.",
    500: "The database does not answer, or something else went wrong on our side.",
    503: "The login's keys cannot be fetched now; try again after the seconds in Retry-After.",
}
_WITH_TOKEN: Final = (401, 404, 405, 413, 414, 429, 431, 500, 503)
_PUBLIC: Final = (400, 405, 408, 413, 414, 415, 429, 431, 500)


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


_DATA: Final[dict[str, Schema]] = {
    "ReferralLink": _object(code={"type": "string"}, link={"type": "string", "format": "uri"}),
    "Conversion": _object(converted={"type": "boolean"}, referrerId={"type": ["string", "null"]}),
    "ReferralStats": _object(
        totalReferrals=_COUNT, convertedReferrals=_COUNT, pendingReferrals=_COUNT, totalRewards=_COUNT
    ),
}
_SCHEMAS: Final[dict[str, Schema]] = {
    **_DATA,
    **{
        f"{name}Answer": _object(success={"const": True}, data={"$ref": f"#/components/schemas/{name}"})
        for name in _DATA
    },
    "Convert": _object(
        referralCode={"type": "string", "minLength": 1, "maxLength": LONGEST_CODE},
        email={"type": "string", "maxLength": LONGEST_EMAIL, "pattern": "^[^@]+@[^@]+$"},
    ),
    "Error": _object(success={"const": False}, error={"type": "string"}),
}


@cache
def document() -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(add_examples(_described(), "referral"))


def _described() -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Billfold referral API",
            "version": version("billfold"),
            "description": (
                "Referral links, conversions and statistics of a program that converts on sign-up. Every answer is "
                '`{"success": true, "data": …}` or `{"success": false, "error": "…"}`.'
            ),
        },
        "paths": {
            "/link": {
                "get": _route(
                    "getLink",
                    "Get the user's referral link",
                    "The code is made at the first call and stays the same: 8 upper-case hexadecimal characters.",
                    "ReferralLink",
                    _WITH_TOKEN,
                    has_token=True,
                )
            },
            "/convert": {
                "post": {
                    **_route(
                        "convert",
                        "Convert a referral code",
                        "Called while a newcomer registers, without a token. `converted` says whether this very call "
                        "converted: the same address again, an unknown code and the owner's own address are not.",
                        "Conversion",
                        _PUBLIC,
                        has_token=False,
                    ),
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Convert"},
                            }
                        },
                    },
                }
            },
            "/stats": {
                "get": _route(
                    "getStats",
                    "Get the user's referral statistics",
                    "`totalReferrals` counts every state, `totalRewards` sums what was really awarded.",
                    "ReferralStats",
                    _WITH_TOKEN,
                    has_token=True,
                )
            },
        },
        "components": {
            "schemas": _SCHEMAS,
            "responses": {f"Error{status}": _refusal(text) for status, text in _REFUSALS.items()},
            "securitySchemes": {
                "userToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A token of the project's own login, or the token of a customer's session.",
                }
            },
        },
    }


def _route(
    name: str, summary: str, description: str, answer: str, refusals: tuple[int, ...], *, has_token: bool
) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "security": [{"userToken": []}] if has_token else [],
        "responses": {
            "200": {
                "description": "Done.",
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}Answer"}}},
            },
            **{str(status): {"$ref": f"#/components/responses/Error{status}"} for status in refusals},
        },
    }


def _refusal(description: str) -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
