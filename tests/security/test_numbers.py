"""Numbers that are too large, too small, or none: 400 wherever a number is taken, exact where it is accepted (SCENARIOS D5).

The fields are read from what each surface says of itself: the OpenAPI document, the control's body types, and the parameter
readers of the simulator's Stripe API. A new field is tried without being named here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from billfold.entrypoints.web import simulator_bodies as control_bodies
from billfold.infrastructure.stripe_simulator import parameters
from billfold.infrastructure.stripe_simulator.routes import ROUTES
from tests.app_fixtures import RunningBillfold
from tests.security.database_dump import changed_tables, every_row
from tests.security.neighbours import URLS, Neighbours
from tests.security.test_bad_bodies import JSON, ask, fuzzed_account
from tests.security.test_tenants import BILLING, options_of

# As they stand in a JSON body.
VALUES: Final = (
    "-1", "-0", "0", "1.5", "0.1", "1.0", '"100"', '"1e3"', "true", "null", "NaN", "Infinity", "-Infinity", "1e3", "1E400",
    "-9223372036854775809", "-9223372036854775808", "9007199254740993", "9223372036854775807", "9223372036854775808",
    "1" + "0" * 30, "[1]", "{}", "[]", '""',
)  # fmt: skip
# As they stand in an address or a form; digits of other scripts, signs and underscores are what int() would take.
TEXTS: Final = (
    "-1", "1.5", "1.0", "1e3", "true", "null", "NaN", "inf", "-inf", "0x10", "1_000", "+1", " 1", "1 ", "\u0663", "\uff11",
    "\u00b2", "1" + "0" * 30,
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 4_000, "''", "1;2", "%00",
)  # fmt: skip


def whole_fields(schema: Any) -> Iterator[tuple[str, Any]]:
    """Give the fields of a body that are whole numbers, with what is said about them."""
    for name, field in schema["properties"].items():
        branches = field.get("anyOf", [field])
        for branch in branches:
            if branch.get("type") in {"integer", "number"}:
                yield name, branch


def is_in_bounds(text: str, said: Any) -> bool:
    try:
        number = json.loads(text)
    except ValueError:
        return False
    if (
        isinstance(number, bool)
        or not isinstance(number, (int, float))
        or "e" in text.lower()
        or not math.isfinite(number)
    ):
        return False
    if number != int(number):
        return False
    low, high = said.get("minimum", said.get("exclusiveMinimum", 0) + 1), said["maximum"]
    return bool(low <= number <= high)


async def test_every_whole_number_of_the_billing_api_has_bounds_and_keeps_them_d5(neighbours: Neighbours) -> None:
    own = neighbours.own
    document = (await neighbours.send("GET", "/api/billstack/openapi.json", None)).json()
    named = document["components"]["schemas"]
    tried: set[tuple[str, str]] = set()
    before = await every_row(neighbours.app.services.db)
    accepted: list[tuple[str, str, str]] = []
    for door, call in BILLING.items():
        method, path = door.split(" ")
        described = next(
            each[method.lower()]
            for address, each in document["paths"].items()
            if address.endswith(path.replace("/{", "/{")) and address.count("/") == path.count("/") + 4
        )
        body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if body is None:
            continue
        schema = named[body["$ref"].rpartition("/")[2]] if "$ref" in body else body
        for name, said in whole_fields(schema):
            # How many intervals there may be follows from the interval: three years, which are 1,095 days.
            said.setdefault("maximum", 1_095 if name == "intervalCount" else None)
            assert said["maximum"] is not None, (door, name)
            tried.add((door, name))
            for text in VALUES:
                if is_in_bounds(text, said) or text == "null":
                    accepted.append((door, name, text))
                    continue
                below, options, _ = options_of(door, call, own.ids)
                sent = json.dumps({**options["json"], name: "HERE"}).replace('"HERE"', text)
                answer = await neighbours.send(
                    method, own.path + below, own.team.api_key, content=sent.encode(), headers=JSON
                )
                assert (answer.status_code, list(answer.json())) == (400, ["error"]), (door, name, text, answer.text)
    assert {name for _, name in tried} >= {
        "quantity", "trialDays", "unitAmount", "intervalCount", "referrerCreditAmount", "refereeCreditAmount",
    }  # fmt: skip
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}
    for door, name, text in accepted:
        below, options, _ = options_of(door, BILLING[door], own.ids)
        sent = json.dumps({**options["json"], name: "HERE"}).replace('"HERE"', text)
        answer = await neighbours.send(
            door.partition(" ")[0], own.path + below, own.team.api_key, content=sent.encode(), headers=JSON
        )
        assert answer.status_code < 500, (door, name, text, answer.text)
        [shown] = answer.json().values() if answer.is_success and "url" not in answer.json() else [{}]
        if text != "null" and name in shown:
            assert shown[name] == int(json.loads(text))


async def test_metadata_takes_only_numbers_that_every_reader_reads_alike_d5(neighbours: Neighbours) -> None:
    own = neighbours.own
    good = {"-1", "-0", "0", "1.5", "0.1", "1.0", "1e3", "true", '"100"', '"1e3"', '""'}
    for number, text in enumerate(VALUES):
        body = f'{{"email": "n{number}@example.com", "metadata": {{"k": {text}}}}}'
        answer = await neighbours.send(
            "POST", own.path + "/customers", own.team.api_key, content=body.encode(), headers=JSON
        )
        assert answer.status_code == (201 if text in good else 400), (text, answer.text)
        if answer.status_code == 201:
            assert answer.json()["customer"]["metadata"]["k"] == json.loads(text), text


async def test_every_number_in_a_query_is_whole_and_within_its_bounds_d5_g2(neighbours: Neighbours) -> None:
    own = neighbours.own
    document = (await neighbours.send("GET", "/api/billstack/openapi.json", None)).json()
    names: set[str] = set()
    for address, operations in document["paths"].items():
        # The team's own addresses take a session and no key: `tests/organisation` tries their pages.
        if "{projectId}" not in address:
            continue
        for said in operations.get("get", {}).get("parameters", ()):
            if said["in"] != "query" or said["schema"].get("type") != "integer":
                continue
            names.add(said["name"])
            path = address.replace("{teamId}", own.team.team_id).replace("{projectId}", own.project_id)
            path = path.replace("{productId}", own.ids["productId"]).replace("{code}", own.ids["code"])
            path = path.replace("{customerId}", own.ids["customerId"]).replace("{webhookId}", own.ids["webhookId"])
            needed = {"unit": "ai_credits"} if "/wallets/" in path else {}
            for text in TEXTS:
                answer = await neighbours.send(
                    "GET", f"/api/billstack{path}", own.team.api_key, params={**needed, said["name"]: text}
                )
                assert (answer.status_code, list(answer.json())) == (400, ["error"]), (path, said["name"], text)
            for text in ("-1", "0", "", "1000000000"):
                answer = await neighbours.send(
                    "GET", f"/api/billstack{path}", own.team.api_key, params={**needed, said["name"]: text}
                )
                # A page that is too large is cut down; an offset that is far beyond the end is refused.
                clamped = (said["name"], text) in {("limit", "1000000000"), ("offset", "0"), ("wait", "0")}
                assert answer.status_code == (200 if clamped else 400), (path, said["name"], text)
    assert names == {"limit", "offset", "growthDays", "wait"}


CONTROL_PATHS: Final = {
    control_bodies.Completion: "checkout/cs_none/complete",
    control_bodies.ClockMove: "clock",
    control_bodies.ChargeChoice: "refunds",
    control_bodies.DisputeEnd: "disputes/du_none/close",
    control_bodies.DeliveryPlan: "delivery",
    control_bodies.Faults: "faults",
    control_bodies.AccountSettings: "settings",
}


async def test_every_number_of_the_control_is_400_or_taken_whole_d5(billfold_app: RunningBillfold) -> None:
    shapes = {
        each
        for each in vars(control_bodies).values()
        if isinstance(each, type) and issubclass(each, msgspec.Struct) and each is not msgspec.Struct
    }
    assert shapes == set(CONTROL_PATHS)
    tried = 0
    for shape, path in CONTROL_PATHS.items():
        schema = msgspec.json.schema(shape)["$defs"][shape.__name__]
        for name, said in whole_fields(schema):
            tried += 1
            before = await every_row(billfold_app.services.db)
            for text in VALUES:
                body = f'{{"{name}": {text}}}'
                answer = await billfold_app.client.post(
                    f"/simulator/{billfold_app.team.team_id}/{path}", content=body.encode(), headers=JSON
                )
                assert answer.status_code in {200, 400}, (path, name, text, answer.text)
                if answer.status_code == 400:
                    assert changed_tables(before, await every_row(billfold_app.services.db)) == {}
                elif text != "null":
                    assert said["type"] == "number" or is_in_bounds(text, said), (path, name, text)
                before = await every_row(billfold_app.services.db)
    assert tried >= 9


async def test_a_time_that_no_calendar_reaches_leaves_the_clock_alone_d5(billfold_app: RunningBillfold) -> None:
    """An empty account may begin in the past, but not before there was a Stripe, nor where arithmetic ends (E5)."""
    path = f"/simulator/{billfold_app.team.team_id}/clock"
    before = await every_row(billfold_app.services.db)
    for moment in (
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "1767225600", "+12026-01-01T00:00:00Z",
    ):  # fmt: skip
        answer = await billfold_app.client.post(path, json={"to": moment})
        assert (answer.status_code, list(answer.json())) == (400, ["error"]), (moment, answer.text)
        assert changed_tables(before, await every_row(billfold_app.services.db)) == {}
    assert (await billfold_app.client.get(path)).status_code == 200


# Numbers that stand deeper than the first level of a form.
NESTED: Final = (
    ("POST", "checkout/sessions", "line_items[0][quantity]"),
    ("POST", "checkout/sessions", "line_items[0][price_data][unit_amount]"),
    ("POST", "checkout/sessions", "line_items[0][price_data][recurring][interval_count]"),
    ("POST", "checkout/sessions", "subscription_data[trial_period_days]"),
    ("POST", "subscriptions", "items[0][quantity]"),
    ("POST", "subscriptions/{}", "items[0][quantity]"),
    ("POST", "prices", "recurring[interval_count]"),
    ("POST", "promotion_codes", "restrictions[minimum_amount]"),
    ("POST", "products", "default_price_data[unit_amount]"),
    ("GET", "customers", "created[gte]"),
    ("GET", "events", "created[lt]"),
)
REST: Final[dict[str, dict[str, str]]] = {
    "POST checkout/sessions": {
        "mode": "subscription",
        "success_url": URLS["successUrl"],
        "line_items[0][price]": "{price}",
    },
    "POST subscriptions": {"customer": "{customer}", "items[0][price]": "{price}"},
    "POST prices": {"currency": "usd", "unit_amount": "1", "product": "{product}", "recurring[interval]": "month"},
    "POST payment_intents": {"amount": "100", "currency": "usd"},
    "POST transfers": {"amount": "1", "currency": "usd", "destination": "{account}"},
    "POST transfers/{}/reversals": {},
    "POST credit_notes": {"invoice": "{invoice}"},
    "POST promotion_codes": {"promotion[type]": "coupon", "promotion[coupon]": "{coupon}"},
    "POST products": {"name": "x", "default_price_data[currency]": "usd"},
    "POST coupons": {"currency": "usd", "duration": "once"},
    "POST refunds": {"charge": "{charge}"},
    "POST customers/{}/balance_transactions": {"amount": "1", "currency": "usd"},
}
NUMBERS: Final = {
    "integer",
    "amount",
    "unsigned",
    "positive",
    "percent",
    "page_size",
    "time_range",
    "_trial_end",
    "_moment_or_never",
}


async def test_every_number_of_stripes_api_is_400_unless_it_is_one_d5(billfold_app: RunningBillfold) -> None:
    account = await fuzzed_account(billfold_app)
    readers = {name for name in vars(parameters) if name in NUMBERS}
    assert {"integer", "amount", "unsigned", "positive", "percent", "page_size"} <= readers
    tried = 0
    for route in ROUTES:
        door = f"{route.method} {route.path}"
        rest = {name: value.format(**account.ids) for name, value in REST.get(door, {}).items()}
        names = [name for name, reader in route.shape.readers.items() if getattr(reader, "__name__", "") in NUMBERS]
        names += [name for method, path, name in NESTED if (method, path) == (route.method, route.path)]
        for name in names:
            tried += 1
            before = await every_row(billfold_app.services.db)
            for text in TEXTS:
                form = {**rest, name: text}
                where: dict[str, Any] = {"params": form} if route.method == "GET" else {"data": form}
                answer = await ask(account, route, **where)
                assert answer.status_code < 500, (door, name, text, answer.text)
                if answer.is_success:
                    is_decimal = name == "percent_off" and text in {"1.5", "1.0"}
                    assert is_decimal or text == "-1", (door, name, text)
                    before = await every_row(billfold_app.services.db)
                else:
                    assert answer.status_code in {400, 402, 404}, (door, name, text, answer.text)
            assert changed_tables(before, await every_row(billfold_app.services.db)) == {}, (door, name)
    assert tried > 60


async def test_the_largest_price_times_the_largest_quantity_is_counted_exactly_or_refused_d5(
    billfold_app: RunningBillfold,
) -> None:
    app = billfold_app

    async def send(method: str, path: str, body: Any = None) -> Any:
        answer = await app.client.request(method, app.path + path, json=body)
        assert answer.status_code < 500, answer.text
        return answer.json()

    customer = (await send("POST", "/customers", {"email": "large@example.com"}))["customer"]["id"]
    product = (await send("POST", "/products", {"name": "Large"}))["product"]["id"]
    terms = {"unitAmount": 99_999_999, "interval": "day"}
    price = (await send("POST", f"/products/{product}/prices", terms))["price"]["id"]
    mrr = 0
    for quantity in (1, 1_000, 999_999, 999_999_999, 2**31 - 1):
        body = {"customerId": customer, "priceId": price, "quantity": quantity, **URLS}
        session = await send("POST", "/checkout", body)
        if "error" in session:
            continue
        done = await app.client.post(
            f"/simulator/{app.team.team_id}/checkout/{session['sessionId']}/complete", json={"outcome": "paid"}
        )
        assert done.status_code in {200, 400, 402}, done.text
        if done.status_code == 200:
            mrr += 99_999_999 * quantity * 365
    await app.drain()
    assert mrr > 0
    assert (await send("GET", "/analytics"))["mrr"] == round(mrr / 12 / 100, 2)
