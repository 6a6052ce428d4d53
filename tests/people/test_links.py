"""Mailed links: signing in, choosing a new password."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from billfold.domain.tenancy import sign_in
from tests.people.conftest import COOKIE, OWNER, PASSWORD, House
from tests.security.database_dump import every_row

NEW = "another horse entirely"


async def test_a_link_signs_in_once_and_only_by_its_button(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    await visitor.send("/sign-in/link", email=f" {OWNER.upper()} ", next="/console/a")
    link = await house.link()
    for _ in range(3):
        # A mail scanner follows every link and presses nothing.
        assert (await house.visitor().see(link)).status_code == 200
    await visitor.see(link)
    assert OWNER in visitor.text()
    answer = await visitor.send(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/a")
    assert await visitor.is_in()
    again = house.visitor()
    assert (await again.see(link)).status_code == 404
    assert (await again.send(link)).status_code == 404
    assert "Ask for a new one" in again.text()
    assert not await again.is_in()


async def test_of_two_who_press_at_once_one_is_let_in(house: House) -> None:
    await house.owner()
    await house.visitor().send("/sign-in/link", email=OWNER)
    link = await house.link()
    answers = await asyncio.gather(*(house.visitor().send(link) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404]


async def test_a_link_lives_15_minutes_and_a_reset_an_hour(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    await visitor.send("/sign-in/link", email=OWNER)
    link = await house.link()
    await visitor.send("/password/forgotten", email=OWNER)
    reset = await house.link()
    house.clock.advance(timedelta(minutes=15))
    assert (await visitor.send(link)).status_code == 404
    assert (await visitor.see(reset)).status_code == 200
    house.clock.advance(timedelta(minutes=45))
    assert (await visitor.send(reset, password=NEW)).status_code == 404
    assert (await visitor.sign_in()).status_code == 303


@pytest.mark.parametrize("path", ["/sign-in/link", "/password/forgotten"])
async def test_the_answer_is_the_same_whether_the_address_is_known(house: House, path: str) -> None:
    await house.owner()
    known = await house.visitor().send(path, email=OWNER)
    assert len(await house.mails()) == 1
    unknown = await house.visitor().send(path, email="nobody@example.com")
    assert len(await house.mails()) == 1
    assert (known.status_code, known.headers, known.content) == (unknown.status_code, unknown.headers, unknown.content)


@pytest.mark.parametrize("path", ["/sign-in/link", "/password/forgotten"])
@pytest.mark.parametrize("email", ["", "ines", "ines@example.com\r\nBcc: x@example.com", "a,b@example.com", "x" * 300])
async def test_what_is_no_address_gets_a_sentence_and_no_mail(house: House, path: str, email: str) -> None:
    await house.owner()
    visitor = house.visitor()
    assert (await visitor.send(path, email=email)).status_code == 400
    assert "example.com" in visitor.text()
    assert await house.mails() == []


async def test_one_person_gets_at_most_five_mails_and_then_one_every_twelve_minutes(house: House) -> None:
    await house.owner()
    for number in range(8):
        assert (await house.visitor(f"198.51.{number}.1").send("/sign-in/link", email=OWNER)).status_code == 303
    assert len(await house.mails()) == 5
    house.clock.advance(timedelta(minutes=13))
    await house.visitor("203.0.113.1").send("/sign-in/link", email=OWNER)
    assert len(await house.mails()) == 6


async def test_one_network_cannot_have_mails_sent_without_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "_MAILS_OF_NETWORK", (3, timedelta(hours=1)))
    visitor = house.visitor()
    await house.owner("203.0.113.1")
    answers = [await visitor.send("/sign-in/link", email=f"p{number}@example.com") for number in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_new_password_by_mail_ends_every_session_and_every_other_link(house: House) -> None:
    owner = await house.owner()
    visitor = house.visitor()
    await visitor.send("/sign-in/link", email=OWNER)
    link = await house.link()
    await visitor.send("/password/forgotten", email=OWNER)
    reset = await house.link()
    await visitor.see(reset)
    answer = await visitor.send(reset, password=NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?notice=password")
    assert not await owner.is_in()
    assert not await visitor.is_in()
    assert (await visitor.send(link)).status_code == 404
    assert (await visitor.send(reset, password=PASSWORD)).status_code == 404
    assert (await visitor.sign_in()).status_code == 403
    assert (await visitor.sign_in(password=NEW)).status_code == 303


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
async def test_a_bad_new_password_does_not_use_the_link_up(house: House, password: str) -> None:
    await house.owner()
    visitor = house.visitor()
    await visitor.send("/password/forgotten", email=OWNER)
    reset = await house.link()
    assert (await visitor.send(reset, password=password)).status_code == 400
    assert "characters" in visitor.text()
    assert (await visitor.send(reset, password=NEW)).status_code == 303


async def test_a_reset_link_signs_nobody_in_and_a_sign_in_link_resets_nothing(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    await visitor.send("/password/forgotten", email=OWNER)
    token = (await house.link()).rpartition("/")[2]
    assert (await visitor.send(f"/sign-in/link/{token}")).status_code == 404
    await visitor.send("/sign-in/link", email=OWNER)
    token = (await house.link()).rpartition("/")[2]
    assert (await visitor.send(f"/password/reset/{token}", password=NEW)).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 64, "%00", "é", "a" * 5_000, "..%2F..%2Faccount"])
async def test_a_token_that_was_never_made_is_a_dead_link(house: House, token: str) -> None:
    await house.owner()
    visitor = house.visitor()
    for path in ("/sign-in/link/", "/password/reset/", "/sign-up/", "/invitations/"):
        assert (await visitor.see(path + token)).status_code == 404
        assert (await visitor.send(path + token, password=NEW)).status_code == 404


async def test_no_token_or_password_stands_in_the_database_f9(house: House) -> None:
    owner = await house.owner()
    visitor = house.visitor()
    tokens = [owner.token or ""]
    for path in ("/sign-in/link", "/password/forgotten"):
        await visitor.send(path, email=OWNER)
        tokens.append((await house.link()).rpartition("/")[2])
    rows = str(await every_row(house.services.db))
    assert all(len(token) == 64 for token in tokens)
    assert not any(each in rows for each in (*tokens, PASSWORD))


async def test_a_password_that_is_changed_while_somebody_signs_in_lets_nobody_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.owner()
    helper, visitor = house.visitor(), house.visitor()
    await helper.send("/password/forgotten", email=OWNER)
    reset = await house.link()
    whole = house.services.passwords.is_right

    async def slowly(password: str, stored: str | None) -> bool:
        is_right = await whole(password, stored)
        monkeypatch.undo()
        await helper.send(reset, password=NEW)
        return is_right

    monkeypatch.setattr(house.services.passwords, "is_right", slowly)
    assert (await visitor.sign_in()).status_code == 400
    assert visitor.client.cookies.get(COOKIE) is None
