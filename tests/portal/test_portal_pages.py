"""The page and its forms: what stands there, what is asked first, what nobody else may press (contract section 3.6, G15)."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
import structlog

from billfold.base.log import redact
from tests.portal.conftest import Portal
from tests.security.database_dump import every_row


async def test_the_page_shows_plan_card_and_invoices(portal: Portal) -> None:
    page = (await portal.show()).text
    for shown in ("Pro, monthly", "Active", "$29.00", "a month", "Visa ending 4242", "Paid", "PDF", "mara@example.com"):
        assert shown in page


async def test_the_headers_are_strict_and_give_the_address_to_nobody(portal: Portal) -> None:
    headers = (await portal.show()).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_names_are_text_and_never_markup(portal: Portal) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x>"
    await portal.call("PATCH", f"/customers/{portal.customer['id']}", {"name": evil}, expect=200)
    product = (await portal.call("POST", "/products", {"name": evil}, expect=201))["product"]["id"]
    price = {"unitAmount": 100, "interval": "week", "nickname": evil}
    made = (await portal.call("POST", f"/products/{product}/prices", price, expect=201))["price"]["id"]
    await portal.subscribe(priceId=made)
    await portal.call("PUT", "/branding", {"name": evil[:80]}, expect=200)
    page = (await portal.show()).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    invoice = (await portal.ask("GET", "/invoices")).json()["invoices"][0]
    assert "<script>alert" not in (await portal.app.anonymous.get(invoice["hostedUrl"])).text


async def test_cancelling_asks_first_and_can_be_taken_back(portal: Portal) -> None:
    subscription_id = (await portal.subscription())["id"]
    path = f"/subscriptions/{subscription_id}"
    question = await portal.show(f"{path}/cancellation")
    assert "Cancel Pro, monthly?" in question.text
    assert (await portal.subscription())["cancelAtPeriodEnd"] is False
    done = await portal.press(f"{path}/cancellation")
    assert (done.status_code, done.headers["location"]) == (303, f"/portal/{portal.token}?done=ending")
    page = (await portal.show("?done=ending")).text
    assert "Your plan ends with the period" in page
    assert "Keep the plan" in page
    assert (await portal.press(f"{path}/resumption")).status_code == 303
    assert (await portal.subscription())["cancelAtPeriodEnd"] is False


async def test_a_get_never_changes_anything(portal: Portal) -> None:
    subscription_id = (await portal.subscription())["id"]
    for path in (f"/subscriptions/{subscription_id}/resumption", "/payment-method", "/referral-code"):
        assert (await portal.show(path)).status_code == 405
    await portal.show(f"/subscriptions/{subscription_id}/cancellation")
    assert (await portal.subscription())["cancelAtPeriodEnd"] is False


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:8000.evil.example.com"},
        {},
    ],
)
async def test_f5_a_form_of_another_site_is_refused(portal: Portal, headers: dict[str, str]) -> None:
    subscription_id = (await portal.subscription())["id"]
    answer = await portal.press(f"/subscriptions/{subscription_id}/cancellation", headers)
    assert answer.status_code == 403
    assert "Back to your plan" in answer.text
    assert (await portal.subscription())["cancelAtPeriodEnd"] is False


async def test_a_browser_that_hides_the_referrer_is_believed_what_it_says_itself(portal: Portal) -> None:
    subscription_id = (await portal.subscription())["id"]
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert (await portal.press(f"/subscriptions/{subscription_id}/cancellation", headers)).status_code == 303


async def test_another_customers_plan_is_not_found(portal: Portal) -> None:
    other = (await portal.call("POST", "/customers", {"email": "other@example.com"}))["customer"]
    await portal.subscribe(other["id"])
    foreign = (await portal.call("GET", f"/subscriptions?customerId={other['id']}"))["subscriptions"][0]["id"]
    for path in (f"/subscriptions/{foreign}/cancellation", f"/subscriptions/{foreign}/resumption"):
        assert (await portal.press(path)).status_code == 404
    assert (await portal.show(f"/subscriptions/{foreign}/cancellation")).status_code == 404


async def test_unknown_and_expired_links_look_the_same(portal: Portal) -> None:
    old = (await portal.open(ttlMs=60_000))["token"]
    portal.app.clock.advance(timedelta(minutes=2))
    answers = [await portal.show(token=token) for token in (old, "0" * 32, "nonsense", "%00", "x" * 300)]
    assert {each.status_code for each in answers} == {410}
    assert len({(each.text, str(sorted(each.headers.items()))) for each in answers}) == 1
    assert "This link has expired" in answers[0].text


async def test_the_card_form_leads_to_the_checkout_and_back_without_a_new_link(portal: Portal) -> None:
    start = await portal.press("/payment-method")
    assert start.status_code == 303
    assert "/checkout/cs_test_" in start.headers["location"]
    form = {"email": "mara@example.com", "outcome": "pay", "brand": "amex"}
    saved = await portal.app.anonymous.post(start.headers["location"], data=form)
    back = await portal.app.anonymous.get(saved.headers["location"])
    assert back.headers["location"] == f"/portal/{portal.token}?card=saved"
    await portal.app.drain()
    page = (await portal.show("?card=saved")).text
    assert "Your card is saved" in page
    assert "American Express ending 8431" in page


@pytest.mark.parametrize("change", ["", "x", "swap"])
async def test_a_way_back_that_was_tampered_with_leads_nowhere(portal: Portal, change: str) -> None:
    url = (await portal.press("/payment-method")).headers["location"]
    form = {"email": "mara@example.com", "outcome": "pay"}
    location = (await portal.app.anonymous.post(url, data=form)).headers["location"].removesuffix("?card=saved")
    bent = location.replace("portal_sess_", "portal_sess_0") if change == "swap" else location[:-3] + change
    assert (await portal.app.anonymous.get(bent)).status_code == 410


async def test_no_clear_token_is_in_the_database_after_a_change_of_card(portal: Portal) -> None:
    """Stripe keeps the addresses of a checkout and repeats them in its events, which are stored."""
    url = (await portal.press("/payment-method")).headers["location"]
    await portal.app.anonymous.post(url, data={"email": "mara@example.com", "outcome": "pay"})
    await portal.app.drain()
    rows = await every_row(portal.app.services.db)
    assert "checkout.session.completed" in str(rows)
    assert portal.token not in str(rows)


async def test_an_outage_of_stripe_leaves_the_rest_of_the_page(portal: Portal) -> None:
    await portal.app.client.post(f"/simulator/{portal.app.team.team_id}/faults", json={"500": 9})
    page = await portal.show()
    assert page.status_code == 200
    assert "Your card cannot be shown at the moment" in page.text
    assert "Pro, monthly" in page.text


async def test_the_code_is_got_with_one_press(portal: Portal) -> None:
    config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500}
    await portal.call("PUT", "/referrals/config", config, expect=200)
    assert "Get your code" in (await portal.show()).text
    assert (await portal.press("/referral-code")).status_code == 303
    page = (await portal.show()).text
    code = (await portal.ask("GET", "/referrals")).json()["referrals"][0]["code"]
    assert f'<output aria-label="Your code">{code}</output>' in page
    assert "$5.00 off the first invoice" in page


async def test_without_a_plan_the_page_says_so(portal: Portal) -> None:
    other = (await portal.call("POST", "/customers", {"email": "new@example.com"}))["customer"]
    token = (await portal.call("POST", "/portal", {"customerId": other["id"]}))["token"]
    page = (await portal.show(token=token)).text
    assert "You have no plan at the moment" in page
    assert "Nothing was billed yet" in page


async def test_f9_a_failure_logs_the_address_without_its_token(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("billfold.entrypoints.web.portal.pages.portal_subscriptions", fail)
    with structlog.testing.capture_logs() as logged:
        try:
            status = (await portal.show()).status_code
        except httpx.HTTPError:
            status = 500
        except RuntimeError:
            status = 500
    assert status == 500
    assert portal.token not in redact(str(logged))


def test_f9_links_are_cut_out_of_every_log_line() -> None:
    token = "0123456789abcdef" * 2
    line = f'path=/portal/{token}/subscriptions/ps_1 next="/api/portal/{token}" GET /portal/return/portal_sess_1.v1:a:b:c=?card'
    assert redact(line) == 'path=/portal/…/subscriptions/ps_1 next="/api/portal/…" GET /portal/return/…?card'
    assert redact("POST /api/billstack/teams/t/projects/p/portal") == "POST /api/billstack/teams/t/projects/p/portal"


async def test_the_link_of_the_sign_up_program_and_the_credits_are_shown(portal: Portal) -> None:
    amount = {"type": "fixed", "value": 5, "unit": "ai_credits"}
    program = {
        "enabled": True,
        "convertsOn": "signup",
        "rules": [{"earner": "referrer", "earnedOn": "conversion", "amount": amount, "settlesAs": "wallet"}],
        "linkAddress": "https://app.example.com/login",
    }
    await portal.call("PUT", "/programs/sign_up_bonus", program, expect=200)
    grant = {"unit": "ai_credits", "amount": 7, "key": "welcome"}
    await portal.call("POST", f"/wallets/{portal.customer['id']}/grant", grant)
    assert (await portal.press("/referral-code")).status_code == 303
    (own,) = (await portal.ask("GET", "/referrals")).json()["referrals"]
    assert own["program"] == "signup"
    assert own["link"] == f"https://app.example.com/login?ref={own['code']}"
    (wallet,) = (await portal.ask("GET", "/wallets")).json()["wallets"]
    assert (wallet["unit"], wallet["balance"]) == ("ai_credits", 7)
    page = (await portal.show()).text
    assert f'<output aria-label="Your link">{own["link"]}</output>' in page
    assert "You get 5 ai credits for each friend who signs up." in page
    assert "Your credits" in page
    assert "Ai credits" in page
