"""What the catalogue says of one type of public event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from billfold.domain.webhooks.schemas import Schema


@dataclass(frozen=True, slots=True)
class PublicType:
    """A type of event: `when` it is told, what `data` looks like (`schema` of JSON Schema) and an example of it.

    `subject` is the field of `data` whose `id` says what the event is about.
    """

    name: str
    section: str
    when: str
    subject: str
    schema: Schema
    example: Mapping[str, Any]

    @property
    def example_object_id(self) -> str:
        """The id of what the example is about."""
        return str(self.example[self.subject]["id"])
