"""Sign-ups with a code: who converts, once, and what it gives (section 10 of the referral contract)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billfold.base.errors import NotFound
from billfold.domain.billing import customers
from billfold.domain.referrals import codes, presets, sign_ups
from billfold.domain.referrals.mailbox import mailbox_hash
from billfold.domain.referrals.sign_ups import SignUpResult, Stats
from billfold.domain.referrals.terms import Fixed, Rule, Terms
from tests.referrals.signing import BONUS, NOT_CONVERTED, SignUps
from tests.referrals.world import World

VERIFIED = Terms(converts_on="verified_signup", rules=BONUS.rules)


@pytest.fixture
async def signing(world: World) -> SignUps:
    """The world's project with the third preset in force."""
    signing = SignUps(world)
    await signing.put()
    return signing


async def test_a_new_address_converts_and_pays_five_credits_into_the_wallet(signing: SignUps) -> None:
    owner, code = await signing.owner()
    assert await signing.register((f" {code.lower()}\n", " New@Example.com ")) == [
        SignUpResult(converted=True, referrer_id=owner)
    ]
    assert await signing.stats(owner) == Stats(total=1, converted=1, pending=0, rewards=5)
    assert await signing.credits(owner) == 5


async def test_a_code_is_eight_upper_case_hexadecimal_digits_and_stays(signing: SignUps) -> None:
    owner, code = await signing.owner()
    assert len(code) == 8
    assert set(code) <= set("0123456789ABCDEF")
    assert await signing.link(owner) == code


async def test_parallel_first_calls_for_a_link_agree(signing: SignUps, world: World) -> None:
    owner = await world.customer()
    assert len({*await asyncio.gather(*(signing.link(owner) for _ in range(10)))}) == 1


