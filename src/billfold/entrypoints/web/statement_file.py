"""A partner's statement as a file: comma-separated values, and a PDF. The console and the partner's own page offer both."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Final

from starlette.responses import Response

from billfold.base.money import minor_digits
from billfold.domain.payouts.statement import MOST_LINES, Statement
from billfold.entrypoints.web.amounts import day_text, money_text, month_text
from billfold.entrypoints.web.pdf import Line, make_pdf

# What each kind of transfer is called by whom it concerns.
WORDS: Final = {
    "earn": "Commission earned",
    "release": "Holding period over",
    "reverse": "Commission taken back after a refund",
    "withdraw": "Payout on its way",
    "paid": "Payout",
    "returned": "Payout came back",
    "recall": "Payout reversed",
    "grant": "Credited",
    "award": "Credited",
}
_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


def statement_csv(statement: Statement) -> Response:
    """Answer with the statement's lines; the first and the last are the opening and the closing balance."""
    rows: list[tuple[str, ...]] = [
        ("date", "type", "reference", "source", "amount", "effect", "balance", "currency"),
        (
            f"{statement.start:%Y-%m-%d}",
            "opening",
            "",
            "",
            "",
            "",
            _plain(statement.opening.total, statement),
            _code(statement),
        ),
    ]
    rows += [
        (
            f"{each.transfer.at:%Y-%m-%dT%H:%M:%SZ}", each.transfer.kind, each.transfer.reason_id, each.transfer.source_id,
            _plain(each.transfer.amount, statement), _plain(each.effect, statement), _plain(each.balance, statement),
            _code(statement),
        )
        for each in statement.lines
    ]  # fmt: skip
    closing = _plain(statement.closing.total, statement)
    rows.append((f"{statement.last_day:%Y-%m-%d}", "closing", "", "", "", "", closing, _code(statement)))
    text = io.StringIO(newline="")
    # Every cell is a number, a word or an id of ours: none can begin a formula but a negative number, which is meant as one.
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    headers = {**_HEADERS, "content-disposition": f'attachment; filename="{_name(statement)}.csv"'}
    return Response(text.getvalue().encode(), headers=headers, media_type="text/csv; charset=utf-8")


def statement_pdf(statement: Statement, *, project: str, partner: str, at: datetime) -> Response:
    """Answer with the statement as a document for a partner's own books; `at` is the team's time."""
    unit = statement.unit
    closing = f"Balance so far, {day_text(at)}" if statement.is_running(at) else "Closing balance"
    lines = [
        Line(project, size=20, height=34, is_bold=True),
        Line(f"Statement {month_text(statement.month)}, {unit.upper()}", size=14, height=24, is_bold=True),
        Line(partner, height=28),
        Line("Opening balance", money_text(statement.opening.total, unit), is_bold=True, height=22),
    ]
    for each in statement.lines:
        lines.append(
            Line(
                f"{day_text(each.transfer.at)}  {WORDS.get(each.transfer.kind, each.transfer.kind)}",
                _effect(each.effect, unit),
            )
        )
        moved = "" if each.effect else f", {money_text(each.transfer.amount, unit)} moved"
        lines.append(Line(f"{each.transfer.reason_id}{moved}", size=8, height=14))
    lines += [
        Line(closing, money_text(statement.closing.total, unit), is_bold=True, height=22),
        Line("Held", money_text(statement.closing.held, unit)),
        Line("Available", money_text(statement.closing.available, unit)),
        Line("On its way", money_text(statement.closing.in_transit, unit), height=28),
    ]
    if statement.is_cut:
        lines.append(Line(f"Only the first {MOST_LINES:,} lines are shown.", size=9))
    headers = {**_HEADERS, "content-disposition": f'inline; filename="{_name(statement)}.pdf"'}
    document = make_pdf(f"Statement {month_text(statement.month)}", lines)
    return Response(document, headers=headers, media_type="application/pdf")


def _effect(effect: int, unit: str) -> str:
    return money_text(effect, unit) if effect else ""


def _plain(amount: int, statement: Statement) -> str:
    return str(Decimal(amount).scaleb(-minor_digits(statement.unit)))


def _code(statement: Statement) -> str:
    return statement.unit.upper()


def _name(statement: Statement) -> str:
    return f"statement-{statement.month}-{statement.unit}"
