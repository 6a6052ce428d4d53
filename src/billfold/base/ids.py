"""Identifiers, codes and secrets: who makes them, from which alphabet, with how many bits.

An id is its prefix, nine characters of time and eleven of chance, all lower-case alphanumerics as in the published
contract (`pc_…`). The time in front keeps new rows together at the end of every index, which is what lets a table of a
million rows cost the same per insert as one of a thousand; 55 random bits a millisecond keep two from meeting.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_ID_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_LENGTH: Final = 9
_CHANCE_LENGTH: Final = 11
_CHANCES_AT_ONCE: Final = 128
_PAIRS: Final = tuple(first + second for first in _ID_ALPHABET for second in _ID_ALPHABET)
_LOW_HALF: Final = (1 << 50) - 1
# Each letter for eight of the 256 bytes: a byte of chance gives five bits of it.
_LETTER_OF_BYTE: Final = (_ID_ALPHABET * 8).encode()
# No 0/O and no 1/I: people read these codes aloud and type them from paper (contract G32).
_CODE_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 8
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


# Drawn ahead, because the system is asked for many as fast as for one. Taken from the end, which no two threads do at once.
_chances: Final[list[str]] = []
if hasattr(os, "register_at_fork"):  # not there on Windows, which splits no process
    # A process that is split off would draw what its parent draws.
    os.register_at_fork(after_in_child=_chances.clear)


def new_id(prefix: str) -> str:
    """Return a new identifier such as `pc_06bz3k9qj1w8…`; `prefix` is given with its underscore."""
    try:
        chance = _chances.pop()
    except IndexError:
        chance = _draw()
    return prefix + _time_text(time.time_ns() // 1_000_000) + chance


def _draw() -> str:
    """Return eleven letters of chance and leave more of them for later."""
    letters = os.urandom(_CHANCE_LENGTH * _CHANCES_AT_ONCE).translate(_LETTER_OF_BYTE).decode()
    first, *more = (letters[start : start + _CHANCE_LENGTH] for start in range(0, len(letters), _CHANCE_LENGTH))
    _chances.extend(more)
    return first


@lru_cache(maxsize=1)
def _time_text(milliseconds: int) -> str:
    return _written(milliseconds << 55)[:_TIME_LENGTH]


def oldest_id(prefix: str, moment: datetime) -> str:
    """Return a text that sorts before every id made at or after a moment of the wall clock, and behind those made before."""
    return prefix + _written(((moment - _EPOCH) // timedelta(milliseconds=1)) << 55)


def derived_id(prefix: str, *parts: str, near: str = "") -> str:
    """Return the id that the same parts always give: what happens again after a backup was restored is then the same thing.

    100 bits of a SHA-256, in the alphabet of every other id. `near` is an id of ours whose time it takes over, with 55 bits
    behind it: what is made together then stands together in every index, and a commit writes fewer pages.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    written = _written(int.from_bytes(digest[:13], "big") >> 4)
    time_of_another = near.partition("_")[2][:_TIME_LENGTH]
    if len(time_of_another) == _TIME_LENGTH and not time_of_another.strip(_ID_ALPHABET):
        return prefix + time_of_another + written[_TIME_LENGTH:]
    return prefix + written


def _written(number: int) -> str:
    """Return the lowest 100 bits as twenty characters, two at a time: every row of ours has one or more of these."""
    # In two halves: Python shifts numbers of up to sixty bits faster than longer ones.
    high, low = number >> 50, number & _LOW_HALF
    return (
        f"{_PAIRS[high >> 40]}{_PAIRS[high >> 30 & 1023]}{_PAIRS[high >> 20 & 1023]}{_PAIRS[high >> 10 & 1023]}"
        f"{_PAIRS[high & 1023]}{_PAIRS[low >> 40]}{_PAIRS[low >> 30 & 1023]}{_PAIRS[low >> 20 & 1023]}"
        f"{_PAIRS[low >> 10 & 1023]}{_PAIRS[low & 1023]}"
    )


def new_referral_code() -> str:
    """Return eight characters that are hard to confuse, from the system's random source (40 bits)."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(CODE_LENGTH))


def new_api_key() -> str:
    """Return a raw API key: `bs_` and 48 hexadecimal digits (contract section 4.2)."""
    return "bs_" + secrets.token_hex(24)


def new_token(bytes_of_chance: int = 24) -> str:
    """Return a random hexadecimal token, two digits a byte."""
    return secrets.token_hex(bytes_of_chance)
