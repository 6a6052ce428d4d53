"""The truth table of attribution (contract A21, SCENARIOS E4): kinds, moments and settings against the expected winner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.domain.referrals.attribution_rules import (
    AFTER_PAYMENT,
    AFTER_SIGN_UP,
    EARLIER_WON,
    LATER_WON,
    NOT_COUNTED,
    OUTSIDE_WINDOW,
    WEAKER_KIND,
    WON,
    Timeline,
    judge,
)
from billfold.domain.referrals.terms import Attribution, Terms, TouchKind
from billfold.domain.referrals.touches import StoredTouch

PAID = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
SIGNED_UP = PAID - timedelta(days=5)
KINDS: tuple[TouchKind, ...] = ("deal", "checkout_code", "coupon", "link")


def touch(kind: TouchKind, before: timedelta, name: str = "", refusal: str | None = None) -> StoredTouch:
    """Return a touch that happened some time before the first payment."""
    at = PAID - before
    return StoredTouch(
        id=f"touch_{name or kind}",
        project_id="proj_1",
        customer_id="pc_1",
        kind=kind,
        key=name or kind,
        program_id="prog_1",
        code_id=f"code_{name or kind}",
        code=(name or kind).upper(),
        referrer_id=f"pc_{name or kind}",
        click_id=None,
        refusal=refusal,
        evidence={},
        happened_at=at,
        created_at=at,
    )


def terms(attribution: Attribution | None = None, *, days: int | None = 30) -> Terms:
    return Terms(converts_on="payment", rules=(), attribution_days=days, attribution=attribution or Attribution())


def timeline(first_paid_at: datetime | None = PAID, at: datetime = PAID) -> Timeline:
    return Timeline(SIGNED_UP, first_paid_at, at)


DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
EVERY_KIND = [touch("deal", DAY), touch("checkout_code", SECOND), touch("coupon", SECOND), touch("link", 10 * DAY)]


@pytest.mark.parametrize("precedence", list(permutations(KINDS)))
def test_the_first_kind_of_the_declared_order_wins_whatever_it_is(precedence: tuple[TouchKind, ...]) -> None:
    decision = judge(EVERY_KIND, terms(Attribution(precedence=precedence)), timeline())
    assert decision.winner is not None
    assert decision.winner.kind == precedence[0]
    assert [decision.reason(each) for each in EVERY_KIND if each.kind != precedence[0]] == [WEAKER_KIND] * 3


@pytest.mark.parametrize(
    ("seen", "winner"),
    [
        (("deal", "checkout_code", "coupon", "link"), "deal"),
        (("checkout_code", "coupon", "link"), "checkout_code"),
        (("coupon", "link"), "coupon"),
        (("link",), "link"),
        (("deal", "link"), "deal"),
        (("checkout_code", "link"), "checkout_code"),
        (("deal", "coupon"), "deal"),
        (("manual", "deal", "checkout_code", "coupon", "link"), "manual"),
        ((), None),
    ],
)
def test_by_default_a_deal_beats_a_code_beats_a_coupon_beats_a_link(seen: tuple[TouchKind, ...], winner: str) -> None:
    decision = judge([touch(kind, 6 * DAY) for kind in seen], terms(), timeline())
    assert (decision.winner.kind if decision.winner else None) == winner


def test_a_kind_that_the_terms_leave_out_never_wins() -> None:
    only_link = touch("link", 6 * DAY)
    decision = judge([only_link], terms(Attribution(precedence=("deal",))), timeline())
    assert (decision.winner, decision.reason(only_link)) == (None, NOT_COUNTED)


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        (30 * DAY - SECOND, WON),
        (30 * DAY, WON),
        (30 * DAY + SECOND, OUTSIDE_WINDOW),
        (5 * DAY + SECOND, WON),
        (5 * DAY - SECOND, AFTER_SIGN_UP),
        (-SECOND, AFTER_PAYMENT),
    ],
)
def test_e4_a_link_counts_within_its_window_and_not_after_the_sign_up(before: timedelta, outcome: str) -> None:
    seen = touch("link", before)
    assert judge([seen], terms(), timeline()).reason(seen) == outcome


@pytest.mark.parametrize(("before", "outcome"), [(35 * DAY - SECOND, WON), (35 * DAY + SECOND, OUTSIDE_WINDOW)])
def test_the_window_may_end_with_the_sign_up_instead(before: timedelta, outcome: str) -> None:
    seen = touch("link", before)
    decision = judge([seen], terms(Attribution(counted_until="signup")), timeline())
    assert decision.reason(seen) == outcome


def test_without_a_window_an_old_link_counts() -> None:
    seen = touch("link", 3_000 * DAY)
    assert judge([seen], terms(days=None), timeline()).winner is seen


@pytest.mark.parametrize(
    ("setting", "winner", "loser"), [("last", "later", LATER_WON), ("first", "earlier", EARLIER_WON)]
)
def test_e4_of_two_links_the_declared_one_wins(setting: str, winner: str, loser: str) -> None:
    earlier, later = touch("link", 20 * DAY, "earlier"), touch("link", 10 * DAY, "later")
    rules = Attribution(touch="last" if setting == "last" else "first")
    for seen in ([earlier, later], [later, earlier]):
        decision = judge(seen, terms(rules), timeline())
        assert decision.winner is not None
        assert decision.winner.key == winner
        assert [reason for reason in decision.outcomes.values() if reason != WON] == [loser]


def test_an_old_first_link_does_not_keep_a_valid_one_from_winning() -> None:
    old, new = touch("link", 31 * DAY, "old"), touch("link", 10 * DAY, "new")
    decision = judge([old, new], terms(Attribution(touch="first")), timeline())
    assert decision.winner is new


def test_of_what_people_said_the_last_counts_even_where_the_first_link_wins() -> None:
    one, other = touch("manual", 2 * DAY, "one"), touch("manual", DAY, "other")
    assert judge([one, other], terms(Attribution(touch="first")), timeline()).winner is other


@pytest.mark.parametrize("refusal", ["unknown_code", "inactive_code", "program_off", "self_referral", "ring"])
def test_what_was_refused_never_wins(refusal: str) -> None:
    refused, link = touch("deal", DAY, refusal=refusal), touch("link", 10 * DAY)
    decision = judge([refused, link], terms(), timeline())
    assert (decision.winner, decision.reason(refused)) == (link, refusal)


def test_before_the_first_payment_the_window_ends_now() -> None:
    seen = touch("link", 10 * DAY)
    assert judge([seen], terms(), timeline(None, PAID + 19 * DAY)).winner is seen
    assert judge([seen], terms(), timeline(None, PAID + 21 * DAY)).winner is None


@given(st.permutations([*EVERY_KIND, touch("link", 20 * DAY, "other"), touch("manual", -DAY, "late")]))
def test_the_order_in_which_touches_are_told_makes_no_difference(seen: list[StoredTouch]) -> None:
    decision = judge(seen, terms(), timeline())
    assert decision.outcomes == judge(EVERY_KIND + seen[4:], terms(), timeline()).outcomes | decision.outcomes
    assert decision.winner is EVERY_KIND[0]
