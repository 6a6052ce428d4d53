"""What the surfaces' OpenAPI documents share: schemas from the very models and structs that read and write.

Each surface has its own `operation` and `document`: credentials, errors and parameters differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

Schema = dict[str, Any]


def answer_of(shape: type[msgspec.Struct]) -> Schema:
    """Describe a successful answer by the struct that it is made from; its text is the first line of the docstring."""
    (schema,), parts = msgspec.json.schema_components([shape], ref_template="{name}")
    description = (shape.__doc__ or "").partition("\n")[0]
    return {
        "description": description,
        "content": {"application/json": {"schema": _inlined(schema, parts)}},
    }


def _inlined(schema: Any, parts: Mapping[str, Any]) -> Any:
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(parts[schema["$ref"]], parts)
        if schema.get("format") == "decimal":
            # What the struct holds as a decimal is a number on the wire.
            return {**{key: value for key, value in schema.items() if key != "format"}, "type": "number"}
        return {key: _inlined(value, parts) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_inlined(each, parts) for each in schema]
    return schema


def plain(schema: Schema, *, is_change: bool) -> Schema:
    """Drop what the models add and no reader needs: a title for each field, and a change's defaults.

    What a model keeps under `$defs` moves to where it is used: in the document nothing would find it there.
    """
    parts = {f"#/$defs/{name}": part for name, part in schema.pop("$defs", {}).items()}
    schema = _inlined(schema, parts)
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
        if is_change:
            field.pop("default", None)
    return schema


def schema_holders(described: Schema) -> Iterator[Schema]:
    """Give each part of an operation that holds the schema of a body."""
    bodies = [described.get("requestBody", {}), *described["responses"].values()]
    for body in bodies:
        yield from body.get("content", {}).values()


def hoisted(schema: Any, named: Schema) -> Any:
    """Move every titled object into `named` and leave a reference; raises `ValueError` if two have one title."""
    if isinstance(schema, list):
        return [hoisted(each, named) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: hoisted(value, named) for key, value in schema.items()}
    title = inner.get("title")
    if not isinstance(title, str):
        return inner
    if inner.get("type") != "object" and "properties" not in inner:
        # A model also gives each simple field a title.
        return {key: value for key, value in inner.items() if key != "title"}
    name = title.removesuffix("Body")
    titled = {**inner, "title": name}
    if named.setdefault(name, titled) != titled:
        # Whoever generates types from the document would get one of them for both.
        raise ValueError(f"two different bodies are called {name}: give one of them another name")
    return {"$ref": f"#/components/schemas/{name}"}


def refusal_response(description: str, *, has_retry_after: bool) -> Schema:
    """Describe a refusal in the surface's own `Error`, and the header that says when to come back."""
    described: Schema = {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    if has_retry_after:
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
        }
    return described


def path_parameter(name: str, description: str) -> Schema:
    """Describe an identifier in the path."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1},
    }


def describe(app: FastAPI, routes: Sequence[BaseRoute], parameters: Mapping[str, str]) -> tuple[Schema, Schema]:
    """Return the document of an application's routes, still without its components, and the schemas that it names.

    `parameters` says what each name in a path stands for.
    """
    made: Schema = get_openapi(
        title=app.title, version=app.version, openapi_version="3.1.0", description=app.description, routes=routes
    )
    named: Schema = {}
    for path, item in made.get("paths", {}).items():
        names = re.findall(r"{(\w+)}", path)
        for described in item.values():
            described["parameters"] = [
                *(path_parameter(name, parameters[name]) for name in names),
                *described.get("parameters", ()),
            ]
            described["summary"] = described.get("description", "").partition("\n")[0].rstrip(".")
            for holder in schema_holders(described):
                holder["schema"] = hoisted(holder["schema"], named)
    return made, named


def refusals(errors: Mapping[int, str], with_retry_after: Container[int]) -> Schema:
    """Return the shared answers of a document, `Error404` and the like, from what each status means."""
    return {
        f"Error{status}": refusal_response(text, has_retry_after=status in with_retry_after)
        for status, text in errors.items()
    }


def serve_document(app: FastAPI, make: Callable[[], Schema]) -> None:
    """Have an application give the document that `make` returns, made when it is first asked for."""
    kept: Schema = {}

    def openapi() -> Schema:
        if not kept:
            kept.update(make())
        return kept

    # The framework's way to replace its own document: it serves what this attribute returns.
    app.openapi = openapi  # type: ignore[method-assign]
