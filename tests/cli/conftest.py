from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.cli.command_line import CommandLine


@pytest.fixture
def billfold(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[CommandLine]:
    """The command line on an empty database, or on the migrated one of a module that uses `migrated_database_url`."""
    kind = "migrated" if "migrated_database_url" in request.fixturenames else "empty"
    url = request.getfixturevalue(f"{kind}_database_url")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield CommandLine(url, monkeypatch, capsys)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
