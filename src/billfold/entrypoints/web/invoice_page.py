"""An invoice of the simulator, as Stripe would host it: `GET /simulator/{teamId}/invoices/{invoiceId}` and `…/pdf`.

As at Stripe, whoever knows the address may read the invoice: its id holds more than 130 random bits and opens nothing else.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.entrypoints.web.amounts import date_text, day_text, money_text
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.pdf import Line, make_pdf
from billfold.infrastructure.stripe_simulator import Simulator
from billfold.infrastructure.stripe_simulator.invoice_view import InvoiceLine, InvoiceView

_STATES: Final = {
    "paid": ("good", "Paid"),
    "open": ("new", "Open"),
    "void": ("off", "Void"),
    "uncollectible": ("bad", "Unpaid"),
}


def invoice_routes(simulator: Simulator) -> list[Route]:
    """Return the routes of the page and of the file."""

    async def show(request: Request) -> Response:
        view = await _view(request)
        if view is None:
            return render(request, "invoice.html", {"view": None}, 404)
        root = request.scope.get("root_path", "")
        path = f"{root}/{request.path_params['team_id']}/invoices/{view.invoice_id}/pdf"
        return render(
            request,
            "invoice.html",
            {
                "view": view,
                "state": _STATES.get(view.status, ("new", view.status)),
                "pdf": path,
                "detail": _detail,
            },
        )

    async def send(request: Request) -> Response:
        view = await _view(request)
        if view is None:
            return render(request, "invoice.html", {"view": None}, 404)
        headers = {
            "content-disposition": f'inline; filename="invoice-{view.number}.pdf"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "x-robots-tag": "noindex",
        }
        return Response(make_pdf(f"Invoice {view.number}", _lines(view)), headers=headers, media_type="application/pdf")

    async def _view(request: Request) -> InvoiceView | None:
        return await simulator.find_invoice(request.path_params["team_id"], request.path_params["invoice_id"])

    path = "/{team_id}/invoices/{invoice_id}"
    return [Route(path, show, methods=["GET"]), Route(f"{path}/pdf", send, methods=["GET"])]


def _detail(line: InvoiceLine) -> str:
    """Return what stands small beside a line: how many, and for which days."""
    days = f"{day_text(line.start)} to {day_text(line.end)}" if line.end > line.start else day_text(line.start)
    return f"{line.quantity}, {days}" if line.quantity not in {None, 1} else days


def _lines(view: InvoiceView) -> list[Line]:
    buyer = [each for each in (view.buyer_name, view.buyer_email) if each]
    state = _STATES.get(view.status, ("new", view.status))[1]
    paid = f"{state} on {date_text(view.paid_at)}" if view.paid_at else state
    lines = [
        Line(view.seller, size=20, height=34, is_bold=True),
        Line(f"Invoice {view.number}", size=14, height=24, is_bold=True),
        Line(date_text(view.created)),
        Line(paid, height=28),
        *(Line(each) for each in (["Billed to", *buyer] if buyer else [])),
        Line("", height=14),
    ]
    for each in view.lines:
        lines.append(Line(each.description, money_text(each.amount, view.currency)))
        lines.append(Line(_detail(each), size=9))
    if view.discount:
        lines.append(Line("Discount", money_text(-view.discount, view.currency)))
    lines.append(Line("Total", money_text(view.total, view.currency), is_bold=True, height=22))
    if view.credit:
        label = "Paid by credit" if view.credit > 0 else "Kept as credit"
        lines.append(Line(label, money_text(-view.credit, view.currency)))
    label, amount = ("Amount paid", view.amount_paid) if view.status == "paid" else ("Amount due", view.amount_due)
    lines.append(Line(label, money_text(amount, view.currency), is_bold=True))
    lines.append(Line("", height=24))
    lines.append(Line("Made by the Stripe simulator of Billfold. No money moved.", size=9))
    return lines
