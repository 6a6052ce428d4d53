"""Identifiers as Stripe writes them: a prefix and letters and digits of both cases."""

from __future__ import annotations

import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHORT: Final = 14
_LONG: Final = 24
_SESSION: Final = 58


# One look-up a byte. Eight characters are a little likelier than the others, which costs 0.3 of 6 bits a character.
_TABLE: Final = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))


def _characters(length: int) -> str:
    return secrets.token_bytes(length).translate(_TABLE).decode("ascii")


def short_id(prefix: str) -> str:
    """Return an id such as `cus_NffrFeUfNV2Hib` (customers, products, subscription items)."""
    return prefix + _characters(_SHORT)


def long_id(prefix: str) -> str:
    """Return an id such as `in_1MtHbELkdIwHu7ixl4OzzPMv`."""
    return prefix + "1" + _characters(_LONG - 1)


def session_id() -> str:
    """Return the id of a checkout session; it is the secret that opens the page, so it holds more than 300 bits of chance."""
    return "cs_test_a1" + _characters(_SESSION - 2)


def secret_of(object_id: str) -> str:
    """Return a client secret for an intent."""
    return f"{object_id}_secret_{_characters(_LONG)}"
