"""`/console/…/payouts/preview` and `…/batches`: look, prepare, approve, send, and files for whoever pays by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid, NotFound
from billfold.base.paging import Page
from billfold.domain.partners.programs import find_program
from billfold.domain.payouts import batches, exports, payouts
from billfold.domain.payouts.batches import Batch
from billfold.domain.payouts.payouts import STATUSES, ListedPayout, Total
from billfold.domain.payouts.preparation import Candidate, prepare_batch, preview_all
from billfold.domain.payouts.rules import REASONS
from billfold.domain.payouts.settings import checked_currency
from billfold.domain.referrals.programs import Program
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import csv_answer, read_listing
from billfold.entrypoints.web.console.payouts import METHODS, batch_status
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/payouts"
# Stretches that a request prepares itself; what is left is done by the job.
_STRETCHES: Final = 40
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Sum:
    """What a preview pays in one currency, in minor units."""

    currency: str
    payouts: int
    amount: int
    fee_amount: int


async def show_preview(request: Request) -> Response:
    """Show whom a batch would pay what, and whom it would leave out and why."""
    visit = await enter(request)
    program = await _program(visit)
    candidates = await preview_all(visit.services.db, program)
    paid = [each for each in candidates if each.reason is None]
    left = [each for each in candidates if each.reason is not None]
    paid.sort(key=lambda each: (each.due.unit, -each.due.amount))
    shown = read_listing(request, filters=())
    start, end = shown.offset, shown.offset + _SHOWN
    return visit.show(
        "payout_preview.html",
        {
            "paid": paid[:_SHOWN],
            "paid_count": len(paid),
            "left": left[start:end],
            "left_count": len(left),
            "sums": _sums(paid),
            "reasons": REASONS,
            "methods": METHODS,
        },
    )


async def prepare(request: Request) -> Response:
    """Make a batch of what is due now."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    program = await _program(visit)
    batch = await Recorded(visit, "payout_batch.prepared").write(
        batches.add_batch, team_id=visit.team_id, program=program, by=visit.session.email, now=visit.now
    )
    await prepare_batch(
        visit.services.db, project_id=visit.project_id, batch_id=batch.id, now=visit.now, most=_STRETCHES
    )
    return visit.done(f"{visit.home}/payouts/batches/{batch.id}", "The batch is prepared. Nothing is sent yet.")


async def show_batch(request: Request) -> Response:
    """Show one batch: what it pays, and what to do next; with a `format` the file for whoever pays by hand."""
    visit = await enter(request)
    if "format" in request.query_params:
        return await _file(visit)
    batch, totals, rows = await visit.services.db.read(_read_batch, visit.project_id, _batch_id(visit))
    by_hand = sorted({(each.method_kind, each.currency) for each in totals if each.method_kind in exports.FORMATS})
    return visit.show(
        "payout_batch.html",
        {
            "batch": batch,
            "status": batch_status(batch.status),
            "totals": totals,
            "rows": rows,
            "files": by_hand,
            "methods": METHODS,
            "status_of": lambda value: statuses.status_of(statuses.PAYOUT, value),
        },
    )


async def ask_approval(request: Request) -> Response:
    """Ask before a batch is approved: with all that it pays."""
    visit = await enter(request, Role.ADMIN)
    batch, totals, _ = await visit.services.db.read(_read_batch, visit.project_id, _batch_id(visit))
    return visit.show(
        "payout_approval.html",
        {"batch": batch, "totals": totals, "methods": METHODS, "is_ready": batch.status == batches.PREPARED},
    )


async def approve(request: Request) -> Response:
    """Approve a batch, and send it if the form says so."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    batch_id = _batch_id(visit)
    address = f"{visit.home}/payouts/batches/{batch_id}"
    try:
        await Recorded(visit, "payout_batch.approved", batch_id).write(
            batches.approve, visit.project_id, batch_id, by=visit.session.email, at=visit.at
        )
    except NotFound:
        raise
    except BillfoldError as error:
        return visit.done(address, error.message, "bad")
    if form.text("send") == "yes":
        return await _send(visit, batch_id)
    return visit.done(address, "Approved. Send it when you are ready.")


async def send(request: Request) -> Response:
    """Send an approved batch."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    return await _send(visit, _batch_id(visit))


