"""Texts that mean something to somebody else: kept exactly or refused, and nowhere obeyed (SCENARIOS G3, G4)."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Iterator
from typing import Any, Final

import pytest
import structlog

from billfold.base.log import configure_log
from billfold.infrastructure.stripe.signature import sign
from billfold.infrastructure.stripe_simulator.routes import ROUTES
from tests.app_fixtures import RunningBillfold
from tests.security.database_dump import changed_tables, every_row
from tests.security.neighbours import URLS, Neighbours
from tests.security.test_bad_bodies import ask, fuzzed_account
from tests.security.test_tenants import BILLING, options_of

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
TEXTS: Final = (
    # To a database, a shell, a page, a spreadsheet, a template and a log.
    "'; DROP TABLE customers; --", '" OR 1=1 --', "%' OR '1'='1", "\\'; SELECT 1", "$(touch x)", "`id`", "| cat /etc/passwd",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "{{7*7}}", "${7*7}", "{% raw %}", "%s%n%x", "{0}",
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\r\nSet-Cookie: x=1", "a\nlevel=critical forged", "\x1b[31mred", "a\x08b",
    # To a reader: right to left, nothing to see, one that is two, and the same in another form.
    "\u202egnp.exe", "a\u200bb", "a\ufeffb", "\U0001f469\u200d\U0001f680", "e\u0301", "\u00e9", "\u00df", "\u0130stanbul",
    "\ufdfa",
    "\U00010348", "\u0430\u0440\u0440le", "a" * 500, " padded ", "null", "true", "[object Object]", "__proto__",
    "../../etc/passwd",
    "\ufffe", "\u2028",
)  # fmt: skip
# Fields that keep what they are given; the others have a form of their own and refuse what has another.
FREE: Final = {"name", "description", "nickname"}


def text_fields(schema: Any) -> Iterator[str]:
    for name, field in schema["properties"].items():
        if any(branch.get("type") == "string" for branch in field.get("anyOf", [field])):
            yield name


async def test_every_text_field_of_the_billing_api_keeps_a_text_exactly_or_refuses_it_g3_g4(
    neighbours: Neighbours,
) -> None:
    own, other = neighbours.own, neighbours.foreign
    document = (await neighbours.send("GET", "/api/billstack/openapi.json", None)).json()
    named = document["components"]["schemas"]
    kept = refused = 0
    for address, operations in document["paths"].items():
        below = address.rpartition("{projectId}")[2]
        for method, described in operations.items():
            door = f"{method.upper()} {below}"
            body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            # The team's own addresses take a session and no key: `tests/organisation` tries hostile names there.
            if body is None or "{projectId}/" not in address:
                continue
            schema = named[body["$ref"].rpartition("/")[2]] if "$ref" in body else body
            path, options, _ = options_of(door, BILLING[door], own.ids)
            for name in text_fields(schema):
                for number, text in enumerate(TEXTS):
                    sent = {**options["json"], name: text}
                    if door == "POST /customers" and name != "email":
                        sent["email"] = f"{name}{number}@example.com"
                    answer = await neighbours.send(method.upper(), own.path + path, own.team.api_key, json=sent)
                    assert answer.status_code < 500, (door, name, text, answer.text)
                    if not answer.is_success:
                        assert answer.status_code == 402 or list(answer.json()) == ["error"]
                        refused += 1
                        continue
                    # A webhook is answered with its secret beside it.
                    shown = next(iter(answer.json().values())) if "url" not in answer.json() else {}
                    assert name not in FREE or shown[name] == text, (door, name, text)
                    kept += name in FREE
                    # What nobody reads by an id of its own: lines of the ledger, the issuer's login, verdicts, versions of terms.
                    if "id" in shown and not below.startswith(
                        ("/wallets/", "/identity-provider", "/webhooks", "/referrals/{referralId}/", "/programs/")
                    ):
                        again = await neighbours.send(
                            "GET",
                            f"{own.path}/{below.split('/')[-1 if method == 'post' else -2]}/{shown['id']}",
                            own.team.api_key,
                        )
                        # What became of a code is told once, beside the new customer.
                        told = {key: value for key, value in answer.json().items() if key != "attribution"}
                        assert again.json() == told, (door, name, text)
    assert kept > 3 * len(TEXTS)
    assert refused > 3 * len(TEXTS)
    # Nothing of it was obeyed: the neighbour's house stands.
    answer = await neighbours.send("GET", f"{other.path}/customers/{other.ids['customerId']}", other.team.api_key)
    assert answer.json()["customer"]["name"] == "zebra"


async def test_metadata_keeps_every_text_exactly_here_and_in_stripe_g3(billfold_app: RunningBillfold) -> None:
    team = billfold_app.team
    metadata = {f"k{number}": text for number, text in enumerate(TEXTS)}
    body = {"email": "texts@example.com", "name": TEXTS[0], "metadata": metadata}
    made = (await billfold_app.client.post(team.path + "/customers", json=body)).json()["customer"]
    assert made["metadata"] == metadata
    assert (await billfold_app.client.get(f"{team.path}/customers/{made['id']}")).json()["customer"][
        "metadata"
    ] == metadata
    in_stripe = await billfold_app.anonymous.get(
        f"/simulator/stripe/v1/customers/{made['stripeCustomerId']}",
        headers={"Authorization": f"Bearer {team.simulator_secret_key}"},
    )
    assert in_stripe.json()["metadata"] == {**metadata, "project_id": team.project_id}
    # What Stripe says of it comes back through the event as it is.
    await billfold_app.drain()
    assert (await billfold_app.client.get(f"{team.path}/customers/{made['id']}")).json()["customer"][
        "metadata"
    ] == metadata


async def test_every_text_parameter_of_stripes_api_is_taken_whole_or_refused_g3_g4(
    billfold_app: RunningBillfold,
) -> None:
    account = await fuzzed_account(billfold_app)
    free = {"name", "description", "nickname", "lookup_key", "transfer_group", "client_reference_id"}
    required = {
        "name": "x",
        "currency": "usd",
        "unit_amount": "1",
        "product": account.ids["product"],
        "type": "express",
    }
    tried = 0
    for route in ROUTES:
        if route.method == "DELETE":
            continue
        for name, reader in route.shape.readers.items():
            if getattr(reader, "__name__", "") != "text":
                continue
            rest = {each: required[each] for each in route.shape.required if each in required}
            if route.path == "prices" and route.method == "POST":
                rest = {each: required[each] for each in ("currency", "unit_amount", "product")}
            tried += 1
            # In CI each parameter gets a quarter of the texts, the next parameter another quarter.
            for number, text in enumerate(TEXTS if FULL else TEXTS[tried % 4 :: 4]):
                value = f"{tried}:{number}{text}" if name == "lookup_key" else text
                form = {**rest, name: value}
                where: dict[str, Any] = {"params": form} if route.method == "GET" else {"data": form}
                answer = await ask(account, route, **where)
                assert answer.status_code < 500, (route.path, name, text, answer.text)
                # Stripe takes a reversal's description and shows it on its own pages only.
                is_shown = name in free and route.path != "transfers/{}/reversals"
                if answer.is_success and route.method == "POST" and is_shown:
                    assert answer.json()[name] == value, (route.path, name, text)


async def test_a_checkouts_page_shows_markup_as_text_g4(billfold_app: RunningBillfold) -> None:
    app, path = billfold_app, billfold_app.team.path
    for text in (each for each in TEXTS if "<" in each or "{" in each or '"' in each):
        product = (await app.client.post(path + "/products", json={"name": text, "description": text})).json()[
            "product"
        ]
        terms = {"unitAmount": 100, "interval": "month", "nickname": text}
        price = (await app.client.post(f"{path}/products/{product['id']}/prices", json=terms)).json()["price"]
        email = f"x{abs(hash(text))}@example.com"
        customer = (await app.client.post(path + "/customers", json={"email": email, "name": text})).json()["customer"]
        addresses = {"successUrl": "https://example.com/?q='onload=alert(1)'", "cancelUrl": URLS["cancelUrl"]}
        body = {"customerId": customer["id"], "priceId": price["id"], **addresses}
        session = (await app.client.post(path + "/checkout", json=body)).json()
        page = await app.anonymous.get(session["url"])
        assert page.status_code == 200
        for markup in ("<script>alert", "<img src=x", "49</", "'onload="):
            assert markup not in page.text, (text, markup)
        # And what a visitor types into the form comes back as text too.
        for outcome in ("pay", text):
            answer = await app.anonymous.post(session["url"], data={"email": text, "outcome": outcome})
            assert answer.status_code in {303, 400}
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    configure_log("info", as_json=request.param)
    yield lines
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("log_lines", [True, False], indirect=True, ids=["JSON", "text"])
async def test_no_request_writes_a_line_of_its_own_into_the_log_g4(
    billfold_app: RunningBillfold, log_lines: io.StringIO
) -> None:
    forged = 'x\n2026-01-01T00:00:00Z [critical] forged {"event": "forged"}\r\x1b[2K\u2028'
    team = billfold_app.team
    address = f"/api/webhooks/stripe/{team.team_id}"
    body = json.dumps({"id": forged, "object": "event", "type": forged, "created": forged}).encode()
    before = await every_row(billfold_app.services.db)
    for header in (
        forged.replace("\n", " ").replace("\r", "").encode(),
        sign(body, team.webhook_secret, billfold_app.clock.now()).encode(),
    ):
        headers = {b"Stripe-Signature": header, b"X-Forwarded-For": b"1.1.1.1", b"User-Agent": b"forged"}
        assert (await billfold_app.anonymous.post(address, content=body, headers=headers)).status_code == 400
    for method, path in (("GET", "/nowhere/%0Aforged%0D%1b"), ("POST", f"/simulator/{team.team_id}%0Aforged/clock")):
        await billfold_app.client.request(method, path, json={})
    assert changed_tables(before, await every_row(billfold_app.services.db)) == {}
    written = log_lines.getvalue()
    assert "stripe_webhook.bad_signature" in written
    ours = [line for line in written.splitlines() if "HTTP Request" not in line]
    assert ours
    for line in ours:
        assert not line.lstrip().startswith(("2026-01-01", "forged")), line
        assert "\x1b[2K" not in line
