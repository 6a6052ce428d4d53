"""The names that people give to teams, projects and keys."""

from __future__ import annotations

import unicodedata
from typing import Final

from billfold.base.errors import Invalid

LONGEST_NAME: Final = 200
# Control characters, ends of lines and paragraphs, halves of characters.
_NOT_ON_A_LINE: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})


def checked_name(name: str) -> str:
    """Return a name without space around it, or raise `Invalid`: it has 1 to 200 characters and stands on one line.

    Otherwise it is kept as it was typed, `<b>` and `=1+1` too: making it harmless is for whoever shows it.
    """
    name = name.strip()
    if not name:
        raise Invalid("name must not be empty.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"name must have at most {LONGEST_NAME} characters.")
    if any(unicodedata.category(character) in _NOT_ON_A_LINE for character in name):
        raise Invalid("name must be a text on one line.")
    return name
