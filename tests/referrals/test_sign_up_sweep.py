"""Addresses that never became accounts: taken back after a week, forgotten after a month."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billfold.domain.referrals.sign_up_sweep import sweep_sign_ups, take_back_after
from billfold.domain.referrals.sign_ups import Stats
from billfold.domain.referrals.terms import Terms
from billfold.domain.wallets.grants import Grant, add_grants
from tests.referrals.signing import BONUS, SignUps
from tests.referrals.world import World

WEEK = timedelta(days=7, seconds=1)
MONTH = timedelta(days=30, seconds=1)


@pytest.fixture
async def signing(world: World) -> SignUps:
    """A project whose terms take back after seven days."""
    signing = SignUps(world)
    await signing.put(Terms(converts_on="signup", rules=BONUS.rules, take_back_after_days=7))
    return signing


async def sweep(world: World) -> None:
    await sweep_sign_ups(world.db, now=world.clock.now())


async def test_an_address_without_an_account_goes_back_to_pending_after_a_week(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    await signing.convert(code, "invented@example.com")
    world.clock.advance(timedelta(days=6))
    await sweep(world)
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
    world.clock.advance(timedelta(days=1, seconds=1))
    for _ in range(2):
        await sweep(world)
        assert await signing.stats(owner) == Stats(1, 0, 1, 0)
        assert await signing.credits(owner) == 0
    assert not await signing.convert(code, "invented@example.com")


async def test_what_was_spent_is_kept_and_the_reward_says_so(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    await signing.convert(code, "invented@example.com")
    await signing.spend(owner, 3)
    world.clock.advance(WEEK)
    await sweep(world)
    assert await signing.stats(owner) == Stats(1, 0, 1, 3)
    assert await signing.credits(owner) == 0


async def test_other_credits_of_the_wallet_are_left_alone(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    at = world.clock.now()
    gift = Grant(world.project.id, owner, "ai_credits", 50, "gift", "grant", "gift", None, at)
    await world.db.write(add_grants, [gift])
    await signing.convert(code, "invented@example.com")
    world.clock.advance(WEEK)
    await sweep(world)
    assert await signing.credits(owner) == 50


async def test_an_account_that_comes_after_all_earns_what_is_missing(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    await signing.convert(code, "late@example.com")
    await signing.spend(owner, 3)
    world.clock.advance(WEEK)
    await sweep(world)
    friend = await world.customer("late@example.com")
    await signing.prove(friend, "late@example.com")
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
    assert await signing.credits(owner) == 2
    world.clock.advance(WEEK)
    await sweep(world)
    assert await signing.credits(owner) == 2


async def test_an_account_that_the_project_made_itself_is_found_by_its_address(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    await signing.convert(code, "friend@example.com")
    friend = await world.customer("Friend@Example.com")
    world.clock.advance(WEEK)
    await sweep(world)
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
    (referral,) = await world.referrals_of(code)
    assert (referral.referee_id, referral.referee_email) == (friend, None)


async def test_a_pending_address_whose_account_was_missed_converts(signing: SignUps, world: World) -> None:
    await signing.put(Terms(converts_on="verified_signup", rules=BONUS.rules))
    owner, code = await signing.owner()
    await signing.convert(code, "friend@example.com")
    await world.customer("friend@example.com")
    await sweep(world)
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)


@pytest.mark.parametrize("mode", ["signup", "verified_signup"])
async def test_an_address_is_forgotten_after_a_month_and_still_brought_once(
    signing: SignUps, world: World, mode: str
) -> None:
    await signing.put(Terms(converts_on="signup" if mode == "signup" else "verified_signup", rules=BONUS.rules))
    owner, code = await signing.owner()
    await signing.convert(code, "never@example.com")
    world.clock.advance(timedelta(days=29))
    await sweep(world)
    assert [each.referee_email for each in await world.referrals_of(code)] == ["never@example.com"]
    world.clock.advance(timedelta(days=1, seconds=1))
    await sweep(world)
    (referral,) = await world.referrals_of(code)
    assert referral.referee_email is None
    assert not await signing.convert(code, "never@example.com")
    # An account that comes even later is still theirs.
    friend = await world.customer("never@example.com")
    await signing.prove(friend, "never@example.com")
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)


async def test_without_an_identity_provider_nothing_is_taken_back(signing: SignUps, world: World) -> None:
    await signing.put()
    owner, code = await signing.owner()
    await signing.convert(code, "friend@example.com")
    world.clock.advance(WEEK)
    await sweep(world)
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)


async def test_with_an_identity_provider_it_is_taken_back_by_itself(signing: SignUps, world: World) -> None:
    await signing.put()
    await signing.identify()
    owner, code = await signing.owner()
    await signing.convert(code, "friend@example.com")
    world.clock.advance(WEEK)
    await sweep(world)
    assert await signing.stats(owner) == Stats(1, 0, 1, 0)


def test_terms_may_say_never() -> None:
    assert take_back_after(Terms("signup", (), take_back_after_days=0), timedelta(days=7)) is None
    assert take_back_after(Terms("signup", (), take_back_after_days=3), None) == timedelta(days=3)
    assert take_back_after(Terms("signup", ()), timedelta(days=7)) == timedelta(days=7)


async def test_the_sweep_goes_through_every_project_and_page(signing: SignUps, world: World) -> None:
    other = SignUps(await World(world.db).start())
    await other.put(Terms(converts_on="signup", rules=BONUS.rules, take_back_after_days=7))
    owners = [await signing.owner(), await other.owner()]
    await signing.register(*((owners[0][1], f"friend{number}@example.com") for number in range(120)))
    await other.convert(owners[1][1], "friend@example.com")
    world.clock.advance(WEEK)
    await sweep(world)
    assert await signing.stats(owners[0][0]) == Stats(120, 0, 120, 0)
    assert await other.stats(owners[1][0]) == Stats(1, 0, 1, 0)
