"""Claims of codes: who may be referred by whom (contract G30, scenario C4)."""

from __future__ import annotations

from itertools import pairwise

import pytest
import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.billing import customers
from billfold.domain.referrals import codes, presets, programs, terms
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command
from tests.referrals.world import World


async def test_a_claim_makes_a_pending_referral_with_the_terms_in_force_pinned(world: World) -> None:
    friend, owner = await world.customer(), await world.customer()
    made = await world.apply(await world.code(owner), friend)
    assert (made.status, made.referrer_id, made.referee_id, made.converted_at) == ("pending", owner, friend, None)
    await world.configure(presets.customer_referrals(referrer_cents=1, referee_cents=2, currency="eur"))
    pinned = await world.db.read(terms.get, world.project.id, made.terms_id)
    assert pinned == presets.customer_referrals(referrer_cents=1000, referee_cents=500, currency="usd")


async def test_terms_change_only_with_their_contents(world: World) -> None:
    before = await world.db.read(programs.find, world.project.id, "customer_referrals")
    after = await world.configure(enabled=False)
    assert before is not None
    assert (after.terms_id, after.terms_version, after.enabled) == (before.terms_id, 1, False)


async def test_a_code_is_found_in_any_case_and_with_blanks_around_it(world: World) -> None:
    code = await world.code(await world.customer())
    assert (await world.apply(f"  {code.lower()}\n", await world.customer())).code == code


@pytest.mark.parametrize("code", ["ZZZZZZZZ", "", "  ", "' OR 1=1 --", "a\x00b", "x" * 10_000, "é", "🎁"])
async def test_an_unknown_code_is_not_found(world: World, code: str) -> None:
    with pytest.raises(NotFound):
        await world.apply(code, await world.customer())


async def test_a_customer_of_another_project_is_not_found(world: World) -> None:
    other = await World(world.db).start()
    code = await world.code(await world.customer())
    with pytest.raises(NotFound):
        await world.apply(code, await other.customer())
    with pytest.raises(NotFound):
        await other.apply(code, await other.customer())


async def test_a_disabled_program_refuses_claims_but_gives_codes(world: World) -> None:
    await world.configure(enabled=False)
    code = await world.code(await world.customer())
    with pytest.raises(Invalid, match="disabled"):
        await world.apply(code, await world.customer())


async def test_an_inactive_code_is_refused(world: World) -> None:
    code = await world.code(await world.customer())
    await world.db.write(codes.deactivate, world.project.id, code, at=world.clock.now())
    with pytest.raises(Invalid, match="not active"):
        await world.apply(code, await world.customer())


@pytest.mark.parametrize(
    "email",
    ["JaneDoe@example.com", "janedoe@example.com", "jane.doe+friend@example.com", "J.A.N.E.DOE+x@EXAMPLE.COM"],
)
async def test_c4_nobody_refers_themselves_under_another_spelling(world: World, email: str) -> None:
    code = await world.code(await world.customer("jane.doe@example.com"))
    with pytest.raises(Invalid, match="themselves"):
        await world.apply(code, await world.customer(email))


async def test_c4_nobody_refers_themselves(world: World) -> None:
    customer = await world.customer()
    with pytest.raises(Invalid, match="themselves"):
        await world.apply(await world.code(customer), customer)


async def test_c4_unicode_spellings_of_one_address_are_oneself(world: World) -> None:
    code = await world.code(await world.customer("jos\u00e9.a@example.com"))
    with pytest.raises(Invalid, match="themselves"):
        await world.apply(code, await world.customer("jose\u0301a@example.com"))


async def test_c4_two_customers_cannot_refer_each_other(world: World) -> None:
    one, other = await world.customer(), await world.customer()
    await world.apply(await world.code(one), other)
    with pytest.raises(Conflict, match="each other"):
        await world.apply(await world.code(other), one)


async def test_c4_five_customers_cannot_refer_each_other_in_a_ring(world: World) -> None:
    ring = [await world.customer() for _ in range(5)]
    for referrer, referee in pairwise(ring):
        await world.apply(await world.code(referrer), referee)
    with pytest.raises(Conflict, match="ring"):
        await world.apply(await world.code(ring[-1]), ring[0])
    assert await world.referrals_of(await world.code(ring[-1])) == []
    # A line that goes on to somebody new is fine.
    await world.apply(await world.code(ring[-1]), await world.customer())


async def test_a_customer_is_referred_once_whatever_became_of_it(world: World) -> None:
    friend = await world.customer()
    await world.apply(await world.code(await world.customer()), friend)
    with pytest.raises(Conflict, match="already been referred"):
        await world.apply(await world.code(await world.customer()), friend)
    await world.subscribe(friend)
    await world.work()
    with pytest.raises(Conflict):
        await world.apply(await world.code(await world.customer()), friend)


async def test_c4_whoever_subscribed_before_cannot_be_referred(world: World) -> None:
    friend = await world.customer()
    await world.subscribe(friend, "trialing")
    with pytest.raises(Conflict, match="subscription"):
        await world.apply(await world.code(await world.customer()), friend)


async def test_a_first_payment_that_is_still_open_does_not_count_as_subscribed(world: World) -> None:
    friend = await world.customer()
    await world.subscribe(friend, "incomplete")
    assert (await world.apply(await world.code(await world.customer()), friend)).status == "pending"


async def test_a_customer_keeps_one_code_which_comes_back_active(world: World) -> None:
    customer = await world.customer()
    code = await world.code(customer)
    assert len(code) == 8
    assert set(code) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    assert await world.code(customer) == code
    await world.db.write(codes.deactivate, world.project.id, code, at=world.clock.now())
    assert not (await world.db.read(codes.get, world.project.id, code)).is_active
    assert await world.code(customer) == code
    assert (await world.db.read(codes.get, world.project.id, code)).is_active


async def test_the_code_of_a_deleted_customer_is_deactivated(world: World) -> None:
    customer = await world.customer()
    code = await world.code(customer)
    await world.db.write(
        customers.delete_customer,
        project_id=world.project.id,
        customer_id=customer,
        at=world.clock.now(),
        now=world.clock.now(),
    )
    with pytest.raises(Invalid, match="not active"):
        await world.apply(code, await world.customer())
    await world.work()
    assert not (await world.db.read(codes.get, world.project.id, code)).is_active


async def test_a_project_may_allow_one_sponsor_in_each_program(world: World) -> None:
    async def allow(tx: Writing) -> None:
        await tx.run(command(sa.update(projects).values(sponsor_per_program=True)))

    await world.db.write(allow)
    await world.configure(presets.sign_up_bonus(), key="bonus")
    friend, one, other = await world.customer(), await world.customer(), await world.customer()
    await world.apply(await world.code(one), friend)
    await world.apply(await world.code(other, "bonus"), friend)
    for owner, key in ((other, "customer_referrals"), (one, "bonus")):
        with pytest.raises(Conflict, match="already been referred"):
            await world.apply(await world.code(owner, key), friend)
    # Two that refer each other are refused in each program by itself.
    with pytest.raises(Conflict, match="each other"):
        await world.apply(await world.code(friend), one)


async def test_by_default_a_customer_has_one_sponsor_in_all_programs(world: World) -> None:
    await world.configure(presets.sign_up_bonus(), key="bonus")
    friend = await world.customer()
    await world.apply(await world.code(await world.customer()), friend)
    with pytest.raises(Conflict, match="already been referred"):
        await world.apply(await world.code(await world.customer(), "bonus"), friend)
