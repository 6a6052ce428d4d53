from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from billfold.base.crypto import Sealer
from billfold.infrastructure.mail.letters import Letter
from billfold.infrastructure.mail.mailbox import Mailbox
from tests.cli.command_line import SECRET_KEY, CommandLine
from tests.conftest import open_database

pytestmark = pytest.mark.usefixtures("migrated_database_url")


def made(billfold: CommandLine) -> dict[str, Any]:
    outcome = billfold("init", "--team", "Acme", "--project", "Shop", "--email", "owner@example.com", "--json")
    assert outcome.status == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def test_a_sign_in_link_is_printed_for_somebody_who_is_here(billfold: CommandLine) -> None:
    made(billfold)
    outcome = billfold("people", "sign-in-link", "Owner@example.com")
    assert outcome.out.startswith("http://127.0.0.1:8000/sign-in/link/")
    assert len(outcome.out.strip().rpartition("/")[2]) == 64
    outcome = billfold("people", "sign-in-link", "nobody@example.com")
    assert (outcome.status, outcome.out) == (1, "")
    assert "Nobody here has the address" in outcome.err


def test_a_lost_second_factor_is_removed(billfold: CommandLine) -> None:
    made(billfold)
    assert billfold("people", "remove-second-factor", "owner@example.com").status == 0
    assert billfold("people", "remove-second-factor", "nobody@example.com").status == 1


def test_the_drawer_is_read_on_the_command_line(billfold: CommandLine) -> None:
    made(billfold)
    assert "There are no letters" in billfold("mail", "list").out
    assert billfold("mail", "show").status == 1

    async def post() -> str:
        db = open_database(billfold.environment["BILLFOLD_DATABASE_URL"])
        await db.start()
        try:
            box = Mailbox(Sealer(bytes.fromhex(SECRET_KEY)), is_sending=False)
            letter = Letter("ines@example.com", "Your sign-in link", "Sign in:\nhttps://x.example/t", "<p>html</p>")
            return await db.write(box.send, letter, now=datetime.now(UTC))
        finally:
            await db.stop()

    mail_id = asyncio.run(post())
    assert mail_id in billfold("mail", "list").out
    for arguments in ((), (mail_id,)):
        assert "https://x.example/t" in billfold("mail", "show", *arguments).out
    assert billfold("mail", "show", "mail_nothing").status == 1
