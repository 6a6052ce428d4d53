"""Names and notes that mean something to somebody else: to a browser, to a spreadsheet (SCENARIOS G4)."""

from __future__ import annotations

import csv
import io
from typing import Final

import pytest

from billfold.entrypoints.web.console.lists import cell
from tests.console.conftest import Console

_HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}",
    "</title><script>alert(1)</script>",
)
_FORMULAS: Final = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc")  # noqa: RUF001 - wide forms


@pytest.mark.parametrize("name", _HOSTILE)
async def test_a_hostile_name_is_only_text_on_every_page(console: Console, name: str) -> None:
    await console.call(
        "PUT", "/referrals/config", {"enabled": True, "referrerCreditAmount": 1, "refereeCreditAmount": 1}
    )
    product = (await console.call("POST", "/products", {"name": name, "description": name}))["product"]
    price = {"unitAmount": 100, "interval": "month", "nickname": name}
    await console.call("POST", f"/products/{product['id']}/prices", price)
    person = {"email": "jane@example.com", "name": name, "metadata": {"note": name}}
    customer = (await console.call("POST", "/customers", person))["customer"]
    friend = (await console.call("POST", "/customers", {"email": "finn@example.com", "name": name}))["customer"]
    code = (await console.call("POST", "/referrals/codes", {"customerId": customer["id"]}))["code"]["code"]
    claim = {"code": code, "refereeCustomerId": friend["id"]}
    referral = (await console.call("POST", "/referrals/apply", claim))["referral"]
    owner = await console.sign_in()
    await owner.get(console.home)
    await owner.post(f"{console.home}/settings/name", {"name": name})
    for page in (
        "",
        "/customers",
        f"/customers/{customer['id']}",
        f"/customers/{customer['id']}/edit",
        f"/customers/{customer['id']}/deletion",
        "/catalog",
        f"/catalog/{product['id']}",
        f"/catalog/{product['id']}/archiving",
        "/referrals",
        f"/referrals/{referral['id']}",
        "/settings",
        f"/customers?q={name}",
    ):
        answer = await owner.get(f"{console.home}{page}")
        assert answer.status_code == 200, page
        for broken in ("<script>alert", "<img src=x", "<svg/onload", "7 * 7 = 49"):
            assert broken not in answer.text, page
        assert "alert(1)" not in answer.text or "&lt;" in answer.text or "&#" in answer.text


@pytest.mark.parametrize("text", _FORMULAS)
def test_a_cell_never_begins_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize("value", ["Jane", "jane@example.com", "1 = 1", "", "a-b"])
def test_an_ordinary_cell_is_left_alone(value: str) -> None:
    assert cell(value) == value


def test_a_number_of_ours_stays_a_number() -> None:
    assert cell(-5) == "-5"


async def test_an_exported_list_is_safe_in_a_spreadsheet(console: Console) -> None:
    for number, formula in enumerate(("=cmd|'/C calc'!A0", "+1", "-1", "@x")):
        await console.call("POST", "/customers", {"email": f"p{number}@example.com", "name": formula})
    await console.call("POST", "/customers", {"email": "=1+1@example.com", "name": "x"})
    owner = await console.sign_in()
    answer = await owner.get(f"{console.home}/customers?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="customers.csv"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) == 6
    for row in rows:
        assert not any(each.startswith(("=", "+", "-", "@", "\t")) for each in row), row
