"""A batch of payouts while the server is killed at each point of its work: every partner is paid once.

More partners and more deaths with BILLFOLD_TEST_FULL=1.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest
import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.domain.payouts import batches
from billfold.domain.payouts.audit import audit_payouts
from billfold.domain.payouts.methods import Connected, set_method
from billfold.domain.payouts.payouts import payouts
from billfold.infrastructure.db.database import Database
from tests.cli.command_line import SECRET_KEY
from tests.payouts import making
from tests.stories.running_server import RunningServer, Team, wait_until
from tests.stories.shop import Shop

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
PARTNERS: Final = 20 if FULL else 3
# Where the server dies, one after the other: the batch goes on each time.
DEATHS: Final = ("before-send:kill:1", "after-send:kill:1")
MORE_DEATHS: Final = (
    "after-send:kill:2",
    "before-commit:kill:3",
    "after-commit:kill:4",
    "before-send:kill:3",
    "before-commit:kill:9",
)


@pytest.mark.timeout(300)
def test_b2_a_batch_goes_on_after_each_death_and_there_is_one_transfer_for_each_payout(
    init: Callable[[str], Team], server: RunningServer, shop_of: Callable[[RunningServer, Team], Shop]
) -> None:
    team = init("Acme")
    server.start()
    shop = shop_of(server, team)
    shop.open()
    friend = shop.customer("friend@example.com")
    shop.claim(friend)
    referral_id = shop.send("GET", f"/referrals/codes/{shop.code}")["code"]["referrals"][0]["id"]
    people = [(shop.customer(f"partner{number}@example.com"), connect(shop)) for number in range(PARTNERS)]
    server.stop()
    server.read(lambda db: send_batch(db, team, referral_id, people))
    for death in (*DEATHS, *MORE_DEATHS) if FULL else DEATHS:
        server.start(fail_point=death)
        wait_until(lambda: server.died_by_itself() or all_settled(server), server)
        server.kill()
        server.let_leases_run_out()
    server.start()
    wait_until(lambda: all_settled(server), server)
    transfers = shop.stripe.v1.transfers.list({"limit": 100}).data
    made = [row[0] for row in server.rows(sa.select(payouts.c.id))]
    assert Counter(each.transfer_group for each in transfers) == Counter(made)
    assert len(made) == PARTNERS
    assert server.ledger_findings() == []
    assert server.read(lambda db: db.snapshot(audit_payouts)) == []


def connect(shop: Shop) -> str:
    """Return a connected account whose owner has been through the onboarding page."""
    account = shop.stripe.v1.accounts.create({"type": "express"})
    link = shop.stripe.v1.account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "refresh_url": f"{shop.server.base_url}/again",
            "return_url": f"{shop.server.base_url}/back",
        }
    )
    page = httpx.get(link.url)
    assert page.status_code == httpx.codes.OK
    assert "What should Stripe say?" in page.text
    done = httpx.post(link.url, data={"outcome": "content"})
    assert (done.status_code, done.headers["location"]) == (303, f"{shop.server.base_url}/back")
    assert httpx.get(link.url).status_code == httpx.codes.NOT_FOUND
    return str(account.id)


async def send_batch(db: Database, team: Team, referral_id: str, people: list[tuple[str, str]]) -> None:
    """Owe everybody something and leave an approved batch to be sent, while no server runs."""
    sealer, now = Sealer(bytes.fromhex(SECRET_KEY)), datetime.now(UTC)
    for customer_id, account_id in people:
        program = await making.owe(
            db, sealer, project_id=team.project_id, customer_id=customer_id, referral_id=referral_id, at=now
        )
        details: dict[str, Any] = {"project_id": team.project_id, "customer_id": customer_id, "at": now}
        await db.write(set_method, sealer, details=Connected(account_id), **details)
    batch_id, _ = await making.prepare(db, program, team_id=team.id, now=now)
    await db.write(batches.approve, team.project_id, batch_id, by="owner@example.com", at=now)
    await db.write(batches.send, team.project_id, batch_id, at=now, now=now)


def all_settled(server: RunningServer) -> bool:
    statuses = [row[0] for row in server.rows(sa.select(payouts.c.status))]
    return statuses == ["settled"] * PARTNERS
