"""Nobody sees or changes what is another's: the matrices of SCENARIOS F1 over every route of every surface but Stripe's own API.

The routes are read from the applications themselves: one that is new and has no entry here fails its surface's first test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import httpx

from billfold.entrypoints.api.billing.app import routes
from billfold.infrastructure.stripe.signature import sign
from tests.security.database_dump import changed_tables, every_row
from tests.security.neighbours import URLS, Neighbours, Place
from tests.webhooks.fake_stripe import event_body

Ids = Mapping[str, str]


class Call(NamedTuple):
    """A request that is right in itself: what it names, and in which field of body or query."""

    body: Callable[[Ids], Any] | None = None
    query: Callable[[Ids], Mapping[str, str]] | None = None


# In the order in which one project can answer all of them: what ends something comes last.
BILLING: Final[dict[str, Call]] = {
    "GET /customers": Call(),
    "POST /customers": Call(lambda _: {"email": "new@example.com"}),
    "GET /customers/{customerId}": Call(),
    "PATCH /customers/{customerId}": Call(lambda _: {"name": "x"}),
    "GET /products": Call(),
    "POST /products": Call(lambda _: {"name": "x"}),
    "GET /products/{productId}": Call(),
    "PATCH /products/{productId}": Call(lambda _: {"name": "x"}),
    "GET /products/{productId}/prices": Call(),
    "POST /products/{productId}/prices": Call(lambda _: {"unitAmount": 1, "interval": "month"}),
    "GET /prices/{priceId}": Call(),
    "PATCH /prices/{priceId}": Call(lambda _: {"nickname": "x"}),
    "POST /checkout": Call(lambda ids: {"customerId": ids["customerId"], "priceId": ids["priceId"], **URLS}),
    "GET /subscriptions": Call(query=lambda ids: {"customerId": ids["customerId"]}),
    "GET /subscriptions/{subscriptionId}": Call(),
    "PATCH /subscriptions/{subscriptionId}": Call(lambda _: {"cancelAtPeriodEnd": True}),
    "GET /referrals/config": Call(),
    "PUT /referrals/config": Call(lambda _: {"enabled": True, "referrerCreditAmount": 1, "refereeCreditAmount": 1}),
    "POST /referrals/apply": Call(
        lambda ids: {"code": ids["code"], "refereeCustomerId": ids["refereeCustomerId"]}
    ),
    "GET /referrals/codes": Call(query=lambda ids: {"customerId": ids["customerId"], "activeOnly": "false"}),
    "POST /referrals/codes": Call(lambda ids: {"customerId": ids["customerId"]}),
    "GET /referrals/codes/{code}": Call(),
    "PUT /wallet-settings": Call(lambda _: {"unit": "gb", "monthlyAllowance": 1}),
    "GET /wallet-settings": Call(),
    "POST /wallets/{customerId}/grant": Call(lambda _: {"unit": "ai_credits", "amount": 5, "key": "grant"}),
    "POST /wallets/{customerId}/spend": Call(lambda _: {"unit": "ai_credits", "amount": 1, "key": "spend"}),
    "GET /wallets/{customerId}": Call(),
    "GET /wallets/{customerId}/entries": Call(query=lambda _: {"unit": "ai_credits"}),
    "POST /portal": Call(lambda ids: {"customerId": ids["customerId"]}),
    "GET /programs": Call(),
    "PUT /programs/{programKey}": Call(lambda _: {"enabled": True, "convertsOn": "signup", "rules": []}),
    "GET /programs/{programKey}": Call(),
    "GET /programs/{programKey}/attribution": Call(),
    "PUT /programs/{programKey}/attribution": Call(lambda _: {"touch": "first", "attributionDays": 7}),
    "GET /programs/{programKey}/terms": Call(),
    "POST /programs/{programKey}/terms": Call(lambda _: {"rules": [], "appliesTo": "new_referrals"}),
    "POST /programs/{programKey}/terms/preview": Call(lambda _: {"rules": [], "appliesTo": "new_referrals"}),
    "GET /referrals/explain": Call(query=lambda ids: {"customer": ids["customerId"]}),
    "POST /referrals/{referralId}/void": Call(lambda _: {"reason": "fraud", "note": "x"}),
    "POST /referrals/{referralId}/restore": Call(),
    "GET /links": Call(),
    "PUT /links": Call(lambda _: {"landingUrl": "https://www.example.com/start"}),
    "GET /publishable-keys": Call(),
    "POST /publishable-keys": Call(lambda _: {"origins": ["https://app.example.com"]}),
    "DELETE /publishable-keys/{publishableKeyId}": Call(),
    "GET /promotion-codes": Call(),
    "POST /promotion-codes": Call(lambda ids: {"promotionCode": "SPARE", "referralCode": ids["code"]}),
    "DELETE /promotion-codes/{promotionCodeId}": Call(),
    "GET /events": Call(query=lambda _: {"types": "customer.created"}),
    "POST /events/test": Call(lambda _: {"type": "test.ping"}),
    "GET /branding": Call(),
    "PUT /branding": Call(lambda _: {"name": "x"}),
    "GET /identity-provider": Call(),
    "PUT /identity-provider": Call(
        lambda _: {"issuer": "https://login.example.com/", "audiences": ["app"], "kind": "secret", "algorithms": ["HS256"],
                   "secret": "0123456789abcdef0123456789abcdef"}
    ),
    "DELETE /identity-provider": Call(),
    "GET /analytics": Call(query=lambda _: {"growthDays": "7"}),
    "GET /webhooks": Call(),
    "POST /webhooks": Call(lambda _: {"url": "https://app.example.com/hooks"}),
    "GET /webhooks/{webhookId}": Call(),
    "PATCH /webhooks/{webhookId}": Call(lambda _: {"description": "x"}),
    "POST /webhooks/{webhookId}/rotate-secret": Call(),
    "POST /webhooks/{webhookId}/test": Call(lambda _: {"type": "test.ping"}),
    "POST /webhooks/{webhookId}/resend": Call(lambda _: {"from": "2026-01-01T00:00:00Z", "to": "2090-01-01T00:00:00Z"}),
    "GET /webhooks/{webhookId}/deliveries": Call(),
    "GET /webhooks/{webhookId}/deliveries/{deliveryId}": Call(),
    "POST /webhooks/{webhookId}/deliveries/{deliveryId}/resend": Call(),
    "DELETE /webhooks/{webhookId}": Call(),
    "DELETE /referrals/codes/{code}": Call(),
    "DELETE /subscriptions/{subscriptionId}": Call(),
    "DELETE /products/{productId}": Call(),
    "DELETE /customers/{customerId}": Call(),
}  # fmt: skip
CONTROL: Final[dict[str, Call]] = {
    "POST /{team_id}/checkout/{sessionId}/complete": Call(lambda _: {"outcome": "paid"}),
    "GET /{team_id}/clock": Call(),
    "POST /{team_id}/clock": Call(lambda _: {"advance_days": 1}),
    "POST /{team_id}/refunds": Call(lambda ids: {"subscriptionId": ids["subscriptionId"], "amount": 1}),
    "POST /{team_id}/refunds/{refund_id}/fail": Call(),
    "POST /{team_id}/disputes": Call(lambda ids: {"subscriptionId": ids["subscriptionId"]}),
    "POST /{team_id}/disputes/{dispute_id}/close": Call(lambda _: {"outcome": "won"}),
    "POST /{team_id}/delivery": Call(lambda _: {"duplicate": 1}),
    "POST /{team_id}/faults": Call(lambda _: {"429": 1}),
    "POST /{team_id}/settings": Call(lambda _: {"failed_renewals_end_as": "unpaid"}),
    "GET /{team_id}/checkout/{sessionId}": Call(),
    "POST /{team_id}/checkout/{sessionId}": Call(),
    "GET /{team_id}/invoices/{invoice_id}": Call(),
    "GET /{team_id}/invoices/{invoice_id}/pdf": Call(),
    "GET /{team_id}/connect/{account_id}/{token}": Call(),
    "POST /{team_id}/connect/{account_id}/{token}": Call(),
}
# Open to whoever knows the id, as Stripe's own pages are.
WITHOUT_KEY: Final = {
    "GET /{team_id}/checkout/{sessionId}", "POST /{team_id}/checkout/{sessionId}", "GET /{team_id}/invoices/{invoice_id}",
    "GET /{team_id}/invoices/{invoice_id}/pdf", "GET /{team_id}/connect/{account_id}/{token}",
    "POST /{team_id}/connect/{account_id}/{token}",
}  # fmt: skip


def billing_doors() -> Iterator[str]:
    for route in routes():
        yield from (f"{method} {route.path}" for method in route.methods or ())


def control_doors(app: Any) -> Iterator[str]:
    for route in app.routes:
        path = route.path.replace("{session_id}", "{sessionId}")
        if path.startswith("/static/"):
            continue  # what belongs to nobody
        yield from (f"{method} {path}" for method in route.methods - {"HEAD"})


class Watched(dict[str, str]):
    """Ids that note which of them a request was made of."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        super().__init__(ids)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.used.add(name)
        return super().__getitem__(name)


