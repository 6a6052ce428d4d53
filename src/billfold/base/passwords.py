"""Passwords of people: argon2id with the library's recommended cost (about 50 ms, so never inside a unit).

Import this module where a password is handled: the import itself costs 40 ms, which nobody else should pay.
"""

from __future__ import annotations

import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

_hasher = PasswordHash.recommended()


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Tell whether a password is the one that was hashed.

    Without a stored hash the same work is done on another one, so that the answer about nobody takes as long.
    """
    try:
        return _hasher.verify(password, stored or _nobodys_hash()) and stored is not None
    except UnknownHashError:
        return False


def new_password() -> str:
    """Return a random password of 120 bits that can be pasted anywhere."""
    return secrets.token_urlsafe(15)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(15))
