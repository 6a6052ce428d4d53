"""What changing a subscription inside its period costs: the unused part back, the rest of the period anew.

Shares of a period are counted in seconds and rounded half up to the minor unit (Stripe's document "Prorations").
"""

from __future__ import annotations

from billfold.infrastructure.stripe_simulator.collection import collect
from billfold.infrastructure.stripe_simulator.cycles import period_lines
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.invoicing import draft_invoice, finalize, new_line
from billfold.infrastructure.stripe_simulator.periods import period_end
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace


def prorate(ws: Workspace, entry: Entry, before: Document | None, after: Document | None, behavior: str) -> None:
    """Leave the lines of one item's change for the next invoice; nothing in a trial, or if it costs the same."""
    document = entry.document
    if behavior == "none" or document["status"] in {"trialing", "incomplete"}:
        return
    if (
        before is not None
        and after is not None
        and _costs(before) == _costs(after)
        and before["price"]["id"] == after["price"]["id"]
    ):
        return
    for item, sign, words in ((before, -1, "Unused time"), (after, 1, "Remaining time")):
        if item is None:
            continue
        share = _rest(ws, item, _costs(item))
        if share:
            entry.state["pending_lines"].append(
                new_line(
                    document,
                    item,
                    amount=sign * share,
                    quantity=item["quantity"],
                    start=ws.at,
                    end=item["current_period_end"],
                    description=f"{words} on {item['price']['nickname'] or item['price']['product']}",
                    invoice_item=long_id("ii_"),
                )
            )


def _costs(item: Document) -> int:
    return int(item["price"]["unit_amount"] * item["quantity"])


def _rest(ws: Workspace, item: Document, amount: int) -> int:
    whole = item["current_period_end"] - item["current_period_start"]
    rest = max(0, min(whole, item["current_period_end"] - ws.at))
    return (2 * amount * rest + whole) // (2 * whole) if whole else 0


async def settle(ws: Workspace, entry: Entry, behavior: str) -> None:
    """After a change of items: begin a new period if the interval changed, and send what is to be paid at once."""
    document, state = entry.document, entry.state
    first = document["items"]["data"][0]
    recurring = first["price"]["recurring"]
    expected = period_end(state["anchor"], recurring["interval"], recurring["interval_count"] * (state["periods"] + 1))
    begins_anew = document["status"] in {"active", "past_due"} and expected != first["current_period_end"]
    lines = list(state["pending_lines"]) if begins_anew or behavior == "always_invoice" else []
    if begins_anew:
        ends = period_end(ws.at, recurring["interval"], recurring["interval_count"])
        state.update(anchor=ws.at, periods=0)
        data = [
            {**item, "current_period_start": ws.at, "current_period_end": ends} for item in document["items"]["data"]
        ]
        entry.due_at = ends
        # The remaining time of the old period is part of the new one, which is charged whole.
        lines = [line for line in lines if line["amount"] < 0]
        ws.change(
            entry,
            {"items": {**document["items"], "data": data}, "billing_cycle_anchor": ws.at},
            event="customer.subscription.updated",
        )
        lines += period_lines(document)
    if not lines:
        return
    state["pending_lines"] = []
    customer = await ws.get("customer", document["customer"], param="customer")
    invoice = await draft_invoice(ws, customer, entry, lines, reason="subscription_update")
    await finalize(ws, invoice)
    await collect(ws, invoice, holder_present=True)
