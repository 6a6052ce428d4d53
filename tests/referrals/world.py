"""A project with customers who may refer each other, for the tests of referrals and of what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from billfold.base.clock import MovableClock
from billfold.base.paging import Page
from billfold.base.signing import Signer
from billfold.domain.billing import customers, subscriptions
from billfold.domain.ledger.statement import Balances, balances
from billfold.domain.referrals import claims, codes, presets, programs, referrals
from billfold.domain.referrals.checkouts import checkout_handlers
from billfold.domain.referrals.codes import Code
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.referrals import Referral
from billfold.domain.referrals.terms import Terms
from billfold.domain.tenancy import projects, teams
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.stripe.port import StripeRejected
from billfold.infrastructure.stripe.values import StripeBalanceTransaction, StripeSubscription
from billfold.subscribers import JOBS, SUBSCRIBERS

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
KEY = "customer_referrals"
SIGNER = Signer(b"k" * 32, purpose="click")
TERMS = presets.customer_referrals(referrer_cents=1000, referee_cents=500, currency="usd")


@dataclass
class CreditingStripe:
    """A double of the port: keeps balances and idempotency keys, and fails when it is told to."""

    made: list[StripeBalanceTransaction] = field(default_factory=list)
    keys: dict[str, StripeBalanceTransaction] = field(default_factory=dict)
    refuse: set[str] = field(default_factory=set)
    fail_after_effect: int = 0
    calls: int = 0

    async def gateway(self, team_id: str) -> Any:
        assert team_id
        return self

    async def create_balance_transaction(
        self,
        customer_id: str,
        *,
        amount: int,
        currency: str,
        description: str,
        metadata: dict[str, str],
        idempotency_key: str,
    ) -> StripeBalanceTransaction:
        assert description
        self.calls += 1
        if customer_id in self.refuse:
            raise StripeRejected("You cannot combine currencies on a single customer.")
        if idempotency_key not in self.keys:
            made = StripeBalanceTransaction(
                f"cbtxn_{len(self.made)}", customer_id, amount, currency, amount, metadata, AT
            )
            self.made.append(made)
            self.keys[idempotency_key] = made
        if self.fail_after_effect:
            self.fail_after_effect -= 1
            raise TimeoutError("no answer")
        return self.keys[idempotency_key]

    async def get_checkout_of_subscription(self, subscription_id: str, *, customer_id: str | None) -> None:
        assert subscription_id
        del customer_id

    async def get_used_promotion_codes(self, invoice_id: str) -> tuple[str, ...]:
        assert invoice_id
        return ()

    async def list_balance_transactions(
        self, customer_id: str, *, after: str | None = None
    ) -> list[StripeBalanceTransaction]:
        newest_first = [each for each in reversed(self.made) if each.customer_id == customer_id]
        start = 0 if after is None else [each.id for each in newest_first].index(after) + 1
        return newest_first[start : start + 100]


class World:
    """One team with one project; `clock` is the wall clock."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = MovableClock(AT)
        self.stripe = CreditingStripe()
        self._customers = 0
        self._subscriptions = 0
        db.subscriptions = {
            event: tuple(each.job for each in SUBSCRIBERS if each.event.name == event)
            for event in {each.event.name for each in SUBSCRIBERS}
        }
        handlers = {each.job: each.handler(self.stripe) for each in (*SUBSCRIBERS, *JOBS)}
        self.worker = Worker(db, {**handlers, **checkout_handlers(self.stripe, SIGNER)}, self.clock)

    async def start(self) -> World:
        async def unit(tx: Writing) -> None:
            self.team = await teams.create_team(tx, name="Acme", now=AT)
            self.project = await projects.create_project(tx, team_id=self.team.id, name="Docs", now=AT)

        await self.db.write(unit)
        await self.configure()
        return self

    async def configure(self, terms: Terms = TERMS, *, enabled: bool = True, key: str = KEY) -> Program:
        return await self.db.write(
            programs.configure, project_id=self.project.id, key=key, enabled=enabled, content=terms, at=self.clock.now()
        )

    async def customer(self, email: str | None = None) -> str:
        self._customers += 1
        number = self._customers
        new = customers.new_customer(
            team_id=self.team.id,
            project_id=self.project.id,
            email=email or f"person{number}@example.com",
            name=None,
            stripe_customer_id=f"cus_{number}",
            metadata={},
            at=self.clock.now(),
            now=self.clock.now(),
        )
        return (await self.db.write(customers.add_customer, new)).id

    async def code(self, customer_id: str, key: str = KEY) -> str:
        async def unit(tx: Writing) -> tuple[Code, bool]:
            program = await programs.ensure(tx, project_id=self.project.id, key=key, content=TERMS, at=self.clock.now())
            return await codes.create_code(tx, program, customer_id, at=self.clock.now())

        return (await self.db.write(unit))[0].code

    async def apply(self, code: str, referee_id: str) -> Referral:
        return await self.db.write(
            claims.apply, project_id=self.project.id, code=code, referee_id=referee_id, at=self.clock.now()
        )

    async def subscribe(self, customer_id: str, status: str = "active", stripe_id: str | None = None) -> str:
        self._subscriptions += 1
        value = StripeSubscription(
            id=stripe_id or f"sub_{self._subscriptions}",
            customer_id="cus_any",
            status=status,
            items=(),
            cancel_at_period_end=False,
            current_period_start=self.clock.now(),
            current_period_end=self.clock.now() + timedelta(days=30),
            trial_end=None,
            canceled_at=None,
            ended_at=None,
            metadata={},
            created=self.clock.now(),
        )
        await self.db.write(
            subscriptions.store,
            team_id=self.team.id,
            project_id=self.project.id,
            customer_id=customer_id,
            value=value,
            fetched_at=self.clock.now(),
            at=self.clock.now(),
            now=self.clock.now(),
        )
        return value.id

    async def work(self) -> None:
        """Run every due job, and every job that those leave."""
        await self.worker.drain()

    async def balances(self, customer_id: str, unit: str = "usd", key: str = KEY) -> Balances:
        program = await self.db.read(programs.find, self.project.id, key)
        assert program is not None
        return await self.db.read(
            balances, project_id=self.project.id, program_id=program.id, owner_id=customer_id, unit=unit
        )

    async def wallet(self, customer_id: str, unit: str = "ai_credits") -> Balances:
        return await self.db.read(
            balances, project_id=self.project.id, program_id="wallet", owner_id=customer_id, unit=unit
        )

    async def referrals_of(self, code: str) -> list[Referral]:
        found = await self.db.read(codes.get, self.project.id, code)
        return await self.db.read(referrals.referrals_of_code, self.project.id, found.id, Page(limit=1000))
