from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.cli.command_line import CommandLine


@pytest.fixture
def billfold(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[CommandLine]:
    """The command line on an empty database."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield CommandLine(empty_database_url, monkeypatch, capsys)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
