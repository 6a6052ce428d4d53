"""Customers sign in by a mailed link: contract section 2, gaps A1, A2, A16, A31; SCENARIOS F4."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from billfold.domain.billing.customer_sign_in import mailbox_proved_at
from billfold.entrypoints.session_tokens import SessionTokens
from tests.affiliate.conftest import CALLBACK, Affiliates, member_token

EMAIL = "partner@example.com"


async def test_a_link_signs_in_once_and_answers_both_documented_shapes(affiliates: Affiliates) -> None:
    partner = await affiliates.enrol(EMAIL, "JANE20")
    await affiliates.configure_sign_in()
    assert (
        await affiliates.app.services.db.read(mailbox_proved_at, affiliates.team.project_id, partner["customerId"])
        is None
    )
    token = await affiliates.mailed_token(EMAIL)
    path = f"{affiliates.apps}/auth/verify"
    answer = (await affiliates.send("POST", path, json={"token": token})).json()
    assert (answer["success"], answer["valid"], answer["email"]) == (True, True, EMAIL)
    assert answer["customerId"] == answer["customer"]["id"] == partner["customerId"]
    assert answer["tenantId"] == affiliates.team.team_id
    assert answer["entitlements"] == {"planName": None, "features": {}}
    assert answer["sessionToken"].count(".") == 2
    again = await affiliates.send("POST", path, json={"token": token})
    assert (again.status_code, again.json()["code"]) == (401, "TOKEN_ALREADY_USED")
    told = await affiliates.customer(answer["sessionToken"], "GET", f"{affiliates.apps}/auth/session", expect=200)
    assert told["customer"]["email"] == EMAIL
    assert await affiliates.app.services.db.read(mailbox_proved_at, affiliates.team.project_id, partner["customerId"])


async def test_a_link_works_for_fifteen_minutes(affiliates: Affiliates) -> None:
    await affiliates.enrol(EMAIL)
    await affiliates.configure_sign_in()
    token = await affiliates.mailed_token(EMAIL)
    affiliates.app.clock.advance(timedelta(minutes=15))
    late = await affiliates.send("POST", f"{affiliates.apps}/auth/verify", json={"token": token})
    assert (late.status_code, late.json()["code"]) == (401, "TOKEN_EXPIRED")
    unknown = await affiliates.send("POST", f"{affiliates.apps}/auth/verify", json={"token": "0" * 64})
    assert (unknown.status_code, unknown.json()["code"]) == (401, "TOKEN_INVALID")


async def test_a_link_of_another_app_is_unknown(affiliates: Affiliates) -> None:
    await affiliates.enrol(EMAIL)
    await affiliates.configure_sign_in()
    token = await affiliates.mailed_token(EMAIL)
    other = await affiliates.app.install()
    answer = await affiliates.send("POST", f"/v1/apps/{other.project_id}/auth/verify", json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_INVALID")
    assert (await affiliates.send("POST", f"{affiliates.apps}/auth/verify", json={"token": token})).status_code == 200


async def test_a_link_leads_to_configured_addresses_only(affiliates: Affiliates) -> None:
    await affiliates.enrol(EMAIL)
    await affiliates.configure_sign_in()
    path = f"{affiliates.apps}/auth/magic-link"
    refused = await affiliates.key(
        "POST", path, {"email": EMAIL, "redirectUrl": "https://evil.example.net/"}, expect=400
    )
    assert "redirectUrl" in refused["message"]
    token = await affiliates.mailed_token(EMAIL, redirectUrl=CALLBACK)
    sent_on = await affiliates.send("GET", f"{affiliates.apps}/auth/verify?token={token}&redirect=true")
    assert sent_on.status_code == 303
    leads_to = urlsplit(sent_on.headers["location"])
    assert f"{leads_to.scheme}://{leads_to.netloc}{leads_to.path}" == CALLBACK
    assert parse_qs(leads_to.query) == {"token": [token], "appId": [affiliates.team.project_id]}
    assert sent_on.headers["referrer-policy"] == "no-referrer"
    # Sending the browser on used nothing up: the app's backend verifies.
    assert (await affiliates.send("GET", f"{affiliates.apps}/auth/verify?token={token}")).status_code == 200


async def test_unsafe_addresses_cannot_be_configured(affiliates: Affiliates) -> None:
    headers = {"Authorization": f"Bearer {affiliates.member_token}"}
    unsafe = ("http://app.example.com/", "javascript:alert(1)", "https://user@evil.example.com/", "//evil.example.com")
    for url in unsafe:
        answer = await affiliates.send(
            "PATCH", f"{affiliates.apps}/auth/settings", json={"redirectUrls": [url]}, headers=headers
        )
        assert answer.status_code == 400, url


async def test_nobody_is_told_whether_there_is_such_a_customer(affiliates: Affiliates) -> None:
    await affiliates.enrol(EMAIL)
    await affiliates.configure_sign_in()
    path = f"{affiliates.apps}/auth/magic-link"
    known = await affiliates.key("POST", path, {"email": EMAIL}, expect=200)
    unknown = await affiliates.key("POST", path, {"email": "nobody@example.com"}, expect=200)
    assert known == unknown


async def test_auto_create_makes_the_customer(affiliates: Affiliates) -> None:
    await affiliates.configure_sign_in(autoCreateCustomer=True)
    session = await affiliates.sign_in("new@example.com")
    assert await affiliates.customer(session, "GET", "/v1/affiliate", expect=200) == {"enrolled": False}


async def test_an_address_gets_five_links_an_hour(affiliates: Affiliates) -> None:
    path = f"{affiliates.apps}/auth/magic-link"
    for _ in range(5):
        await affiliates.key("POST", path, {"email": EMAIL}, expect=200)
    await affiliates.key("POST", path, {"email": EMAIL.upper()}, expect=429)


async def test_each_token_opens_what_it_is_for_and_nothing_else_a1_a2(affiliates: Affiliates) -> None:
    await affiliates.enrol(EMAIL)
    await affiliates.configure_sign_in()
    session = await affiliates.sign_in(EMAIL)
    key, member = affiliates.team.api_key, affiliates.member_token
    look_up, own, admin = "/v1/affiliate/by-customer/x", "/v1/affiliate", f"{affiliates.apps}/affiliates/settings"
    right = {look_up: key, own: session, admin: member}
    for path, good in right.items():
        for token in (key, session, member):
            answer = await affiliates.send("GET", path, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == (200 if token == good else 401), (path, answer.text)
        assert (await affiliates.send("GET", path)).status_code == 401
    for headers in ({"x-api-key": key}, {"x-api-key": session}):
        assert (await affiliates.send("GET", own, headers=headers)).status_code == 401
        assert (await affiliates.send("GET", admin, headers=headers)).status_code == 401
    # The header of its own, and a key of the same app beside it.
    assert (await affiliates.send("GET", own, headers={"x-session-token": session})).status_code == 200
    both = {"Authorization": f"Bearer {session}", "x-api-key": key}
    assert (await affiliates.send("GET", own, headers=both)).status_code == 200
    other = await affiliates.app.install()
    mixed = {"Authorization": f"Bearer {session}", "x-api-key": other.api_key}
    assert (await affiliates.send("GET", own, headers=mixed)).status_code == 401


async def test_a_session_ends_with_its_revocation_its_customer_and_its_week(affiliates: Affiliates) -> None:
    partner = await affiliates.enrol(EMAIL)
    await affiliates.configure_sign_in()
    first, second = await affiliates.sign_in(EMAIL), await affiliates.sign_in(EMAIL)
    await affiliates.customer(first, "DELETE", f"{affiliates.apps}/auth/session", expect=200)
    refused = await affiliates.customer(first, "GET", "/v1/affiliate", expect=401)
    assert refused["code"] == "SESSION_INVALID"
    await affiliates.customer(second, "GET", "/v1/affiliate", expect=200)
    await affiliates.app.client.delete(f"{affiliates.app.path}/customers/{partner['customerId']}")
    await affiliates.customer(second, "GET", "/v1/affiliate", expect=401)
    third = await affiliates.enrol("other@example.com")
    assert third["status"] == "active"
    session = await affiliates.sign_in("other@example.com")
    affiliates.app.clock.advance(timedelta(days=7))
    await affiliates.customer(session, "GET", "/v1/affiliate", expect=401)


async def test_a_token_that_we_did_not_sign_is_worth_nothing(affiliates: Affiliates) -> None:
    await affiliates.enrol(EMAIL)
    await affiliates.configure_sign_in()
    session = await affiliates.sign_in(EMAIL)
    head, claims, signature = session.split(".")
    for forged in (f"{head}.{claims}.{signature[:-4]}AAAA", f"eyJhbGciOiJub25lIn0.{claims}.", f"{head}.{claims}"):
        await affiliates.customer(forged, "GET", "/v1/affiliate", expect=401)
    stranger = SessionTokens(affiliates.app.services.settings).issue(
        "customer",
        subject="pc_none",
        session_id="cs_none",
        now=affiliates.app.clock.now(),
        lives=timedelta(days=1),
        app_id=affiliates.team.project_id,
    )
    await affiliates.customer(stranger, "GET", "/v1/affiliate", expect=401)


async def test_a_member_of_another_team_finds_no_such_app_a17(affiliates: Affiliates) -> None:
    application_id = await affiliates.apply()
    other = await affiliates.app.install()
    stranger = await member_token(affiliates.app, other.team_id, "other@example.com")
    headers = {"Authorization": f"Bearer {stranger}"}
    for path in ("/affiliates", "/affiliates/settings", f"/affiliates/applications/{application_id}"):
        answer = await affiliates.send("GET", affiliates.apps + path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "APP_NOT_FOUND")
    theirs = await affiliates.send(
        "GET", f"/v1/apps/{other.project_id}/affiliates/applications/{application_id}", headers=headers
    )
    assert (theirs.status_code, theirs.json()["code"]) == (404, "NOT_FOUND")
