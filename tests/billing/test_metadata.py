"""Metadata: what a caller may set, and that Stripe's merging updates end where ours do (contract G10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.errors import Invalid
from billfold.domain.billing.metadata import (
    LARGEST_EXACT_NUMBER,
    checked_metadata,
    is_reserved,
    merged_from_stripe,
    replaced,
    stamped,
)
from tests.billing.fake_stripe import merged

KEYS = st.text("abcxyz0_", min_size=1, max_size=4).filter(lambda key: not is_reserved(key))
VALUES = st.one_of(
    st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=5),
    st.booleans(),
    st.integers(-LARGEST_EXACT_NUMBER, LARGEST_EXACT_NUMBER),
    st.floats(-1e9, 1e9),
)
METADATA = st.dictionaries(KEYS, VALUES, max_size=8)
STAMP = {"project_id": "proj_1"}


@given(METADATA, METADATA)
def test_after_a_change_stripe_holds_exactly_our_new_keys_and_the_stamp(
    old: dict[str, object], new: dict[str, object]
) -> None:
    in_stripe = merged(merged({}, stamped(old, STAMP)), replaced(old, new))
    assert in_stripe == merged({}, stamped(new, STAMP))


@given(METADATA)
def test_what_comes_back_from_stripe_is_what_was_sent_with_its_types(ours: dict[str, object]) -> None:
    back = merged_from_stripe(ours, merged({}, stamped(ours, STAMP)))
    assert back == ours
    assert {key: type(value) for key, value in back.items()} == {key: type(value) for key, value in ours.items()}


@given(METADATA)
def test_every_metadata_within_the_limits_is_accepted_as_it_is(metadata: dict[str, object]) -> None:
    assert checked_metadata(metadata) == metadata


def test_a_key_that_somebody_set_in_stripe_comes_along_and_a_dropped_one_goes() -> None:
    assert merged_from_stripe({"a": 1, "b": 2}, {"a": "1", "crm": "7", "project_id": "proj_1"}) == {"a": 1, "crm": "7"}


def test_what_did_not_fit_beside_the_stamp_stays_ours() -> None:
    full: dict[str, object] = {f"k{number}": number for number in range(50)}
    in_stripe = stamped(full, STAMP)
    assert len(in_stripe) == 50
    assert merged_from_stripe(full, in_stripe) == full


@pytest.mark.parametrize("key", ["project_id", "team_id", "billstack_anything"])
def test_the_keys_that_route_events_are_ours_alone(key: str) -> None:
    with pytest.raises(Invalid, match="reserved"):
        checked_metadata({key: "x"})
