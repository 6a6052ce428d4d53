"""Spends: alone, many in one unit, and whatever history there was (D1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billfold.base.errors import Conflict, NotFound
from billfold.domain.billing import customers
from billfold.domain.tenancy import projects
from billfold.domain.wallets.grants import find_grant
from billfold.domain.wallets.rules import month_of
from billfold.domain.wallets.spends import InsufficientFunds, Spend, SpendRequest
from tests.wallets.world import World

DAY = timedelta(days=1)


async def spent(world: World, customer_id: str, amount: int, **options: Any) -> Spend:
    result = await world.spend(customer_id, amount, **options)
    assert isinstance(result, Spend), result
    return result


async def test_a_spend_tells_what_is_left(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5)
    spend = await spent(world, jane, 3)
    assert (spend.amount, spend.from_allowance, spend.balance_after, spend.allowance_left) == (3, 0, 2, 0)
    assert (await world.ledger(jane)).settled == 3


async def test_what_does_not_suffice_tells_the_balance_and_takes_nothing(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5)
    await world.set_allowance(2)
    lack = await world.spend(jane, 8, key="a")
    assert isinstance(lack, InsufficientFunds)
    assert (lack.balance, lack.allowance_left) == (5, 2)
    # A refusal is not kept: what did not suffice suffices under the same key once there is more.
    await world.grant(jane, 1)
    assert (await spent(world, jane, 8, key="a")).balance_after == 0


async def test_the_same_key_gets_the_first_answer_for_ever(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5)
    first = await spent(world, jane, 2, key="a")
    await world.grant(jane, 50)
    world.clock.advance(400 * DAY)
    assert await spent(world, jane, 2, key="a") == first
    await world.db.write(
        customers.delete_customer,
        project_id=world.project_id,
        customer_id=jane,
        at=first.created_at,
        now=first.created_at,
    )
    assert await spent(world, jane, 2, key="a") == first
    assert (await world.ledger(jane)).settled == 2


async def test_the_key_of_another_spend_is_refused(world: World) -> None:
    jane, joe = await world.customer(), await world.customer()
    for each in (jane, joe):
        await world.grant(each, 5)
    await spent(world, jane, 2, key="a")
    for result in (
        await world.spend(jane, 3, key="a"),
        await world.spend(joe, 2, key="a"),
        await world.spend(jane, 2, key="a", unit="gb"),
    ):
        assert isinstance(result, Conflict)
        assert not isinstance(result, InsufficientFunds)
    assert (await world.ledger(joe)).available == 5


async def test_a_stranger_a_deleted_customer_and_one_of_another_project_have_no_wallet(world: World) -> None:
    other = await world.db.write(projects.create_project, team_id=world.team_id, name="Other", now=world.clock.now())
    gone = await world.customer()
    await world.grant(gone, 5)
    await world.db.write(
        customers.delete_customer,
        project_id=world.project_id,
        customer_id=gone,
        at=world.clock.now(),
        now=world.clock.now(),
    )
    for customer_id in ("pc_none", gone, await world.customer(other.id)):
        assert isinstance(await world.spend(customer_id, 1), NotFound)


async def test_one_bad_request_of_a_unit_fails_alone_and_the_others_are_drawn_in_their_order(world: World) -> None:
    jane, joe = await world.customer(), await world.customer()
    await world.grant(jane, 5)
    await world.grant(joe, 1)
    await world.grant(jane, 3, unit="gb")
    results = await world.spend_all(
        [
            world.request(jane, 3, key="a"),
            world.request("pc_none", 1),
            world.request(jane, 3),
            world.request(jane, 3, key="a"),
            world.request(joe, 2, key="a"),
            world.request(joe, 1),
            world.request(jane, 2),
            world.request(jane, 3, unit="gb"),
        ]
    )
    kinds = [type(result) for result in results]
    assert kinds == [Spend, NotFound, InsufficientFunds, Spend, Conflict, Spend, Spend, Spend]
    assert results[0] == results[3]
    assert [(await world.holding(each)).balance for each in (jane, joe)] == [0, 0]


async def test_spends_of_two_projects_in_one_unit_do_not_mix(world: World) -> None:
    other = await world.db.write(projects.create_project, team_id=world.team_id, name="Other", now=world.clock.now())
    jane, joe = await world.customer(), await world.customer(other.id)
    await world.grant(jane, 5)
    at = world.clock.now()
    foreign = SpendRequest(other.id, joe, "ai_credits", 1, "a", at)
    stolen = SpendRequest(other.id, jane, "ai_credits", 1, "b", at)
    results = await world.spend_all([world.request(jane, 1, key="a"), foreign, stolen])
    assert [type(result) for result in results] == [Spend, InsufficientFunds, NotFound]


async def test_what_expires_first_is_drawn_first_then_the_oldest(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 1, key="never")
    await world.grant(jane, 1, key="late", lasts=9 * DAY)
    world.clock.advance(DAY)
    await world.grant(jane, 1, key="soon", lasts=2 * DAY)
    await world.grant(jane, 1, key="last")
    left = []
    for _ in range(4):
        await spent(world, jane, 1)
        left.append(
            [await world.db.read(_remaining, world.project_id, key) for key in ("soon", "late", "never", "last")]
        )
    assert left == [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]]


async def test_a_wallet_of_many_grants_is_read_as_far_as_needed(world: World) -> None:
    jane = await world.customer()
    for _ in range(40):
        await world.grant(jane, 5)
    assert (await spent(world, jane, 12)).balance_after == 188
    assert (await spent(world, jane, 188)).balance_after == 0


async def test_the_allowance_comes_first_renews_with_the_month_and_is_no_money(world: World) -> None:
    jane = await world.customer()
    await world.set_allowance(5)
    assert (await spent(world, jane, 4)).allowance_left == 1
    await world.grant(jane, 3)
    spend = await spent(world, jane, 2)
    assert (spend.from_allowance, spend.balance_after, spend.allowance_left) == (1, 2, 0)
    assert [line.kind for line in await world.lines(jane)] == ["spend", "credit"]
    await world.set_allowance(6)
    assert (await world.holding(jane)).allowance_left == 1
    await world.set_allowance(2)
    assert (await world.holding(jane)).allowance_left == 0
    world.clock.advance(2 * DAY)
    holding = await world.holding(jane)
    assert (holding.allowance_left, holding.allowance_renews_at) == (2, datetime.fromisoformat("2026-05-01T00:00:00Z"))


async def _remaining(tx: Any, project_id: str, key: str) -> int:
    grant = await find_grant(tx, project_id, key)
    assert grant is not None
    return grant.remaining


@dataclass
class Model:
    """What a wallet should be, written as simply as can be."""

    allowance: int = 0
    month: int = 0
    used: int = 0
    # For each key what remains, when it expires, when it was made, and as which.
    grants: dict[str, list[Any]] = field(default_factory=dict)
    spends: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def open(self, at: datetime) -> list[list[Any]]:
        alive = [each for each in self.grants.values() if each[1] is None or each[1] > at]
        return sorted(alive, key=lambda each: (each[1] is None, each[1] or at, each[2], each[3]))

    def balance(self, at: datetime) -> int:
        return sum(each[0] for each in self.open(at))

    def spend(self, key: str, amount: int, at: datetime) -> tuple[int, int, int] | None:
        if key in self.spends:
            return self.spends[key] if self.spends[key][0] == amount else None
        month = max(self.month, month_of(at))
        free = min(amount, max(0, self.allowance - (self.used if month == self.month else 0)))
        if amount - free > self.balance(at):
            return None
        if free:
            self.used = (self.used if month == self.month else 0) + free
            self.month = month
        left = amount - free
        for grant in self.open(at):
            taken = min(left, grant[0])
            grant[0] -= taken
            left -= taken
        self.spends[key] = (amount, free, self.balance(at))
        return self.spends[key]


keys = st.integers(1, 12)
amounts = st.integers(1, 30)
hours = st.integers(-200, 500)
steps = st.one_of(
    st.tuples(st.just("grant"), keys, amounts, st.none() | st.integers(1, 900)),
    st.tuples(st.just("spend"), st.lists(st.tuples(keys, amounts), min_size=1, max_size=5)),
    st.tuples(st.just("take_back"), keys, st.none() | amounts),
    st.tuples(st.just("expire")),
    st.tuples(st.just("clock"), hours),
    st.tuples(st.just("allowance"), st.integers(0, 12)),
)


async def _do(world: World, model: Model, customer_id: str, step: tuple[Any, ...]) -> None:
    kind, *details = step
    at = world.clock.now()

    def name(number: int) -> str:
        return f"{customer_id}-{number}"

    if kind == "grant":
        number, amount, hours_left = details
        lasts = None if hours_left is None else timedelta(hours=hours_left)
        is_new = await world.grant(customer_id, amount, key=name(number), lasts=lasts)
        assert is_new == (name(number) not in model.grants)
        if is_new:
            model.grants[name(number)] = [amount, None if lasts is None else at + lasts, at, len(model.grants)]
    elif kind == "spend":
        requests = [world.request(customer_id, amount, key=name(number)) for number, amount in details[0]]
        for request, result in zip(requests, await world.spend_all(requests), strict=True):
            expected = model.spend(request.key, request.amount, at)
            drawn = (result.amount, result.from_allowance, result.balance_after) if isinstance(result, Spend) else None
            assert drawn == expected
    elif kind == "take_back":
        grant = model.grants.get(name(details[0]), [0])
        wanted = grant[0] if details[1] is None else min(details[1], grant[0])
        assert await world.take_back(name(details[0]), details[1]) == wanted
        grant[0] -= wanted
    else:
        await _pass(world, model, kind, *details)


async def _pass(world: World, model: Model, kind: str, number: int = 0) -> None:
    if kind == "expire":
        await world.close_expired()
        for each in model.grants.values():
            each[0] = 0 if each[1] is not None and each[1] <= world.clock.now() else each[0]
    elif kind == "clock":
        world.clock.advance(timedelta(hours=number))
    else:
        model.allowance = number
        await world.set_allowance(number)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, max_size=25))
async def test_a_wallet_never_goes_below_zero_and_always_equals_its_ledger(
    world: World, history: list[tuple[Any, ...]]
) -> None:
    customer_id, model = await world.customer(), Model()
    await world.set_allowance(0)
    for step in history:
        # Of two grants of one microsecond none is the older.
        world.clock.advance(timedelta(seconds=1))
        await _do(world, model, customer_id, step)
        ledger = await world.ledger(customer_id)
        assert ledger.available == sum(grant[0] for grant in model.grants.values()) >= 0
        assert ledger.settled == sum(amount - free for amount, free, _ in model.spends.values())
        assert (await world.holding(customer_id)).balance == model.balance(world.clock.now())
    changes = sum(
        line.amount if line.credit == "available" else -line.amount for line in await world.lines(customer_id)
    )
    if len(history) < 12:  # the first page then holds every line
        assert changes == (await world.ledger(customer_id)).available


def test_the_model_draws_as_the_contract_says() -> None:
    at = datetime.fromisoformat("2026-03-30T12:00:00Z")
    model = Model(allowance=2, grants={"a": [5, None, at, 0], "b": [5, at + DAY, at, 1]})
    assert model.spend("x", 8, at) == (8, 2, 4)
    assert [grant[0] for grant in model.grants.values()] == [4, 0]
    with pytest.raises(KeyError):
        model.grants["c"]
