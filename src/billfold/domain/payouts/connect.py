"""Being paid by Stripe: a payee's connected account, the page where he tells Stripe who he is, and how far that is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from billfold.base.crypto import Sealer
from billfold.base.errors import Conflict, Invalid
from billfold.domain.billing import customers
from billfold.domain.payouts import methods
from billfold.domain.payouts.methods import Connected, PayoutMethod
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.stripe.port import StripeGateway, StripeKeyInvalid
from billfold.infrastructure.stripe.values import StripeConnectedAccount

CUSTOMER_STAMP: Final = "billfold_customer_id"
PROJECT_STAMP: Final = "project_id"


async def begin_onboarding(
    db: Database,
    gateway: StripeGateway,
    sealer: Sealer,
    *,
    project_id: str,
    customer_id: str,
    return_url: str,
    refresh_url: str,
    at: datetime,
    now: datetime,
) -> str:
    """Return the address of Stripe's page for a payee's account, made for him if he has none; he is paid by it from then on.

    The caller has seen a fresh sign-in. `refresh_url` is where Stripe sends whoever comes with a link that is good no more.
    """
    method = await db.read(methods.find_connected, project_id, customer_id)
    if method is None or method.stripe_account_id is None:
        customer = await db.read(customers.get, project_id, customer_id)
        account = await gateway.create_connected_account(
            email=customer.email,
            country=None,
            metadata={CUSTOMER_STAMP: customer_id, PROJECT_STAMP: project_id},
            idempotency_key=f"connect:{project_id}:{customer_id}",
        )
    else:
        account = await _account(gateway, method.stripe_account_id)
    await db.write(_use_account, sealer, project_id, customer_id, account, at=at, now=now)
    return await gateway.open_onboarding(account.id, refresh_url=refresh_url, return_url=return_url)


async def refresh_account(
    db: Database, gateway: StripeGateway, *, project_id: str, customer_id: str, now: datetime
) -> PayoutMethod | None:
    """Ask Stripe how a payee's account stands and write it down; None if he has none."""
    method = await db.read(methods.find_connected, project_id, customer_id)
    if method is None or method.stripe_account_id is None:
        return None
    try:
        account = await _account(gateway, method.stripe_account_id)
        is_ready = account.can_receive
    except (Invalid, Conflict):
        # Gone, or no longer ours to look at: nothing can be sent there.
        is_ready = False
    await db.write(
        methods.note_readiness,
        project_id=project_id,
        customer_id=customer_id,
        account_id=method.stripe_account_id,
        is_ready=is_ready,
        now=now,
    )
    return await db.read(methods.find_connected, project_id, customer_id)


async def _account(gateway: StripeGateway, account_id: str) -> StripeConnectedAccount:
    try:
        account = await gateway.get_connected_account(account_id)
    except StripeKeyInvalid:
        account = None
    if account is None:
        raise Conflict("The Stripe account is not connected any more.")
    return account


async def _use_account(
    tx: Writing,
    sealer: Sealer,
    project_id: str,
    customer_id: str,
    account: StripeConnectedAccount,
    *,
    at: datetime,
    now: datetime,
) -> None:
    present = await _present(tx, project_id, customer_id)
    if present is not None and present.stripe_account_id == account.id:
        await methods.note_readiness(
            tx,
            project_id=project_id,
            customer_id=customer_id,
            account_id=account.id,
            is_ready=account.can_receive,
            now=now,
        )
        return
    await methods.set_method(
        tx,
        sealer,
        project_id=project_id,
        customer_id=customer_id,
        details=Connected(account.id),
        at=at,
        is_ready=account.can_receive,
        now=now,
    )


async def _present(tx: Reading, project_id: str, customer_id: str) -> PayoutMethod | None:
    return await methods.find_method(tx, project_id, customer_id)
