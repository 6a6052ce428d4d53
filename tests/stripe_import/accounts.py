"""Simulated accounts with many customers, written straight into the simulator's tables as fast as the database takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.stripe_simulator import tables
from tests.app_fixtures import RunningBillfold

_AT_ONCE: Final = 2_000
_COPIED: Final = ("customer", "subscription", "invoice", "invoice_payment", "payment_intent", "charge")


async def one_subscriber(app: RunningBillfold, email: str = "old@example.com", **metadata: str) -> dict[str, Any]:
    """Have somebody subscribe directly in the simulated Stripe, past Billfold, and return the subscription."""
    price = await catalog(app)
    customer = await stripe(app, "post", "customers", email=email, metadata=metadata)
    card = await stripe(app, "post", "payment_methods/pm_card_visa/attach", customer=customer["id"])
    return await stripe(
        app,
        "post",
        "subscriptions",
        customer=customer["id"],
        items=[{"price": price["id"]}],
        default_payment_method=card["id"],
    )


async def catalog(app: RunningBillfold, **metadata: str) -> dict[str, Any]:
    """Make a product with a monthly price in the simulated Stripe and return the price."""
    product = await stripe(app, "post", "products", name="Pro", metadata=metadata)
    return await stripe(
        app, "post", "prices", product=product["id"], unit_amount=1900, currency="usd", recurring={"interval": "month"}
    )


async def stripe(app: RunningBillfold, method: str, path: str, **params: Any) -> dict[str, Any]:
    """Send one request to the team's simulated account, as anybody with its secret key could."""
    from stripe import StripeClient  # noqa: PLC0415 - the library is slow to import

    from billfold.infrastructure.stripe.transport import InMemoryClient  # noqa: PLC0415 - see above

    client = StripeClient(
        app.team.simulator_secret_key, http_client=InMemoryClient(app.application.installation.simulator.asgi)
    )
    answer = await client.raw_request_async(method, f"/v1/{path}", **params)
    assert isinstance(answer.data, dict)
    return answer.data


async def multiply(db: Database, team_id: str, number: int) -> None:
    """Copy the account's only subscriber, with all that hangs on him, `number` times under ids of their own."""
    account_id, templates = await db.read(_templates, team_id)
    rows: list[dict[str, Any]] = []
    for row in _copies(account_id, templates, number):
        rows.append(row)
        if len(rows) >= _AT_ONCE:
            await db.write(_add, rows)
            rows = []
    await db.write(_add, rows)


async def _templates(tx: Reading, team_id: str) -> tuple[str, list[tables.StoredObject]]:
    account = await tx.first(tables.ACCOUNT_BY_TEAM, team_id=team_id)
    assert account is not None
    found = [
        row
        for kind in _COPIED
        for row in await tx.all(tables.PAGES[None, True], account_id=account.id, type=kind, cursor=2**62, limit=2)
    ]
    assert len(found) == len(_COPIED), "there must be exactly one subscriber to copy"
    return account.id, found


def _copies(account_id: str, templates: list[tables.StoredObject], number: int) -> Iterator[dict[str, Any]]:
    for copy in range(number):
        mark = f"{copy:08d}"
        # An id and every mention of it are the same text everywhere.
        changes = {row.id: f"{row.id[:-8]}{mark}" for row in templates}
        for position, row in enumerate(templates):
            text = row.document
            for old, new in changes.items():
                text = text.replace(old, new)
            document = msgspec.json.decode(text)
            if row.type == "customer":
                document["email"] = f"person-{mark}@example.com"
            yield {
                "account_id": account_id,
                "id": changes[row.id],
                "type": row.type,
                "sequence": 1_000_000 + copy * len(templates) + position,
                "created": row.created,
                "customer": changes.get(row.customer or "", row.customer),
                "parent": changes.get(row.parent or "", row.parent),
                "lookup": document.get("email") if row.type == "customer" else row.lookup,
                "due_at": None,
                "state": json.loads(json.dumps(row.state)),
                "document": msgspec.json.encode(document).decode(),
            }


async def _add(tx: Writing, rows: list[dict[str, Any]]) -> None:
    await tx.run_many(tables.ADD_OBJECT, rows)
