from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from billfold.base.clock import MovableClock, SystemClock, from_unix, iso


def test_a_moment_is_printed_to_the_second_in_utc() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert iso(datetime(2026, 1, 2, 3, 4, 5, 999_999, tzinfo=east)) == "2026-01-01T21:34:05Z"


def test_a_year_of_less_than_four_digits_keeps_its_zeros() -> None:
    assert iso(datetime(999, 1, 2, tzinfo=UTC)) == "0999-01-02T00:00:00Z"


def test_a_unix_time_past_2038_is_a_moment_like_any_other() -> None:
    """Scenario E5."""
    assert iso(from_unix(2**31)) == "2038-01-19T03:14:08Z"
    assert iso(from_unix(-1)) == "1969-12-31T23:59:59Z"


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_movable_clock_stands_still_until_it_is_moved() -> None:
    clock = MovableClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(days=-1))
    assert clock.now() == datetime(2025, 12, 31, tzinfo=UTC)
