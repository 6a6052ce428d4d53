from __future__ import annotations

import asyncio
import re

from tests.api.referral.conftest import ReferralApi
from tests.logins import token


async def test_the_link_is_made_at_the_first_call_and_stays_the_same(referral: ReferralApi, jane: str) -> None:
    first, second = await referral.get("link", jane), await referral.get("link", jane)
    assert first.status_code == 200
    assert first.json() == second.json()
    data = first.json()["data"]
    assert re.fullmatch(r"[0-9A-F]{8}", data["code"])
    assert data["link"] == f"https://app.creatiq.com/login?ref={data['code']}"


async def test_first_calls_at_once_agree_on_one_code_and_one_customer(referral: ReferralApi, jane: str) -> None:
    answers = await asyncio.gather(*(referral.get("link", jane) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["code"] for answer in answers}) == 1
    customers = (await referral.app.client.get(f"{referral.app.path}/customers")).json()["customers"]
    assert [customer["email"] for customer in customers] == ["jane@example.com"]


async def test_a_newcomer_with_the_code_converts_and_the_owner_earns(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    answer = await referral.convert(code, "newuser@example.com")
    assert answer.status_code == 200
    customers = (await referral.app.client.get(f"{referral.app.path}/customers")).json()["customers"]
    assert answer.json() == {"success": True, "data": {"converted": True, "referrerId": customers[0]["id"]}}
    assert await referral.stats_of(jane) == {
        "totalReferrals": 1,
        "convertedReferrals": 1,
        "pendingReferrals": 0,
        "totalRewards": 5,
    }


async def test_twenty_identical_converts_at_once_give_exactly_five_credits(referral: ReferralApi, jane: str) -> None:
    code = await referral.code_of(jane)
    answers = await asyncio.gather(*(referral.convert(code, "newuser@example.com") for _ in range(20)))
    assert [answer.json()["data"]["converted"] for answer in answers].count(True) == 1
    assert (await referral.stats_of(jane))["totalRewards"] == 5
    customers = (await referral.app.client.get(f"{referral.app.path}/customers")).json()["customers"]
    wallet = await referral.app.client.get(f"{referral.app.path}/wallets/{customers[0]['id']}")
    assert wallet.status_code == 200, wallet.text
    assert '"ai_credits"' in wallet.text
    assert ":5" in wallet.text.replace(" ", "")


async def test_the_tokens_of_three_algorithms_are_taken(referral: ReferralApi) -> None:
    from tests.logins import ec_key, ed_key  # noqa: PLC0415 - beside its use

    codes = [
        await referral.code_of(token()),
        await referral.code_of(token(ec_key(), alg="ES256", kid="ec")),
        await referral.code_of(token(ed_key(), alg="EdDSA", kid="ed")),
    ]
    assert len(set(codes)) == 1
