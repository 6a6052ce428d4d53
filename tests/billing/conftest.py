"""What the tests of billing start from: a team with two projects."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from billfold.domain.billing.customers import Customer, add_customer, new_customer
from billfold.domain.tenancy.projects import create_project
from billfold.domain.tenancy.teams import create_team
from billfold.infrastructure.db.database import Database, Writing
from tests.billing.stripe_values import START


@dataclass(frozen=True, slots=True)
class House:
    """The ids of a team and of two of its projects."""

    team_id: str
    project_id: str
    other_project_id: str


async def build_house(tx: Writing) -> House:
    team = await create_team(tx, name="Example", now=START)
    first = await create_project(tx, team_id=team.id, name="First", now=START)
    second = await create_project(tx, team_id=team.id, name="Second", now=START)
    return House(team_id=team.id, project_id=first.id, other_project_id=second.id)


@pytest.fixture
async def house(db: Database) -> House:
    return await db.write(build_house)


@pytest.fixture
async def customer(db: Database, house: House) -> Customer:
    row = new_customer(
        team_id=house.team_id,
        project_id=house.project_id,
        email="jane@example.com",
        name=None,
        stripe_customer_id="cus_1",
        metadata={},
        at=START,
        now=START,
    )
    return await db.write(add_customer, row)