def options_of(door: str, call: Call, ids: Mapping[str, str]) -> tuple[str, dict[str, Any], set[str]]:
    """Return the path below the place, the rest of the request, and the names of the ids in it."""
    watched = Watched(ids)
    # A program's key is a word that every project may use, no id.
    path = door.partition(" ")[2].replace("{programKey}", "sign_up_bonus")
    for name in ids:
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", watched[name])
    options: dict[str, Any] = {}
    if call.body is not None:
        options["json"] = call.body(watched)
    if call.query is not None:
        options["params"] = call.query(watched)
    return path, options, watched.used


async def knock(
    at: Neighbours, door: str, place_path: str, ids: Mapping[str, str], key: str | None, **more: Any
) -> httpx.Response:
    path, options, _ = options_of(door, BILLING[door], ids)
    return await at.send(door.partition(" ")[0], place_path + path, key, **options, **more)


def test_every_route_of_the_billing_api_has_an_entry_f1() -> None:
    assert sorted(billing_doors()) == sorted(BILLING)


async def test_every_request_of_the_matrix_is_right_where_it_belongs_f1(neighbours: Neighbours) -> None:
    """Without this the matrix could be full of requests that are refused for another reason."""
    own = neighbours.own
    for door in BILLING:
        answer = await knock(neighbours, door, own.path, own.ids, own.team.api_key)
        assert answer.is_success, (door, answer.text)
        assert not any(word in answer.text for word in ("otter", "dodo", "zebra")), door


