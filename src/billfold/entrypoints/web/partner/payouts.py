"""`/partner/{token}/payouts` and `…/statement`: what was paid, and what the ledger says month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from billfold.base.paging import Page
from billfold.domain.payouts import statement
from billfold.domain.payouts.payouts import ListedPayout, list_payouts
from billfold.domain.payouts.statement import Statement
from billfold.entrypoints.web.partner.visits import PartnerVisit
from billfold.entrypoints.web.statement_file import WORDS, statement_csv, statement_pdf
from billfold.infrastructure.db.database import Reading

_SHOWN: Final = Page(limit=100, offset=0)
_STATES: Final = {
    "intent": ("wait", "Pending"),
    "sent": ("wait", "Processing"),
    "settled": ("good", "Paid"),
    "failed": ("bad", "Failed"),
    "cancelled": ("off", "Canceled"),
}


@dataclass(frozen=True, slots=True)
class _Months:
    statement: Statement
    units: list[str]
    months: list[str]


async def show(visit: PartnerVisit) -> Response:
    """Show his payouts, and the months that have a statement."""
    found: list[ListedPayout] = await visit.services.db.read(
        list_payouts, visit.guest.project_id, _SHOWN, customer_id=visit.guest.customer_id
    )
    rows = [(each, _STATES[each.payout.status]) for each in found]
    statements = await visit.services.db.read(_statements, visit)
    return visit.show("payouts.html", {"rows": rows, "statements": statements, "current": "payouts"})


async def show_statement(visit: PartnerVisit) -> Response:
    """Show a month in one currency; `format` csv or pdf gives the file."""
    page = await visit.services.db.snapshot(_read, visit)
    wanted = visit.request.query_params.get("format")
    if wanted == "csv":
        return statement_csv(page.statement)
    if wanted == "pdf":
        name = visit.guest.name or visit.guest.email
        return statement_pdf(page.statement, project=visit.brand.name, partner=name, at=visit.at)
    return visit.show("statement.html", {"page": page, "words": WORDS, "current": "payouts", "at": visit.at})


async def _statements(tx: Reading, visit: PartnerVisit) -> list[tuple[str, str]]:
    """Return the months that have a statement, each with its currency, newest first; a currency begins with its first earning."""
    owner = _owner(visit)
    units = await statement.units_of(tx, **owner) or [
        await statement.main_unit(tx, visit.partner.project_id, visit.partner.program_id)
    ]
    found = [
        (month, unit) for unit in units for month in await statement.months_of(tx, **owner, unit=unit, at=visit.at)
    ]
    return sorted(sorted(found, key=lambda each: each[1]), key=lambda each: each[0], reverse=True)


def _owner(visit: PartnerVisit) -> dict[str, str]:
    partner = visit.partner
    return {"project_id": partner.project_id, "program_id": partner.program_id, "owner_id": partner.customer_id}


async def _read(tx: Reading, visit: PartnerVisit) -> _Months:
    partner, query, owner = visit.partner, visit.request.query_params, _owner(visit)
    units = await statement.units_of(tx, **owner)
    main = await statement.main_unit(tx, partner.project_id, partner.program_id)
    asked = query.get("currency", "")
    unit = asked if asked in units else main if main in units or not units else units[0]
    months = await statement.months_of(tx, **owner, unit=unit, at=visit.at)
    month = statement.require_begun(visit.request.query_params.get("month", "") or months[0], visit.at)
    return _Months(await statement.statement_of(tx, **owner, unit=unit, month=month), units, months)
