"""Files for whoever pays by hand: a bank's list, PayPal's mass payment, Wise's batch. One currency a file.

PayPal: its document "Use web UI" of Payouts: no header; recipient, amount, currency, customer id (at most 30 characters without
blanks), note (at most 400), wallet; at most 5,000 rows. Wise: its article "How do I fill in my batch template", the template
"Send by email", at most 1,000 transfers. The bank's list has a header and every field that a payment needs; each bank reads a
form of its own.

No cell can begin as a formula: names and addresses are refused at the door (`methods.py`), and `inert` stands here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from billfold.base.crypto import Sealer
from billfold.base.csv_cells import inert
from billfold.base.errors import Invalid
from billfold.base.money import minor_digits
from billfold.domain.payouts import payouts as payout_rows
from billfold.domain.payouts.batches import get_batch
from billfold.domain.payouts.methods import (
    BANK,
    PAYPAL,
    WISE,
    BankAccount,
    Details,
    PayPal,
    Wise,
    details_of,
    methods_of_ids,
)
from billfold.domain.payouts.payouts import INTENT, SENT, ListedPayout
from billfold.domain.tenancy.projects import get_project
from billfold.infrastructure.db.database import Database, Reading

FORMATS: Final = (BANK, PAYPAL, WISE)
# What one file may hold; more goes into a second part.
MOST_ROWS: Final = {BANK: 10_000, PAYPAL: 5_000, WISE: 1_000}
_STRETCH: Final = 500
_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    BANK: (
        "payout_id", "name", "iban", "bic", "account_number", "routing_number", "country", "amount", "currency", "reference",
    ),
    PAYPAL: (),
    WISE: (
        "name", "recipientEmail", "paymentReference", "receiverType", "amountCurrency", "amount", "sourceCurrency",
        "targetCurrency", "type",
    ),
}  # fmt: skip
# Wise lets a reference through that every bank carries.
_LONGEST_REFERENCE: Final = 18


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file's rows, the header among them where its reader wants one, and how many payouts they are."""

    rows: list[tuple[str, ...]]
    payouts: int
    parts: int


async def export_batch(
    db: Database,
    sealer: Sealer,
    *,
    team_id: str,
    project_id: str,
    batch_id: str,
    kind: str,
    currency: str,
    part: int = 1,
) -> ExportFile:
    """Return a file of what a batch still has to pay by hand in one way and one currency.

    Raises `Invalid` for a format that is none, `NotFound` for a batch that is none. `part` counts from 1 where one file cannot
    hold all.
    """
    if kind not in FORMATS:
        raise Invalid(f"The format is one of {', '.join(FORMATS)}.")
    found = await db.read(_of_batch, project_id, batch_id, kind, currency)
    most = MOST_ROWS[kind]
    parts = max(1, -(-len(found) // most))
    if not 1 <= part <= parts:
        raise Invalid(f"This file has {parts} parts.")
    chosen = found[(part - 1) * most : part * most]
    name = await db.read(_project_name, team_id, project_id)
    rows = [_row(each, details, name) for each, details in await db.read(_with_details, sealer, project_id, chosen)]
    header = [_HEADERS[kind]] if _HEADERS[kind] else []
    return ExportFile(header + rows, len(rows), parts)


async def _of_batch(tx: Reading, project_id: str, batch_id: str, kind: str, currency: str) -> list[ListedPayout]:
    await get_batch(tx, project_id, batch_id)
    found: list[ListedPayout] = []
    for status in (INTENT, SENT):
        after = ""
        while page := await payout_rows.of_batch(tx, project_id, batch_id, status=status, after=after, limit=_STRETCH):
            found += [each for each in page if each.method_kind == kind and each.payout.currency == currency]
            after = page[-1].payout.id
    return sorted(found, key=lambda each: each.payout.id)


async def _project_name(tx: Reading, team_id: str, project_id: str) -> str:
    return (await get_project(tx, team_id=team_id, project_id=project_id)).name


async def _with_details(
    tx: Reading, sealer: Sealer, project_id: str, chosen: Sequence[ListedPayout]
) -> list[tuple[ListedPayout, Details]]:
    ids = list(dict.fromkeys(each.payout.method_id for each in chosen))
    kept = await methods_of_ids(tx, project_id, ids)
    return [(each, details_of(sealer, kept[each.payout.method_id])) for each in chosen]


def _row(listed: ListedPayout, details: Details, project: str) -> tuple[str, ...]:
    payout = listed.payout
    amount = str(Decimal(payout.amount).scaleb(-minor_digits(payout.currency)))
    code = payout.currency.upper()
    cells: tuple[str, ...]
    if isinstance(details, BankAccount):
        cells = (
            payout.id, details.holder, details.iban, details.bic, details.account_number, details.routing_number,
            details.country, amount, code, payout.id,
        )  # fmt: skip
    elif isinstance(details, PayPal):
        cells = (details.email, amount, code, payout.id, f"Payout of {project}", "PAYPAL")
    elif isinstance(details, Wise):
        reference = payout.id.removeprefix("po_")[-_LONGEST_REFERENCE:]
        # "target": the payee gets exactly this much, and the project bears the fee.
        cells = (details.holder, details.email, reference, "PERSON", "target", amount, code, code, "EMAIL")
    else:
        raise Invalid("Stripe pays this payout.")
    return tuple(inert(each) for each in cells)
