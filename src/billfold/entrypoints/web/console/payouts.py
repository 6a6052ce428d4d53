"""`/console/…/payouts`: payouts, one with its lines and its way, and what a person does with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, NotFound
from billfold.base.paging import Page
from billfold.domain.partners.programs import find_program
from billfold.domain.payouts import batches, outcomes, payouts, sending
from billfold.domain.payouts.batches import Batch
from billfold.domain.payouts.payouts import Line, ListedPayout, Payout, Step
from billfold.domain.payouts.rails import standard_rails
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import plain_amount
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import (
    LAST_PAGE,
    PAGE_SIZE,
    Filter,
    Listing,
    csv_answer,
    read_listing,
    wants_csv,
)
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/payouts"
_FILTERS: Final = (
    Filter("status", "Status", {name: status.word for name, status in statuses.PAYOUT.items()}, "Any status"),
)
METHODS: Final = {"bank": "Bank", "paypal": "PayPal", "wise": "Wise", "stripe_connect": "Stripe"}


async def show_list(request: Request) -> Response:
    """Show a page of payouts and the latest batches, or all payouts as CSV."""
    visit = await enter(request)
    listing = read_listing(request, filters=_FILTERS)
    if wants_csv(request):
        header = (
            "id", "email", "amount", "currency", "status", "method", "reference", "failure", "created_at", "settled_at",
            "came_back",
        )  # fmt: skip
        return csv_answer("payouts", header, _exported(visit, listing))
    found, latest, has_program = await visit.services.db.read(_read_list, visit.project_id, listing)
    rows, pager = listing.cut(found)
    return visit.show(
        "payouts.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "batches": latest,
            "has_program": has_program,
            "methods": METHODS,
            "status_of": _status,
            "batch_status": batch_status,
        },
    )


async def _read_list(tx: Reading, project_id: str, listing: Listing) -> tuple[list[ListedPayout], list[Batch], bool]:
    page = Page(limit=listing.limit, offset=listing.offset)
    found = await payouts.list_payouts(tx, project_id, page, status=listing.chosen.get("status"))
    latest = await batches.list_batches(tx, project_id, Page(limit=5))
    return found, latest, await find_program(tx, project_id) is not None


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    size = PAGE_SIZE * 10
    for number in range(LAST_PAGE):
        page = Page(limit=size, offset=number * size)
        rows = await visit.services.db.read(
            payouts.list_payouts, visit.project_id, page, status=listing.chosen.get("status")
        )
        yield [_csv_row(each) for each in rows]
        if len(rows) < size:
            return


def _csv_row(listed: ListedPayout) -> Sequence[object]:
    payout = listed.payout
    return (
        payout.id, listed.email, plain_amount(payout.amount, payout.currency), payout.currency,
        outcomes.WIRE_STATUS[payout.status], listed.method_kind, payout.reference, payout.failure,
        payout.created_at.isoformat(), payout.settled_at.isoformat() if payout.settled_at else "",
        plain_amount(payout.amount_reversed, payout.currency),
    )  # fmt: skip


async def show_one(request: Request) -> Response:
    """Show one payout."""
    visit = await enter(request)
    return await _one(visit, {})


async def mark_paid(request: Request) -> Response:
    """Settle a payout that was paid by hand."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    return await _do(visit, "payout.marked_paid", outcomes.mark_paid, "It is paid.", reference=form.text("reference"))


async def cancel(request: Request) -> Response:
    """Take a payout back."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    text = "Canceled. Its money is available again."
    return await _do(visit, "payout.cancelled", outcomes.cancel, text, reason=form.text("reason"))


async def fail(request: Request) -> Response:
    """Write down that a payment by hand did not arrive."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    text = "It failed. Its money is available again."
    return await _do(visit, "payout.failed", outcomes.fail, text, reason=form.text("reason"))


