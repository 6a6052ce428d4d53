"""After an erasure nothing that is kept tells of the person, and the books are as whole as before."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.domain.ledger.audit import audit
from billfold.domain.payouts.audit import audit_payouts
from billfold.domain.privacy import erasure, places
from billfold.domain.referrals.audit import audit_rewards
from billfold.domain.tenancy.audit_log import audit_log
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, metadata
from tests.app_fixtures import RunningBillfold
from tests.privacy.conftest import ROBIN, Robin, erase, everything, traces_in

BOOKS = ("ledger_transfers", "ledger_balances", "rewards", "payouts", "payout_lines", "wallet_spends")


async def test_an_erased_person_is_in_no_table_and_the_books_are_whole(robin: Robin, database_url: str) -> None:
    before = await traces_in(database_url, robin.app)
    # Otherwise this test would prove nothing.
    assert {
        "customers", "partner_applications", "deals", "mails", "payees", "payout_methods", "public_events", "events",
        "stripe_raw_objects", "stripe_events", "idempotency_keys", "customer_sign_in_tokens", "mailbox_proofs",
        "clicks", "reviews", "voids",
    } <= set(before), sorted(before)  # fmt: skip
    books = await everything(database_url, robin.app)
    done = await erase(robin.app, ROBIN.upper())
    assert done.person == robin.customer_id
    assert done.stripe_customer_ids
    # What is left to be told is told without him.
    await robin.app.drain()
    await robin.app.feed()
    assert await traces_in(database_url, robin.app) == {}
    after = await everything(database_url, robin.app)
    assert {name: after.get(name) for name in BOOKS} == {name: books.get(name) for name in BOOKS}
    for look in (audit, audit_rewards, audit_payouts):
        assert await robin.app.services.db.snapshot(look) == []
    assert "person.erased" in after["audit_log"]
    # The database refuses changes of the log as before.
    with pytest.raises(Exception, match="never changed"):
        await robin.app.services.db.write(rewrite_the_log)


async def rewrite_the_log(tx: Writing) -> None:
    await tx.run(command(sa.update(audit_log).values(actor_name="somebody else")))


async def test_erasing_again_changes_nothing_more(robin: Robin, database_url: str) -> None:
    await erase(robin.app, ROBIN)
    await robin.app.drain()
    await robin.app.feed()
    once = await everything(database_url, robin.app)
    assert not (await erase(robin.app, ROBIN)).rows
    await erase(robin.app, robin.customer_id)
    twice = await everything(database_url, robin.app)
    assert {name for name in once if once[name] != twice[name]} <= {"audit_log"}


async def test_an_erasure_that_died_anywhere_is_finished_by_running_it_again(
    robin: Robin, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in ("_put", "_remove", "_blank"):
        with monkeypatch.context() as patched:
            patched.setattr(erasure, step, died)
            with pytest.raises(RuntimeError, match="died"):
                await erase(robin.app, ROBIN)
    await erase(robin.app, ROBIN)
    assert await traces_in(database_url, robin.app) == {}


async def died(*_: Any, **__: Any) -> int:
    raise RuntimeError("died")


async def test_other_people_keep_what_is_theirs(robin: Robin, database_url: str) -> None:
    app = robin.app
    made = await app.client.post(f"{app.path}/customers", json={"email": "wren@example.com", "name": "Wren"})
    await app.feed()
    await erase(app, ROBIN)
    wren = await app.client.get(f"{app.path}/customers/{made.json()['customer']['id']}")
    assert wren.json()["customer"]["email"] == "wren@example.com"
    kept = await everything(database_url, app)
    for table in ("customers", "public_events"):
        assert "wren@example.com" in kept[table]
    assert "jane@agency.example.com" in kept["customers"]


async def test_what_is_open_has_to_end_first_or_is_given_up_expressly(robin: Robin) -> None:
    app = robin.app
    made = await app.client.post(f"{app.path}/customers", json={"email": "finch@example.com", "referralCode": "GREEN7"})
    finch = made.json()["customer"]["id"]
    listed = (await app.client.get(f"{app.path}/products")).json()["products"][0]["id"]
    prices = (await app.client.get(f"{app.path}/products/{listed}/prices")).json()["prices"]
    urls = {"successUrl": "https://example.com/ok", "cancelUrl": "https://example.com/no"}
    checkout = await app.client.post(
        f"{app.path}/checkout", json={"customerId": finch, "priceId": prices[0]["id"], **urls}
    )
    await robin.control(f"checkout/{checkout.json()['sessionId']}/complete", outcome="paid")
    with pytest.raises(Conflict, match=r"cannot be erased yet. 580 usd \(minor units\) are held"):
        await erase(app, ROBIN)
    with pytest.raises(Conflict, match="is active: cancel it first"):
        await erase(app, finch)
    await erase(app, ROBIN, despite_open=True)
    assert await app.services.db.snapshot(audit) == []


async def test_an_address_that_nobody_has_and_an_id_that_there_is_not(billfold_app: RunningBillfold) -> None:
    assert not (await erase(billfold_app, "nobody@example.com")).rows
    with pytest.raises(NotFound):
        await erase(billfold_app, "pc_nobody")


def test_every_table_is_classified() -> None:
    """Whoever adds one says whom its rows are about."""
    assert not set(metadata.tables) - places.places()
