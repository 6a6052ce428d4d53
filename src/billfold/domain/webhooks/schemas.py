"""The words with which the catalogue of public events describes a payload: JSON Schema, draft 2020-12.

A described object may get more fields in a later version; those that are described stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

TEXT: Final[Schema] = {"type": "string"}
TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
TIMESTAMP: Final[Schema] = {"type": "string", "format": "date-time"}
TIMESTAMP_OR_NULL: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
FLAG: Final[Schema] = {"type": "boolean"}
METADATA: Final[Schema] = {"type": "object"}


def one_of(*words: str) -> Schema:
    """Return the schema of a text that is one of a few words."""
    return {"type": "string", "enum": list(words)}


def an_object(optional: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """Return the schema of an object that always has these fields, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}
