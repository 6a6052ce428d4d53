"""A random history of one shop: what its customers, its software, Stripe and the clock may do, in any order (SCENARIOS G9)."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.sweep import SWEEP_JOB
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import enqueue, jobs
from tests.app_fixtures import InstalledTeam, RunningBillfold

# The credit of a customer who was deleted is tried again, and in the end shown to a person: it waits here for ever.
_WAITING: Final = query(
    sa.select(jobs.c.name).where(
        jobs.c.team_id == sa.bindparam("team_id"),
        sa.or_(jobs.c.last_error.is_(None), ~jobs.c.last_error.contains("The customer was deleted.")),
    ),
    str,
)
LONGEST_UNSWEPT_DAYS: Final = 28


class History:
    """Acts at random on a team of its own; `heal` lets everything arrive that is on its way."""

    def __init__(
        self, app: RunningBillfold, team: InstalledTeam, seed: int, *, with_clock_set_back: bool = False
    ) -> None:
        self.app = app
        self.team = team
        self.told: list[str] = []
        self._chance = random.Random(seed)
        self._customers: list[str] = []
        self._codes: list[str] = []
        self._subscriptions: list[str] = []
        self._sessions: list[str] = []
        self._disputes: list[str] = []
        self._price = ""
        self._unswept_days = 0
        self._set_back = timedelta()
        # How often each happens, beside what happens.
        self._actions: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (4, self._meet_a_customer),
            (3, self._give_a_code),
            (6, self._claim),
            (6, self._open_a_checkout),
            (6, self._complete_a_checkout),
            (3, self._let_time_pass),
            (2, self._refund),
            (1, self._dispute),
            (1, self._decide_a_dispute),
            (2, self._cancel_or_resume),
            (1, self._delete_a_customer),
            (3, self._change_the_delivery),
            (6, self._work),
        ]
        if with_clock_set_back:
            self._actions.append((2, self._set_the_clock_back))

    async def begin(self) -> None:
        """Open the shop."""
        config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500}
        await self._call("PUT", "/referrals/config", config)
        product = (await self._call("POST", "/products", {"name": "Pro"}))["product"]["id"]
        price = {"unitAmount": 2900, "interval": "month", "type": "recurring"}
        self._price = (await self._call("POST", f"/products/{product}/prices", price))["price"]["id"]

    async def act(self, times: int) -> None:
        """Do that many things, each chosen at random."""
        weights, actions = zip(*self._actions, strict=True)
        for action in self._chance.choices(actions, weights, k=times):
            await action()

    async def heal(self) -> None:
        """Deliver well from now on, sweep for what was lost, and let what had to wait come due, until nothing is left."""
        await self._control("delivery", {})
        for _ in range(5):
            await self.app.drain()
            await self.app.services.db.write(self._ask_for_a_sweep)
            await self.app.drain()
            if not await self.app.services.db.read(lambda tx: tx.all(_WAITING, team_id=self.team.team_id)):
                return
            # What was put off before the clock was set back is due by the time that was set then.
            self.app.clock.advance(max(timedelta(hours=1), self._set_back))
        raise AssertionError("jobs are left that never end")

    async def _ask_for_a_sweep(self, tx: Writing) -> None:
        await enqueue(tx, SWEEP_JOB, {}, now=self.app.clock.now(), key=SWEEP_JOB)

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API; it may refuse what makes no sense, and never fails."""
        answer = await self.app.anonymous.request(method, self.team.path + path, json=body, headers=self.team.headers)
        self._tell(f"{method} {path} {body}: {answer.status_code}")
        assert answer.status_code < 500, answer.text
        return answer.json() if answer.status_code < 300 else None

    async def _control(self, path: str, body: Any) -> Any:
        address = f"/simulator/{self.team.team_id}/{path}"
        answer = await self.app.anonymous.post(address, json=body, headers=self.team.headers)
        self._tell(f"{path} {body}: {answer.status_code}")
        assert answer.status_code < 500, answer.text
        return answer.json() if answer.status_code < 300 else None

    def _tell(self, line: str) -> None:
        self.told.append(line)

    def _any(self, among: list[str]) -> str:
        return self._chance.choice(among) if among else "none"

    async def _meet_a_customer(self) -> None:
        made = await self._call("POST", "/customers", {"email": f"c{self._chance.randrange(40)}@example.com"})
        if made is not None:
            self._customers.append(made["customer"]["id"])

    async def _give_a_code(self) -> None:
        made = await self._call("POST", "/referrals/codes", {"customerId": self._any(self._customers)})
        if made is not None:
            self._codes.append(made["code"]["code"])

    async def _claim(self) -> None:
        body = {"code": self._any(self._codes), "refereeCustomerId": self._any(self._customers)}
        await self._call("POST", "/referrals/apply", body)

    async def _open_a_checkout(self) -> None:
        body = {
            "customerId": self._any(self._customers),
            "priceId": self._price,
            "successUrl": "https://example.com/ok",
            "cancelUrl": "https://example.com/no",
            **({"trialDays": 7} if self._chance.random() < 0.2 else {}),
        }
        made = await self._call("POST", "/checkout", body)
        if made is not None:
            self._sessions.append(made["sessionId"])

    async def _complete_a_checkout(self) -> None:
        how = {
            "outcome": "paid" if self._chance.random() < 0.8 else "declined",
            "renewals": "paid" if self._chance.random() < 0.8 else "declined",
        }
        done = await self._control(f"checkout/{self._any(self._sessions)}/complete", how)
        if done is not None and done["session"]["subscription"]:
            self._subscriptions.append(done["session"]["subscription"])

    async def _let_time_pass(self) -> None:
        days = self._chance.randint(1, 25)
        # The sweep comes every hour. What it has not seen for thirty days has left Stripe's list and is lost for good.
        if self._unswept_days + days > LONGEST_UNSWEPT_DAYS:
            await self.app.services.db.write(self._ask_for_a_sweep)
            await self._work()
            self._unswept_days = 0
        await self._control("clock", {"advance_days": days})
        self._unswept_days += days

    async def _set_the_clock_back(self) -> None:
        """Set this machine's clock back; Stripe's goes on as before."""
        back = self._chance.choice([timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)])
        self._tell(f"clock set back by {back}")
        self.app.clock.advance(-back)
        self._set_back += back
        await self._control("clock", {"advance_days": back / timedelta(days=1)})

    async def _refund(self) -> None:
        amount = {"amount": self._chance.randint(1, 2900)} if self._chance.random() < 0.5 else {}
        await self._control("refunds", {"subscriptionId": self._any(self._subscriptions), **amount})

    async def _dispute(self) -> None:
        made = await self._control("disputes", {"subscriptionId": self._any(self._subscriptions)})
        if made is not None:
            self._disputes.append(made["dispute"]["id"])

    async def _decide_a_dispute(self) -> None:
        outcome = self._chance.choice(["won", "lost"])
        await self._control(f"disputes/{self._any(self._disputes)}/close", {"outcome": outcome})

    async def _cancel_or_resume(self) -> None:
        listed = await self._call("GET", "/subscriptions?activeOnly=false&limit=100")
        mine = f"/subscriptions/{self._any([each['id'] for each in listed['subscriptions']])}"
        if self._chance.random() < 0.3:
            await self._call("DELETE", mine)
        else:
            await self._call("PATCH", mine, {"cancelAtPeriodEnd": self._chance.random() < 0.6})

    async def _delete_a_customer(self) -> None:
        if self._chance.random() < 0.3:
            await self._call("DELETE", f"/customers/{self._any(self._customers)}")

    async def _change_the_delivery(self) -> None:
        plan = {
            "duplicate": self._chance.randint(0, 2),
            "shuffle": self._chance.random() < 0.5,
            "drop": self._chance.choice([0, 0, 0.3, 1.0]),
            "delay_ms": self._chance.choice([0, 0, 60_000]),
            "seed": self._chance.randrange(1000),
        }
        await self._control("delivery", plan)

    async def _work(self) -> None:
        self._tell(f"{await self.app.drain()} jobs ran")
