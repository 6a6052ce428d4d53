"""`/console/…/jobs`: the team's work that was given up, why, and another try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.log import redact
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import enter
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.queue import StuckJob

_HERE: Final = "/console/{team_id}/{project_id}/jobs"
_LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A stuck job as a person reads it: the last line of its traceback first, all of it below."""

    id: str
    name: str
    attempts: int
    stuck_at: datetime
    reason: str
    trace: str


async def show_list(request: Request) -> Response:
    """Show the stuck jobs."""
    visit = await enter(request)
    found = await visit.services.db.read(queue.stuck_of_team, visit.team_id, limit=100)
    return visit.show("jobs.html", {"rows": [_shown(each) for each in found]})


async def retry(request: Request) -> Response:
    """Give a job its tries again."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    job_id: str = request.path_params["job_id"]
    await Recorded(visit, "job.retried", job_id).write(queue.retry_of_team, visit.team_id, job_id, now=visit.now)
    return visit.done(f"{visit.home}/jobs", "The job is tried again now. If it fails for long, it comes back here.")


def _shown(job: StuckJob) -> ShownJob:
    trace = redact(job.last_error or "").strip()
    last = trace.rpartition("\n")[2].strip()
    # "package.Kind: what is wrong" without the package, which tells a person nothing.
    kind, separator, text = last.partition(": ")
    reason = text if separator and text else kind
    return ShownJob(
        id=job.id,
        name=job.name,
        attempts=job.attempts,
        stuck_at=job.stuck_at,
        reason=(reason[:_LONGEST_REASON].rstrip(".") + ".") if reason else "",
        trace=trace,
    )


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/{{job_id}}/retry", retry, methods=["POST"]),
]
