"""Examples of requests and answers, put into the surfaces' OpenAPI documents.

They are not made up: `just openapi` takes them from the pages of `docs/api`, each of which a test sends to a running server
and compares with the printed answer.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, NotRequired, TypedDict

import msgspec


class OperationExample(TypedDict):
    """One operation's request, with the values of its path and query by name, and the answer to it."""

    parameters: dict[str, str]
    request: NotRequired[Any]
    status: int
    response: NotRequired[Any]


def examples_of(surface: str) -> dict[str, OperationExample]:
    """Return a surface's examples by operation, such as `POST /teams`; none for a surface without a file."""
    file = files(__name__) / f"{surface}.json"
    if not file.is_file():
        return {}
    return msgspec.json.decode(file.read_bytes(), type=dict[str, OperationExample])


def add_examples(document: dict[str, Any], surface: str) -> dict[str, Any]:
    """Put the examples into a document; returns it."""
    for operation, example in examples_of(surface).items():
        method, _, path = operation.partition(" ")
        described = document["paths"].get(path, {}).get(method.lower())
        if described is None:
            continue
        for parameter in described.get("parameters", ()):
            if parameter.get("name") in example["parameters"]:
                parameter["example"] = _typed(example["parameters"][parameter["name"]], parameter["schema"])
        if "request" in example and "requestBody" in described:
            described["requestBody"]["content"]["application/json"]["example"] = example["request"]
        answer = described["responses"].get(str(example["status"]), {}).get("content", {}).get("application/json")
        if answer is not None and "response" in example:
            answer["example"] = example["response"]
    return document


def _typed(text: str, schema: dict[str, Any]) -> Any:
    """Return a value of a query as its schema has it."""
    if schema.get("type") in {"integer", "boolean"}:
        return msgspec.json.decode(text)
    return text
