"""The examples of the OpenAPI documents, taken from the pages of `docs/api` that tests send to a running server."""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from billfold.entrypoints import examples
from tests.house.reference import Example, read_examples
from tests.house.sources import ROOT, text

FOLDER: Final = ROOT / "src" / "billfold" / "entrypoints" / "examples"
BASES: Final = {"billing": "/api/billstack", "referral": "/api/referral", "affiliate": ""}
_FIRST_REFUSAL: Final = 300


def examples_text(surface: str, document: dict[str, Any]) -> str:
    """Return what stands in a surface's file: the first request of its page for each operation that is not refused."""
    page = ROOT / "docs" / "api" / f"{surface}.md"
    found: dict[str, examples.OperationExample] = {}
    for each in read_examples(text(page)) if page.exists() else ():
        if each.status >= _FIRST_REFUSAL:
            continue
        for path, methods in document["paths"].items():
            if each.method.lower() in methods and (values := _values(each, BASES[surface] + path)) is not None:
                found.setdefault(f"{each.method} {path}", _example(each, values))
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _values(example: Example, path: str) -> dict[str, str] | None:
    """Return the parameters of an example's address, or None if it is not one of this path."""
    names = re.findall(r"{(\w+)}", path)
    pattern = re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path))
    address = urlsplit(example.url)
    match = re.fullmatch(pattern, address.path)
    if match is None:
        return None
    in_path = {name: unquote(value) for name, value in zip(names, match.groups(), strict=True)}
    return {**in_path, **dict(parse_qsl(address.query))}


def _example(example: Example, values: dict[str, str]) -> examples.OperationExample:
    made: examples.OperationExample = {"parameters": values, "status": example.status}
    if example.body is not None:
        made["request"] = json.loads(example.body)
    if example.answer is not None:
        made["response"] = example.answer
    return made


def write(surface: str, document: dict[str, Any]) -> None:
    """Write a surface's file."""
    (FOLDER / f"{surface}.json").write_text(examples_text(surface, document), encoding="utf-8")
