"""Sealing of stored secrets, hashing of keys and tokens, comparison in constant time.

A sealed value reads `v1:iv:tag:ciphertext` in URL-safe base64: AES-256-GCM with a random 96-bit IV, and as associated data the
owner and the field, so a value copied into another row or column does not open (contract G23).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from billfold.base.signing import Signer

KEY_BYTES: Final = 32
_IV_BYTES: Final = 12
_TAG_BYTES: Final = 16


class SealBroken(Exception):
    """A sealed value does not open: another key, another row, or a changed text."""


class Sealer:
    """Seals with the present key and opens with the present or the previous one, so a key can be rotated."""

    def __init__(self, key: bytes, previous: bytes | None = None) -> None:
        for each in (key, previous):
            if each is not None and len(each) != KEY_BYTES:
                raise ValueError(f"the secret key must be {KEY_BYTES} bytes")
        self._keys = (key, previous)
        self._ciphers = [AESGCM(each) for each in (key, previous) if each is not None]

    def signer(self, purpose: str) -> Signer:
        """Return what signs for one purpose with the same keys."""
        return Signer(*self._keys, purpose=purpose)

    def seal(self, secret: str, *, owner: str, field: str) -> str:
        """Return the sealed text of a secret that belongs to one field of one owner."""
        iv = os.urandom(_IV_BYTES)
        sealed = self._ciphers[0].encrypt(iv, secret.encode(), _associated(owner, field))
        parts = (iv, sealed[-_TAG_BYTES:], sealed[:-_TAG_BYTES])
        return "v1:" + ":".join(base64.urlsafe_b64encode(part).decode() for part in parts)

    def open(self, sealed: str, *, owner: str, field: str) -> str:
        """Return the secret, or raise `SealBroken`."""
        return self._opened(sealed, owner=owner, field=field)[0]

    def resealed(self, sealed: str, *, owner: str, field: str) -> str | None:
        """Return the sealed text anew if the previous key made it, None if the present one did; raises `SealBroken`."""
        secret, is_present = self._opened(sealed, owner=owner, field=field)
        return None if is_present else self.seal(secret, owner=owner, field=field)

    def _opened(self, sealed: str, *, owner: str, field: str) -> tuple[str, bool]:
        version, *parts = sealed.split(":")
        if version != "v1" or len(parts) != 3:  # noqa: PLR2004 - iv, tag, ciphertext
            raise SealBroken("the stored secret has an unknown form")
        try:
            iv, tag, ciphertext = (base64.urlsafe_b64decode(part) for part in parts)
        except ValueError as error:
            raise SealBroken("the stored secret is damaged") from error
        for cipher in self._ciphers:
            try:
                secret = cipher.decrypt(iv, ciphertext + tag, _associated(owner, field)).decode()
                return secret, cipher is self._ciphers[0]
            except (InvalidTag, ValueError):
                continue
        raise SealBroken("the stored secret was sealed with another BILLFOLD_SECRET_KEY")


def _associated(owner: str, field: str) -> bytes:
    # The length keeps owner and field apart: no two pairs of texts give the same bytes.
    return f"{len(owner)}:{owner}:{field}".encode()


def token_hash(token: str) -> str:
    """Return the SHA-256 of an API key or token in hexadecimal: what is stored and looked up, never the token itself.

    A plain hash is enough because tokens carry at least 128 random bits; passwords go through argon2id instead.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two texts in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
