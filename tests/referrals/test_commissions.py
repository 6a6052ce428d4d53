"""Commission rules in the database: edits, rates, pauses, tiers, self-referral, write-offs (D4, D6, D8, A12, A25, A28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from billfold.base.errors import Conflict, Invalid
from billfold.domain.ledger import transfers
from billfold.domain.ledger.statement import Balances
from billfold.domain.ledger.transfers import Posting
from billfold.domain.referrals import participants, programs, reviews
from billfold.domain.referrals.terms import Fixed, Rule, Share, Terms, Tier
from billfold.domain.referrals.terms_editing import preview_edit
from billfold.domain.referrals.verdicts import (
    Verdict,
    decide_review,
    restore_referral,
    restore_reward,
    void_referral,
    void_reward,
)
from billfold.domain.referrals.voids import voids_of
from billfold.domain.referrals.write_offs import write_off
from tests.referrals.partners import KEY, Partners, of_share
from tests.referrals.world import World


@pytest.fixture
async def partners(world: World) -> Partners:
    return await Partners(world).open()


async def test_an_edit_for_new_referrals_leaves_those_that_are_there(partners: Partners) -> None:
    old = await partners.bring()
    await partners.edit(of_share(1000), "new_referrals")
    new = await partners.bring()
    await partners.pays(old, 10_000)
    await partners.pays(new, 10_000)
    assert await partners.amounts() == [2000, 1000]


async def test_an_edit_from_a_date_counts_from_it_and_touches_nothing_earned(partners: Partners) -> None:
    friend = await partners.bring()
    number = await partners.pays(friend, 10_000)
    tomorrow = partners.world.clock.now() + timedelta(days=1)
    await partners.edit(of_share(1000), from_at=tomorrow)
    later = await partners.bring()
    await partners.pays(later, 10_000)
    partners.world.clock.advance(timedelta(days=2))
    await partners.pays(friend, 10_000)
    await partners.pays(later, 10_000)
    assert await partners.amounts() == [2000, 2000, 1000, 1000]
    # A refund of the first one is still reckoned by its own terms.
    await partners.charge(friend, number, refunded=5_000)
    assert await partners.amounts() == [1000, 2000, 1000, 1000]
    with pytest.raises(Invalid, match="past"):
        await partners.edit(of_share(500), from_at=tomorrow)


async def test_the_preview_recomputes_the_last_ninety_days_and_writes_nothing(partners: Partners) -> None:
    world = partners.world
    old = await partners.bring()
    await partners.pays(old, 10_000)
    world.clock.advance(timedelta(days=100))
    new = await partners.bring()
    await partners.pays(old, 10_000)
    await partners.pays(new, 3_000, "eur")

    async def previewed(applies: Any) -> Any:
        return await world.db.snapshot(
            preview_edit,
            project_id=world.project.id,
            key=KEY,
            content=of_share(3000),
            applies=applies,
            at=world.clock.now(),
        )

    everything = await previewed("from_date")
    assert (everything.payments, everything.changed, everything.is_complete) == (2, 2, True)
    assert [(each.unit, each.before, each.after, each.difference) for each in everything.totals] == [
        ("eur", 600, 900, 300),
        ("usd", 2000, 3000, 1000),
    ]
    assert {each.earner_id for each in everything.earners} == {partners.partner}
    newcomers = await previewed("new_referrals")
    assert [(each.unit, each.before, each.after) for each in newcomers.totals] == [
        ("eur", 600, 900),
        ("usd", 2000, 2000),
    ]
    assert newcomers.changed == 1
    program = await world.db.read(programs.find, world.project.id, KEY)
    assert program is not None
    assert program.terms_version == 1


async def test_a_partners_own_rate_goes_before_the_programs(partners: Partners) -> None:
    friend = await partners.bring()
    await partners.pays(friend, 10_000)
    await partners.rate(5000)
    await partners.pays(friend, 10_000)
    await partners.rate(4000, "new_referrals")
    await partners.pays(friend, 10_000)
    await partners.pays(await partners.bring(), 10_000)
    await partners.rate(None)
    await partners.pays(friend, 10_000)
    assert await partners.amounts() == [2000, 5000, 5000, 4000, 2000]
    with pytest.raises(Invalid):
        await partners.rate(10_001)


async def test_a12_a_paused_partner_earns_nothing_on_what_is_paid_meanwhile(partners: Partners) -> None:
    world, friend = partners.world, await partners.bring()
    await partners.pays(friend, 10_000)
    assert await world.db.write(participants.pause, **partners.whose, at=world.clock.now())
    assert not await world.db.write(participants.pause, **partners.whose, at=world.clock.now())
    await partners.pays(friend, 10_000)
    assert await world.db.write(participants.resume, **partners.whose, at=world.clock.now())
    assert not await world.db.write(participants.resume, **partners.whose, at=world.clock.now())
    await partners.pays(friend, 5_000)
    assert await partners.amounts() == [2000, 1000]


async def test_tiers_follow_the_time_of_payments_whatever_order_they_are_heard_in(world: World) -> None:
    tiers = (Tier(10_000, "usd", Share(2000)), Tier(30_000, "usd", Share(3000)), Tier(1, "eur", Fixed(500, "eur")))
    partners = await Partners(world).open(of_share(1000, tiers=tiers))
    one, other = await partners.bring(), await partners.bring()
    first = world.clock.now()
    world.clock.advance(timedelta(days=3))
    await partners.pays(one, 10_000, paid_at=first + timedelta(days=1))
    await partners.pays(one, 20_000, paid_at=first + timedelta(days=2))
    assert await partners.amounts() == [1000, 4000]
    # Heard of last, paid first, by somebody else: what came after it moves into its tier.
    await partners.pays(other, 15_000, paid_at=first)
    assert await partners.amounts() == [2000, 4000, 1500]
    await partners.pays(other, 10_000, "eur", paid_at=first)
    await partners.pays(one, 10_000, "eur", paid_at=first + timedelta(days=1))
    assert (await partners.balances("eur")).available == 1000 + 500
    # What is given back of one payment moves no other one into another tier.
    await partners.charge(other, 3, refunded=15_000)
    assert await partners.amounts() == [2000, 4000, 0, 1000, 500]
    (referral,) = [each for each in await world.referrals_of(partners.code) if each.referee_id == other]
    await world.db.write(void_referral, **partners.team, referral_id=referral.id, verdict=Verdict("fraud", "Wren"))
    await world.work()
    assert [each for each in await partners.amounts() if each] == [1000, 4000, 1000]


async def test_tiers_that_come_later_count_what_was_paid_before_them(partners: Partners) -> None:
    await partners.pays(await partners.bring(), 10_000)
    friend = await partners.bring()
    await partners.edit(of_share(1000, tiers=(Tier(10_000, "usd", Share(3000)),)))
    await partners.pays(friend, 10_000)
    assert await partners.amounts() == [2000, 3000]


async def test_d4_two_currencies_stand_side_by_side(world: World) -> None:
    rules = (
        Rule("referrer", "payment", Fixed(300, "usd"), "payout"),
        Rule("referrer", "payment", Fixed(250, "eur"), "payout"),
    )
    partners = await Partners(world).open(Terms(converts_on="payment", rules=rules))
    friend = await partners.bring()
    await partners.pays(friend, 10_000)
    await partners.pays(friend, 10_000, "eur")
    assert [(each.amount, each.unit) for each in await partners.rewards()] == [(300, "usd"), (250, "eur")]
    assert (await partners.balances()).available == 300
    assert (await partners.balances("eur")).available == 250


async def test_a28_a_card_of_ones_own_makes_the_referral_void_until_it_is_released(partners: Partners) -> None:
    world, friend = partners.world, await partners.bring()
    number = await partners.pays(friend, 10_000)
    await partners.charge(friend, number, fingerprint="card_1")
    assert (await partners.balances()).held == 2000
    # The partner pays for something of his own, later and with the same card.
    await partners.charge(partners.partner, 99, fingerprint="card_1")
    assert await partners.balances() == Balances(0, 0, 0, 0, 0)
    (referral,) = await world.referrals_of(partners.code)
    assert referral.status == "void"
    await partners.pays(friend, 5_000)
    kept = await partners.rewards()
    void = await world.db.read(voids_of, world.project.id, [each.id for each in kept])
    assert [(each.amount, void[each.id].amount, void[each.id].reason) for each in kept] == [
        (0, 2000, "self_referral"),
        (0, 1000, "self_referral"),
    ]
    (review,) = await world.db.read(reviews.reviews_of, world.project.id, referral.id)
    assert (review.signal, review.status) == ("same_card", "open")

    async def decide(decision: Any) -> None:
        await world.db.write(
            decide_review, **partners.team, review_id=review.id, decision=decision, by="Wren", note="His brother."
        )

    await decide("release")
    assert (await partners.balances()).held == 3000
    await partners.pays(friend, 5_000)
    assert (await partners.balances()).held == 4000
    await decide("undo")
    assert (await partners.balances()).held == 0
    await decide("confirm")
    await decide("release")
    world.clock.advance(timedelta(days=31))
    await world.work()
    assert (await partners.balances()).available == 4000


async def test_a28_an_organisation_is_a_signal_to_look_at_and_no_more(partners: Partners) -> None:
    world = partners.world
    friend = await partners.bring("colleague@agency.example.com")
    await partners.pays(friend, 10_000)
    assert (await partners.balances()).held == 2000
    (referral,) = await world.referrals_of(partners.code)
    (review,) = await world.db.read(reviews.reviews_of, world.project.id, referral.id)
    assert (review.signal, review.evidence) == ("same_organisation", {"domain": "agency.example.com"})
    await world.db.write(decide_review, **partners.team, review_id=review.id, decision="confirm", by="Wren", note=None)
    assert (await partners.balances()).held == 0
    await world.db.write(decide_review, **partners.team, review_id=review.id, decision="undo", by="Wren", note=None)
    assert (await partners.balances()).held == 2000


async def test_a_void_reward_stays_and_can_be_restored(partners: Partners) -> None:
    world, friend = partners.world, await partners.bring()
    number = await partners.pays(friend, 10_000)
    (reward,) = await partners.rewards()
    verdict = Verdict("mistake", "Wren", "Paid by an invoice of ours.")
    await world.db.write(void_reward, **partners.team, reward_id=reward.id, verdict=verdict)
    with pytest.raises(Conflict):
        await world.db.write(void_reward, **partners.team, reward_id=reward.id, verdict=verdict)
    await partners.charge(friend, number, refunded=5_000)
    assert (await partners.balances()).held == 0
    found = await world.db.read(voids_of, world.project.id, [reward.id])
    assert found[reward.id].amount == 1000
    await world.db.write(restore_reward, **partners.team, reward_id=reward.id)
    assert (await partners.balances()).held == 1000
    with pytest.raises(Conflict):
        await world.db.write(restore_reward, **partners.team, reward_id=reward.id)


async def test_a_pending_referral_that_was_void_catches_up_when_it_is_restored(partners: Partners) -> None:
    world, friend = partners.world, await partners.bring()
    (referral,) = await world.referrals_of(partners.code)
    await world.db.write(void_referral, **partners.team, referral_id=referral.id, verdict=Verdict("fraud", "Wren"))
    await partners.pays(friend, 10_000)
    assert (await partners.balances()).held == 0
    await world.db.write(restore_referral, **partners.team, referral_id=referral.id, by="Wren")
    assert (await partners.balances()).held == 2000


async def test_what_went_below_zero_can_be_written_off_once(partners: Partners) -> None:
    world, friend = partners.world, await partners.bring()
    number = await partners.pays(friend, 10_000)
    world.clock.advance(timedelta(days=31))
    await world.work()
    program = {name: partners.whose[name] for name in ("project_id", "program_id")}

    async def forgive(amount: int | None, at: datetime) -> Any:
        return await world.db.write(
            write_off, **program, owner_id=partners.partner, unit="usd", amount=amount, reason="A gesture.", at=at
        )

    with pytest.raises(Conflict):
        await forgive(None, world.clock.now())
    # Paid out, then refunded.
    await world.db.write(paid_out, partners, 2000)
    await partners.charge(friend, number, refunded=10_000)
    assert (await partners.balances()).available == -2000
    with pytest.raises(Invalid):
        await forgive(2001, world.clock.now())
    assert (await forgive(500, world.clock.now())).amount == 500
    assert (await partners.balances()).available == -1500
    assert (await forgive(None, world.clock.now())).amount == 1500
    assert await partners.balances() == Balances(-2000, 0, 0, 0, 2000)
    with pytest.raises(Conflict):
        await forgive(None, world.clock.now())
    # The refund failed: what the payment earned is owed on top of what was forgiven.
    await partners.charge(friend, number, refunded=0)
    assert (await partners.balances()).available == 2000


async def paid_out(tx: Any, partners: Partners, amount: int) -> None:
    """Have a payout take what is available, as the ledger sees it."""
    posting = Posting(
        key="po_1:withdraw",
        project_id=partners.world.project.id,
        program_id=partners.program.id,
        owner_id=partners.partner,
        unit="usd",
        amount=amount,
        reason_id="po_1",
        source_id="po_1",
        at=partners.world.clock.now(),
    )
    await transfers.withdraw(tx, posting)
    await transfers.paid(tx, replace(posting, key="po_1:paid"))
