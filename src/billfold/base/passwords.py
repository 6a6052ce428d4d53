"""Passwords of people: argon2id with the library's recommended cost (about 50 ms, so never inside a unit).

Import this module where a password is handled: the import itself costs 40 ms, which nobody else should pay.
"""

from __future__ import annotations

import secrets

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(password)


def is_password(password: str, stored: str) -> bool:
    """Tell whether a password is the one that was hashed."""
    return _hasher.verify(password, stored)


def new_password() -> str:
    """Return a random password of 120 bits that can be pasted anywhere."""
    return secrets.token_urlsafe(15)
