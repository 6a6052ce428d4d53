"""Words that do not belong into a layer: the cheapest sign that a thing is in the wrong place.

import-linter checks what a layer imports (pyproject.toml); this checks what it does with what it has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import pytest

from tests.house.sources import files, name, text


class Ban(NamedTuple):
    """Words that may not stand in the files of a folder, and why."""

    folder: str
    words: str
    reason: str
    # File: why it may all the same.
    exceptions: Mapping[str, str] = {}


_BANS: Final = (
    Ban(
        "src/billfold/infrastructure",
        r"referral|commission|affiliate|referee|referrer",
        "the infrastructure knows no business word: it serves any business",
        exceptions={"src/billfold/infrastructure/db/migrations": "the history of every table, of all packages"},
    ),
    Ban(
        "src/billfold/infrastructure",
        r"partner|payout",
        "the infrastructure knows no business word: it serves any business",
        exceptions={
            "src/billfold/infrastructure/db/migrations": "the history of every table, of all packages",
            "src/billfold/infrastructure/stripe": "Stripe has payouts and partners of its own",
        },
    ),
    Ban(
        "src/billfold/base",
        r"partner|commission|affiliate|payout",
        "the base holds values that any business could use",
    ),
    Ban(
        "src/billfold/domain",
        r"datetime\.now\b|\butcnow\b|time\.time(_ns)?\(|datetime\.today|date\.today|SystemClock",
        "the domain does not read the wall clock: the moment is an argument",
    ),
    Ban(
        "src/billfold/domain",
        r"os\.environ|os\.getenv|base\.settings",
        "the domain does not read settings: what it needs is an argument",
    ),
    Ban(
        "src/billfold/domain",
        r"\.commit\(|\.rollback\(",
        "the domain never commits: whoever opened the unit does",
    ),
    Ban(
        "src/billfold/domain",
        r"\bHTTP_?\d{3}\b|status_code|HTTPException",
        "the domain says no in its own words: a surface turns them into a status",
    ),
    Ban(
        "src/billfold/entrypoints",
        r"\bsqlalchemy\b|\bselect\(|\bsa\.|\.statements import",
        "an entrypoint contains no SQL: it calls a verb of the domain",
    ),
    Ban(
        "src/billfold/subscribers",
        r"\bsqlalchemy\b|\bselect\(|\bsa\.|\.statements import",
        "a subscriber contains no SQL: it calls a verb of the domain",
    ),
    Ban(
        "src/billfold",
        r"\bprint\(",
        "a library prints nothing: it logs, or the command line shows it",
        exceptions={"src/billfold/cli": "the command line is there to print"},
    ),
    Ban(
        "src/billfold",
        r"\b(FIXME|XXX|HACK)\b",
        "an open point belongs into an issue",
    ),
)


@pytest.mark.parametrize("ban", _BANS, ids=lambda ban: f"{ban.folder}:{ban.words[:24]}")
def test_a_layer_does_not_use_words_of_another(ban: Ban) -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in files(ban.folder)
        if not any(name(path).startswith(exception) for exception in ban.exceptions)
        for number, line in enumerate(text(path).splitlines(), 1)
        if re.search(ban.words, line)
    ]
    assert not found, f"{ban.reason}:\n" + "\n".join(found)
