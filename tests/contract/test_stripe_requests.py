"""Every request that the gateway sends is one that Stripe knows (issue 2, section 8, point 5)."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import stripe

from billfold.infrastructure.stripe.client import connect
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.requests import API_VERSION
from billfold.infrastructure.stripe.transport import AsgiApp, InMemoryClient
from tests.contract.stripe_parameters import parameter_type, problems, sent_parameters
from tests.stripe import payloads
from tests.stripe.payloads import Json

KEY: Final = "key-of-the-caller"
METADATA: Final = {"project_id": "proj_1", "empty": ""}
SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)

Call = Callable[[StripeGateway], Awaitable[Any]]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    parameters: Json
    headers: dict[str, str]


class Recorder:
    """An application that answers everything with a plausible object and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        body = (await receive())["body"].decode()
        request = Request(
            method=scope["method"],
            path=scope["path"],
            parameters=sent_parameters(body or scope["query_string"].decode()),
            headers={name.decode(): value.decode() for name, value in scope["headers"]},
        )
        self.requests.append(request)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(_answer(request)).encode()})


DISPUTED: Final = {**payloads.CHARGE, "disputed": True}
OBJECTS: Final[dict[str, Json]] = {
    "account": payloads.ACCOUNT,
    "charges": DISPUTED,
    "customers": payloads.CUSTOMER,
    "disputes": payloads.DISPUTE,
    "events": json.loads(payloads.event("invoice.paid", payloads.INVOICE)),
    "invoices": payloads.INVOICE,
    "payment_intents": {**payloads.PAYMENT_INTENT, "latest_charge": DISPUTED},
    "prices": payloads.PRICE,
    "products": payloads.PRODUCT,
    "sessions": payloads.CHECKOUT_SESSION,
    "setup_intents": payloads.SETUP_INTENT,
    "subscriptions": payloads.SUBSCRIPTION,
    "balance_transactions": payloads.BALANCE_TRANSACTION,
    "accounts": payloads.CONNECTED_ACCOUNT,
    "account_links": payloads.ACCOUNT_LINK,
    "promotion_codes": {"id": "promo_1", "object": "promotion_code", "code": "JANE10", "active": True},
    "transfers": payloads.TRANSFER,
    "reversals": payloads.TRANSFER_REVERSAL,
}


def _answer(request: Request) -> Json:
    *_, before, last = ["", *request.path.split("/")]
    found = OBJECTS.get(last) or OBJECTS[before]
    if request.method == "GET" and last in OBJECTS and last != "account":
        more = "starting_after" not in request.parameters and last != "balance_transactions"
        return {"object": "list", "data": [found], "has_more": more, "url": request.path}
    return found


