"""Reading one field of an object of Stripe's: what it must be, what may be missing, how an error names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from billfold.base.clock import from_unix

# What a database column of eight bytes holds.
_LARGEST: Final = 2**63 - 1
_SMALLEST: Final = -(2**63)
_UNKNOWN_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)

Json = Mapping[str, Any]


class BadObject(ValueError):
    """An object of Stripe's does not have the documented shape; the message names the object and the field."""


class AmountTooLarge(BadObject):
    """A number does not fit into the eight bytes in which amounts are kept."""


def required_text(data: Json, name: str) -> str:
    """Return a text that every such object has."""
    found = optional_text(data, name)
    if found is None:
        raise _wrong(data, name, "is missing")
    return found


def optional_text(data: Json, name: str) -> str | None:
    """Return a text, or None if it is absent or null."""
    found = data.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise _wrong(data, name, "is not a text")
    return storable(found)


def storable(text: str) -> str:
    """Return the text with every character that PostgreSQL cannot store replaced by U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    # Lone surrogates come from JSON escapes such as "\\ud800"; only they fail to encode.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def required_whole(data: Json, name: str) -> int:
    """Return a whole number that every such object has, within eight bytes."""
    found = optional_whole(data, name)
    if found is None:
        raise _wrong(data, name, "is missing")
    return found


def optional_whole(data: Json, name: str) -> int | None:
    """Return a whole number within eight bytes, or None if it is absent or null."""
    found = data.get(name)
    if found is None:
        return None
    # bool is a kind of int in Python, and not an amount.
    if not isinstance(found, int) or isinstance(found, bool):
        raise _wrong(data, name, "is not a whole number")
    if not _SMALLEST <= found <= _LARGEST:
        raise AmountTooLarge(f"{_called(data)}: {name} is too large to be stored")
    return found


def whole_or_zero(data: Json, name: str) -> int:
    """Return a whole number within eight bytes, zero if it is absent or null."""
    return optional_whole(data, name) or 0


def flag(data: Json, name: str) -> bool:
    """Return a boolean, false if it is absent or null."""
    found = data.get(name)
    if found is None:
        return False
    if not isinstance(found, bool):
        raise _wrong(data, name, "is not a boolean")
    return found


def required_moment(data: Json, name: str) -> datetime:
    """Return a moment that every such object has, from Unix seconds."""
    found = optional_moment(data, name)
    if found is None:
        raise _wrong(data, name, "is missing")
    return found


def optional_moment(data: Json, name: str) -> datetime | None:
    """Return a moment from Unix seconds, or None if it is absent or null."""
    seconds = optional_whole(data, name)
    if seconds is None:
        return None
    try:
        return from_unix(seconds)
    except (ValueError, OverflowError, OSError) as error:
        raise _wrong(data, name, "is not a Unix time in seconds") from error


def moment_or_1970(data: Json, name: str) -> datetime:
    """Return a moment, 1970 for an object of which Stripe keeps only the id."""
    return optional_moment(data, name) or _UNKNOWN_MOMENT


def optional_object(data: Json, name: str) -> Json:
    """Return a nested object, empty if it is absent or null."""
    found = data.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise _wrong(data, name, "is not an object")
    return found


def optional_objects(data: Json, name: str) -> Sequence[Json]:
    """Return a nested array of objects, empty if it is absent or null."""
    found = data.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise _wrong(data, name, "is not an array of objects")
    return found


def required_reference(data: Json, name: str) -> str:
    """Return the id of another object, whether Stripe gave the id or expanded the object."""
    found = optional_reference(data, name)
    if found is None:
        raise _wrong(data, name, "is missing")
    return found


def optional_reference(data: Json, name: str) -> str | None:
    """Return the id of another object, expanded or not, or None if it is absent or null."""
    found = data.get(name)
    if isinstance(found, Mapping):
        return required_text(found, "id")
    return optional_text(data, name)


def expanded(data: Json, name: str) -> Json:
    """Return another object if Stripe expanded it, empty if it gave only the id or nothing."""
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def text_map(data: Json, name: str = "metadata") -> dict[str, str]:
    """Return metadata. Stripe keeps only texts; a compatible server's numbers and booleans are written as texts."""
    found: dict[str, str] = {}
    for key, value in optional_object(data, name).items():
        if value is None:
            continue
        if isinstance(value, bool):
            found[storable(str(key))] = "true" if value else "false"
        elif isinstance(value, (str, int, float)):
            found[storable(str(key))] = storable(str(value))
        else:
            raise _wrong(data, name, "has a value that is not a text")
    return found


def _wrong(data: Json, name: str, what: str) -> BadObject:
    return BadObject(f"{_called(data)}: {name} {what}")


def _called(data: Json) -> str:
    # Only the kind and the id: other fields may hold personal data, and the message goes into logs.
    kind, identifier = data.get("object"), data.get("id")
    named = [storable(word)[:100] for word in (kind, identifier) if isinstance(word, str)]
    return " ".join(named) or "an object of Stripe's"
