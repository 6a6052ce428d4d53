"""`…/programs`: programs as data (issue 3, part 4)."""

from __future__ import annotations

from typing import Any

import pytest

from billfold.domain.referrals import presets, programs
from billfold.domain.tenancy import audit_log
from tests.api.billing.conftest import Api

BONUS: dict[str, Any] = {
    "enabled": True,
    "convertsOn": "signup",
    "rules": [
        {
            "earner": "referrer",
            "earnedOn": "conversion",
            "amount": {"type": "fixed", "value": 5, "unit": "ai_credits"},
            "settlesAs": "wallet",
        }
    ],
}
SHARE: dict[str, Any] = {
    "earner": "referrer",
    "earnedOn": "payment",
    "amount": {"type": "share", "basisPoints": 2000},
    "settlesAs": "payout",
    "holdDays": 30,
    "paymentsMax": 12,
}
# What a rule has that says nothing about it.
PLAIN: dict[str, Any] = {"holdDays": 0, "paymentsMax": None, "monthsMax": None, "productRates": [], "tiers": []}
RICH: dict[str, Any] = {
    **SHARE,
    "monthsMax": 12,
    "productRates": [{"productId": "prod_1", "amount": {"type": "share", "basisPoints": 0}}],
    "tiers": [{"atLeast": 100_000, "unit": "usd", "amount": {"type": "fixed", "value": 500, "unit": "usd"}}],
}


async def put(api: Api, key: str = "sign_up_bonus", **changes: Any) -> Any:
    return await api.call("PUT", f"/programs/{key}", json={**BONUS, **changes})


def rule(**changes: Any) -> dict[str, Any]:
    return {**BONUS["rules"][0], **changes}


async def test_a_program_is_answered_as_it_was_put(api: Api) -> None:
    settings: dict[str, Any] = {
        "monthlyCap": 100,
        "takeBackAfterDays": 0,
        "linkAddress": "https://app.example.com/login",
        "hosts": ["api.example.com", "app.example.com"],
        "origins": ["https://app.example.com"],
        "refuseDisposable": True,
    }
    answer = await put(api, **settings)
    assert answer.status_code == 200, answer.text
    program = answer.json()["program"]
    amount = {"type": "fixed", "value": 5, "unit": "ai_credits", "basisPoints": None}
    assert program == {
        "key": "sign_up_bonus",
        "projectId": api.house.project_id,
        "enabled": True,
        "version": 1,
        "convertsOn": "signup",
        "rules": [{**rule(), **PLAIN, "amount": amount}],
        **settings,
        "createdAt": program["createdAt"],
        "updatedAt": program["updatedAt"],
    }
    assert (await api.get("/programs/sign_up_bonus")).json() == {"program": program}
    assert (await api.get("/programs")).json() == {"programs": [program]}
    # What was answered can be sent back, and is then the same version.
    again = await api.call("PUT", "/programs/sign_up_bonus", json=program)
    assert again.json()["program"]["version"] == 1


async def test_a_change_of_the_terms_is_a_new_version_and_a_setting_is_not(api: Api) -> None:
    assert (await put(api)).json()["program"]["version"] == 1
    assert (await put(api, origins=["https://app.example.com"])).json()["program"]["version"] == 1
    assert (await put(api, monthlyCap=50)).json()["program"]["version"] == 2
    assert (await put(api, rules=[SHARE], convertsOn="payment")).json()["program"]["rules"][0]["paymentsMax"] == 12


