"""The simulator holds no field and no value that Stripe does not have, takes no parameter that Stripe does not take."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from typing import Any

import msgspec
import pytest
import stripe

from billfold.infrastructure.stripe_simulator import tables
from billfold.infrastructure.stripe_simulator.parameters import Shape
from billfold.infrastructure.stripe_simulator.routes import ROUTES, Route
from billfold.infrastructure.stripe_simulator.workspace import API_VERSION
from tests.stripe_simulator.conftest import TEAM, World
from tests.stripe_simulator.stripe_types import problems, resource_classes


def test_the_version_is_that_of_the_installed_package() -> None:
    assert stripe.api_version == API_VERSION


async def test_every_object_and_every_event_has_stripes_shape(world: World) -> None:
    await a_bit_of_everything(world)
    documents = await all_documents(world)
    assert {found for each in documents for found in problems(each)} == set()
    inside = {"credit_note_line_item", "event", "item", "line_item", "plan", "subscription_item"}
    assert {each["object"] for each in documents} == set(resource_classes()) - inside
    types = typing.get_args(inspect.get_annotations(stripe.Event)["type"])
    last: dict[str, Any] = {}
    while True:
        events = await world.raw("get", "events", limit=100, **last)
        for event in events["data"]:
            assert problems(event) == []
            assert event["type"] in types
            assert problems(event["data"]["object"]) == []
        if not events["has_more"]:
            break
        last = {"starting_after": events["data"][-1]["id"]}


async def test_the_check_finds_what_is_wrong(world: World) -> None:
    customer = await world.raw("post", "customers", email="wren@example.com")
    assert problems({**customer, "colour": "red"}) == ["customer.colour: Stripe has no such field"]
    assert problems({**customer, "tax_exempt": "maybe"}) != []
    assert problems({**customer, "created": "today"}) != []
    assert problems({name: value for name, value in customer.items() if name != "livemode"}) != []


async def test_expanded_objects_have_stripes_shape(world: World) -> None:
    sub = await world.subscribe()
    invoice = await world.raw(
        "get",
        f"invoices/{sub['latest_invoice']}",
        expand=[
            "customer.subscriptions",
            "payments.data.payment.payment_intent",
            "parent.subscription_details.subscription",
        ],
    )
    assert problems(invoice) == []
    assert invoice["payments"]["data"][0]["payment"]["payment_intent"]["status"] == "succeeded"
    sessions = await world.raw(
        "get", "checkout/sessions", expand=["data.line_items", "data.subscription.latest_invoice"]
    )
    assert problems(sessions) == []
    assert sessions["data"][0]["line_items"]["data"][0]["price"]["unit_amount"] == 1000
    prices = await world.raw("get", "prices", expand=["data.product"])
    assert prices["data"][0]["product"]["name"] == "Plan"


async def all_documents(world: World) -> list[dict[str, Any]]:
    async def unit(tx: Any) -> list[dict[str, Any]]:
        account = await tx.first(tables.ACCOUNT_BY_TEAM, team_id=TEAM)
        found = []
        for kind in resource_classes():
            rows = await tx.all(tables.PAGES[None, True], account_id=account.id, type=kind, cursor=2**62, limit=1000)
            found += [msgspec.json.decode(row.document) for row in rows]
        return found

    return await world.db.read(unit)


async def a_bit_of_everything(world: World) -> None:
    """Leave every kind of object in many states behind."""
    await world.raw("post", "coupons", id="HALF", percent_off=50, duration="repeating", duration_in_months=2)
    await world.raw("post", "promotion_codes", promotion={"type": "coupon", "coupon": "HALF"}, code="SPRING")
    sub = await world.subscribe(discounts=[{"coupon": "HALF"}], subscription_data={"metadata": {"a": "b"}})
    customer = sub["customer"]
    await world.raw("post", f"customers/{customer}/balance_transactions", amount=-300, currency="usd")
    await world.subscribe(2000, bank="fails_later")
    trial = await world.subscribe(3000, subscription_data={"trial_period_days": 14})
    await world.raw("post", f"subscriptions/{trial['id']}", cancel_at_period_end=True)
    dear = await world.price(5000)
    await world.raw(
        "post",
        f"subscriptions/{sub['id']}",
        items=[{"id": sub["items"]["data"][0]["id"], "price": dear["id"], "quantity": 2}],
    )
    once = await world.checkout(await world.price(700, None), customer, mode="payment")
    await world.simulator.complete_checkout(TEAM, once["id"], bank="refuses")
    paid = await world.simulator.complete_checkout(TEAM, once["id"], bank="pays")
    await world.raw("post", "refunds", payment_intent=paid["payment_intent"], amount=200, reason="duplicate")
    failing = await world.raw("post", "refunds", payment_intent=paid["payment_intent"], amount=100)
    await world.simulator.fail_refund(TEAM, failing["id"])
    await credit(world, sub["latest_invoice"])
    setup = await world.raw(
        "post",
        "checkout/sessions",
        mode="setup",
        customer=customer,
        currency="usd",
        success_url="https://app.example.com/",
    )
    await world.simulator.complete_checkout(TEAM, setup["id"], bank="pays")
    await world.checkout(dear, customer)
    await world.advance(days=75)
    charge = (await world.raw("get", "charges", customer=customer))["data"][0]
    dispute = await world.simulator.open_dispute(TEAM, charge=charge["id"], subscription=None)
    await world.simulator.close_dispute(TEAM, dispute["id"], won=True)
    connected = await world.raw("post", "accounts", type="express", country="US", email="wren@example.com")
    link = await world.raw(
        "post",
        "account_links",
        account=connected["id"],
        type="account_onboarding",
        refresh_url="https://app.example.com/",
        return_url="https://app.example.com/",
    )
    assert set(link) == {"object", "created", "expires_at", "url"}
    token = link["url"].rpartition("/")[2]
    await world.simulator.finish_onboarding(TEAM, connected["id"], token, is_refused=False)
    transfer = await world.raw("post", "transfers", amount=100, currency="usd", destination=connected["id"])
    await world.raw("post", f"transfers/{transfer['id']}/reversals", amount=40)
    await world.raw("post", "webhook_endpoints", url="https://app.example.com/hook", enabled_events=["*"])
    intent = await world.raw("post", "payment_intents", amount=100, currency="usd", payment_method="pm_card_visa")
    await world.raw("post", f"payment_intents/{intent['id']}/cancel")
    gone = await world.raw("post", "customers", email="gone@example.com")
    await world.raw("delete", f"customers/{gone['id']}")
    for path in ("account", f"accounts/{connected['id']}"):
        assert set(problems(await world.raw("get", path))) == set()


async def credit(world: World, invoice: str) -> None:
    ways = {"refund_amount": 10, "credit_amount": 20, "out_of_band_amount": 5}
    note = await world.raw("post", "credit_notes", invoice=invoice, reason="order_change", memo="A gift.", **ways)
    await world.raw("post", f"credit_notes/{note['id']}", memo="Another gift.")
    assert (await world.raw("post", f"credit_notes/{note['id']}/void"))["status"] == "void"


# What stands in the address of a request, and the params class of the package that describes it.
_PARAMS: dict[tuple[str, str], str] = {
    ("POST", "customers"): "CustomerCreateParams",
    ("POST", "customers/{}"): "CustomerUpdateParams",
    ("POST", "customers/{}/balance_transactions"): "CustomerBalanceTransactionCreateParams",
    ("POST", "products"): "ProductCreateParams",
    ("POST", "products/{}"): "ProductUpdateParams",
    ("POST", "prices"): "PriceCreateParams",
    ("POST", "prices/{}"): "PriceUpdateParams",
    ("POST", "coupons"): "CouponCreateParams",
    ("POST", "coupons/{}"): "CouponUpdateParams",
    ("POST", "promotion_codes"): "PromotionCodeCreateParams",
    ("POST", "promotion_codes/{}"): "PromotionCodeUpdateParams",
    ("POST", "checkout/sessions"): "checkout.SessionCreateParams",
    ("POST", "checkout/sessions/{}"): "checkout.SessionUpdateParams",
    ("POST", "subscriptions"): "SubscriptionCreateParams",
    ("POST", "subscriptions/{}"): "SubscriptionUpdateParams",
    ("DELETE", "subscriptions/{}"): "SubscriptionCancelParams",
    ("POST", "subscription_items/{}"): "SubscriptionItemUpdateParams",
    ("POST", "invoices/{}"): "InvoiceUpdateParams",
    ("POST", "invoices/{}/finalize"): "InvoiceFinalizeInvoiceParams",
    ("POST", "invoices/{}/pay"): "InvoicePayParams",
    ("POST", "credit_notes"): "CreditNoteCreateParams",
    ("POST", "credit_notes/{}"): "CreditNoteUpdateParams",
    ("POST", "payment_intents"): "PaymentIntentCreateParams",
    ("POST", "payment_intents/{}"): "PaymentIntentUpdateParams",
    ("POST", "payment_intents/{}/confirm"): "PaymentIntentConfirmParams",
    ("POST", "payment_intents/{}/cancel"): "PaymentIntentCancelParams",
    ("POST", "charges/{}"): "ChargeUpdateParams",
    ("POST", "refunds"): "RefundCreateParams",
    ("POST", "refunds/{}"): "RefundUpdateParams",
    ("POST", "disputes/{}"): "DisputeUpdateParams",
    ("POST", "payment_methods"): "PaymentMethodCreateParams",
    ("POST", "payment_methods/{}/attach"): "PaymentMethodAttachParams",
    ("POST", "setup_intents"): "SetupIntentCreateParams",
    ("POST", "transfers"): "TransferCreateParams",
    ("POST", "transfers/{}"): "TransferUpdateParams",
    ("POST", "accounts"): "AccountCreateParams",
    ("POST", "account_links"): "AccountLinkCreateParams",
    ("POST", "transfers/{}/reversals"): "TransferReversalCreateParams",
    ("GET", "transfers/{}/reversals"): "TransferReversalListParams",
    ("POST", "webhook_endpoints"): "WebhookEndpointCreateParams",
    ("POST", "webhook_endpoints/{}"): "WebhookEndpointUpdateParams",
    ("GET", "customers"): "CustomerListParams",
    ("GET", "customers/{}/balance_transactions"): "CustomerBalanceTransactionListParams",
    ("GET", "customers/{}/payment_methods"): "CustomerPaymentMethodListParams",
    ("GET", "products"): "ProductListParams",
    ("GET", "prices"): "PriceListParams",
    ("GET", "coupons"): "CouponListParams",
    ("GET", "promotion_codes"): "PromotionCodeListParams",
    ("GET", "checkout/sessions"): "checkout.SessionListParams",
    ("GET", "checkout/sessions/{}/line_items"): "checkout.SessionListLineItemsParams",
    ("GET", "subscriptions"): "SubscriptionListParams",
    ("GET", "subscription_items"): "SubscriptionItemListParams",
    ("GET", "invoices"): "InvoiceListParams",
    ("GET", "invoice_payments"): "InvoicePaymentListParams",
    ("GET", "credit_notes"): "CreditNoteListParams",
    ("GET", "payment_intents"): "PaymentIntentListParams",
    ("GET", "charges"): "ChargeListParams",
    ("GET", "charges/{}/refunds"): "ChargeListRefundsParams",
    ("GET", "refunds"): "RefundListParams",
    ("GET", "disputes"): "DisputeListParams",
    ("GET", "payment_methods"): "PaymentMethodListParams",
    ("GET", "setup_intents"): "SetupIntentListParams",
    ("GET", "transfers"): "TransferListParams",
    ("GET", "accounts"): "AccountListParams",
    ("GET", "webhook_endpoints"): "WebhookEndpointListParams",
    ("GET", "balance_transactions"): "BalanceTransactionListParams",
    ("GET", "events"): "EventListParams",
}


def _params_class(name: str) -> type:
    package = "stripe.params" + (".checkout" if name.startswith("checkout.") else "")
    last = name.rpartition(".")[2]
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, package + "."):
        if module.name.rpartition(".")[2].replace("_", "") == last.lower():
            return getattr(importlib.import_module(module.name), last)  # type: ignore[no-any-return]
    raise LookupError(name)


def _with_params() -> list[Route]:
    return [route for route in ROUTES if route.shape.readers]


@pytest.mark.parametrize("route", _with_params(), ids=lambda route: f"{route.method} {route.path}")
def test_no_request_takes_a_parameter_that_stripe_does_not_take(route: Route) -> None:
    shape = _params_class(_PARAMS[route.method, route.path])
    module = inspect.getmodule(shape)
    assert module is not None
    unknown = list(_unknown(route.shape, shape, vars(module)))
    assert unknown == []


def _unknown(ours: Shape, theirs: type, names: dict[str, Any], path: str = "") -> typing.Iterator[str]:
    fields: dict[str, Any] = {}
    for each in reversed(_bases(theirs)):
        fields.update(inspect.get_annotations(each))
    for name, reader in ours.readers.items():
        if name not in fields:
            yield f"{path}{name}"
        elif isinstance(reader, Shape) and path.count(".") < 3:
            nested = _typed_dicts(fields[name], names)
            if nested:
                found = [list(_unknown(reader, each, names, f"{path}{name}.")) for each in nested]
                yield from min(found, key=len)


def _bases(shape: type) -> list[type]:
    found = [shape]
    for base in getattr(shape, "__orig_bases__", ()):
        if inspect.isclass(base) and typing.is_typeddict(base):
            found += _bases(base)
    return found


def _typed_dicts(annotation: Any, names: dict[str, Any]) -> list[type]:
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, {**vars(typing), **names})  # noqa: S307 - the package's own annotation
        except NameError:
            return []
    if typing.get_origin(annotation) is typing.Literal:
        return []
    if inspect.isclass(annotation) and typing.is_typeddict(annotation):
        return [annotation]
    return [found for each in typing.get_args(annotation) for found in _typed_dicts(each, names)]
