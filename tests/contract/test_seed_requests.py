"""Every request that the published pages print, sent as printed, is answered as printed (issue section 8.4).

The pages are the overview (001), the customers (004) and the referrals (000). In an answer an id stands for any id with
its prefix, a time for any time of that form, everything else for itself. An answer may hold more fields than were printed
(the page itself leaves `updatedAt` out of one sample).
"""

from __future__ import annotations

import re
from typing import Any, Final

import httpx
import pytest

from tests.app_fixtures import RunningBillfold

_ID: Final = re.compile(r"(pc|pp|pri|ps|ref|proj|cus)_\w+")
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_CODE: Final = re.compile(r"[A-Z0-9]{8}")

CUSTOMER: Final = {
    "id": "pc_a1b2c3d4",
    "email": "jane@example.com",
    "name": "Jane Doe",
    "stripeCustomerId": "cus_xxx",
    "metadata": {"plan": "pro"},
    "projectId": "proj_abc123",
    "createdAt": "2026-03-30T12:00:00Z",
}
CUSTOMER_LATER: Final = {**CUSTOMER, "updatedAt": "2026-03-30T12:00:00Z"}
CODE: Final = {
    "code": "A1B2C3D4",
    "customerId": "pc_xxx",
    "projectId": "proj_abc123",
    "isActive": True,
    "createdAt": "2026-03-30T12:00:00Z",
}
NEW: Final = {"email": "jane@example.com", "name": "Jane Doe", "metadata": {"plan": "pro"}}
CONFIG: Final = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}


def assert_as_printed(answered: Any, printed: Any) -> None:
    if isinstance(printed, dict):
        assert isinstance(answered, dict)
        for key, value in printed.items():
            assert key in answered, f"{key} is missing"
            assert_as_printed(answered[key], value)
    elif isinstance(printed, list):
        assert isinstance(answered, list)
        assert len(answered) == len(printed)
        for one, other in zip(answered, printed, strict=True):
            assert_as_printed(one, other)
    elif isinstance(printed, str) and _ID.fullmatch(printed):
        assert re.fullmatch(printed.partition("_")[0] + r"_\w+", answered), answered
    elif isinstance(printed, str) and _TIME.fullmatch(printed):
        assert _TIME.fullmatch(answered), answered
    elif printed == CODE["code"]:
        assert _CODE.fullmatch(answered), answered
    else:
        assert type(answered) is type(printed)
        assert answered == printed


async def send(app: RunningBillfold, method: str, path: str, body: object = None, **options: Any) -> httpx.Response:
    """Send a request as the page prints it: a Bearer key, and JSON with its content type."""
    if body is not None:
        options["json"] = body
    return await app.client.request(method, app.path + path, **options)


async def make_customer(app: RunningBillfold, body: object = NEW) -> str:
    answer = await send(app, "POST", "/customers", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["customer"]["id"])


async def test_004_create_customer(billfold_app: RunningBillfold) -> None:
    answer = await send(billfold_app, "POST", "/customers", NEW)
    assert answer.status_code == 201
    assert_as_printed(answer.json(), {"customer": CUSTOMER})


async def test_004_create_customer_links_to_the_stripe_customer_with_the_address(billfold_app: RunningBillfold) -> None:
    first = await make_customer(billfold_app)
    shown = (await send(billfold_app, "GET", f"/customers/{first}")).json()["customer"]
    await send(billfold_app, "DELETE", f"/customers/{first}")
    again = (await send(billfold_app, "POST", "/customers", NEW)).json()["customer"]
    assert again["stripeCustomerId"] == shown["stripeCustomerId"]


async def test_004_list_customers(billfold_app: RunningBillfold) -> None:
    await make_customer(billfold_app)
    for path in ("/customers?limit=25", "/customers?limit=50&offset=0", "/customers"):
        answer = await send(billfold_app, "GET", path)
        assert answer.status_code == 200
        assert_as_printed(answer.json(), {"customers": [CUSTOMER_LATER]})


async def test_004_get_customer(billfold_app: RunningBillfold) -> None:
    answer = await send(billfold_app, "GET", f"/customers/{await make_customer(billfold_app)}")
    assert answer.status_code == 200
    assert_as_printed(answer.json(), {"customer": CUSTOMER_LATER})


async def test_004_update_customer(billfold_app: RunningBillfold) -> None:
    customer_id = await make_customer(billfold_app)
    body = {"name": "Jane Smith", "metadata": {"plan": "enterprise"}}
    answer = await send(billfold_app, "PATCH", f"/customers/{customer_id}", body)
    assert answer.status_code == 200
    assert_as_printed(answer.json(), {"customer": {**CUSTOMER_LATER, **body}})
    shown = (await send(billfold_app, "GET", f"/customers/{customer_id}")).json()
    assert_as_printed(shown, {"customer": {**CUSTOMER_LATER, **body}})


async def test_004_delete_customer(billfold_app: RunningBillfold) -> None:
    customer_id = await make_customer(billfold_app)
    answer = await send(billfold_app, "DELETE", f"/customers/{customer_id}")
    assert (answer.status_code, answer.json()) == (200, {"success": True})


async def test_001_the_printed_error(billfold_app: RunningBillfold) -> None:
    answer = await send(billfold_app, "GET", "/customers/pc_xxx")
    assert (answer.status_code, answer.json()) == (404, {"error": "Customer not found"})


