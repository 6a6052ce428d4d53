"""The facts of one team as text that is equal for two tellings of the same story: no made-up id, no moment, no code.

`tests/canonical.py` replaces Billfold's own ids; here Stripe's are replaced too, by their kind and whose they are, because
each telling has an account of its own.
"""

from __future__ import annotations

import re
from typing import Any, Final

import sqlalchemy as sa

from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.stripe_simulator.tables import accounts, objects
from tests.canonical import canonical_dump

# The simulated Stripe's own books, secrets, and logins: all made anew for each team.
# The audit log names each call of the simulator's control, and the tellings differ in those.
_LEFT_OUT: Final = re.compile(r"^(simulator_\w+|api_keys|users|members|teams|projects|audit_log) ")
_TEAM: Final = re.compile(r"\bteams:\w+")
_INVOICE_NUMBER: Final = re.compile(r"\b[A-Z0-9]{8}(-\d{4})\b")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?")
_STRIPE_ID: Final = re.compile(
    r"\b(cs_test|evt|cus|sub|si|in|il|pi|ch|py|pm|prod|price|cbtxn|re|dp|acct|inpay)_\w{10,}"
)
# Another one for each card, which each telling has of its own.
_CARD: Final = re.compile(r'("card_fingerprint": ")\w+"')
_OBJECTS: Final = query(
    sa.select(objects.c.id, objects.c.customer, objects.c.lookup)
    .join(accounts, accounts.c.id == objects.c.account_id)
    .where(accounts.c.team_id == sa.bindparam("team_id")),
    row_tuple,
)


async def final_state(db: Database, team_id: str, code: str) -> str:
    """Return the team's facts, a line a row."""

    async def unit(tx: Reading) -> list[Any]:
        return await tx.all(_OBJECTS, team_id=team_id)

    found = await db.read(unit)
    emails = {row[0]: row[2] for row in found if row[0].startswith("cus_")}
    whose = {row[0]: emails.get(row[1] or row[0], "") for row in found}

    def labelled(match: re.Match[str]) -> str:
        return f"{match.group(1)} of {whose.get(match.group(), '')}"

    lines = [line for line in (await canonical_dump(db, team_id)).splitlines() if not _LEFT_OUT.match(line)]
    text = _CARD.sub(
        r'\1card"', _INVOICE_NUMBER.sub(r"number\1", _TEAM.sub("team", "\n".join(lines).replace(code, "CODE")))
    )
    return "\n".join(sorted(_STRIPE_ID.sub(labelled, _MOMENT.sub("moment", text)).splitlines()))
