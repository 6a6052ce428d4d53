"""A wallet's lines in the ledger."""

from __future__ import annotations

from billfold.base.paging import Page
from billfold.domain.billing import customers
from billfold.domain.ledger.statement import statement
from billfold.domain.ledger.transfers import Transfer
from billfold.domain.ledger.wallets import WALLET
from billfold.domain.wallets.rules import checked_unit
from billfold.infrastructure.db.database import Reading


async def list_entries(tx: Reading, *, project_id: str, customer_id: str, unit: str, page: Page) -> list[Transfer]:
    """Return a page of the transfers of a live customer's wallet, newest first.

    Raises `NotFound` without such a customer, then `Invalid` for what is no unit's name.
    """
    await customers.get(tx, project_id, customer_id)
    unit = checked_unit(unit)
    return await statement(tx, project_id=project_id, program_id=WALLET, owner_id=customer_id, unit=unit, page=page)