async def test_a_code_that_was_taken_is_drawn_again(
    signing: SignUps, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, taken = await signing.owner()
    drawn = iter([taken, taken, "0A1B2C3D"])
    monkeypatch.setattr(sign_ups, "_new_code", lambda: next(drawn))
    assert await signing.link(await world.customer()) == "0A1B2C3D"


async def test_a_deactivated_code_is_returned_and_brings_nobody(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    await world.db.write(codes.deactivate, world.project.id, code, at=world.clock.now())
    assert await signing.link(owner) == code
    assert not await signing.convert(code, "new@example.com")


async def test_a_project_without_a_program_for_sign_ups_has_no_links(world: World) -> None:
    with pytest.raises(NotFound):
        await SignUps(world).owner()
    assert await SignUps(world).stats("pc_nobody") == Stats(0, 0, 0, 0)


@pytest.mark.parametrize("code", ["ZZZZZZZZ", "", " ", "' OR 1=1 --", "a\x00b", "x" * 10_000, "é", "🎁"])
async def test_an_unknown_code_does_not_convert(signing: SignUps, code: str) -> None:
    await signing.owner()
    assert not await signing.convert(code, "new@example.com")


@pytest.mark.parametrize(
    "again", ["new@example.com", "NEW@EXAMPLE.COM", " new@example.com ", "new+tag@example.com", "\uff4eew@example.com"]
)
async def test_an_address_converts_once_for_ever_in_any_spelling(signing: SignUps, again: str) -> None:
    owner, code = await signing.owner()
    other, others_code = await signing.owner()
    assert await signing.convert(code, "new@example.com")
    assert not await signing.convert(code, again)
    assert not await signing.convert(others_code, again)
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
    assert await signing.stats(other) == Stats(0, 0, 0, 0)


def test_dots_are_folded_only_where_the_provider_ignores_them() -> None:
    assert mailbox_hash("proj_1", "j.doe@gmail.com") == mailbox_hash("proj_1", "jdoe+x@googlemail.com")
    assert mailbox_hash("proj_1", "j.doe@example.com") != mailbox_hash("proj_1", "jdoe@example.com")
    assert mailbox_hash("proj_1", "jdoe@example.com") != mailbox_hash("proj_2", "jdoe@example.com")
    assert mailbox_hash("proj_1", "+a@example.com") != mailbox_hash("proj_1", "+b@example.com")


@pytest.mark.parametrize("email", ["owner@example.com", "O.w.n.e.r+me@example.com", " OWNER@example.com "])
async def test_nobody_brings_themselves(signing: SignUps, email: str) -> None:
    owner, code = await signing.owner("owner@example.com")
    assert not await signing.convert(code, email)
    assert await signing.stats(owner) == Stats(0, 0, 0, 0)


async def test_an_account_older_than_a_day_was_not_brought(signing: SignUps, world: World) -> None:
    _, code = await signing.owner()
    await world.customer("old@example.com")
    world.clock.advance(timedelta(hours=24, seconds=1))
    await world.customer("new@example.com")
    assert not await signing.convert(code, "old@example.com")
    assert await signing.convert(code, "new@example.com")


async def test_an_account_that_has_a_sponsor_is_not_brought_again(signing: SignUps, world: World) -> None:
    _, code = await signing.owner()
    friend = await world.customer("friend@example.com")
    await world.apply(await world.code(await world.customer()), friend)
    assert not await signing.convert(code, "friend@example.com")


async def test_two_accounts_cannot_bring_each_other(signing: SignUps) -> None:
    _, one = await signing.owner("one@example.com")
    _, other = await signing.owner("other@example.com")
    assert await signing.convert(one, "other@example.com")
    assert not await signing.convert(other, "one@example.com")


async def test_a_program_that_is_switched_off_converts_nobody(signing: SignUps) -> None:
    _, code = await signing.owner()
    await signing.put(enabled=False)
    assert not await signing.convert(code, "new@example.com")


async def test_the_code_of_a_deleted_owner_converts_nobody(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    now = world.clock.now()
    await world.db.write(customers.delete_customer, project_id=world.project.id, customer_id=owner, at=now, now=now)
    assert not await signing.convert(code, "new@example.com")


async def test_a_code_of_another_sort_of_program_converts_nobody_by_a_sign_up(signing: SignUps, world: World) -> None:
    code = await world.code(await world.customer())
    assert not await signing.convert(code, "new@example.com")


async def test_a_code_of_another_project_converts_nobody(signing: SignUps, world: World) -> None:
    other = SignUps(await World(world.db).start())
    await other.put()
    _, code = await other.owner()
    assert not await signing.convert(code, "new@example.com")
    assert await other.convert(code, "new@example.com")


async def test_twenty_parallel_identical_claims_make_one_referral_and_five_credits(signing: SignUps) -> None:
    owner, code = await signing.owner()
    results = await asyncio.gather(*(signing.convert(code, "new@example.com") for _ in range(20)))
    assert sum(results) == 1
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
    assert await signing.credits(owner) == 5


async def test_of_two_codes_that_race_for_an_address_one_wins_once(signing: SignUps) -> None:
    owners = [await signing.owner() for _ in range(2)]
    await asyncio.gather(*(signing.convert(code, "new@example.com") for _, code in owners * 5))
    assert sorted([await signing.credits(owner) for owner, _ in owners]) == [0, 5]


async def test_batches_about_the_same_people_in_other_orders_do_not_lock_each_other_out(signing: SignUps) -> None:
    owners = [await signing.owner() for _ in range(4)]
    emails = [f"friend{number}@example.com" for number in range(12)]
    pairs = [(owners[number % 4][1], email) for number, email in enumerate(emails)]
    batches = [pairs, pairs[::-1], pairs[6:] + pairs[:6], pairs[::2] + pairs[1::2]]
    results = await asyncio.gather(*(signing.register(*batch) for batch in batches))
    assert sum(each.converted for result in results for each in result) == 12
    assert [await signing.credits(owner) for owner, _ in owners] == [15] * 4


async def test_a_batch_answers_each_claim_in_its_place(signing: SignUps) -> None:
    owner, code = await signing.owner("owner@example.com")
    results = await signing.register(
        ("FFFFFFFF", "one@example.com"),
        (code, "two@example.com"),
        (code, "owner@example.com"),
        (code, "Two@Example.com"),
        (code, "three@example.com"),
    )
    assert [each.converted for each in results] == [False, True, False, False, True]
    assert [each.referrer_id for each in results] == [None, owner, None, None, owner]
    assert await signing.register() == []


async def test_an_edit_pays_only_those_who_come_after_it(signing: SignUps) -> None:
    owner, code = await signing.owner()
    await signing.convert(code, "one@example.com")
    await signing.put(presets.sign_up_bonus(value=8))
    await signing.convert(code, "two@example.com")
    assert await signing.stats(owner) == Stats(2, 2, 0, 13)


async def test_mode_verified_answers_as_an_unknown_code_and_pays_when_the_address_is_proved(
    signing: SignUps, world: World
) -> None:
    await signing.put(VERIFIED)
    owner, code = await signing.owner()
    assert await signing.register((code, "new@example.com")) == [NOT_CONVERTED]
    assert await signing.stats(owner) == Stats(1, 0, 1, 0)
    friend = await world.customer("new@example.com")
    assert await signing.prove(friend, "new@example.com", verified=False) == 0
    assert await signing.stats(owner) == Stats(1, 0, 1, 0)
    assert [await signing.prove(friend, "new@example.com") for _ in range(2)] == [1, 0]
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)
    assert await signing.credits(owner) == 5
    (referral,) = await world.referrals_of(code)
    assert (referral.referee_id, referral.referee_email) == (friend, None)


async def test_mode_verified_pays_for_an_account_of_today_without_telling_the_caller(
    signing: SignUps, world: World
) -> None:
    await signing.put(VERIFIED)
    owner, code = await signing.owner()
    await world.customer("new@example.com")
    assert await signing.register((code, "new@example.com")) == [NOT_CONVERTED]
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)


async def test_twenty_parallel_proofs_pay_once(signing: SignUps, world: World) -> None:
    await signing.put(VERIFIED)
    owner, code = await signing.owner()
    await signing.convert(code, "new@example.com")
    friend = await world.customer("new@example.com")
    converted = await asyncio.gather(*(signing.prove(friend, "new@example.com") for _ in range(20)))
    assert sum(converted) == 1
    assert await signing.credits(owner) == 5


async def test_a_first_login_sets_who_brought_the_account(signing: SignUps, world: World) -> None:
    owner, code = await signing.owner()
    await signing.convert(code, "new@example.com")
    friend = await world.customer()
    await signing.prove(friend, "New+tag@example.com", verified=False)
    (referral,) = await world.referrals_of(code)
    assert (referral.referee_id, referral.referee_email, referral.status) == (friend, None, "converted")
    assert await signing.stats(owner) == Stats(1, 1, 0, 5)


async def test_a_proof_respects_the_sponsor_that_a_customer_has(signing: SignUps, world: World) -> None:
    await signing.put(VERIFIED)
    owner, code = await signing.owner()
    await signing.convert(code, "new@example.com")
    friend = await world.customer("new@example.com")
    await world.apply(await world.code(await world.customer()), friend)
    assert await signing.prove(friend, "new@example.com") == 0
    assert await signing.stats(owner) == Stats(1, 0, 1, 0)


async def test_a_proof_by_the_owner_is_refused(signing: SignUps) -> None:
    await signing.put(VERIFIED)
    owner, code = await signing.owner("owner@example.com")
    await signing.convert(code, "second@example.com")
    assert await signing.prove(owner, "second@example.com") == 0
    assert await signing.stats(owner) == Stats(1, 0, 1, 0)


async def test_a_referee_earns_once_there_is_an_account(signing: SignUps, world: World) -> None:
    both = (*BONUS.rules, Rule("referee", "conversion", Fixed(2, "ai_credits"), "wallet"))
    await signing.put(Terms(converts_on="signup", rules=both))
    owner, code = await signing.owner()
    await signing.convert(code, "new@example.com")
    friend = await world.customer("new@example.com")
    for _ in range(2):
        await signing.prove(friend, "new@example.com")
    assert (await signing.credits(owner), await signing.credits(friend)) == (5, 2)


async def test_a_monthly_cap_lets_rows_convert_with_nothing(signing: SignUps, world: World) -> None:
    await signing.put(Terms(converts_on="signup", rules=BONUS.rules, monthly_cap=12))
    owner, code = await signing.owner()
    assert all([await signing.convert(code, f"friend{number}@example.com") for number in range(4)])
    assert await signing.stats(owner) == Stats(4, 4, 0, 10)
    world.clock.advance(timedelta(days=10))
    assert await signing.convert(code, "april@example.com")
    assert await signing.stats(owner) == Stats(5, 5, 0, 15)


async def test_a_monthly_cap_is_exact_when_everybody_comes_at_once(signing: SignUps) -> None:
    await signing.put(Terms(converts_on="signup", rules=BONUS.rules, monthly_cap=50))
    owner, code = await signing.owner()
    batches = [[(code, f"friend{batch}-{number}@example.com") for number in range(4)] for batch in range(6)]
    await asyncio.gather(*(signing.register(*batch) for batch in batches))
    assert await signing.stats(owner) == Stats(24, 24, 0, 50)
    assert await signing.credits(owner) == 50


async def test_a_held_bonus_reaches_the_wallet_after_its_holding_period(signing: SignUps, world: World) -> None:
    rule = Rule("referrer", "conversion", Fixed(5, "ai_credits"), "wallet", hold_days=3)
    await signing.put(Terms(converts_on="signup", rules=(rule,)))
    owner, code = await signing.owner()
    await signing.convert(code, "new@example.com")
    assert (await signing.stats(owner)).rewards == 5
    assert await signing.credits(owner) == 0
    world.clock.advance(timedelta(days=3, seconds=1))
    await world.work()
    assert await signing.credits(owner) == 5


async def test_the_program_for_sign_ups_is_found_in_the_project_and_when_it_is_the_only_one(
    signing: SignUps, world: World
) -> None:
    found = await world.db.read(sign_ups.sign_up_program, world.project.id)
    assert found is not None
    assert (found.mode, found.cap, found.enabled) == ("signup", None, True)
    assert found.link_of("A1B2C3D4") == "https://app.creatiq.com/login?ref=A1B2C3D4"
    assert await world.db.read(sign_ups.sole_sign_up_project) == world.project.id
    other = SignUps(await World(world.db).start())
    await other.put()
    assert await world.db.read(sign_ups.sole_sign_up_project) is None
    await signing.put(enabled=False)
    assert await world.db.read(sign_ups.sole_sign_up_project) == other.project_id


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(claims=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=12), cut=st.integers(1, 12))
async def test_however_claims_are_cut_into_batches_the_first_of_each_address_wins(
    signing: SignUps, claims: list[tuple[int, int]], cut: int
) -> None:
    owners = [await signing.owner() for _ in range(3)]
    run = owners[0][0]
    asked = [(owners[owner][1], f"friend{friend}-{run}@example.com") for owner, friend in claims]
    results: list[bool] = []
    for start in range(0, len(asked), cut):
        results += [each.converted for each in await signing.register(*asked[start : start + cut])]
    first_places = [[friend for _, friend in claims].index(friend) for _, friend in claims]
    assert results == [place == first for place, first in enumerate(first_places)]
    for number, (owner, _) in enumerate(owners):
        won = sum(converted for converted, (of, _) in zip(results, claims, strict=True) if of == number)
        assert await signing.credits(owner) == 5 * won
