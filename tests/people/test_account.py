"""One's own account: sessions, password, second factor."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp

from billfold.domain.tenancy.audit_log import audit_rows
from billfold.domain.tenancy.registration import register
from tests.people.conftest import COOKIE, OWNER, PASSWORD, House, Visitor

NEW = "another horse entirely"


async def enrol(house: House, owner: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Set the second factor up; the app that shows its codes, and the recovery codes."""
    await owner.see("/account")
    await owner.send("/account/second-factor")
    await owner.see("/account/second-factor")
    found = re.search(r'aria-label="Key">([A-Z2-7 ]+)<', owner.page)
    assert found is not None
    app = pyotp.TOTP(found[1].replace(" ", ""))
    answer = await owner.send("/account/second-factor/confirmation", code=app.at(house.clock.now()))
    assert answer.status_code == 200, owner.text()
    house.clock.advance(timedelta(minutes=2))
    return app, re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", owner.page)


async def test_sessions_are_listed_with_device_and_address_and_end_at_once(house: House) -> None:
    owner = await house.owner()
    there = house.visitor("203.0.113.9", **{"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    await there.sign_in()
    await owner.see("/account")
    assert "Firefox on Linux" in owner.text()
    assert "203.0.113.9" in owner.text()
    (path,) = re.findall(r'action="(/account/sessions/\w+/revocation)"', owner.page)
    assert (await owner.send(path)).status_code == 303
    assert not await there.is_in()
    await owner.see("/account")
    assert (await owner.send(path)).status_code == 404
    assert await owner.is_in()


async def test_nobody_ends_the_session_of_somebody_else(house: House) -> None:
    owner = await house.owner()
    await house.services.db.write(
        register,
        email="b@example.com",
        password_hash=await house.services.passwords.hash(PASSWORD),
        team_name="B",
        address="192.0.2.1",
        now=house.clock.now(),
    )
    other = house.visitor()
    await other.sign_in(email="b@example.com")
    me = (await owner.client.get("/api/auth/session")).json()["session"]["id"]
    await other.see("/account")
    assert (await other.send(f"/account/sessions/{me}/revocation")).status_code == 404
    assert await owner.is_in()


async def test_signing_out_everywhere_else_keeps_this_session(house: House) -> None:
    owner = await house.owner()
    others = [house.visitor(), house.visitor()]
    for each in others:
        await each.sign_in()
    await owner.see("/account")
    await owner.send("/account/sessions/revocation")
    assert [await each.is_in() for each in (owner, *others)] == [True, False, False]


async def test_a_new_password_needs_the_present_one_and_ends_the_other_sessions(house: House) -> None:
    owner = await house.owner()
    other = house.visitor()
    await other.sign_in()
    before = owner.token
    await owner.see("/account")
    assert (await owner.send("/account/password", present="wrong password", password=NEW)).status_code == 403
    assert (await owner.send("/account/password", present=PASSWORD, password="short")).status_code == 400
    assert await other.is_in()
    answer = await owner.send("/account/password", present=PASSWORD, password=NEW)
    assert answer.headers["location"] == "/account?notice=password"
    assert owner.token != before
    assert await owner.is_in()
    assert not await other.is_in()
    assert (await other.sign_in(password=NEW)).status_code == 303


async def test_a_stolen_session_cannot_guess_the_password_without_end(house: House) -> None:
    owner = await house.owner()
    await owner.see("/account")
    guesses = [{"present": f"guess {number}", "password": NEW} for number in range(11)]
    statuses = [(await owner.send("/account/password", **guess)).status_code for guess in guesses]
    assert statuses == [403] * 10 + [429]


async def test_with_a_second_factor_a_password_alone_opens_nothing(house: House) -> None:
    owner = await house.owner()
    other = house.visitor()
    await other.sign_in()
    app, codes = await enrol(house, owner)
    assert len(codes) == 10
    assert await owner.is_in()
    assert not await other.is_in()
    answer = await other.sign_in(next="/console/a")
    assert answer.headers["location"] == "/sign-in/second-factor?next=%2Fconsole%2Fa"
    assert not await other.is_in()
    assert (await other.client.get("/api/auth/session")).status_code == 401
    assert (await other.client.get("/api/billstack/teams")).status_code == 401
    await other.see("/sign-in/second-factor?next=/console/a")
    before = other.token
    assert (await other.send("/sign-in/second-factor", code="000000", next="/console/a")).status_code == 403
    assert 'value="/console/a"' in other.page
    code = app.at(house.clock.now())
    answer = await other.send("/sign-in/second-factor", code=code, next="/console/a")
    assert answer.headers["location"] == "/console/a"
    assert other.token != before
    assert await other.is_in()
    # The same code again, by somebody who looked on.
    thief = house.visitor()
    await thief.sign_in()
    await thief.see("/sign-in/second-factor")
    assert (await thief.send("/sign-in/second-factor", code=code)).status_code == 403


async def test_a_sign_in_link_and_a_reset_do_not_go_around_the_second_factor(house: House) -> None:
    await enrol(house, await house.owner())
    visitor = house.visitor()
    await visitor.send("/sign-in/link", email=OWNER)
    assert (await visitor.send(await house.link())).headers["location"] == "/sign-in/second-factor"
    assert not await visitor.is_in()
    await visitor.send("/password/forgotten", email=OWNER)
    await visitor.send(await house.link(), password=NEW)
    assert (await visitor.sign_in(password=NEW)).headers["location"] == "/sign-in/second-factor"


async def test_a_recovery_code_opens_once(house: House) -> None:
    _, codes = await enrol(house, await house.owner())
    for expected in (303, 403):
        visitor = house.visitor()
        await visitor.sign_in()
        await visitor.see("/sign-in/second-factor")
        assert (await visitor.send("/sign-in/second-factor", code=codes[0])).status_code == expected


async def test_codes_cannot_be_guessed_without_end(house: House) -> None:
    await enrol(house, await house.owner())
    visitor = house.visitor()
    await visitor.sign_in()
    await visitor.see("/sign-in/second-factor")
    statuses = [(await visitor.send("/sign-in/second-factor", code="000000")).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]


async def test_whoever_cannot_show_the_code_may_only_leave(house: House) -> None:
    await enrol(house, await house.owner())
    visitor = house.visitor()
    await visitor.sign_in()
    token = visitor.token
    await visitor.see("/sign-in/second-factor")
    assert (await visitor.send("/account/second-factor/removal", code="000000")).status_code == 303
    await visitor.see("/sign-in/second-factor")
    assert (await visitor.send("/sign-out")).status_code == 303
    visitor.client.cookies.set(COOKIE, token or "", domain="billing.example.com")
    assert (await visitor.see("/sign-in/second-factor")).headers["location"] == "/sign-in"


async def test_switching_it_off_and_new_recovery_codes_take_a_code(house: House) -> None:
    owner = await house.owner()
    app, codes = await enrol(house, owner)
    await owner.see("/account")
    assert (await owner.send("/account/second-factor/removal", code="000000")).status_code == 403
    assert (await owner.send("/account/recovery-codes", code="000000")).status_code == 403
    assert (await owner.send("/account/recovery-codes", code=app.at(house.clock.now()))).status_code == 200
    renewed = re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", owner.page)
    assert len(renewed) == 10
    assert not set(renewed) & set(codes)
    await owner.see("/account")
    assert (await owner.send("/account/second-factor/removal", code=codes[0])).status_code == 403
    before = owner.token
    assert (await owner.send("/account/second-factor/removal", code=renewed[0])).status_code == 303
    assert owner.token != before
    assert (await house.visitor().sign_in()).headers["location"] == "/console"


async def test_the_code_to_scan_is_drawn_without_any_style(house: House) -> None:
    owner = await house.owner()
    await owner.see("/account")
    await owner.send("/account/second-factor")
    await owner.see("/account/second-factor")
    assert '<path class="qr-ink" d="M0 0h7v1h-7z' in owner.page
    assert "style=" not in owner.page


async def test_what_changes_the_way_in_stands_in_the_audit_log(house: House) -> None:
    owner = await house.owner()
    await enrol(house, owner)
    await owner.see("/account")
    await owner.send("/account/password", present=PASSWORD, password=NEW)
    team = (await owner.client.get("/api/auth/session")).json()["teams"][0]["id"]
    rows = await house.services.db.read(audit_rows, team)
    assert [row.action for row in rows] == [
        "password.changed",
        "second_factor.switched_on",
        "member.signed_in",
        "team.created",
    ]
    assert {(row.actor_name, row.address) for row in rows} == {(OWNER, "192.0.2.1")}
