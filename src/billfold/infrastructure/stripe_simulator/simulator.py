"""The simulator as the rest of the program holds it: accounts, the control that people and tests have, the jobs."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from billfold.base.clock import Clock
from billfold.base.crypto import Sealer, token_hash
from billfold.base.errors import NotFound
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import values_of
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler
from billfold.infrastructure.stripe_simulator import checkout, disputes, refunds, tables
from billfold.infrastructure.stripe_simulator.checkout_view import CheckoutView, view_checkout
from billfold.infrastructure.stripe_simulator.clock import Step, advance, set_start
from billfold.infrastructure.stripe_simulator.connect import finish_onboarding
from billfold.infrastructure.stripe_simulator.delivery import (
    DELIVER,
    SEALED_FIELD,
    Delivery,
    SendWebhook,
    enqueue_deliveries,
)
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.invoice_view import InvoiceView, view_invoice
from billfold.infrastructure.stripe_simulator.onboarding_view import Onboarding, view_onboarding
from billfold.infrastructure.stripe_simulator.payment_methods import VISA
from billfold.infrastructure.stripe_simulator.server import StripeServer
from billfold.infrastructure.stripe_simulator.tables import Account
from billfold.infrastructure.stripe_simulator.workspace import Document, Shelf, Workspace

TICK: Final = "simulator.tick"
_TICK_STEPS: Final = 500
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SimulatedAccount:
    """A new account with its secrets, which are told once only."""

    account_id: str
    secret_key: str
    publishable_key: str
    webhook_secret: str


class Simulator:
    """A small Stripe for every team that wants one. Nothing of it reaches the network."""

    def __init__(
        self, db: Database, clock: Clock, sealer: Sealer, send_webhook: SendWebhook, *, public_url: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._sealer = sealer
        self._public_url = public_url.rstrip("/")
        self.asgi = StripeServer(db, clock, public_url=self._public_url)
        delivery = Delivery(db, clock, sealer, send_webhook)
        self.handlers: Mapping[str, Handler] = {
            DELIVER: StepHandler(delivery.deliver),
            TICK: StepHandler(self._tick),
        }
        # Time flows in a simulated account too: what becomes due happens within a minute.
        self.recurring = (Recurring(TICK, timedelta(minutes=1)),)

    async def create_account(
        self, tx: Writing, *, team_id: str, name: str | None = None, clock_offset: timedelta = timedelta(0)
    ) -> SimulatedAccount:
        """Create a team's account; a team has one. `clock_offset` is how far the team's time is ahead already."""
        account_id = long_id("acct_")[:21]
        made = SimulatedAccount(
            account_id=account_id,
            secret_key="sk_test_" + secrets.token_hex(24),
            publishable_key="pk_test_" + secrets.token_hex(24),
            webhook_secret="whsec_" + secrets.token_hex(24),
        )
        account = Account(
            id=account_id,
            team_id=team_id,
            secret_key_hash=token_hash(made.secret_key),
            publishable_key=made.publishable_key,
            webhook_secret_sealed=self._sealer.seal(made.webhook_secret, owner=account_id, field=SEALED_FIELD),
            clock_offset_us=clock_offset // timedelta(microseconds=1),
            sequence=0,
            delivery={},
            faults={},
            settings={"name": name},
            created_at=self._clock.now() + clock_offset,
        )
        await tx.run(tables.ADD_ACCOUNT, **values_of(account))
        return made

    async def renew_keys(self, tx: Writing, *, team_id: str) -> SimulatedAccount | None:
        """Give a team's account new keys, because a key is told once only; None if the team has no account."""
        account = await tx.first(tables.ACCOUNT_BY_TEAM, team_id=team_id)
        if account is None:
            return None
        made = SimulatedAccount(
            account_id=account.id,
            secret_key="sk_test_" + secrets.token_hex(24),
            publishable_key="pk_test_" + secrets.token_hex(24),
            webhook_secret="whsec_" + secrets.token_hex(24),
        )
        await tx.run(
            tables.RENEW_KEYS,
            renewed_id=account.id,
            secret_key_hash=token_hash(made.secret_key),
            publishable_key=made.publishable_key,
            webhook_secret_sealed=self._sealer.seal(made.webhook_secret, owner=account.id, field=SEALED_FIELD),
        )
        return made

    async def team_of_key(self, tx: Reading, secret_key: str) -> str | None:
        """Return the team whose account a secret key opens, None if it is no simulated one's."""
        account = await tx.first(tables.ACCOUNT_BY_KEY, secret_key_hash=token_hash(secret_key))
        return None if account is None else account.team_id

    async def change(
        self, tx: Writing, team_id: str, change: Callable[[Workspace], Awaitable[Result]], now: datetime
    ) -> Result:
        """Run a change of a team's account inside the caller's unit, with its events and deliveries."""
        account = await _of_team(tx, team_id)
        locked = await tx.first(tables.LOCK_ACCOUNT, account_id=account.id)
        ws = Workspace(tx, locked or account, now, public_url=self._public_url)
        result = await change(ws)
        await ws.flush()
        await enqueue_deliveries(ws)
        return result

    async def complete_checkout(
        self, team_id: str, session_id: str, *, bank: str, email: str | None = None, brand: str = VISA
    ) -> Document:
        """Pay a checkout with a new card of a brand; `bank` is one of `payment_methods.PAYS`, `FAILS_LATER` or `REFUSES`.

        Returns the session.
        """

        async def unit(ws: Workspace) -> Document:
            session = await ws.find(session_id, "checkout.session")
            if session is None:
                raise NotFound("Checkout session not found.")
            return await checkout.complete(ws, session, bank=bank, email=email, brand=brand)

        return await self._db.write(self.change, team_id, unit, self._clock.now())

    async def find_checkout(self, team_id: str, session_id: str) -> CheckoutView | None:
        """Return what a checkout's page shows, or None if this team has no such checkout."""

        async def unit(tx: Reading) -> CheckoutView | None:
            account = await tx.first(tables.ACCOUNT_BY_TEAM, team_id=team_id)
            if account is None:
                return None
            shelf = Shelf(tx, account, self._clock.now())
            session = await shelf.find(session_id, "checkout.session")
            return None if session is None else await view_checkout(shelf, session)

        return await self._db.read(unit)

    async def find_invoice(self, team_id: str, invoice_id: str) -> InvoiceView | None:
        """Return what an invoice's page shows, or None if this team has no such invoice or it is a draft."""

        async def unit(tx: Reading) -> InvoiceView | None:
            account = await tx.first(tables.ACCOUNT_BY_TEAM, team_id=team_id)
            if account is None:
                return None
            shelf = Shelf(tx, account, self._clock.now())
            found = await shelf.find(invoice_id, "invoice")
            return None if found is None else await view_invoice(shelf, found.document)

        return await self._db.read(unit)

    async def find_onboarding(self, team_id: str, account_id: str, token: str) -> Onboarding | None:
        """Return what an onboarding page shows, or None for a link that is used, outlived or no link at all."""

        async def unit(tx: Reading) -> Onboarding | None:
            account = await tx.first(tables.ACCOUNT_BY_TEAM, team_id=team_id)
            if account is None:
                return None
            shelf = Shelf(tx, account, self._clock.now())
            found = await shelf.find(account_id, "account")
            return None if found is None else view_onboarding(shelf, found, token)

        return await self._db.read(unit)

    async def finish_onboarding(self, team_id: str, account_id: str, token: str, *, is_refused: bool) -> str | None:
        """Finish an account's onboarding and return where its page leads; None for a dead link."""

        async def unit(ws: Workspace) -> str | None:
            return await finish_onboarding(ws, account_id, token, is_refused=is_refused)

        return await self._db.write(self.change, team_id, unit, self._clock.now())

    async def refund(
        self, team_id: str, *, charge: str | None, subscription: str | None, amount: int | None
    ) -> Document:
        """Refund a charge, or the latest paid charge of a subscription; None is all that is left."""

        async def unit(ws: Workspace) -> Document:
            charge_id = charge or await _latest_charge(ws, subscription or "")
            found = await ws.find(charge_id, "charge")
            if found is None:
                raise NotFound(f"No charge {charge_id} in the simulated account.")
            return refunds.refund(ws, found, amount, reason="requested_by_customer", refund_metadata={})

        return await self._db.write(self.change, team_id, unit, self._clock.now())

    async def open_dispute(self, team_id: str, *, charge: str | None, subscription: str | None) -> Document:
        """Have the cardholder dispute a charge, or the latest paid one of a subscription."""

        async def unit(ws: Workspace) -> Document:
            charge_id = charge or await _latest_charge(ws, subscription or "")
            found = await ws.find(charge_id, "charge")
            if found is None:
                raise NotFound(f"No charge {charge_id} in the simulated account.")
            return disputes.open_dispute(ws, found)

        return await self._db.write(self.change, team_id, unit, self._clock.now())

    async def fail_refund(self, team_id: str, refund_id: str) -> Document:
        """Have the bank send a refund back."""

        async def unit(ws: Workspace) -> Document:
            found = await ws.find(refund_id, "refund")
            if found is None:
                raise NotFound("Refund not found.")
            charge = await ws.entry("charge", found.document["charge"], param="charge")
            return refunds.fail(ws, found, charge)

        return await self._db.write(self.change, team_id, unit, self._clock.now())

    async def close_dispute(self, team_id: str, dispute_id: str, *, won: bool) -> Document:
        """Have the bank decide a dispute."""

        async def unit(ws: Workspace) -> Document:
            found = await ws.find(dispute_id, "dispute")
            if found is None:
                raise NotFound("Dispute not found.")
            return disputes.decide(ws, found, won=won)

        return await self._db.write(self.change, team_id, unit, self._clock.now())

    async def configure(self, team_id: str, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Set `delivery`, `faults` or part of `settings` and return what is set now."""

        async def unit(ws: Workspace) -> dict[str, Any]:
            new = {**ws.account.settings, **value} if name == "settings" else dict(value)
            setattr(ws.account, name, new)
            return new

        return await self._db.write(self.change, team_id, unit, self._clock.now())

    async def read_clock(self, tx: Reading, team_id: str) -> timedelta:
        """Return how far a team's simulated time is ahead of the wall clock."""
        return timedelta(microseconds=(await _of_team(tx, team_id)).clock_offset_us)

    async def advance(self, tx: Writing, team_id: str, target: datetime, now: datetime) -> Step:
        """Take one step towards `target` inside the caller's unit; call again until it is `finished`."""
        return await self.change(tx, team_id, lambda ws: advance(ws, int(target.timestamp())), now)

    async def start_at(self, tx: Writing, team_id: str, start: datetime, now: datetime) -> timedelta:
        """Begin an empty account's time in the past and return its new offset."""

        async def change(ws: Workspace) -> timedelta:
            await set_start(ws, int(start.timestamp()))
            return timedelta(microseconds=ws.account.clock_offset_us)

        return await self.change(tx, team_id, change, now)

    async def _tick(self, run: Run) -> None:
        now = self._clock.now()
        now_us = int(now.timestamp() * 1_000_000)

        async def overdue(tx: Reading) -> list[str]:
            return await tx.all(tables.OVERDUE_ACCOUNTS, now_us=now_us)

        for account_id in await self._db.read(overdue):
            for _ in range(_TICK_STEPS):
                if await self._db.write(_catch_up, account_id, self._public_url, now):
                    break
        await run.finish(_forget_old_replies, now - timedelta(hours=24))


async def _catch_up(tx: Writing, account_id: str, public_url: str, now: datetime) -> bool:
    """Do the next overdue thing of an account without moving its clock; True if nothing is left."""
    account = await tx.first(tables.LOCK_ACCOUNT, account_id=account_id)
    if account is None:
        return True
    offset_us = account.clock_offset_us
    ws = Workspace(tx, account, now, public_url=public_url)
    step = await advance(ws, ws.at)
    account.clock_offset_us = offset_us
    await ws.flush()
    await enqueue_deliveries(ws)
    return step.finished


async def _forget_old_replies(tx: Writing, before: datetime) -> None:
    await tx.run(tables.PRUNE_REPLIES, before=before)


async def _of_team(tx: Reading, team_id: str) -> Account:
    account = await tx.first(tables.ACCOUNT_BY_TEAM, team_id=team_id)
    if account is None:
        raise NotFound("This team has no simulated Stripe account.")
    return account


async def _latest_charge(ws: Workspace, subscription_id: str) -> str:
    if await ws.find(subscription_id, "subscription") is None:
        raise NotFound(f"No subscription {subscription_id} in the simulated account.")
    for invoice in reversed(await ws.all_of("invoice", by="parent", value=subscription_id)):
        if invoice.document["status"] != "paid":
            continue
        for payment in await ws.all_of("invoice_payment", by="parent", value=invoice.document["id"]):
            intent = await ws.get("payment_intent", payment.document["payment"]["payment_intent"])
            charge = await ws.find(intent["latest_charge"], "charge")
            if charge is not None and charge.document["paid"] and not charge.document["refunded"]:
                return str(charge.document["id"])
    raise invalid(f"Subscription {subscription_id} has no paid charge that could be given back.")


def create_simulator(
    db: Database, clock: Clock, sealer: Sealer, send_webhook: SendWebhook, *, public_url: str
) -> Simulator:
    """Build the simulator; `send_webhook(team_id, headers, body)` posts to the team's webhook door and returns the status."""
    return Simulator(db, clock, sealer, send_webhook, public_url=public_url)
