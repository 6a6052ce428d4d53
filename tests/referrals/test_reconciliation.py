"""From a subscription to credits in the ledger, and what payments and refunds do to rewards."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from itertools import permutations

from billfold.domain.billing import invoices, payments
from billfold.domain.ledger.statement import Balances
from billfold.domain.referrals import codes, presets
from billfold.domain.referrals.reconciliation import convert_referrals
from billfold.domain.referrals.rewards import Reward, rewards_of_referrals
from billfold.domain.referrals.terms import Fixed, Rule, Share, Terms
from billfold.domain.tenancy import teams
from billfold.infrastructure.stripe.values import StripeInvoice, StripePayment
from tests.referrals.world import World


async def referred(world: World) -> tuple[str, str, str]:
    """Return the code's owner, the friend who claimed it, and the code."""
    owner, friend = await world.customer(), await world.customer()
    code = await world.code(owner)
    await world.apply(code, friend)
    return owner, friend, code


async def rewards_of(world: World, code: str) -> list[Reward]:
    ids = [each.id for each in await world.referrals_of(code)]
    return await world.db.read(rewards_of_referrals, world.project.id, ids)


async def test_a_subscription_converts_and_both_sides_are_credited(world: World) -> None:
    owner, friend, code = await referred(world)
    await world.subscribe(friend)
    await world.work()
    (referral,) = await world.referrals_of(code)
    assert referral.status == "converted"
    assert referral.converted_at is not None
    assert await world.balances(owner) == Balances(-1000, 0, 0, 0, 1000)
    assert await world.balances(friend) == Balances(-500, 0, 0, 0, 500)
    assert sorted((each.customer_id, each.amount, each.currency) for each in world.stripe.made) == [
        ("cus_1", -1000, "usd"),
        ("cus_2", -500, "usd"),
    ]
    assert {each.status for each in await rewards_of(world, code)} == {"settled"}


async def test_an_incomplete_subscription_waits_for_its_first_payment(world: World) -> None:
    _, friend, code = await referred(world)
    stripe_id = await world.subscribe(friend, "incomplete")
    await world.work()
    assert [each.status for each in await world.referrals_of(code)] == ["pending"]
    await world.subscribe(friend, "active", stripe_id)
    await world.work()
    assert [each.status for each in await world.referrals_of(code)] == ["converted"]


async def test_a2_a_second_subscription_or_event_pays_nothing_more(world: World) -> None:
    owner, friend, _ = await referred(world)
    await asyncio.gather(*(world.subscribe(friend) for _ in range(4)))
    await asyncio.gather(world.work(), world.work())
    assert await world.balances(owner) == Balances(-1000, 0, 0, 0, 1000)
    assert len(world.stripe.made) == 2


async def test_a_program_switched_off_or_a_code_deactivated_after_the_claim_still_converts(world: World) -> None:
    owner, friend, code = await referred(world)
    await world.configure(enabled=False)
    await world.db.write(codes.deactivate, world.project.id, code, at=world.clock.now())
    await world.subscribe(friend)
    await world.work()
    assert (await world.balances(owner)).settled == 1000


async def test_an_edit_of_the_amounts_does_not_change_what_was_promised(world: World) -> None:
    owner, friend, _ = await referred(world)
    await world.configure(presets.customer_referrals(referrer_cents=7, referee_cents=7, currency="eur"))
    await world.subscribe(friend)
    await world.work()
    assert (await world.balances(owner)).settled == 1000
    assert (await world.balances(owner, "eur")).settled == 0


async def test_an_amount_of_zero_is_skipped(world: World) -> None:
    await world.configure(presets.customer_referrals(referrer_cents=0, referee_cents=500, currency="jpy"))
    owner, friend, code = await referred(world)
    await world.subscribe(friend)
    await world.work()
    assert [each.status for each in await world.referrals_of(code)] == ["converted"]
    assert [(each.earner_id, each.amount, each.unit) for each in await rewards_of(world, code)] == [
        (friend, 500, "jpy")
    ]
    assert (await world.balances(owner, "jpy")) == Balances(0, 0, 0, 0, 0)


