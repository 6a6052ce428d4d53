"""`/console/…/commissions`: what partners earned on whose payments, and what a person may decide about one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.domain.analytics import commission_list
from billfold.domain.analytics.commission_list import CommissionLine
from billfold.domain.ledger.statement import Balances, balances
from billfold.domain.partners.programs import find_program
from billfold.domain.referrals import verdicts
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.write_offs import LONGEST_REASON, write_off
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import plain_amount
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.console.void_forms import REASON_WORDS, REASONS_OFFERED, read_verdict
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/commissions"
_FILTERS: Final = (
    Filter("status", "State", {name: status.word for name, status in statuses.COMMISSION.items()}, "Any state"),
)
_EXPORTED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class _ListPage:
    rows: list[CommissionLine]
    program: Program | None


@dataclass(frozen=True, slots=True)
class _OnePage:
    line: CommissionLine
    balances: Balances


async def show_list(request: Request) -> Response:
    """Show a page of commissions, or all that fit as CSV."""
    visit = await enter(request)
    listing = read_listing(
        request,
        filters=_FILTERS,
        sorts=commission_list.SORTS,
        search_label="Name, address or id of the partner or the payer",
    )
    if wants_csv(request):
        header = (
            "id", "partner_email", "partner_customer_id", "payer_email", "payment", "code", "state", "amount", "currency",
            "paid_out", "terms_version", "created_at", "approves_at", "paid_at", "void_reason", "void_note",
        )  # fmt: skip
        return csv_answer("commissions", header, _exported(visit, listing))
    page = await visit.services.db.read(_read_page, visit.project_id, listing)
    rows, pager = listing.cut(page.rows)
    return visit.show(
        "commissions.html",
        {"listing": listing, "rows": rows, "pager": pager, "program": page.program, "status_of": _status},
    )


async def show_one(request: Request) -> Response:
    """Show one commission with what may be decided about it."""
    visit = await enter(request)
    return await _one_page(visit, Form([]), {})


async def void(request: Request) -> Response:
    """Have a commission count for nothing."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    verdict, errors = read_verdict(visit, form)
    if errors:
        return await _one_page(visit, form, errors)
    reward_id: str = request.path_params["reward_id"]
    await Recorded(visit, "commission.voided", reward_id, {"reason": verdict.reason}).write(
        verdicts.void_reward,
        team_id=visit.team_id,
        project_id=visit.project_id,
        reward_id=reward_id,
        verdict=verdict,
        now=visit.now,
    )
    return visit.done(f"{visit.home}/commissions/{reward_id}", "Voided: it counts for nothing until you restore it.")


async def restore(request: Request) -> Response:
    """Have a void commission count again."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    reward_id: str = request.path_params["reward_id"]
    await Recorded(visit, "commission.restored", reward_id).write(
        verdicts.restore_reward,
        team_id=visit.team_id,
        project_id=visit.project_id,
        reward_id=reward_id,
        now=visit.now,
    )
    return visit.done(f"{visit.home}/commissions/{reward_id}", "It counts again.")


async def forgive(request: Request) -> Response:
    """Write off what the partner's balance lacks to zero."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    reason = form.text("write_off_reason")
    if not reason or len(reason) > LONGEST_REASON:
        words = f"Reason: give one of at most {LONGEST_REASON} characters; the audit log keeps it."
        return await _one_page(visit, form, {"write_off_reason": words})
    page = await visit.services.db.read(_read_one, visit.project_id, request.path_params["reward_id"])
    program = await visit.services.db.read(find_program, visit.project_id)
    if program is None:
        raise NotFound("There is no such commission.")
    details = {"reason": reason, "currency": page.line.unit}
    done = await Recorded(visit, "balance.written_off", page.line.earner_id, details).write(
        write_off,
        project_id=visit.project_id,
        program_id=program.id,
        owner_id=page.line.earner_id,
        unit=page.line.unit,
        amount=None,
        reason=reason,
        at=visit.at,
    )
    amount = plain_amount(done.amount, done.unit)
    return visit.done(f"{visit.home}/commissions/{done.reward_id}", f"{amount} {done.unit.upper()} written off.")


async def _one_page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    wanted: str = visit.request.path_params["reward_id"]
    page = await visit.services.db.read(_read_one, visit.project_id, wanted)
    values = {
        "line": page.line,
        "balances": page.balances,
        "status": _status(page.line.status),
        "form": form,
        "errors": errors,
        "reasons": REASONS_OFFERED,
        "why_void": REASON_WORDS.get(page.line.why_void or "", page.line.why_void),
    }
    return visit.show("commission.html", values, 400 if errors else 200)


async def _read_one(tx: Reading, project_id: str, reward_id: str) -> _OnePage:
    program = await find_program(tx, project_id)
    line = None
    if program is not None and reward_id.startswith("rw_") and reward_id.isascii() and reward_id.isprintable():
        line = await commission_list.find_commission(tx, project_id, reward_id)
    if program is None or line is None:
        raise NotFound("There is no such commission.")
    found = await balances(tx, project_id=project_id, program_id=program.id, owner_id=line.earner_id, unit=line.unit)
    return _OnePage(line, found)


async def _read_page(tx: Reading, project_id: str, listing: Listing) -> _ListPage:
    program = await find_program(tx, project_id)
    if program is None:
        return _ListPage([], None)
    status = listing.chosen.get("status")
    if listing.q:
        found = await commission_list.search_commissions(
            tx, project_id, program.id, listing.q, status=status, sort=listing.sort
        )
        return _ListPage(list(listing.of_found(found)), program)
    rows = await commission_list.list_commissions(
        tx, project_id, program.id, status=status, sort=listing.sort, limit=listing.limit, offset=listing.offset
    )
    return _ListPage(rows, program)


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    after: tuple[datetime, str] | None = None
    while True:
        rows = await visit.services.db.read(_read_export, visit.project_id, listing, after)
        yield [_exported_row(each) for each in rows]
        if listing.q or len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1].created_at, rows[-1].id)


async def _read_export(
    tx: Reading, project_id: str, listing: Listing, after: tuple[datetime, str] | None
) -> list[CommissionLine]:
    program = await find_program(tx, project_id)
    if program is None:
        return []
    status = listing.chosen.get("status")
    if listing.q:
        return await commission_list.search_commissions(
            tx, project_id, program.id, listing.q, status=status, sort=listing.sort
        )
    return await commission_list.export_commissions(
        tx, project_id, program.id, status=status, sort=listing.sort, after=after, limit=_EXPORTED_AT_ONCE
    )


def _exported_row(line: CommissionLine) -> tuple[object, ...]:
    return (
        line.id, line.earner_email, line.earner_id, line.referee_email, line.source_id, line.code, line.status,
        plain_amount(line.shown_amount, line.unit), line.unit, plain_amount(line.paid_amount, line.unit), line.terms_version,
        line.created_at.isoformat(), line.release_at.isoformat(), line.settled_at.isoformat() if line.settled_at else "",
        line.why_void or line.write_off_reason, line.void_note,
    )  # fmt: skip


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.COMMISSION, value)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/{{reward_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{reward_id}}/void", void, methods=["POST"]),
    Route(f"{_HERE}/{{reward_id}}/restoration", restore, methods=["POST"]),
    Route(f"{_HERE}/{{reward_id}}/write-off", forgive, methods=["POST"]),
]
