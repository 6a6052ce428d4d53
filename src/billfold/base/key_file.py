"""The secret key of an installation on SQLite: made once, kept in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from billfold.base.crypto import KEY_BYTES

_OTHERS: Final = 0o077


class KeyFileUnsafe(Exception):
    """The key file cannot be used; the message says what to do."""


def read_or_make_key(path: Path) -> bytes:
    """Return the 32 bytes kept in a file, after making the file if there is none.

    Two processes that start at once agree on one key: the file appears whole, by a link that only the first can make.
    """
    if not path.exists():
        _make(path)
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise KeyFileUnsafe(f"Others can read the secret key in {path}. Run: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise KeyFileUnsafe(f"{path} does not hold a secret key of {KEY_BYTES} bytes in hexadecimal.") from error
    if len(key) != KEY_BYTES:
        raise KeyFileUnsafe(f"{path} does not hold a secret key of {KEY_BYTES} bytes in hexadecimal.")
    return key


def _make(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_hex(KEY_BYTES).encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
