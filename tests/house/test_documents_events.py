"""`docs/api/events.md` and the JSON Schema beside it are what the code says."""

from __future__ import annotations

from tests.house.events_document import PAGE, SCHEMA, page_with, schema_text
from tests.house.sources import text


def test_the_catalogue_is_what_the_code_says() -> None:
    assert text(PAGE) == page_with(text(PAGE)), "run: just events"


def test_the_schema_is_what_the_code_says() -> None:
    assert text(SCHEMA) == schema_text(), "run: just events"
