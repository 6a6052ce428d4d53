"""The database as one action of a member sees it: what the action writes is told by the audit log in the same unit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from billfold.domain.tenancy.audit_log import Actor
from billfold.entrypoints.recording import Record, recorded
from billfold.entrypoints.web.console.visits import Visit
from billfold.infrastructure.db.database import JOBS, Database

Result = TypeVar("Result")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class _Member:
    """Who acts, and on what."""

    team_id: str
    project_id: str | None
    actor: Actor


class Recorded:
    """Reads as the database does; the first unit that it writes also records the action.

    `subject` is the id of what is acted on; None means that the unit returns it, as a row. `of_team`: it
    concerns no project.
    """

    def __init__(
        self,
        visit: Visit,
        action: str,
        subject: str | None = None,
        details: Mapping[str, object] | None = None,
        *,
        of_team: bool = False,
    ) -> None:
        self._db: Database = visit.services.db
        self._doer = _Member(visit.team_id, None if of_team else visit.place.project_id, visit.actor)
        self._record = Record(action, subject=lambda result: subject or _id_of(result), details=lambda _: details or {})
        self._now = visit.now
        self._is_recorded = False
        self.subscriptions = self._db.subscriptions
        self.units_side_by_side = self._db.units_side_by_side

    async def start(self) -> None:
        """Nothing: the database runs."""

    async def stop(self) -> None:
        """Nothing: the database goes on."""

    async def read(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Read as always."""
        return await self._db.read(unit, *args, **kwargs)

    async def snapshot(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Read as always."""
        return await self._db.snapshot(unit, *args, **kwargs)

    async def write(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Write, and record."""
        if self._is_recorded:
            return await self._db.write(unit, *args, **kwargs)
        result = await self._db.write(recorded(unit, self._doer, self._record, self._now), *args, **kwargs)
        self._is_recorded = True
        return result

    def on_wake(self, callback: Callable[[], None], topic: str = JOBS) -> None:
        """Pass on."""
        self._db.on_wake(callback, topic)


def _id_of(result: Any) -> str | None:
    found = getattr(result[0] if isinstance(result, tuple) else result, "id", None)
    return found if isinstance(found, str) else None
