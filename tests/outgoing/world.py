"""A project whose events go out to receivers that exist in this process only, under a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from billfold.base.clock import MovableClock
from billfold.base.crypto import Sealer
from billfold.domain.tenancy import members, projects, teams, users
from billfold.domain.tenancy.members import Role
from billfold.domain.webhooks import lanes
from billfold.domain.webhooks.attempts import Attempt, attempts_of_delivery
from billfold.domain.webhooks.deliveries import Delivery, deliveries_of_endpoint, fan_out
from billfold.domain.webhooks.dispatcher import Dispatcher
from billfold.domain.webhooks.endpoints import (
    Change,
    Endpoint,
    change_endpoint,
    create_endpoint,
    endpoints_of_project,
    get_endpoint,
)
from billfold.domain.webhooks.feed import PublicEvent, public_events
from billfold.domain.webhooks.notices import Notices
from billfold.domain.webhooks.upkeep import handlers
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.pressure import DOORS, Pressure
from billfold.infrastructure.db.statements import command, insert_row, values_of
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.mail.mailbox import Mailbox
from billfold.infrastructure.outbound import Limits, Response, Unreachable

AT: Final = datetime(2026, 3, 30, 12, tzinfo=UTC)
KEPT_FOR: Final = timedelta(days=90)
_FEED: Final = command(insert_row(public_events))


@dataclass(frozen=True, slots=True)
class Received:
    """A request that arrived at a receiver, taken or not."""

    url: str
    headers: Mapping[str, str]
    body: str
    at: datetime
    status: int

    @property
    def event(self) -> dict[str, Any]:
        """The envelope."""
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found

    @property
    def id(self) -> str:
        """The event's id, as the header has it."""
        return self.headers["webhook-id"]


class Asked(NamedTuple):
    """What a receiver sees of a request before it answers."""

    url: str
    event_id: str


@dataclass
class Receivers:
    """Every receiver: `answer` says how a request is answered, None that nobody does."""

    clock: MovableClock
    answer: Callable[[Asked], int | None] = lambda _: 200
    body: bytes = b"ok"
    received: list[Received] = field(default_factory=list)
    under_way: dict[str, int] = field(default_factory=dict)
    most_at_once: dict[str, int] = field(default_factory=dict)

    async def post(self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits) -> Response:
        assert method == "POST"
        assert limits.total_seconds == 15
        self.under_way[url] = self.under_way.get(url, 0) + 1
        self.most_at_once[url] = max(self.most_at_once.get(url, 0), self.under_way[url])
        await asyncio.sleep(0)
        self.under_way[url] -= 1
        status = self.answer(Asked(url, headers["webhook-id"]))
        self.received.append(Received(url, headers, body.decode(), self.clock.now(), status or 0))
        if status is None:
            raise Unreachable("The host did not answer, or not in HTTP.")
        return Response(status, {}, self.body)

    @property
    def taken(self) -> list[Received]:
        """The requests that were answered with 2xx."""
        return [each for each in self.received if 200 <= each.status < 300]


