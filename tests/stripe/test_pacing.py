"""What runs in the background asks at a pace of its own, and waits where Stripe wants it to."""

from __future__ import annotations

import pytest

from billfold.infrastructure.stripe.pacing import PER_SECOND, Pace, Paces
from billfold.infrastructure.stripe.port import StripeRejected, StripeUnavailable


class Waits(list[float]):
    """Notes how long somebody would have waited."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


async def test_the_pace_lets_a_burst_through_and_then_so_many_a_second() -> None:
    waits = Waits()
    pace = Pace(per_second=10, burst=5, sleep=waits)
    for _ in range(25):
        await pace.take()
    # Nothing really slept: each of the twenty behind the burst would have waited a tenth longer than the one before.
    assert len(waits) == 20
    assert waits[-1] == pytest.approx(2.0, abs=0.2)


def test_the_pace_stays_well_below_what_stripe_allows() -> None:
    assert PER_SECOND <= 25


async def test_a_refusal_to_answer_is_asked_again_after_what_stripe_says() -> None:
    waits = Waits()
    pace = Pace(per_second=1_000, burst=1_000, tries=4, sleep=waits)
    answers = iter([StripeUnavailable("slow", retry_after_seconds=30), StripeUnavailable("slow"), None])

    async def ask() -> str:
        problem = next(answers)
        if problem is not None:
            raise problem
        return "answer"

    assert await pace.call(ask) == "answer"
    # Also whoever shares the pace waits; what is longer than the burst's worth are the two pauses.
    pauses = [each for each in waits if each >= 5]
    assert 30 <= pauses[0] <= 37.5
    assert any(5 <= each <= 38 for each in pauses[1:])


async def test_the_last_refusal_is_raised() -> None:
    asked = []

    async def ask() -> None:
        asked.append(1)
        raise StripeUnavailable("away", retry_after_seconds=1)

    with pytest.raises(StripeUnavailable):
        await Pace(tries=3, sleep=Waits()).call(ask)
    assert len(asked) == 3
    with pytest.raises(StripeUnavailable):
        await Pace(tries=3, sleep=Waits()).call(ask, tries=1)
    assert len(asked) == 4


async def test_what_stripe_understood_and_refused_is_not_asked_again() -> None:
    asked = []

    async def ask() -> None:
        asked.append(1)
        raise StripeRejected("no")

    with pytest.raises(StripeRejected):
        await Pace(sleep=Waits()).call(ask)
    assert len(asked) == 1


def test_each_team_has_one_pace() -> None:
    paces = Paces()
    assert paces.of("team_1") is paces.of("team_1")
    assert paces.of("team_1") is not paces.of("team_2")
