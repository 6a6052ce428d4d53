"""`…/referrals/…`: contract section 3.8, G29 to G32; SCENARIOS C1, C9, D5."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from billfold.domain.referrals.reconciliation import convert_referrals
from tests.api.billing.conftest import Api

CONFIG = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}


async def put(api: Api, **changes: Any) -> Any:
    return await api.call("PUT", "/referrals/config", json={**CONFIG, **changes})


async def make_code(api: Api, email: str = "owner@example.com") -> dict[str, Any]:
    owner = await api.make_customer(email)
    answer = await api.post("/referrals/codes", {"customerId": owner["id"]})
    assert answer.status_code == 201, answer.text
    code: dict[str, Any] = answer.json()["code"]
    return code


async def apply(api: Api, code: str, customer: str, **options: Any) -> Any:
    return await api.post("/referrals/apply", {"code": code, "refereeCustomerId": customer}, **options)


async def test_settings_that_were_never_set_are_disabled_and_zero(api: Api) -> None:
    answer = await api.get("/referrals/config")
    assert answer.json() == {
        "config": {
            "enabled": False,
            "referrerCreditAmount": 0,
            "refereeCreditAmount": 0,
            "currency": "usd",
            "projectId": api.house.project_id,
        }
    }


async def test_settings_are_answered_as_they_were_put(api: Api) -> None:
    expected = {"config": {**CONFIG, "projectId": api.house.project_id}}
    answer = await put(api)
    assert (answer.status_code, answer.json()) == (200, expected)
    assert (await api.get("/referrals/config")).json() == expected
    without_currency = {key: value for key, value in CONFIG.items() if key != "currency"}
    await put(api, currency="jpy")
    assert (await api.get("/referrals/config")).json()["config"]["currency"] == "jpy"
    await api.call("PUT", "/referrals/config", json=without_currency)
    assert (await api.get("/referrals/config")).json()["config"]["currency"] == "usd"


@pytest.mark.parametrize("amount", ["-1", "1.5", '"100"', "true", "null", "NaN", "1e3", "9007199254740993",
                                    "9223372036854775807", "9223372036854775808", "1" + "0" * 30, "1000001", "[]"])  # fmt: skip
@pytest.mark.parametrize("field", ["referrerCreditAmount", "refereeCreditAmount"])
async def test_d5_an_amount_that_is_no_whole_number_up_to_a_million_is_400(api: Api, field: str, amount: str) -> None:
    fields = {**CONFIG, field: "?"}
    body = str(fields).replace("'", '"').replace("True", "true").replace('"?"', amount)
    answer = await api.call("PUT", "/referrals/config", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["error"]
    assert (await api.get("/referrals/config")).json()["config"]["enabled"] is False


@pytest.mark.parametrize("currency", ["", "us", "xxx", "dollar", "USD ", 1, None, "u\x00d"])
async def test_an_unknown_currency_is_400(api: Api, currency: object) -> None:
    assert (await put(api, currency=currency)).status_code == 400


@pytest.mark.parametrize("currency", ["eur", "jpy", "kwd", "isk"])
async def test_d3_currencies_without_and_with_three_decimals_are_known(api: Api, currency: str) -> None:
    assert (await put(api, currency=currency)).json()["config"]["currency"] == currency


@pytest.mark.parametrize("missing", ["enabled", "referrerCreditAmount", "refereeCreditAmount"])
async def test_every_setting_but_the_currency_is_required(api: Api, missing: str) -> None:
    body = {key: value for key, value in CONFIG.items() if key != missing}
    answer = await api.call("PUT", "/referrals/config", json=body)
    assert answer.status_code == 400
    assert missing in answer.json()["error"]


async def test_a_code_is_made_once_and_comes_back_active(api: Api) -> None:
    code = await make_code(api)
    assert set(code) == {"code", "customerId", "projectId", "isActive", "createdAt"}
    assert (code["projectId"], code["isActive"], code["createdAt"]) == (
        api.house.project_id,
        True,
        "2026-03-30T12:00:00Z",
    )
    again = await api.post("/referrals/codes", {"customerId": code["customerId"]})
    assert (again.status_code, again.json()) == (200, {"code": code})
    gone = await api.delete(f"/referrals/codes/{code['code'].lower()}")
    assert (gone.status_code, gone.json()) == (200, {"success": True})
    assert (await api.delete(f"/referrals/codes/{code['code']}")).status_code == 200
    assert (await api.get(f"/referrals/codes/{code['code']}")).json()["code"]["isActive"] is False
    back = await api.post("/referrals/codes", {"customerId": code["customerId"]})
    assert (back.status_code, back.json()) == (200, {"code": code})


async def test_c3_a_code_with_a_limit_brings_so_many(api: Api) -> None:
    await put(api)
    owner = await api.make_customer("owner@example.com")
    made = await api.post("/referrals/codes", {"customerId": owner["id"], "maxUses": 1})
    code = made.json()["code"]
    assert (made.status_code, code["maxUses"]) == (201, 1)
    kept = await api.post("/referrals/codes", {"customerId": owner["id"]})
    assert (kept.status_code, kept.json()["code"]["maxUses"]) == (200, 1)

    async def claim(email: str) -> Any:
        friend = await api.make_customer(email)
        return await api.post("/referrals/apply", {"code": code["code"], "refereeCustomerId": friend["id"]})

    assert (await claim("first@example.com")).status_code == 201
    second = await claim("second@example.com")
    assert (second.status_code, second.json()) == (
        400,
        {"error": "This referral code has been used as often as it may be."},
    )
    shown = (await api.get(f"/referrals/codes/{code['code']}")).json()["code"]
    assert (shown["maxUses"], len(shown["referrals"])) == (1, 1)
    free = await api.post("/referrals/codes", {"customerId": owner["id"], "maxUses": None})
    assert "maxUses" not in free.json()["code"]
    assert (await claim("third@example.com")).status_code == 201
    for wrong in (0, -1, 1.5, "2", True, 100_001):
        assert (await api.post("/referrals/codes", {"customerId": owner["id"], "maxUses": wrong})).status_code == 400


async def test_twenty_requests_at_once_make_one_code(api: Api) -> None:
    owner = await api.make_customer()
    answers = await asyncio.gather(*(api.post("/referrals/codes", {"customerId": owner["id"]}) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [*[200] * 19, 201]
    assert len({answer.json()["code"]["code"] for answer in answers}) == 1


async def test_codes_are_listed_newest_first_by_customer_and_by_activity(api: Api) -> None:
    made = []
    for number in range(3):
        api.clock.advance(timedelta(seconds=1))
        made.append(await make_code(api, f"owner{number}@example.com"))
    await api.delete(f"/referrals/codes/{made[1]['code']}")
    made[1]["isActive"] = False

    async def listed(query: str) -> list[Any]:
        answer = await api.get(f"/referrals/codes{query}")
        assert answer.status_code == 200, answer.text
        codes: list[Any] = answer.json()["codes"]
        return codes

    assert await listed("") == [made[2], made[0]]
    assert await listed("?activeOnly=false") == [made[2], made[1], made[0]]
    assert await listed("?activeOnly=false&limit=1&offset=1") == [made[1]]
    assert await listed(f"?customerId={made[0]['customerId']}") == [made[0]]
    assert await listed(f"?customerId={made[1]['customerId']}") == []
    assert await listed(f"?customerId={made[1]['customerId']}&activeOnly=false") == [made[1]]
    for bad in ("?activeOnly=yes", "?limit=0", "?offset=-1"):
        assert (await api.get(f"/referrals/codes{bad}")).status_code == 400
    assert (await api.get("/referrals/codes?customerId=pc_nobody")).status_code == 404


async def test_a_claim_is_answered_as_printed_and_stands_in_the_history(api: Api) -> None:
    await put(api)
    code, friend = await make_code(api), await api.make_customer("friend@example.com")
    api.clock.advance(timedelta(seconds=5))
    answer = await apply(api, f" {code['code'].lower()} ", friend["id"])
    assert answer.status_code == 201
    referral = answer.json()["referral"]
    assert referral["id"].startswith("ref_")
    assert referral == {
        "id": referral["id"],
        "code": code["code"],
        "referrerCustomerId": code["customerId"],
        "refereeCustomerId": friend["id"],
        "status": "pending",
        "createdAt": "2026-03-30T12:00:05Z",
    }
    history = (await api.get(f"/referrals/codes/{code['code']}")).json()
    assert history == {"code": {**code, "referrals": [{**referral, "convertedAt": None, "credits": []}]}}


async def test_the_history_shows_what_became_of_the_credits(api: Api) -> None:
    await put(api)
    code, friend = await make_code(api), await api.make_customer("friend@example.com")
    await apply(api, code["code"], friend["id"])
    await api.services.db.write(
        convert_referrals,
        team_id=api.house.team_id,
        project_id=api.house.project_id,
        referee_id=friend["id"],
        occasion="subscription",
        now=api.clock.now(),
    )
    (referral,) = (await api.get(f"/referrals/codes/{code['code']}")).json()["code"]["referrals"]
    assert (referral["status"], referral["convertedAt"]) == ("converted", "2026-03-30T12:00:00Z")
    credit = {"currency": "usd", "status": "available", "failureReason": None}
    assert referral["credits"] == [
        {"customerId": code["customerId"], "amount": 1000, **credit},
        {"customerId": friend["id"], "amount": 500, **credit},
    ]


async def test_who_cannot_be_referred_is_told_why(api: Api) -> None:
    code, friend = await make_code(api), await api.make_customer("friend@example.com")
    disabled = await apply(api, code["code"], friend["id"])
    assert (disabled.status_code, "disabled" in disabled.json()["error"]) == (400, True)
    await put(api)
    assert (await apply(api, "ZZZZZZZZ", friend["id"])).status_code == 404
    assert (await apply(api, code["code"], "pc_nobody")).status_code == 404
    assert (await apply(api, code["code"], code["customerId"])).status_code == 400
    alias = await api.make_customer("o.w.n.e.r+me@example.com")
    assert (await apply(api, code["code"], alias["id"])).status_code == 400
    assert (await apply(api, code["code"], friend["id"])).status_code == 201
    assert (await apply(api, code["code"], friend["id"])).status_code == 409
    theirs = (await api.post("/referrals/codes", {"customerId": friend["id"]})).json()["code"]
    assert (await apply(api, theirs["code"], code["customerId"])).status_code == 409
    subscriber = await api.make_customer("subscriber@example.com")
    await api.make_subscription(subscriber)
    assert (await apply(api, code["code"], subscriber["id"])).status_code == 409
    late = await api.make_customer("late@example.com")
    await api.delete(f"/referrals/codes/{code['code']}")
    assert (await apply(api, code["code"], late["id"])).status_code == 400


@pytest.mark.parametrize("body", [{}, {"code": "A"}, {"refereeCustomerId": "pc_1"}, {"code": 1, "refereeCustomerId": "x"},
                                  {"code": None, "refereeCustomerId": None}, {"code": "", "refereeCustomerId": ""}])  # fmt: skip
async def test_a_claim_without_its_two_texts_is_400(api: Api, body: object) -> None:
    assert (await api.post("/referrals/apply", body)).status_code == 400


async def test_c1_twenty_claims_at_once_make_one_referral(api: Api) -> None:
    await put(api)
    code, friend = await make_code(api), await api.make_customer("friend@example.com")
    answers = await asyncio.gather(*(apply(api, code["code"], friend["id"]) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 19]
    assert len((await api.get(f"/referrals/codes/{code['code']}")).json()["code"]["referrals"]) == 1


async def test_c9_a_claim_repeated_under_its_key_gets_the_same_answer(api: Api) -> None:
    await put(api)
    code, friend = await make_code(api), await api.make_customer("friend@example.com")
    headers = {"Idempotency-Key": "claim-1"}
    answers = await asyncio.gather(*(apply(api, code["code"], friend["id"], headers=headers) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    other = await api.make_customer("other@example.com")
    assert (await apply(api, code["code"], other["id"], headers=headers)).status_code == 409


async def test_f1_codes_and_customers_of_another_project_do_not_exist(api: Api) -> None:
    await put(api)
    code, friend = await make_code(api), await api.make_customer("friend@example.com")
    elsewhere = f"/teams/{api.house.team_id}/projects/{api.house.other_project_id}"
    headers = {"Authorization": f"Bearer {api.key}"}
    for method, path, body in (
        ("GET", f"/referrals/codes/{code['code']}", None),
        ("DELETE", f"/referrals/codes/{code['code']}", None),
        ("GET", f"/referrals/codes?customerId={friend['id']}", None),
        ("POST", "/referrals/codes", {"customerId": friend["id"]}),
        ("POST", "/referrals/apply", {"code": code["code"], "refereeCustomerId": friend["id"]}),
    ):
        answer = await api.client.request(method, elsewhere + path, headers=headers, json=body)
        assert answer.status_code == 404, (method, path)
    assert (await api.get(f"/referrals/codes/{code['code']}")).json()["code"]["isActive"] is True


@pytest.mark.parametrize("code", ["%00", "%F0%9F%8E%81", "A" * 300, "..", "%20"])
async def test_what_can_be_no_code_is_404(api: Api, code: str) -> None:
    assert (await api.get(f"/referrals/codes/{code}")).status_code == 404
