from __future__ import annotations

import pytest

from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable


@pytest.mark.parametrize("kind", [Conflict, Forbidden, Invalid, NotFound, Unavailable])
def test_each_no_carries_its_sentence(kind: type[BillfoldError]) -> None:
    error = kind("Customer not found.")
    assert error.message == str(error) == "Customer not found."


def test_unavailable_says_when_to_come_back() -> None:
    assert Unavailable("Stripe does not answer.").retry_after_seconds == 5
    assert Unavailable("Stripe does not answer.", retry_after_seconds=30).retry_after_seconds == 30