async def test_each_id_of_another_place_is_404_in_path_body_and_query_f1(neighbours: Neighbours) -> None:
    own = neighbours.own
    before = await every_row(neighbours.app.services.db)
    number = 0
    for other in (neighbours.sibling, neighbours.deleted, neighbours.foreign):
        for door, call in BILLING.items():
            for name in sorted(options_of(door, call, own.ids)[2]):
                # Only this one is another's: each must be looked for by itself.
                ids = {**own.ids, name: other.ids[name]}
                answer = await knock(neighbours, door, own.path, ids, own.team.api_key)
                number += 1
                if door == "GET /referrals/codes" and answer.status_code == 200:
                    assert answer.json() == {"codes": []}
                    continue
                assert (answer.status_code, list(answer.json())) == (404, ["error"]), (door, name, answer.text)
                assert other.word not in answer.text
    assert number >= 3 * 20
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


async def test_each_path_of_another_place_is_shut_f1(neighbours: Neighbours) -> None:
    own, sibling, deleted, foreign = neighbours.own, neighbours.sibling, neighbours.deleted, neighbours.foreign
    limited = await neighbours.make_key(own, is_limited=True)
    crossed = own.path.replace(own.project_id, foreign.project_id)
    rows: list[tuple[str, Place, str, int]] = [
        (sibling.path, sibling, limited, 403),
        (deleted.path, deleted, own.team.api_key, 404),
        (deleted.path, deleted, limited, 403),
        # A key of a project that is gone opens neither that one nor another.
        (deleted.path, deleted, deleted.ids["key"], 404),
        (own.path, own, deleted.ids["key"], 403),
        (foreign.path, foreign, own.team.api_key, 403),
        (foreign.path, foreign, limited, 403),
        # Another team's project under the own team, and the own project under another team.
        (crossed, foreign, own.team.api_key, 404),
        (crossed, own, own.team.api_key, 404),
        (foreign.path.replace(foreign.project_id, own.project_id), own, own.team.api_key, 403),
    ]
    await neighbours.app.services.key_use.finish()
    before = await every_row(neighbours.app.services.db)
    for door in BILLING:
        for path, place, key, status in rows:
            answer = await knock(neighbours, door, path, place.ids, key)
            assert (answer.status_code, list(answer.json())) == (status, ["error"]), (door, path, answer.text)
            assert place.word not in answer.text
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


