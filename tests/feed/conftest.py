"""What the tests of the feed start from: teams with projects, and events that carry what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import pytest

from billfold.base.clock import MovableClock
from billfold.domain.tenancy.projects import create_project
from billfold.domain.tenancy.teams import create_team
from billfold.domain.webhooks.feed import FeedPage, PublicEvent, read_feed
from billfold.domain.webhooks.sequencer import Sequencer
from billfold.domain.webhooks.sequencing import Announcement, Happened, Renderer
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.jobs.events import CarriedEvent, publish

NOW: Final = datetime(2026, 3, 30, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ThingHappened(CarriedEvent):
    """Something that is told as it is."""

    name: ClassVar[str] = "thing.happened"


@dataclass(frozen=True, slots=True)
class NothingTold(CarriedEvent):
    """Something of which nothing is told."""

    name: ClassVar[str] = "house.only"


async def as_it_is(tx: Reading, happened: Sequence[Happened]) -> list[list[Announcement]]:
    """Tell each once, or as often as its data says."""
    del tx
    return [
        [Announcement(each.name, each.payload["object_id"], each.payload["data"])]
        * each.payload["data"].get("times", 1)
        for each in happened
    ]


async def nothing(tx: Reading, happened: Sequence[Happened]) -> list[list[Announcement]]:
    """Tell nothing."""
    del tx
    return [[] for _ in happened]


@dataclass
class World:
    """A team with two projects and a sequencer; `fanned` is what was handed on to the endpoints."""

    db: Database
    team_id: str
    project_id: str
    other_project_id: str
    clock: MovableClock
    renderers: dict[str, Renderer]
    fanned: list[PublicEvent] = field(default_factory=list)

    def sequencer(self) -> Sequencer:
        """Return a sequencer, as each process has one."""
        return Sequencer(self.db, self.clock, self.renderers, self._fan_out)

    async def publish(
        self, *numbers: int, project_id: str | None = None, kind: Any = ThingHappened, **data: Any
    ) -> None:
        """Publish events in one unit."""
        await self.db.write(self.publish_in, *numbers, project_id=project_id, kind=kind, **data)

    async def publish_in(
        self, tx: Writing, /, *numbers: int, project_id: str | None = None, kind: Any = ThingHappened, **data: Any
    ) -> None:
        """Publish events in a unit."""
        for number in numbers:
            event = kind(self.team_id, project_id or self.project_id, f"object_{number}", {"number": number, **data})
            await publish(tx, event, happened_at=NOW, now=self.clock.now())

    async def read(
        self, after: str | None = None, *, limit: int = 100, project_id: str | None = None, **more: Any
    ) -> FeedPage:
        """Read the feed."""
        return await self.db.read(read_feed, project_id or self.project_id, after=after, limit=limit, **more)

    async def numbers(self, **more: Any) -> list[int]:
        """Return what stands in the feed, in order."""
        return [int(str(event.data["number"])) for event in (await self.read(**more)).events]

    async def _fan_out(self, tx: Writing, fed: Sequence[PublicEvent]) -> None:
        del tx
        self.fanned.extend(fed)


async def build(tx: Writing) -> tuple[str, str, str]:
    """Make a team with two projects."""
    team = await create_team(tx, name="Example", now=NOW)
    first = await create_project(tx, team_id=team.id, name="First", now=NOW)
    second = await create_project(tx, team_id=team.id, name="Second", now=NOW)
    return team.id, first.id, second.id


async def make_world(db: Database) -> World:
    """Make a world in an empty database."""
    return World(db, *await db.write(build), MovableClock(NOW), {"thing.happened": as_it_is, "house.only": nothing})


@pytest.fixture
async def world(db: Database) -> World:
    """A world with nothing in its feeds."""
    return await make_world(db)
