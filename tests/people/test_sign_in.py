"""Signing in and out by the pages (SCENARIOS F4, F5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from billfold.base import passwords
from billfold.cli.installing import Wanted, create_team_with_everything
from billfold.domain.tenancy import sign_in
from billfold.domain.tenancy.one_time_tokens import LIFETIMES, Purpose
from billfold.domain.tenancy.sign_in import MAILS_OF_ACCOUNT
from tests.people.conftest import COOKIE, OWNER, PASSWORD, PUBLIC, House
from tests.security.database_dump import every_row


async def test_the_right_password_begins_a_session_and_leads_on(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    answer = await visitor.sign_in(email=f" {OWNER.upper()} ", next="/console/x?y=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/x?y=1")
    assert answer.headers["cache-control"] == "no-store"
    assert await visitor.is_in()


async def test_the_cookie_is_as_strict_as_a_cookie_can_be_f4(house: House) -> None:
    await house.owner()
    answer = await house.visitor().sign_in()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"path=/", "secure", "httponly", "samesite=lax"} <= attributes
    assert not any(each.startswith("domain") for each in attributes)


async def test_a_session_that_is_not_kept_is_forgotten_with_the_window(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    answer = await visitor.send("/sign-in", email=OWNER, password=PASSWORD)
    assert "max-age" not in answer.headers["set-cookie"].lower()
    house.clock.advance(timedelta(hours=12))
    assert not await visitor.is_in()


async def test_on_the_loopback_the_cookie_is_one_that_every_browser_keeps_there(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(public_url="http://127.0.0.1:8000")
    visitor = house.visitor()
    form = {"team": "Acme", "email": OWNER, "password": PASSWORD}
    answer = await visitor.client.post("/sign-up", data=form, headers={"Origin": "http://localhost:8000"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("billfold_session=")
    assert "secure" not in cookie.lower()
    assert "httponly" in cookie.lower()


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (OWNER, "wrong password"),
        ("nobody@example.com", PASSWORD),
        (OWNER, ""),
        ("", ""),
        ("x" * 300 + "@example.com", PASSWORD),
        (OWNER, PASSWORD + "x" * 2_000),
    ],
)
async def test_what_is_wrong_is_answered_alike_and_the_address_stays_in_the_form(
    house: House, email: str, password: str
) -> None:
    await house.owner()
    visitor = house.visitor()
    answer = await visitor.sign_in(email=email, password=password, next="/console/a")
    assert answer.status_code == 403
    assert "do not belong together" in visitor.text()
    assert f'value="{email}"' in visitor.page
    assert 'value="/console/a"' in visitor.page
    assert not password or password not in visitor.page
    assert "set-cookie" not in answer.headers


async def test_an_unknown_person_costs_the_same_hashing_as_a_known_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.owner()
    compared: list[str] = []
    whole = passwords._hasher.verify

    def verify(password: str, stored: str) -> bool:
        compared.append(stored)
        return whole(password, stored)

    monkeypatch.setattr(passwords._hasher, "verify", verify)
    for email in (OWNER, "nobody@example.com", "somebody@example.com"):
        await house.visitor().sign_in(email=email, password="wrong password")
    assert len(compared) == 3
    parameters = {each.rsplit("$", 2)[0] for each in compared}
    assert len(parameters) == 1


async def test_guessing_at_one_account_is_held_up_with_clear_words(house: House) -> None:
    await house.owner()
    stranger = house.visitor("198.51.100.7")
    answers = [await stranger.sign_in(password=f"guess {number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 90
    assert "have a sign-in link sent to you" in stranger.text()
    # Even the right password now waits there, and nobody else is held up.
    assert (await stranger.sign_in()).status_code == 429
    assert (await house.visitor("203.0.113.9").sign_in()).status_code == 303
    house.clock.advance(timedelta(minutes=15))
    assert (await stranger.sign_in()).status_code == 303


async def test_one_network_cannot_try_one_password_on_many_accounts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "_PASSWORDS_OF_NETWORK", (5, timedelta(minutes=15)))
    await house.owner()
    statuses = [
        (await house.visitor(f"2001:db8::{number:x}").sign_in(email=f"p{number}@example.com")).status_code
        for number in range(1, 8)
    ]
    assert statuses == [403] * 5 + [429] * 2


async def test_a_right_password_does_not_refill_the_allowance_of_a_network(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "_PASSWORDS_OF_NETWORK", (5, timedelta(minutes=15)))
    await house.owner()
    visitor = house.visitor()
    for number in range(4):
        await visitor.sign_in(email=f"p{number}@example.com")
    assert (await visitor.sign_in()).status_code == 303
    assert (await visitor.sign_in(email="p100@example.com")).status_code == 429


async def test_strangers_who_close_a_password_leave_the_way_by_mail_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "_PASSWORDS_OF_ACCOUNT", (6, timedelta(hours=1)))
    await house.owner()
    for number in range(7):
        await house.visitor(f"198.51.{number}.1").sign_in(password="guess")
    owner = house.visitor("203.0.113.9")
    assert (await owner.sign_in()).status_code == 429
    await owner.send("/sign-in/link", email=OWNER)
    assert (await owner.send(await house.link())).status_code == 303
    assert await owner.is_in()


def test_while_strangers_use_up_an_accounts_mails_a_living_link_lies_in_the_mailbox() -> None:
    count, window = MAILS_OF_ACCOUNT
    assert window / count < LIFETIMES[Purpose.SIGN_IN]


async def test_signing_in_always_makes_a_new_session_and_ends_the_one_before_f4(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    visitor.client.cookies.set(COOKIE, "0" * 64, domain="billing.example.com")
    await visitor.sign_in()
    first = visitor.token
    assert first not in {None, "0" * 64}
    await visitor.sign_in()
    assert visitor.token != first
    thief = house.visitor()
    thief.client.cookies.set(COOKIE, first or "", domain="billing.example.com")
    assert not await thief.is_in()


async def test_a_token_in_the_address_is_no_session_f4(house: House) -> None:
    owner = await house.owner()
    answer = await house.visitor().client.get(f"/account?{COOKIE}={owner.token}")
    assert answer.status_code == 303


@pytest.mark.parametrize("everywhere", [False, True])
async def test_signing_out_ends_the_session_on_the_server_f4(house: House, *, everywhere: bool) -> None:
    await house.owner()
    here, there = house.visitor(), house.visitor()
    await here.sign_in()
    await there.sign_in()
    token = here.token
    await here.see("/account")
    answer = await (here.send("/sign-out", everywhere="on") if everywhere else here.send("/sign-out"))
    assert answer.headers["location"].startswith("/sign-in?notice=signed-out")
    here.client.cookies.set(COOKIE, token or "", domain="billing.example.com")
    assert not await here.is_in()
    assert await there.is_in() is not everywhere


async def test_nothing_is_signed_out_by_a_link_f5(house: House) -> None:
    owner = await house.owner()
    assert (await owner.see("/sign-out")).status_code == 405
    assert await owner.is_in()


FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://billing.example.com"},
    {"Origin": "https://billing.example.com.evil.example"},
    {"Origin": "https://billing.example.com:8443"},
    {"Origin": PUBLIC, "Sec-Fetch-Site": "cross-site"},
    {"Origin": PUBLIC, "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "https://[evil"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link", "/password/forgotten", "/sign-up"])
async def test_a_form_of_another_site_is_refused_also_where_nobody_is_signed_in_f5(
    house: House, path: str, headers: dict[str, str]
) -> None:
    await house.owner()
    visitor = house.visitor()
    answer = await visitor.client.post(path, data={"email": OWNER, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert await house.mails() == []


@pytest.mark.parametrize("headers", [{"Origin": PUBLIC}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}])
async def test_a_form_of_ours_is_taken_however_the_browser_says_so(house: House, headers: dict[str, str]) -> None:
    await house.owner()
    form = {"email": OWNER, "password": PASSWORD}
    assert (await house.visitor().client.post("/sign-in", data=form, headers=headers)).status_code == 303


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=x", "application/json", "application/xml", ""]
)
async def test_a_form_of_another_content_type_is_refused_f5(house: House, content_type: str) -> None:
    await house.owner()
    body = f"email={OWNER}&password={PASSWORD}".encode()
    headers = {"Origin": PUBLIC, "Content-Type": content_type}
    assert (await house.visitor().client.post("/sign-in", content=body, headers=headers)).status_code == 403


WRITES = [
    "/sign-out",
    "/account/password",
    "/account/sessions/revocation",
    "/account/sessions/session_x/revocation",
    "/account/second-factor",
    "/account/second-factor/confirmation",
    "/account/second-factor/removal",
    "/account/recovery-codes",
    "/account/team",
]


@pytest.mark.parametrize("path", WRITES)
async def test_within_a_session_every_form_needs_the_sessions_own_token_f5(house: House, path: str) -> None:
    owner = await house.owner()
    other = house.visitor()
    await other.sign_in()
    await other.see("/account")
    foreign = other.page.partition('name="csrf" value="')[2].partition('"')[0]
    before = await every_row(house.services.db)
    for fields in ({"x": "y"}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": foreign}):
        answer = await owner.client.post(path, data=fields, headers={"Origin": PUBLIC})
        assert answer.status_code == 403
        assert "out of date" in answer.text
    assert await every_row(house.services.db) == before


@pytest.mark.parametrize("path", ["/account", "/account/second-factor"])
async def test_pages_of_the_account_lead_to_the_sign_in(house: House, path: str) -> None:
    await house.owner()
    answer = await house.visitor().see(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Faccount"


async def test_pages_are_not_kept_and_tell_no_other_site_where_one_came_from(house: House) -> None:
    owner = await house.owner()
    await owner.client.post("/sign-in/link", data={"email": OWNER}, headers={"Origin": PUBLIC})
    link = await house.link()
    for visitor, path in ((house.visitor(), "/sign-in"), (house.visitor(), link), (owner, "/account")):
        answer = await visitor.see(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers


async def test_the_first_visit_leads_to_the_sign_up_and_a_signed_in_person_on(house: House) -> None:
    assert (await house.visitor().see("/sign-in")).headers["location"] == "/sign-up"
    owner = await house.owner()
    assert (await owner.see("/sign-in?next=/console/a")).headers["location"] == "/console/a"


async def test_words_in_the_address_are_not_shown_as_ours(house: House) -> None:
    await house.owner()
    visitor = house.visitor()
    await visitor.see("/sign-in?notice=Call+0900-666&next=/console/%22%3E%3Cscript%3E")
    assert "0900" not in visitor.page
    assert "<script>" not in visitor.page


async def test_the_owner_of_the_command_line_can_sign_in_with_the_printed_password(house: House) -> None:
    wanted = Wanted("Acme", "Shop", "init@example.com", None, None)
    made = await create_team_with_everything(house.application.installation, wanted)
    visitor = house.visitor()
    assert (await visitor.sign_in(email="init@example.com", password=made["ownerPassword"])).status_code == 303


async def test_a_host_header_never_makes_a_link(house: House) -> None:
    await house.owner()
    visitor = house.visitor(Host="evil.example")
    await visitor.send("/sign-in/link", email=OWNER)
    assert (await house.link()).startswith("/sign-in/link/")
    assert "evil" not in str(
        [await house.services.db.read(house.services.mail.find, each.id) for each in await house.mails()]
    )


async def test_under_a_plain_http_address_the_pages_say_why_nobody_can_sign_in(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(public_url="http://billing.example.com")
    visitor = house.visitor()
    await visitor.see("/sign-up")
    assert "Signing in needs HTTPS" in visitor.text()


async def test_a_password_manager_finds_where_a_password_is_changed(house: House) -> None:
    answer = await house.visitor().see("/.well-known/change-password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
