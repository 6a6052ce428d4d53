"""A project with customers whose wallets may be filled and emptied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from billfold.base.clock import MovableClock
from billfold.base.paging import Page
from billfold.domain.billing import customers
from billfold.domain.ledger.statement import Balances, balances
from billfold.domain.ledger.transfers import Transfer
from billfold.domain.ledger.wallets import WALLET
from billfold.domain.tenancy import projects, teams
from billfold.domain.tenancy.audit_log import SYSTEM
from billfold.domain.wallets import allowances, entries, grants, wallets
from billfold.domain.wallets.grants import Grant
from billfold.domain.wallets.spends import SpendRequest, SpendResult, spend_many
from billfold.domain.wallets.wallets import Holding
from billfold.infrastructure.db.database import Database, Writing

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
UNIT = "ai_credits"
_NOTHING = Holding(UNIT, 0, 0, 0, None, 0, None)


@dataclass
class World:
    """A team, its project, and verbs that a test reads as sentences; every key is new unless it is given."""

    db: Database
    clock: MovableClock
    team_id: str = ""
    project_id: str = ""

    async def start(self) -> World:
        """Make the team and its project."""
        self._numbers = count(1)

        async def unit(tx: Writing) -> tuple[str, str]:
            team = await teams.create_team(tx, name="Acme", now=AT)
            return team.id, (await projects.create_project(tx, team_id=team.id, name="Docs", now=AT)).id

        self.team_id, self.project_id = await self.db.write(unit)
        return self

    async def customer(self, project_id: str | None = None) -> str:
        """Make a customer."""
        number = next(self._numbers)
        customer = customers.new_customer(
            team_id=self.team_id,
            project_id=project_id or self.project_id,
            email=f"{number}@example.com",
            name=None,
            stripe_customer_id=f"cus_{number}",
            metadata={},
            at=AT,
            now=AT,
        )
        return (await self.db.write(customers.add_customer, customer)).id

    def grant_of(
        self, customer_id: str, amount: int, *, key: str = "", lasts: timedelta | None = None, unit: str = UNIT
    ) -> Grant:
        """Return a grant from now on."""
        at = self.clock.now()
        return Grant(
            project_id=self.project_id,
            customer_id=customer_id,
            unit=unit,
            amount=amount,
            key=key or f"grant-{next(self._numbers)}",
            source="reward",
            source_id="rw_1",
            expires_at=None if lasts is None else at + lasts,
            at=at,
        )

    async def grant(
        self, customer_id: str, amount: int, *, key: str = "", lasts: timedelta | None = None, unit: str = UNIT
    ) -> bool:
        """Put credits into a wallet."""
        grant = self.grant_of(customer_id, amount, key=key, lasts=lasts, unit=unit)
        (is_new,) = await self.db.write(grants.add_grants, [grant])
        return is_new

    def request(self, customer_id: str, amount: int, *, key: str = "", unit: str = UNIT) -> SpendRequest:
        """Return what an app asks."""
        key = key or f"spend-{next(self._numbers)}"
        return SpendRequest(self.project_id, customer_id, unit, amount, key, self.clock.now())

    async def spend_all(self, requests: Sequence[SpendRequest]) -> list[SpendResult]:
        """Send requests in one unit."""
        return await self.db.write(spend_many, requests)

    async def spend(self, customer_id: str, amount: int, *, key: str = "", unit: str = UNIT) -> SpendResult:
        """Send one request."""
        (result,) = await self.spend_all([self.request(customer_id, amount, key=key, unit=unit)])
        return result

    async def take_back(self, key: str, amount: int | None = None) -> int:
        """Take back what is unspent of a grant."""
        return await self.db.write(
            grants.take_back, project_id=self.project_id, key=key, amount=amount, at=self.clock.now()
        )

    async def set_allowance(self, monthly: int, *, unit: str = UNIT) -> None:
        """Set the monthly allowance."""
        now = self.clock.now()
        await self.db.write(
            allowances.set_allowance,
            team_id=self.team_id,
            project_id=self.project_id,
            unit=unit,
            monthly_allowance=monthly,
            actor=SYSTEM,
            at=now,
            now=now,
        )

    async def close_expired(self) -> int:
        """Do what the recurring job does."""
        at = self.clock.now()
        expired = await self.db.read(grants.find_expired, team_id=self.team_id, at=at)
        return await self.db.write(grants.close_expired, expired, at=at)

    async def holding(self, customer_id: str, unit: str = UNIT) -> Holding:
        """Return what a customer can spend now."""
        found = await self.db.read(
            wallets.holdings, project_id=self.project_id, customer_id=customer_id, at=self.clock.now()
        )
        return next((each for each in found if each.unit == unit), _NOTHING)

    async def ledger(self, customer_id: str, unit: str = UNIT) -> Balances:
        """Return the wallet's accounts."""
        return await self.db.read(
            balances, project_id=self.project_id, program_id=WALLET, owner_id=customer_id, unit=unit
        )

    async def lines(self, customer_id: str, unit: str = UNIT) -> list[Transfer]:
        """Return the wallet's lines, newest first."""
        return await self.db.read(
            entries.list_entries, project_id=self.project_id, customer_id=customer_id, unit=unit, page=Page()
        )
