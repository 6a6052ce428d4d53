"""The referral API's page: its examples are answered as printed, its OpenAPI document is valid and says the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from billfold.entrypoints.api.referral.document import document
from tests.api.referral.conftest import ReferralApi
from tests.app_fixtures import BASE_URL, RunningBillfold
from tests.house.reference import read_examples
from tests.house.sources import ROOT, text
from tests.logins import token

PAGE = ROOT / "docs" / "api" / "referral.md"
_SETTLED_RULES = 17


@pytest.fixture
async def referral(billfold_app: RunningBillfold) -> ReferralApi:
    api = ReferralApi(billfold_app)
    await api.put_login()
    await api.put_program()
    return api


async def test_every_example_of_the_page_is_answered_as_printed(referral: ReferralApi) -> None:
    code = await referral.code_of(token())
    for each in read_examples(text(PAGE)):
        headers = (
            {**each.headers, "Authorization": f"Bearer {token()}"} if "Authorization" in each.headers else each.headers
        )
        body = None if each.body is None else each.body.replace("A1B2C3D4", code)
        url = each.url.replace(BASE_URL, "")
        answer = await referral.app.anonymous.request(each.method, url, headers=headers, content=body)
        assert answer.status_code == each.status, answer.text
        assert _masked(answer.text.replace(code, "A1B2C3D4")) == _masked(json.dumps(each.answer))


def _masked(answer: str) -> Any:
    return json.loads(re.sub(r'"pc_\w+"', '"pc_"', answer))


def test_the_page_states_every_settled_rule() -> None:
    stated = re.findall(r"^\| \*\*B(\d+)\*\* \|", text(PAGE), re.MULTILINE)
    assert stated == [str(number) for number in range(1, _SETTLED_RULES + 1)]


async def test_the_document_is_served_and_valid(referral: ReferralApi) -> None:
    answer = await referral.get("openapi.json")
    assert answer.status_code == 200
    assert answer.content == document()
    validate(answer.json())
    assert list(answer.json()["paths"]) == ["/link", "/convert", "/stats"]
