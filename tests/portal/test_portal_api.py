"""The API behind the page: `/api/portal/{token}/…`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from billfold.app import create_app
from billfold.base.settings import load_settings
from tests.app_fixtures import BASE_URL, SECRET_KEY
from tests.portal.conftest import Portal

PATHS = [
    ("GET", ""),
    ("GET", "/subscriptions"),
    ("PATCH", "/subscriptions/ps_1"),
    ("GET", "/invoices"),
    ("GET", "/payment-method"),
    ("POST", "/payment-method"),
    ("GET", "/referrals"),
    ("POST", "/referrals"),
    ("GET", "/wallets"),
]


async def test_the_session_says_whose_it_is(portal: Portal) -> None:
    session = (await portal.ask("GET")).json()["session"]
    assert session["customerId"] == portal.customer["id"]
    assert (session["email"], session["name"]) == ("mara@example.com", "Mara Example")
    assert session["projectId"] == portal.app.team.project_id


async def test_a_subscription_is_told_with_what_it_costs(portal: Portal) -> None:
    found = await portal.subscription()
    assert (found["productName"], found["status"], found["amount"]) == ("Pro", "active", 2900)
    assert (found["currency"], found["interval"], found["intervalCount"]) == ("usd", "month", 1)
    assert found["cancelAtPeriodEnd"] is False


async def test_cancel_and_resume_reach_stripe(portal: Portal) -> None:
    subscription_id = (await portal.subscription())["id"]
    for cancel in (True, True, False):
        answer = await portal.ask("PATCH", f"/subscriptions/{subscription_id}", json={"cancelAtPeriodEnd": cancel})
        assert answer.status_code == 200
        assert answer.json()["subscription"]["cancelAtPeriodEnd"] is cancel
        await portal.app.drain()
        assert (await portal.subscription())["cancelAtPeriodEnd"] is cancel
        listed = (await portal.call("GET", f"/subscriptions/{subscription_id}"))["subscription"]
        assert listed["cancelAtPeriodEnd"] is cancel


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"cancelAtPeriodEnd": "true"}', b'{"cancelAtPeriodEnd": 1}', b"\xff", b"[" * 50_000]
)
async def test_a_bad_body_is_refused_with_what_it_must_be(portal: Portal, body: bytes) -> None:
    subscription_id = (await portal.subscription())["id"]
    answer = await portal.ask("PATCH", f"/subscriptions/{subscription_id}", content=body)
    assert (answer.status_code, "cancelAtPeriodEnd" in answer.json()["error"]) == (400, True)


async def test_another_customers_subscription_is_not_found(portal: Portal) -> None:
    other = (await portal.call("POST", "/customers", {"email": "other@example.com"}))["customer"]
    await portal.subscribe(other["id"])
    foreign = (await portal.call("GET", f"/subscriptions?customerId={other['id']}"))["subscriptions"][0]["id"]
    for subscription_id in (foreign, "ps_unknown", "sub_1", "%00", "ps_1'--"):
        answer = await portal.ask("PATCH", f"/subscriptions/{subscription_id}", json={"cancelAtPeriodEnd": True})
        assert (answer.status_code, answer.json()) == (404, {"error": "Subscription not found"})
    untouched = (await portal.call("GET", f"/subscriptions/{foreign}"))["subscription"]
    assert untouched["cancelAtPeriodEnd"] is False


async def test_an_ended_subscription_is_hidden_and_cannot_be_changed(portal: Portal) -> None:
    subscription_id = (await portal.subscription())["id"]
    await portal.call("DELETE", f"/subscriptions/{subscription_id}", expect=200)
    assert (await portal.ask("GET", "/subscriptions")).json() == {"subscriptions": []}
    answer = await portal.ask("PATCH", f"/subscriptions/{subscription_id}", json={"cancelAtPeriodEnd": False})
    assert answer.status_code == 409


async def test_invoices_are_those_of_this_customer_with_links_that_lead_somewhere(portal: Portal) -> None:
    other = (await portal.call("POST", "/customers", {"email": "other@example.com"}))["customer"]
    await portal.subscribe(other["id"])
    (invoice,) = (await portal.ask("GET", "/invoices")).json()["invoices"]
    assert (invoice["status"], invoice["total"], invoice["currency"]) == ("paid", 2900, "usd")
    page = await portal.app.anonymous.get(invoice["hostedUrl"])
    assert (page.status_code, invoice["number"] in page.text, "Pro" in page.text) == (200, True, True)
    file = await portal.app.anonymous.get(invoice["pdfUrl"])
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    assert file.content.startswith(b"%PDF-")


async def test_a_saved_card_is_charged_from_then_on(portal: Portal) -> None:
    assert (await portal.card())["last4"] == "4242"
    url = (await portal.ask("POST", "/payment-method")).json()["url"]
    form = {"email": "mara@example.com", "outcome": "pay", "brand": "mastercard"}
    back = await portal.app.anonymous.post(url, data=form)
    assert back.status_code == 303
    await portal.app.drain()
    assert await portal.card() == {
        "type": "card", "brand": "mastercard", "last4": "4444", "expMonth": 12, "expYear": 2099,
    }  # fmt: skip
    # The way back needs no new link, and Stripe was not told this one.
    assert portal.token not in back.headers["location"]
    again = await portal.app.anonymous.get(back.headers["location"])
    assert again.headers["location"] == f"/portal/{portal.token}?card=saved"
    # At the next renewal Stripe charges the new card.
    days = {"advance_days": 32}
    await portal.app.client.post(f"/simulator/{portal.app.team.team_id}/clock", json=days)
    await portal.app.drain()
    assert (await portal.subscription())["status"] == "active"


async def test_a_card_that_fails_later_fails_at_the_next_renewal_so_it_really_is_the_one_charged(
    portal: Portal,
) -> None:
    url = (await portal.ask("POST", "/payment-method")).json()["url"]
    await portal.app.anonymous.post(url, data={"email": "mara@example.com", "outcome": "later"})
    await portal.app.drain()
    await portal.app.client.post(f"/simulator/{portal.app.team.team_id}/clock", json={"advance_days": 32})
    await portal.app.drain()
    portal.token = (await portal.open())["token"]
    assert (await portal.subscription())["status"] == "past_due"


async def test_a_refused_card_changes_nothing(portal: Portal) -> None:
    url = (await portal.ask("POST", "/payment-method")).json()["url"]
    refused = await portal.app.anonymous.post(url, data={"email": "mara@example.com", "outcome": "no"})
    assert refused.status_code == 402
    await portal.app.drain()
    assert (await portal.card())["last4"] == "4242"


async def test_the_code_is_made_once_and_tells_what_it_brought(portal: Portal) -> None:
    assert (await portal.ask("GET", "/referrals")).json() == {"referrals": []}
    config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500}
    await portal.call("PUT", "/referrals/config", config, expect=200)
    (before,) = (await portal.ask("GET", "/referrals")).json()["referrals"]
    assert (before["program"], before["code"]) == ("subscription", None)
    codes = [(await portal.ask("POST", "/referrals")).json()["referrals"][0]["code"] for _ in range(2)]
    assert codes[0] == codes[1]
    friend = (await portal.call("POST", "/customers", {"email": "friend@else.example.com"}))["customer"]
    await portal.call("POST", "/referrals/apply", {"code": codes[0], "refereeCustomerId": friend["id"]}, expect=201)
    assert (await portal.ask("GET", "/referrals")).json()["referrals"][0]["pending"] == 1
    await portal.subscribe(friend["id"])
    (after,) = (await portal.ask("GET", "/referrals")).json()["referrals"]
    assert (after["pending"], after["converted"]) == (0, 1)
    assert after["referrerGets"] == {"amount": 1000, "unit": "usd"}
    (earned,) = after["earned"]
    assert earned == {
        "unit": "usd", "status": "settled", "settlesAs": "stripe_balance", "count": 1, "amount": 1000,
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_unknown_and_expired_tokens_get_the_same_answer_everywhere(
    portal: Portal, method: str, path: str
) -> None:
    old = (await portal.open(ttlMs=60_000))["token"]
    portal.app.clock.advance(timedelta(minutes=2))
    answers = [await portal.ask(method, path, token=token) for token in (old, "0" * 32, "x", "%00", "a" * 500)]
    assert {each.status_code for each in answers} == {401}
    assert len({(each.text, str(sorted(each.headers.items()))) for each in answers}) == 1


async def test_a_method_that_an_address_does_not_answer_to_is_refused_after_the_token(portal: Portal) -> None:
    answer = await portal.ask("DELETE", "/subscriptions")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert (await portal.ask("DELETE", "/subscriptions", token="0" * 32)).status_code == 401
    assert (await portal.ask("GET", "/nothing")).status_code == 404


async def test_answers_are_kept_by_nobody(portal: Portal) -> None:
    headers = (await portal.ask("GET", "/subscriptions")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


async def test_g33_who_guesses_tokens_is_slowed_down_and_a_right_one_is_not(database_url: str, portal: Portal) -> None:
    settings = load_settings(database_url=database_url, secret_key=SECRET_KEY, bad_keys_per_minute=3)
    application: Any = create_app(settings, clock=portal.app.clock, run_worker=False)
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        # The other server of the test holds the database; this one only reads it.
        await application.installation.services.db.start()
        statuses = [(await client.get(f"/api/portal/{number:032x}")).status_code for number in range(5)]
        assert statuses == [401, 401, 401, 429, 429]
        page = await client.get(f"/portal/{7:032x}")
        assert (page.status_code, page.headers["retry-after"]) == (429, "20")
        # A header that anybody can write does not make another address of it.
        forged = {"X-Forwarded-For": "192.0.2.9"}
        assert (await client.get(f"/api/portal/{8:032x}", headers=forged)).status_code == 429
        assert (await client.get(f"/portal/{portal.token}")).status_code == 200
        await application.installation.services.db.stop()
