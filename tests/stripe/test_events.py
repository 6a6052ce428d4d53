from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.clock import from_unix
from billfold.infrastructure.stripe.translate import BadEvent, decode_event
from tests.stripe import payloads
from tests.stripe.payloads import Json, event

PAYMENT_SESSION: Json = {
    **payloads.CHECKOUT_SESSION,
    "mode": "payment",
    "subscription": None,
    "payment_intent": "pi_1",
}
SETUP_SESSION: Json = {
    **payloads.CHECKOUT_SESSION,
    "mode": "setup",
    "subscription": None,
    "setup_intent": "seti_1",
}
CHARGE_ALONE: Json = {**payloads.CHARGE, "payment_intent": None}

SUBJECTS: list[tuple[str, Json, tuple[str, str] | None]] = [
    ("checkout.session.completed", payloads.CHECKOUT_SESSION, ("subscription", "sub_1")),
    ("checkout.session.completed", PAYMENT_SESSION, ("payment_intent", "pi_1")),
    ("checkout.session.async_payment_failed", PAYMENT_SESSION, ("payment_intent", "pi_1")),
    ("checkout.session.completed", SETUP_SESSION, ("checkout.session", "cs_test_1")),
    ("checkout.session.expired", {**SETUP_SESSION, "mode": "subscription"}, ("checkout.session", "cs_test_1")),
    ("checkout.session.completed", {**PAYMENT_SESSION, "payment_intent": None}, ("checkout.session", "cs_test_1")),
    ("customer.created", payloads.CUSTOMER, ("customer", "cus_1")),
    ("customer.updated", payloads.CUSTOMER, ("customer", "cus_1")),
    ("customer.deleted", payloads.CUSTOMER, ("customer", "cus_1")),
    ("customer.discount.created", {"object": "discount", "customer": "cus_1", "id": "di_1"}, ("customer", "cus_1")),
    ("customer.subscription.created", payloads.SUBSCRIPTION, ("subscription", "sub_1")),
    ("customer.subscription.updated", payloads.SUBSCRIPTION_BEFORE_BASIL, ("subscription", "sub_1")),
    ("customer.subscription.deleted", payloads.SUBSCRIPTION, ("subscription", "sub_1")),
    ("customer.subscription.paused", payloads.SUBSCRIPTION, ("subscription", "sub_1")),
    ("invoice.paid", payloads.INVOICE, ("invoice", "in_1")),
    ("invoice.payment_failed", payloads.INVOICE_BEFORE_BASIL, ("invoice", "in_1")),
    ("invoice_payment.paid", {"object": "invoice_payment", "id": "inpay_1", "invoice": "in_1"}, ("invoice", "in_1")),
    ("payment_intent.succeeded", payloads.PAYMENT_INTENT, ("payment_intent", "pi_1")),
    ("charge.refunded", payloads.CHARGE, ("payment_intent", "pi_1")),
    ("charge.refunded", CHARGE_ALONE, ("charge", "ch_1")),
    ("charge.refund.updated", payloads.REFUND, ("payment_intent", "pi_1")),
    ("charge.refund.updated", {**payloads.REFUND, "payment_intent": None}, ("charge", "ch_1")),
    ("refund.failed", payloads.REFUND, ("payment_intent", "pi_1")),
    ("charge.dispute.created", payloads.DISPUTE, ("payment_intent", "pi_1")),
    ("charge.dispute.closed", {**payloads.DISPUTE, "payment_intent": None}, ("charge", "ch_1")),
    (
        "charge.dispute.created",
        {**payloads.DISPUTE, "payment_intent": payloads.PAYMENT_INTENT},
        ("payment_intent", "pi_1"),
    ),
    ("product.updated", payloads.PRODUCT, ("product", "prod_1")),
    ("price.created", payloads.PRICE, ("price", "price_monthly")),
    ("invoice.upcoming", {**payloads.INVOICE, "id": None}, None),
    ("invoice.upcoming", {k: v for k, v in payloads.INVOICE.items() if k != "id"}, None),
    ("terminal.reader.action_failed", {"id": "tmr_1", "object": "terminal.reader"}, None),
    ("plan.created", {"id": "plan_1", "object": "plan"}, None),
    ("something.never.seen", {"customer": 5, "subscription": [1], "charge": {"a": 1}, "mode": {}}, None),
]


@pytest.mark.parametrize(("event_type", "about", "subject"), SUBJECTS, ids=[f"{t}-{s}" for t, _, s in SUBJECTS])
def test_a10_an_event_names_the_object_to_fetch(event_type: str, about: Json, subject: tuple[str, str] | None) -> None:
    decoded = decode_event(event(event_type, about))
    assert (decoded.subject_type, decoded.subject_id) == (subject or (None, None))
    assert decoded.type == event_type


def test_an_event_tells_its_id_moment_mode_account_and_customer() -> None:
    decoded = decode_event(event("invoice.paid", payloads.INVOICE, livemode=True, account="acct_2"))
    assert decoded.id == "evt_1"
    assert decoded.created == from_unix(payloads.CREATED)
    assert decoded.livemode
    assert decoded.account == "acct_2"
    assert decoded.customer_id == "cus_1"


