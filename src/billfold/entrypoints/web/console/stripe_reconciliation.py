"""`/console/{teamId}/stripe/reconciliation`: where what is stored here and Stripe do not agree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError
from billfold.domain.billing import comparisons
from billfold.domain.billing.comparisons import Comparison
from billfold.domain.billing.differences import WHOLE
from billfold.domain.billing.stored_objects import COMPARED
from billfold.domain.tenancy.audit_log import record
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.lists import Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.statuses import COMPARISON, status_of
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form, whole_number

_HERE: Final = "/console/{team_id}/stripe/reconciliation"
# As the API and the command have it.
_SAMPLE: Final = "100"
_LARGEST_SAMPLE: Final = 10_000
_FILTERS: Final = (
    Filter("kind", "Kind", {kind: f"{kind.capitalize()}s" for kind in COMPARED}, "Everything", speaks=True),
)
_ANSWER: Final = f"Rows of each kind: a whole number from 1 to {_LARGEST_SAMPLE:,}, such as {_SAMPLE}."


async def show(request: Request) -> Response:
    """Show the latest comparison, or its differences as CSV."""
    visit = await enter(request, Role.ADMIN)
    if wants_csv(request):
        found = await visit.services.db.read(comparisons.find, visit.team_id)
        header = ("kind", "stripe_id", "field", "here", "in_stripe")
        return csv_answer("differences", header, _exported(_fitting(found, read_listing(request, filters=_FILTERS))))
    return await _page(visit, Form([]), {})


async def start(request: Request) -> Response:
    """Have a sample compared, or everything."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    sample: int | None = None
    if form.text("extent") != "everything":
        sample = whole_number(form.text("sample") or _SAMPLE, least=1, most=_LARGEST_SAMPLE)
        if sample is None:
            return await _page(visit, form, {"sample": _ANSWER})
    try:
        await visit.services.reconciliation.start(visit.team_id, sample=sample)
    except BillfoldError as error:
        return await _page(visit, form, {"": error.message})
    await visit.services.db.write(
        record,
        team_id=visit.team_id,
        project_id=None,
        actor=visit.actor,
        action="stripe.compared",
        subject=None,
        details={"sample": sample},
        now=visit.now,
    )
    text = "The comparison has begun. It goes on by itself, also when you leave."
    return visit.done(f"{visit.team_home}/stripe/reconciliation", text)


async def _page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    listing = read_listing(visit.request, filters=_FILTERS)
    found = await visit.services.db.read(comparisons.find, visit.team_id)
    rows, pager = listing.cut(listing.of_found(_fitting(found, listing)))
    values = {
        "listing": listing,
        "rows": rows,
        "pager": pager,
        "report": found,
        "status": None if found is None else status_of(COMPARISON, found.status),
        "form": Form([("sample", form.get("sample") or _SAMPLE)]),
        "errors": errors,
        "is_connected": visit.is_connected,
        "whole": WHOLE,
        "kinds": COMPARED,
        # The kinds are compared one after the other: those before the last that has a count are done.
        "done": 0 if found is None else max((COMPARED.index(each) for each in found.compared), default=0),
    }
    return visit.show("stripe_reconciliation.html", values, 400 if errors else 200)


def _fitting(found: Comparison | None, listing: Listing) -> list[dict[str, Any]]:
    """Return the differences that fit the filter; at most five hundred are kept, so all are at hand."""
    kind = listing.chosen.get("kind")
    return [] if found is None else [each for each in found.differences if kind in {None, each["kind"]}]


async def _exported(rows: Sequence[dict[str, Any]]) -> AsyncIterator[Sequence[Sequence[object]]]:
    yield [(each["kind"], each["stripe_id"], each["field"], each["ours"], each["theirs"]) for each in rows]


ROUTES: Final = [
    Route(_HERE, show, methods=["GET"]),
    Route(_HERE, start, methods=["POST"]),
]
