"""Metadata: the caller's key-value pairs on a customer, product, price or checkout, and our stamps among them.

Stripe's document "Metadata": at most 50 keys of at most 40 characters without square brackets, values of at most 500
characters; an update merges, and an empty value drops its key. Here the values may also be numbers and booleans: they are
kept as sent in our row and written to Stripe as text. Keys that route events are ours alone (contract G10).
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from billfold.base.errors import Invalid

# Values are strings, numbers and booleans; nothing is ever computed with them.
Metadata: TypeAlias = dict[str, object]

LARGEST_KEYS: Final = 50
LONGEST_KEY: Final = 40
LONGEST_VALUE: Final = 500
# Whole numbers beyond this do not survive a JSON client that reads every number as a double (RFC 8259, section 6).
LARGEST_EXACT_NUMBER: Final = 2**53 - 1

PROJECT_STAMP: Final = "project_id"
CUSTOMER_STAMP: Final = "billstack_customer_id"
PRICE_STAMP: Final = "billstack_price_id"
_RESERVED: Final = frozenset({PROJECT_STAMP, "team_id"})
_RESERVED_PREFIX: Final = "billstack_"


def is_reserved(key: str) -> bool:
    """Tell whether a key is one of ours, which no caller may set."""
    return key in _RESERVED or key.startswith(_RESERVED_PREFIX)


def checked_metadata(given: Mapping[str, object]) -> Metadata:
    """Return the caller's metadata, or raise `Invalid` before anything is sent to Stripe (contract G10)."""
    if len(given) > LARGEST_KEYS:
        raise Invalid(f"metadata has {len(given)} keys, at most {LARGEST_KEYS} are allowed.")
    checked: Metadata = {}
    for key, value in given.items():
        if not 1 <= len(key) <= LONGEST_KEY or "[" in key or "]" in key:
            raise Invalid(f"A metadata key must have 1 to {LONGEST_KEY} characters and no square brackets.")
        if is_reserved(key):
            raise Invalid(f"metadata.{key} is reserved: choose another name than project_id, team_id or billstack_….")
        checked[key] = _checked_value(key, value)
    return checked


def stripe_text(value: object) -> str:
    """Return a value as the text that Stripe stores."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def stamped(metadata: Mapping[str, object], stamps: Mapping[str, str]) -> dict[str, str]:
    """Return what is written on a new Stripe object: our stamps, and of the caller's metadata what fits beside them.

    Stripe's 50 keys include the stamps. Our row holds all of the caller's keys and is what every answer shows; of a full
    50 the last ones are not mirrored to Stripe.
    """
    return {**{key: stripe_text(value) for key, value in _mirrored(metadata, len(stamps)).items()}, **stamps}


def replaced(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, str]:
    """Return the update that turns our old keys on a Stripe object into the new ones and leaves everybody else's alone.

    Stripe merges, so a key that is gone is sent with an empty value, which drops it.
    """
    return {
        **{key: "" for key in _mirrored(old, 1) if key not in new},
        **{key: stripe_text(value) for key, value in _mirrored(new, 1).items()},
    }


def merged_from_stripe(ours: Mapping[str, object], stripes: Mapping[str, str]) -> Metadata:
    """Return our metadata after Stripe's was changed there: its keys without the stamps, our types where the text agrees."""
    mirrored = _mirrored(ours, 1)
    merged: Metadata = {
        key: value for key, value in ours.items() if key not in mirrored or stripes.get(key, "") == stripe_text(value)
    }
    for key, text in stripes.items():
        if not is_reserved(key):
            merged.setdefault(key, text)
    return merged


def _mirrored(metadata: Mapping[str, object], stamp_count: int) -> dict[str, object]:
    return dict(list(metadata.items())[: LARGEST_KEYS - stamp_count])


def _checked_value(key: str, value: object) -> object:
    if "\x00" in key or (isinstance(value, str) and "\x00" in value):
        raise Invalid("A metadata key or value holds a NUL character, which Stripe cannot keep.")
    if not isinstance(value, str | numbers.Real):
        raise Invalid(f"metadata.{key} must be a string, a number or a boolean.")
    if not _survives(value):
        raise Invalid(f"metadata.{key} is too large for a number: send it as a string.")
    if len(stripe_text(value)) > LONGEST_VALUE:
        raise Invalid(f"metadata.{key} must have at most {LONGEST_VALUE} characters.")
    return value


def _survives(value: Any) -> bool:
    """Tell whether a number comes back from a JSON client as it was sent; NaN and infinities do not."""
    return isinstance(value, str) or bool(-LARGEST_EXACT_NUMBER <= value <= LARGEST_EXACT_NUMBER)
