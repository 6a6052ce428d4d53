"""Who may do what: the matrices are made of the application's own routes, so a new one cannot be forgotten (F1, F2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple, cast

import httpx
import pytest

from billfold.domain.referrals import promotion_codes
from billfold.domain.tenancy.api_keys import SCOPES, api_keys_of_team, revoke_api_key
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.app import routes
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripePromotionCode
from tests.api.billing.conftest import Api
from tests.billing.conftest import House
from tests.permissions import FULL, SCOPE_OF

URLS: Final = {"successUrl": "https://example.com/", "cancelUrl": "https://example.com/"}


class Door(NamedTuple):
    """A route, as `METHOD /path`, with the scope that it must ask for."""

    method: str
    path: str
    scope: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


# Bodies that are right in themselves, for the routes that take one; `ids` are someone else's.
BODY_OF: Final[dict[str, Any]] = {
    "PATCH /customers/{customerId}": lambda _: {"name": "x"},
    "PATCH /products/{productId}": lambda _: {"name": "x"},
    "POST /products/{productId}/prices": lambda _: {"unitAmount": 1},
    "PATCH /prices/{priceId}": lambda _: {"nickname": "x"},
    "PATCH /subscriptions/{subscriptionId}": lambda _: {"cancelAtPeriodEnd": True},
    "POST /portal": lambda ids: {"customerId": ids["customerId"]},
    "POST /checkout": lambda ids: {"customerId": ids["customerId"], "priceId": ids["priceId"], **URLS},
    "POST /referrals/codes": lambda ids: {"customerId": ids["customerId"]},
    "POST /wallets/{customerId}/spend": lambda _: {"unit": "ai_credits", "amount": 1, "key": "a"},
    "POST /wallets/{customerId}/grant": lambda _: {"unit": "ai_credits", "amount": 1, "key": "a"},
    "POST /referrals/apply": lambda ids: {"code": ids["code"], "refereeCustomerId": ids["customerId"]},
    "PATCH /webhooks/{webhookId}": lambda _: {"description": "x"},
    "POST /webhooks/{webhookId}/test": lambda _: {"type": "test.ping"},
    "POST /webhooks/{webhookId}/resend": lambda _: {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"},
    "POST /referrals/{referralId}/void": lambda _: {"reason": "fraud"},
    "POST /promotion-codes": lambda ids: {"promotionCode": "SPRING", "referralCode": ids["code"]},
    "PUT /programs/{programKey}/attribution": lambda _: {"touch": "first"},
    "POST /programs/{programKey}/terms": lambda _: {"rules": [], "appliesTo": "new_referrals"},
    "POST /programs/{programKey}/terms/preview": lambda _: {"rules": [], "appliesTo": "new_referrals"},
}
# Routes that name nothing of a project's: there is nothing foreign to ask for.
NAMES_NOTHING: Final = {
    "GET /customers", "POST /customers", "GET /products", "POST /products", "GET /referrals/config", "PUT /referrals/config",
    "GET /analytics", "GET /wallet-settings", "PUT /wallet-settings", "GET /programs", "GET /programs/{programKey}",
    "PUT /programs/{programKey}", "GET /branding", "PUT /branding", "GET /identity-provider", "PUT /identity-provider",
    "DELETE /identity-provider", "GET /webhooks", "POST /webhooks", "GET /events", "POST /events/test", "GET /links",
    "PUT /links", "GET /publishable-keys", "POST /publishable-keys", "GET /promotion-codes",
    "GET /programs/{programKey}/attribution", "PUT /programs/{programKey}/attribution", "GET /programs/{programKey}/terms",
    "POST /programs/{programKey}/terms", "POST /programs/{programKey}/terms/preview",
}  # fmt: skip
QUERY_OF: Final = {
    "GET /subscriptions": "customerId",
    "GET /referrals/codes": "customerId",
    "GET /referrals/explain": "customer",
}


def doors() -> Iterator[Door]:
    for route in routes():
        calls = [each.call for each in route.dependant.dependencies]
        (allowed,) = [call for call in calls if isinstance(call, Allowed)]
        for method in route.methods or ():
            yield Door(method, route.path, allowed.scope)


DOORS: Final = sorted(doors())


async def knock(api: Api, door: Door, house: House, key: str | None, **options: Any) -> httpx.Response:
    path = door.path
    for name, value in options.pop("ids", {}).items():
        path = path.replace(f"{{{name}}}", value)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return await api.client.request(door.method, api.path(path, house), headers=headers, **options)


def test_every_route_asks_for_exactly_one_documented_scope_f2() -> None:
    assert {door.name: door.scope for door in DOORS} == SCOPE_OF


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
async def test_the_checks_come_in_one_order_before_anything_is_read_g1_f2(api: Api, door: Door) -> None:
    house = api.house
    no_project = House(house.team_id, "proj_none", "")
    expired = await api.make_key(expires_at=api.clock.now() + timedelta(hours=1))
    one_project = await api.make_key(project_id=house.other_project_id)
    with_scope = await api.make_key(scopes=[] if door.scope == FULL else [door.scope])
    without_scope = await api.make_key(scopes=[scope for scope in SCOPES if scope != door.scope])
    stranger = await api.make_key(api.foreign)
    # A body that is no JSON: nothing may look at it before the caller is known.
    bad = {"content": b"{"}
    for key in (None, "bs_" + "0" * 48, "sk_test_123"):
        assert (await knock(api, door, no_project, key, **bad)).status_code == 401
    for key, at in ((stranger, house), (stranger, no_project), (one_project, house), (without_scope, no_project)):
        answer = await knock(api, door, at, key, **bad)
        assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert (await knock(api, door, no_project, with_scope, **bad)).status_code == 404
    assert (await knock(api, door, house, with_scope, **bad)).status_code not in {401, 403}
    api.clock.advance(timedelta(hours=1))
    assert (await knock(api, door, house, expired)).status_code == 401


async def test_a_revoked_key_opens_nothing_at_once_f2(api: Api) -> None:
    door = Door("GET", "/customers", "customers:read")
    rows = await api.services.db.read(api_keys_of_team, api.house.team_id)
    await api.services.db.write(revoke_api_key, team_id=api.house.team_id, key_id=rows[0].id, now=api.clock.now())
    assert (await knock(api, door, api.house, api.key)).status_code == 401


class PromotionCodes:
    """A Stripe account that has every promotion code."""

    async def find_promotion_codes(self, text: str) -> list[StripePromotionCode]:
        return [StripePromotionCode(f"promo_{text}", text, active=True)]


async def _everything_of(api: Api, house: House, key: str) -> dict[str, str]:
    """Make one of each thing in a project and return the ids by the names that paths use."""
    caller = Api(api.app, api.services, api.clock, api.connections, api.client, house, api.foreign, key)
    customer = await caller.make_customer("foreign@example.com")
    price = await caller.make_price()
    row = await caller.make_subscription(customer, stripe_id=f"sub_{house.project_id}")
    code = (await caller.post("/referrals/codes", {"customerId": customer["id"]})).json()["code"]["code"]
    config = {"enabled": True, "referrerCreditAmount": 1, "refereeCreditAmount": 1}
    await caller.call("PUT", "/referrals/config", json=config)
    friend = await caller.make_customer("friend@example.com")
    applied = {"code": code, "refereeCustomerId": friend["id"]}
    referral = (await caller.post("/referrals/apply", applied)).json()["referral"]["id"]
    origins = {"origins": ["https://www.example.com"]}
    key_id = (await caller.post("/publishable-keys", origins)).json()["publishableKey"]["id"]
    tied = await promotion_codes.tie_promotion_code(
        api.services.db,
        cast("StripeGateway", PromotionCodes()),
        project_id=house.project_id,
        code=code,
        promotion="SPRING",
        at=api.clock.now(),
    )
    webhook = (await caller.post("/webhooks", {"url": "https://app.example.com/hooks"})).json()["webhook"]["id"]
    delivery = (await caller.post(f"/webhooks/{webhook}/test", {})).json()["delivery"]["id"]
    return {
        "customerId": customer["id"],
        "productId": price["productId"],
        "priceId": price["id"],
        "subscriptionId": row.id,
        "code": code,
        "referralId": referral,
        "publishableKeyId": key_id,
        "promotionCodeId": tied.id,
        "webhookId": webhook,
        "deliveryId": delivery,
    }


@pytest.mark.parametrize("whose", ["other project", "other team", "nobody", "malformed"])
async def test_what_is_someone_elses_is_404_and_stays_as_it_is_f1(api: Api, whose: str) -> None:
    other = House(api.house.team_id, api.house.other_project_id, api.house.project_id)
    ids = {
        "customerId": "pc_none", "productId": "pp_none", "priceId": "pri_none", "subscriptionId": "ps_none", "code": "ZZZZZZZZ",
        "referralId": "ref_none", "publishableKeyId": "pkey_none", "promotionCodeId": "tie_none", "webhookId": "we_none",
        "deliveryId": "del_none",
    }  # fmt: skip
    if whose == "other project":
        ids = await _everything_of(api, other, api.key)
    elif whose == "other team":
        ids = await _everything_of(api, api.foreign, await api.make_key(api.foreign))
    elif whose == "malformed":
        ids = dict.fromkeys(ids, "%27%20OR%201=1")
    await api.call(
        "PUT", "/referrals/config", json={"enabled": True, "referrerCreditAmount": 1, "refereeCreditAmount": 1}
    )
    calls = len(api.stripe.calls)
    before = await _state(api, other)
    for door in DOORS:
        if door.name in NAMES_NOTHING:
            continue
        options: dict[str, Any] = {"ids": ids}
        if door.name in BODY_OF:
            options["json"] = BODY_OF[door.name](ids)
        if door.name in QUERY_OF:
            options["params"] = {QUERY_OF[door.name]: ids["customerId"], "activeOnly": "false"}
        answer = await knock(api, door, api.house, api.key, **options)
        if door.name == "GET /referrals/codes" and answer.status_code == 200:
            assert answer.json() == {"codes": []}
            continue
        assert answer.status_code == 404, (door.name, answer.text)
        assert list(answer.json()) == ["error"]
    assert len(api.stripe.calls) == calls
    assert await _state(api, other) == before


async def _state(api: Api, house: House) -> list[Any]:
    paths = (
        "/customers",
        "/products?activeOnly=false",
        "/subscriptions?activeOnly=false",
        "/referrals/codes?activeOnly=false",
        "/webhooks",
        "/publishable-keys",
        "/promotion-codes",
    )
    headers = {"Authorization": f"Bearer {api.key}"}
    return [(await api.client.get(api.path(path, house), headers=headers)).json() for path in paths]


async def test_a_deleted_customer_is_as_unknown_as_a_foreign_one_f1(api: Api) -> None:
    ids = await _everything_of(api, api.house, api.key)
    await api.delete(f"/customers/{ids['customerId']}")
    for door in DOORS:
        names_customer = "{customerId}" in door.path or door.name in {
            "POST /checkout",
            "POST /referrals/codes",
            "GET /subscriptions",
        }
        if not names_customer:
            continue
        options: dict[str, Any] = {"ids": ids}
        if door.name in BODY_OF:
            options["json"] = BODY_OF[door.name](ids)
        if door.name in QUERY_OF:
            options["params"] = {QUERY_OF[door.name]: ids["customerId"]}
        assert (await knock(api, door, api.house, api.key, **options)).status_code == 404, door.name