def test_the_customer_of_a_customer_event_is_itself() -> None:
    assert decode_event(event("customer.updated", payloads.CUSTOMER)).customer_id == "cus_1"


def test_a_longer_or_expanded_id_is_read_or_left_out() -> None:
    expanded = {**payloads.SUBSCRIPTION, "customer": payloads.CUSTOMER}
    assert decode_event(event("customer.subscription.updated", expanded)).customer_id == "cus_1"
    too_long = {**payloads.SUBSCRIPTION, "id": "sub_" + "x" * 300}
    assert decode_event(event("customer.subscription.updated", too_long)).subject_id is None


GOOD = event("invoice.paid", payloads.INVOICE)

NO_EVENTS: dict[str, bytes] = {
    "empty": b"",
    "spaces": b"   ",
    "cut short": GOOD[:-20],
    "array": b"[]",
    "null": b"null",
    "number": b"1",
    "text": b'"evt_1"',
    "empty object": b"{}",
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "trailing": GOOD + b"x",
    "not UTF-8": GOOD.replace(b"invoice.paid", b"\xff\xfe"),
    "UTF-16": GOOD.decode().encode("utf-16"),
    "thin event": event("invoice.paid", payloads.INVOICE, object="v2.core.event"),
    "an object, no event": json.dumps(payloads.INVOICE).encode(),
    "no data": json.dumps({"id": "evt_1", "type": "x", "created": 1}).encode(),
    "data is null": event("x", {}, data=None),
    "object is a list": event("x", {}, data={"object": []}),
    "object is 5,000 lists deep": event("x", {}).replace(b'"object": {}', b'"object": ' + b"[" * 5000 + b"]" * 5000),
    "id is a number": event("x", {}, id=5),
    "id is empty": event("x", {}, id=""),
    "id is too long": event("x", {}, id="evt_" + "x" * 300),
    "id has a NUL": event("x", {}, id="evt_\x00"),
    "type has a NUL": event("x\x00", {}),
    "id has half a surrogate pair": event("x", {}, id="evt_\ud800"),
    "type is null": event("x", {}, type=None),
    "account has a NUL": event("x", {}, account="acct_\x00"),
    "created is a text": event("x", {}, created="1"),
    "created is a fraction": event("x", {}, created=1.5),
    "created in milliseconds": event("x", {}, created=payloads.CREATED * 1000),
    "created is 10^30": event("x", {}, created=10**30),
    "livemode is a text": event("x", {}, livemode="false"),
}


@pytest.mark.parametrize("body", NO_EVENTS.values(), ids=NO_EVENTS.keys())
def test_a12_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(BadEvent):
        decode_event(body)


def test_a11_poison_values_in_the_object_do_not_hinder_the_decoding() -> None:
    poisoned = {**payloads.INVOICE, "number": "a\x00b\ud800", "total": 2**63, "amount_due": 10**30}
    assert decode_event(event("invoice.paid", poisoned)).subject_id == "in_1"


@pytest.mark.parametrize(
    "deep",
    [
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 5000 + b"null" + b"}" * 5000,
        b'[{"]":"}\\"[",' + b'"a":' + b"[" * 600_000 + b"]" * 600_000 + b"}, 5]",
    ],
    ids=["arrays", "objects", "a whole mebibyte and more"],
)
def test_a11_a_deeply_nested_field_does_not_hinder_the_decoding(deep: bytes) -> None:
    body = GOOD.replace(b'"ABC-0001"', deep)
    assert body != GOOD
    assert decode_event(body) == decode_event(GOOD)


@pytest.mark.parametrize(
    "broken",
    [b"[" * 5000, b"[" * 5000 + b"]" * 4999, b"[" * 5000 + b'"' + b'\\"' * 200_000],
    ids=["never closed", "closed once too few", "an unfinished text"],
)
def test_a12_what_is_nested_deeply_and_broken_is_refused(broken: bytes) -> None:
    with pytest.raises(BadEvent):
        decode_event(GOOD.replace(b'"ABC-0001"', broken))


def test_an_error_repeats_nothing_of_the_body() -> None:
    body = event("x", {}, id=5, name="sk_test_abc")
    with pytest.raises(BadEvent) as refused:
        decode_event(body)
    assert "sk_test" not in str(refused.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["id", "object", "customer", "subscription", "payment_intent", "charge", "invoice", "mode"]


@given(
    st.sampled_from(sorted({t for t, _, _ in SUBJECTS})),
    st.dictionaries(st.sampled_from(NAMES), json_values, max_size=8),
)
def test_any_object_of_any_event_is_decoded(event_type: str, about: dict[str, Any]) -> None:
    body = json.dumps({"id": "evt_1", "type": event_type, "created": 1, "data": {"object": about}}).encode()
    decoded = decode_event(body)
    assert (decoded.subject_type is None) == (decoded.subject_id is None)


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_decoded_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadEvent):
        decode_event(body)


EVENT_NAMES = ["id", "object", "type", "created", "data", "livemode", "account"]


@given(st.dictionaries(st.sampled_from(EVENT_NAMES), json_values, max_size=7))
def test_any_event_object_is_decoded_or_refused(changes: dict[str, Any]) -> None:
    with contextlib.suppress(BadEvent):
        decode_event(event("invoice.paid", payloads.INVOICE, **changes))
