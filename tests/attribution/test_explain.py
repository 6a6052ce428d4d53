"""The explanation of every commission and of every payment that earned none (issue 6, section 2; SCENARIOS D8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billfold.domain.referrals.attribution import attribute_by_hand
from tests.attribution.shop import Shop
from tests.attribution.test_binding import new_customer, token_in


async def explained(shop: Shop, **asked: str) -> Any:
    (name, subject_id), *_ = asked.items()
    return (await shop.call("GET", f"/referrals/explain?{name}={subject_id}"))["explanation"]


async def brought(shop: Shop, **checkout: object) -> str:
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    await shop.buy(wren, **checkout)
    return wren


async def test_a_commission_is_explained_to_the_cent(shop: Shop) -> None:
    wren = await brought(shop)
    told = await explained(shop, customer=wren)
    (payment,) = told["payments"]
    assert (payment["outcome"], payment["amountPaid"]) == ("earned", 2900)
    (commission,) = payment["commissions"]
    assert (commission["amount"], commission["unit"], commission["status"]) == (580, "usd", "held")
    assert commission["agrees"] is True
    assert [(each["code"], each["amount"]) for each in commission["arithmetic"]] == [
        ("subtotal", 2900),
        ("paid", 2900),
        ("counts", 2900),
        ("rate", 2900),
        ("commission", 580),
    ]
    assert [(each["debit"], each["credit"], each["amount"]) for each in commission["ledger"]] == [("cost", "held", 580)]
    (program,) = told["programs"]
    assert [(each["kind"], each["outcome"]) for each in program["rules"]] == [
        ("deal", "lost"),
        ("checkout_code", "lost"),
        ("coupon", "lost"),
        ("link", "won"),
    ]
    assert told["lockedAt"] is not None
    by_reward = await explained(shop, reward=commission["rewardId"])
    assert by_reward["payments"] == told["payments"]
    assert (await explained(shop, payment=payment["id"]))["payments"] == told["payments"]


async def test_a_refund_is_in_the_arithmetic_and_in_the_ledger(shop: Shop) -> None:
    wren = await brought(shop)
    listed = await shop.partnership.app.anonymous.get(
        "/simulator/stripe/v1/payment_intents",
        headers={"Authorization": f"Bearer {shop.partnership.app.team.simulator_secret_key}"},
    )
    await shop.stripe("refunds", {"payment_intent": listed.json()["data"][0]["id"], "amount": "690"})
    await shop.partnership.app.drain()
    (payment,) = (await explained(shop, customer=wren))["payments"]
    (commission,) = payment["commissions"]
    assert (commission["amount"], commission["agrees"]) == (442, True)
    steps = {each["code"]: each["amount"] for each in commission["arithmetic"]}
    assert (steps["taken_back"], steps["counts_now"], steps["commission"]) == (-690, 2210, 442)


async def test_payments_of_nobody_say_why(shop: Shop) -> None:
    wren = await new_customer(shop)
    await shop.buy(wren)
    told = await explained(shop, customer=wren)
    assert [each["outcome"] for each in told["payments"]] == ["no_attribution"]
    assert told["payments"][0]["reason"] == "Nobody brought this customer."


@pytest.mark.parametrize(
    ("passed", "outcome"),
    [({"referralCode": "nobody"}, "unknown_code"), ({"referralCode": "OFF99"}, "inactive_code")],
)
async def test_a_code_that_brought_nobody_is_the_reason(shop: Shop, passed: dict[str, str], outcome: str) -> None:
    await shop.partnership.partner("OFF99")
    await shop.call("DELETE", "/referrals/codes/OFF99")
    wren = await new_customer(shop, **passed)
    await shop.buy(wren)
    told = await explained(shop, customer=wren)
    assert [each["outcome"] for each in told["payments"]] == [outcome]


async def test_a_click_that_had_run_out_is_the_reason(shop: Shop) -> None:
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    await shop.wait(timedelta(days=31))
    await shop.buy(wren)
    told = await explained(shop, customer=wren)
    assert [each["outcome"] for each in told["payments"]] == ["outside_window"]
    assert told["programs"][0]["touches"][0]["outcome"] == "outside_window"


async def test_d8_a_trial_earned_nothing_because_nothing_was_paid(shop: Shop) -> None:
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    await shop.buy(wren, trialDays=7)
    told = await explained(shop, customer=wren)
    assert [each["outcome"] for each in told["payments"]] == ["nothing_paid"]


async def test_a_program_that_was_off_is_the_reason(shop: Shop) -> None:
    await shop.partnership.switch(enabled=False)
    wren = await new_customer(shop, referralCode="JANE20")
    await shop.partnership.switch(enabled=True)
    await shop.buy(wren)
    assert [each["outcome"] for each in (await explained(shop, customer=wren))["payments"]] == ["program_off"]


async def test_ones_own_code_is_the_reason(shop: Shop) -> None:
    jane = await shop.partnership.partner("JANE99")
    await shop.buy(jane, referralCode="JANE99")
    assert [each["outcome"] for each in (await explained(shop, customer=jane))["payments"]] == ["self_referral"]


async def test_the_same_person_under_another_address_is_void_and_says_so(shop: Shop) -> None:
    token = token_in(await shop.partnership.click("JANE20"))
    twin = await new_customer(shop, "jane20+me@partners.example.com", clickToken=token)
    await shop.buy(twin)
    told = await explained(shop, customer=twin)
    assert [each["outcome"] for each in told["payments"]] == ["self_referral"]
    assert told["referrals"][0]["voidReason"] == "self_referral"
    assert all(each["agrees"] for payment in told["payments"] for each in payment["commissions"])


async def test_what_a_person_said_is_a_touch_with_its_reason(shop: Shop) -> None:
    app = shop.partnership.app
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    given: dict[str, Any] = {
        "team_id": app.team.team_id,
        "project_id": shop.partnership.project_id,
        "customer_id": wren,
        "code": "owen15",
        "reason": "They met at a fair.",
        "author": "ines@example.com",
        "at": shop.partnership.at(),
        "now": shop.partnership.at(),
    }
    await app.services.db.write(attribute_by_hand, **given)
    assert await shop.code_of(wren) == ("OWEN15", "pending")
    await shop.buy(wren)
    (program,) = (await explained(shop, customer=wren))["programs"]
    assert program["rules"][0] == {
        "place": 1,
        "kind": "manual",
        "codes": ["OWEN15"],
        "outcome": "won",
        "reason": "It is the first of the order that fits.",
    }
    (said,) = [each for each in program["touches"] if each["kind"] == "manual"]
    assert said["evidence"] == {"reason": "They met at a fair.", "author": "ines@example.com"}
    with pytest.raises(Exception, match="has paid already"):
        await app.services.db.write(attribute_by_hand, **given)


@pytest.mark.parametrize("query", ["", "customer=pc_1&reward=rew_1", "customer="])
async def test_one_subject_is_asked_for(shop: Shop, query: str) -> None:
    app = shop.partnership.app
    assert (await app.client.get(f"{app.path}/referrals/explain?{query}")).status_code == 400


@pytest.mark.parametrize("query", ["customer=pc_1", "payment=inv_1", "reward=rew_1", "payment=pay_1"])
async def test_what_is_not_there_is_404(shop: Shop, query: str) -> None:
    app = shop.partnership.app
    assert (await app.client.get(f"{app.path}/referrals/explain?{query}")).status_code == 404
