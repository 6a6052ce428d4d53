"""A statement is the ledger, read by the month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billfold.base.errors import Invalid, NotFound
from billfold.domain.payouts.outcomes import mark_paid
from billfold.domain.payouts.statement import (
    Statement,
    before,
    month_bounds,
    months_of,
    require_begun,
    statement_of,
    units_of,
)
from tests.payouts.making import KEY
from tests.payouts.world import PayoutWorld


async def read(world: PayoutWorld, partner: str, month: str, unit: str = "usd") -> Statement:
    return await world.db.read(
        statement_of,
        project_id=world.project.id,
        program_id=world.program.id,
        owner_id=partner,
        unit=unit,
        month=month,
    )


async def test_three_months_of_a_partner_add_up_to_his_ledger(world: PayoutWorld) -> None:
    """March: earned. April: paid, and a refund after it. May: earned again, the refund netted."""
    partner = await world.partner()
    first = await world.earn(partner, 6000)
    world.clock.advance(timedelta(days=10))
    await world.approve(await world.batch())
    payout = await world.the_payout()
    await world.db.write(
        mark_paid, project_id=world.project.id, payout_id=payout.id, reference="bank 1", now=world.now()
    )
    await world.take_back(first, 1500)
    world.clock.advance(timedelta(days=30))
    await world.earn(partner, 8000)
    await world.batch()
    march, april, may = [await read(world, partner, month) for month in ("2026-03", "2026-04", "2026-05")]
    assert (march.opening.total, march.closing.total) == (0, 6000)
    assert (april.opening.total, april.closing.total) == (6000, -1500)
    assert (may.opening.total, may.closing.total) == (-1500, 6500)
    assert (may.closing.available, may.closing.in_transit) == (0, 6500)
    for each in (march, april, may):
        assert each.opening.total + sum(line.effect for line in each.lines) == each.closing.total
        assert [line.balance for line in each.lines][-1] == each.closing.total
    balances = await world.balances(partner, key=KEY)
    assert may.closing.total == balances.held + balances.available + balances.in_transit
    assert (april.closing, may.opening) == (may.opening, april.closing)


async def test_there_is_one_for_each_currency(world: PayoutWorld) -> None:
    partner = await world.partner()
    await world.earn(partner, 6000)
    await world.earn(partner, 700, "jpy")
    where: dict[str, Any] = {
        "project_id": world.project.id,
        "program_id": world.program.id,
        "owner_id": partner,
    }
    assert await world.db.read(units_of, **where) == ["jpy", "usd"]
    assert (await read(world, partner, "2026-03", "jpy")).closing.total == 700
    world.clock.advance(timedelta(days=60))
    months = await world.db.read(months_of, **where, unit="usd", at=world.now())
    assert months == ["2026-05", "2026-04", "2026-03"]


async def test_another_projects_partner_has_an_empty_one(world: PayoutWorld) -> None:
    partner = await world.partner()
    await world.earn(partner, 6000)
    found = await world.db.read(
        statement_of,
        project_id="proj_other",
        program_id=world.program.id,
        owner_id=partner,
        unit="usd",
        month="2026-03",
    )
    assert (found.lines, found.closing.total) == ([], 0)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "26-01", "2026-00", "9999-01", "x", "2026-\u0660\u0661"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(Invalid):
        month_bounds(month)


def test_a_month_to_come_has_no_statement() -> None:
    at = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    assert require_begun("2026-11", at) == "2026-11"
    for month in ("2026-12", "2027-01"):
        with pytest.raises(NotFound, match="has not begun"):
            require_begun(month, at)


def test_a_month_begins_where_the_one_before_ends() -> None:
    assert month_bounds("2026-12")[1] == month_bounds("2027-01")[0]
    assert (before("2026-01"), before("2026-03")) == ("2025-12", "2026-02")
