"""The fields of a schema as rows of a table: what a reader needs to fill a body in, or to read an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Schema = dict[str, Any]
# A schema that holds itself would be walked for ever; no answer is deeper.
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Field:
    """`name` of an inner field begins with those around it: `customer.email`, `customers[].id`."""

    name: str
    kind: str
    is_required: bool
    text: str


def fields_of(schema: Schema, schemas: Mapping[str, Schema], *, is_request: bool) -> list[Field]:
    """Return the fields of an object, outer ones first; whether one is required only matters in a request."""
    return list(_walk(schema, schemas, "", 0, is_request=is_request))


def _walk(
    schema: Schema, schemas: Mapping[str, Schema], prefix: str, depth: int, *, is_request: bool
) -> Iterator[Field]:
    resolved = _resolved(schema, schemas)
    required = resolved.get("required", ())
    for name, given in resolved.get("properties", {}).items():
        inner = _resolved(given, schemas)
        is_required = is_request and name in required
        yield Field(f"{prefix}{name}", _kind(inner, schemas), is_required, _text(given, inner))
        if depth < _DEEPEST:
            below, mark = _inside(inner, schemas)
            if below is not None:
                yield from _walk(below, schemas, f"{prefix}{name}{mark}.", depth + 1, is_request=is_request)


def _inside(schema: Schema, schemas: Mapping[str, Schema]) -> tuple[Schema | None, str]:
    """Return the object that a field holds, or a list of it, with the mark of a list."""
    for each in schema.get("anyOf", (schema,)):
        found = _resolved(each, schemas)
        if found.get("type") == "array":
            items = _resolved(found.get("items", {}), schemas)
            return (items, "[]") if "properties" in items else (None, "")
        if "properties" in found:
            return found, ""
    return None, ""


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        return schemas[name]
    parts = schema.get("anyOf")
    # A change needs one field of several: each alternative is the same object with another one required.
    if parts and all("properties" in _resolved(part, schemas) for part in parts):
        first = _resolved(parts[0], schemas)
        return {**first, "required": []}
    return schema


def _kind(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    parts = schema.get("anyOf", schema.get("oneOf"))
    if parts:
        return " or ".join(dict.fromkeys(_kind(_resolved(part, schemas), schemas) for part in parts))
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " or ".join(_literal(value) for value in schema["enum"])
    kind = schema.get("type", "object" if "properties" in schema else "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {_kind(_resolved(schema.get('items', {}), schemas), schemas)}"
    return f"{kind}, {schema['format']}" if schema.get("format") in {"date-time", "uri", "email"} else str(kind)


def _literal(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value).lower()


def _text(*schemas: Schema) -> str:
    """Return what is said about a field, and its limits."""
    said = next((each["description"] for each in schemas if "description" in each), "")
    limits = []
    for each in schemas:
        for part in each.get("anyOf", (each,)):
            for name, words in _LIMITS.items():
                # The longest JSON number is no limit that anybody meets.
                if name in part and part[name] != "" and abs(float(part[name])) < _HUGE:
                    limits.append(
                        f"{words} {part[name]:g}" if isinstance(part[name], float) else f"{words} {part[name]}"
                    )
        if each.get("default") not in (None, [], {}):
            limits.append(f"{_literal(each['default'])} unless given")
    return " ".join([*([said] if said else []), *([f"({'; '.join(dict.fromkeys(limits))})"] if limits else [])])


_HUGE: Final = 10**12
_LIMITS: Final = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "characters at least",
    "maxLength": "characters at most",
    "minItems": "items at least",
    "maxItems": "items at most",
}