# The port's verbs: calls with every parameter and with the fewest, and the typed services whose requests they must be.
VERBS: Final[dict[str, tuple[list[Call], list[str]]]] = {
    "get_account": ([lambda g: g.get_account()], ["accounts.retrieve_current"]),
    "find_customers": ([lambda g: g.find_customers("ada+1@example.com")], ["customers.list"]),
    "get_customer": ([lambda g: g.get_customer("cus_1")], ["customers.retrieve"]),
    "create_customer": (
        [
            lambda g: g.create_customer(email="a@example.com", name="Ada", metadata=METADATA, idempotency_key=KEY),
            lambda g: g.create_customer(email="a@example.com", name=None, metadata={}, idempotency_key=KEY),
        ],
        ["customers.create"],
    ),
    "update_customer": (
        [
            lambda g: g.update_customer("cus_1", email="b@example.com", name="", metadata=METADATA),
            lambda g: g.update_customer("cus_1"),
        ],
        ["customers.update"],
    ),
    "delete_customer": ([lambda g: g.delete_customer("cus_1")], ["customers.delete"]),
    "create_product": (
        [
            lambda g: g.create_product(name="Pro", description="All of it", metadata=METADATA, idempotency_key=KEY),
            lambda g: g.create_product(name="Pro", description=None, metadata={}, idempotency_key=KEY),
        ],
        ["products.create"],
    ),
    "update_product": (
        [
            lambda g: g.update_product("prod_1", name="Pro", description="", active=False, metadata=METADATA),
            lambda g: g.update_product("prod_1"),
        ],
        ["products.update"],
    ),
    "get_product": ([lambda g: g.get_product("prod_1")], ["products.retrieve"]),
    "create_price": (
        [
            lambda g: g.create_price(
                product_id="prod_1",
                unit_amount=2900,
                currency="usd",
                interval="month",
                interval_count=3,
                nickname="Quarterly",
                metadata=METADATA,
                idempotency_key=KEY,
            ),
            lambda g: g.create_price(
                product_id="prod_1",
                unit_amount=0,
                currency="usd",
                interval=None,
                interval_count=1,
                nickname=None,
                metadata={},
                idempotency_key=KEY,
            ),
        ],
        ["prices.create"],
    ),
    "update_price": (
        [
            lambda g: g.update_price("price_1", active=True, nickname="", metadata=METADATA),
            lambda g: g.update_price("price_1"),
        ],
        ["prices.update"],
    ),
    "get_price": ([lambda g: g.get_price("price_1")], ["prices.retrieve"]),
    "create_checkout_session": (
        [
            lambda g, mode=mode, trial_days=trial_days: g.create_checkout_session(  # type: ignore[misc]
                customer_id="cus_1",
                price_id="price_1",
                quantity=2,
                mode=mode,
                success_url="https://example.com/done",
                cancel_url="https://example.com/back",
                trial_days=trial_days,
                metadata=METADATA,
                idempotency_key=KEY,
                client_reference_id="a-token_of_ours" if trial_days else None,
                allow_promotion_codes=bool(trial_days),
            )
            for mode, trial_days in (("subscription", 14), ("subscription", None), ("payment", None))
        ],
        ["checkout.sessions.create"],
    ),
    "create_setup_session": (
        [
            lambda g: g.create_setup_session(
                customer_id="cus_1",
                currency="usd",
                success_url="https://example.com/portal",
                cancel_url="https://example.com/portal",
                metadata=METADATA,
                idempotency_key=KEY,
            )
        ],
        ["checkout.sessions.create"],
    ),
    "get_setup_intent": ([lambda g: g.get_setup_intent("seti_1")], ["setup_intents.retrieve"]),
    "get_default_payment_method": (
        [
            lambda g: g.get_default_payment_method("cus_1", subscription_id="sub_1"),
            lambda g: g.get_default_payment_method("cus_1", subscription_id=None),
        ],
        ["subscriptions.retrieve", "customers.retrieve"],
    ),
    "set_default_payment_method": ([lambda g: g.set_default_payment_method("cus_1", "pm_1")], ["customers.update"]),
    "set_subscription_payment_method": (
        [lambda g: g.set_subscription_payment_method("sub_1", "pm_1")],
        ["subscriptions.update"],
    ),
    "get_checkout_of_subscription": (
        [lambda g: g.get_checkout_of_subscription("sub_1", customer_id="cus_1")],
        ["checkout.sessions.list"],
    ),
    "get_used_promotion_codes": ([lambda g: g.get_used_promotion_codes("in_1")], ["invoices.retrieve"]),
    "get_promotion_code": ([lambda g: g.get_promotion_code("promo_1")], ["promotion_codes.retrieve"]),
    "find_promotion_codes": ([lambda g: g.find_promotion_codes("JANE10")], ["promotion_codes.list"]),
    "get_checkout_session": ([lambda g: g.get_checkout_session("cs_1")], ["checkout.sessions.retrieve"]),
    "get_subscription": ([lambda g: g.get_subscription("sub_1")], ["subscriptions.retrieve"]),
    "list_subscriptions": ([lambda g: g.list_subscriptions("cus_1")], ["subscriptions.list"]),
    "set_cancel_at_period_end": (
        [
            lambda g: g.set_cancel_at_period_end("sub_1", cancel=True),
            lambda g: g.set_cancel_at_period_end("sub_1", cancel=False),
        ],
        ["subscriptions.update"],
    ),
    "cancel_subscription": ([lambda g: g.cancel_subscription("sub_1")], ["subscriptions.cancel"]),
    "get_invoice": ([lambda g: g.get_invoice("in_1")], ["invoices.retrieve"]),
    "list_invoices": ([lambda g: g.list_invoices("cus_1")], ["invoices.list"]),
    "get_payment_intent": (
        [lambda g: g.get_payment_intent("pi_1")],
        ["payment_intents.retrieve", "disputes.list"],
    ),
    "get_charge": ([lambda g: g.get_charge("ch_1")], ["charges.retrieve", "disputes.list"]),
    "create_balance_transaction": (
        [
            lambda g: g.create_balance_transaction(
                "cus_1",
                amount=-500,
                currency="usd",
                description="Referral reward",
                metadata=METADATA,
                idempotency_key=KEY,
            )
        ],
        ["customers.balance_transactions.create"],
    ),
    "list_balance_transactions": (
        [lambda g: g.list_balance_transactions("cus_1")],
        ["customers.balance_transactions.list"],
    ),
    "list_events": (
        [lambda g: g.list_events(since=SINCE), lambda g: g.list_events(since=SINCE, after="evt_1")],
        ["events.list"],
    ),
    "list_page": (
        [
            lambda g, kind=kind, more=more: g.list_page(kind, **more)  # type: ignore[misc]
            for kind in ("customer", "product", "price", "subscription", "invoice", "charge")
            for more in (
                {},
                {"after": "x_1", "created_since": SINCE},
                *([] if kind in {"customer", "product"} else [{"of": "x_2"}]),
            )
        ],
        [
            "customers.list",
            "products.list",
            "prices.list",
            "subscriptions.list",
            "invoices.list",
            "charges.list",
            "disputes.list",
        ],
    ),
    "close": ([lambda g: g.close()], []),
    "create_connected_account": (
        [
            lambda g: g.create_connected_account(
                email="a@example.com", country="DE", metadata=METADATA, idempotency_key=KEY
            ),
            lambda g: g.create_connected_account(email="a@example.com", country=None, metadata={}, idempotency_key=KEY),
        ],
        ["accounts.create"],
    ),
    "get_connected_account": ([lambda g: g.get_connected_account("acct_1")], ["accounts.retrieve"]),
    "open_onboarding": (
        [
            lambda g: g.open_onboarding(
                "acct_1", refresh_url="https://app.example.com/again", return_url="https://app.example.com/back"
            )
        ],
        ["account_links.create"],
    ),
    "create_transfer": (
        [
            lambda g: g.create_transfer(
                amount=5800,
                currency="usd",
                destination_id="acct_1",
                transfer_group="po_1",
                description="Payout of Docs",
                metadata=METADATA,
                idempotency_key=KEY,
            )
        ],
        ["transfers.create"],
    ),
    "list_transfers": ([lambda g: g.list_transfers("po_1")], ["transfers.list"]),
    "reverse_transfer": (
        [lambda g: g.reverse_transfer("tr_1", metadata=METADATA, idempotency_key=KEY)],
        ["transfers.reversals.create"],
    ),
}


