"""`…/programs/{programKey}/terms`: versions, edits and their preview."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.billing.conftest import Api

RULE: dict[str, Any] = {
    "earner": "referrer",
    "earnedOn": "payment",
    "amount": {"type": "share", "basisPoints": 2000},
    "settlesAs": "payout",
    "holdDays": 30,
}
RICH: dict[str, Any] = {
    **RULE,
    "paymentsMax": 24,
    "monthsMax": 12,
    "productRates": [{"productId": "prod_1", "amount": {"type": "share", "basisPoints": 0}}],
    "tiers": [{"atLeast": 100_000, "unit": "usd", "amount": {"type": "fixed", "value": 500, "unit": "usd"}}],
}


async def program(api: Api) -> str:
    body = {"enabled": True, "convertsOn": "payment", "rules": [RULE]}
    answer = await api.call("PUT", "/programs/partners", json=body)
    assert answer.status_code == 200, answer.text
    return "/programs/partners/terms"


async def test_an_edit_is_a_version_with_its_date(api: Api) -> None:
    path = await program(api)
    made = await api.call("POST", path, json={"rules": [RICH], "appliesTo": "from_date"})
    assert made.status_code == 201, made.text
    version = made.json()["version"]
    assert (version["version"], version["fromAt"]) == (2, "2026-03-30T12:00:01Z")
    (rule,) = version["rules"]
    assert (rule["monthsMax"], rule["productRates"], len(rule["tiers"])) == (12, RICH_PRODUCTS, 1)
    newcomers = await api.call("POST", path, json={"rules": [RULE], "appliesTo": "new_referrals"})
    assert newcomers.json()["version"]["fromAt"] is None
    listed = (await api.call("GET", path)).json()["versions"]
    assert [(each["version"], each["fromAt"] is None) for each in listed] == [(3, True), (2, False), (1, True)]


RICH_PRODUCTS = [
    {"productId": "prod_1", "amount": {"type": "share", "value": None, "unit": None, "basisPoints": 0}},
]


async def test_a_preview_changes_nothing(api: Api) -> None:
    path = await program(api)
    answer = await api.call("POST", f"{path}/preview", json={"rules": [RICH], "appliesTo": "from_date"})
    assert answer.status_code == 200, answer.text
    preview = answer.json()["preview"]
    assert (preview["payments"], preview["changed"], preview["totals"], preview["isComplete"]) == (0, 0, [], True)
    assert len((await api.call("GET", path)).json()["versions"]) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"appliesTo": "yesterday"}, "appliesTo"),
        ({"appliesTo": "from_date", "fromAt": "2026-03-29T00:00:00Z"}, "past"),
        ({"appliesTo": "from_date", "fromAt": "tomorrow"}, "ISO 8601"),
        ({"appliesTo": "from_date", "fromAt": "2026-04-01T00:00:00"}, "offset"),
        ({"fromAt": "2026-04-01T00:00:00Z"}, "from_date"),
        ({"rules": [{**RULE, "monthsMax": 0}]}, "monthsMax"),
        ({"rules": [{**RULE, "tiers": [{"atLeast": 0, "unit": "usd", "amount": RULE["amount"]}]}]}, "tier"),
        ({"rules": [{**RULE, "tiers": [{"atLeast": 5, "unit": "blue", "amount": RULE["amount"]}]}]}, "tier"),
        ({"rules": [{**RULE, "productRates": RICH["productRates"] * 2}]}, "productRates"),
        ({"rules": [{**RULE, "productRates": RICH["productRates"] * 51}]}, "50"),
        ({"rules": [{**RULE, "earnedOn": "conversion", "monthsMax": 1}]}, "share"),
        ({"rules": [5]}, "rules"),
        ({"rules": [RULE] * 11}, "rules"),
    ],
)
async def test_what_cannot_work_is_refused_in_plain_words(api: Api, changes: dict[str, Any], words: str) -> None:
    path = await program(api)
    answer = await api.call("POST", path, json={"rules": [RULE], "appliesTo": "new_referrals", **changes})
    assert answer.status_code == 400, answer.text
    assert words in answer.text
    assert len((await api.call("GET", path)).json()["versions"]) == 1


async def test_a_program_that_is_not_there_has_no_terms(api: Api) -> None:
    body = {"rules": [RULE], "appliesTo": "new_referrals"}
    for answer in (
        await api.call("GET", "/programs/nothing/terms"),
        await api.call("POST", "/programs/nothing/terms", json=body),
        await api.call("POST", "/programs/nothing/terms/preview", json=body),
    ):
        assert answer.status_code == 404, answer.text
