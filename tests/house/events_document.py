"""The catalogue of public events, as a page and as a JSON Schema; `python -m tests.house.events_document` writes both."""

from __future__ import annotations

import json
from typing import Final

from billfold.domain.webhooks.public_type import PublicType
from billfold.domain.webhooks.public_types import PUBLIC_TYPES, example_envelope, json_schema
from tests.house.sources import ROOT

PAGE: Final = ROOT / "docs" / "api" / "events.md"
SCHEMA: Final = ROOT / "docs" / "api" / "events.schema.json"
_CATALOGUE: Final = "## The catalogue\n"
_ABOUT: Final = """
This part is written by `just events` from the code. Every event is described by [a JSON Schema](events.schema.json), with a
definition for each type; an object may get more fields in a later version, and those that are described stay.

"""


def catalogue() -> str:
    """Return the part of the page that lists the types."""
    sections: dict[str, list[PublicType]] = {}
    for each in PUBLIC_TYPES.values():
        sections.setdefault(each.section, []).append(each)
    parts = [_CATALOGUE + _ABOUT]
    for section, types in sections.items():
        parts.append(f"### {section}\n\n")
        parts += [_of_type(each) for each in types]
    return "".join(parts).rstrip() + "\n"


def schema_text() -> str:
    """Return the JSON Schema as the file holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _of_type(public_type: PublicType) -> str:
    example = json.dumps(example_envelope(public_type), indent=2, ensure_ascii=False)
    return f"#### `{public_type.name}`\n\n{public_type.when}\n\n```json\n{example}\n```\n\n"


def page_with(page: str) -> str:
    """Return a page with its catalogue as the code has it; what stands in front is written by hand."""
    return page.partition(_CATALOGUE)[0] + catalogue()


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    SCHEMA.write_text(schema_text(), encoding="utf-8")
