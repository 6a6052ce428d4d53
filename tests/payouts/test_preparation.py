"""Who is paid in a batch, what, and who is left out."""

from __future__ import annotations

import asyncio
import os
from typing import Final

import pytest

from billfold.base.errors import Conflict, Invalid
from billfold.domain.payouts import batches, payouts, preparation
from billfold.domain.payouts.methods import BankAccount, Connected
from billfold.domain.payouts.outcomes import mark_paid
from billfold.domain.payouts.payees import TaxProfile, put_tax_profile
from billfold.domain.payouts.preparation import prepare_batch, prepare_stretch
from billfold.domain.payouts.rules import (
    BELOW_MINIMUM,
    MAILBOX_NOT_PROVED,
    METHOD_NOT_OFFERED,
    NEGATIVE,
    NO_METHOD,
    NO_TAX_PROFILE,
    NOT_READY,
)
from billfold.domain.referrals import presets
from tests.payouts.making import KEY
from tests.payouts.world import PayoutWorld

# All of them with BILLFOLD_TEST_FULL=1.
COMMISSIONS: Final = 1_000 if os.environ.get("BILLFOLD_TEST_FULL") == "1" else 40


async def reasons(world: PayoutWorld) -> dict[str, str | None]:
    found = await preparation.preview_all(world.db, world.program)
    return {each.person.customer_id: each.reason for each in found}


@pytest.mark.parametrize(("cents", "is_paid"), [(4999, False), (5000, True)])
async def test_d7_the_minimum_is_inclusive(world: PayoutWorld, cents: int, is_paid: bool) -> None:  # noqa: FBT001 - a case
    partner = await world.partner()
    await world.earn(partner, cents)
    assert (await reasons(world))[partner] == (None if is_paid else BELOW_MINIMUM)
    batch = await world.batch()
    assert (batch.status, batch.payouts, batch.left_out) == ("prepared", int(is_paid), int(not is_paid))
    balances = await world.balances(partner, key=KEY)
    assert (balances.available, balances.in_transit) == ((0, cents) if is_paid else (cents, 0))


async def test_d7_a_negative_balance_is_not_paid_but_carried_over_and_netted(world: PayoutWorld) -> None:
    partner = await world.partner()
    reward = await world.earn(partner, 6000)
    await world.approve(await world.batch())
    paid = await world.the_payout()
    await world.db.write(mark_paid, project_id=world.project.id, payout_id=paid.id, reference="bank 1", now=world.now())
    assert (await world.reward(reward)).status == "settled"
    await world.take_back(reward, 2000)
    assert (await reasons(world))[partner] == NEGATIVE
    assert (await world.batch()).payouts == 0
    await world.earn(partner, 9000)
    batch = await world.batch()
    (netted,) = [each for each in await world.payouts() if each.batch_id == batch.id]
    assert netted.amount == 7000
    lines = await world.db.read(payouts.lines_of, world.project.id, netted.id)
    assert sorted(each.amount for each in lines) == [-2000, 9000]


@pytest.mark.parametrize(
    ("currency", "minimum", "below", "reached"),
    [
        ("jpy", 50, 49, 50),
        ("kwd", 50_000, 49_999, 50_000),
        ("eur", 5000, 4999, 5000),
        ("vnd", 1_000_000, 999_999, 1_000_000),
    ],
)
async def test_d3_the_minimum_of_a_currency_is_in_its_own_minor_units(
    world: PayoutWorld, currency: str, minimum: int, below: int, reached: int
) -> None:
    await world.settings(minimums={currency: minimum})
    poor, rich = await world.partner(), await world.partner()
    await world.earn(poor, below, currency)
    await world.earn(rich, reached, currency)
    assert await reasons(world) == {poor: BELOW_MINIMUM, rich: None}


async def test_d4_each_currency_is_a_payout_of_its_own_and_the_terms_minimum_is_the_projects_currencys(
    world: PayoutWorld,
) -> None:
    partner = await world.partner()
    for unit in ("usd", "eur", "jpy"):
        await world.earn(partner, 4000, unit)
    await world.batch()
    assert {(each.currency, each.amount) for each in await world.payouts()} == {("eur", 4000), ("jpy", 4000)}


