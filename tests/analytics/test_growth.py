"""The dates and counts of G28, as pure functions."""

from __future__ import annotations

from datetime import date

from billfold.domain.analytics.growth import growth_curve, growth_dates

TODAY = date(2026, 3, 30)


def test_a_window_up_to_two_weeks_is_daily_and_a_longer_one_weekly_and_both_end_today() -> None:
    assert growth_dates(TODAY, 1) == [date(2026, 3, 29), TODAY]
    assert len(growth_dates(TODAY, 14)) == 15
    assert growth_dates(TODAY, 15) == [date(2026, 3, 15), date(2026, 3, 22), date(2026, 3, 29), TODAY]
    assert growth_dates(TODAY, 28)[-2:] == [date(2026, 3, 23), TODAY]
    assert len(growth_dates(TODAY, 365)) == 54


def test_the_curve_is_cumulative_and_keeps_days_on_which_nothing_happened() -> None:
    made_on = {date(2026, 3, 28): 2, TODAY: 1}
    curve = growth_curve(TODAY, 3, 10, made_on)
    assert [point.count for point in curve] == [7, 9, 9, 10]
