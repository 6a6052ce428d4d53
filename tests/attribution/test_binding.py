"""From a followed link or a code to the first payment, through the whole server (SCENARIOS E4)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from billfold.domain.referrals import code_limits
from billfold.domain.referrals.promotion_codes import tie_promotion_code
from billfold.domain.referrals.terms import Attribution
from tests.attribution.shop import Shop


def token_in(location: str) -> str:
    return parse_qs(urlsplit(location).query)["ref_click"][0]


async def new_customer(shop: Shop, email: str = "wren@example.com", **passed: str) -> str:
    made = await shop.partnership.customer(email, **passed)
    return str(made["customer"]["id"])  # type: ignore[index]


async def test_a_click_brings_a_customer_whose_payment_earns_twenty_percent(shop: Shop) -> None:
    token = token_in(await shop.partnership.click("JANE20"))
    wren = await new_customer(shop, clickToken=token)
    assert await shop.code_of(wren) == ("JANE20", "pending")
    await shop.buy(wren)
    assert await shop.code_of(wren) == ("JANE20", "converted")


@pytest.mark.parametrize("passed", [{"referralCode": "nobody"}, {"clickToken": "forged"}, {"referralId": "clk_1"}])
async def test_what_says_nothing_does_not_break_a_sign_up(shop: Shop, passed: dict[str, str]) -> None:
    made = await shop.partnership.customer("wren@example.com", **passed)
    attribution = made["attribution"]
    assert isinstance(attribution, dict)
    assert attribution["bound"] is False
    assert attribution["reason"] in {"unknown_code", "not_a_token"}
    plain = await shop.partnership.customer("other@example.com")
    assert "attribution" not in plain


async def test_c3_a_code_that_is_used_up_brings_nobody_and_says_so(shop: Shop) -> None:
    partnership = shop.partnership
    project_id, at = partnership.project_id, partnership.at()
    await partnership.app.services.db.write(code_limits.set_limit, project_id, "JANE20", max_uses=1, at=at)
    first = await new_customer(shop, "first@example.com", referralCode="JANE20")
    assert await shop.code_of(first) == ("JANE20", "pending")
    made = await shop.partnership.customer("second@example.com", referralCode="JANE20")
    assert made["attribution"]["bound"] is False  # type: ignore[index]
    assert made["attribution"]["reason"] == "used_up_code"  # type: ignore[index]
    second = str(made["customer"]["id"])  # type: ignore[index]
    await shop.buy(second)
    assert await shop.code_of(second) == (None, None)
    await shop.buy(first)
    assert await shop.code_of(first) == ("JANE20", "converted")


async def test_a_repeated_request_is_answered_as_the_first_was(shop: Shop) -> None:
    app = shop.partnership.app
    sent = {"json": {"email": "wren@example.com", "referralCode": "JANE20"}, "headers": {"idempotency-key": "one"}}
    first = await app.client.post(f"{app.path}/customers", **sent)  # type: ignore[arg-type]
    again = await app.client.post(f"{app.path}/customers", **sent)  # type: ignore[arg-type]
    assert first.json()["attribution"]["bound"] is True
    assert again.json() == first.json()


async def test_a_token_of_another_project_binds_nobody(shop: Shop) -> None:
    token = token_in(await shop.partnership.click("JANE20"))
    other = await shop.partnership.app.install()
    made = await shop.partnership.app.anonymous.post(
        f"{other.path}/customers", json={"email": "wren@example.com", "clickToken": token}, headers=other.headers
    )
    assert made.json()["attribution"]["bound"] is False


@pytest.mark.parametrize(("beside", "code"), [(timedelta(minutes=-5), "JANE20"), (timedelta(minutes=5), None)])
async def test_e4_a_link_holds_for_thirty_days_until_the_first_payment(
    shop: Shop, beside: timedelta, code: str | None
) -> None:
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    await shop.wait(timedelta(days=30) + beside)
    await shop.buy(wren)
    assert await shop.code_of(wren) == (code or "JANE20", "converted" if code else "expired")


async def test_e4_a_click_after_the_sign_up_brings_nobody(shop: Shop) -> None:
    wren = await new_customer(shop)
    await shop.wait(timedelta(minutes=1))
    token = token_in(await shop.partnership.click("JANE20"))
    await shop.buy(wren, clickToken=token)
    assert await shop.code_of(wren) == (None, None)


@pytest.mark.parametrize(("which", "winner"), [("last", "OWEN15"), ("first", "JANE20")])
async def test_e4_of_two_clicks_the_declared_one_counts(shop: Shop, which: str, winner: str) -> None:
    await shop.partnership.terms(Attribution(touch="last" if which == "last" else "first"))
    first = token_in(await shop.partnership.click("JANE20"))
    await shop.wait(timedelta(hours=1))
    second = token_in(await shop.partnership.click("OWEN15"))
    wren = await new_customer(shop, clickToken=first, referralId=second)
    await shop.buy(wren)
    assert await shop.code_of(wren) == (winner, "converted")


async def test_a_code_typed_at_the_checkout_beats_a_link_and_counts_only_once_completed(shop: Shop) -> None:
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    await shop.checkout(wren, referralCode="OWEN15")
    assert await shop.code_of(wren) == ("JANE20", "pending")
    await shop.buy(wren, referralCode="owen15")
    assert await shop.code_of(wren) == ("OWEN15", "converted")


async def test_a_code_of_a_checkout_that_was_left_counts_for_nothing(shop: Shop) -> None:
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    await shop.checkout(wren, referralCode="OWEN15")
    await shop.buy(wren)
    assert await shop.code_of(wren) == ("JANE20", "converted")


async def test_after_the_first_payment_nothing_changes_it_any_more(shop: Shop) -> None:
    wren = await new_customer(shop)
    await shop.buy(wren)
    assert await shop.code_of(wren) == (None, None)
    await shop.wait(timedelta(days=1))
    await shop.buy(wren, referralCode="OWEN15")
    assert await shop.code_of(wren) == (None, None)


@pytest.mark.parametrize("by_id", [True, False])
async def test_a_promotion_code_of_a_partner_brings_whoever_pays_with_it(shop: Shop, *, by_id: bool) -> None:
    app = shop.partnership.app
    coupon = await shop.stripe("coupons", {"percent_off": "10", "duration": "once"})
    promotion = await shop.stripe(
        "promotion_codes", {"promotion[type]": "coupon", "promotion[coupon]": coupon["id"], "code": "JANE10"}
    )
    gateway = await app.services.stripe.gateway(app.team.team_id)
    tied = await tie_promotion_code(
        app.services.db,
        gateway,
        project_id=shop.partnership.project_id,
        code="jane20",
        promotion=promotion["id"] if by_id else "jane10",
        at=shop.partnership.at(),
    )
    assert (tied.text, tied.code) == ("JANE10", "JANE20")
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("OWEN15")))
    customer = (await shop.call("GET", f"/customers/{wren}"))["customer"]["stripeCustomerId"]
    card = await shop.stripe("payment_methods", {"type": "card", "card[token]": "tok_visa"})
    await shop.stripe(f"payment_methods/{card['id']}/attach", {"customer": customer})
    price = await stripe_price(shop)
    await shop.stripe(
        "subscriptions",
        {
            "customer": customer,
            "items[0][price]": price,
            "default_payment_method": card["id"],
            "discounts[0][promotion_code]": promotion["id"],
        },
    )
    await app.drain()
    assert await shop.code_of(wren) == ("JANE20", "converted")


async def stripe_price(shop: Shop) -> str:
    prices = await shop.call("GET", "/products")
    product = prices["products"][0]["id"]
    listed = await shop.call("GET", f"/products/{product}/prices")
    return str(listed["prices"][0]["stripePriceId"])


@pytest.mark.parametrize("is_token", [True, False], ids=["token", "code"])
async def test_a_session_that_the_app_opened_itself_says_it_in_its_reference(shop: Shop, *, is_token: bool) -> None:
    token = token_in(await shop.partnership.click("JANE20"))
    wren = await new_customer(shop)
    session = await shop.stripe(
        "checkout/sessions",
        {
            "mode": "subscription",
            "customer": (await shop.call("GET", f"/customers/{wren}"))["customer"]["stripeCustomerId"],
            "line_items[0][price]": await stripe_price(shop),
            "line_items[0][quantity]": "1",
            "success_url": "https://example.com/ok",
            "client_reference_id": token if is_token else "OWEN15",
        },
    )
    await shop.pay(session["id"])
    assert await shop.code_of(wren) == ("JANE20" if is_token else "OWEN15", "converted")


async def test_a_trial_decides_nothing_and_the_first_money_does(shop: Shop) -> None:
    wren = await new_customer(shop)
    session = await shop.checkout(wren, trialDays=7, referralCode="JANE20")
    await shop.pay(session)
    assert await shop.code_of(wren) == (None, None)
    app = shop.partnership.app
    answer = await app.client.post(
        f"/simulator/{app.team.team_id}/clock",
        json={"advance_days": 8},
    )
    assert answer.status_code == 200, answer.text
    await app.drain()
    assert await shop.code_of(wren) == ("JANE20", "converted")


async def test_a_partner_who_uses_his_own_code_brings_nobody(shop: Shop) -> None:
    jane = await shop.partnership.partner("JANE99")
    await shop.buy(jane, referralCode="JANE99")
    assert await shop.code_of(jane) == (None, None)
