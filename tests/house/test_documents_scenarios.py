"""`docs/scenarios.md` and the tests speak of the same scenarios."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.sources import ROOT, files, name, text

_PAGE = ROOT / "docs" / "scenarios.md"
_ROW = re.compile(r"^\| ([A-G]\d{1,2}) \|.*\| ([^|]*) \|$", re.MULTILINE)


def _ids(path: Path) -> set[str]:
    """Return the ids that a file of tests names: in its words, or at the beginning or end of a test's name."""
    named = re.findall(r"def (test_\w+)\(", text(path))
    in_names = {each.upper() for test in named for each in re.findall(r"_([a-g][1-9]\d?)(?=_|$)", test)}
    return in_names | set(re.findall(r"\b([A-G][1-9]\d?)\b", text(path)))


def _tests() -> list[Path]:
    return [path for path in files("tests") if "house" not in path.parts]


def test_each_scenario_of_the_page_is_named_by_its_tests() -> None:
    rows = _ROW.findall(text(_PAGE))
    assert len(rows) > 40
    wrong = []
    for scenario, tests in rows:
        paths = [(_PAGE.parent / link).resolve() for link in re.findall(r"\(([^)]+)\)", tests)]
        assert paths, f"{scenario} has no test"
        wrong += [f"{scenario}: {name(path)}" for path in paths if not path.exists() or scenario not in _ids(path)]
    assert not wrong


def test_each_scenario_that_a_test_or_comment_names_stands_on_the_page() -> None:
    listed = {scenario for scenario, _ in _ROW.findall(text(_PAGE))}
    in_tests = {each for path in _tests() for each in _ids(path) if each[0] in "ABCDEF"}
    in_code = {
        each
        for path in files("src")
        for mention in re.findall(r"SCENARIOS ((?:[A-G]\d{1,2}(?:, | and )?)+)", text(path))
        for each in re.findall(r"[A-G]\d{1,2}", mention)
    }
    # A colour or a letter with a number in an example is no scenario; the scenarios of a letter are numbered without gaps.
    last = {"A": 15, "B": 8, "C": 9, "D": 8, "E": 5, "F": 9}
    in_tests = {each for each in in_tests if int(each[1:]) <= last[each[0]]}
    assert in_tests | in_code <= listed


def test_each_scenario_stands_on_the_page_once() -> None:
    listed = [scenario for scenario, _ in _ROW.findall(text(_PAGE))]
    assert len(listed) == len(set(listed))
