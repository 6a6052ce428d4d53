"""Signed texts that come back to us through browsers and other people's systems: HMAC-SHA256 under a key of the installation.

A signed text is URL-safe base64 of `version · key id · content · mac`: letters, digits, `-` and `_` only, which every cookie,
address and field of Stripe's takes. The key id says which secret key signed, so that a text outlives a change of the key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

_VERSION: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
# 128 bits: nobody can try so many.
_MAC_BYTES: Final = 16
_HEAD_BYTES: Final = len(_VERSION) + _KEY_ID_BYTES


class Signer:
    """Signs for one purpose with the present secret key, and recognises what the present or the previous one signed."""

    def __init__(self, key: bytes, previous: bytes | None = None, *, purpose: str) -> None:
        derived = [
            hmac.digest(each, f"billfold signer: {purpose}".encode(), "sha256")
            for each in (key, previous)
            if each is not None
        ]
        self._keys = {hashlib.sha256(each).digest()[:_KEY_ID_BYTES]: each for each in derived}
        self._key_id, key = next(iter(self._keys.items()))
        # Copied for each text: the key's own share of the work is done once.
        self._keyed = hmac.new(key, digestmod="sha256")
        self._head = _VERSION + self._key_id

    def sign(self, content: bytes) -> str:
        """Return the signed text."""
        signed = self._head + content
        keyed = self._keyed.copy()
        keyed.update(signed)
        return base64.urlsafe_b64encode(signed + keyed.digest()[:_MAC_BYTES]).rstrip(b"=").decode()

    def open(self, text: str) -> bytes | None:
        """Return the content, None for what was not signed here, or was changed."""
        try:
            raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError:
            return None
        if len(raw) < _HEAD_BYTES + _MAC_BYTES or raw[:1] != _VERSION:
            return None
        signed, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        key = self._keys.get(signed[1:_HEAD_BYTES])
        if key is None or not hmac.compare_digest(hmac.digest(key, signed, "sha256")[:_MAC_BYTES], mac):
            return None
        return signed[_HEAD_BYTES:]