async def test_a_program_that_was_read_and_put_back_is_the_same_version(api: Api) -> None:
    await put(api, "partners", convertsOn="payment", rules=[SHARE])
    edit = {"rules": [RICH], "appliesTo": "new_referrals"}
    version = (await api.call("POST", "/programs/partners/terms", json=edit)).json()["version"]
    shown = (await api.get("/programs/partners")).json()["program"]
    assert (shown["version"], shown["rules"]) == (2, version["rules"])
    again = (await api.call("PUT", "/programs/partners", json=shown)).json()["program"]
    assert {**again, "updatedAt": None} == {**shown, "updatedAt": None}
    # One field changed is one field changed.
    longer = {**shown, "rules": [{**shown["rules"][0], "monthsMax": 24}]}
    changed = (await api.call("PUT", "/programs/partners", json=longer)).json()["program"]
    assert (changed["version"], changed["rules"]) == (3, longer["rules"])
    # What is left out has its default, as everywhere in this call.
    plain = (await put(api, "partners", convertsOn="payment", rules=[SHARE])).json()["program"]
    assert {name: plain["rules"][0][name] for name in ("monthsMax", "productRates", "tiers")} == {
        "monthsMax": None, "productRates": [], "tiers": [],
    }  # fmt: skip


async def test_settings_of_the_billing_contract_are_a_program_too(api: Api) -> None:
    config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}
    await api.call("PUT", "/referrals/config", json=config)
    program = (await api.get("/programs/customer_referrals")).json()["program"]
    assert program["convertsOn"] == "subscription"
    assert [each["amount"]["value"] for each in program["rules"]] == [1000, 500]
    # The choice of reward: the same program pays into a wallet.
    rules = [rule(amount={"type": "fixed", "value": 50, "unit": "ai_credits"})]
    answer = await put(api, "customer_referrals", convertsOn="subscription", rules=rules)
    assert answer.status_code == 200
    assert (await api.get("/referrals/config")).json()["config"]["referrerCreditAmount"] == 50


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules": [rule(settlesAs="stripe_balance")]}, "needs a currency"),
        ({"rules": [rule(settlesAs="payout")]}, "needs a currency"),
        ({"rules": [rule(amount={"type": "fixed", "value": 5, "unit": "usd"})]}, "unit"),
        ({"rules": [rule(amount={"type": "fixed", "value": 5, "unit": "AI credits"})]}, "unit"),
        ({"rules": [{**SHARE, "earnedOn": "conversion"}]}, "share needs a payment"),
        ({"rules": [{**SHARE, "settlesAs": "wallet"}]}, "no wallet holds"),
        (
            {"rules": [{**SHARE, "settlesAs": "stripe_balance", "amount": {"type": "share", "basisPoints": 0}}]},
            "basisPoints",
        ),
        ({"convertsOn": "payment", "rules": [{**RICH, "monthsMax": 0}]}, "monthsMax"),
        ({"convertsOn": "payment", "rules": [{**RICH, "productRates": RICH["productRates"] * 2}]}, "productRates"),
        ({"convertsOn": "payment", "rules": [{**RICH, "settlesAs": "wallet"}]}, "no wallet holds"),
        ({"rules": [rule(monthsMax=3)]}, "monthsMax"),
        ({"rules": [{**SHARE, "amount": {"type": "share", "basisPoints": 10_001}}]}, "basisPoints"),
        ({"rules": [{**SHARE, "amount": {"type": "share", "basisPoints": 1, "value": 5}}]}, "basisPoints"),
        ({"rules": [rule(amount={"type": "fixed", "value": 5})]}, "value and unit"),
        ({"rules": [rule(amount={"type": "fixed", "value": -1, "unit": "ai_credits"})]}, "value"),
        ({"rules": [rule(amount={"type": "fixed", "value": 1.5, "unit": "ai_credits"})]}, "1. rule"),
        ({"rules": [rule(amount={"type": "half"})]}, "1. rule"),
        ({"rules": [rule(paymentsMax=3)]}, "paymentsMax"),
        ({"rules": [rule(holdDays=366)]}, "holdDays"),
        ({"rules": [rule(), rule(earner="somebody")]}, "2. rule"),
        ({"rules": ["rule"]}, "1. rule"),
        ({"rules": [rule()] * 11}, "up to 10 rules"),
        ({"rules": None}, "rules"),
        ({"convertsOn": "birthday"}, "convertsOn"),
        ({"monthlyCap": 0}, "monthlyCap"),
        ({"takeBackAfterDays": -1}, "takeBackAfterDays"),
        ({"convertsOn": "payment", "takeBackAfterDays": 7}, "takeBackAfterDays"),
        ({"convertsOn": "payment", "hosts": ["app.example.com"]}, "hosts"),
        ({"convertsOn": "payment", "refuseDisposable": True}, "refuseDisposable"),
        ({"linkAddress": "javascript:alert(1)"}, "linkAddress"),
        ({"linkAddress": "https://app.example.com/#/login"}, "linkAddress"),
        ({"hosts": ["https://app.example.com"]}, "hosts"),
        ({"hosts": ["app.example.com:8000"]}, "hosts"),
        ({"hosts": ["App.example.com"]}, "hosts"),
        ({"hosts": ["a.example.com"] * 2}, "hosts"),
        ({"hosts": [f"h{number}.example.com" for number in range(21)]}, "hosts"),
        ({"origins": ["https://app.example.com/"]}, "origins"),
        ({"origins": ["*"]}, "origins"),
        ({"enabled": "yes"}, "enabled"),
    ],
)
async def test_what_cannot_work_is_refused_in_plain_words(api: Api, changes: dict[str, Any], words: str) -> None:
    answer = await put(api, **changes)
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["error"]
    assert (await api.get("/programs")).json() == {"programs": []}


