"""Imports that wait for nobody."""

from __future__ import annotations

import pytest

from billfold.domain.tenancy.members import Role
from billfold.infrastructure.stripe.pacing import Pace
from tests.organisation.conftest import Browser, Organisation, organisation

__all__ = ["organisation"]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let the pace note how long it would wait, and go on at once."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    defaults = Pace.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "sleep", note)
    return waits


@pytest.fixture
async def admin(organisation: Organisation) -> Browser:
    """An admin of the team of `billfold_app`, signed in."""
    return await organisation.sign_in("admin@example.com", Role.ADMIN)