async def ask_reverse(request: Request) -> Response:
    """Ask before a transfer is taken back."""
    visit = await enter(request, Role.ADMIN)
    listed = await visit.services.db.read(payouts.get_listed, visit.project_id, _payout_id(visit))
    address = f"{visit.home}/payouts/{listed.payout.id}"
    return visit.show(
        "confirm.html",
        {
            "question": "Take this transfer back?",
            "consequences": [
                "Stripe takes the whole amount from the Stripe balance of the partner, which may go below zero.",
                "The payout is canceled, and its money is available for the next batch.",
            ],
            "act": "Take it back",
            "action": f"{address}/reversal",
            "back": address,
            "back_words": "Payout",
        },
    )


async def reverse(request: Request) -> Response:
    """Take a transfer back at Stripe."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    payout_id = _payout_id(visit)
    try:
        await sending.reverse_payout(
            visit.services.db,
            standard_rails(visit.services.stripe),
            team_id=visit.team_id,
            project_id=visit.project_id,
            payout_id=payout_id,
            reason="taken back in the console",
            now=visit.now,
            write=Recorded(visit, "payout.reversed", payout_id).write,
        )
    except NotFound:
        raise
    except BillfoldError as error:
        return await _one(visit, {"": error.message})
    return visit.done(f"{visit.home}/payouts/{payout_id}", "The transfer was taken back.")


async def _do(visit: Visit, action: str, unit: Callable[..., Awaitable[Payout]], done: str, **given: Any) -> Response:
    payout_id = _payout_id(visit)
    recorded = Recorded(visit, action, payout_id)
    try:
        await recorded.write(unit, project_id=visit.project_id, payout_id=payout_id, now=visit.now, **given)
    except NotFound:
        raise
    except BillfoldError as error:
        return await _one(visit, {"": error.message})
    return visit.done(f"{visit.home}/payouts/{payout_id}", done)


async def _one(visit: Visit, errors: dict[str, str]) -> Response:
    listed, lines, steps = await visit.services.db.read(_read_one, visit.project_id, _payout_id(visit))
    return visit.show(
        "payout.html",
        {
            "listed": listed,
            "payout": listed.payout,
            "lines": lines,
            "steps": steps,
            "status": _status(listed.payout.status),
            "step_words": {name: status.word for name, status in statuses.PAYOUT.items()},
            "methods": METHODS,
            "is_by_hand": listed.payout.rail == payouts.BY_HAND,
            # A bank returns a payment days after it was marked as paid.
            "may_have_failed": listed.payout.status in {payouts.SENT, payouts.SETTLED},
            "is_open": listed.payout.status in {payouts.INTENT, payouts.SENT},
            "errors": errors,
        },
        409 if errors else 200,
    )


async def _read_one(tx: Reading, project_id: str, payout_id: str) -> tuple[ListedPayout, list[Line], list[Step]]:
    listed = await payouts.get_listed(tx, project_id, payout_id)
    return listed, await payouts.lines_of(tx, project_id, payout_id), await payouts.steps_of(tx, project_id, payout_id)


def _payout_id(visit: Visit) -> str:
    wanted: str = visit.request.path_params["payout_id"]
    if not (wanted.startswith("po_") and wanted.isascii() and wanted.isprintable()):
        raise NotFound("There is no such payout.")
    return wanted


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.PAYOUT, value)


def batch_status(value: str) -> statuses.Status:
    """Return the word for a batch's state."""
    return statuses.status_of(statuses.PAYOUT_BATCH, value)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/{{payout_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{payout_id}}/payment", mark_paid, methods=["POST"]),
    Route(f"{_HERE}/{{payout_id}}/cancellation", cancel, methods=["POST"]),
    Route(f"{_HERE}/{{payout_id}}/failure", fail, methods=["POST"]),
    Route(f"{_HERE}/{{payout_id}}/reversal", ask_reverse, methods=["GET"]),
    Route(f"{_HERE}/{{payout_id}}/reversal", reverse, methods=["POST"]),
]