# -- payments: the partner preset runs through the same core -------------------------------------------------------------


async def pay(
    world: World,
    customer: str,
    number: int,
    amount: int,
    *,
    untaxed: int | None = None,
    paid_at: datetime | None = None,
) -> None:
    at = world.clock.now()
    value = StripeInvoice(
        id=f"in_{number}",
        customer_id="cus_any",
        subscription_id="sub_1",
        subscription_metadata={},
        metadata={},
        number=f"A-{number}",
        status="paid",
        billing_reason="subscription_cycle",
        currency="usd",
        subtotal=amount,
        total=amount,
        total_excluding_tax=amount if untaxed is None else untaxed,
        amount_due=amount,
        amount_paid=amount,
        amount_remaining=0,
        payment_intent_ids=(f"pi_{number}",),
        hosted_invoice_url=None,
        invoice_pdf=None,
        period_start=at,
        period_end=at,
        paid_at=paid_at or at,
        created=at,
    )
    await world.db.write(
        invoices.store,
        team_id=world.team.id,
        project_id=world.project.id,
        customer_id=customer,
        value=value,
        fetched_at=at,
        at=at,
        now=at,
    )


async def refund(world: World, customer: str, number: int, amount: int, refunded: int) -> None:
    at = world.clock.now()
    value = StripePayment(
        intent_id=f"pi_{number}",
        charge_id=f"ch_{number}",
        customer_id="cus_any",
        status="succeeded",
        amount=amount,
        amount_received=amount,
        amount_refunded=refunded,
        currency="usd",
        disputed=False,
        failure_message=None,
        metadata={},
        created=at,
    )
    await world.db.write(
        payments.store,
        team_id=world.team.id,
        project_id=world.project.id,
        customer_id=customer,
        value=value,
        fetched_at=at,
        at=at,
        now=at,
    )


async def partner(world: World) -> tuple[str, str, str]:
    """Return a partner of a partner program, whom they brought, and the program's name."""
    key = "partners"
    await world.configure(presets.partner_program(), key=key)
    owner, friend = await world.customer(), await world.customer()
    await world.apply(await world.code(owner, key), friend)
    return owner, friend, key


async def test_a_payment_converts_and_its_share_is_held_for_thirty_days(world: World) -> None:
    owner, friend, key = await partner(world)
    await world.subscribe(friend)
    await pay(world, friend, 1, 5950, untaxed=5000)
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-1000, 1000, 0, 0, 0)
    world.clock.advance(timedelta(days=30, seconds=-1))
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-1000, 1000, 0, 0, 0)
    world.clock.advance(timedelta(seconds=1))
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-1000, 0, 1000, 0, 0)
    assert world.stripe.made == []


async def test_the_team_s_clock_brings_the_end_of_the_holding_period_along(world: World) -> None:
    owner, friend, key = await partner(world)
    await pay(world, friend, 1, 5000)
    await world.work()
    await world.db.write(teams.move_clock, world.team.id, offset=timedelta(days=31))
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-1000, 0, 1000, 0, 0)


async def test_e2_a_clock_that_jumps_back_releases_nothing_early_and_nothing_twice(world: World) -> None:
    owner, friend, key = await partner(world)
    await pay(world, friend, 1, 5000)
    await world.work()
    await world.db.write(teams.move_clock, world.team.id, offset=timedelta(days=31))
    await world.db.write(teams.move_clock, world.team.id, offset=timedelta(days=-3650))
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-1000, 1000, 0, 0, 0)
    await world.db.write(teams.move_clock, world.team.id, offset=timedelta(days=31))
    await world.work()
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-1000, 0, 1000, 0, 0)