@pytest.mark.parametrize("key", ["Bonus", "1st", "a-b", "x" * 51, "%00", "é"])
async def test_a_key_is_a_plain_name(api: Api, key: str) -> None:
    assert (await put(api, key)).status_code in {400, 404}
    assert (await api.get(f"/programs/{key}")).status_code == 404


async def test_a_host_belongs_to_one_program_of_the_installation(api: Api) -> None:
    assert (await put(api, hosts=["app.example.com"])).status_code == 200
    answer = await put(api, "second", hosts=["app.example.com"])
    assert answer.status_code == 409
    assert (await api.get("/programs/second")).status_code == 404
    # Given up by the one, it is free for the other.
    await put(api, hosts=[])
    assert (await put(api, "second", hosts=["app.example.com"])).status_code == 200


async def test_a_project_has_a_bounded_number_of_programs(api: Api) -> None:
    for number in range(20):
        assert (await put(api, f"program{number}")).status_code == 200
    answer = await put(api, "one_too_many")
    assert answer.status_code == 409
    assert "at most 20" in answer.json()["error"]
    assert (await put(api, "program7", monthlyCap=1)).status_code == 200


async def test_an_edit_of_the_partner_programs_rules_keeps_its_minimum(api: Api) -> None:
    await api.services.db.write(
        programs.configure,
        project_id=api.house.project_id,
        key="partners",
        enabled=True,
        content=presets.partner_program(),
        at=api.clock.now(),
    )
    assert (await put(api, "partners", convertsOn="payment", rules=[SHARE])).status_code == 200
    stored = await api.services.db.read(programs.find, api.house.project_id, "partners")
    assert stored is not None
    assert (stored.content.min_payout, stored.content.enrolment) == (5000, "application")


async def test_a_change_is_in_the_audit_log(api: Api) -> None:
    await put(api)
    rows = await api.services.db.read(audit_log.audit_rows, api.house.team_id)
    assert [(row.action, row.details["key"]) for row in rows] == [("program.changed", "sign_up_bonus")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"amount": {"value": 5, "unit": "ai_credits"}},
            "rules: amount.type is missing in the 1. rule. Send a list of",
        ),
        ({"earner": "x" * 60_000}, "rules: earner is not valid in the 1. rule. Send a list of"),
        ({"holdDays": "7"}, "rules: holdDays is not valid in the 1. rule. Send a list of"),
    ],
)
async def test_a_rule_that_cannot_be_read_is_told_by_its_field(api: Api, changes: dict[str, Any], told: str) -> None:
    answer = await put(api, rules=[rule(**changes)])
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(told)
    assert len(answer.json()["error"]) < 1_000
