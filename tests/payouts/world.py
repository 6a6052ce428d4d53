"""A project whose partners earned something: the world of the payout tests. Stripe is the simulator's own server or a double."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from billfold.base.clock import Clock
from billfold.base.crypto import Sealer
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.ledger import transfers
from billfold.domain.payouts import batches, methods, payouts
from billfold.domain.payouts.batches import Batch
from billfold.domain.payouts.connect import begin_onboarding, refresh_account
from billfold.domain.payouts.methods import Details, PayPal
from billfold.domain.payouts.payouts import Payout
from billfold.domain.payouts.preparation import prepare_batch
from billfold.domain.payouts.settings import PayoutSettings, put_settings, settings_of
from billfold.domain.referrals import presets
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals.awards import posting
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.rewards import Reward
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.stripe.client import connect
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe_simulator import create_simulator
from billfold.subscribers import JOBS, SUBSCRIBERS
from tests.payouts.making import KEY, give, new_commission, prove
from tests.referrals.world import World

TERMS = presets.partner_program(min_payout_cents=5000)


class SimulatedStripe:
    """The gateways of one team: the client that production uses, on the simulator, called in memory."""

    def __init__(self, db: Database, clock: Clock, sealer: Sealer) -> None:
        self.simulator = create_simulator(db, clock, sealer, _sent_nowhere, public_url="http://127.0.0.1:8000")
        self.client: StripeGateway

    async def open(self, db: Database, team_id: str) -> None:
        account = await db.write(self.simulator.create_account, team_id=team_id, name="Acme")
        # No retries of the library's own: what they would hide is what the tests are about.
        self.client = connect(account.secret_key, transport=self.simulator.asgi, retries=0)

    async def gateway(self, team_id: str) -> StripeGateway:
        assert team_id
        return self.client


async def _sent_nowhere(team_id: str, headers: Mapping[str, str], body: bytes) -> int:
    del team_id, headers, body
    return 200


class PayoutWorld(World):
    """Partners who earn, and a simulated Stripe that pays them."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.sealer = Sealer(b"k" * 32)
        self.simulated = SimulatedStripe(db, self.clock, self.sealer)
        handlers = {each.job: each.handler(self.simulated) for each in (*SUBSCRIBERS, *JOBS)}
        self.worker = Worker(db, {**handlers, **self.simulated.simulator.handlers}, self.clock)
        self.program: Program
        self._referral_of: dict[str, str] = {}

    async def start(self) -> PayoutWorld:
        await super().start()
        self.program = await self.configure(TERMS, key=KEY)
        await self.simulated.open(self.db, self.team.id)
        return self

    async def connected(self) -> str:
        """Return a partner who is paid by Stripe."""
        partner = await self.partner(method=False)
        address = await self.onboard(partner)
        *_, account_id, token = address.split("/")
        assert await self.simulated.simulator.finish_onboarding(self.team.id, account_id, token, is_refused=False)
        await refresh_account(
            self.db, self.simulated.client, project_id=self.project.id, customer_id=partner, now=self.clock.now()
        )
        return partner

    async def onboard(self, partner: str) -> str:
        """Return the address of the onboarding page."""
        return await begin_onboarding(
            self.db,
            self.simulated.client,
            self.sealer,
            project_id=self.project.id,
            customer_id=partner,
            return_url="https://app.example.com/back",
            refresh_url="https://app.example.com/again",
            at=self.clock.now(),
            now=self.clock.now(),
        )

    async def close_account(self) -> None:
        """Have Stripe switch the latest account's transfers off, as it does when papers expire."""

        async def unit(ws: Any) -> None:
            entry, *_ = await ws.page("account", by=None, value=None, cursor=2**62, newest_first=True, limit=10)
            ws.change(entry, {"capabilities": {**entry.document["capabilities"], "transfers": "inactive"}})

        await self.db.write(self.simulated.simulator.change, self.team.id, unit, self.clock.now())

    async def faults(self, **kinds: int) -> None:
        """Have the next calls of Stripe fail."""
        await self.simulated.simulator.configure(self.team.id, "faults", kinds)

    async def transfers(self) -> list[dict[str, Any]]:
        """Return every transfer that Stripe holds, by its own list."""
        page = await self.simulated.client._requests.get("transfers", {"limit": 100})  # type: ignore[attr-defined]
        return list(page["data"])

    async def partner(
        self, details: Details | None = None, *, method: bool = True, proved: bool = True, email: str | None = None
    ) -> str:
        """Return a customer who earns by the program."""
        partner, friend = await self.customer(email), await self.customer()
        code = await self.code(partner, KEY)
        self._referral_of[partner] = (await self.apply(code, friend)).id
        if proved:
            await self.db.write(prove, self.project.id, partner, self.clock.now())
        if method:
            await self.set_method(partner, details or PayPal("wren@example.com"))
        return partner

    async def set_method(self, partner: str, details: Details, *, is_ready: bool = True) -> None:
        await self.db.write(
            methods.set_method,
            self.sealer,
            project_id=self.project.id,
            customer_id=partner,
            details=details,
            at=self.clock.now(),
            is_ready=is_ready,
        )

    async def earn(self, partner: str, amount: int, unit: str = "usd") -> str:
        """Give a partner a commission that is available."""
        reward = new_commission(
            self.program,
            partner=partner,
            referral_id=self._referral_of[partner],
            amount=amount,
            unit=unit,
            at=self.clock.now(),
        )
        await self.db.write(give, reward)
        return reward.id

    async def take_back(self, reward_id: str, amount: int) -> None:
        """Reduce a commission, as a refund does."""

        async def unit(tx: Writing) -> None:
            reward = await reward_rows.lock(tx, self.project.id, reward_id)
            assert reward is not None
            at = self.clock.now()
            await transfers.reverse(
                tx, replace(posting(reward, 9, amount, at=at), key=f"{reward_id}:{new_id('x_')}"), held=False
            )
            await reward_rows.set_amount(tx, reward, reward.amount - amount, at=at)

        await self.db.write(unit)

    async def settings(self, **changes: Any) -> PayoutSettings:
        """Change the program's settings for payouts."""
        present = await self.db.read(settings_of, self.project.id, self.program.id)
        return await self.db.write(put_settings, replace(present, **changes), at=self.clock.now())

    async def batch(self, **chosen: Any) -> Batch:
        """Prepare a batch."""
        begun = await self.begin_batch(**chosen)
        assert await prepare_batch(self.db, project_id=self.project.id, batch_id=begun.id, now=self.clock.now())
        return await self.db.read(batches.get_batch, self.project.id, begun.id)

    async def begin_batch(self, **chosen: Any) -> Batch:
        return await self.db.write(
            batches.add_batch,
            team_id=self.team.id,
            program=self.program,
            by="wren@example.com",
            now=self.clock.now(),
            **chosen,
        )

    async def approve(self, batch: Batch) -> None:
        """Say that what a batch prepared may be paid."""
        at = self.clock.now()
        await self.db.write(batches.approve, self.project.id, batch.id, by="wren@example.com", at=at)

    async def send(self, batch: Batch) -> None:
        """Approve and send a batch, and let the jobs do it."""
        at = self.clock.now()
        await self.approve(batch)
        await self.db.write(batches.send, self.project.id, batch.id, at=at, now=at)
        await self.work()

    async def payouts(self) -> list[Payout]:
        """Return all payouts, oldest first."""
        found = await self.db.read(payouts.list_payouts, self.project.id, Page(limit=1000))
        return [each.payout for each in reversed(found)]

    async def the_payout(self) -> Payout:
        (found,) = await self.payouts()
        return found

    async def reward(self, reward_id: str) -> Reward:
        found = await self.db.write(reward_rows.lock, self.project.id, reward_id)
        assert found is not None
        return found

    def now(self) -> datetime:
        return self.clock.now()
