"""Who signed in, who tried to, and who signed out stands in the audit log of each of the person's teams."""

from __future__ import annotations

from datetime import timedelta

from billfold.domain.tenancy.audit_log import AuditRow, audit_rows
from tests.people.conftest import OWNER, PASSWORD, House, Visitor
from tests.people.test_account import enrol


async def log(house: House, owner: Visitor) -> list[AuditRow]:
    """What the log of the owner's team says, newest first."""
    team = (await owner.client.get("/api/auth/session")).json()["teams"][0]["id"]
    return await house.services.db.read(audit_rows, team, limit=200)


async def test_signing_in_and_out_is_written_down_with_the_way_and_the_address(house: House) -> None:
    owner = await house.owner()
    there = house.visitor("203.0.113.9")
    await there.sign_in()
    await there.see("/account")
    await there.send("/sign-out")
    await there.send("/sign-in/link", email=OWNER)
    path = await house.link()
    await there.see(path)
    await there.send(path)
    rows = await log(house, owner)
    assert [(row.action, row.details) for row in rows[:3]] == [
        ("member.signed_in", {"by": "link"}),
        ("member.signed_out", {"everywhere": False}),
        ("member.signed_in", {"by": "password"}),
    ]
    assert {(row.actor_name, row.address) for row in rows[:3]} == {(OWNER, "203.0.113.9")}
    assert rows[3].details == {"by": "signing up"}


async def test_a_wrong_password_is_written_down_as_a_strangers(house: House) -> None:
    owner = await house.owner()
    thief = house.visitor("203.0.113.66")
    await thief.sign_in(password="guess")
    await thief.client.post("/api/auth/sign-in", json={"email": OWNER.upper(), "password": "guess"})
    await thief.sign_in(email="nobody@example.com", password="guess")
    rows = await log(house, owner)
    assert [row.action for row in rows].count("member.sign_in_failed") == 2
    for row in rows[:2]:
        assert (row.actor_kind, row.actor_id, row.actor_name) == ("system", None, "Somebody not signed in")
        assert (row.address, row.details) == ("203.0.113.66", {"email": OWNER, "wrong": "password"})
    assert "guess" not in repr(rows)


async def test_who_tries_all_day_does_not_fill_the_log(house: House) -> None:
    owner = await house.owner()
    for network in range(4):
        thief = house.visitor(f"203.0.{network}.1")
        for _ in range(10):
            await thief.sign_in(password="guess")
    failed = [row for row in await log(house, owner) if row.action == "member.sign_in_failed"]
    assert len(failed) == 20


async def test_a_second_factor_counts_as_signing_in_and_a_wrong_code_as_a_failure(house: House) -> None:
    owner = await house.owner()
    app, _ = await enrol(house, owner)
    before = len(await log(house, owner))
    there = house.visitor("203.0.113.9")
    await there.sign_in()
    await there.see("/sign-in/second-factor")
    await there.send("/sign-in/second-factor", code="000000")
    house.clock.advance(timedelta(minutes=2))
    await there.see("/sign-in/second-factor")
    await there.send("/sign-in/second-factor", code=app.at(house.clock.now()))
    assert await there.is_in()
    rows = await log(house, owner)
    assert [(row.action, row.details) for row in rows[: len(rows) - before]] == [
        ("member.signed_in", {"by": "second factor"}),
        ("member.sign_in_failed", {"email": OWNER, "wrong": "code"}),
    ]


async def test_a_session_that_waits_for_its_code_leaves_no_word_when_it_ends(house: House) -> None:
    owner = await house.owner()
    await enrol(house, owner)
    before = len(await log(house, owner))
    there = house.visitor("203.0.113.9")
    await there.sign_in(password=PASSWORD)
    await there.see("/sign-in/second-factor")
    await there.send("/sign-out")
    assert len(await log(house, owner)) == before


async def test_sessions_that_a_person_ends_elsewhere_are_written_down(house: House) -> None:
    owner = await house.owner()
    there = house.visitor("203.0.113.9")
    await there.sign_in()
    await owner.see("/account")
    await owner.send("/account/sessions/revocation")
    assert not await there.is_in()
    row = (await log(house, owner))[0]
    assert (row.action, row.details) == ("session.ended", {"session": "all others"})
