"""What a buyer sees of a finalised invoice: its lines, what was taken off, what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billfold.base.clock import from_unix
from billfold.infrastructure.stripe_simulator.workspace import Document, Shelf


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line; `amount` is in minor units, and negative where something is given back."""

    description: str
    quantity: int | None
    amount: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice as its page and its file show it; amounts are minor units of `currency`.

    `credit` is what the customer's balance paid of it (a negative one was added to what is due).
    """

    invoice_id: str
    number: str
    status: str
    seller: str
    buyer_name: str | None
    buyer_email: str | None
    created: datetime
    paid_at: datetime | None
    currency: str
    lines: tuple[InvoiceLine, ...]
    discount: int
    total: int
    credit: int
    amount_due: int
    amount_paid: int


async def view_invoice(shelf: Shelf, document: Document) -> InvoiceView | None:
    """Return what an invoice shows; None for a draft, which has no number yet."""
    if document["status"] == "draft" or document["number"] is None:
        return None
    names = [await _description(shelf, line) for line in document["lines"]["data"]]
    paid_at = document["status_transitions"]["paid_at"]
    return InvoiceView(
        invoice_id=document["id"],
        number=document["number"],
        status=document["status"],
        seller=document["account_name"] or "the seller",
        buyer_name=document["customer_name"],
        buyer_email=document["customer_email"],
        created=from_unix(document["created"]),
        paid_at=None if paid_at is None else from_unix(paid_at),
        currency=document["currency"],
        lines=tuple(
            InvoiceLine(
                description=name,
                quantity=line["quantity"],
                amount=line["amount"],
                start=from_unix(line["period"]["start"]),
                end=from_unix(line["period"]["end"]),
            )
            for line, name in zip(document["lines"]["data"], names, strict=True)
        ),
        discount=sum(each["amount"] for each in document["total_discount_amounts"]),
        total=document["total"],
        credit=document["total"] - document["amount_due"],
        amount_due=document["amount_due"],
        amount_paid=document["amount_paid"],
    )


async def _description(shelf: Shelf, line: Document) -> str:
    """Return a line's description with the product's name where it names the product by its id."""
    described: str = line["description"] or ""
    product_id = line["pricing"]["price_details"]["product"]
    product = await shelf.find(product_id, "product")
    return described if product is None else described.replace(product_id, product.document.get("name") or product_id)
