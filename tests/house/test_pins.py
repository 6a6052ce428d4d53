"""Decision 0001: every package stands at one version, without the name of a registry."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from typing import Final

from tests.house.sources import ROOT, text

_REQUIREMENT: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]*?))?\s*\\?$")
# What makes the environment rather than stands in it.
_OF_THE_ENVIRONMENT: Final = {"pip", "setuptools", "uv", "wheel", "billfold"}


def _parsed(lines: list[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        match = _REQUIREMENT.match(line)
        assert match, f"not an exact version: {line}"
        found[_normal(match[1])] = match[2]
    return found


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _constraints() -> dict[str, str]:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    return _parsed(project["tool"]["uv"]["constraint-dependencies"])


def test_both_files_name_the_same_versions() -> None:
    lines = text(ROOT / "requirements.lock").splitlines()
    assert _parsed([line for line in lines if not line.startswith(" ")]) == _constraints(), "run `just lock`"


def test_every_version_has_its_hashes_and_no_address() -> None:
    entries = re.split(r"\n(?=\S)", text(ROOT / "requirements.lock").strip())
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in text(ROOT / "requirements.lock")


def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {_normal(each.metadata["Name"]): each.version for each in importlib.metadata.distributions()}
    pinned = _constraints()
    others = {
        package: version
        for package, version in installed.items()
        if package not in _OF_THE_ENVIRONMENT and pinned.get(package) != version
    }
    assert not others, f"run `uv sync`, or `just lock` if a package was added: {others}"


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    direct = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {_normal(re.match(r"[A-Za-z0-9._-]+", each)[0]) for each in direct}  # type: ignore[index]
    assert names <= set(_constraints())
