"""`…/wallets/{customerId}` and `…/wallet-settings`."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from billfold.domain.ledger.wallets import LARGEST_WALLET
from billfold.domain.tenancy.audit_log import audit_rows
from billfold.domain.wallets.audit import audit_wallets
from billfold.domain.wallets.grants import Grant, add_grants
from tests.api.billing.conftest import Api

UNIT = "ai_credits"


@pytest.fixture
async def jane(api: Api) -> str:
    customer = await api.make_customer()
    return str(customer["id"])


async def grant(api: Api, customer_id: str, amount: int = 5, key: str = "g1", **fields: Any) -> httpx.Response:
    return await api.post(f"/wallets/{customer_id}/grant", {"unit": UNIT, "amount": amount, "key": key, **fields})


async def spend(api: Api, customer_id: str, amount: int = 2, key: str = "s1", **fields: Any) -> httpx.Response:
    return await api.post(f"/wallets/{customer_id}/spend", {"unit": UNIT, "amount": amount, "key": key, **fields})


async def wallets(api: Api, customer_id: str) -> list[dict[str, Any]]:
    answer = await api.get(f"/wallets/{customer_id}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["wallets"]
    return found


async def test_credits_are_granted_shown_and_spent(api: Api, jane: str) -> None:
    answer = await grant(api, jane)
    assert answer.status_code == 201
    assert answer.json()["grant"] == {
        "id": answer.json()["grant"]["id"],
        "customerId": jane,
        "unit": UNIT,
        "amount": 5,
        "key": "g1",
        "expiresAt": None,
        "createdAt": answer.json()["grant"]["createdAt"],
    }
    assert await wallets(api, jane) == [{"unit": UNIT, "balance": 5, "allowance": None, "nextExpiry": None}]
    answer = await spend(api, jane)
    assert answer.status_code == 200
    spent = answer.json()["spend"]
    assert spent == {
        "id": spent["id"],
        "customerId": jane,
        "unit": UNIT,
        "amount": 2,
        "fromAllowance": 0,
        "balance": 3,
        "allowanceLeft": 0,
        "key": "s1",
        "createdAt": spent["createdAt"],
    }


async def test_a_customer_without_credits_has_no_wallet_yet(api: Api, jane: str) -> None:
    assert await wallets(api, jane) == []


async def test_what_does_not_suffice_is_402_with_what_there_is(api: Api, jane: str) -> None:
    await grant(api, jane)
    answer = await spend(api, jane, 6)
    assert answer.status_code == 402
    body = answer.json()
    assert body == {"error": body["error"], "unit": UNIT, "balance": 5, "allowanceLeft": 0}
    assert "6 ai_credits" in body["error"]
    assert (await spend(api, jane, 5)).status_code == 200


async def test_the_same_spend_gets_the_same_answer_and_another_one_409(api: Api, jane: str) -> None:
    await grant(api, jane)
    first = await spend(api, jane)
    await grant(api, jane, 100, "g2")
    api.clock.advance(timedelta(days=60))
    again = await spend(api, jane)
    assert (again.status_code, again.content) == (200, first.content)
    other = await spend(api, jane, 3)
    assert (other.status_code, list(other.json())) == (409, ["error"])
    assert (await wallets(api, jane))[0]["balance"] == 103


async def test_the_same_grant_gets_the_same_answer_and_another_one_409(api: Api, jane: str) -> None:
    expiry: dict[str, Any] = {"expiresAt": "2027-01-31T00:00:00Z"}
    first = await grant(api, jane, **expiry)
    await spend(api, jane)
    api.clock.advance(timedelta(days=500))
    again = await grant(api, jane, **expiry)
    assert (again.status_code, again.content) == (201, first.content)
    for changed in ({"amount": 6, **expiry}, {"expiresAt": "2027-01-31T00:00:01Z"}, {}, {"unit": "gb", **expiry}):
        assert (await grant(api, jane, **changed)).status_code == 409


async def test_an_idempotency_key_is_honoured_beside_the_key_of_the_body(api: Api, jane: str) -> None:
    header = {"Idempotency-Key": "once"}
    body = {"unit": UNIT, "amount": 5, "key": "g1"}
    first = await api.post(f"/wallets/{jane}/grant", body, headers=header)
    again = await api.post(f"/wallets/{jane}/grant", body, headers=header)
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    lack = await api.post(f"/wallets/{jane}/spend", {**body, "amount": 9}, headers={"Idempotency-Key": "more"})
    assert lack.status_code == 402
    spent = await api.post(f"/wallets/{jane}/spend", body, headers={"Idempotency-Key": "spend"})
    replayed = await api.post(f"/wallets/{jane}/spend", body, headers={"Idempotency-Key": "spend"})
    assert (spent.status_code, replayed.content) == (200, spent.content)
    assert (await wallets(api, jane))[0]["balance"] == 0


async def test_the_free_allowance_is_drawn_first_and_renews_with_the_month(api: Api, jane: str) -> None:
    answer = await api.call("PUT", "/wallet-settings", json={"unit": UNIT, "monthlyAllowance": 5})
    assert answer.status_code == 200
    (setting,) = answer.json()["settings"]
    assert (setting["unit"], setting["monthlyAllowance"]) == (UNIT, 5)
    assert (await api.get("/wallet-settings")).json() == answer.json()
    await grant(api, jane)
    assert (await spend(api, jane, 7)).json()["spend"]["fromAllowance"] == 5
    (wallet,) = await wallets(api, jane)
    assert (wallet["balance"], wallet["allowance"]["monthly"], wallet["allowance"]["left"]) == (3, 5, 0)
    api.clock.advance(timedelta(days=31))
    (wallet,) = await wallets(api, jane)
    assert wallet["allowance"]["left"] == 5
    assert wallet["allowance"]["renewsAt"].endswith("-01T00:00:00Z")
    (row,) = [row for row in await api.services.db.read(audit_rows, api.house.team_id) if row.subject == UNIT]
    assert (row.action, row.details) == ("wallet_settings.changed", {"monthly_allowance": 5})


async def test_what_expires_is_announced_and_then_gone(api: Api, jane: str) -> None:
    ends = api.clock.now() + timedelta(days=1)
    await grant(api, jane, expiresAt=ends.isoformat())
    (wallet,) = await wallets(api, jane)
    assert wallet["nextExpiry"]["amount"] == 5
    api.clock.advance(timedelta(days=1))
    assert await wallets(api, jane) == [{"unit": UNIT, "balance": 0, "allowance": None, "nextExpiry": None}]
    assert (await spend(api, jane, 1)).status_code == 402


async def test_entries_are_the_lines_of_the_ledger_newest_first(api: Api, jane: str) -> None:
    await grant(api, jane)
    await spend(api, jane)
    everything = (await api.get(f"/wallets/{jane}/entries", params={"unit": UNIT})).json()["entries"]
    assert [(line["kind"], line["change"], line["sourceId"]) for line in everything] == [
        ("spend", -2, "s1"),
        ("credit", 5, "g1"),
    ]
    page = {"unit": UNIT, "limit": "1", "offset": "1"}
    assert (await api.get(f"/wallets/{jane}/entries", params=page)).json()["entries"] == everything[1:]
    assert (await api.get(f"/wallets/{jane}/entries", params={"unit": "gb"})).json() == {"entries": []}


@pytest.mark.parametrize("query", [{}, {"unit": ""}, {"unit": "usd"}, {"unit": UNIT, "limit": "0"}])
async def test_entries_of_no_unit_or_no_page_are_400(api: Api, jane: str, query: dict[str, str]) -> None:
    answer = await api.get(f"/wallets/{jane}/entries", params=query)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit", None), ("unit", 5), ("unit", ""), ("unit", "usd"), ("unit", "AI"), ("unit", "x" * 33),
        ("amount", None), ("amount", 0), ("amount", -1), ("amount", 1.5), ("amount", "5"), ("amount", True),
        ("amount", LARGEST_WALLET + 1), ("amount", 10**30),
        ("key", None), ("key", ""), ("key", "x" * 201), ("key", 5), ("key", "a\0b"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["spend", "grant"])
async def test_a_field_that_is_wrong_is_400_and_named(
    api: Api, jane: str, verb: str, field: str, value: object
) -> None:
    body = {"unit": UNIT, "amount": 5, "key": "a", field: value}
    answer = await api.post(f"/wallets/{jane}/{verb}", body)
    assert (answer.status_code, answer.json()["error"].split()[0]) == (400, field), answer.text
    del body[field]
    answer = await api.post(f"/wallets/{jane}/{verb}", body)
    assert (answer.status_code, answer.json()["error"].startswith(f"{field} is required")) == (400, True)


@pytest.mark.parametrize(
    "value", ["", "soon", "2027-01-31", "2027-01-31T00:00:00", 5, "2020-01-31T00:00:00Z", "9" * 99]
)
async def test_an_expiry_that_is_no_moment_ahead_is_400(api: Api, jane: str, value: object) -> None:
    answer = await grant(api, jane, expiresAt=value)
    assert (answer.status_code, answer.json()["error"].startswith("expiresAt must be")) == (400, True), answer.text
    assert await wallets(api, jane) == []


@pytest.mark.parametrize("value", [None, -1, 1.5, "5", LARGEST_WALLET + 1])
async def test_an_allowance_that_is_no_amount_is_400(api: Api, value: object) -> None:
    answer = await api.call("PUT", "/wallet-settings", json={"unit": UNIT, "monthlyAllowance": value})
    assert (answer.status_code, answer.json()["error"].split()[0]) == (400, "monthlyAllowance")


async def test_a_project_has_a_hundred_units_at_most(api: Api) -> None:
    for number in range(100):
        answer = await api.call("PUT", "/wallet-settings", json={"unit": f"unit_{number}", "monthlyAllowance": 1})
        assert answer.status_code == 200
    answer = await api.call("PUT", "/wallet-settings", json={"unit": "one_more", "monthlyAllowance": 1})
    assert answer.status_code == 409
    assert len((await api.get("/wallet-settings")).json()["settings"]) == 100


@pytest.mark.parametrize("customer_id", ["pc_none", "x", "pc_00000000000000000000"])
async def test_nobody_s_wallet_is_404(api: Api, customer_id: str) -> None:
    for answer in (
        await api.get(f"/wallets/{customer_id}"),
        await api.get(f"/wallets/{customer_id}/entries", params={"unit": UNIT}),
        await grant(api, customer_id),
        await spend(api, customer_id),
    ):
        assert (answer.status_code, answer.json()) == (404, {"error": "Customer not found"})


async def test_a_deleted_customer_s_wallet_is_404_but_what_was_answered_stays(api: Api, jane: str) -> None:
    await grant(api, jane)
    first = await spend(api, jane)
    await api.delete(f"/customers/{jane}")
    assert (await api.get(f"/wallets/{jane}")).status_code == 404
    assert (await grant(api, jane, 5, "g2")).status_code == 404
    assert (await spend(api, jane, 1, "s2")).status_code == 404
    assert (await spend(api, jane)).content == first.content
    assert await api.services.db.snapshot(audit_wallets) == []


async def test_twenty_spend_at_once_through_the_door_and_nothing_is_lost(api: Api, jane: str) -> None:
    await grant(api, jane, 100)
    answers = await asyncio.gather(*(spend(api, jane, 7, f"s{number}") for number in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 14 + [402] * 6
    assert sorted(each.json()["spend"]["balance"] for each in answers if each.status_code == 200) == list(
        range(2, 100, 7)
    )
    assert (await wallets(api, jane))[0]["balance"] == 2


async def test_a_reward_in_a_wallet_is_spent_like_any_other_credit(api: Api, jane: str) -> None:
    at = api.clock.now()
    reward = Grant(api.house.project_id, jane, UNIT, 5, "reward:rw_1", "reward", "rw_1", None, at)
    await api.services.db.write(add_grants, [reward])
    # The key is taken in the project, whoever took it.
    assert (await grant(api, jane, 5, "reward:rw_1")).status_code == 409
    assert (await spend(api, jane, 5)).json()["spend"]["balance"] == 0
