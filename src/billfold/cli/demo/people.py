"""Who the demo's customers are: made-up names at example.com, in an order that a seed decides."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FIRST_NAMES: Final = (
    "Ada", "Bruno", "Chiara", "Dario", "Edda", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaja", "Lino", "Mara", "Nils",
    "Odile", "Pia", "Quentin", "Rosa", "Sami", "Tilda", "Umar", "Vera", "Wren", "Xenia", "Yann", "Zoe",
)  # fmt: skip
_LAST_NAMES: Final = (
    "Ashdown", "Birkmoor", "Calderon", "Dunmere", "Elmhurst", "Fairlight", "Goldfinch", "Hartwell", "Inglewood",
    "Juniper", "Kestrel", "Larkspur", "Moorland", "Northgate", "Oakhurst", "Pemberly", "Quayside", "Ravenhill",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person."""

    name: str
    email: str


def people(chance: random.Random) -> Iterator[Person]:
    """Yield people with names and addresses of their own; there are 468 of them."""
    pairs = [(first, last) for first in _FIRST_NAMES for last in _LAST_NAMES]
    chance.shuffle(pairs)
    for first, last in pairs:
        yield Person(name=f"{first} {last}", email=f"{first}.{last}@example.com".lower())
