from __future__ import annotations

import pytest

from tests.cli.command_line import SECRET_KEY, CommandLine

pytestmark = pytest.mark.usefixtures("migrated_database_url")

INIT = ("init", "--project", "Shop", "--json", "--team", "Acme", "--email", "owner@example.com")


def test_a_changed_key_needs_the_previous_one_until_everything_is_sealed_anew(billfold: CommandLine) -> None:
    assert billfold(*INIT).status == 0
    billfold.environment["BILLFOLD_SECRET_KEY"] = "03" * 32
    outcome = billfold("reseal")
    assert (outcome.status, "do not open" in outcome.out) == (1, True)
    billfold.environment["BILLFOLD_PREVIOUS_SECRET_KEY"] = SECRET_KEY
    outcome = billfold("reseal")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("4 sealed anew")
    # The previous key is no longer needed.
    billfold.environment["BILLFOLD_PREVIOUS_SECRET_KEY"] = "04" * 32
    outcome = billfold("reseal")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("0 sealed anew, 4 were")
    assert billfold("doctor").status == 0
