"""The space of codes (SCENARIOS F8): large enough, each meeting noticed by the unique index, any spelling the same code."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from billfold.base.errors import Unavailable
from billfold.base.ids import new_referral_code
from billfold.domain.referrals import codes
from tests.referrals.world import World

_DRAWN: Final = 10_000_000 if os.environ.get("BILLFOLD_TEST_FULL") == "1" else 50_000
_SPACE: Final = 32**8


def draw_from(monkeypatch: pytest.MonkeyPatch, drawn: Iterator[str]) -> None:
    monkeypatch.setattr(codes, "new_referral_code", lambda: next(drawn))


def test_codes_meet_no_more_often_than_chance_has_it(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "codes.db")) as kept:
        kept.execute("CREATE TABLE codes (code TEXT PRIMARY KEY) WITHOUT ROWID")
        drawn = ((new_referral_code(),) for _ in range(_DRAWN))
        added = kept.executemany("INSERT INTO codes VALUES (?) ON CONFLICT DO NOTHING", drawn).rowcount
    # Of ten million some 45 are drawn twice; twice as many would be seven times the spread away.
    assert _DRAWN - added <= 2 * (_DRAWN * _DRAWN // (2 * _SPACE)) + 6


async def test_a_code_that_somebody_has_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = await world.code(await world.customer())
    draw_from(monkeypatch, iter([taken, taken, "FRESH234"]))
    assert await world.code(await world.customer()) == "FRESH234"


async def test_where_every_draw_is_taken_it_gives_up_with_a_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await world.code(await world.customer())
    draw_from(monkeypatch, iter([taken] * 1_000))
    unlucky = await world.customer()
    with pytest.raises(Unavailable, match="Try again"):
        await world.code(unlucky)


async def test_any_spelling_is_the_same_code(world: World) -> None:
    code = await world.code(await world.customer())
    for spelling in (code.lower(), code.title(), f" {code}\n"):
        assert (await world.db.read(codes.get, world.project.id, spelling)).code == code
