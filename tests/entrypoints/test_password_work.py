from __future__ import annotations

import asyncio
import threading

import pytest

from billfold.base import passwords
from billfold.base.errors import Unavailable
from billfold.entrypoints import password_work
from billfold.entrypoints.password_work import PasswordWork


async def test_the_loop_goes_on_while_a_password_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr(passwords, "hash_password", lambda password: held.wait(30) and password)
    work = PasswordWork()
    task = asyncio.create_task(work.hash("correct horse"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not task.done()
    held.set()
    assert await task == "correct horse"
    work.close()


async def test_a_flood_is_answered_busy_and_everything_that_was_taken_in_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = threading.Event()
    monkeypatch.setattr(passwords, "is_password", lambda *_: held.wait(30))
    work = PasswordWork()
    taken = [asyncio.create_task(work.is_right("x", None)) for _ in range(password_work._MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await work.is_right("x", None)
    held.set()
    assert all(await asyncio.gather(*taken))
    assert await work.is_right("x", None)
    work.close()


async def test_a_letter_with_an_accent_is_one_password_however_the_keyboard_makes_it() -> None:
    work = PasswordWork()
    stored = await work.hash("caf\u00e9 au lait")
    assert await work.is_right("cafe\u0301 au lait", stored)
    assert not await work.is_right("cafe au lait", stored)
    assert not await work.is_right("anything", None)
    assert not await work.is_right("anything", "no password")
    work.close()
