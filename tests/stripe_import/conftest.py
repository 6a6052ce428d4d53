"""Imports that wait for nobody."""

from __future__ import annotations

import pytest

from billfold.infrastructure.stripe.pacing import Pace


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
