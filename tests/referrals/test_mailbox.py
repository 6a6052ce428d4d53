"""Scenario C4: the spellings of one mailbox."""

from __future__ import annotations

import pytest

from billfold.domain.referrals.mailbox import mailbox_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane.doe@example.com", "Jane.Doe@EXAMPLE.com"),
        ("jane.doe@example.com", "janedoe@example.com"),
        ("jane@example.com", "jane+friend@example.com"),
        ("jane@example.com", " jane@example.com "),
        ("jos\u00e9@example.com", "jose\u0301@example.com"),
        ("\uff4aane@example.com", "jane@example.com"),
        ("jane@googlemail.com", "j.a.n.e+x@gmail.com"),
        ("stra\u00dfe@example.com", "STRASSE@example.com"),
    ],
)
def test_c4_spellings_of_one_mailbox_are_one(one: str, other: str) -> None:
    assert mailbox_of(one) == mailbox_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane@example.com", "john@example.com"),
        ("jane@example.com", "jane@example.org"),
        ("jane@mail.example.com", "jane@example.com"),
    ],
)
def test_different_people_stay_different(one: str, other: str) -> None:
    assert mailbox_of(one) != mailbox_of(other)
