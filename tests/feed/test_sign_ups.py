"""What is told of sign-ups with a code, and of customers who come with a token."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billfold.domain.billing.customer_identities import provision, token_user
from billfold.domain.referrals.sign_up_sweep import sweep_sign_ups
from billfold.domain.referrals.terms import Terms
from billfold.domain.webhooks.feed import read_feed
from billfold.domain.webhooks.sequencer import Sequencer
from billfold.entrypoints.public_events import RENDERERS
from billfold.infrastructure.db.database import Database, Writing
from tests.referrals.signing import BONUS, SignUps
from tests.referrals.world import World


class Told:
    """Reads what has come into the feed since it was last asked."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sequencer = Sequencer(world.db, world.clock, RENDERERS, _no_fan_out)
        self._cursor: str | None = None

    async def since(self) -> list[str]:
        """Return the types of what is new."""
        await self._sequencer.drain()
        page = await self._world.db.read(read_feed, self._world.project.id, after=self._cursor, limit=500)
        self._cursor = page.cursor
        return [event.type for event in page.events]


@pytest.fixture
async def world(db: Database) -> World:
    return await World(db).start()


async def test_a_sign_up_that_converts_at_once_is_one_row_and_tells_all_of_it(world: World) -> None:
    signing, told = SignUps(world), Told(world)
    await signing.put()
    _, code = await signing.owner()
    assert await told.since() == ["customer.created"]
    assert await signing.convert(code, "new@example.com")
    assert await told.since() == ["referral.applied", "referral.converted", "reward.earned", "reward.settled"]
    assert not await signing.convert(code, "new@example.com")
    assert await told.since() == []


async def test_a_sign_up_that_waits_for_proof_is_applied_first_and_converts_with_the_account(world: World) -> None:
    signing, told = SignUps(world), Told(world)
    await signing.put(Terms(converts_on="verified_signup", rules=BONUS.rules))
    _, code = await signing.owner()
    await signing.convert(code, "new@example.com")
    assert await told.since() == ["customer.created", "referral.applied"]
    friend = await world.customer("new@example.com")
    await signing.prove(friend, "new@example.com")
    assert await told.since() == ["customer.created", "referral.converted", "reward.earned", "reward.settled"]


async def test_what_is_taken_back_is_told_and_so_is_what_is_earned_after_all(world: World) -> None:
    signing, told = SignUps(world), Told(world)
    await signing.put()
    await signing.identify()
    _, code = await signing.owner()
    await signing.convert(code, "late@example.com")
    await told.since()
    world.clock.advance(timedelta(days=7))
    await sweep_sign_ups(world.db, now=world.clock.now())
    assert await told.since() == ["reward.reversed"]
    friend = await world.customer("late@example.com")
    await signing.prove(friend, "late@example.com")
    assert sorted(await told.since()) == ["customer.created", "referral.converted", "reward.earned"]


async def test_the_first_token_of_a_user_is_a_new_customer_and_the_next_is_nothing(world: World) -> None:
    told = Told(world)
    user = token_user("https://login.example.com", "u1", email="jane@example.com", email_verified=False, name="Jane")
    proved = token_user("https://login.example.com", "u1", email="jane@example.com", email_verified=True, name="Jane")
    seen = []
    for each in (user, user, proved, proved):
        world.clock.advance(timedelta(seconds=1))
        now = world.clock.now()
        await world.db.write(provision, team_id=world.team.id, project_id=world.project.id, user=each, at=now, now=now)
        seen.append(await told.since())
    # That the address is proved is nothing that the API shows.
    assert seen == [["customer.created"], [], [], []]


async def _no_fan_out(tx: Writing, fed: object) -> None:
    del tx, fed