def _typed_service(name: str, transport: AsgiApp) -> Any:
    """Return a method of the library's typed services, for example `customers.create`."""
    client = stripe.StripeClient("sk_test_1", http_client=InMemoryClient(transport))
    found: Any = client.v1
    for step in f"{name}_async".split("."):
        found = getattr(found, step)
    return found


async def _template(name: str) -> tuple[str, str, Any]:
    """Return the HTTP method, the path with `*` for ids, and the parameter type of a typed service's method."""
    recorder = Recorder()
    method = _typed_service(name, recorder)
    declared = inspect.signature(method).parameters
    ids = ["*" for each in declared.values() if each.kind is each.POSITIONAL_ONLY]
    await method(*ids, params={})
    (request,) = recorder.requests
    return request.method, request.path, parameter_type(method)


def test_every_verb_of_the_port_is_exercised() -> None:
    verbs = {name for name, _ in inspect.getmembers(StripeGateway, inspect.isfunction) if not name.startswith("_")}
    assert verbs == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
async def test_a_verb_sends_only_what_stripe_knows(verb: str) -> None:
    calls, services = VERBS[verb]
    templates = [await _template(name) for name in services]
    seen = set()
    for call in calls:
        recorder = Recorder()
        await call(connect("sk_test_1", transport=recorder))
        for request in recorder.requests:
            (matched,) = [each for each in templates if each[0] == request.method and _matches(each[1], request.path)]
            seen.add(matched[1])
            assert not list(problems(request.parameters, matched[2]))
            assert request.headers["stripe-version"] == API_VERSION
            assert request.headers["authorization"] == "Bearer sk_test_1"
    assert seen == {each[1] for each in templates}


def _matches(template: str, path: str) -> bool:
    pairs = list(zip(template.split("/"), path.split("/"), strict=False))
    return template.count("/") == path.count("/") and all(known in {"*", given} for known, given in pairs)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.startswith("create_")])
async def test_what_creates_travels_under_the_callers_idempotency_key(verb: str) -> None:
    for call in VERBS[verb][0]:
        recorder = Recorder()
        await call(connect("sk_test_1", transport=recorder))
        assert [request.headers["idempotency-key"] for request in recorder.requests] == [KEY]


@pytest.mark.parametrize("verb", ["update_customer", "update_product", "update_price", "set_cancel_at_period_end"])
async def test_what_changes_has_a_key_of_its_own_so_that_a_retry_is_safe(verb: str) -> None:
    recorder = Recorder()
    gateway = connect("sk_test_1", transport=recorder)
    for call in VERBS[verb][0]:
        await call(gateway)
    keys = [request.headers["idempotency-key"] for request in recorder.requests]
    assert len(set(keys)) == len(keys) == len(VERBS[verb][0])


def test_the_pinned_version_is_the_one_that_the_packages_types_describe() -> None:
    assert stripe.api_version == API_VERSION


@pytest.mark.parametrize(
    ("encoded", "complaint"),
    [
        ("email=a&colour=red", "[colour] is not known to Stripe"),
        ("metadata[a][b]=1", "has parts"),
        ("balance=ten", "not a whole number"),
        ("validate=yes", "not a boolean"),
        ("expand=x", "is no list"),
        ("expand[0]=a&expand[2]=b", "is no list"),
        ("address[street]=x", "[address][street] is not known to Stripe"),
        ("tax_exempt=perhaps", "[tax_exempt] is 'perhaps', not one of"),
        ("tax_id_data[0][type]=eu_vat", "[tax_id_data][0][value] is missing"),
    ],
)
def test_the_check_itself_finds_what_is_wrong(encoded: str, complaint: str) -> None:
    found = list(problems(sent_parameters(encoded), stripe.params.CustomerCreateParams))
    assert any(complaint in each for each in found), found
