from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billfold.base.clock import from_unix
from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.translate import AmountTooLarge, BadObject
from tests.stripe import payloads
from tests.stripe.payloads import Json


@pytest.mark.parametrize("data", [payloads.SUBSCRIPTION, payloads.SUBSCRIPTION_BEFORE_BASIL], ids=["pinned", "former"])
def test_a_subscription_is_read_in_both_shapes(data: Json) -> None:
    found = translate.subscription(data)
    assert found.id == "sub_1"
    assert found.customer_id == "cus_1"
    assert found.status == "active"
    assert found.current_period_start == from_unix(payloads.CREATED)
    assert found.current_period_end == from_unix(payloads.PERIOD_END)
    assert found.metadata["project_id"] == "proj_1"
    (line,) = found.items
    assert (line.quantity, line.price.id, line.price.unit_amount) == (2, "price_monthly", 2900)
    assert (line.price.interval, line.price.interval_count, line.price.type) == ("month", 1, "recurring")


@pytest.mark.parametrize("data", [payloads.INVOICE, payloads.INVOICE_BEFORE_BASIL], ids=["pinned", "former"])
def test_an_invoice_is_read_in_both_shapes(data: Json) -> None:
    found = translate.invoice(data)
    assert found.subscription_id == "sub_1"
    assert found.subscription_metadata == {"project_id": "proj_1"}
    assert found.payment_intent_ids == ("pi_1",)
    assert (found.subtotal, found.total, found.total_excluding_tax) == (5800, 6380, 5800)
    assert found.paid_at == from_unix(payloads.CREATED + 60)


@pytest.mark.parametrize("data", [payloads.INVOICE, payloads.INVOICE_BEFORE_BASIL], ids=["pinned", "former"])
def test_the_tax_is_taken_off_where_stripe_leaves_the_net_total_empty(data: Json) -> None:
    assert translate.invoice({**data, "total_excluding_tax": None}).total_excluding_tax == 5800


def test_the_oldest_tax_field_is_read_too() -> None:
    former = {**payloads.INVOICE_BEFORE_BASIL, "total_excluding_tax": None, "total_tax_amounts": None}
    assert translate.invoice(former).total_excluding_tax == 5800


def test_an_invoice_without_a_subscription_has_none() -> None:
    found = translate.invoice({**payloads.INVOICE, "parent": None, "payments": None})
    assert found.subscription_id is None
    assert found.payment_intent_ids == ()


def test_a_charge_without_an_intent_is_the_invoices_payment_too() -> None:
    made = [{"status": "paid", "payment": {"type": "charge", "charge": "ch_1"}}]
    found = translate.invoice({**payloads.INVOICE, "payments": {"object": "list", "data": made}})
    assert found.payment_intent_ids == ("ch_1",)


def test_a_payment_intent_tells_what_was_refunded_of_its_latest_charge() -> None:
    found = translate.payment_intent(payloads.PAYMENT_INTENT)
    assert (found.intent_id, found.charge_id, found.amount_received, found.amount_refunded) == (
        "pi_1",
        "ch_1",
        6380,
        1000,
    )
    assert not found.disputed


def test_a_payment_intent_without_a_charge_has_received_nothing() -> None:
    waiting = {
        **payloads.PAYMENT_INTENT,
        "latest_charge": None,
        "amount_received": 0,
        "status": "requires_payment_method",
        "last_payment_error": {"type": "card_error", "message": "Your card was declined."},
    }
    found = translate.payment_intent(waiting)
    assert found.charge_id is None
    assert found.failure_message == "Your card was declined."


@pytest.mark.parametrize(
    ("status", "amount_disputed"),
    [
        ("needs_response", 6380),
        ("under_review", 6380),
        ("lost", 6380),
        ("won", 0),
        ("warning_needs_response", 0),
        ("warning_under_review", 0),
        ("warning_closed", 0),
        ("prevented", 0),
    ],
)
def test_d6_a_dispute_counts_while_the_bank_has_the_money(status: str, amount_disputed: int) -> None:
    disputed = {**payloads.CHARGE, "disputed": True}
    disputes = [{**payloads.DISPUTE, "status": status}]
    for found in (
        translate.charge(disputed, disputes),
        translate.payment_intent({**payloads.PAYMENT_INTENT, "latest_charge": disputed}, disputes),
    ):
        assert found.disputed is (amount_disputed > 0)
        assert found.amount_disputed == amount_disputed


def test_a_charge_without_the_captured_amount_is_taken_as_paid_whole() -> None:
    former = {k: v for k, v in payloads.CHARGE.items() if k != "amount_captured"}
    assert translate.charge(former).amount_received == 6380
    assert translate.charge({**former, "paid": False}).amount_received == 0


def test_a_one_time_price_has_no_interval_and_its_product_may_be_expanded() -> None:
    found = translate.price(payloads.ONE_TIME_PRICE)
    assert (found.type, found.interval, found.product_id) == ("one_time", None, "prod_1")


def test_a_tiered_price_has_no_amount_and_a_metered_item_counts_once() -> None:
    assert translate.price({**payloads.PRICE, "unit_amount": None}).unit_amount is None
    metered = copy.deepcopy(payloads.SUBSCRIPTION)
    del metered["items"]["data"][0]["quantity"]
    assert translate.subscription(metered).items[0].quantity == 1


