"""Bodies and addresses that no surface can use: the right status in its own words, not one row changed (SCENARIOS G1 to G3)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

import httpx

from billfold.entrypoints.limits import LARGEST_BODY
from billfold.infrastructure.stripe_simulator.routes import ROUTES, Route
from tests.api.billing.malformed_json import corpus
from tests.app_fixtures import RunningBillfold
from tests.security.database_dump import changed_tables, every_row
from tests.security.neighbours import Neighbours
from tests.security.test_stripe_tenants import Account, filled, kinds_of_path
from tests.security.test_tenants import BILLING, CONTROL, WITHOUT_KEY, options_of

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"
JSON: Final = {"Content-Type": "application/json"}
# The long ones are read by the same function and take a second for each door; CI tries them at the first one.
LONGEST: Final = 5_000_000 if FULL else 10_000
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}

# A field of each of the control's bodies, with a value that is right: the body around it is what is wrong.
FIELD: Final = {
    "POST /{team_id}/checkout/{sessionId}/complete": '"outcome": "paid"',
    "POST /{team_id}/clock": '"advance_days": 1',
    "POST /{team_id}/refunds": '"amount": 1',
    "POST /{team_id}/disputes": '"charge": "ch_1"',
    "POST /{team_id}/disputes/{dispute_id}/close": '"outcome": "won"',
    "POST /{team_id}/delivery": '"duplicate": 1',
    "POST /{team_id}/faults": '"429": 1',
    "POST /{team_id}/settings": '"failed_renewals_end_as": "unpaid"',
}


# A text that holds NUL is JSON, and refused where a field takes it: of these doors, which need no field, it is this one. What
# they do not know they ignore, as every door does.
TEXT_FIELD: Final = {
    "PUT /programs/{programKey}/attribution": "touch",
    "PUT /links": "landingUrl",
    "POST /events/test": "type",
    "POST /webhooks/{webhookId}/test": "type",
    "POST /referrals/{referralId}/void": "note",
}


def sent_to(door: str, body: bytes) -> bytes:
    """Return a malformed body as this door is to find it malformed."""
    if door in TEXT_FIELD and b"\\u0000" in body:
        field = f'"{TEXT_FIELD[door]}"'.encode()
        return body.replace(b'"name"', field).replace(b'"metadata"', field)
    return body


def bodies(field: str) -> Iterator[bytes]:
    """Give bodies that are wrong although they hold a right field."""
    yield f"{{{field}, {field}}}".encode()
    yield f"{{{field}, {field.replace('1', '2').replace('paid', 'declined')}}}".encode()
    yield f"{{{field},}}".encode()
    yield f"{{{field}}} x".encode()
    yield f"{{{field}}}{{}}".encode()
    yield b"\xef\xbb\xbf" + f"{{{field}}}".encode()
    yield f"{{{field}}}".encode("utf-16")
    yield f'{{{field}, "surprise": 1}}'.encode()
    yield f"{{{field.partition(':')[0]}: NaN}}".encode()
    yield f"{{{field.partition(':')[0]}: null, {field.partition(':')[0]}: null}}".encode()
    for value in ("[]", "{}", "1e999", '"\\ud800"', '"\\u0000"', "[" * 5_000, "9" * 5_000):
        yield f"{{{field.partition(':')[0]}: {value}}}".encode()


async def test_every_malformed_body_is_400_at_every_endpoint_of_the_billing_api_g1(neighbours: Neighbours) -> None:
    own = neighbours.own
    before = await every_row(neighbours.app.services.db)
    doors = [door for door, call in BILLING.items() if call.body is not None]
    for number, body in enumerate(corpus()):
        for door in doors if len(body) < LONGEST else doors[:1]:
            path, _, _ = options_of(door, BILLING[door], own.ids)
            answer = await neighbours.send(
                door.partition(" ")[0], own.path + path, own.team.api_key, content=sent_to(door, body), headers=JSON
            )
            assert (answer.status_code, list(answer.json())) == (400, ["error"]), (number, door, body[:80], answer.text)
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


async def test_every_malformed_body_is_400_at_every_endpoint_of_the_control_g1(neighbours: Neighbours) -> None:
    own = neighbours.own
    doors = [door for door, call in CONTROL.items() if call.body is not None and door not in WITHOUT_KEY]
    assert set(doors) == set(FIELD)
    before = await every_row(neighbours.app.services.db)
    for door in doors:
        below, _, _ = options_of(door, CONTROL[door], own.ids)
        path = "/simulator" + below.replace("{team_id}", own.team.team_id)
        # An empty body means {} here.
        malformed = [body for body in corpus() if 0 < len(body) < LONGEST]
        for body in (*malformed, *bodies(FIELD[door])):
            answer = await neighbours.send("POST", path, own.team.api_key, content=body, headers=JSON)
            status = 400 if len(body) <= 65_536 else 413
            assert (answer.status_code, list(answer.json())) == (status, ["error"]), (door, body[:80], answer.text)
            assert isinstance(answer.json()["error"], str)
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


def forms(route: Route) -> Iterator[bytes]:
    """Give bodies that are no form, or one that no request may be made of."""
    name = next(iter(route.shape.readers), "name").encode()
    yield from (
        b"[", b"]", b"[]", b"=", b"&", b"&&&", b"=x", b"[]=x", b"[a]=x", b"a=1;b=2", b"\x00", b"\xff", b"\xed\xa0\x80",
        b"%", b"%zz=1", b"{}", b'{"name": "x"}', b"\x1f\x8b\x08\x00", b"x" * 5_000, b"x=1&" * 10_000, b"&" * 10_000,
        name, name + b"[", name + b"]", name + b"[=1", name + b"[[]]=1", name + b"[]]=1", name + b"][=1",
        name + b"[a]=1&" + name + b"=2", name + b"=2&" + name + b"[a]=1", name + b"[a][b]=1&" + name + b"[a]=1",
        name + b"[a]" * 7 + b"=1", name + b"[a]" * 5_000 + b"=1", name + b"[]" * 5_000 + b"=1",
        name + b"=%ED%A0%80", name + b"=%ff", name + b"%ED%A0%80=1", name + b"%00=1", name + b"=" + b"x" * 5_001,
        b"&".join(b"metadata[k%d]=1" % number for number in range(10_000)),
        b"&".join(name + b"[%d]=1" % number for number in range(999)),
    )  # fmt: skip


async def fuzzed_account(app: RunningBillfold) -> Account:
    account = Account(app, app.team, "heron")
    await account.fill()
    return account


async def ask(account: Account, route: Route, ids: list[str] | None = None, **options: Any) -> httpx.Response:
    path = filled(route.path, ids if ids is not None else [account.ids[kind] for kind in kinds_of_path(route.path)])
    headers = {"Authorization": f"Bearer {account.team.simulator_secret_key}", **options.pop("headers", {})}
    return await account.app.anonymous.request(route.method, f"/simulator/stripe/v1/{path}", headers=headers, **options)


def is_stripes_refusal(answer: httpx.Response) -> bool:
    error = answer.json().get("error")
    return answer.status_code in {400, 404} and isinstance(error, dict) and {"type", "message"} <= set(error)


async def test_every_malformed_form_is_400_in_stripes_words_g1_g2(billfold_app: RunningBillfold) -> None:
    account = await fuzzed_account(billfold_app)
    before = await every_row(billfold_app.services.db)
    for route in ROUTES:
        if route.method == "GET":
            continue
        for body in forms(route):
            answer = await ask(account, route, content=body, headers=FORM)
            assert is_stripes_refusal(answer), (route.method, route.path, body[:60], answer.text)
    assert changed_tables(before, await every_row(billfold_app.services.db)) == {}


async def test_every_malformed_query_is_400_in_stripes_words_g1(billfold_app: RunningBillfold) -> None:
    account = await fuzzed_account(billfold_app)
    for route in ROUTES:
        if route.method != "GET":
            continue
        for body in forms(route):
            if b"\x00" in body or len(body) > 4_000 or not body.isascii():
                continue  # no client can send them in an address; the limits refuse them before
            if not body.strip(b"&"):
                continue  # the client leaves it out
            answer = await ask(account, route, params=body.decode())
            assert is_stripes_refusal(answer), (route.path, body[:60], answer.text)


async def test_nul_is_never_a_500_anywhere_in_stripes_api_g3(billfold_app: RunningBillfold) -> None:
    """PostgreSQL refuses a NUL in a text, so one that reaches a look-up would be a failure of ours."""
    account = await fuzzed_account(billfold_app)
    for route in ROUTES:
        for ids in (["a%00b"] * 2, ["%ED%A0%80"] * 2, ["%FF"] * 2):
            if "{}" in route.path:
                answer = await ask(account, route, ids)
                # 403 is Stripe's answer about another account.
                assert is_stripes_refusal(answer) or answer.status_code == 403, (route, answer.text)
        for name in route.shape.readers:
            sent = {name: "a\x00b"}
            where: dict[str, Any] = {"params": sent} if route.method == "GET" else {"data": sent}
            answer = await ask(account, route, **where)
            assert answer.status_code < 500, (route, name, answer.text)


async def test_a_body_over_the_limit_is_413_in_each_surfaces_words_g2(neighbours: Neighbours) -> None:
    own = neighbours.own
    too_large = b"x" * (LARGEST_BODY + 1)
    before = await every_row(neighbours.app.services.db)
    for path, headers in (
        (own.path + "/customers", JSON),
        (f"/api/webhooks/stripe/{own.team.team_id}", JSON),
        (f"/simulator/{own.team.team_id}/clock", JSON),
    ):
        answer = await neighbours.send("POST", path, own.team.api_key, content=too_large, headers=headers)
        assert (answer.status_code, list(answer.json())) == (413, ["error"]), path
        assert isinstance(answer.json()["error"], str)
    # What is none of the interfaces is a page.
    page = await neighbours.send("POST", "/nowhere", own.team.api_key, content=too_large, headers=JSON)
    assert (page.status_code, page.headers["content-type"]) == (413, "text/html; charset=utf-8")
    # The control takes less.
    answer = await neighbours.send(
        "POST", f"/simulator/{own.team.team_id}/clock", own.team.api_key, content=b" " * 65_537, headers=JSON
    )
    assert (answer.status_code, list(answer.json())) == (413, ["error"])
    key = own.team.simulator_secret_key
    for options, status in (
        ({"content": too_large, "headers": FORM}, 413),
        ({"content": b"name=x", "headers": {**FORM, "Content-Encoding": "gzip"}}, 415),
        ({"params": {"limit": "1" * 20_000}}, 414),
        ({"headers": {"X-Long": "x" * 70_000}}, 431),
    ):
        answer = await neighbours.send("POST", "/simulator/stripe/v1/customers", key, **options)
        assert answer.status_code == status
        assert set(answer.json()["error"]) >= {"type", "message"}, answer.text
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


ODD: Final = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "..",
    "%2E%2E%2F",
    "%0d%0aX: 1",
    "'",
    "%22",
    "é",
    "%F0%9F%98%80",
    "x" * 5_000,
)


async def test_no_text_in_an_address_is_a_500_g3_g4(neighbours: Neighbours) -> None:
    own = neighbours.own
    before = await every_row(neighbours.app.services.db)
    for odd in ODD:
        for door, call in BILLING.items():
            method, path = door.split(" ")
            for name in own.ids:
                path = path.replace(f"{{{name}}}", odd)
            if path == door.split(" ")[1]:
                continue
            _, options, _ = options_of(door, call, own.ids)
            answer = await neighbours.send(method, own.path + path, own.team.api_key, **options)
            # The client folds two dots: what arrives may be the address of the project, which takes a session and no key.
            refusals = {401, 404, 405} if odd == ".." else {404, 405}
            assert answer.status_code in refusals, (door, odd)
            assert list(answer.json()) == ["error"]
        for address in (
            own.path.replace(own.project_id, odd) + "/customers",
            own.path.replace(own.team.team_id, odd) + "/customers",
        ):
            answer = await neighbours.send("GET", address, own.team.api_key)
            assert (answer.status_code, list(answer.json())) in [(404, ["error"]), (403, ["error"])], address
        for query in ("/subscriptions?customerId=", "/referrals/codes?customerId="):
            answer = await neighbours.send("GET", own.path + query + odd, own.team.api_key)
            assert answer.status_code in {200, 400, 404}, (query, odd, answer.text)
            assert answer.status_code != 200 or answer.json() == {"codes": []}
        for door, call in CONTROL.items():
            method, path = door.split(" ")
            address = path.replace("{sessionId}", odd).replace("{dispute_id}", odd).replace("{refund_id}", odd)
            address = address.replace("{account_id}", odd).replace("{token}", odd)
            if address == path:
                continue
            _, options, _ = options_of(door, call, own.ids)
            answer = await neighbours.send(
                method, "/simulator" + address.replace("{team_id}", own.team.team_id), own.team.api_key, **options
            )
            assert answer.status_code in {400, 404, 405}, (door, odd, answer.text)
            other_team = "/simulator" + path.replace("{team_id}", odd).replace("{sessionId}", "cs_1")
            answer = await neighbours.send(method, other_team, own.team.api_key, **options)
            assert answer.status_code in {400, 403, 404, 405}, (door, odd, answer.text)
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


ODD_HEADERS: Final = (
    b"", b" ", b"\xff", b"\xc3\xa9", b"Bearer", b"Bearer ", b"Bearer \xff", b"Basic \xff", b"Basic OjpA", b"bearer x y",
)  # fmt: skip


async def test_no_text_in_a_header_is_a_500_g3(neighbours: Neighbours) -> None:
    own = neighbours.own
    doors = [
        ("GET", own.path + "/customers"),
        ("POST", own.path + "/customers"),
        ("GET", f"/simulator/{own.team.team_id}/clock"),
        ("GET", "/simulator/stripe/v1/customers"),
        ("POST", f"/api/webhooks/stripe/{own.team.team_id}"),
    ]
    for odd in ODD_HEADERS:
        for method, path in doors:
            answer = await neighbours.app.anonymous.request(
                method, path, headers={b"Authorization": odd, b"Stripe-Signature": odd, b"Stripe-Version": odd}, json={}
            )
            assert answer.status_code in {400, 401}, (path, odd, answer.text)
            assert list(answer.json()) == ["error"]
    team = own.team
    for odd in (b"\xff", b"\x7f", b"\xc3\xa9" * 100, b"a\tb"):
        sent: list[tuple[str, str, dict[str, Any]]] = [
            (own.path + "/customers", team.api_key, {"json": {"email": f"x{odd.hex()[:8]}@example.com"}}),
            ("/simulator/stripe/v1/customers", team.simulator_secret_key, {"data": {"name": "x"}}),
        ]
        for path, key, body in sent:
            headers = {b"Authorization": b"Bearer " + key.encode(), b"Idempotency-Key": odd}
            for _ in range(2):
                answer = await neighbours.app.anonymous.post(path, headers=headers, **body)
                assert answer.status_code in {200, 201, 400}, (path, odd, answer.text)
