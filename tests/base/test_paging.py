from __future__ import annotations

import pytest

from billfold.base.errors import Invalid
from billfold.base.paging import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET, Page, page_from


def test_without_a_word_the_first_fifty_are_given() -> None:
    assert page_from(None, None) == Page(limit=DEFAULT_LIMIT, offset=0)


def test_a_page_is_read_from_query_text() -> None:
    assert page_from("7", "14") == Page(limit=7, offset=14)


@pytest.mark.parametrize("limit", ["101", "1000000000"])
def test_a_limit_above_the_largest_is_clamped(limit: str) -> None:
    """Scenario G2."""
    assert page_from(limit, None).limit == LARGEST_LIMIT


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "+1", "1.5", "1e2", " 1", "1 ", "٣", "²", "1_0", "0x10", "null", "9" * 13, "9" * 5000]
)
def test_what_is_no_whole_number_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(Invalid, match="limit must be"):
        page_from(text, None)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "٣", "1_0"])
def test_an_offset_below_zero_is_refused(text: str) -> None:
    """Scenario G2."""
    with pytest.raises(Invalid, match="offset must be"):
        page_from(None, text)


def test_an_offset_that_nobody_pages_to_is_refused() -> None:
    assert page_from(None, str(LARGEST_OFFSET)).offset == LARGEST_OFFSET
    with pytest.raises(Invalid):
        page_from(None, str(LARGEST_OFFSET + 1))
