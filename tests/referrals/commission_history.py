"""Tells a script of one partner program to a world of its own, so that it can be told twice: in order, and roughly."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from billfold.base.errors import Conflict, NotFound
from billfold.domain.billing import invoices, payments, products
from billfold.domain.payouts import outcomes
from billfold.domain.referrals import participants
from billfold.domain.referrals.checkouts import checkout_handlers
from billfold.domain.referrals.terms import ProductRate, Terms
from billfold.domain.referrals.terms_editing import edit_terms
from billfold.domain.referrals.verdicts import Verdict, restore_referral, void_referral
from billfold.domain.referrals.write_offs import write_off
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.stripe.values import StripeInvoice, StripeInvoiceLine, StripePayment, StripeProduct
from tests.payouts.making import KEY
from tests.payouts.world import PayoutWorld
from tests.referrals.commission_script import CURRENCIES, FRIENDS, OTHER, SPECIAL, STEP, TERMS, Billed, Script
from tests.referrals.world import AT, SIGNER


class Died(Exception):
    """The process that was at work is gone."""


class DyingDatabase:
    """A database whose caller dies now and then, just before or just after a commit."""

    def __init__(self, db: Database, chance: random.Random) -> None:
        self._db = db
        self._chance = chance

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def write(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self._chance.random() < 0.03:
            raise Died
        result = await self._db.write(work, *arguments, **named)
        if self._chance.random() < 0.03:
            raise Died
        return result


class Teller:
    """Tells a script to a world of its own; `rough` loses, repeats and delays what is heard, and lets processes die."""

    def __init__(self, world: PayoutWorld, script: Script, *, rough: random.Random | None = None) -> None:
        self.world = world
        self.script = script
        self.rough = rough
        self.billed: list[Billed] = []
        self.friends: list[str] = []
        self.referrals: list[str] = []
        self.partner = ""
        self.products: dict[str, str] = {}
        self._at = AT
        handlers = {**world.worker._handlers, **checkout_handlers(world.stripe, SIGNER)}
        self._sane = world.worker = Worker(world.db, handlers, world.clock)

    async def tell(self) -> None:
        world = self.world
        self.partner = await world.partner()
        code = await world.code(self.partner, KEY)
        self.products = {name: await self._product(name) for name in (SPECIAL, OTHER)}
        for _ in range(FRIENDS):
            friend = await world.customer()
            self.friends.append(friend)
            self.referrals.append((await world.apply(code, friend)).id)
        if self.rough is not None:
            dying: Any = DyingDatabase(world.db, self.rough)
            world.worker = Worker(dying, self._sane._handlers, world.clock)
        for step in self.script.steps:
            self._at += STEP
            self._set_clock(self._at)
            await getattr(self, f"_{step[0]}")(*step[1:])
            await self._hear()
        world.worker = self._sane
        for known in self.billed:
            await self._hear_of(known)
        for _ in range(4):
            await world.work()
            world.clock.advance(timedelta(days=200))
        await world.work()

    def _set_clock(self, at: datetime) -> None:
        # Hearing of something moves it on by a little.
        self.world.clock.advance(max(at - self.world.clock.now(), timedelta(0)))

    async def _hear(self) -> None:
        if self.rough is None:
            for known in self.billed:
                await self._hear_of(known)
            await self.world.work()
            return
        for known in self.rough.choices(self.billed, k=self.rough.randint(0, 3)) if self.billed else []:
            await self._hear_of(known)
        if self.rough.random() < 0.5:
            await self._work_until_dead()

    async def _work_until_dead(self) -> None:
        try:
            await self.world.work()
        except Died:
            return

    async def _hear_of(self, known: Billed) -> None:
        world = self.world
        messages = [self._store_invoice, self._store_payment]
        if self.rough is not None:
            self.rough.shuffle(messages)
        for message in messages:
            world.clock.advance(timedelta(milliseconds=1))
            await message(known)

    async def _store_invoice(self, known: Billed) -> None:
        now = self.world.clock.now()
        value = StripeInvoice(
            id=f"in_{self.world.team.id}_{known.number}",
            customer_id="cus_any",
            subscription_id=None,
            subscription_metadata={},
            metadata={},
            number=None,
            status=known.status,
            billing_reason="subscription_cycle",
            currency=known.currency,
            subtotal=known.paid,
            total=known.paid,
            total_excluding_tax=known.untaxed,
            amount_due=known.paid,
            amount_paid=known.paid,
            amount_remaining=0,
            payment_intent_ids=(f"pi_{self.world.team.id}_{known.number}",),
            hosted_invoice_url=None,
            invoice_pdf=None,
            period_start=known.paid_at,
            period_end=known.paid_at,
            paid_at=known.paid_at,
            created=known.paid_at,
            amount_credited=known.credited,
            lines=tuple(
                StripeInvoiceLine(product_id, amount)
                for product_id, amount in zip(
                    (self._stripes(SPECIAL), self._stripes(OTHER), "prod_x"), known.lines, strict=True
                )
            ),
        )
        await self._store(invoices.store, known, value, now)

    async def _store_payment(self, known: Billed) -> None:
        now = self.world.clock.now()
        value = StripePayment(
            intent_id=f"pi_{self.world.team.id}_{known.number}",
            charge_id=f"ch_{self.world.team.id}_{known.number}",
            customer_id="cus_any",
            status="succeeded",
            amount=known.paid,
            amount_received=known.paid,
            amount_refunded=known.refunded,
            currency=known.currency,
            disputed=known.disputed > 0,
            failure_message=None,
            metadata={},
            created=known.paid_at,
            amount_disputed=known.disputed,
        )
        await self._store(payments.store, known, value, now)

    async def _store(self, store: Any, known: Billed, value: Any, now: datetime) -> None:
        await self.world.db.write(
            store,
            team_id=self.world.team.id,
            project_id=self.world.project.id,
            customer_id=self.friends[known.friend],
            value=value,
            fetched_at=now,
            at=now,
            now=now,
        )

    def _stripes(self, name: str) -> str:
        return f"prod_{name}_{self.world.team.id}"

    async def _product(self, name: str) -> str:
        """Add a product and return its id here."""
        now = self.world.clock.now()
        added = await self.world.db.write(
            products.store,
            team_id=self.world.team.id,
            project_id=self.world.project.id,
            value=StripeProduct(
                id=self._stripes(name), name=name, description=None, active=True, metadata={}, created=now
            ),
            fetched_at=now,
            at=now,
            now=now,
        )
        return added.id

    def _terms(self, number: int) -> Terms:
        """Return terms of the script about the products of this telling."""
        rules = [
            msgspec.structs.replace(
                rule,
                product_rates=tuple(
                    ProductRate(self.products[each.product_id], each.amount) for each in rule.product_rates
                ),
            )
            for rule in TERMS[number].rules
        ]
        return msgspec.structs.replace(TERMS[number], rules=tuple(rules))

    def _mine(self) -> dict[str, str]:
        return {"project_id": self.world.project.id, "program_id": self.world.program.id, "customer_id": self.partner}

    def _change(self, which: int, **changes: Any) -> None:
        if self.billed:
            which %= len(self.billed)
            self.billed[which] = replace(self.billed[which], **changes)

    def _known(self, which: int) -> Billed | None:
        return self.billed[which % len(self.billed)] if self.billed else None

    async def _pay(self, friend: int, paid: int, untaxed: int, currency: str, lines: tuple[int, int, int]) -> None:
        moment = self._at.replace(microsecond=0)
        self.billed.append(Billed(len(self.billed), friend, currency, paid, untaxed, moment, lines=lines))

    async def _bill_void(self, which: int, _share: float, _: int) -> None:
        self._change(which, status="void")

    async def _refund(self, which: int, share: float, _: int) -> None:
        known = self._known(which)
        if known is not None:
            left = known.paid - known.refunded - known.disputed - known.credited
            self._change(which, refunded=known.refunded + max(int(left * share), min(left, 1)))

    async def _refund_fails(self, which: int, share: float, _: int) -> None:
        known = self._known(which)
        if known is not None:
            self._change(which, refunded=int(known.refunded * share))

    async def _dispute(self, which: int, _share: float, _: int) -> None:
        known = self._known(which)
        if known is not None:
            self._change(which, disputed=known.paid - known.refunded)

    async def _won(self, which: int, _share: float, _: int) -> None:
        self._change(which, disputed=0)

    async def _credit(self, which: int, share: float, _: int) -> None:
        known = self._known(which)
        if known is not None:
            self._change(which, credited=int(known.paid * share))

    async def _credit_void(self, which: int, _share: float, _: int) -> None:
        self._change(which, credited=0)

    async def _pause(self, *_: Any) -> None:
        await self.world.db.write(participants.pause, **self._mine(), at=self._at)

    async def _resume(self, *_: Any) -> None:
        await self.world.db.write(participants.resume, **self._mine(), at=self._at)

    async def _edit(self, which: int, share: float, terms: int) -> None:
        applies: Literal["new_referrals", "from_date"] = "from_date" if share < 0.7 else "new_referrals"
        await self.world.db.write(
            edit_terms,
            project_id=self.world.project.id,
            key=KEY,
            content=self._terms(terms),
            applies=applies,
            from_at=self._at + timedelta(hours=which) if applies == "from_date" else None,
            at=self._at,
        )

    async def _rate(self, _which: int, share: float, _: int) -> None:
        await self.world.db.write(
            participants.set_rate,
            **self._mine(),
            basis_points=None if share < 0.3 else int(share * 5_000),
            applies="from_date",
            from_at=None,
            at=self._at,
        )

    async def _void(self, which: int, _share: float, _: int) -> None:
        # Void already, in both tellings.
        with contextlib.suppress(Conflict):
            await self.world.db.write(
                void_referral,
                team_id=self.world.team.id,
                project_id=self.world.project.id,
                referral_id=self.referrals[which % FRIENDS],
                verdict=Verdict("fraud", "Wren"),
                now=self.world.clock.now(),
            )

    async def _restore(self, which: int, _share: float, _: int) -> None:
        # Not void, in both tellings.
        with contextlib.suppress(Conflict):
            await self.world.db.write(
                restore_referral,
                team_id=self.world.team.id,
                project_id=self.world.project.id,
                referral_id=self.referrals[which % FRIENDS],
                by="Wren",
                now=self.world.clock.now(),
            )

    async def _payout(self, _which: int, share: float, _: int) -> None:
        world, worker = self.world, self.world.worker
        world.worker = self._sane
        now = world.clock.now()
        batch = await world.batch()
        if batch.payouts:
            await world.send(batch)
            for payout in await world.payouts():
                mine: dict[str, Any] = {"project_id": world.project.id, "payout_id": payout.id, "now": now}
                if payout.status == "sent" and share < 0.7:
                    await world.db.write(outcomes.mark_paid, **mine, reference="by hand")
                elif payout.status == "sent":
                    await world.db.write(outcomes.fail, **mine, reason="The account is closed.")
        world.worker = worker

    async def _write_off(self, which: int, _share: float, _: int) -> None:
        # Not below zero, or never earned in it: the tellings may differ, and so do write-offs.
        with contextlib.suppress(Conflict, NotFound):
            await self.world.db.write(
                write_off,
                project_id=self.world.project.id,
                program_id=self.world.program.id,
                owner_id=self.partner,
                unit=CURRENCIES[which % len(CURRENCIES)],
                amount=None,
                reason="Let go.",
                at=self._at,
            )

    async def _part_back(self, which: int, share: float, _: int) -> None:
        """Have a part of a payout come back, or all of it, as Stripe may reverse transfers."""
        paid = [each for each in await self.world.payouts() if each.status == "settled"]
        if paid:
            payout = paid[which % len(paid)]
            await self.world.db.write(
                outcomes.note_part_reversal,
                project_id=self.world.project.id,
                payout_id=payout.id,
                reversed_to=int(payout.amount * min(share * 1.2, 1)),
                reference="tr_1",
                now=self.world.clock.now(),
            )

    async def _bank_back(self, which: int, _share: float, _: int) -> None:
        """Have a bank return what was marked as paid."""
        paid = [each for each in await self.world.payouts() if each.status == "settled"]
        if paid:
            mine: dict[str, Any] = {"project_id": self.world.project.id, "payout_id": paid[which % len(paid)].id}
            await self.world.db.write(outcomes.fail, **mine, reason="Returned.", now=self.world.clock.now())

    async def _time(self, _which: int, share: float, _: int) -> None:
        self._at += timedelta(days=int(share * 40))
        self._set_clock(self._at)
