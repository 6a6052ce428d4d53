"""`/console/…/ledger`: the accounts, one owner's movements, and whether the books add up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.analytics.ledger_list import export_accounts, list_accounts
from billfold.domain.billing import customers
from billfold.domain.ledger.audit import audit_project
from billfold.domain.ledger.statement import Balances, balances, statement
from billfold.domain.ledger.transfers import Transfer
from billfold.entrypoints.web.console.lists import Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/ledger"
_LONGEST_UNIT: Final = 64
_EXPORTED_AT_ONCE: Final = 500


async def show_list(request: Request) -> Response:
    """Show a page of accounts, or all as CSV; with `check=now` what the audit of the project's accounts says."""
    visit = await enter(request)
    listing = read_listing(request)
    if wants_csv(request):
        header = ("program_id", "owner_id", "owner_email", "unit", "cost", "held", "available", "in_transit", "settled")
        return csv_answer("ledger", header, _exported(visit))
    found = await visit.services.db.read(list_accounts, visit.project_id, limit=listing.limit, offset=listing.offset)
    findings: list[Any] | None = None
    if request.query_params.get("check") == "now":
        findings = await visit.services.db.snapshot(audit_project, visit.project_id)
    rows, pager = listing.cut(found)
    return visit.show("ledger.html", {"listing": listing, "rows": rows, "pager": pager, "findings": findings})


async def _exported(visit: Visit) -> AsyncIterator[Sequence[Sequence[object]]]:
    after = ("", "", "")
    while True:
        rows = await visit.services.db.read(export_accounts, visit.project_id, after=after, limit=_EXPORTED_AT_ONCE)
        yield [
            (
                each.program_id, each.owner_id, each.owner_email, each.unit, each.cost, each.held, each.available,
                each.in_transit, each.settled,
            )
            for each in rows
        ]  # fmt: skip
        if len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1].program_id, rows[-1].owner_id, rows[-1].unit)


async def show_account(request: Request) -> Response:
    """Show one owner's movements in one unit."""
    visit = await enter(request)
    listing = read_listing(request)
    path = request.path_params
    account = (path["program_id"], path["owner_id"], path["unit"])
    if not all(each.isascii() and each.isprintable() and len(each) <= _LONGEST_UNIT for each in account):
        raise NotFound("There is no such account.")
    held, transfers, owner = await visit.services.db.read(_account, visit.project_id, account, listing)
    if not transfers and listing.page == 1:
        raise NotFound("There is no such account.")
    rows, pager = listing.cut(transfers)
    return visit.show(
        "account.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "balances": held,
            "unit": account[2],
            "owner": owner or account[1],
            "customer_id": account[1] if owner else None,
        },
    )


async def _account(
    tx: Reading, project_id: str, account: tuple[str, str, str], listing: Listing
) -> tuple[Balances, list[Transfer], str | None]:
    program_id, owner_id, unit = account
    held = await balances(tx, project_id=project_id, program_id=program_id, owner_id=owner_id, unit=unit)
    rows = await statement(
        tx,
        project_id=project_id,
        program_id=program_id,
        owner_id=owner_id,
        unit=unit,
        page=Page(limit=listing.limit, offset=listing.offset),
    )
    try:
        owner = await customers.get(tx, project_id, owner_id)
    except NotFound:
        return held, rows, None
    return held, rows, owner.name or owner.email


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/{{program_id}}/{{owner_id}}/{{unit}}", show_account, methods=["GET"]),
]
