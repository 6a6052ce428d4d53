"""The audit log: who did what, when and from where; with its effect or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.domain.tenancy.audit_log import SYSTEM, Actor, audit_log, audit_rows, forget_old_rows, record
from billfold.domain.tenancy.members import Role
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.statements import Command, command
from tests.organisation.conftest import Organisation

# The database looks at its own clock before it lets a row go.
NOW = datetime.now(UTC)
_CHANGE = command(sa.update(audit_log).values(action="nothing"))
_REMOVE = command(sa.delete(audit_log))


async def write(db: Database, **changes: Any) -> None:
    """Record one thing."""
    fields: dict[str, Any] = {
        "team_id": "team_1",
        "project_id": None,
        "actor": Actor("key", "key_1", "192.0.2.1", "server"),
        "action": "customer.created",
        "subject": "pc_1",
        "now": NOW,
        **changes,
    }

    async def unit(tx: Writing) -> None:
        await record(tx, **fields)

    await db.write(unit)


async def _run(tx: Writing, statement: Command) -> None:
    await tx.run(statement)


async def test_a_row_says_who_what_when_and_from_where(db: Database) -> None:
    await write(db, details={"name": "Pro", "fields": ["name"], "price": 4900, "gone": None, "is": True})
    [row] = await db.read(audit_rows, "team_1")
    assert (row.actor_kind, row.actor_id, row.actor_name, row.address) == ("key", "key_1", "server", "192.0.2.1")
    assert (row.action, row.subject, row.recorded_at) == ("customer.created", "pc_1", NOW)
    assert row.details == {"name": "Pro", "fields": ["name"], "price": 4900, "gone": None, "is": True}


async def test_no_row_is_ever_changed_or_removed(db: Database) -> None:
    await write(db, actor=SYSTEM)
    for statement in (_CHANGE, _REMOVE):
        with pytest.raises(Exception, match="never changed"):
            await db.write(_run, statement)
    assert len(await db.read(audit_rows, "team_1")) == 1


async def test_a_row_may_go_after_four_hundred_days_and_no_day_sooner(db: Database) -> None:
    for days in (800, 500, 401, 399, 1):
        await write(db, subject=f"pc_{days}", now=NOW - timedelta(days=days))
    assert await db.write(forget_old_rows, before=NOW - timedelta(days=600)) == 1
    assert await db.write(forget_old_rows, before=NOW - timedelta(days=400), limit=1) == 1
    with pytest.raises(Exception, match="never changed"):
        await db.write(forget_old_rows, before=NOW - timedelta(days=398))
    assert await db.write(forget_old_rows, before=NOW - timedelta(days=400)) == 1
    assert [row.subject for row in await db.read(audit_rows, "team_1")] == ["pc_1", "pc_399"]
    with pytest.raises(Exception, match="never changed"):
        await db.write(_run, _CHANGE)


async def test_what_looks_like_a_key_is_blotted_out_and_long_texts_are_cut(db: Database) -> None:
    secret = "bs_" + "a1" * 24
    await write(
        db,
        actor=Actor("key", "key_1", "x" * 500, f"server {secret}"),
        subject="s" * 500,
        details={secret: secret, "long": "y" * 500, "list": ["sk_test_12345"] * 50, "deep": {"a": secret}, "\0": "\0"},
    )
    await write(db, details={str(number): number for number in range(100)})
    many, row = await db.read(audit_rows, "team_1")
    assert len(many.details) == 20
    assert secret not in repr(row)
    assert "sk_test_12345" not in repr(row)
    assert max(len(row.address or ""), len(row.subject or ""), len(row.details["long"])) == 200
    assert len(row.details["list"]) == 20


async def test_the_log_is_paged_by_id_and_new_rows_do_not_move_a_page(db: Database) -> None:
    for number in range(5):
        await write(db, subject=f"pc_{number}")
        await write(db, team_id="team_2", subject=f"pc_{number}")
    first = await db.read(audit_rows, "team_1", limit=2)
    await write(db, subject="pc_new")
    second = await db.read(audit_rows, "team_1", before=first[-1].sequence, limit=10)
    assert [row.subject for row in (*first, *second)] == ["pc_4", "pc_3", "pc_2", "pc_1", "pc_0"]


async def test_an_effect_that_fails_leaves_no_row(organisation: Organisation) -> None:
    app = organisation.app
    await app.client.post(f"{app.path}/customers", json={"email": "a@example.com"})
    assert (await app.client.post(f"{app.path}/customers", json={"email": "a@example.com"})).status_code == 409
    assert (await app.client.delete(f"{app.path}/customers/pc_none")).status_code == 404
    rows = await app.services.db.read(audit_rows, organisation.team.team_id)
    assert [row.action for row in rows] == ["customer.created"]


async def test_a_repeated_request_is_written_down_once(organisation: Organisation) -> None:
    app = organisation.app
    for _ in range(3):
        answer = await app.client.post(
            f"{app.path}/customers", json={"email": "a@example.com"}, headers={"Idempotency-Key": "one"}
        )
        assert answer.status_code == 201
    rows = await app.services.db.read(audit_rows, organisation.team.team_id)
    assert [row.action for row in rows] == ["customer.created"]


async def test_members_and_keys_are_told_apart_and_keep_their_names(organisation: Organisation) -> None:
    app, owner = organisation.app, await organisation.owner()
    made = await owner.call("POST", f"{organisation.team_path}/api-keys", json={"name": "shop server"})
    raw_key, key_id = made.json()["rawKey"], made.json()["key"]["id"]
    headers = {"Authorization": f"Bearer {raw_key}"}
    product = await app.anonymous.post(f"{app.path}/products", json={"name": "Pro"}, headers=headers)
    await owner.call("DELETE", f"{organisation.team_path}/api-keys/{key_id}")
    answer = await owner.call("GET", f"{organisation.team_path}/audit-log")
    assert raw_key not in answer.text
    entries = answer.json()["entries"]
    assert [each["action"] for each in entries] == ["api_key.revoked", "product.created", "api_key.created"]
    assert entries[0]["actor"] == {"kind": "member", "id": owner.user_id, "name": "owner@example.com"}
    assert entries[1]["actor"] == {"kind": "key", "id": key_id, "name": "shop server"}
    assert entries[1]["subject"] == product.json()["product"]["id"]
    assert (entries[1]["projectId"], entries[0]["projectId"]) == (organisation.team.project_id, None)
    assert {each["address"] for each in entries} == {"127.0.0.1"}


async def test_the_api_pages_the_log(organisation: Organisation) -> None:
    owner = await organisation.owner()
    for name in ("a", "b", "c"):
        await owner.call("POST", f"{organisation.team_path}/projects", json={"name": name})
    path = f"{organisation.team_path}/audit-log"
    first = (await owner.call("GET", path, params={"limit": 2})).json()["entries"]
    second = (await owner.call("GET", path, params={"limit": 2, "before": first[-1]["id"]})).json()["entries"]
    assert [each["details"]["name"] for each in (*first, *second)] == ["c", "b", "a"]
    for query in ({"limit": "0"}, {"before": "x"}, {"before": "-1"}, {"limit": "1e3"}, {"before": "9" * 30}):
        assert (await owner.call("GET", path, params=query)).status_code == 400
    admin = await organisation.sign_in("admin@example.com", Role.ADMIN)
    assert (await admin.call("GET", path)).status_code == 200
