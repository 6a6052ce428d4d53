"""The catalogue: every type of public event, when it is told and what it looks like.

The feed, the endpoints, the documents and the tests all read it. `docs/api/events.md` and the JSON Schema beside it are written
from it. Order as in the documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.domain.webhooks.billing_types import BILLING_TYPES
from billfold.domain.webhooks.partner_types import PARTNER_TYPES
from billfold.domain.webhooks.public_type import PublicType
from billfold.domain.webhooks.referral_types import REFERRAL_TYPES
from billfold.domain.webhooks.schemas import FLAG, TEXT, TIMESTAMP, an_object

PING: Final = "test.ping"
_TEST_TYPES: Final = (
    PublicType(
        PING,
        "Tests",
        "Somebody asked for it, to see whether a receiver works. Never told by itself.",
        "test",
        an_object(test=an_object(id=TEXT, message=TEXT)),
        {"test": {"id": "test_06dxk5e1q7a4m8u3c6hw", "message": "It works."}},
    ),
)

PUBLIC_TYPES: Final[Mapping[str, PublicType]] = {
    each.name: each for each in (*BILLING_TYPES, *REFERRAL_TYPES, *PARTNER_TYPES, *_TEST_TYPES)
}


def example_envelope(public_type: PublicType) -> dict[str, Any]:
    """Return what a receiver gets of the type's example."""
    return {
        "id": "evt_06dxk4e0g9r3v7b2t5ns",
        "type": public_type.name,
        "event": public_type.name,
        "timestamp": "2026-03-02T09:31:05Z",
        "test": False,
        "data": dict(public_type.example),
    }


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of every envelope, with a definition for each type."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Billfold's public events",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in PUBLIC_TYPES],
        "$defs": {name: _envelope_schema(each) for name, each in PUBLIC_TYPES.items()},
    }


def _envelope_schema(public_type: PublicType) -> dict[str, Any]:
    named = {"type": "string", "const": public_type.name}
    envelope = an_object(id=TEXT, type=named, event=named, timestamp=TIMESTAMP, test=FLAG, data=public_type.schema)
    return {"title": public_type.name, "description": public_type.when, **envelope}
