"""`/console/{teamId}/audit-log`: who did what, when and from where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.domain.tenancy.audit_log import audit_rows
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.lists import PAGE_SIZE, Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.visits import Visit, enter

_HERE: Final = "/console/{team_id}/audit-log"
_FILTERS: Final = (Filter("who", "Who", {"people": "not by API keys"}, "By anybody", speaks=True),)
_EXPORTED_AT_ONCE: Final = 500
_LONGEST_NUMBER: Final = 18


async def show(request: Request) -> Response:
    """Show a page of the log, from the row before `before` on, or all of it as CSV."""
    visit = await enter(request, Role.ADMIN)
    listing = read_listing(request, filters=_FILTERS)
    if wants_csv(request):
        header = ("at", "who", "kind", "address", "action", "subject", "project_id", "details")
        return csv_answer("audit-log", header, _exported(visit, listing))
    given = request.query_params.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER else None
    rows = await visit.services.db.read(
        audit_rows, visit.team_id, before=before, limit=listing.limit, by_keys=not listing.chosen
    )
    shown = rows[:PAGE_SIZE]
    return visit.show(
        "audit_log.html",
        {
            "listing": listing,
            "rows": shown,
            "is_first": before is None,
            "kept_days": visit.services.settings.audit_log_days,
            "next": listing.url(before=str(shown[-1].sequence)) if len(rows) > PAGE_SIZE else None,
            "project_names": {each.project_id: each.project_name for each in visit.places},
        },
    )


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    before: int | None = None
    while True:
        rows = await visit.services.db.read(
            audit_rows, visit.team_id, before=before, limit=_EXPORTED_AT_ONCE, by_keys=not listing.chosen
        )
        yield [
            (
                each.recorded_at.isoformat(), each.actor_name, each.actor_kind, each.address, each.action, each.subject,
                each.project_id, "; ".join(f"{name}: {value}" for name, value in each.details.items()),
            )
            for each in rows
        ]  # fmt: skip
        if len(rows) < _EXPORTED_AT_ONCE:
            return
        before = rows[-1].sequence


ROUTES: Final = [Route(_HERE, show, methods=["GET"])]