class World:
    """One team with one project; `clock` is the wall clock, and the team's time too."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = MovableClock(AT)
        self.sealer = Sealer(b"\1" * 32)
        self.receivers = Receivers(self.clock)
        self.mailbox = Mailbox(self.sealer, is_sending=False)
        self.dispatcher = self.new_dispatcher()
        self.worker = Worker(db, handlers(KEPT_FOR), self.clock)
        self._position = 0

    def new_dispatcher(self, *, places: int = 256, pressure: Pressure = DOORS) -> Dispatcher:
        """Return a dispatcher that knows nothing, as after a restart."""
        notices = Notices(self.mailbox, "https://billing.example.com")
        return Dispatcher(
            self.db, self.receivers.post, self.sealer, self.clock, notices.tell, places=places, pressure=pressure
        )

    async def start(self) -> World:
        """Make the team, its people and its project."""

        async def unit(tx: Writing) -> None:
            self.team = await teams.create_team(tx, name="Acme", now=AT)
            for name, role in (("owner", Role.OWNER), ("admin", Role.ADMIN), ("member", Role.MEMBER)):
                user = await users.create_user(tx, email=f"{name}@example.com", password_hash=None, now=AT)
                await members.add_member(tx, team_id=self.team.id, user_id=user.id, role=role, now=AT)
            self.project = await projects.create_project(tx, team_id=self.team.id, name="Docs", now=AT)

        await self.db.write(unit)
        return self

    async def endpoint(
        self, url: str = "https://app.example.com/hooks", types: Sequence[str] = ("*",)
    ) -> tuple[Endpoint, str]:
        """Create an endpoint; returns it with its secret."""
        return await self.db.write(
            create_endpoint,
            self.sealer,
            team_id=self.team.id,
            project_id=self.project.id,
            url=url,
            types=types,
            description=None,
            now=self.clock.now(),
        )

    async def now_is(self, endpoint: Endpoint) -> Endpoint:
        """Return the endpoint as it is now."""
        return await self.db.read(get_endpoint, self.project.id, endpoint.id)

    async def endpoints(self) -> list[Endpoint]:
        """Return the project's endpoints."""
        return await self.db.read(endpoints_of_project, self.project.id)

    async def switch(self, endpoint: Endpoint, *, on: bool) -> Endpoint:
        """Switch the endpoint on or off."""
        return await self.db.write(
            change_endpoint,
            project_id=self.project.id,
            endpoint_id=endpoint.id,
            change=Change(is_enabled=on),
            now=self.clock.now(),
        )

    async def happen(self, *object_ids: str, event_type: str = "customer.updated") -> list[PublicEvent]:
        """Put an event about each of these objects into the feed, in this order, and send them out."""
        fed = []
        for object_id in object_ids:
            self._position += 1
            fed.append(
                PublicEvent(
                    project_id=self.project.id,
                    position=self._position,
                    id=f"evt_{self._position:06}",
                    type=event_type,
                    object_id=object_id,
                    timestamp=self.clock.now(),
                    data={"customer": {"id": object_id}, "number": self._position},
                    is_test=False,
                    fed_at=self.clock.now(),
                )
            )

        async def unit(tx: Writing) -> None:
            await tx.run_many(_FEED, [values_of(each) for each in fed])
            await fan_out(tx, fed)

        await self.db.write(unit)
        return fed

    async def drain(self) -> int:
        """Send what is due, and run the jobs that this leaves."""
        tries = await self.dispatcher.drain()
        while await self.worker.drain():
            tries += await self.dispatcher.drain()
        return tries

    async def next_due(self) -> datetime | None:
        """Return when the next try is due, None if nothing waits for an endpoint that is on."""
        due = await self.db.read(lanes.due_endpoints)
        return min((each.due_at for each in due), default=None)

    async def pass_time(self, by: timedelta) -> None:
        """Let time pass, with each try at its own moment."""
        until = self.clock.now() + by
        await self.drain()
        while (due := await self.next_due()) is not None and due <= until:
            self.clock.advance(max(due - self.clock.now(), timedelta()))
            await self.drain()
        self.clock.advance(until - self.clock.now())

    async def deliveries(self, endpoint: Endpoint, status: str | None = None) -> list[Delivery]:
        """Return the endpoint's deliveries, oldest first."""
        found = await self.db.read(
            deliveries_of_endpoint,
            self.project.id,
            endpoint.id,
            status=status,
            before=None,
            now=self.clock.now() + timedelta(seconds=1),
            limit=10_000,
        )
        return sorted(found, key=lambda each: each.position)

    async def attempts(self, delivery: Delivery) -> list[Attempt]:
        """Return a delivery's tries, oldest first."""
        return list(reversed(await self.db.read(attempts_of_delivery, self.project.id, delivery.id)))


def in_order_per_object(received: Sequence[Received]) -> bool:
    """Tell whether each object's events first arrived in the order in which they happened."""
    last: dict[str, int] = {}
    seen: set[str] = set()
    for each in received:
        if each.id in seen:
            continue
        seen.add(each.id)
        object_id, number = each.event["data"]["customer"]["id"], each.event["data"]["number"]
        if last.get(object_id, 0) > number:
            return False
        last[object_id] = number
    return True