async def _send(visit: Visit, batch_id: str) -> Response:
    address = f"{visit.home}/payouts/batches/{batch_id}"
    try:
        await Recorded(visit, "payout_batch.sent", batch_id).write(
            batches.send, visit.project_id, batch_id, at=visit.at, now=visit.now
        )
    except NotFound:
        raise
    except BillfoldError as error:
        return visit.done(address, error.message, "bad")
    return visit.done(
        address, "On its way: transfers are made one by one, what is paid by hand waits for its reference."
    )


async def _file(visit: Visit) -> Response:
    """Return the file with which somebody pays by hand; it holds account numbers, so its reading is recorded."""
    visit.require(Role.ADMIN)
    batch_id = _batch_id(visit)
    query = visit.request.query_params
    kind, currency, part = query.get("format", ""), checked_currency(query.get("currency", "")), query.get("part", "1")
    if not (part.isascii() and part.isdigit() and len(part) < 5):  # noqa: PLR2004 - digits
        raise Invalid("part must be a whole number from 1.")
    made = await exports.export_batch(
        visit.services.db,
        visit.services.sealer,
        team_id=visit.team_id,
        project_id=visit.project_id,
        batch_id=batch_id,
        kind=kind,
        currency=currency,
        part=int(part),
    )
    details = {"format": kind, "currency": currency}
    await Recorded(visit, "payout_batch.exported", batch_id, details).write(
        batches.get_batch, visit.project_id, batch_id
    )
    header, *rows = made.rows or [()]
    return csv_answer(f"{kind}-{currency}-{batch_id}-{part}", header, _in_one(rows))


async def _in_one(rows: Sequence[Sequence[object]]) -> AsyncIterator[Sequence[Sequence[object]]]:
    yield rows


async def _read_batch(tx: Reading, project_id: str, batch_id: str) -> tuple[Batch, list[Total], list[ListedPayout]]:
    batch = await batches.get_batch(tx, project_id, batch_id)
    rows: list[ListedPayout] = []
    for status in STATUSES:
        rows += await payouts.of_batch(
            tx, project_id, batch_id, status=status, after="", limit=max(_SHOWN - len(rows), 1)
        )
    return batch, await payouts.totals_of_batch(tx, project_id, batch_id), rows[:_SHOWN]


async def show_batches(request: Request) -> Response:
    """Show a page of batches."""
    visit = await enter(request)
    listing = read_listing(request)
    page = Page(limit=listing.limit, offset=listing.offset)
    rows, pager = listing.cut(await visit.services.db.read(batches.list_batches, visit.project_id, page))
    return visit.show(
        "payout_batches.html", {"listing": listing, "rows": rows, "pager": pager, "batch_status": batch_status}
    )


async def _program(visit: Visit) -> Program:
    program = await visit.services.db.read(find_program, visit.project_id)
    if program is None:
        raise NotFound("This project has no partner program yet.")
    return program


def _sums(paid: Sequence[Candidate]) -> list[Sum]:
    found: dict[str, list[Candidate]] = {}
    for each in paid:
        found.setdefault(each.due.unit, []).append(each)
    return [
        Sum(unit, len(several), sum(each.due.amount for each in several), sum(each.fee_amount for each in several))
        for unit, several in sorted(found.items())
    ]


def _batch_id(visit: Visit) -> str:
    wanted: str = visit.request.path_params["batch_id"]
    if not (wanted.startswith("pob_") and wanted.isascii() and wanted.isprintable()):
        raise NotFound("There is no such batch.")
    return wanted


ROUTES: Final = [
    Route(f"{_HERE}/preview", show_preview, methods=["GET"]),
    Route(f"{_HERE}/batches", show_batches, methods=["GET"]),
    Route(f"{_HERE}/batches", prepare, methods=["POST"]),
    Route(f"{_HERE}/batches/{{batch_id}}", show_batch, methods=["GET"]),
    Route(f"{_HERE}/batches/{{batch_id}}/approval", ask_approval, methods=["GET"]),
    Route(f"{_HERE}/batches/{{batch_id}}/approval", approve, methods=["POST"]),
    Route(f"{_HERE}/batches/{{batch_id}}/sending", send, methods=["POST"]),
]