def test_a_deleted_customer_or_product_is_only_an_id() -> None:
    gone = translate.customer({"id": "cus_1", "object": "customer", "deleted": True})
    assert (gone.id, gone.deleted, gone.email, gone.metadata) == ("cus_1", True, None, {})
    assert translate.product({"id": "prod_1", "object": "product", "deleted": True}).deleted


def test_the_other_objects_are_read() -> None:
    assert translate.customer(payloads.CUSTOMER).balance == -500
    assert translate.product(payloads.PRODUCT).name == "Pro"
    assert translate.balance_transaction(payloads.BALANCE_TRANSACTION).amount == -500
    session = translate.checkout_session(payloads.CHECKOUT_SESSION)
    assert (session.mode, session.subscription_id, session.payment_status) == ("subscription", "sub_1", "paid")
    assert translate.account(payloads.ACCOUNT, livemode=True).name == "Example"
    assert translate.account({"id": "acct_1"}, livemode=False).name is None


def test_a11_what_postgresql_cannot_store_is_replaced_in_texts_and_metadata() -> None:
    found = translate.customer(
        {**payloads.CUSTOMER, "name": "A\x00da \ud800 \U0001f600", "metadata": {"a\x00": "b\udc00", "n": 5, "t": True}}
    )
    assert found.name == "A\ufffdda \ufffd \U0001f600"
    assert found.metadata == {"a\ufffd": "b\ufffd", "n": "5", "t": "true"}


@pytest.mark.parametrize("amount", [2**63, -(2**63) - 1, 10**30])
def test_a11_an_amount_that_does_not_fit_is_refused_by_name(amount: int) -> None:
    with pytest.raises(AmountTooLarge, match="invoice in_1: total is too large"):
        translate.invoice({**payloads.INVOICE, "total": amount})


def test_a11_the_largest_amount_fits_but_its_net_may_not() -> None:
    assert translate.invoice({**payloads.INVOICE, "total": 2**63 - 1}).total == 2**63 - 1
    with pytest.raises(AmountTooLarge):
        translate.invoice(
            {
                **payloads.INVOICE,
                "total": 2**63 - 1,
                "total_excluding_tax": None,
                "total_taxes": [{"amount": -(2**63)}],
            }
        )


@pytest.mark.parametrize("created", ["1", 1.5, True, 10**17, {}, []])
def test_e5_a_moment_that_is_none_is_refused(created: object) -> None:
    with pytest.raises(BadObject, match="created"):
        translate.customer({**payloads.CUSTOMER, "created": created})


def test_an_error_names_the_object_and_no_personal_data() -> None:
    with pytest.raises(BadObject) as refused:
        translate.customer({**payloads.CUSTOMER, "balance": "ada@example.com"})
    assert str(refused.value) == "customer cus_1: balance is not a whole number"


TRANSLATIONS: dict[str, tuple[Callable[[Mapping[str, Any]], object], Json]] = {
    "account": (lambda data: translate.account(data, livemode=False), payloads.ACCOUNT),
    "balance_transaction": (translate.balance_transaction, payloads.BALANCE_TRANSACTION),
    "charge": (translate.charge, payloads.CHARGE),
    "checkout_session": (translate.checkout_session, payloads.CHECKOUT_SESSION),
    "customer": (translate.customer, payloads.CUSTOMER),
    "invoice": (translate.invoice, payloads.INVOICE),
    "former invoice": (translate.invoice, payloads.INVOICE_BEFORE_BASIL),
    "payment_intent": (translate.payment_intent, payloads.PAYMENT_INTENT),
    "price": (translate.price, payloads.PRICE),
    "product": (translate.product, payloads.PRODUCT),
    "subscription": (translate.subscription, payloads.SUBSCRIPTION),
    "former subscription": (translate.subscription, payloads.SUBSCRIPTION_BEFORE_BASIL),
}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["\x00", "\ud800", 2**63]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "data", "a"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        found.extend(_paths(value, (*path, key)))
    return found


@settings(max_examples=40)  # for each of a dozen kinds
@given(st.data())
@pytest.mark.parametrize("name", TRANSLATIONS)
def test_no_change_of_a_field_raises_anything_but_bad_object(name: str, data: st.DataObject) -> None:
    translation, sample = TRANSLATIONS[name]
    changed = copy.deepcopy(sample)
    path = data.draw(st.sampled_from(_paths(sample)))
    holder: Any = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = data.draw(json_values)
    with contextlib.suppress(BadObject):
        translation(changed)


@settings(max_examples=25)  # for each of a dozen kinds
@given(st.dictionaries(st.text(max_size=5), json_values, max_size=3))
@pytest.mark.parametrize("name", TRANSLATIONS)
def test_no_object_raises_anything_but_bad_object(name: str, data: dict[str, Any]) -> None:
    with contextlib.suppress(BadObject):
        TRANSLATIONS[name][0](data)


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_every_field_may_be_empty_or_is_refused_by_name(name: str) -> None:
    translation, sample = TRANSLATIONS[name]
    for path in _paths(sample):
        changed = copy.deepcopy(sample)
        holder: Any = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = None
        with contextlib.suppress(BadObject):
            translation(changed)