async def test_the_idempotency_key_of_another_project_answers_nothing_of_it_f1_c9(neighbours: Neighbours) -> None:
    """The same key and the same body in three projects: three effects, each in its own."""
    body = {"email": "same@example.com", "name": "Same"}
    made = {}
    for place in (neighbours.own, neighbours.sibling, neighbours.foreign):
        answer = await neighbours.send(
            "POST", f"{place.path}/customers", place.team.api_key, json=body, headers={"Idempotency-Key": "shared"}
        )
        assert answer.status_code == 201
        made[answer.json()["customer"]["id"]] = answer.json()["customer"]["projectId"]
    assert sorted(made.values()) == sorted(
        place.project_id for place in (neighbours.own, neighbours.sibling, neighbours.foreign)
    )
    # A recorded answer is given to no stranger either, and not to a key that lost the project.
    before = await every_row(neighbours.app.services.db)
    for place, key, status in (
        (neighbours.foreign, neighbours.own.team.api_key, 403),
        (neighbours.deleted, neighbours.own.team.api_key, 404),
        (neighbours.own, None, 401),
    ):
        answer = await neighbours.send(
            "POST", f"{place.path}/customers", key, json=body, headers={"Idempotency-Key": "shared"}
        )
        assert answer.status_code == status
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


def test_every_route_of_the_simulators_control_has_an_entry_f1(billfold_app: Any) -> None:
    assert sorted(control_doors(billfold_app.application.installation.simulator_app)) == sorted(CONTROL)


async def test_the_control_obeys_only_its_own_teams_full_key_f1_f2(neighbours: Neighbours) -> None:
    own, foreign = neighbours.own, neighbours.foreign
    refused: list[tuple[Place, str | None, int]] = [
        (own, None, 401),
        (own, "bs_" + "0" * 48, 401),
        # The account's own Stripe key is no key of ours.
        (own, own.team.simulator_secret_key, 401),
        (foreign, own.team.api_key, 403),
        (own, await neighbours.make_key(own, is_limited=True), 403),
        (own, deleted_key(neighbours), 403),
        (own, await neighbours.make_key(own, scopes=["subscriptions:write"]), 403),
    ]
    before = await every_row(neighbours.app.services.db)
    for door, call in CONTROL.items():
        if door in WITHOUT_KEY:
            continue
        method, path = door.split(" ")
        for place, key, status in refused:
            below, options, _ = options_of(door, call, place.ids)
            answer = await neighbours.send(
                method, "/simulator" + below.replace("{team_id}", place.team.team_id), key, **options
            )
            assert (answer.status_code, list(answer.json())) == (status, ["error"]), (path, key, answer.text)
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


def deleted_key(neighbours: Neighbours) -> str:
    return neighbours.deleted.ids["key"]