@pytest.mark.parametrize(
    ("status", "request_line"),
    [
        (400, "POST /customers"),
        (401, "GET /customers without a key"),
        (403, "GET /customers of another team"),
        (404, "GET /customers/pc_xxx"),
        (409, "POST /customers twice"),
    ],
)
async def test_001_the_table_of_statuses(billfold_app: RunningBillfold, status: int, request_line: str) -> None:
    if status == 400:
        answer = await send(billfold_app, "POST", "/customers", {"name": "Jane Doe"})
    elif status == 401:
        answer = await billfold_app.anonymous.get(billfold_app.path + "/customers")
    elif status == 403:
        other = await billfold_app.install()
        answer = await billfold_app.client.get(other.path + "/customers")
    elif status == 404:
        answer = await send(billfold_app, "GET", "/customers/pc_xxx")
    else:
        await make_customer(billfold_app)
        answer = await send(billfold_app, "POST", "/customers", NEW)
    assert answer.status_code == status, request_line
    assert list(answer.json()) == ["error"]
    assert answer.headers["content-type"] == "application/json"


async def test_001_pagination(billfold_app: RunningBillfold) -> None:
    for number in range(3):
        await make_customer(billfold_app, {"email": f"jane{number}@example.com"})
    assert (await send(billfold_app, "GET", "/customers?limit=25&offset=50")).json() == {"customers": []}
    (second,) = (await send(billfold_app, "GET", "/customers?limit=1&offset=1")).json()["customers"]
    assert second["email"] == "jane1@example.com"


async def test_001_id_prefixes_and_stripe_ids(billfold_app: RunningBillfold) -> None:
    product = (await send(billfold_app, "POST", "/products", {"name": "Pro"})).json()["product"]
    price = (
        await send(billfold_app, "POST", f"/products/{product['id']}/prices", {"unitAmount": 1000, "interval": "month"})
    ).json()["price"]
    assert_as_printed(product, {"id": "pp_e5f6g7h8"})
    assert_as_printed(price, {"id": "pri_i9j0k1l2"})
    assert product["stripeProductId"].startswith("prod_")
    assert price["stripePriceId"].startswith("price_")


async def referred(app: RunningBillfold) -> tuple[str, str, dict[str, Any]]:
    """Switch referrals on, make a customer with a code and a second customer; return their ids and the code."""
    assert (await send(app, "PUT", "/referrals/config", CONFIG)).status_code == 200
    referrer = await make_customer(app)
    friend = await make_customer(app, {"email": "john@example.com"})
    code = (await send(app, "POST", "/referrals/codes", {"customerId": referrer})).json()["code"]
    return referrer, friend, code


async def test_000_configure_the_program(billfold_app: RunningBillfold) -> None:
    answer = await send(billfold_app, "PUT", "/referrals/config", CONFIG)
    assert answer.status_code == 200
    assert_as_printed(answer.json(), {"config": CONFIG})
    without_currency = {key: value for key, value in CONFIG.items() if key != "currency"}
    assert_as_printed(
        (await send(billfold_app, "PUT", "/referrals/config", without_currency)).json(), {"config": CONFIG}
    )


async def test_000_generate_a_code(billfold_app: RunningBillfold) -> None:
    referrer = await make_customer(billfold_app)
    answer = await send(billfold_app, "POST", "/referrals/codes", {"customerId": referrer})
    assert answer.status_code == 201
    assert_as_printed(answer.json(), {"code": CODE})
    assert answer.json()["code"]["customerId"] == referrer


async def test_000_apply_a_referral(billfold_app: RunningBillfold) -> None:
    referrer, friend, code = await referred(billfold_app)
    answer = await send(billfold_app, "POST", "/referrals/apply", {"code": code["code"], "refereeCustomerId": friend})
    assert answer.status_code == 201
    printed = {
        "id": "ref_xxx",
        "code": "A1B2C3D4",
        "referrerCustomerId": "pc_xxx",
        "refereeCustomerId": "pc_new_customer",
        "status": "pending",
        "createdAt": "2026-03-30T12:00:00Z",
    }
    assert_as_printed(answer.json(), {"referral": printed})
    referral = answer.json()["referral"]
    assert (referral["referrerCustomerId"], referral["refereeCustomerId"]) == (referrer, friend)


async def test_000_list_the_codes(billfold_app: RunningBillfold) -> None:
    _, _, code = await referred(billfold_app)
    for query in ("?limit=1", "?limit=50&offset=0&activeOnly=true"):
        answer = await send(billfold_app, "GET", f"/referrals/codes{query}")
        assert (answer.status_code, answer.json()) == (200, {"codes": [code]})


async def test_000_view_a_code_with_its_history(billfold_app: RunningBillfold) -> None:
    _, friend, code = await referred(billfold_app)
    await send(billfold_app, "POST", "/referrals/apply", {"code": code["code"], "refereeCustomerId": friend})
    answer = await send(billfold_app, "GET", f"/referrals/codes/{code['code']}")
    assert answer.status_code == 200
    assert_as_printed(answer.json(), {"code": CODE})
    assert [each["refereeCustomerId"] for each in answer.json()["code"]["referrals"]] == [friend]


async def test_000_deactivate_a_code(billfold_app: RunningBillfold) -> None:
    _, _, code = await referred(billfold_app)
    answer = await send(billfold_app, "DELETE", f"/referrals/codes/{code['code']}")
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert (await send(billfold_app, "GET", "/referrals/codes")).json() == {"codes": []}


async def test_000_referral_metrics(billfold_app: RunningBillfold) -> None:
    _, friend, code = await referred(billfold_app)
    await send(billfold_app, "POST", "/referrals/apply", {"code": code["code"], "refereeCustomerId": friend})
    answer = await send(billfold_app, "GET", "/analytics")
    assert answer.status_code == 200
    assert_as_printed(answer.json(), {"referralStats": {"totalCodes": 1, "totalReferrals": 1, "converted": 0}})
