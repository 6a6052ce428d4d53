from __future__ import annotations

from datetime import UTC, datetime

from billfold.domain.analytics.months import month_starts, runs_at_end


def test_twelve_months_end_with_the_present_one() -> None:
    starts = month_starts(datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
    assert (starts[0], starts[-1], len(starts)) == (
        datetime(2025, 3, 1, tzinfo=UTC),
        datetime(2026, 2, 1, tzinfo=UTC),
        12,
    )
    assert month_starts(datetime(2026, 12, 31, tzinfo=UTC))[0] == datetime(2026, 1, 1, tzinfo=UTC)


def test_what_started_and_ended_in_one_month_does_not_run_at_its_end() -> None:
    assert runs_at_end(3, 3, 0, is_over=False)
    assert runs_at_end(3, 3, 4, is_over=True)
    assert not runs_at_end(3, 3, 3, is_over=True)
    assert not runs_at_end(2, 3, 0, is_over=False)
