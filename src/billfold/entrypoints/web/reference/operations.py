"""A surface's OpenAPI document as groups of operations, ready to be shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from billfold.entrypoints.web.reference.examples import BODIES, PATHS, QUERIES
from billfold.entrypoints.web.reference.fields import Field, fields_of
from billfold.entrypoints.web.reference.samples import Sample, Shown, sample_of
from billfold.entrypoints.web.reference.sdk_methods import SDK_METHODS

# Where each surface's paths begin.
BASES: Final[Mapping[str, str]] = {"billing": "/api/billstack", "affiliate": "", "referral": "/api/referral"}
_CALLERS: Final[Mapping[str, str]] = {
    "apiKey": "an API key",
    "session": "a signed-in member",
    "userToken": "a user's token",
    "customerSession": "a customer's session",
    "bearerKey": "an API key",
    "member": "a member's token",
    "consoleSession": "a signed-in member",
}
_FIRST_REFUSAL: Final = 300
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status that is no success, and when it comes."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of the API; `answer` is the example's body as text."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    callers: str
    scope: str | None
    role: str | None
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    status: str
    result: tuple[Field, ...]
    answer: str | None
    refusals: tuple[Refusal, ...]
    sample: Sample


@dataclass(frozen=True, slots=True)
class Group:
    """Operations about one thing; `slug` is its part of the address."""

    slug: str
    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Surface:
    """One API."""

    key: str
    title: str
    text: str
    groups: tuple[Group, ...]


def surface_of(key: str, document: dict[str, Any]) -> Surface:
    """Read a surface's document; operations keep its order."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            title = (described.get("tags") or ["Operations"])[0]
            groups.setdefault(title, []).append(_operation(key, path, method.upper(), described, document))
    made = tuple(Group(_slug(title), title, tuple(operations)) for title, operations in groups.items())
    return Surface(key, document["info"]["title"], document["info"].get("description", ""), made)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _operation(surface: str, path: str, method: str, described: dict[str, Any], document: dict[str, Any]) -> Operation:
    components = document["components"]
    schemas = components["schemas"]
    body = described.get("requestBody", {}).get("content", {}).get(_JSON, {})
    statuses = [status for status in described["responses"] if int(status) < _FIRST_REFUSAL]
    content = described["responses"][statuses[0]].get("content", {}) if statuses else {}
    answer = content.get(_JSON, {})
    summary, _, rest = described.get("description", described["summary"]).partition("\n")
    security = [name for each in described.get("security", ()) for name in each]
    return Operation(
        id=described["operationId"],
        method=method,
        path=BASES[surface] + path,
        summary=described.get("summary") or summary.rstrip("."),
        paragraphs=tuple(" ".join(part.split()) for part in rest.split("\n\n") if part.strip()),
        callers=" or ".join(dict.fromkeys(_CALLERS.get(name, name) for name in security)) or "anybody",
        scope=described.get("x-required-scope"),
        role=described.get("x-required-role"),
        parameters=tuple(_parameter(each) for each in described.get("parameters", ())),
        body=tuple(fields_of(body.get("schema", {}), schemas, is_request=True)),
        status=statuses[0] if statuses else "",
        result=tuple(fields_of(answer.get("schema", {}), schemas, is_request=False)),
        answer=json.dumps(answer["example"], indent=2, ensure_ascii=False) if "example" in answer else None,
        refusals=tuple(_refusal(status, each, components) for status, each in _refusals(described)),
        sample=sample_of(_shown(surface, path, method, described, security)),
    )


def _refusals(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(status, each) for status, each in described["responses"].items() if int(status) >= _FIRST_REFUSAL]


def _refusal(status: str, response: dict[str, Any], components: dict[str, Any]) -> Refusal:
    name = response.get("$ref", "").rpartition("/")[2]
    return Refusal(status, (components["responses"][name] if name else response)["description"])


def _parameter(given: dict[str, Any]) -> Field:
    (shown,) = fields_of({"properties": {given["name"]: given["schema"]}}, {}, is_request=False)
    text = " ".join(part for part in (given.get("description", ""), shown.text) if part)
    return Field(given["name"], f"{shown.kind}, in the {given['in']}", bool(given.get("required")), text)


def _shown(surface: str, path: str, method: str, described: dict[str, Any], security: list[str]) -> Shown:
    body = described.get("requestBody", {}).get("content", {}).get(_JSON, {})
    parameters = described.get("parameters", ())
    values = {each["name"]: _as_text(each["example"]) for each in parameters if "example" in each}
    path_names = tuple(re.findall(r"{(\w+)}", path))
    made_up = {name: PATHS[name] for name in path_names if name in PATHS}
    values = {**made_up, **QUERIES.get(described["operationId"], {}), **values}
    return Shown(
        surface=surface,
        base=BASES[surface],
        method=method,
        path=path,
        credential=security[0] if security else None,
        sdk_method=SDK_METHODS.get(surface, {}).get(described["operationId"]),
        path_names=path_names,
        query_names=tuple(each["name"] for each in parameters if each["in"] == "query"),
        values=values,
        body=body.get("example", BODIES.get(described["operationId"])),
    )


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
