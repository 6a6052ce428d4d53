"""Files stay small enough to read in one go, and are named after nouns."""

from __future__ import annotations

from typing import Final

from tests.house.sources import PACKAGE, files, name, text

_LONGEST_FILE: Final = 400
_LONGEST_INTRODUCTION: Final = 40

# Files named after a technical kind grow without end: everything is a helper of something.
_NAMES_OF_NOTHING: Final = frozenset(
    {"service", "utils", "util", "helpers", "helper", "manager", "common", "misc", "tools", "shared"}
)


def test_no_file_is_longer_than_400_lines() -> None:
    too_long = {
        name(path): lines
        for path in files("src", "tests", "bench")
        if (lines := len(text(path).splitlines())) > _LONGEST_FILE
    }
    assert not too_long, f"split these by noun: {too_long}"


def test_a_domain_package_introduces_itself_in_40_lines() -> None:
    introductions = sorted((PACKAGE / "domain").glob("*/__init__.py"))
    assert introductions
    for path in introductions:
        lines = text(path).splitlines()
        assert lines, f"{name(path)} says nothing: what is it, what does it own, what may it touch?"
        assert lines[0].startswith('"""'), f"{name(path)} must begin with what the package is"
        assert len(lines) <= _LONGEST_INTRODUCTION, f"{name(path)} is {len(lines)} lines: move the code to a noun"


def test_every_package_says_what_it_is() -> None:
    for folder in {path.parent for path in files("src")}:
        assert (folder / "__init__.py").exists(), f"{name(folder)} has no __init__.py"


def test_files_are_named_after_nouns() -> None:
    badly_named = [name(path) for path in files("src", "tests", "bench") if path.stem in _NAMES_OF_NOTHING]
    assert not badly_named
