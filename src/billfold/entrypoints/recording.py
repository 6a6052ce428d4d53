"""Writing with the audit log: what is done and who did it are one unit, so neither is there without the other.

return await write_recorded(services, access, Record("project.renamed", subject=lambda project: project.id),
                            projects.rename_project, team_id=…, project_id=…, name=…)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from billfold.domain.tenancy import audit_log
from billfold.domain.tenancy.audit_log import Actor
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Writing

Result = TypeVar("Result")
P = ParamSpec("P")


class Doer(Protocol):
    """Who does something, and in which team or project: an `Access` or a `TeamAccess`."""

    @property
    def team_id(self) -> str:
        """The team."""
        ...

    @property
    def project_id(self) -> str | None:
        """The project, None if it is a matter of the team."""
        ...

    @property
    def actor(self) -> Actor:
        """Who it is, as the log names him."""
        ...


def _nothing(result: Any) -> Mapping[str, object]:
    del result
    return {}


@dataclass(frozen=True, slots=True)
class Record:
    """What the log is told of a change, from what its unit returned: `subject` is the id of what was changed.

    `details` are a few names and values for people, never secrets, and never what a customer's record says of a person:
    the log cannot forget.
    """

    action: str
    subject: Callable[[Any], str | None]
    details: Callable[[Any], Mapping[str, object]] = _nothing


def changes(action: str, fields: Iterable[str]) -> Record:
    """Return the record of a change of a row that the unit returns: its id, and which fields, not what they hold."""
    named = sorted(fields)
    return Record(action, subject=lambda row: row.id, details=lambda _: {"fields": named} if named else {})


def recorded(
    unit: Callable[Concatenate[Any, P], Awaitable[Result]], doer: Doer, record: Record, now: datetime
) -> Callable[Concatenate[Any, P], Awaitable[Result]]:
    """Return a unit that does what `unit` does and writes it down; `now` is the wall clock's."""

    async def unit_and_record(tx: Writing, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        result = await unit(tx, *args, **kwargs)
        await audit_log.record(
            tx,
            team_id=doer.team_id,
            project_id=doer.project_id,
            actor=doer.actor,
            action=record.action,
            subject=record.subject(result),
            details=record.details(result),
            now=now,
        )
        return result

    return unit_and_record


async def write_recorded(
    services: Services,
    doer: Doer,
    record: Record,
    unit: Callable[Concatenate[Any, P], Awaitable[Result]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Result:
    """Run `unit(tx, *args, **kwargs)` and write it down, in one unit."""
    return await services.db.write(recorded(unit, doer, record, services.clock.now()), *args, **kwargs)


class RecordedWrites:
    """A `Write` for verbs that ask Stripe first and open their own unit: the unit that they hand over is written down."""

    def __init__(self, services: Services, doer: Doer, record: Record) -> None:
        self._services = services
        self._doer = doer
        self._record = record

    async def __call__(self, unit: Callable[..., Awaitable[Any]], /, *args: Any, **kwargs: Any) -> Any:
        """Run the unit and write it down."""
        return await write_recorded(self._services, self._doer, self._record, unit, *args, **kwargs)
