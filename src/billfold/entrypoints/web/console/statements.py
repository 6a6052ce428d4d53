"""`/console/…/statements/{customer}`: what the ledger says of a partner, month by month, on a page, as CSV and as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.domain.billing import customers
from billfold.domain.billing.customers import Customer
from billfold.domain.partners.programs import find_program
from billfold.domain.payouts import statement
from billfold.domain.payouts.statement import Statement
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.statement_file import WORDS, statement_csv, statement_pdf
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/statements/{customer_id}"


@dataclass(frozen=True, slots=True)
class _Page:
    customer: Customer
    statement: Statement
    units: list[str]
    months: list[str]


async def show(request: Request) -> Response:
    """Show a month of a partner in one currency; `format` csv or pdf gives the file."""
    visit = await enter(request)
    page = await visit.services.db.snapshot(_read, visit)
    wanted = request.query_params.get("format")
    partner = page.customer.name or page.customer.email
    if wanted == "csv":
        return statement_csv(page.statement)
    if wanted == "pdf":
        return statement_pdf(page.statement, project=visit.place.project_name or "", partner=partner, at=visit.at)
    return visit.show(
        "statement.html",
        {
            "statement": page.statement,
            "partner": partner,
            "customer_id": page.customer.id,
            "is_deleted": page.customer.deleted_at is not None,
            "units_": page.units,
            "months": page.months,
            "words": WORDS,
            "here": f"{visit.home}/statements/{page.customer.id}",
        },
    )


async def _read(tx: Reading, visit: Visit) -> _Page:
    customer_id: str = visit.request.path_params["customer_id"]
    program = await find_program(tx, visit.project_id)
    if program is None or not (customer_id.isascii() and customer_id.isprintable()):
        raise NotFound("There is no such statement.")
    customer = await customers.find_even_deleted(tx, visit.project_id, customer_id)
    owner = {"project_id": visit.project_id, "program_id": program.id, "owner_id": customer_id}
    units = await statement.units_of(tx, **owner)
    wanted = visit.request.query_params.get("currency", "")
    main = await statement.main_unit(tx, visit.project_id, program.id)
    unit = wanted if wanted in units else main if main in units or not units else units[0]
    months = await statement.months_of(tx, **owner, unit=unit, at=visit.at)
    month = statement.require_begun(visit.request.query_params.get("month", "") or months[0], visit.at)
    return _Page(customer, await statement.statement_of(tx, **owner, unit=unit, month=month), units, months)


ROUTES: Final = [Route(_HERE, show, methods=["GET"])]
