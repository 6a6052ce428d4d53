"""Test events: the example of a type put into the feed, marked as a test, for whoever tries a receiver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from billfold.base.errors import Invalid
from billfold.domain.webhooks.public_types import PING, PUBLIC_TYPES
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import Event, publish


@dataclass(frozen=True, slots=True)
class ExampleAsked(Event):
    """Somebody wants the example of a type in the feed."""

    name: ClassVar[str] = "example.asked"

    type: str


async def tell_example(
    tx: Writing, *, team_id: str, project_id: str, event_type: str, at: datetime, now: datetime
) -> None:
    """Have the example of a type come into the feed and to the endpoints that want the type; `Invalid` for an unknown one."""
    if event_type not in PUBLIC_TYPES:
        raise Invalid(f"type must be one of the catalogue's, such as {PING}.")
    await publish(tx, ExampleAsked(team_id, project_id, event_type), happened_at=at, now=now)
