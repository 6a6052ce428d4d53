"""The server and both SDKs carry one version; releasing changes it in three files and nowhere else."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import version

from tests.house.sources import ROOT, text


def test_the_server_and_both_sdks_have_one_version() -> None:
    server = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["version"]
    assert server == version("billfold")
    assert tomllib.loads(text(ROOT / "sdk" / "python" / "pyproject.toml"))["project"]["version"] == server
    assert json.loads(text(ROOT / "sdk" / "typescript" / "package.json"))["version"] == server


def test_the_changelog_has_what_is_not_released_yet_or_this_version_on_top() -> None:
    first = re.search(r"^## (.+)$", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert first is not None
    assert first[1].startswith(("Unreleased", version("billfold")))