async def test_the_control_knows_nothing_of_another_teams_account_f1(neighbours: Neighbours) -> None:
    own, foreign = neighbours.own, neighbours.foreign
    in_stripes_words = {**foreign.ids, "subscriptionId": foreign.ids["stripeSubscriptionId"]}
    before = await every_row(neighbours.app.services.db)
    asked = 0
    for ids in (
        foreign.ids,
        in_stripes_words,
        {**foreign.ids, "subscriptionId": neighbours.deleted.ids["subscriptionId"]},
    ):
        for door, call in CONTROL.items():
            below, options, used = options_of(door, call, ids)
            if not used:
                continue
            asked += 1
            answer = await neighbours.send(
                door.partition(" ")[0],
                "/simulator" + below.replace("{team_id}", own.team.team_id),
                None if door in WITHOUT_KEY else own.team.api_key,
                **options,
            )
            assert answer.status_code == 404, (door, answer.text)
            assert "zebra" not in answer.text
    assert asked == 3 * 11
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


async def test_a_webhook_signed_by_one_team_is_worth_nothing_at_anothers_door_f1(neighbours: Neighbours) -> None:
    own, foreign = neighbours.own, neighbours.foreign
    body = event_body("customer.deleted", {"id": "cus_x", "object": "customer"})
    signature = sign(body, own.team.webhook_secret, neighbours.app.clock.now())
    before = await every_row(neighbours.app.services.db)
    for team_id, status in ((foreign.team.team_id, 400), ("team_nobody", 404), ("", 404), (own.project_id, 404)):
        answer = await neighbours.send(
            "POST", f"/api/webhooks/stripe/{team_id}", None, content=body, headers={"Stripe-Signature": signature}
        )
        assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert changed_tables(before, await every_row(neighbours.app.services.db)) == {}


async def test_stamps_that_name_another_place_are_never_followed_f1_a14(neighbours: Neighbours) -> None:
    """Whoever has the Stripe dashboard may write any project into an object's metadata."""
    for other in (neighbours.foreign, neighbours.deleted):
        await _stamp_everything(neighbours, other)


async def _stamp_everything(neighbours: Neighbours, other: Place) -> None:
    own = neighbours.own
    gateway = {"Authorization": f"Bearer {own.team.simulator_secret_key}"}

    async def stripe(path: str, **form: str) -> Any:
        answer = await neighbours.app.anonymous.post(f"/simulator/stripe/v1/{path}", data=form, headers=gateway)
        assert answer.is_success, answer.text
        return answer.json()

    stamps = {
        "metadata[project_id]": other.project_id,
        "metadata[billstack_customer_id]": other.ids["customerId"],
        "metadata[billstack_price_id]": other.ids["priceId"],
    }
    before = await every_row(neighbours.app.services.db)
    card = {"payment_method": "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa"}
    customer = await stripe("customers", email="stamped@example.com", **card, **stamps)
    product = await stripe("products", name="Stamped", **stamps)
    price = await stripe(
        "prices", product=product["id"], currency="usd", unit_amount="100", **{"recurring[interval]": "month"}, **stamps
    )
    subscription = await stripe("subscriptions", customer=customer["id"], **{"items[0][price]": price["id"]}, **stamps)
    assert subscription["status"] == "active", subscription
    await neighbours.app.drain()
    changed = changed_tables(before, await every_row(neighbours.app.services.db))
    ours = {name: rows for name, rows in changed.items() if not name.startswith("simulator_") and name != "jobs"}
    # Stored as events and kept as objects of no project; no customer, subscription or payment of anybody came of it.
    assert set(ours) == {"stripe_events", "stripe_raw_objects"}, ours
    for rows in ours.values():
        assert not any(other.project_id in row.replace("b'", "") for row in _without_bodies(rows))


def _without_bodies(rows: list[str]) -> Iterator[str]:
    for row in rows:
        yield row.partition("b'{")[0] + row.rpartition("}'")[2]
