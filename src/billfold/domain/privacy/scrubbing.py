"""Taking a person out of a text or a JSON value: pure rules.

A value mentions a person if one of the person's ids or addresses stands in it. Then every address of his becomes the one that
tells of nobody, every name that is known of him becomes `erased`, and an object that is about him (its `id`, `customerId` and
the like is one of his) keeps its shape while what it says of a person is emptied, also what it said in the past.
"""

from __future__ import annotations

import functools
import re
import zlib
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from billfold.domain.billing.erased_customers import ADDRESS_END

ERASED: Final = "erased"
# Reserved for what must never be an address (RFC 2606).
_NOWHERE: Final = ADDRESS_END.removeprefix("@")

# Fields that say whom an object is about, and what of it is a person's, in the spelling without `_` and in small letters.
_ABOUT: Final = frozenset({"id", "customerid", "customer", "refereecustomerid", "applicationid", "dealid", "objectid"})
_PERSONAL: Final = frozenset(
    {
        "email", "name", "phone", "address", "shipping", "company", "website", "reason", "notes", "leademail", "leadname",
        "companydomain", "refereeemail", "customeremail", "customername", "customerphone", "customeraddress", "receiptemail",
        "legalname", "description", "internalnote", "rejectionreason", "shown",
    }
)  # fmt: skip
_EMPTIED: Final = frozenset({"metadata", "answers", "evidence", "billingdetails", "customerdetails"})
# Shorter ones are words and numbers that stand everywhere.
_SHORTEST_WORD: Final = 3


def address_of_nobody(object_id: str) -> str:
    """Return an address that tells of nobody and differs for each object, for columns that must hold one."""
    return f"{object_id}@{_NOWHERE}".lower()


def is_of_nobody(email: str) -> bool:
    """Tell whether an address is one that an erasure left."""
    return email.endswith(f"@{_NOWHERE}")


@dataclass(frozen=True)
class Traces:
    """What gives a person away: `ids` of his rows, `emails` in any spelling, `words` such as his name and company."""

    ids: frozenset[str]
    emails: frozenset[str]
    words: frozenset[str]
    nobody: str = field(default=f"person@{_NOWHERE}")

    def mentioned_in(self, text: str) -> bool:
        """Tell whether an id or an address of the person stands in a text."""
        # Almost no text of a table does, and a plain search says so forty times as fast.
        if self._plain_marks and text.isascii():
            lowered = text.lower()
            if not any(mark in lowered for mark in self._plain_marks):
                return False
        return self._mentions is not None and self._mentions.search(text) is not None

    def rewritten(self, text: str) -> str:
        """Return a text without the person's addresses and names; ids stay, they tell of nobody."""
        if self._addresses is not None:
            text = self._addresses.sub(self.nobody, text)
        return text if self._names is None else self._names.sub(ERASED, text)

    def scrubbed(self, value: Any) -> Any:
        """Return a JSON value that mentions the person as it is to be kept; others are returned as they are."""
        if value is None or not self.mentioned_in(_as_text(value)):
            return value
        return self._scrubbed(value, about=False)

    def scrubbed_bytes(self, body: bytes) -> bytes:
        """As `scrubbed`, for an answer's bytes: JSON, or any text."""
        text = body.decode(errors="replace")
        if not self.mentioned_in(text):
            return body
        try:
            return msgspec.json.encode(self._scrubbed(msgspec.json.decode(body), about=False))
        except msgspec.DecodeError:
            return self.rewritten(text).encode()

    def _scrubbed(self, value: Any, *, about: bool) -> Any:
        if isinstance(value, str):
            return self.rewritten(value)
        if isinstance(value, list):
            return [self._scrubbed(each, about=about) for each in value]
        if not isinstance(value, dict):
            return value
        # An object inside one that is about him may be about somebody else, and says so.
        named = {key: each for key, each in value.items() if _plain(key) in _ABOUT and isinstance(each, str)}
        about = any(each in self.ids for each in named.values()) if named else about
        return {key: self._member(_plain(key), each, about=about) for key, each in value.items()}

    def _member(self, name: str, value: Any, *, about: bool) -> Any:
        if about and name in _EMPTIED and isinstance(value, dict | list):
            return type(value)()
        if about and name in _PERSONAL and value is not None:
            if isinstance(value, str):
                return self.nobody if "email" in name else ERASED
            return None
        return self._scrubbed(value, about=about)

    @functools.cached_property
    def _plain_marks(self) -> tuple[str, ...]:
        """What a text must hold to mention him, in small letters; nothing where letters have more than two cases."""
        marks = self.ids | self.emails
        return tuple(each.lower() for each in marks) if all(each.isascii() for each in marks) else ()

    @functools.cached_property
    def _mentions(self) -> re.Pattern[str] | None:
        return _any_of(self.ids | self.emails)

    @functools.cached_property
    def _addresses(self) -> re.Pattern[str] | None:
        return _any_of(self.emails)

    @functools.cached_property
    def _names(self) -> re.Pattern[str] | None:
        return _any_of(frozenset(word for word in self.words if len(word) >= _SHORTEST_WORD))


def unpacked(body: bytes) -> str:
    """Return the text of a stored copy, compressed or not."""
    try:
        return zlib.decompress(body).decode(errors="replace")
    except zlib.error:
        return body.decode(errors="replace")


def _plain(name: Any) -> str:
    return str(name).replace("_", "").lower()


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


@functools.lru_cache(maxsize=20)
def _any_of(words: frozenset[str]) -> re.Pattern[str] | None:
    # The longest first: a name in full before its first part; and only as a whole word or address.
    listed = "|".join(_whole(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(listed, re.IGNORECASE) if words else None


def _whole(word: str) -> str:
    if "@" in word:
        return rf"(?<![\w.+-]){re.escape(word)}(?![\w@]|[.-]\w)"
    return rf"(?<!\w){re.escape(word)}(?!\w)"
