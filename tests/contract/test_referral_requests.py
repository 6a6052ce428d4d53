"""Every request that the published referral page (003) prints, sent as printed, is answered as printed; and contract section 11.

An id stands for any id, a code for any code of that form; everything else for itself, key order included.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, Final

import pytest

from tests.api.referral.conftest import ReferralApi
from tests.app_fixtures import RunningBillfold
from tests.logins import token

PRINTED_LINK: Final = '{"success":true,"data":{"code":"A1B2C3D4","link":"https://app.creatiq.com/login?ref=A1B2C3D4"}}'
PRINTED_CONVERT: Final = '{"success":true,"data":{"converted":true,"referrerId":"referrer-uuid"}}'
PRINTED_INVALID: Final = '{"success":true,"data":{"converted":false,"referrerId":null}}'
PRINTED_STATS: Final = (
    '{"success":true,"data":{"totalReferrals":10,"convertedReferrals":6,"pendingReferrals":4,"totalRewards":30}}'
)
UNAUTHORIZED: Final = '{"success":false,"error":"Unauthorized"}'
_HEADERS: Final = {"content-type": "application/json"}


@pytest.fixture
async def referral(billfold_app: RunningBillfold) -> ReferralApi:
    """A project with a login of its own and the published program."""
    api = ReferralApi(billfold_app)
    await api.put_login()
    await api.put_program()
    return api


def _as_printed(text: str, *, code: str = "A1B2C3D4") -> str:
    """Put the page's own examples in place of a code and an id."""
    return re.sub(r'"pc_\w+"', '"referrer-uuid"', text.replace(code, "A1B2C3D4"))


async def _convert(referral: ReferralApi, code: str, email: str) -> str:
    body = f'{{\n  "referralCode": {json.dumps(code)},\n  "email": {json.dumps(email)}\n}}'
    answer = await referral.app.anonymous.post("/api/referral/convert", content=body, headers=_HEADERS)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.text


async def _stats(referral: ReferralApi) -> dict[str, Any]:
    return await referral.stats_of(token())


async def test_get_link(referral: ReferralApi) -> None:
    first, second = await referral.get("link", token()), await referral.get("link", token())
    code = first.json()["data"]["code"]
    assert re.fullmatch(r"[0-9A-F]{8}", code)
    assert first.text == second.text
    assert _as_printed(first.text, code=code) == PRINTED_LINK


async def test_post_convert_and_get_stats(referral: ReferralApi) -> None:
    code = await referral.code_of(token())
    answered = await _convert(referral, code, "newuser@example.com")
    assert _as_printed(answered) == PRINTED_CONVERT
    customers = (await referral.app.client.get(f"{referral.app.path}/customers")).json()["customers"]
    assert json.loads(answered)["data"]["referrerId"] == customers[0]["id"]
    answer = await referral.get("stats", token())
    assert list(answer.json()["data"]) == list(json.loads(PRINTED_STATS)["data"])
    assert answer.text == (
        '{"success":true,"data":{"totalReferrals":1,"convertedReferrals":1,"pendingReferrals":0,"totalRewards":5}}'
    )


async def test_the_printed_request_without_a_referrer_is_answered_as_an_invalid_code(referral: ReferralApi) -> None:
    assert await _convert(referral, "A1B2C3D4", "newuser@example.com") == PRINTED_INVALID


async def test_the_same_address_again_and_the_owners_own_leave_the_stats_as_they_were(referral: ReferralApi) -> None:
    code = await referral.code_of(token())
    await _convert(referral, code, "newuser@example.com")
    before = await _stats(referral)
    assert await _convert(referral, code, "newuser@example.com") == PRINTED_INVALID
    assert await _convert(referral, code, "jane@example.com") == PRINTED_INVALID
    assert await _stats(referral) == before


@pytest.mark.parametrize(
    ("code", "email"),
    [("", "newuser@example.com"), ("A" * 21, "newuser@example.com"), ("A1B2C3D4", "bad"), ("A1B2C3D4", "")],
)
async def test_a_validation_failure_begins_as_printed(referral: ReferralApi, code: str, email: str) -> None:
    answer = await referral.convert(code, email)
    assert answer.status_code == 400
    assert answer.text.startswith('{"success":false,"error":"Validation error: ')


async def test_link_and_stats_without_a_token_are_answered_401(referral: ReferralApi) -> None:
    for name in ("link", "stats"):
        answer = await referral.get(name)
        assert (answer.status_code, answer.text) == (401, UNAUTHORIZED)


async def test_twenty_identical_converts_at_once_are_exactly_five_credits(referral: ReferralApi) -> None:
    code = await referral.code_of(token())
    answered = await asyncio.gather(*(_convert(referral, code, "newuser@example.com") for _ in range(20)))
    assert sorted(map(_as_printed, answered)) == [PRINTED_INVALID] * 19 + [PRINTED_CONVERT]
    assert (await _stats(referral))["totalRewards"] == 5
