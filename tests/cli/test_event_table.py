from __future__ import annotations

from pathlib import Path

from billfold.cli.event_table import event_table
from tests.cli.command_line import CommandLine

PAGE = Path(__file__).parents[2] / "docs" / "operate" / "events.md"


def test_the_page_holds_the_table_that_the_command_prints(billfold: CommandLine) -> None:
    printed = billfold("events").out
    assert printed == event_table() + "\n"
    assert printed in PAGE.read_text(encoding="utf-8")


def test_every_event_has_a_publisher() -> None:
    assert "| nobody " not in event_table().replace("nobody listens", "")


def test_help_names_every_command(billfold: CommandLine) -> None:
    outcome = billfold("--help")
    assert outcome.status == 0
    for command in ("init", "serve", "worker", "migrate", "doctor", "verify-ledger", "events", "jobs"):
        assert command in outcome.out


def test_an_unknown_command_is_a_usage_error(billfold: CommandLine) -> None:
    assert billfold("swerve").status == 2
