"""A partner program with one partner and those whom he brings, for the tests of commissions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from billfold.domain.billing import invoices, payments
from billfold.domain.ledger.statement import Balances
from billfold.domain.referrals import participants, presets
from billfold.domain.referrals.rewards import Reward, rewards_of_referrals
from billfold.domain.referrals.terms import Rule, Share, Terms
from billfold.domain.referrals.terms_editing import edit_terms
from billfold.infrastructure.stripe.values import StripeInvoice, StripePayment
from tests.referrals.world import World

KEY = "partners"


class Partners:
    """A partner program with one partner and those whom he brings."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.partner = ""
        self.code = ""
        self.paid = 0

    async def open(self, terms: Terms | None = None) -> Partners:
        self.program = await self.world.configure(terms or presets.partner_program(), key=KEY)
        self.partner = await self.world.customer("partner@agency.example.com")
        self.code = await self.world.code(self.partner, KEY)
        return self

    @property
    def whose(self) -> dict[str, str]:
        return {
            "project_id": self.world.project.id,
            "program_id": self.program.id,
            "customer_id": self.partner,
        }

    @property
    def team(self) -> dict[str, Any]:
        return {
            "team_id": self.world.team.id,
            "project_id": self.world.project.id,
            "now": self.world.clock.now(),
        }

    async def bring(self, email: str | None = None) -> str:
        friend = await self.world.customer(email)
        await self.world.apply(self.code, friend)
        return friend

    async def pays(self, friend: str, amount: int, currency: str = "usd", **more: Any) -> int:
        """Have a friend pay an invoice; returns its number."""
        self.paid += 1
        await self.bill(friend, self.paid, amount, currency, **more)
        await self.world.work()
        self.world.clock.advance(timedelta(seconds=1))
        return self.paid

    async def bill(
        self,
        friend: str,
        number: int,
        amount: int,
        currency: str = "usd",
        **more: Any,
    ) -> None:
        now = self.world.clock.now()
        value = StripeInvoice(
            id=f"in_{number}",
            customer_id="cus_any",
            subscription_id=None,
            subscription_metadata={},
            metadata={},
            number=None,
            status="paid",
            billing_reason="subscription_cycle",
            currency=currency,
            subtotal=amount,
            total=amount,
            total_excluding_tax=amount,
            amount_due=amount,
            amount_paid=amount,
            amount_remaining=0,
            payment_intent_ids=(f"pi_{number}",),
            hosted_invoice_url=None,
            invoice_pdf=None,
            period_start=now,
            period_end=now,
            paid_at=now,
            created=now,
            amount_credited=0,
        )
        await self._store(invoices.store, friend, replace(value, **more))

    async def charge(self, friend: str, number: int, *, refunded: int = 0, fingerprint: str | None = None) -> None:
        value = StripePayment(
            intent_id=f"pi_{number}",
            charge_id=f"ch_{number}",
            customer_id="cus_any",
            status="succeeded",
            amount=10_000,
            amount_received=10_000,
            amount_refunded=refunded,
            currency="usd",
            disputed=False,
            failure_message=None,
            metadata={},
            created=self.world.clock.now(),
            fingerprint=fingerprint,
        )
        await self._store(payments.store, friend, value)
        await self.world.work()
        self.world.clock.advance(timedelta(seconds=1))

    async def _store(self, store: Any, friend: str, value: Any) -> None:
        now = self.world.clock.now()
        await self.world.db.write(
            store,
            team_id=self.world.team.id,
            project_id=self.world.project.id,
            customer_id=friend,
            value=value,
            fetched_at=now,
            at=now,
            now=now,
        )

    async def edit(self, terms: Terms, applies: Any = "from_date", from_at: datetime | None = None) -> None:
        await self.world.db.write(
            edit_terms,
            project_id=self.world.project.id,
            key=KEY,
            content=terms,
            applies=applies,
            from_at=from_at,
            at=self.world.clock.now(),
        )
        self.world.clock.advance(timedelta(seconds=2))

    async def rate(self, basis_points: int | None, applies: Any = "from_date") -> None:
        await self.world.db.write(
            participants.set_rate,
            **self.whose,
            basis_points=basis_points,
            applies=applies,
            from_at=None,
            at=self.world.clock.now(),
        )
        self.world.clock.advance(timedelta(seconds=2))

    async def rewards(self) -> list[Reward]:
        ids = [each.id for each in await self.world.referrals_of(self.code)]
        found = await self.world.db.read(rewards_of_referrals, self.world.project.id, ids)
        return sorted(found, key=lambda each: (each.created_at, each.id))

    async def amounts(self) -> list[int]:
        return [each.amount for each in await self.rewards()]

    async def balances(self, unit: str = "usd") -> Balances:
        return await self.world.balances(self.partner, unit, KEY)


def of_share(basis_points: int, **more: Any) -> Terms:
    rule = Rule("referrer", "payment", Share(basis_points), "payout", **more)
    return Terms(converts_on="payment", enrolment="application", rules=(rule,))