async def test_refunds_take_their_part_back_to_the_cent_while_held_and_after(world: World) -> None:
    owner, friend, key = await partner(world)
    await pay(world, friend, 1, 999)
    await world.work()
    assert (await world.balances(owner, key=key)).held == 200
    for refunded, left in ((333, 133), (666, 67)):
        world.clock.advance(timedelta(seconds=1))
        await refund(world, friend, 1, 999, refunded)
        await world.work()
        assert (await world.balances(owner, key=key)).held == left
    world.clock.advance(timedelta(days=31))
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-67, 0, 67, 0, 0)
    await refund(world, friend, 1, 999, 999)
    await world.work()
    assert await world.balances(owner, key=key) == Balances(0, 0, 0, 0, 0)
    # The refund failed at the bank: what it took comes back.
    world.clock.advance(timedelta(seconds=1))
    await refund(world, friend, 1, 999, 666)
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-67, 0, 67, 0, 0)


async def test_a_refund_that_is_seen_before_its_invoice_ends_the_same(world: World) -> None:
    owner, friend, key = await partner(world)
    await refund(world, friend, 1, 1000, 400)
    await world.work()
    await pay(world, friend, 1, 1000)
    await world.work()
    assert await world.balances(owner, key=key) == Balances(-120, 120, 0, 0, 0)


async def test_payments_that_came_before_the_conversion_are_not_forgotten(world: World) -> None:
    terms = Terms(converts_on="subscription", rules=(Rule("referrer", "payment", Share(1000), "payout"),))
    await world.configure(terms, key="shares")
    owner, friend = await world.customer(), await world.customer()
    await world.apply(await world.code(owner, "shares"), friend)
    await pay(world, friend, 1, 1000)
    await world.work()
    assert (await world.balances(owner, key="shares")).available == 0
    await world.subscribe(friend)
    await world.work()
    assert (await world.balances(owner, key="shares")).available == 100


async def test_repeating_every_reaction_changes_nothing(world: World) -> None:
    owner, friend, key = await partner(world)
    for number in range(3):
        await pay(world, friend, number, 5000)
        world.clock.advance(timedelta(days=1))
    await asyncio.gather(world.work(), world.work(), world.work())
    assert await world.balances(owner, key=key) == Balances(-3000, 3000, 0, 0, 0)


async def test_a3_every_order_of_the_same_facts_ends_in_the_same_ledger(world: World) -> None:
    key = "both"
    rules = (
        Rule("referrer", "payment", Share(2000), "payout", payments_max=1),
        Rule("referee", "conversion", Fixed(500, "usd"), "payout"),
    )
    await world.configure(Terms(converts_on="subscription", rules=rules), key=key)
    ends: set[tuple[Balances, Balances]] = set()
    for number, order in enumerate(permutations(range(4))):
        owner, friend = await world.customer(), await world.customer()
        await world.apply(await world.code(owner, key), friend)
        first, second = 2 * number, 2 * number + 1
        # When each fact happened does not depend on when we hear of it.
        paid_first = world.clock.now()
        paid_second = paid_first + timedelta(seconds=1)
        facts = (
            partial(world.subscribe, friend),
            partial(pay, world, friend, first, 999, paid_at=paid_first),
            partial(pay, world, friend, second, 5000, paid_at=paid_second),
            partial(refund, world, friend, first, 999, 333),
        )
        for which in order:
            await facts[which]()
            await world.work()
        ends.add((await world.balances(owner, key=key), await world.balances(friend, key=key)))
        world.clock.advance(timedelta(seconds=5))
    assert ends == {(Balances(-133, 0, 133, 0, 0), Balances(-500, 0, 500, 0, 0))}


async def test_a_sign_up_bonus_runs_through_the_same_core(world: World) -> None:
    await world.configure(presets.sign_up_bonus(), key="bonus")
    owner, friend = await world.customer(), await world.customer()
    await world.apply(await world.code(owner, "bonus"), friend)
    for _ in range(2):
        await world.db.write(
            convert_referrals,
            team_id=world.team.id,
            project_id=world.project.id,
            referee_id=friend,
            occasion="signup",
            now=world.clock.now(),
        )
    assert await world.balances(owner, "ai_credits", "bonus") == Balances(-5, 0, 0, 0, 5)