async def test_whoever_lacks_something_is_left_out_with_the_reason(world: PayoutWorld) -> None:
    stranger = await world.partner(proved=False)
    silent = await world.partner(method=False)
    connected = await world.partner(method=False)
    await world.set_method(connected, Connected("acct_1"), is_ready=False)
    banked = await world.partner(BankAccount("Wren", "DE", iban="DE89 3704 0044 0532 0130 00"))
    for each in (stranger, silent, connected, banked):
        await world.earn(each, 9000)
    await world.settings(methods=["paypal", "stripe_connect"])
    assert await reasons(world) == {
        stranger: MAILBOX_NOT_PROVED,
        silent: NO_METHOD,
        connected: NOT_READY,
        banked: METHOD_NOT_OFFERED,
    }
    assert (await world.batch()).payouts == 0


async def test_a_tax_profile_can_be_required(world: PayoutWorld) -> None:
    partner = await world.partner()
    await world.earn(partner, 9000)
    await world.settings(tax_profile_required=True)
    assert (await reasons(world))[partner] == NO_TAX_PROFILE
    profile = TaxProfile("Wren Ltd", "DE", "DE 123 456 789", "w8bene")
    where = {"project_id": world.project.id, "customer_id": partner}
    await world.db.write(put_tax_profile, world.sealer, **where, profile=profile, at=world.now())
    assert (await reasons(world))[partner] is None


async def test_what_is_prepared_is_taken_once(world: PayoutWorld) -> None:
    partner = await world.partner()
    await world.earn(partner, 9000)
    assert (await world.batch()).payouts == 1
    assert (await world.batch()).payouts == 0


async def test_c8_two_batches_at_once_take_each_commission_once(world: PayoutWorld) -> None:
    partners = [await world.partner() for _ in range(10)]
    for number in range(COMMISSIONS):
        await world.earn(partners[number % 10], 2000 + number)
    one, other = await world.begin_batch(), await world.begin_batch()

    async def prepare(batch_id: str) -> bool:
        return await prepare_batch(world.db, project_id=world.project.id, batch_id=batch_id, now=world.now())

    assert all(await asyncio.gather(prepare(one.id), prepare(other.id)))
    made = await world.payouts()
    assert sum(each.amount for each in made) == sum(2000 + number for number in range(COMMISSIONS))
    lines = [
        line.reward_id for each in made for line in await world.db.read(payouts.lines_of, world.project.id, each.id)
    ]
    assert len(lines) == len(set(lines)) == COMMISSIONS


async def test_a_batch_goes_on_after_a_crash_where_it_stopped(
    world: PayoutWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "STRETCH", 2)
    for _ in range(5):
        await world.earn(await world.partner(), 9000)
    batch = await world.begin_batch()
    assert not await world.db.write(prepare_stretch, project_id=world.project.id, batch_id=batch.id, now=world.now())
    with pytest.raises(Conflict):
        await world.db.write(batches.approve, world.project.id, batch.id, by="wren", at=world.now())
    await world.work()
    done = await world.db.read(batches.get_batch, world.project.id, batch.id)
    assert (done.status, done.payouts) == ("prepared", 5)


async def test_a_batch_can_be_for_some_and_for_one_currency(world: PayoutWorld) -> None:
    chosen, other = await world.partner(), await world.partner()
    for each in (chosen, other):
        await world.earn(each, 9000)
        await world.earn(each, 9000, "eur")
    assert (await world.batch(customer_ids=[chosen], currency="eur")).payouts == 1
    assert (await world.the_payout()).customer_id == chosen
    with pytest.raises(Invalid):
        await world.begin_batch(customer_ids=[])


async def test_the_preview_tells_fees_and_open_refunds_and_changes_nothing(world: PayoutWorld) -> None:
    await world.settings(fees={"paypal": [25, 200]})
    partner = await world.partner()
    first = await world.earn(partner, 6000)
    await world.approve(await world.batch())
    payout = await world.the_payout()
    await world.db.write(
        mark_paid, project_id=world.project.id, payout_id=payout.id, reference="bank 1", now=world.now()
    )
    await world.take_back(first, 1000)
    await world.earn(partner, 8000)
    (candidate,) = await preparation.preview_all(world.db, world.program)
    assert (candidate.due.amount, candidate.due.refunds, candidate.due.lines) == (7000, -1000, 2)
    assert (candidate.fee_amount, candidate.reason) == (25 + 140, None)
    assert (await world.balances(partner, key=KEY)).in_transit == 0


async def test_the_minimum_of_the_terms_can_be_changed(world: PayoutWorld) -> None:
    partner = await world.partner()
    await world.earn(partner, 100)
    world.program = await world.configure(presets.partner_program(min_payout_cents=0), key=KEY)
    assert (await reasons(world))[partner] is None
